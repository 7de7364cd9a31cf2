"""The settings of one's account: who I am, where I am signed in, what is kept about me."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from mooc.accounts import actions, queries
from mooc.accounts.models import User
from mooc.db import db, utcnow
from mooc.errors import Conflict
from mooc.web import limits
from mooc.web.account_forms import (
    AccountForm,
    ButtonForm,
    DeleteForm,
    EmailChangeForm,
    PasswordChangeForm,
    ProfileForm,
    answer,
)
from mooc.web.account_links import home, outside, person_of, write
from mooc.web.browsers import browser_name
from mooc.web.credentials import (
    LinkExpired,
    LinkInvalid,
    hash_password,
    make_link_token,
    password_matches,
    read_link_token,
)
from mooc.web.i18n import _, force_locale, sentence
from mooc.web.my_data import my_data as everything_about
from mooc.web.security import allow, me, own_token, session_code, sign_in

bp = Blueprint("accounts", __name__)


def _account() -> User:
    """The account of the person signed in."""
    return db.session.get_one(User, me().id)


def _forms(user: User, **given: AccountForm) -> dict[str, AccountForm]:
    """The forms of the page; the one that was sent keeps what was typed."""
    fresh: Mapping[str, Callable[[], AccountForm]] = {
        "profile": lambda: ProfileForm(formdata=None, obj=user),
        "address": lambda: EmailChangeForm(formdata=None, prefix="address-"),
        "password": lambda: PasswordChangeForm(formdata=None, prefix="password-"),
    }
    return {name: given.get(name) or make() for name, make in fresh.items()}


def _page(user: User, name: str = "profile", form: AccountForm | None = None) -> Response:
    forms = _forms(user, **({name: form} if form is not None else {}))
    return answer(
        "accounts/settings.html",
        forms[name],
        sent=name,
        user=user,
        sessions=queries.open_sessions(user.id, utcnow()),
        here=session_code(),
        browser_name=browser_name,
        profile=forms["profile"],
        address=forms["address"],
        secret=forms["password"],
    )


@bp.get("/settings")
@allow("learner")
def settings() -> Response:
    """Everything on one page."""
    return _page(_account())


@bp.post("/settings/profile")
@own_token
@allow("learner")
def save_profile() -> Response:
    """Name, language, time zone, appearance."""
    user = _account()
    form = ProfileForm()
    if not form.validate_on_submit():
        return _page(user, "profile", form)
    form.populate_obj(user)
    with force_locale(user.locale or "en"):
        flash(_("Saved."), "success")
    db.session.commit()
    return redirect(url_for("accounts.settings"), 303)


@bp.post("/settings/password")
@own_token
@allow("learner")
def save_password() -> Response:
    """A new password; the other browsers are signed out."""
    user = _account()
    form = PasswordChangeForm(prefix="password-")
    form.known = (user.name, user.email)
    if not form.validate_on_submit() or not _stepped_up(user, form):
        return _page(_account(), "password", form)
    password_hash = hash_password(form.password.data)
    user = _account()
    actions.set_password(user, password_hash, now=utcnow(), keep=session_code())
    sign_in_again(user)
    url = outside("accounts.forgot_password")
    write("password-changed", user, key=f"password-changed:{user.fs_uniquifier}", url=url)
    flash(_("Your password is changed. Other browsers were signed out."), "success")
    db.session.commit()
    return redirect(url_for("accounts.settings"), 303)


def sign_in_again(user: User) -> None:
    """A new session for this browser, with its old one ended: rights or secrets changed."""
    actions.end_session(session_code(), now=utcnow())
    sign_in(user)


def _stepped_up(user: User, form: AccountForm) -> bool:
    """Whether the current password was given, so that an open screen is not enough."""
    limits.hit("step-up", user.id)
    if password_matches(user.password, form.current_password.data):
        return True
    form.fail("current_password", _("This is not your current password."))
    return False


@bp.post("/settings/email")
@own_token
@allow("learner")
def save_email() -> Response:
    """Ask the new address; nothing changes until it answers."""
    user = _account()
    form = EmailChangeForm(prefix="address-")
    if not form.validate_on_submit() or not _stepped_up(user, form):
        return _page(_account(), "address", form)
    limits.hit("letters to an address", form.email.data)
    user = _account()
    wanted = form.email.data
    taken = queries.user_by_email(wanted)
    if taken is None:
        token = make_link_token("change_email", [user.fs_uniquifier, wanted])
        url = outside("accounts.change_email", token=token)
        write("email-change", user, key=f"email-change:{form.key}", url=url, to=wanted)
    elif taken.id != user.id:
        url = outside("accounts.sign_in")
        write("already-registered", taken, key=f"email-change:{form.key}", url=url)
    flash(_("A letter is on its way to %(address)s. Open its link to change.", address=wanted))
    db.session.commit()
    return redirect(url_for("accounts.settings"), 303)


@bp.route("/email/change/<token>", methods=["GET", "POST"])
@own_token
@allow("everyone")
def change_email(token: str) -> Response:
    """One button that moves the account to its new address and tells the old one."""
    try:
        user, (wanted,) = person_of("change_email", token, lock=request.method == "POST")
    except (LinkExpired, LinkInvalid):
        return _over()
    form = ButtonForm()
    if not form.validate_on_submit():
        return answer("accounts/change_email.html", form, wanted=wanted, undo=False)
    try:
        before = actions.set_email(user, wanted, now=utcnow())
    except Conflict as taken:
        flash(sentence(taken), "danger")
        return redirect(url_for("accounts.settings"), 303)
    token = make_link_token("undo_email", [user.id, before])
    write(
        "email-changed-notice",
        user,
        key=f"email-changed:{user.fs_uniquifier}",
        url=outside("accounts.undo_email", token=token),
        to=before,
        new_address=wanted,
    )
    session["waiting"] = wanted
    flash(_("Your address is changed. Sign in with it."), "success")
    db.session.commit()
    return redirect(url_for("accounts.sign_in", next="/settings"), 303)


@bp.route("/email/undo/<token>", methods=["GET", "POST"])
@own_token
@allow("everyone")
def undo_email(token: str) -> Response:
    """The old address says that it did not want to go: it comes back, and everybody is out."""
    try:
        user_id, before = read_link_token("undo_email", token)
    except (LinkExpired, LinkInvalid):
        return _over()
    user = queries.user_by_id(user_id)
    if user is None or user.email == before:
        return _over()
    form = ButtonForm()
    if not form.validate_on_submit():
        return answer("accounts/change_email.html", form, wanted=before, undo=True)
    actions.set_email(user, before, now=utcnow())
    session["waiting"] = before
    flash(_("Your address is back. Now choose a new password, to be safe."), "warning")
    db.session.commit()
    return redirect(url_for("accounts.forgot_password"), 303)


def _over() -> Response:
    page = render_template("accounts/link_over.html", purpose="address", expired=False, form=None)
    return Response(page, 410, mimetype="text/html")


@bp.post("/settings/sessions/<int:session_id>/end")
@allow("learner")
def end_session(session_id: int) -> Response:
    """Sign one other browser out."""
    actions.end_own_session(me().id, session_id, now=utcnow())
    flash(_("That browser is signed out."), "success")
    db.session.commit()
    return redirect(url_for("accounts.settings", _anchor="sessions"), 303)


@bp.post("/settings/sessions/end")
@allow("learner")
def end_other_sessions() -> Response:
    """Sign every other browser out."""
    actions.end_sessions(_account(), now=utcnow(), keep=session_code())
    flash(_("All other browsers are signed out."), "success")
    db.session.commit()
    return redirect(url_for("accounts.settings", _anchor="sessions"), 303)


@bp.get("/settings/data.json")
@allow("learner")
def my_data() -> Response:
    """All that is kept about the person, as one file."""
    data = {"made_at": utcnow().isoformat(), **everything_about(me().id)}
    text = json.dumps(data, ensure_ascii=False, indent=2)
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@bp.route("/settings/delete", methods=["GET", "POST"])
@own_token
@allow("learner")
def delete_account() -> Response:
    """Say what goes and what stays, ask for the password, and forget."""
    user = _account()
    form = DeleteForm()
    if not form.validate_on_submit() or not _stepped_up(user, form):
        return answer("accounts/delete.html", form)
    user = _account()
    write("account-deleted", user, key=f"account-deleted:{user.fs_uniquifier}", url=home())
    actions.delete_account(user, now=utcnow())
    session.clear()
    flash(_("Your account is deleted."), "success")
    db.session.commit()
    return redirect("/", 303)
