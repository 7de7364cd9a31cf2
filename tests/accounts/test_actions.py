"""Accounts, roles and sessions as rows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mooc.accounts import actions, queries
from mooc.accounts.models import RoleGrant, User, UserSession
from mooc.db import db
from mooc.errors import Conflict, Invalid
from mooc.operations.models import AuditEvent
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("app_context")


def person(now: datetime, email: str = "ann@example.org", **values: object) -> User:
    return actions.create_user(
        name="Ann",
        email=email,
        password_hash="hash",
        now=now,
        **values,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ann   Lee ", "Ann Lee"),
        ("Ann\r\nBcc: x@example.org", "Ann Bcc: x@example.org"),
        ("A\u0301nn", "\u00c1nn"),
        ("\u202eeeL nnA", "eeL nnA"),
        ("Ann\u0000\u0007Lee", "Ann Lee"),
        ("Анна-Мария О’Нил", "Анна-Мария О’Нил"),
        ("محمد", "محمد"),
        ("\U0001f98a Fox", "\U0001f98a Fox"),
        ("<b>Ann</b>", "<b>Ann</b>"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_name_is_kept_as_it_may_be_printed(typed: str, kept: str) -> None:
    assert actions.clean_name(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u200d", "\u202e", "...", "x" * 121, "\ufeff"])
def test_a_name_without_a_letter_or_beyond_120_characters_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.clean_name(typed)
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    "typed",
    [
        *("", "ann", "ann@", "@example.org", "ann@example", "ann@exa mple.org", "a@b@example.org"),
        *("ann@example.org\nBcc: x@example.org", "ann@.org", "ann@-x.org", "ann@[127.0.0.1]"),
        "x" * 65 + "@example.org",
        "a@" + "x" * 250 + ".org",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.normalized_email(typed)
    assert refused.value.field == "email"


def test_an_address_has_one_spelling() -> None:
    assert actions.normalized_email(" Ann@Example.ORG ") == "ann@example.org"


@pytest.mark.both_databases
def test_an_address_has_one_account(now: datetime) -> None:
    person(now)
    with pytest.raises(Conflict):
        person(now, "ANN@example.org")


@pytest.mark.both_databases
def test_signing_up_again_takes_over_an_account_that_was_never_confirmed(now: datetime) -> None:
    values = {"email": "ann@example.org", "locale": "en", "now": now}
    user, first = actions.sign_up(name="Old", password_hash="old", **values)  # type: ignore[arg-type]
    before = user.fs_uniquifier
    user, second = actions.sign_up(name="New", password_hash="new", **values)  # type: ignore[arg-type]
    actions.confirm(user, now)
    user, third = actions.sign_up(name="Thief", password_hash="thief", **values)  # type: ignore[arg-type]
    assert (first, second, third) == ("new", "again", "taken")
    assert (user.name, user.password) == ("New", "new")
    assert user.fs_uniquifier != before


@pytest.mark.both_databases
def test_only_one_person_becomes_the_first_admin(now: datetime) -> None:
    values = {"password_hash": "hash", "locale": "", "now": now}
    user = actions.make_first_admin(name="Ada", email="ada@example.org", **values)  # type: ignore[arg-type]
    assert queries.admin_exists()
    assert user.confirmed_at == now
    with pytest.raises(Conflict):
        actions.make_first_admin(name="Eve", email="eve@example.org", **values)  # type: ignore[arg-type]


@pytest.mark.both_databases
def test_a_role_is_given_once_and_ends_the_sessions(now: datetime) -> None:
    user = person(now)
    code = actions.start_session(user, browser="", now=now)
    actions.grant(user, "instructor", by=None, now=now, scope_kind="course", scope_id="tiny")
    assert queries.viewer_by_session(code, now) is None
    code = actions.start_session(user, browser="", now=now)
    actions.grant(user, "instructor", by=None, now=now, scope_kind="course", scope_id="tiny")
    viewer = queries.viewer_by_session(code, now)
    assert viewer is not None
    assert viewer.grants == {("instructor", "course", "tiny")}
    assert db.session.query(RoleGrant).count() == 1


@pytest.mark.parametrize(
    ("role", "kind", "scope"),
    [
        *(("king", "site", ""), ("issuer", "course", ""), ("issuer", "site", "tiny")),
        ("issuer", "course", "a b"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused(
    role: str, kind: str, scope: str, now: datetime
) -> None:
    with pytest.raises(Invalid):
        actions.grant(person(now), role, by=None, now=now, scope_kind=kind, scope_id=scope)


def test_the_site_keeps_its_last_admin(now: datetime) -> None:
    ada, eve = person(now, "ada@example.org"), person(now, "eve@example.org")
    actions.grant(ada, "admin", by=None, now=now)
    for act in (
        lambda: actions.revoke(ada, "admin", by=None, now=now),
        lambda: actions.set_active(ada, False, by=None, now=now),
        lambda: actions.delete_account(ada, now=now),
    ):
        with pytest.raises(Conflict):
            act()
    actions.grant(eve, "admin", by=ada.id, now=now)
    actions.revoke(ada, "admin", by=eve.id, now=now)
    assert [grant.user_id for grant in db.session.query(RoleGrant)] == [eve.id]


def test_roles_for_the_site_cover_courses_and_not_the_other_way_round(now: datetime) -> None:
    def may(grants: set[tuple[str, str, str]], role: str, course_id: str = "") -> bool:
        viewer = queries.Viewer(1, "Ann", "", "", "", "UTC", frozenset(grants), now)
        return viewer.may(role, course_id)

    course, site = {("instructor", "course", "tiny")}, {("instructor", "site", "")}
    assert may(course, "instructor", "tiny")
    assert not may(course, "instructor", "other")
    assert not may(course, "instructor")
    assert not may(course, "issuer", "tiny")
    assert may(site, "instructor", "tiny")
    assert may(site, "instructor")
    assert may({("admin", "site", "")}, "issuer", "tiny")
    assert not may({("admin", "course", "tiny")}, "admin")
    assert not may(set(), "learner")


@pytest.mark.both_databases
def test_a_session_is_over_when_ended_when_old_and_when_the_account_is_disabled(
    now: datetime,
) -> None:
    user = person(now)
    first = actions.start_session(user, browser="", now=now)
    second = actions.start_session(user, browser="", now=now)
    actions.end_session(first, now=now)
    assert queries.viewer_by_session(first, now) is None
    assert queries.viewer_by_session(second, now + timedelta(days=13)) is not None
    assert queries.viewer_by_session(second, now + timedelta(days=14)) is None
    actions.set_active(user, False, by=None, now=now)
    assert queries.viewer_by_session(second, now) is None


def test_whoever_acts_on_others_signs_in_every_12_hours(now: datetime) -> None:
    user = person(now)
    actions.grant(user, "issuer", by=None, now=now)
    code = actions.start_session(user, browser="", now=now)
    assert queries.viewer_by_session(code, now + timedelta(hours=11)) is not None
    assert queries.viewer_by_session(code, now + timedelta(hours=12)) is None


def test_a_new_password_ends_all_sessions_but_this_one(now: datetime) -> None:
    user = person(now)
    here = actions.start_session(user, browser="", now=now)
    there = actions.start_session(user, browser="", now=now)
    before = user.fs_uniquifier
    actions.set_password(user, "new", now=now, keep=here)
    assert queries.viewer_by_session(here, now) is not None
    assert queries.viewer_by_session(there, now) is None
    assert user.fs_uniquifier != before


@pytest.mark.both_databases
def test_a_deleted_account_takes_its_rows_along_and_its_number_is_never_given_again(
    now: datetime,
) -> None:
    user = person(now)
    user_id = user.id
    actions.start_session(user, browser="", now=now)
    db.session.commit()
    actions.delete_account(user, now=now)
    db.session.commit()
    assert db.session.query(User).count() == db.session.query(UserSession).count() == 0
    assert person(now).id > user_id


def test_people_cannot_end_the_sessions_of_others(now: datetime) -> None:
    ann, bob = make_user(), make_user()
    code = actions.start_session(ann, browser="", now=now)
    (row,) = queries.open_sessions(ann.id, now)
    actions.end_own_session(bob.id, row.id, now=now)
    assert queries.viewer_by_session(code, now) is not None


def test_what_happens_to_accounts_is_written_down_without_secrets(
    now: datetime, app_context: Flask
) -> None:
    user = person(now)
    code = actions.start_session(user, browser="", now=now)
    actions.set_password(user, "a-new-hash", now=now)
    db.session.flush()
    events = list(db.session.scalars(select(AuditEvent)))
    assert {event.action for event in events} == {
        *("account.created", "session.started", "session.ended", "account.password_changed"),
    }
    written = " ".join(str(event.details) for event in events)
    assert "hash" not in written
    assert code not in written
