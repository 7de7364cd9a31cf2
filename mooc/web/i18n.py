"""Languages: which one a reader gets, and every word, number and date in it. Wraps Flask-Babel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import negotiate_locale
from flask import Flask, g, has_request_context, request
from flask_babel import (
    Babel,
    force_locale,
    get_locale,
    gettext,
    lazy_gettext,
    lazy_ngettext,
    ngettext,
)
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response

from mooc.content.jurisdictions import canonical
from mooc.errors import MoocError
from mooc.web.config import settings

_ = gettext
_n = ngettext
_l = lazy_gettext
_ln = lazy_ngettext

__all__ = ["_", "_l", "_ln", "_n", "force_locale", "locale", "sentence", "theme"]

FOLDER = Path(__file__).parent / "locale"
PREFERENCES = "prefs"
THEMES = ("light", "dark")
TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")  # a language of course texts
YEAR = 365 * 24 * 3600

# Every code a MoocError can carry, in words. Parameters are named as in `raise`.
SENTENCES: Mapping[str, Any] = {
    # general: also what is said for a code without its own row
    "not_found": _l("There is nothing at this address."),
    "not_allowed": _l("You are signed in, but this page is not open to you."),
    "conflict": _l("Things have changed since this page was opened. Nothing was written twice."),
    "invalid": _l("What was sent cannot be used as it is."),
    # catalog
    "course": _l("There is no such course."),
    "item": _l("There is no such lesson or quiz in this course."),
    "glossary": _l("This course has no glossary."),
    "question": _l(
        "This question is no longer part of the course. Nothing was counted; "
        "reload the lesson to see the questions it has now."
    ),
    "release": _l("There is no such release of this course."),
    "release.live": _l("This release is live already. Nothing was changed."),
    "publish.busy": _l("Another publish is at work: %(holder)s. It began on %(since)s."),
    "publish.lost": _l("Another publish took over before this one was done."),
    "fetch.failed": _l("The repository could not be fetched: %(why)s."),
    "fetch.address": _l("The address of the repository cannot be used: %(why)s."),
    "fetch.branch": _l("“%(branch)s” is not the name of a branch."),
    # accounts
    "accounts.name_missing": _l("Write your name, with at least one letter."),
    "accounts.name_long": _l("A name has at most %(limit)s characters."),
    "accounts.email_invalid": _l("Write a full email address, such as name@example.org."),
    "accounts.email_taken": _l("There is an account with this address already."),
    "accounts.has_admin": _l("This site has its admin already."),
    "accounts.last_admin": _l(
        "You are the only admin. Make somebody else an admin first, so that the site keeps one."
    ),
    "accounts.role": _l("There is no role “%(role)s”."),
    "accounts.scope": _l("A role is for the whole site, or for one course."),
    "accounts.user": _l("There is no such person."),
    # learning
    "enrollment": _l("There is no such enrollment."),
    "enrollment.needed": _l(
        "Only those enrolled in the course can do this. Enroll on the page of the course first. "
        "If you were enrolled before, everything you did is kept."
    ),
    "lesson.questions_open": _l(
        "This lesson is complete once each of its questions has an answer, right or wrong. "
        "The answers you gave are kept; go back and answer the others."
    ),
    "attempt": _l(
        "There is no such attempt among yours. The page of a quiz lists the attempts you made."
    ),
    "attempt.limit": _l(
        "You have used all your attempts at “%(quiz)s”. Their results are kept, "
        "and the page of the quiz shows them."
    ),
    "attempt.wait": _l(
        "The next attempt at “%(quiz)s” opens on %(at)s. Your results are kept; "
        "until then there is time to read again."
    ),
    "attempt.closed": _l(
        "This attempt is closed: it was submitted, or its time ran out. "
        "What was saved until then is kept and has been marked; reload the page to see the result."
    ),
    "answer.unknown_question": _l(
        "This answer belongs to none of the questions asked. "
        "What was saved before is kept; reload the page and answer again."
    ),
    "answer.unknown_option": _l(
        "What was chosen is not among the options of this question. "
        "Nothing was counted; reload the page and choose again."
    ),
    "answer.more_than_one": _l("This question takes one answer only. Choose one of the options."),
    "answer.not_a_number": _l(
        "This cannot be read as a number. Write it in digits, such as 12.5; nothing is lost."
    ),
    "answer.not_a_date": _l(
        "This cannot be read as a date. Write it such as 2026-03-01 or 1 March 2026; "
        "nothing is lost."
    ),
    "answer.position_twice": _l(
        "Two items have the same place. Give each item a place of its own; nothing is lost."
    ),
    "answer.too_long": _l(
        "An answer has at most %(limit)s characters. What was saved before is kept; "
        "shorten the answer and send it again."
    ),
    # certificates
    "certificate": _l("There is no such certificate."),
    "certificate.unavailable": _l(
        "Certificates cannot be made at the moment: something is missing on our side. "
        "What you have earned stays earned; please come back later."
    ),
    "certificate.none": _l("This course gives no certificate."),
    "certificate.not_earned": _l(
        "The certificate is not earned yet. "
        "The certificate page of the course shows what is missing."
    ),
    "certificate.name.empty": _l("Type your name as it is to be printed."),
    "certificate.name.long": _l("A name on a certificate has at most %(limit)s characters."),
    "certificate.name.letters": _l("A name has letters in it."),
    "certificate.name.characters": _l(
        "These characters cannot be printed: %(characters)s. Please write the name in another "
        "spelling, for example the one in your passport."
    ),
}
FAMILIES = {"NotFound": "not_found", "NotAllowed": "not_allowed", "Conflict": "conflict"}


def init(app: Flask) -> None:
    """Set up Babel with our negotiation, our catalogs and our filters."""
    from mooc.web import formats

    Babel(
        app,
        default_locale=app.extensions["mooc.settings"].locales[0],
        default_translation_directories=str(FOLDER),
        locale_selector=locale,
        timezone_selector=time_zone,
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.filters.update(formats.FILTERS)


def locale() -> str:
    """The reader's interface language: account, else preferences cookie, else the browser's."""
    if not has_request_context():
        return settings().locales[0]
    if "locale" not in g:
        offered = settings().locales
        person = _person()
        wish = person.locale if person is not None and person.locale in offered else ""
        g.locale = wish or negotiate(
            preferences(request.cookies.get(PREFERENCES, "")).get("locale", ""),
            request.headers.get("Accept-Language", ""),
            offered,
        )
    found: str = g.locale
    return found


@lru_cache(maxsize=2048)
def negotiate(preferred: str, accept_language: str, offered: tuple[str, ...]) -> str:
    """The language of a stranger: their choice, else the best of their browser's list."""
    if preferred in offered:
        return preferred
    wanted = parse_accept_header(accept_language[:500], LanguageAccept).values()
    codes = [code.replace("-", "_") for code in wanted]
    return negotiate_locale(codes, offered, sep="_") or offered[0]


def preferences(cookie: str) -> dict[str, str]:
    """The preferences cookie (`content=ru&law=EU.US&locale=en`), without anything unknown.

    `content` is the language courses are wanted in, where it is not that of the interface; `law`
    names the jurisdictions whose law is wanted in lessons, and is missing when all are.
    """
    found = {}
    for part in cookie[:200].split("&"):
        name, _sep, value = part.partition("=")
        if (
            (name == "theme" and value in THEMES)
            or (name == "locale" and value.isidentifier())
            or (name == "content" and TAG.fullmatch(value))
            or (name == "law" and value and value == ".".join(canonical(value.split("."))))
        ):
            found[name] = value
    return found


def keep_preferences(response: Response, chosen: Mapping[str, str]) -> None:
    """Put preferences into the cookie that `preferences` reads."""
    value = "&".join(f"{name}={value}" for name, value in sorted(chosen.items()))
    response.set_cookie(
        PREFERENCES, value, max_age=YEAR, secure=settings().production, samesite="Lax"
    )


def theme() -> str:
    """`light`, `dark`, or empty to follow the device."""
    if not has_request_context():
        return ""
    person = _person()
    if person is not None and person.theme in THEMES:
        return str(person.theme)
    return preferences(request.cookies.get(PREFERENCES, "")).get("theme", "")


def law() -> str:
    """The jurisdictions whose law the reader wants, as in `EU.US`; empty for all."""
    if not has_request_context():
        return ""
    person = _person()
    if person is not None:
        return str(person.jurisdictions)
    return preferences(request.cookies.get(PREFERENCES, "")).get("law", "")


def time_zone() -> str:
    """The reader's time zone, UTC for strangers."""
    person = _person() if has_request_context() else None
    return (person.time_zone if person is not None else "") or "UTC"


def direction(code: str = "") -> str:
    """`rtl` or `ltr` for a language code, or for the reader's language."""
    return _direction(code or locale())


@lru_cache(maxsize=64)
def _direction(code: str) -> str:
    try:
        return Locale.parse(code.replace("-", "_")).text_direction
    except (ValueError, UnknownLocaleError):
        return "ltr"


@lru_cache(maxsize=256)
def language_name(code: str, reader: str = "") -> str:
    """The name of a language, in that language, or as `reader` calls it."""
    try:
        parsed = Locale.parse(code.replace("-", "_"))
        name = parsed.get_display_name(reader.replace("-", "_") or None) or code
    except (ValueError, UnknownLocaleError):
        return code
    return name[:1].upper() + name[1:]


def babel_locale() -> Locale:
    """The reader's language as a Babel locale, for formatting."""
    return get_locale() or Locale.parse(settings().locales[0])


def sentence(error: MoocError) -> str:
    """What happened, in the reader's language."""
    known = SENTENCES.get(error.code) or SENTENCES.get(error.code.partition(".")[0])
    words = known or SENTENCES[FAMILIES.get(type(error).__name__, "invalid")]
    try:
        return str(words) % _readable(error.params) if "%(" in str(words) else str(words)
    except (KeyError, TypeError, ValueError):
        return str(SENTENCES[FAMILIES.get(type(error).__name__, "invalid")])


def _readable(params: Mapping[str, object]) -> dict[str, object]:
    """Parameters as a sentence shows them: a moment in the reader's language and time zone."""
    from mooc.web.formats import moment

    return {
        name: moment(value) if isinstance(value, datetime) else value
        for name, value in params.items()
    }


def _person() -> Any:
    """The viewer, if there is one and the database can say so."""
    from mooc.web.templating import viewer_or_none

    return viewer_or_none()
