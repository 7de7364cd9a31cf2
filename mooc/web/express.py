"""A learner's next page of reading, answered before Flask is entered.

Reading is what a learner does most. When the lesson stands on the shelf (see `web.shell`) and the
session cookie was verified within the last minute, all that is left is one query and filling the
slots. Whenever anything is out of the ordinary, Flask answers as always: this lane decides nothing
of its own, and a test compares its bytes with Flask's.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from mooc.catalog import queries as catalog
from mooc.content.model import Lesson
from mooc.db import utcnow
from mooc.learning import queries
from mooc.web import i18n, learn, shell
from mooc.web.headers import page_headers
from mooc.web.metrics import REQUESTS
from mooc.web.page_cache import Ready, chosen
from mooc.web.security import SEEN_EVERY, RememberingCookies

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

LESSON = re.compile(r"/courses/([a-z0-9-]{2,60})/([a-z0-9-]{2,60})")


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
        self.headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            *page_headers(app),
            ("Vary", "Cookie"),
        ]
        self.text = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        self.counter = REQUESTS.labels("GET", "learn.item", 200)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = self.body(environ)
        if body is None:
            return self.inner(environ, start_response)
        self.counter.inc()
        length = ("Content-Length", str(len(body)))
        text = f"{self.text}Content-Length: {len(body)}\r\n"
        start_response("200 OK", Ready([*self.headers, length], len(body), text))
        return (body,)

    def body(self, environ: dict[str, Any]) -> bytes | None:
        """The page, or None for whatever is not an ordinary lesson of a signed-in learner."""
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
            return None
        address = LESSON.fullmatch(environ.get("PATH_INFO", ""))
        cookie = environ.get("HTTP_COOKIE", "")
        if address is None or self.cookie not in cookie:
            return None
        if self.hosts and environ.get("HTTP_HOST", "").partition(":")[0] not in self.hosts:
            return None
        held = self.cookies.verified(_value(cookie, self.cookie))
        if held is None or time.time() - held.get("seen", 0) > SEEN_EVERY:
            return None  # Flask verifies the cookie, and writes it anew where it is due
        token = shell.known_token(held.get("csrf_token", ""))
        if token is None:
            return None
        try:
            with self.app.app_context():
                return self.lesson(environ, address[1], address[2], held["sid"], token)
        except SQLAlchemyError:
            return None  # Flask has the page that says so

    def lesson(
        self, environ: dict[str, Any], course_id: str, item_id: str, code: str, token: str
    ) -> bytes | None:
        live = catalog.live().courses.get(course_id)
        lesson = live.course.by_id.get(item_id) if live else None
        if live is None or not isinstance(lesson, Lesson):
            return None
        desk = queries.desk(code, course_id, utcnow())
        if desk is None or not learn.may_read(live, lesson, desk):
            return None
        viewer = desk.viewer
        wishes = chosen(environ.get("HTTP_COOKIE", ""))
        locale = viewer.locale if viewer.locale in self.locales else ""
        locale = locale or i18n.negotiate(
            wishes[0], environ.get("HTTP_ACCEPT_LANGUAGE", ""), self.locales
        )
        theme = viewer.theme if viewer.theme in i18n.THEMES else wishes[1]
        page = learn.shelved(live, lesson, desk, locale, theme, shell.personal(viewer, token))
        return None if page is None else page.encode()


def _value(cookies: str, name: str) -> str:
    """The value of a cookie; empty when it stands there twice or in quotes, for Flask to judge."""
    if cookies.count(name) != 1:
        return ""
    value = cookies.partition(name)[2].partition(";")[0].strip()
    return "" if value.startswith('"') else value
