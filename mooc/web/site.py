"""What belongs to the site as a whole: preferences, media, health, metrics."""

from __future__ import annotations

from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    request,
    send_from_directory,
)
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import func, select, text
from werkzeug.wrappers import Response as BaseResponse

from mooc.accounts.models import User
from mooc.db import db
from mooc.operations.models import Job
from mooc.web import jurisdictions
from mooc.web import metrics as figures
from mooc.web.config import settings
from mooc.web.i18n import PREFERENCES, THEMES, YEAR, keep_preferences, law, preferences
from mooc.web.media_types import MEDIA_CSP, MEDIA_NAME, MEDIA_TYPES
from mooc.web.security import allow, safe_next, same_origin, viewer

bp = Blueprint("site", __name__)


@bp.get("/healthz")
@allow("everyone")
def healthz() -> Response:
    """The process answers."""
    return _plain("ok\n")


@bp.get("/readyz")
@allow("everyone")
def readyz() -> Response:
    """The process can serve pages: its database answers."""
    db.session.execute(text("SELECT 1"))
    return _plain("ready\n")


@bp.get("/metrics")
@allow("everyone")
def metrics() -> Response:
    """Prometheus figures, for this machine and for admins; to others the page does not exist."""
    person = viewer()
    local = request.remote_addr in ("127.0.0.1", "::1") and "X-Forwarded-For" not in request.headers
    if not local and not (person is not None and person.is_admin):
        abort(HTTPStatus.NOT_FOUND)
    counts = dict(db.session.execute(select(Job.state, func.count()).group_by(Job.state)).all())
    for state in ("waiting", "running", "done", "failed"):
        figures.JOBS.labels(state).set(counts.get(state, 0))
    response = make_response(figures.text())
    response.headers["Content-Type"] = CONTENT_TYPE_LATEST
    return response


@bp.post("/preferences")
@same_origin
@allow("everyone")
def save_preferences() -> BaseResponse:
    """Language, theme, law: in the account of who is signed in, in a cookie for strangers too."""
    chosen = preferences(request.cookies.get(PREFERENCES, ""))
    if (code := request.form.get("locale", "")) in settings().locales:
        chosen["locale"] = code
    if "theme" in request.form:
        chosen.pop("theme", None)
        if (theme := request.form["theme"]) in THEMES:
            chosen["theme"] = theme
    person = viewer()
    if "laws" in request.form:
        chosen["law"] = jurisdictions.chosen(law(), request.form)
    if person is not None:
        _keep(person.id, chosen, law_too="laws" in request.form)
        db.session.commit()
    response = redirect(safe_next(request.form.get("next", "")), HTTPStatus.SEE_OTHER)
    keep_preferences(response, chosen)
    return response


def _keep(user_id: int, chosen: dict[str, str], *, law_too: bool) -> None:
    user = db.session.get_one(User, user_id)
    if law_too:
        user.jurisdictions = chosen["law"]
    user.locale = chosen.get("locale", user.locale)
    user.theme = chosen.get("theme", "")


@bp.get("/media/<name>")
@allow("everyone")
def media(name: str) -> Response:
    """A picture, sound or film by the hash of its content: the same for ever."""
    if not MEDIA_NAME.fullmatch(name):
        abort(HTTPStatus.NOT_FOUND)
    kind = MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    folder = settings().var_path / "media"
    # `conditional` answers requests for a range, without which nobody can jump about in a film.
    response = send_from_directory(folder, name, mimetype=kind, conditional=True)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    if name.endswith(".pdf"):  # browsers show none in a sandbox
        response.headers["Content-Disposition"] = "attachment"
    else:
        response.headers["Content-Security-Policy"] = MEDIA_CSP
    return response


@bp.get("/robots.txt")
@allow("everyone")
def robots() -> Response:
    """Crawlers may read courses; personal and staff pages hold nothing for them."""
    closed = ("/my", "/settings", "/attempts/", "/teach/", "/admin/", "/sign-", "/password/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return _plain("\n".join(lines) + "\n", max_age=3600)


@bp.get("/favicon.ico")
@allow("everyone")
def favicon() -> BaseResponse:
    """Browsers ask for this name even when the page names another."""
    address = current_app.extensions["mooc.assets"].url("img/favicon.svg")
    response = redirect(address, HTTPStatus.FOUND)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _plain(words: str, max_age: int = 0) -> Response:
    response = make_response(words)
    response.mimetype = "text/plain"
    response.headers["Cache-Control"] = f"public, max-age={max_age}" if max_age else "no-store"
    return response
