"""Pages that only the preview has: files with their problems, keys and draws, and the switches."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from mooc.content.check import CODES
from mooc.content.model import Problem, Question, Quiz
from mooc.errors import MoocError
from mooc.learning.draw import Drawn
from mooc.web import i18n
from mooc.web.i18n import _, sentence
from mooc.web.media_types import MEDIA_CSP, MEDIA_TYPES
from mooc.web.preview import tray
from mooc.web.preview.parts import Answered, drawn, in_paper, parts_of
from mooc.web.preview.switches import COOKIE, changed, local, switches
from mooc.web.preview.worktree import Draft, Sheet, Worktree

bp = Blueprint("preview", __name__)

PATIENCE = 20.0  # seconds that a browser waits for news before it is told that there are none
SEEN_BEFORE, SEEN_AFTER = 60, 100  # characters of a long line shown around a problem


def worktree() -> Worktree:
    """The files that are previewed."""
    found: Worktree = current_app.extensions["mooc.worktree"]
    return found


def found(course_id: str, name: str) -> tuple[Draft, Sheet]:
    """A course, and its file with this id or at this path. The bar shows both."""
    written = worktree().draft(course_id)
    if written is None:
        abort(404)
    draft = g.draft = written.in_language(switches().language)
    sheet = draft.sheet(name)
    if sheet is None:
        abort(404)
    g.sheet = sheet
    return draft, sheet


# -------------------------------------------------------------------------------------- addresses


@bp.get("/")
def home() -> Any:
    """All courses; when there is only one, its first page."""
    drafts = list(worktree().drafts.values())
    if len(drafts) == 1:
        return redirect(url_for("catalog.course", course_id=drafts[0].course.id), 302)
    return render_template("preview/home.html", drafts=drafts, root=worktree().root)


@bp.get("/preview/file/<course_id>/<path:path>")
def file(course_id: str, path: str) -> Any:
    """A file by its path, for those whose id cannot be read."""
    draft, sheet = found(course_id, path)
    if sheet.content is not None or sheet.kind == "course":
        return redirect(tray.address(draft, sheet), 302)
    return review_page(draft, sheet)


@bp.get("/preview/problems/<course_id>")
def problems(course_id: str) -> str:
    """Everything `mooc check` says of a course, file by file."""
    draft, _sheet = found(course_id, "course.md")
    g.sheet = None
    return render_template("preview/problems.html", draft=draft)


@bp.get("/preview/code/<name>")
def code(name: str) -> str:
    """What a code means, with an example that has the problem and one that has not."""
    if name not in CODES:
        abort(404)
    return render_template("preview/code.html", name=name, code=CODES[name])


@bp.get("/preview/draw/<course_id>/<item_id>", endpoint="drawn")
def drawn_paper(course_id: str, item_id: str) -> Any:
    """A paper as an attempt might draw it. The address holds the seed, so a reload keeps it."""
    draft, sheet = found(course_id, item_id)
    if not isinstance(sheet.content, Quiz):
        abort(404)
    seed = request.args.get("seed", "")[:40]
    if not seed:
        fresh = secrets.token_hex(4)
        return redirect(url_for(".drawn", course_id=course_id, item_id=item_id, seed=fresh), 302)
    return _paper(draft, sheet, sheet.content, seed)


@bp.get("/preview/switch")
def switch() -> Response:
    """Change how pages are shown, and come back. Nothing is kept but a cookie."""
    wishes = {name: value for name, value in request.args.items() if name != "next"}
    answer = redirect(local(request.args.get("next")), 303)
    if "locale" in wishes:
        kept = i18n.preferences(request.cookies.get(i18n.PREFERENCES, ""))
        wish = (
            {"locale": wishes["locale"]}
            if wishes["locale"] in current_app.extensions["mooc.settings"].locales
            else {}
        )
        i18n.keep_preferences(answer, kept | wish)
    answer.set_cookie(COOKIE, changed(switches(), wishes).cookie(), httponly=True, samesite="Lax")
    return answer


@bp.get("/preview/events")
def events() -> Response:
    """A line for each new version of the files, as server-sent events."""
    files = worktree()

    def news() -> Iterator[str]:
        version = -1
        while True:
            now = files.wait(version, PATIENCE)
            yield ": nothing new\n\n" if now == version else f"data: {json.dumps(now)}\n\n"
            version = now

    return current_app.response_class(news(), mimetype="text/event-stream")


@bp.get("/preview/print.css")
def print_style() -> Response:
    """The site's style sheet with its rules for paper shown on the screen."""
    assets = current_app.extensions["mooc.assets"]
    style = (assets.folder / assets.names["css/main.css"]).read_text("utf-8")
    # Menus have no place on paper; those of the bar are needed to leave it again.
    shown = style.replace("@media print", "@media all").replace(" .menu,", " main .menu,")
    return current_app.response_class(shown, mimetype="text/css")


@bp.get("/media/<name>")
def media(name: str) -> Response:
    """A picture or document of any of the courses, by the hash of its content."""
    digest, _dot, extension = name.partition(".")
    drafts = worktree().drafts.values()
    read = next((d.media[digest] for d in drafts if digest in d.media), None)
    if read is None or extension not in MEDIA_TYPES:
        abort(404)
    try:
        data = BytesIO(read())
    except (KeyError, OSError):  # it was deleted a moment ago
        abort(404)
    # `conditional` answers requests for a range, without which nobody can jump about in a film.
    answer = send_file(data, MEDIA_TYPES[extension], conditional=True, etag=digest)
    answer.headers["Content-Security-Policy"] = MEDIA_CSP
    return answer


# ------------------------------------------------------------------------------- for other modules


def review_page(draft: Draft, sheet: Sheet, answered: Answered | None = None) -> str:
    """All that is in a file, and all that is wrong with it."""
    return render_template(
        "preview/review.html",
        draft=draft,
        sheet=sheet,
        parts=parts_of(draft, sheet, answered),
        seed="",
    )


def reviewed(
    draft: Draft,
    sheet: Sheet,
    question: Question,
    values: Sequence[str] | None,
    order: Sequence[str],
    example: int,
) -> str:
    """A question that a reviewer tried: alone for a script, else on its page."""
    answered = Answered(question.id, values, order, example)
    seed = request.form.get("seed", "")
    quiz = sheet.content if seed and isinstance(sheet.content, Quiz) else None
    if request.headers.get("X-Requested-With") != "fetch":
        if quiz is not None:
            return _paper(draft, sheet, quiz, seed, answered)
        return review_page(draft, sheet, answered)
    parts = drawn(draft, quiz, seed, answered) if quiz else parts_of(draft, sheet, answered)
    part = next(part for part in parts if part.view and part.view.id == question.id)
    return render_template("preview/question.html", draft=draft, sheet=sheet, part=part, seed=seed)


def asked(draft: Draft, sheet: Sheet, question_id: str, seed: str) -> Drawn | None:
    """The question as a drawn paper asks it."""
    return in_paper(draft, sheet.content, seed).get(question_id)


def _paper(
    draft: Draft, sheet: Sheet, quiz: Quiz, seed: str, answered: Answered | None = None
) -> str:
    parts = drawn(draft, quiz, seed, answered)
    return render_template(
        "preview/draw.html", draft=draft, sheet=sheet, quiz=quiz, parts=parts, seed=seed
    )


@bp.app_errorhandler(HTTPException)
def stopped(error: HTTPException) -> Any:
    """What the preview does not have, in a page with the bar."""
    status = error.code or 500
    words = _("The preview shows courses. Accounts, certificates and the catalog are on the site.")
    return render_template("preview/stop.html", title=error.name, words=words), status


@bp.app_errorhandler(MoocError)
def refused(error: MoocError) -> Any:
    return render_template("preview/stop.html", title=_("Refused"), words=sentence(error)), 422


# ---------------------------------------------------------------------------------- for templates


def visible(text: str) -> str:
    """Text in which nothing hides: control and direction characters are spelled out."""
    return "".join(c if c.isprintable() or c in " \t" else f"\\u{ord(c):04x}" for c in text)


def visible_lines(text: str) -> str:
    """The same for a text of several lines."""
    return "\n".join(visible(line) for line in text.split("\n"))


def excerpt(problem: Problem) -> tuple[str, str, str]:
    """The line of a problem before, at and after its column; long lines are cut."""
    line, at = problem.source.rstrip().replace("\t", " "), problem.column - 1
    start, end = max(0, at - SEEN_BEFORE), at + SEEN_AFTER
    before = ("…" if start else "") + visible(line[start:at])
    after = visible(line[at + 1 : end]) + ("…" if end < len(line) else "")
    return before, visible(line[at : at + 1]), after


def shown_path(folder: Path, path: str) -> str:
    """A file as one would type it here."""
    whole = (folder / path).resolve()
    try:
        return whole.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(whole)


GLOBALS = {
    "groups": tray.groups,
    "sheet_url": tray.address,
    "excerpt": excerpt,
    "visible": visible,
    "visible_lines": visible_lines,
    "shown_path": shown_path,
    "version": lambda: worktree().version,
    "drafts": lambda: list(worktree().drafts.values()),
}
