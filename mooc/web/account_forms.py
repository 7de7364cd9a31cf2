"""What people type about themselves, checked before anything is looked up."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from flask import render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import EmailField, HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from mooc.accounts import actions
from mooc.accounts.passwords import LONGEST, SHORTEST, weakness
from mooc.errors import Invalid
from mooc.web.config import settings
from mooc.web.i18n import _, _l, language_name, sentence

REGIONS = (
    *("Africa", "America", "Antarctica", "Asia", "Atlantic"),
    *("Australia", "Europe", "Indian", "Pacific"),
)


def answer(template: str, form: AccountForm, **values: Any) -> Response:
    """The page of a form: 200 when fresh, 400 when its token is stale, 422 when it has errors."""
    status, more = 200, []
    if form.stale:
        form.csrf_token.errors = []
        more.append(
            _(
                "This page had been open for too long. What you typed is still here, "
                "except passwords: please send it again."
            )
        )
        status = 400
    elif form.errors:
        status = 422
    page = render_template(template, form=form, more=more, **values)
    return Response(page, status, mimetype="text/html")


class AccountForm(FlaskForm):  # type: ignore[misc]
    """A form whose own token is checked here, so that a stale page keeps what was typed."""

    @property
    def stale(self) -> bool:
        """Whether the form was sent with a token of another session, or with none."""
        return "csrf_token" in self.errors

    def fail(self, field: str, error: object) -> None:
        """Add an error found by an action, after validation."""
        self[field].errors = [*self[field].errors, str(error)]


class ButtonForm(AccountForm):
    """Nothing but a button."""


class OnceForm(AccountForm):
    """A form that knows a second press of its button."""

    once = HiddenField(default=lambda: secrets.token_urlsafe(16))

    @property
    def key(self) -> str:
        """The same for both presses."""
        return (self.once.data or "")[:60] or secrets.token_urlsafe(16)


class NextForm(OnceForm):
    """A form that remembers where the person was going."""

    next = HiddenField()


def checked_name(_form: object, field: Any) -> None:
    """A name that can be shown and printed."""
    try:
        field.data = actions.clean_name(field.data or "")
    except Invalid as error:
        raise ValidationError(sentence(error)) from error


def checked_email(_form: object, field: Any) -> None:
    """An address, in the spelling we store."""
    try:
        field.data = actions.normalized_email(field.data or "")
    except Invalid as error:
        raise ValidationError(sentence(error)) from error


def check_password(password: str, known: Iterable[str]) -> None:
    """Raises ValidationError with the sentence for a password that is too easy to guess."""
    reason = weakness(password, [*known, settings().site_name])
    if reason is not None:
        raise ValidationError(
            {
                "short": _("Use at least %(number)d characters.", number=SHORTEST),
                "long": _("Use at most %(number)d characters.", number=LONGEST),
                "common": _(
                    "This password is easy to guess. Put three or four unrelated words together."
                ),
                "known": _(
                    "This password is mostly your name, your address or the name of this site. "
                    "Put three or four unrelated words together."
                ),
            }[reason]
        )


def _needed(words: Any) -> InputRequired:
    return InputRequired(words)


def _name() -> StringField:
    return StringField(
        _l("Name"),
        [_needed(_l("Write your name.")), checked_name],
        render_kw={"autocomplete": "name", "maxlength": actions.NAME_LENGTH},
    )


def _email(label: Any = None, autocomplete: str = "email") -> EmailField:
    return EmailField(
        label or _l("Email"),
        [_needed(_l("Write your email address.")), checked_email],
        render_kw={
            "autocomplete": autocomplete,
            "maxlength": 254,
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )


def _new_password(label: Any = None) -> PasswordField:
    return PasswordField(
        label or _l("Password"),
        [_needed(_l("Choose a password."))],
        render_kw={
            "autocomplete": "new-password",
            "minlength": SHORTEST,
            "maxlength": LONGEST,
        },
    )


def _current_password() -> PasswordField:
    return PasswordField(
        _l("Current password"),
        [_needed(_l("Write your current password."))],
        render_kw={"autocomplete": "current-password", "maxlength": LONGEST},
    )


class SignUpForm(NextForm):
    """A new account."""

    name = _name()
    email = _email()
    password = _new_password()

    def validate_password(self, field: Any) -> None:
        """Not too easy to guess for somebody who knows the name and the address."""
        check_password(field.data or "", [self.name.data or "", self.email.data or ""])


class SignInForm(NextForm):
    """Address and password. Neither is judged by itself, so nothing tells them apart."""

    email = EmailField(
        _l("Email"),
        [_needed(_l("Write your email address."))],
        render_kw={
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": 254,
        },
    )
    password = PasswordField(
        _l("Password"),
        [_needed(_l("Write your password."))],
        render_kw={"autocomplete": "current-password", "maxlength": LONGEST},
    )


class AddressForm(NextForm):
    """An address to send a letter to."""

    email = _email()


class NewPasswordForm(NextForm):
    """A new password, for the person a link was sent to."""

    password = _new_password(_l("New password"))
    known: tuple[str, ...] = ()

    def validate_password(self, field: Any) -> None:
        """Not too easy to guess."""
        check_password(field.data or "", self.known)


class ProfileForm(AccountForm):
    """How a person is called, and how the site speaks and looks to them."""

    name = _name()
    locale = SelectField(_l("Language of the site"))
    time_zone = SelectField(_l("Time zone"))
    theme = RadioField(
        _l("Appearance"),
        choices=[
            SelectChoice("", _l("As on my device")),
            SelectChoice("light", _l("Light")),
            SelectChoice("dark", _l("Dark")),
        ],
        default="",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = [SelectChoice(code, language_name(code)) for code in settings().locales]
        self.locale.choices = [SelectChoice("", _("As in my browser")), *languages]
        self.time_zone.choices = time_zones()


class EmailChangeForm(OnceForm):
    """A new address; the password shows that it is not somebody at an open screen."""

    email = _email(_l("New email"))
    current_password = _current_password()


class PasswordChangeForm(AccountForm):
    """A new password."""

    current_password = _current_password()
    password = _new_password(_l("New password"))
    known: tuple[str, ...] = ()

    def validate_password(self, field: Any) -> None:
        """Not too easy to guess."""
        check_password(field.data or "", self.known)


class DeleteForm(AccountForm):
    """The password, since nothing of this can be undone."""

    current_password = _current_password()


@cache
def time_zones() -> list[SelectChoice]:
    """Zones by region, as choices of a select."""
    zones = sorted(available_timezones())
    return [SelectChoice("UTC")] + [
        SelectChoice(zone, place.replace("_", " ").replace("/", ", "), optgroup=region)
        for zone in zones
        for region, _slash, place in [zone.partition("/")]
        if region in REGIONS
    ]
