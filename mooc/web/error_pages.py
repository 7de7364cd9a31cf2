"""Every way a request can fail, as a page that says what happened, what was kept, what to do."""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    render_template,
    request,
)
from jinja2 import TemplateNotFound
from markupsafe import escape
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from mooc.db import db
from mooc.errors import Conflict, Invalid, MoocError, NotAllowed, NotFound
from mooc.web.database import SAFE_METHODS, status_of
from mooc.web.i18n import _l, sentence

FAMILY_STATUS = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}
SECRET_FIELDS = ("password", "csrf_token", "token", "code")
KEPT_FIELDS = 200
PLAIN = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n</head>\n'
    "<body>\n<main>\n<h1>{title}</h1>\n<p>{message}</p>\n<p>{hint}</p>\n</main>\n</body>\n</html>\n"
)


class Words(NamedTuple):
    """A heading, what happened, and what to do next."""

    title: Any
    message: Any
    hint: Any


GENERAL = Words(
    _l("Something is not right"), _l("This request could not be answered."), _l("Please try again.")
)
WORDS: dict[int, Words] = {
    400: Words(
        _l("This form has grown too old"),
        _l("The page was open for a long time, or the request did not come from this site."),
        _l("Go back, reload the page and send it again. Nothing was written."),
    ),
    403: Words(
        _l("This page is not open to you"),
        _l("You are signed in, but this page is not open to you."),
        _l("If you think it should be, write to the people who run this site."),
    ),
    404: Words(
        _l("There is nothing here"),
        _l("There is nothing at this address."),
        _l("It may have moved. The catalog lists all courses."),
    ),
    405: Words(
        _l("This address is used by a form"),
        _l("It cannot be opened like a page."),
        _l("Go back to the page you came from."),
    ),
    409: Words(
        _l("Things have changed"),
        _l("Things have changed since this page was opened. Nothing was written twice."),
        _l("Reload the page to see how they stand now."),
    ),
    410: Words(
        _l("This is gone"),
        _l("What was at this address has been removed for good."),
        _l("The catalog lists all courses."),
    ),
    413: Words(
        _l("This is too large"),
        _l("What was sent is larger than this site accepts."),
        _l("Shorten it and send it again."),
    ),
    422: Words(
        _l("This cannot be used as it is"),
        _l("What was sent cannot be used as it is."),
        _l("Go back, correct it and send it again."),
    ),
    429: Words(
        _l("Too many tries"),
        _l("There were many requests from your address in a short time."),
        _l("Wait a minute and try again."),
    ),
    500: Words(
        _l("Something went wrong on our side"),
        _l("An error of this site kept it from answering. It has been recorded."),
        _l("Try again in a moment. What you saved before is safe."),
    ),
    503: Words(
        _l("The site is busy"),
        _l("The site cannot answer just now. What you saved before is safe."),
        _l("Wait a moment and try again."),
    ),
    507: Words(
        _l("The site has no room left"),
        _l("Nothing can be saved just now, because the server's disk is full."),
        _l("What you saved before is safe. Please tell the people who run this site."),
    ),
}


def init(app: Flask) -> None:
    """Map the four families of domain errors, database troubles and HTTP errors to pages."""
    app.register_error_handler(MoocError, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(Exception, _unexpected)


def _domain(error: MoocError) -> Response:
    _end_transaction()
    family = next((kind for kind in FAMILY_STATUS if isinstance(error, kind)), Invalid)
    return page(FAMILY_STATUS[family], message=sentence(error), code=error.code)


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    _end_transaction()
    answer = page(error.code or 500)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = value
    if error.code == 429 and "Retry-After" not in answer.headers:
        answer.headers["Retry-After"] = "60"
    return answer


def _database(error: SQLAlchemyError) -> Response:
    status = status_of(error)
    g.database_down = status != 500
    return _failed(status, error)


def _unexpected(error: Exception) -> Response:
    return _failed(500, error)


def _failed(status: int, error: Exception) -> Response:
    _end_transaction()
    if status == 500 and current_app.testing and not current_app.config.get("SHOW_ERROR_PAGES"):
        raise error
    reference = secrets.token_hex(4)
    words = "%s on %s %s"
    current_app.logger.error(words, reference, request.method, request.path, exc_info=error)
    answer = page(status, reference=reference)
    if status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def page(status: int, *, message: str = "", code: str = "", reference: str = "") -> Response:
    """The designed page of a status: `errors/<status>.html`, else `errors/error.html`.

    Never fails: when the template cannot be rendered either, a plain page in English says the same.
    """
    words = WORDS.get(status, GENERAL)
    if _wants_json():
        said = message or str(words.message)
        answer = jsonify(error=code or str(status), message=said, reference=reference)
    else:
        answer = make_response(_html(status, words, message, reference))
    answer.status_code = status
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _html(status: int, words: Words, message: str, reference: str) -> str:
    try:
        return render_template(
            [f"errors/{status}.html", "errors/error.html"],
            status=status,
            title=str(words.title),
            message=message or str(words.message),
            hint=str(words.hint),
            reference=reference,
            kept=_kept() if status in (503, 507) else [],
            action=request.full_path.rstrip("?"),
        )
    except TemplateNotFound:
        return _plain(words, message)
    except Exception:
        current_app.logger.exception("The page for status %s could not be rendered", status)
        _end_transaction()
        return _plain(words, message)


def _plain(words: Words, message: str) -> str:
    try:
        said = [str(words.title), message or str(words.message), str(words.hint)]
    except Exception:  # not even the language is known: the English original
        said = [
            str(part._args[0]) if hasattr(part, "_args") else str(part)  # noqa: SLF001
            for part in words
        ]
    title, text, hint = (escape(part) for part in said)
    return PLAIN.format(title=title, message=text, hint=hint)


def _kept() -> list[tuple[str, str]]:
    """What was typed, for a form that sends it again; never passwords or tokens."""
    if request.method in SAFE_METHODS:
        return []
    try:
        typed = list(request.form.items(multi=True))
    except HTTPException:
        return []
    return [pair for pair in typed[:KEPT_FIELDS] if not pair[0].endswith(SECRET_FIELDS)]


def _wants_json() -> bool:
    accept = request.accept_mimetypes
    return accept["application/json"] > accept["text/html"]


def _end_transaction() -> None:
    """Give up what was begun, so that the page can read; a dead connection is no news."""
    try:
        db.session.rollback()
    except Exception:
        g.database_down = True
