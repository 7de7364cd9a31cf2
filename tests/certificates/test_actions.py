"""Earned, issued once, printed once, written about once; and never changed by anything else."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from mooc.accounts.models import User
from mooc.certificates import actions, queries, render, store
from mooc.certificates.models import Certificate, CertificateEvent, CertificatePdf
from mooc.certificates.record import holder_digest
from mooc.db import db
from mooc.errors import Conflict, Invalid, NotFound
from mooc.learning.models import Enrollment
from mooc.operations.models import AuditEvent, Job, Mail
from tests.certificates.samples import ISSUER, graduate
from tests.conftest import Cast, Mailbox


@pytest.fixture
def enrollment_id(app: Flask, cast: Cast, tiny: str, now: datetime) -> int:
    """Grace Graduate has passed the tiny course."""
    return graduate(app, cast.user("Grace Graduate"), tiny, now)


def issued(enrollment_id: int, now: datetime, name: str = "Grace Graduate") -> Certificate:
    certificate = actions.issue(enrollment_id, name, issuer=ISSUER, actor_id=1, now=now)
    db.session.commit()
    return certificate


def count(model: Any) -> int:
    found: int = db.session.execute(select(func.count()).select_from(model)).scalar_one()
    return found


# ------------------------------------------------------------------------------------------- earned


def test_who_has_earned_a_certificate_is_told_once(
    app: Flask, enrollment_id: int, mailbox: Mailbox, now: datetime
) -> None:
    assert [letter for letter in mailbox.letters() if "earned a certificate" in letter]
    before = len(mailbox.letters())
    with app.app_context():
        actions.consider(enrollment_id, now, "https://ip.example")
        db.session.commit()
    assert len(mailbox.letters()) == before
    assert mailbox.link() == "/courses/tiny/certificate"


def test_nobody_is_told_who_has_not_earned_it(
    app: Flask, cast: Cast, tiny: str, mailbox: Mailbox, now: datetime
) -> None:
    enrollment_id = graduate(app, cast.user("Fred"), tiny, now, score=20)
    with app.app_context():
        actions.consider(enrollment_id, now, "https://ip.example")
        db.session.commit()
        with pytest.raises(Conflict):
            issued(enrollment_id, now)
    assert mailbox.letters() == []


def test_staff_earn_no_certificate(app: Flask, enrollment_id: int, now: datetime) -> None:
    with app.app_context():
        db.session.get_one(Enrollment, enrollment_id).purpose = "staff"
        db.session.commit()
        with pytest.raises(Conflict):
            issued(enrollment_id, now)


# ------------------------------------------------------------------------------------------- issued


def test_issuing_writes_record_event_job_and_audit_line_together(
    app: Flask, enrollment_id: int, now: datetime
) -> None:
    with app.app_context():
        certificate = issued(enrollment_id, now, "  Grace  Graduate ")
        assert certificate.name == "Grace Graduate"
        assert certificate.course_title == "A tiny course"
        assert (certificate.lessons, certificate.mark, certificate.basis) == (2, 85, "rule")
        assert certificate.criteria.startswith("Complete 2 lessons. Pass “")
        assert certificate.issuer_did == ISSUER.did
        assert certificate.record_hash == queries.facts_of(certificate).hash
        assert queries.status_of(certificate, now) == "valid"
        (event,) = queries.events_of(certificate.id)
        assert (event.kind, event.reason, event.actor_id) == ("issued", "earned", 1)
        assert queries.making(certificate.id) == "waiting"
        audit = select(AuditEvent.action).where(AuditEvent.subject_kind == "certificate")
        assert db.session.execute(audit).scalars().all() == ["certificate.issued"]


def test_the_learner_is_pinned_by_a_salted_digest(
    app: Flask, enrollment_id: int, now: datetime
) -> None:
    with app.app_context():
        made = issued(enrollment_id, now)
        assert made.holder == holder_digest(
            made.salt, enrollment_id=enrollment_id, user_id=made.user_id, reason=""
        )
        assert len(made.salt) == 32


def test_a_second_press_of_the_button_gives_the_same_certificate(
    app: Flask, enrollment_id: int, now: datetime
) -> None:
    with app.app_context():
        first = issued(enrollment_id, now).code
        second = issued(enrollment_id, now + timedelta(minutes=1), "Somebody Else").code
        assert first == second
        assert (count(Certificate), count(CertificateEvent)) == (1, 1)


@pytest.mark.both_databases
def test_eight_presses_at_once_give_one_certificate(
    app: Flask, enrollment_id: int, now: datetime
) -> None:
    codes: list[str] = []
    barrier = threading.Barrier(8)

    def press(number: int) -> None:
        with app.app_context():
            barrier.wait()
            codes.append(issued(enrollment_id, now, f"Grace Graduate {'I' * number}").code)

    threads = [threading.Thread(target=press, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert len(codes) == 8
        assert len(set(codes)) == 1
        assert (count(Certificate), count(CertificateEvent)) == (1, 1)
        jobs = select(Job).where(Job.kind == "certificate.render")
        assert len(db.session.execute(jobs).scalars().all()) == 1


def test_a_name_that_cannot_be_printed_writes_nothing(
    app: Flask, enrollment_id: int, now: datetime
) -> None:
    with app.app_context():
        with pytest.raises(Invalid):
            actions.issue(enrollment_id, "Grace 😀", issuer=ISSUER, actor_id=1, now=now)
        db.session.commit()
        assert count(Certificate) == 0


# ------------------------------------------------------------------------------------------ printed


@pytest.mark.both_databases
def test_the_pdf_is_made_kept_by_its_hash_and_written_about_once(
    app: Flask,
    enrollment_id: int,
    mailbox: Mailbox,
    run_jobs: Callable[..., int],
    now: datetime,
    var: Path,
) -> None:
    folder = var / "certificates"
    with app.app_context():
        certificate_id = issued(enrollment_id, now).id
    run_jobs()
    with app.app_context():
        pdf = queries.pdf_of(certificate_id)
        assert pdf is not None
        data = store.file_of(pdf.sha256, folder).read_bytes()
        assert hashlib.sha256(data).hexdigest() == pdf.sha256
        assert (len(data), pdf.renderer.split()[0]) == (pdf.size, "WeasyPrint")
        assert queries.making(certificate_id) == "ready"
        facts = queries.facts_of(db.session.get_one(Certificate, certificate_id))
        assert render.pdf(facts) == data
        db.session.rollback()
        actions.render(certificate_id, now, folder, "https://ip.example")
        db.session.commit()
        assert count(CertificatePdf) == 1
    ready = [each for each in mailbox.letters() if "certificate is ready" in each]
    assert len(ready) == 1
    assert [path.suffix for path in folder.iterdir()] == [".pdf"]


def test_a_pdf_that_cannot_be_made_fails_as_a_job_and_may_be_asked_for_again(
    app: Flask,
    enrollment_id: int,
    run_jobs: Callable[..., int],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(facts: object) -> bytes:
        raise render.RenderUnavailable("Pango is missing")

    with app.app_context():
        certificate = issued(enrollment_id, now)
        certificate_id = certificate.id
    monkeypatch.setattr(render, "pdf", broken)
    for hour in range(6):
        run_jobs(now + timedelta(hours=hour))
    with app.app_context():
        assert queries.making(certificate_id) == "failed"
        assert "Pango is missing" in queries.renderings(certificate_id)[0].error
        assert queries.status_of(db.session.get_one(Certificate, certificate_id), now) == "valid"
        monkeypatch.undo()
        actions.try_again(db.session.get_one(Certificate, certificate_id), now)
        actions.try_again(db.session.get_one(Certificate, certificate_id), now)
        db.session.commit()
        assert queries.making(certificate_id) == "waiting"
        assert len(queries.renderings(certificate_id)) == 2
    run_jobs()
    with app.app_context():
        assert queries.making(certificate_id) == "ready"


def test_a_half_written_file_is_never_taken_for_a_pdf(tmp_path: Path) -> None:
    sha256 = store.keep(b"one", tmp_path)
    assert store.keep(b"one", tmp_path) == sha256
    assert store.file_of(sha256, tmp_path).read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == [f"{sha256}.pdf"]


# ----------------------------------------------------------------------------------- never changed


def test_rows_of_certificates_are_never_changed_or_deleted(
    app: Flask, enrollment_id: int, now: datetime
) -> None:
    with app.app_context():
        issued(enrollment_id, now).name = "Another Name"
        with pytest.raises(RuntimeError, match="never changed"):
            db.session.commit()
        db.session.rollback()
        db.session.delete(db.session.execute(select(Certificate)).scalar_one())
        with pytest.raises(RuntimeError, match="never changed"):
            db.session.commit()


@pytest.mark.both_databases
def test_nothing_but_an_act_changes_a_certificate(
    app: Flask, enrollment_id: int, now: datetime
) -> None:
    with app.app_context():
        before = issued(enrollment_id, now)
        code, facts = before.code, queries.facts_of(before)
        enrollment = db.session.get_one(Enrollment, enrollment_id)
        enrollment.packed, enrollment.active, enrollment.passed_at = {}, False, None
        user = db.session.get_one(User, enrollment.user_id)
        user.name = "Renamed"
        db.session.commit()
        db.session.delete(user)  # and the enrollment with them
        db.session.commit()
        after = queries.by_code(code)
        assert queries.facts_of(after) == facts
        assert queries.facts_of(after).hash == after.record_hash
        assert queries.status_of(after, now + timedelta(days=9999)) == "valid"


def test_a_code_is_found_however_it_is_typed(app: Flask, enrollment_id: int, now: datetime) -> None:
    with app.app_context():
        code = issued(enrollment_id, now).code
        assert queries.by_code(code.lower().replace("-", " ")).code == code
        for unknown in ("", "nonsense", "0000-0000-0000-0000-0"):
            with pytest.raises(NotFound) as refusal:
                queries.by_code(unknown)
            assert refusal.value.code == "certificate"
            assert refusal.value.params == {}


def test_later_editions_take_the_place_of_earlier_ones(
    app: Flask, enrollment_id: int, now: datetime
) -> None:
    with app.app_context():
        first = issued(enrollment_id, now)
        values = {
            column.key: getattr(first, column.key)
            for column in Certificate.__table__.columns
            if column.key != "id"
        }
        code = "0000-0000-0000-0000-0"
        db.session.add(Certificate(**{**values, "edition": 2, "code": code, "name": "Grace G."}))
        db.session.commit()
        current = queries.certificate_of(enrollment_id)
        assert current is not None
        assert current.code == code
        assert queries.certificates_of([enrollment_id])[enrollment_id].code == code
        assert queries.certificates_of([]) == {}


def test_no_letter_waits_for_somebody_who_is_gone(
    app: Flask, enrollment_id: int, run_jobs: Callable[..., int], now: datetime
) -> None:
    with app.app_context():
        made = issued(enrollment_id, now)
        certificate_id, user_id = made.id, made.user_id
        db.session.delete(db.session.get_one(User, user_id))
        db.session.commit()
    run_jobs()
    with app.app_context():
        assert queries.making(certificate_id) == "ready"
        assert not db.session.execute(
            select(Mail).where(Mail.template == "certificate-ready")
        ).all()
