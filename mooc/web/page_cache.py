"""Pages that are the same for every stranger, answered from memory before Flask is entered.

A view marks its answer with `cacheable` (or `@cached_for_strangers`). The wrapper keeps it whole,
gzip and br beside it, under path, allow-listed query, languages, theme and law, until a course
pointer moves or a static file changes. Whoever has a session cookie goes past it.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import brotli
from flask import Flask, Response, make_response, request, session
from sqlalchemy.exc import SQLAlchemyError

from mooc.db import db
from mooc.web import i18n
from mooc.web.metrics import CACHED

QUERY = frozenset(("language", "level", "subject", "hours", "certificate", "lang", "page"))
LOOK_EVERY = 2.0  # seconds between two looks at the pointers
LIFETIME = 600.0  # seconds after which a page is made anew in any case
MOST_BYTES = 48 * 2**20
LONGEST_QUERY = 200
ITEM = re.compile(r"/courses/[^/]+/[^/]+")  # only lessons differ by the law one wants
MARK = "mooc.cacheable"
PUBLIC = "public, max-age=0, must-revalidate"
VARY = "Accept-Encoding, Accept-Language, Cookie"
OWN_HEADERS = ("content-length", "content-encoding", "vary", "etag", "cache-control")

Key = tuple[str, str, str, str, str, str]
Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
View = TypeVar("View", bound=Callable[..., Any])


def cacheable(response: Response) -> Response:
    """Let this answer be kept for all strangers. Does nothing for a browser that has a session."""
    if not session:
        request.environ[MARK] = True
        response.headers["Cache-Control"] = PUBLIC
        response.headers["Vary"] = VARY
    return response


def personal(response: Response) -> None:
    """Take that back: the answer is for this browser alone."""
    request.environ.pop(MARK, None)
    response.headers["Cache-Control"] = "private, no-store"


def cached_for_strangers(view: View) -> View:
    """`cacheable` as a decorator, between the route and the permission."""

    @wraps(view)
    def cached(*args: Any, **kwargs: Any) -> Response:
        answer = view(*args, **kwargs)
        return answer if session else cacheable(make_response(answer))

    return cached  # type: ignore[return-value]


class Ready(list[tuple[str, str]]):
    """Headers that are also at hand as the text that goes over the wire, for our own server."""

    def __init__(
        self, headers: Iterable[tuple[str, str]], length: int | None, text: str = ""
    ) -> None:
        super().__init__(headers)
        self.length = length
        self.text = text or "".join(f"{name}: {value}\r\n" for name, value in self)

    def again(self) -> Ready:
        """A copy: servers may change the list they are given."""
        return Ready(self, self.length, self.text)


@dataclass(frozen=True, slots=True)
class Variant:
    """One encoding of a page, ready to be sent."""

    etag: str
    headers: Ready
    unchanged: Ready  # of a 304
    body: bytes


@dataclass(frozen=True, slots=True)
class Page:
    variants: dict[str, Variant]
    made: float
    size: int


def init(app: Flask) -> None:
    """Put the cache before everything else."""
    cache = PageCache(app, app.wsgi_app)
    app.extensions["mooc.page_cache"] = cache
    app.wsgi_app = cache  # type: ignore[method-assign]


class PageCache:
    """The WSGI wrapper. One per process; processes find out by themselves that a pointer moved."""

    def __init__(self, app: Flask, inner: Application) -> None:
        self.app = app
        self.inner = inner
        settings = app.extensions["mooc.settings"]
        self.locales = settings.locales
        self.hosts = set(app.config.get("TRUSTED_HOSTS") or ())
        self.session_cookie = app.config["SESSION_COOKIE_NAME"] + "="
        self.pages: OrderedDict[Key, Page] = OrderedDict()
        self.size = 0
        self.version = ""
        self.looked = 0.0
        self.spoken: frozenset[str] = frozenset()  # the languages of all courses
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.look()
        key = self.key(environ)
        if key is None:
            return self.inner(environ, start_response)
        page = self.pages.get(key)
        if page is not None and time.monotonic() - page.made < LIFETIME:
            CACHED.inc()
            return _answer(page, environ, start_response)
        return self.fill(key, environ, start_response)

    def key(self, environ: dict[str, Any]) -> Key | None:
        """What makes a stranger's page differ; None for a request the cache has no say in."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        cookie = environ.get("HTTP_COOKIE", "")
        query = environ.get("QUERY_STRING", "")
        if (cookie and self.session_cookie in cookie) or (query and not _known_query(query)):
            return None
        if self.hosts and environ.get("HTTP_HOST", "").partition(":")[0] not in self.hosts:
            return None
        wishes = chosen(cookie) if "prefs=" in cookie else ("", "", "", "")
        language = i18n.negotiate(wishes[0], environ.get("HTTP_ACCEPT_LANGUAGE", ""), self.locales)
        content = wishes[2] if wishes[2] in self.spoken else ""
        path = environ.get("PATH_INFO", "")
        law = wishes[3] if wishes[3] and ITEM.fullmatch(path) else ""
        return path, query, language, wishes[1], content, law

    def look(self) -> None:
        """Every few seconds, see whether a pointer or a static file moved, and drop what is old."""
        now = time.monotonic()
        if now - self.looked < LOOK_EVERY and not self.app.testing:
            return
        self.looked = now
        from mooc.catalog import queries as catalog

        try:
            with self.app.app_context():
                db.session.info["read_only"] = True
                live = catalog.live() if self.app.testing else catalog.refresh()
        except SQLAlchemyError:
            return  # strangers keep reading while the database is away
        version = f"{live.version} {self.app.extensions['mooc.assets'].version}"
        if version != self.version:
            with self.lock:
                self.version = version
                courses = [one.course for one in live.courses.values()]
                self.spoken = frozenset(name for course in courses for name in course.languages)
                self.clear()

    def clear(self) -> None:
        self.pages.clear()
        self.size = 0

    def fill(self, key: Key, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Let Flask answer, and keep the answer if the view allows it."""
        version = self.version
        started: list[Any] = []

        def remember(status: str, headers: Headers, exc_info: Any = None) -> Callable[..., None]:
            started[:] = [status, headers, exc_info]
            return _no_write

        result = self.inner(environ, remember)
        status, headers, exc_info = started
        if not self.keeps(environ, status, headers):
            start_response(status, headers, exc_info)
            return result
        try:
            body = b"".join(result)
        finally:
            getattr(result, "close", _no_write)()
        page = _page(headers, body)
        self.keep(key, page, version)
        return _answer(page, environ, start_response)

    def keeps(self, environ: dict[str, Any], status: str, headers: Headers) -> bool:
        if not environ.get(MARK) or status != "200 OK" or environ["REQUEST_METHOD"] != "GET":
            return False
        return not any(name.lower() == "set-cookie" for name, _value in headers)

    def keep(self, key: Key, page: Page, version: str) -> None:
        with self.lock:
            if version != self.version or page.size > MOST_BYTES // 8:
                return
            before = self.pages.pop(key, None)
            self.size += page.size - (before.size if before else 0)
            self.pages[key] = page
            while self.size > MOST_BYTES:
                _key, oldest = self.pages.popitem(last=False)
                self.size -= oldest.size


def _answer(page: Page, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    variant = page.variants[_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))]
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and (variant.etag in known or known.strip() == "*"):
        start_response("304 NOT MODIFIED", variant.unchanged.again())
        return ()
    start_response("200 OK", variant.headers.again())
    return () if environ["REQUEST_METHOD"] == "HEAD" else (variant.body,)


def _page(headers: Headers, body: bytes) -> Page:
    kept = [(name, value) for name, value in headers if name.lower() not in OWN_HEADERS]
    bodies = {
        "": body,
        "gzip": gzip.compress(body, 6, mtime=0),
        "br": brotli.compress(body, quality=5),
    }
    digest = hashlib.sha256(body).hexdigest()[:20]
    variants = {name: _variant(kept, digest, name, data) for name, data in bodies.items()}
    return Page(variants, time.monotonic(), sum(map(len, bodies.values())) + 4096)


def _variant(kept: Headers, digest: str, encoding: str, body: bytes) -> Variant:
    etag = f'"{digest}-{encoding}"' if encoding else f'"{digest}"'
    tagged = [*kept, ("ETag", etag), ("Cache-Control", PUBLIC), ("Vary", VARY)]
    unchanged = [(name, value) for name, value in tagged if name != "Content-Type"]
    headers = [*tagged, ("Content-Length", str(len(body)))]
    if encoding:
        headers.append(("Content-Encoding", encoding))
    return Variant(etag, Ready(headers, len(body)), Ready(unchanged, None), body)


@lru_cache(maxsize=512)
def _encoding(accept: str) -> str:
    offered = {}
    for part in accept.lower().split(","):
        name, _mark, quality = part.strip().partition(";")
        offered[name.strip()] = quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00")
    return next((name for name in ("br", "gzip") if offered.get(name)), "")


@lru_cache(maxsize=512)
def chosen(cookie: str) -> tuple[str, str, str, str]:
    """Language, theme, language of courses and law in the preferences cookie of a header."""
    for part in cookie.split(";"):
        name, _mark, value = part.strip().partition("=")
        if name == i18n.PREFERENCES:
            found = i18n.preferences(value.strip('"'))
            wishes = (found.get(each, "") for each in ("locale", "theme", "content", "law"))
            return next(wishes), next(wishes), next(wishes), next(wishes)
    return "", "", "", ""


@lru_cache(maxsize=512)
def _known_query(query: str) -> bool:
    if len(query) > LONGEST_QUERY:
        return False
    return all(name in QUERY for name, _value in parse_qsl(query, keep_blank_values=True))


def _no_write(*_args: Any) -> None:
    """WSGI's old write callable, which Flask never uses."""
