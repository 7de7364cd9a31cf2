"""The way in: sign-up, confirmation, sign-in and -out, the first admin.

Who has an account is nobody's business: every form answers the same for a known and an unknown
address, after the same work, and the letter says what is the case. Links in letters open a page
with a button; only the button acts.
"""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, session, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mooc.accounts import actions, queries
from mooc.accounts.models import User
from mooc.db import db, utcnow
from mooc.errors import Conflict
from mooc.web import limits
from mooc.web.account_forms import (
    AddressForm,
    ButtonForm,
    SignInForm,
    SignUpForm,
    answer,
)
from mooc.web.account_links import (
    asked,
    link_over,
    outside,
    person_of,
    record_attempt,
    target_of,
    write,
    write_confirmation,
)
from mooc.web.account_recovery import bp
from mooc.web.config import settings
from mooc.web.credentials import (
    LinkExpired,
    LinkInvalid,
    hash_password,
    outdated,
    password_matches,
    read_link_token,
)
from mooc.web.i18n import _, locale
from mooc.web.security import allow, own_token, safe_next, sign_in, sign_out, viewer

__all__ = ["bp"]


# -------------------------------------------------------------------------------------- sign-up


@bp.route("/sign-up", methods=["GET", "POST"], endpoint="sign_up")
@own_token
@allow("everyone")
def sign_up_page() -> Response:
    """Name, address, password: nothing else is asked."""
    if request.method == "GET" and viewer() is not None:
        return redirect(target_of(asked()))
    form = SignUpForm(next=asked())
    if not form.validate_on_submit():
        return answer("accounts/sign_up.html", form, target=safe_next(form.next.data, ""))
    limits.hit("sign-up")
    password_hash = hash_password(form.password.data)
    if not queries.letter_written(f"sign-up:{form.key}"):  # else the button was pressed twice
        limits.hit("letters to an address", form.email.data)
        _register(form, password_hash)
    session["waiting"] = form.email.data
    db.session.commit()
    return redirect(url_for("accounts.check_mail", next=safe_next(form.next.data, "") or None), 303)


def _register(form: SignUpForm, password_hash: str) -> None:
    user, outcome = actions.sign_up(
        name=form.name.data,
        email=form.email.data,
        password_hash=password_hash,
        locale=locale(),
        now=utcnow(),
    )
    target, key = safe_next(form.next.data, ""), f"sign-up:{form.key}"
    if outcome == "taken":
        url = outside("accounts.sign_in", next=target or None)
        write("already-registered", user, key=key, url=url)
    else:
        write_confirmation(user, target, key=key)


@bp.route("/email/confirm", methods=["GET", "POST"])
@own_token
@allow("everyone")
def check_mail() -> Response:
    """“Look into your mail”, and another letter if that one did not come."""
    form = AddressForm(next=asked(), email=session.get("waiting", ""))
    if not form.validate_on_submit():
        return answer("accounts/check_mail.html", form, waiting=session.get("waiting", ""))
    limits.hit("letters")
    limits.hit("letters to an address", form.email.data)
    target = safe_next(form.next.data, "")
    user = queries.user_by_email(form.email.data)
    record_attempt("account.confirmation_asked", user)
    if user is not None and user.active and user.confirmed_at is None:
        write_confirmation(user, target, key=f"confirm:{form.key}")
    elif user is not None and user.active:
        url = outside("accounts.sign_in", next=target or None)
        write("already-registered", user, key=f"confirm:{form.key}", url=url)
    session["waiting"] = form.email.data
    flash(_("If there is an account to confirm, another letter is on its way."), "success")
    db.session.commit()
    return redirect(url_for("accounts.check_mail", next=target or None), 303)


@bp.route("/email/confirm/<token>", methods=["GET", "POST"])
@own_token
@allow("everyone")
def confirm(token: str) -> Response:
    """One button that confirms the address, signs in, and leads back to where it began."""
    try:
        user, rest = person_of("confirm", token, lock=request.method == "POST")
    except LinkExpired as expired:
        return link_over("confirm", expired.payload)
    except LinkInvalid:
        return link_over("confirm")
    target = target_of(rest[0])
    if user.confirmed_at is not None:
        flash(_("Your address is confirmed. You can sign in."), "success")
        return redirect(url_for("accounts.sign_in", next=target), 303)
    form = ButtonForm()
    if not form.validate_on_submit():
        return answer("accounts/confirm.html", form, user=user)
    actions.confirm(user, utcnow())
    sign_in(user)
    flash(_("Your address is confirmed. Welcome, %(name)s!", name=user.name), "success")
    db.session.commit()
    return redirect(target, 303)


# -------------------------------------------------------------------------------------- sign-in


@bp.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@own_token
@allow("everyone")
def sign_in_page() -> Response:
    """Address and password."""
    if request.method == "GET" and viewer() is not None:
        return redirect(target_of(asked()))
    form = SignInForm(next=asked(), email=session.get("waiting", ""))
    target = safe_next(form.next.data, "")
    if not form.validate_on_submit():
        return answer("accounts/sign_in.html", form, target=target)
    email = (form.email.data or "").strip().lower()
    limits.hit("sign-in")
    limits.hit("sign-in of an account", email, limits.address())
    user, renewed = _recognized(email, form.password.data)
    if user is None:
        record_attempt("session.refused", queries.user_by_email(email))
        db.session.commit()
        form.fail("password", _("The address and the password do not belong together."))
        return answer("accounts/sign_in.html", form, target=target)
    if not user.active:
        form.fail("email", _("This account is closed. Write to the people who run this site."))
        return answer("accounts/sign_in.html", form, target=target)
    if user.confirmed_at is None:
        return _confirm_first(user, target, form.key)
    user.password = renewed or user.password
    sign_in(user)
    db.session.commit()
    return redirect(target_of(target), 303)


def _recognized(email: str, password: str) -> tuple[User | None, str | None]:
    """The person with this address and password, and a new hash where the old one is outdated."""
    row = db.session.execute(select(User.id, User.password).where(User.email == email)).first()
    stored = row.password if row is not None else None
    if not password_matches(stored, password) or row is None or stored is None:
        return None, None
    renewed = hash_password(password) if outdated(stored) else None
    return queries.user_by_id(row.id), renewed


def _confirm_first(user: User, target: str, key: str) -> Response:
    limits.hit("letters to an address", user.email)
    write_confirmation(user, target, key=f"confirm:{key}")
    session["waiting"] = user.email
    flash(_("Please confirm your address first. Another letter is on its way."), "warning")
    db.session.commit()
    return redirect(url_for("accounts.check_mail", next=target or None), 303)


@bp.post("/sign-out", endpoint="sign_out")
@allow("learner")
def sign_out_button() -> Response:
    """Leave; the cookie is worth nothing from here on."""
    sign_out()
    flash(_("You are signed out."), "success")
    db.session.commit()
    return redirect("/", 303)


# ------------------------------------------------------------------------------- the first admin


@bp.route("/first-admin/<token>", methods=["GET", "POST"])
@own_token
@allow("everyone")
def first_admin(token: str) -> Response:
    """The form behind the link that the site prints when it starts without an admin."""
    try:
        read_link_token("first_admin", token)
    except (LinkExpired, LinkInvalid):
        return _no_first_admin(_("This link is not valid, or older than a day."))
    if queries.admin_exists():
        return _no_first_admin(_("This site has its admin already."))
    form = SignUpForm()
    if not form.validate_on_submit():
        return answer("accounts/first_admin.html", form)
    password_hash = hash_password(form.password.data)
    try:
        user = actions.make_first_admin(
            name=form.name.data,
            email=form.email.data,
            password_hash=password_hash,
            locale="",
            now=utcnow(),
        )
    except Conflict:
        return _no_first_admin(_("This site has its admin already."))
    sign_in(user)
    flash(_("You are the admin of %(site_name)s now.", site_name=settings().site_name), "success")
    db.session.commit()
    return redirect("/my", 303)


def _no_first_admin(reason: str) -> Response:
    current_app.logger.info("first-admin link refused: %s", reason)
    page = render_template("accounts/first_admin_over.html", reason=reason)
    return Response(page, 410, mimetype="text/html")
