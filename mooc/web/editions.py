"""The language a reader gets a course in, apart from the language of the interface around it.

What the address asks for with `?lang=` comes first and is remembered, then what was remembered,
then the language of the interface, then the language the course was written in.
"""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, Response, g, request
from markupsafe import Markup

from mooc.catalog.queries import LiveCourse
from mooc.content.model import Course
from mooc.web import i18n, page_cache


def init(app: Flask) -> None:
    """Remember what readers ask for, and let templates say what language a text is in."""
    app.after_request(_remember)
    app.jinja_env.globals.update(spoken=spoken, edition_query=edition_query)
    app.jinja_env.filters["language_name"] = i18n.language_name


def read(live: LiveCourse) -> LiveCourse:
    """A live course in the language in which this reader gets it."""
    return live.edition(language(live.course))


def language(course: Course) -> str:
    """The language in which this reader gets a course, of those it can be read in."""
    asked = request.args.get("lang", "")
    if asked in course.languages:
        g.asked_language = asked
    return _language(course, asked or request.form.get("lang", ""))


def _language(course: Course, asked: str) -> str:
    kept = i18n.preferences(request.cookies.get(i18n.PREFERENCES, "")).get("content", "")
    return wanted(course.languages, asked, kept, i18n.locale())


@lru_cache(maxsize=4096)
def wanted(offered: tuple[str, ...], asked: str, kept: str, locale: str) -> str:
    """The first wish that can be met, else the language of the original, which is offered first."""
    wishes = (asked, kept, locale.replace("_", "-"))
    return next((found for wish in wishes if (found := _fitting(wish, offered))), offered[0])


def _fitting(wish: str, offered: tuple[str, ...]) -> str:
    """The language itself, or one of its kinds: who reads pt-PT is better served by pt-BR."""
    if wish in offered:
        return wish
    kin = wish.partition("-")[0]
    return next((code for code in offered if kin and code.partition("-")[0] == kin), "")


def edition_query(course: Course) -> str:
    """What an address needs to show this edition, if this reader would get another without."""
    usual = _language(course, "")
    return f"?lang={course.preferred}" if course.preferred not in ("", usual) else ""


@lru_cache(maxsize=64)
def spoken(code: str) -> Markup:
    """The attributes of an element whose text is in a language."""
    tag = code.replace("_", "-")
    return Markup(' lang="{}" dir="{}"').format(tag, i18n.direction(code))


def _remember(response: Response) -> Response:
    """An explicit choice holds for all courses, until another is made."""
    asked = g.get("asked_language", "")
    chosen = i18n.preferences(request.cookies.get(i18n.PREFERENCES, ""))
    if asked and chosen.get("content") != asked:
        i18n.keep_preferences(response, chosen | {"content": asked})
        page_cache.personal(response)
    return response
