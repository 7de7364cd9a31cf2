"""A forgotten password: a letter with a link, and a page to choose a new one."""

from __future__ import annotations

from flask import flash, redirect, session, url_for
from werkzeug.wrappers import Response

from mooc.accounts import actions, queries
from mooc.accounts.models import User
from mooc.db import db, utcnow
from mooc.web import limits
from mooc.web.account_forms import AddressForm, NewPasswordForm, answer
from mooc.web.account_links import (
    asked,
    link_over,
    outside,
    person_of,
    record_attempt,
    write,
    write_reset,
)
from mooc.web.account_settings import bp
from mooc.web.credentials import LinkExpired, LinkInvalid, hash_password
from mooc.web.i18n import _
from mooc.web.security import allow, own_token, safe_next

__all__ = ["bp"]


@bp.route("/password/reset", methods=["GET", "POST"])
@own_token
@allow("everyone")
def forgot_password() -> Response:
    """Ask for a letter with a link."""
    form = AddressForm(next=asked(), email=session.get("waiting", ""))
    if not form.validate_on_submit():
        return answer("accounts/forgot_password.html", form, sent="")
    limits.hit("letters")
    limits.hit("letters to an address", form.email.data)
    user = queries.user_by_email(form.email.data)
    record_attempt("account.reset_asked", user)
    if user is not None and user.active:
        write_reset(user, safe_next(form.next.data, ""), key=f"reset:{form.key}")
    session["waiting"] = form.email.data
    db.session.commit()
    return redirect(url_for("accounts.reset_sent", next=safe_next(form.next.data, "") or None), 303)


@bp.get("/password/reset/sent")
@allow("everyone")
def reset_sent() -> Response:
    """“Look into your mail”."""
    form = AddressForm(next=asked(), email=session.get("waiting", ""))
    return answer("accounts/forgot_password.html", form, sent=session.get("waiting", ""))


@bp.route("/password/reset/<token>", methods=["GET", "POST"])
@own_token
@allow("everyone")
def choose_password(token: str) -> Response:
    """A new password by the link of a letter. It also shows that the address is right."""
    try:
        user, target = _resetting(token)
    except LinkExpired as expired:
        return link_over("reset", expired.payload)
    except LinkInvalid:
        return link_over("reset")
    form = NewPasswordForm()
    form.known = (user.name, user.email)
    if not form.validate_on_submit():
        return answer("accounts/choose_password.html", form, email=user.email)
    password_hash = hash_password(form.password.data)
    try:  # again, now for writing: a link may be used in two places at once
        user, target = _resetting(token, lock=True)
    except (LinkExpired, LinkInvalid):
        return link_over("reset")
    now = utcnow()
    actions.set_password(user, password_hash, now=now)
    actions.confirm(user, now)
    url = outside("accounts.forgot_password")
    write("password-changed", user, key=f"password-changed:{user.fs_uniquifier}", url=url)
    session["waiting"] = user.email
    flash(_("Your password is changed. Sign in with the new one."), "success")
    db.session.commit()
    return redirect(url_for("accounts.sign_in", next=target or None), 303)


def _resetting(token: str, *, lock: bool = False) -> tuple[User, str]:
    user, (session_id, target) = person_of("reset", token, lock=lock)
    if session_id != queries.latest_session_id(user.id):
        raise LinkInvalid
    return user, safe_next(str(target), "")
