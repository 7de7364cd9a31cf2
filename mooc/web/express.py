"""What learners do most, answered before Flask is entered: read on, practise again, save an answer.

When the session cookie was verified within the last minute and the page stands on the shelf (see
`web.shell`), little is left to do: one query and filling slots, or one short transaction. Whenever
anything is out of the ordinary, Flask answers as always. This lane decides nothing of its own: it
calls what the views call, and a test compares its answers with Flask's.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import MultiDict

from mooc.catalog import queries as catalog
from mooc.catalog.queries import LiveCourse
from mooc.content.model import Lesson
from mooc.db import utcnow, writing
from mooc.errors import MoocError
from mooc.learning import actions as learning
from mooc.learning import queries
from mooc.learning.queries import Desk
from mooc.web import editions, i18n, learn, quizzes, shell
from mooc.web.headers import page_headers
from mooc.web.metrics import REQUESTS
from mooc.web.page_cache import Ready, chosen
from mooc.web.security import SEEN_EVERY, RememberingCookies, accepted_before

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
Environment = dict[str, Any]
Answer = tuple[str, str, str]  # endpoint, content type, body

LESSON = re.compile(r"/courses/([a-z0-9-]{2,60})/([a-z0-9-]{2,60})(/check)?")
SAVE = re.compile(r"/attempts/([0-9a-f]{32})/save")
FORM = "application/x-www-form-urlencoded"
LONGEST_FORM = 20_000
MOST_FIELDS = 200
HTML, JSON = "text/html; charset=utf-8", "application/json"


def init(app: Flask) -> None:
    """Put the lane before Flask, behind the page cache."""
    app.wsgi_app = Express(app, app.wsgi_app)  # type: ignore[method-assign]


class Express:
    """The WSGI wrapper."""

    def __init__(self, app: Flask, inner: Application) -> None:
        self.app = app
        self.inner = inner
        self.cookies: RememberingCookies = app.session_interface  # type: ignore[assignment]
        self.cookie = app.config["SESSION_COOKIE_NAME"] + "="
        self.hosts = set(app.config.get("TRUSTED_HOSTS") or ())
        self.locales = app.extensions["mooc.settings"].locales
        self.headers = [*page_headers(app), ("Vary", "Cookie")]
        self.text = "".join(f"{name}: {value}\r\n" for name, value in self.headers)

    def __call__(self, environ: Environment, start_response: Any) -> Iterable[bytes]:
        answer = self.answer(environ)
        if answer is None:
            return self.inner(environ, start_response)
        endpoint, kind, words = answer
        body = words.encode()
        REQUESTS.labels(environ["REQUEST_METHOD"], endpoint, 200).inc()
        own = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        text = "".join(f"{name}: {value}\r\n" for name, value in own) + self.text
        start_response("200 OK", Ready([*own, *self.headers], len(body), text))
        return (body,)

    def answer(self, environ: Environment) -> Answer | None:
        """The answer, or None for whatever is not the ordinary business of a learner."""
        path = environ.get("PATH_INFO", "")
        method = environ["REQUEST_METHOD"]
        lesson = LESSON.fullmatch(path)
        saving = SAVE.fullmatch(path)
        if lesson is None and saving is None:
            return None
        held = self.held(environ)
        if held is None:
            return None
        try:
            if method == "GET" and lesson is not None and lesson[3] is None:
                return self.read(environ, lesson[1], lesson[2], held)
            if method == "POST" and environ.get("HTTP_X_REQUESTED_WITH") == "fetch":
                return self.post(environ, lesson, saving, held)
        except (SQLAlchemyError, MoocError):
            pass  # nothing was written; Flask has the page that says what is wrong
        return None

    def held(self, environ: Environment) -> dict[str, Any] | None:
        """The session of a plain request, if its cookie is fresh and was verified before."""
        cookie = environ.get("HTTP_COOKIE", "")
        if environ.get("QUERY_STRING") or self.cookie not in cookie:
            return None
        if self.hosts and environ.get("HTTP_HOST", "").partition(":")[0] not in self.hosts:
            return None
        held = self.cookies.verified(_value(cookie, self.cookie))
        if held is None or time.time() - held.get("seen", 0) > SEEN_EVERY or "sid" not in held:
            return None  # Flask verifies the cookie, and writes it anew where it is due
        return held

    def read(
        self, environ: Environment, course_id: str, item_id: str, held: dict[str, Any]
    ) -> Answer | None:
        """A lesson that stands on the shelf."""
        token = shell.known_token(held.get("csrf_token", ""))
        if token is None:
            return None
        with self.app.app_context():
            found = self.seat(course_id, item_id, held)
            if found is None:
                return None
            live, lesson, desk = found
            values = shell.personal(desk.viewer, token)
            locale, theme, content = self.wishes(environ, desk)
            live, lesson = _edition(live, lesson, "", content, locale)
            page = learn.shelved(live, lesson, desk, locale, theme, values)
        return None if page is None else ("learn.item", HTML, page)

    def post(self, environ: Environment, lesson: Any, saving: Any, held: Any) -> Answer | None:
        """A practice answer or a save, with its form put back for Flask unless it is answered."""
        form = _form(environ)
        if form is None:
            return None
        with self.app.app_context():
            if saving is not None:
                token = environ.get("HTTP_X_CSRFTOKEN") or form.get("csrf_token", "")
                if not accepted_before(held.get("csrf_token", ""), token):
                    return None
                return self.save(saving[1], form, held["sid"])
            if lesson[3] is None or environ.get("HTTP_SEC_FETCH_SITE") != "same-origin":
                return None
            found = self.seat(lesson[1], lesson[2], held)
            if found is None:
                return None
            locale, _theme, content = self.wishes(environ, found[2])
            read = _edition(*found[:2], form.get("lang", ""), content, locale)
            part = learn.practised_again(*read, found[2], form, locale)
        return None if part is None else ("learn.check", HTML, part)

    def save(self, code: str, form: MultiDict[str, str], session: str) -> Answer | None:
        """One or more answers of an attempt; refused ones are left to Flask, unwritten."""
        with writing() as connection:
            sitting = queries.sitting(session, code, utcnow(), writing=connection)
            given = quizzes.given_in(form, len(sitting.paper))
            tab = form.get("tab", "")[:32]
            saved = learning.save(sitting, given, tab=tab, writing=connection)
        return None if saved.stale else ("quizzes.save", JSON, quizzes.told(sitting, saved))

    def seat(
        self, course_id: str, item_id: str, held: dict[str, Any]
    ) -> tuple[LiveCourse, Lesson, Desk] | None:
        """The lesson and who reads it, if they may."""
        live = catalog.live().courses.get(course_id)
        lesson = live.course.by_id.get(item_id) if live else None
        if live is None or not isinstance(lesson, Lesson):
            return None
        desk = queries.desk(held["sid"], course_id, utcnow())
        if desk is None or not learn.may_read(live, lesson, desk):
            return None
        return live, lesson, desk

    def wishes(self, environ: Environment, desk: Desk) -> tuple[str, str, str]:
        """Language and theme, as `web.i18n` finds them, and the language wanted of courses."""
        viewer = desk.viewer
        wished = chosen(environ.get("HTTP_COOKIE", ""))
        locale = viewer.locale if viewer.locale in self.locales else ""
        accepted = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        locale = locale or i18n.negotiate(wished[0], accepted, self.locales)
        theme = viewer.theme if viewer.theme in i18n.THEMES else wished[1]
        return locale, theme, wished[2]


def _edition(
    live: LiveCourse, lesson: Lesson, asked: str, kept: str, locale: str
) -> tuple[LiveCourse, Lesson]:
    """Course and lesson in the reader's language, as `web.editions` finds it."""
    read = live.edition(editions.wanted(live.course.languages, asked, kept, locale))
    worded = read.course.by_id[lesson.id]
    return read, worded if isinstance(worded, Lesson) else lesson


def _form(environ: Environment) -> MultiDict[str, str] | None:
    """A small plain form. The body is put back, so that Flask can read it too."""
    length = environ.get("CONTENT_LENGTH") or ""
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0]
    if kind != FORM or not length.isdecimal() or int(length) > LONGEST_FORM:
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    return MultiDict(pairs)


def _value(cookies: str, name: str) -> str:
    """The value of a cookie; empty when it stands there twice or in quotes, for Flask to judge."""
    if cookies.count(name) != 1:
        return ""
    value = cookies.partition(name)[2].partition(";")[0].strip()
    return "" if value.startswith('"') else value
