"""Who is asking, and may they? One check before every request; nothing is open by accident.

Every view declares its permission with `allow`. A view without one is refused to everybody. The
person comes from one query by the session code in the signed cookie, made only when asked for.
"""

from __future__ import annotations

import hmac
import re
import secrets
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, abort, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response

from mooc.accounts import actions, queries
from mooc.accounts.models import User
from mooc.accounts.queries import LONGEST, Viewer
from mooc.catalog import queries as catalog
from mooc.db import utcnow
from mooc.errors import NotAllowed
from mooc.web import credentials, limits
from mooc.web.config import Settings

Permission = Literal["everyone", "learner", "instructor", "issuer", "admin"]
PERMISSIONS = ("everyone", "learner", "instructor", "issuer", "admin")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

IDLE = 12 * 3600  # seconds a session may lie unused
IDLE_PRIVILEGED = 30 * 60
SEEN_EVERY = 10 * 60  # seconds after which the cookie is written again

__all__ = [
    "Viewer",
    "adopt",
    "allow",
    "init",
    "me",
    "own_proof",
    "own_token",
    "safe_next",
    "same_origin",
    "session_code",
    "sign_in",
    "sign_in_first",
    "sign_out",
    "viewer",
]

View = TypeVar("View", bound=Callable[..., Any])

_csrf = CSRFProtect()


def init(app: Flask) -> None:
    """Put the guard before every request. Call before any other `before_request` that acts."""
    settings: Settings = app.extensions["mooc.settings"]
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if settings.production else "session",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=LONGEST,
        WTF_CSRF_CHECK_DEFAULT=False,  # `_guard` does, after the permission
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
    )
    app.session_interface = RememberingCookies()
    _csrf.init_app(app)
    credentials.init(app, settings)
    limits.init(app, settings.redis_url)
    app.before_request(_guard)
    app.after_request(_note_use)


class RememberingCookies(SecureCookieSessionInterface):
    """Flask's signed cookie; one verified by this process is taken as such for a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._verified: dict[str, tuple[float, dict[str, Any]]] = {}

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        known = self.verified(cookie)
        if known is not None:
            return self.session_class(known)
        opened = super().open_session(app, request)
        # Messages are lists, which a view may change in place: those are read afresh each time.
        if opened and all(isinstance(value, str | int) for value in opened.values()):
            if len(self._verified) > 10_000:
                self._verified.clear()
            self._verified[cookie] = time.monotonic() + 60, dict(opened)
        return opened

    def verified(self, cookie: str) -> dict[str, Any] | None:
        """What a cookie verified within the last minute holds."""
        until, held = self._verified.get(cookie, (0.0, None))
        return held if time.monotonic() < until else None


# ------------------------------------------------------------------------------- what views declare


def allow(
    permission: Permission, *, check: Literal["guard", "view"] = "guard"
) -> Callable[[View], View]:
    """Declare who may use a view. Roles other than "learner" are looked up for `course_id`, if any.

    With `check="view"` the guard only sends strangers away, without a query; the view's own joined
    query finds the viewer, or ends with `return sign_in_first()`.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"unknown permission {permission!r}")

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        view.check = check  # type: ignore[attr-defined]
        return view

    return declare


def same_origin(view: View) -> View:
    """Guard an unsafe method by where the browser says it comes from, instead of by a token.

    So a page for strangers carries no token and can be cached.
    """
    view.csrf = "origin"  # type: ignore[attr-defined]
    return view


def own_token(view: View) -> View:
    """The view's own FlaskForm checks the token, so that a stale page can keep what was typed."""
    view.csrf = "form"  # type: ignore[attr-defined]
    return view


def own_proof(view: View) -> View:
    """The view itself checks who sends: a machine with a secret, which has no session to abuse."""
    view.csrf = "proof"  # type: ignore[attr-defined]
    return view


# ------------------------------------------------------------------------------------ who is asking


def session_code() -> str:
    """The code of this browser's session, or empty. Reads the cookie, never the database."""
    code = session.get("sid", "")
    if not code or time.time() - session.get("seen", 0) > IDLE:
        return ""
    return str(code)


def viewer() -> Viewer | None:
    """The person signed in, by one query in the first call of a request."""
    if "viewer" not in g:
        code = session_code()
        found = queries.viewer_by_session(code, utcnow()) if code else None
        adopt(found)
    known: Viewer | None = g.viewer
    return known


def adopt(found: Viewer | None) -> Viewer | None:
    """Take over the viewer that a hot route got by its own joined query (`queries.viewer_of`).

    Returns None where the session lay unused for too long.
    """
    if found is not None and found.is_privileged:
        idle = time.time() - session.get("seen", 0)
        found = found if idle <= IDLE_PRIVILEGED else None
    g.viewer = found
    return found


def me() -> Viewer:
    """The person signed in, in a view that is not open to strangers."""
    known = viewer()
    if known is None:
        raise NotAllowed("not_allowed")
    return known


def sign_in(user: User) -> None:
    """Sign this browser in: a new session row, a new cookie, nothing kept of what was before."""
    if session.get("sid"):
        actions.end_session(str(session["sid"]), now=utcnow())
    session.clear()
    session["sid"] = actions.start_session(user, browser=_browser(), now=utcnow())
    session["seen"] = int(time.time())
    session["csrf_token"] = secrets.token_hex(20)  # now, so that no later page must set a cookie
    session.permanent = True
    g.pop("csrf_token", None)
    g.pop("viewer", None)


def sign_out() -> None:
    """End this browser's session. The row is ended, so a copy of the cookie is worth nothing."""
    code = session.get("sid", "")
    if code:
        actions.end_session(str(code), now=utcnow())
    session.clear()
    g.viewer = None


def _browser() -> str:
    """The browser as it names itself, for the list of devices."""
    return "".join(c for c in request.user_agent.string[:200] if c.isprintable())


# ---------------------------------------------------------------------------------------- the guard


def _guard() -> Response | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    permission = getattr(view, "permission", None)
    if permission is None:
        raise NotAllowed("not_allowed")
    if permission != "everyone":
        refusal = _refusal(view, permission)
        if refusal is not None:
            return refusal
    if request.method not in SAFE_METHODS:
        _check_origin(getattr(view, "csrf", "token"))
    return None


def _refusal(view: Any, permission: str) -> Response | None:
    if view.check == "view":
        return None if session_code() else sign_in_first()
    known = viewer()
    if known is None:
        return sign_in_first()
    if permission != "learner":
        course_id = (request.view_args or {}).get("course_id", "")
        if not holds(known, permission, course_id):
            raise NotAllowed("not_allowed")
    return None


def holds(person: Viewer, role: str, course_id: str) -> bool:
    """Whether somebody has a role, for the site or for a course by any id it ever had."""
    names = catalog.names(course_id) if course_id else ("",)
    return any(person.may(role, name) for name in names)


def sign_in_first() -> Response:
    """Send a stranger to the sign-in page, and back here afterwards."""
    if request.method in SAFE_METHODS:
        target = request.full_path if request.query_string else request.path
        return redirect(url_for("accounts.sign_in", next=safe_next(target)), 302)
    return redirect(url_for("accounts.sign_in", next=_page_of_button()), 303)


def _page_of_button() -> str:
    """The page whose button was pressed: the one that refers here, else the address above."""
    referrer = urlsplit(request.referrer or "")
    if referrer.netloc == request.host and (page := safe_next(referrer.path, "")):
        return page
    return safe_next(request.path.rpartition("/")[0] or "/")


def _check_origin(guarded_by: str) -> None:
    if guarded_by == "token":
        _check_token()
    elif guarded_by == "form":
        with suppress(CSRFError):  # the form looks again, and says it in its page
            _csrf.protect()
    elif guarded_by == "origin" and not _from_here():
        abort(400)


def _check_token() -> None:
    """The form's token; one accepted before in this session is compared, not verified again."""
    raw = session.get("csrf_token", "")
    given = request.headers.get("X-CSRFToken") or request.form.get("csrf_token", "")
    if accepted_before(raw, given):
        return
    _csrf.protect()
    if raw:
        if len(_accepted) > 10_000:
            _accepted.clear()
        _accepted[raw] = given


def accepted_before(raw: str, given: str) -> bool:
    """Whether this very token was accepted in this session by this process."""
    known = _accepted.get(raw, "") if raw else ""
    return bool(known) and hmac.compare_digest(known.encode(), given.encode())


_accepted: dict[str, str] = {}  # session's secret → the token accepted last


def _from_here() -> bool:
    """Whether the browser vouches that a page of this site sent the request."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        return urlsplit(origin).netloc == request.host
    return site == "same-origin"


def _note_use(response: Response) -> Response:
    """Write the time of use into a signed-in cookie, at most every ten minutes."""
    if getattr(g, "viewer", None) is not None and session.get("sid"):
        now = int(time.time())
        if now - session.get("seen", now) > SEEN_EVERY:
            session["seen"] = now
    return response


# ---------------------------------------------------------------------------------------- redirects

_PATH = re.compile(r"/(?:[^/\\?#][^\\?#]*)?(?:\?[^\\#]*)?(?:#[^\\]*)?")


def safe_next(target: str | None, otherwise: str = "/") -> str:
    """A redirect target if it is a path of this site, else `otherwise`.

    Refused: other schemes and hosts, `//`, backslashes, control and invisible characters.
    """
    if not target or len(target) > 2000 or not _PATH.fullmatch(target):
        return otherwise
    if any(unicodedata.category(c)[0] in "CZ" for c in target):
        return otherwise
    path = target.partition("?")[0].partition("#")[0]
    return otherwise if "//" in path or "/../" in f"{path}/" else target
