"""The addresses that learners know, answered from the working tree: courses, items, questions.

Their names are those of the site, so that its templates and the links in a course lead here.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from mooc.content.model import Course, Lesson, Module, Question, Quiz
from mooc.learning.progress import requirements
from mooc.learning.sitting import Rules
from mooc.web import i18n, jurisdictions
from mooc.web.i18n import _, law
from mooc.web.preview import pages, tray
from mooc.web.preview.parts import questions_of
from mooc.web.preview.review import tried
from mooc.web.preview.switches import local, switches
from mooc.web.preview.worktree import Draft, Sheet
from mooc.web.questions import example_of

catalog = Blueprint("catalog", __name__)
learn = Blueprint("learn", __name__)
quizzes = Blueprint("quizzes", __name__)
glossary = Blueprint("glossary", __name__)
site = Blueprint("site", __name__)
BLUEPRINTS = (catalog, learn, quizzes, glossary, site)


@catalog.get("/courses/<course_id>")
def course(course_id: str) -> Any:
    """The landing page of a course."""
    draft, sheet = pages.found(course_id, "course.md")
    if sheet.errors or switches().reviewer or not draft.course.items:
        return pages.review_page(draft, sheet)
    return render_template(
        "catalog/course.html",
        live=None,
        course=draft.course,
        chapters=tray.chapters(draft),
        counts=_counts(draft.course),
        takes=requirements(draft.course),
        earlier=_earlier(draft.course),
        enrolled=False,
        progress=None,
        next_item=None,
        linked_data={},
    )


@learn.get("/courses/<course_id>/<item_id>")
def item(course_id: str, item_id: str) -> Any:
    """A lesson, the start page of a quiz, or, for reviewers, everything that is in the file."""
    draft, sheet = pages.found(course_id, item_id)
    return shown(draft, sheet)


def shown(draft: Draft, sheet: Sheet) -> Any:
    """The page of a file, as the switches want it. A broken file is explained."""
    if sheet.errors or switches().reviewer or sheet.content is None:
        return pages.review_page(draft, sheet)
    if isinstance(sheet.content, Lesson):
        return _lesson(draft, sheet.content)
    if isinstance(sheet.content, Quiz):
        return _start(draft, sheet.content)
    return render_template("preview/pool.html", draft=draft, pool=sheet.content)


def _lesson(draft: Draft, lesson: Lesson, answered: Any = None) -> str:
    practice = {question.id: tried(question)[0] for question in lesson.questions}
    if answered is not None:
        practice[answered.id] = answered
    before, after = draft.course.neighbours(lesson.id)
    module = module_of(draft.course, lesson.id)
    items = module.items or (lesson.id,)
    foot = render_template(
        "learn/footer.html",
        course=draft.course,
        lesson=lesson,
        before=before,
        after=after,
        enrolled=True,
        still_open=[],
    )
    return render_template(
        "learn/lesson.html",
        live=None,
        course=draft.course,
        lesson=lesson,
        module=module,
        place=(items.index(lesson.id) + 1, len(items)),
        practice=practice,
        stretches=jurisdictions.stretches(lesson, law()),
        outline=tray.html(draft, lesson.id),
        footer=foot,
        enrolled=True,
    )


def _start(draft: Draft, quiz: Quiz) -> str:
    rules = Rules.of(quiz)
    return render_template(
        "quizzes/start.html",
        live=None,
        course=draft.course,
        quiz=quiz,
        module=module_of(draft.course, quiz.id),
        outline=tray.html(draft, quiz.id),
        running=None,
        running_deadline=None,
        tries=[],
        verdict=SimpleNamespace(allowed=True, left=rules.attempts, reason="", at=None),
        counting=None,
        rules=rules,
        token="",
        neighbours=draft.course.neighbours(quiz.id),
    )


@learn.post("/courses/<course_id>/<item_id>/check")
def check(course_id: str, item_id: str) -> Any:
    """Judge an answer: for learners as they would see it, for reviewers with every step of it."""
    draft, sheet = pages.found(course_id, item_id)
    question = _question(draft, sheet, request.form.get("question", ""))
    hints = request.form.get("hints", 0, type=int) + ("hint" in request.form)
    looking = "hint" in request.form or "another" in request.form
    values = None if looking else request.form.getlist("answer")
    example = example_of(request.form)
    drawn = pages.asked(draft, sheet, question.id, request.form.get("seed", ""))
    order = drawn.options if drawn else ()
    if switches().reviewer:
        return pages.reviewed(draft, sheet, question, values, order, example)
    question = drawn.question if drawn else question
    view, _result = tried(question, order=order, values=values, hints=hints, example=example)
    script = request.headers.get("X-Requested-With") == "fetch"
    if script or not isinstance(sheet.content, Lesson):
        name = "learn/practice.html" if script else "preview/answered.html"
        return render_template(name, course=draft.course, lesson=sheet.content, question=view)
    return _lesson(draft, sheet.content, view)


@learn.post("/courses/<course_id>/<item_id>/complete")
def complete(course_id: str, item_id: str) -> Response:
    """Nothing is written: on to the next item."""
    draft, sheet = pages.found(course_id, item_id)
    after = draft.course.neighbours(sheet.id)[1]
    if after is None:
        return redirect(url_for("catalog.course", course_id=course_id), 303)
    return redirect(url_for(".item", course_id=course_id, item_id=after.id), 303)


@quizzes.post("/courses/<course_id>/<item_id>/attempts")
def start(course_id: str, item_id: str) -> Response:
    """An attempt of the preview: the questions one might draw, none of it kept."""
    return redirect(url_for("preview.drawn", course_id=course_id, item_id=item_id), 303)


@glossary.get("/courses/<course_id>/glossary", endpoint="page")
def terms(course_id: str) -> str:
    """The glossary of a course."""
    from mooc.web.glossary import by_letter  # with it comes the database, which others need not

    draft, _sheet = pages.found(course_id, "course.md")
    letters = by_letter(draft.course)
    if not letters:
        raise NotFound
    return render_template("glossary/page.html", course=draft.course, letters=letters)


@site.post("/preferences")
def preferences() -> Response:
    """Whose law lessons show, as on the site, in the same cookie."""
    answer = redirect(local(request.form.get("next")), 303)
    kept = i18n.preferences(request.cookies.get(i18n.PREFERENCES, ""))
    if "laws" in request.form:
        kept["law"] = jurisdictions.chosen(law(), request.form)
    i18n.keep_preferences(answer, kept)
    return answer


def module_of(course: Course, item_id: str) -> Module:
    """The module that lists an item, or one that says that none does."""
    try:
        return course.module_of(item_id)
    except KeyError:
        return Module("", _("Not in the outline"), ())


def _question(draft: Draft, sheet: Sheet, question_id: str) -> Question:
    """A question of the file, or, in a drawn paper, of one of the pools."""
    asked = list(questions_of(sheet.content))
    if isinstance(sheet.content, Quiz):
        asked += [question for pool in draft.course.pools for question in pool.questions]
    for question in asked:
        if question.id == question_id:
            return question.in_language(switches().language)
    raise NotFound


def _counts(course: Course) -> dict[str, int]:
    graded = [item for item in course.items if isinstance(item, Quiz)]
    exams = sum(quiz.exam for quiz in graded)
    lessons = len(course.items) - len(graded)
    return {"lessons": lessons, "quizzes": len(graded) - exams, "exams": exams}


def _earlier(course: Course) -> list[Course]:
    drafts = (pages.worktree().draft(name) for name in course.prerequisites)
    return [draft.course for draft in drafts if draft]
