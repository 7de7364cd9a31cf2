"""The signed links in letters about accounts: made, read, and put into the outbox."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for

from mooc.accounts import queries
from mooc.accounts.models import User
from mooc.db import utcnow
from mooc.operations.actions import record, send
from mooc.web.account_forms import AddressForm
from mooc.web.config import settings
from mooc.web.credentials import LinkInvalid, make_link_token, read_link_token
from mooc.web.i18n import locale
from mooc.web.security import safe_next


def outside(endpoint: str, **values: Any) -> str:
    """An address for a letter: from the settings, never from what the request says of itself."""
    return settings().base_url.rstrip("/") + url_for(endpoint, **values)


def home() -> str:
    """The address of the site."""
    return settings().base_url


def write(template: str, user: User, *, key: str, url: str, to: str = "", **more: str) -> None:
    """Promise a letter to a person, in their language."""
    send(
        template,
        to=to or user.email,
        locale=user.locale or locale(),
        key=key,
        parameters={"name": user.name, "url": url, **more},
        now=utcnow(),
    )


def write_confirmation(user: User, target: str, *, key: str) -> None:
    """The letter that asks whether the address is right; its link leads on to `target`."""
    token = make_link_token("confirm", [user.fs_uniquifier, target])
    write("confirm", user, key=key, url=outside("accounts.confirm", token=token))


def write_reset(user: User, target: str, *, key: str) -> None:
    """The letter with a link to choose a new password, dead at the next sign-in."""
    payload = [user.fs_uniquifier, queries.latest_session_id(user.id), target]
    url = outside("accounts.choose_password", token=make_link_token("reset", payload))
    write("reset", user, key=key, url=url)


def person_of(purpose: str, token: str, *, lock: bool = False) -> tuple[User, list[Any]]:
    """Whom a link means, and the rest of what it holds. Raises LinkExpired or LinkInvalid; a link
    that a newer one, a sign-in or a change has made void is invalid."""
    uniquifier, *rest = read_link_token(purpose, token)
    user = queries.user_by_uniquifier(str(uniquifier), lock=lock)
    if user is None:
        raise LinkInvalid
    return user, rest


def target_of(text: object) -> str:
    """Where a link or form leads on to: a page of this site, or my courses."""
    return safe_next(str(text or ""), "/my")


def asked() -> str:
    """Where the person was going, from the address of the page."""
    return safe_next(request.args.get("next"), "")


def record_attempt(action: str, user: User | None) -> None:
    """An audit line for what anybody may try with any address.

    Written for unknown addresses too: what is recorded costs the same time.
    """
    subject = ("user", user.id if user is not None else 0)
    record(action, actor_id=None, subject=subject, now=utcnow())


def link_over(purpose: str, payload: Any = None) -> Response:
    """A link that is too old, used or damaged: what happened, and a button for a new one."""
    email, target = "", ""
    if isinstance(payload, list) and len(payload) >= 2:
        user = queries.user_by_uniquifier(str(payload[0]))
        email, target = user.email if user else "", safe_next(str(payload[-1]), "")
    form = AddressForm(formdata=None, email=email, next=target)
    page = render_template(
        "accounts/link_over.html", form=form, purpose=purpose, expired=payload is not None
    )
    return Response(page, 410, mimetype="text/html")
