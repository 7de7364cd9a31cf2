"""Taking a course: enroll, read, practise, tick off, see how far one is."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from mooc.catalog import queries as catalog
from mooc.catalog.queries import LiveCourse
from mooc.catalog.retirement import retired
from mooc.content.model import Lesson, Question, Quiz
from mooc.content.questions import Answer, Score, given, read, score
from mooc.db import db, utcnow, writing
from mooc.errors import Invalid, MoocError, NotFound
from mooc.learning import actions as learning
from mooc.learning import queries
from mooc.learning.draw import practice_example, practice_order
from mooc.learning.queries import Desk
from mooc.web import editions, jurisdictions, outline, quizzes, shell
from mooc.web.editor import edit_address
from mooc.web.i18n import _, law, locale, sentence, theme
from mooc.web.page_cache import cached_for_strangers
from mooc.web.questions import QuestionView, ask, compared, example_of, judged, with_hints
from mooc.web.security import adopt, allow, holds, me, same_origin, session_code, sign_in_first

bp = Blueprint("learn", __name__)
bp.app_template_global("edit_address")(edit_address)

_lessons = shell.Shelf()


# ------------------------------------------------------------------------------------- joining


@bp.post("/courses/<course_id>/enroll")
@allow("learner")
def enroll(course_id: str) -> Response:
    live = catalog.course(course_id)
    learning.enroll(me().id, live, now=utcnow())
    db.session.commit()
    return redirect(url_for(".item", course_id=course_id, item_id=live.course.items[0].id), 303)


@bp.post("/courses/<course_id>/leave")
@allow("learner")
def leave(course_id: str) -> Response:
    learning.leave(me().id, course_id, now=utcnow())
    db.session.commit()
    flash(_("You have left the course. Everything is kept in case you come back."))
    return redirect(url_for(".my"), 303)


# ------------------------------------------------------------------------------------- a lesson


@bp.get("/courses/<course_id>/<item_id>")
@allow("everyone", check="view")
@cached_for_strangers
def item(course_id: str, item_id: str) -> Any:
    """A lesson, or the start page of a quiz. The first lesson is open to everybody."""
    live = catalog.course(course_id)
    desk = seated(course_id)
    live = editions.read(live)
    if item_id not in live.course.by_id:
        return _retired(live, item_id, desk)
    found = live.course.by_id[item_id]
    if isinstance(found, Quiz):
        return quizzes.start_page(live, found, desk)
    if not may_read(live, found, desk):
        return turn_away(live, desk)
    return lesson_page(live, found, desk)


def _retired(
    live: LiveCourse, item_id: str, desk: Desk | None, answered: QuestionView | None = None
) -> Any:
    """What was part of the course once, as it was last. Raises NotFound."""
    found = retired(live, item_id)
    if found is None:
        raise NotFound("item", course=live.course.id, item=item_id)
    kept = editions.read(found[0])
    item = kept.course.by_id[found[1].id]
    if isinstance(item, Quiz):
        return quizzes.retired_page(live, kept, item, desk)
    if not may_read(kept, item, desk):
        return turn_away(live, desk)
    practice = {question.id: _asked(question) for question in item.questions}
    return render_template(
        "learn/retired.html",
        course=live.course,
        kept=kept.course,
        kept_on=kept.published_at,
        lesson=item,
        practice=practice | ({answered.id: answered} if answered else {}),
        outline=outline.html(live, item.id, desk),
    )


def seated(course_id: str) -> Desk | None:
    """Who reads this course page and where they stand, by one query; None for strangers."""
    code = session_code()
    desk = queries.desk(code, course_id, utcnow()) if code else None
    if adopt(desk.viewer if desk else None) is None:
        return None
    return desk


def may_read(live: LiveCourse, lesson: Lesson, desk: Desk | None) -> bool:
    """The first item of a course is a taste for everybody; the rest is for those enrolled."""
    if live.course.items[0].id == lesson.id:
        return True
    if desk is None:
        return False
    return desk.enrollment_id is not None or holds(desk.viewer, "instructor", live.course.id)


def turn_away(live: LiveCourse, desk: Desk | None) -> Response:
    """Strangers sign in first; others are one button away from being enrolled."""
    if desk is None:
        return sign_in_first()
    flash(_("Enroll first: it takes one click and keeps your progress."))
    return redirect(url_for("catalog.course", course_id=live.course.id), 302)


def lesson_page(live: LiveCourse, lesson: Lesson, desk: Desk | None) -> str:
    """The page of a lesson: for learners from the shelf, with their outline and name filled in."""
    if desk is None:
        tray = outline.html(live, lesson.id, None)
        return _lesson(live, lesson, None, tray, _footer(live, lesson, None))
    if "_flashes" in session:  # a message for this reader alone stays off the shelf
        tray = outline.html(live, lesson.id, desk)
        return _lesson(live, lesson, desk, tray, _footer(live, lesson, desk))
    viewer = desk.viewer
    page, outlined, bar = _shelf_keys(live, lesson, desk, locale(), theme())

    def render() -> str:
        shell.stand_in(viewer)
        return _lesson(live, lesson, desk, shell.slot("outline"), shell.slot("footer"))

    return _filled(
        _lessons.parts(page, render),
        _lessons.parts(outlined, lambda: outline.html(live, lesson.id, desk)),
        _lessons.parts(bar, lambda: _footer_shelved(live, lesson, desk)),
        shell.personal(viewer, shell.form_token()),
    )


def shelved(
    live: LiveCourse, lesson: Lesson, desk: Desk, locale: str, theme: str, values: dict[str, str]
) -> str | None:
    """The same page without rendering anything; None when a part of it is not on the shelf."""
    parts = [_lessons.get(key) for key in _shelf_keys(live, lesson, desk, locale, theme)]
    page, tray, bar = parts
    if page is None or tray is None or bar is None:
        return None
    return _filled(page, tray, bar, values)


def _shelf_keys(
    live: LiveCourse, lesson: Lesson, desk: Desk, locale: str, theme: str
) -> tuple[Hashable, Hashable, Hashable]:
    """All that makes a lesson's page, its outline and its footer differ between readers."""
    read = live.course.preferred
    here = (live.release_id, live.hash, live.moved_at, lesson.id, read, locale, theme)
    viewer = desk.viewer
    enrolled = desk.enrollment_id is not None
    mine = (*here, enrolled, desk.packed, desk.agreed)
    return (
        (
            "page",
            *here,
            viewer.grants,
            enrolled,
            viewer.time_zone,
            jurisdictions.wanted(lesson, viewer.jurisdictions),
        ),
        ("tray", *mine),
        ("bar", *mine),
    )


def _filled(
    page: tuple[str, ...], tray: tuple[str, ...], bar: tuple[str, ...], values: dict[str, str]
) -> str:
    values["outline"] = shell.fill(tray, values)
    values["footer"] = shell.fill(bar, values)
    return shell.fill(page, values)


def _footer_shelved(live: LiveCourse, lesson: Lesson, desk: Desk) -> str:
    shell.stand_in(desk.viewer)
    return _footer(live, lesson, desk)


def _lesson(
    live: LiveCourse,
    lesson: Lesson,
    desk: Desk | None,
    tray: str,
    footer: str,
    answered: QuestionView | None = None,
) -> str:
    """`answered` replaces the practice question of the same id: the page after a check."""
    practice = {question.id: _asked(question) for question in lesson.questions}
    if answered is not None:
        practice[answered.id] = answered
    return render_template(
        "learn/lesson.html",
        live=live,
        course=live.course,
        lesson=lesson,
        module=live.course.module_of(lesson.id),
        place=outline.place(live.course, lesson.id),
        practice=practice,
        stretches=jurisdictions.stretches(lesson, law()),
        outline=tray,
        footer=footer,
        enrolled=desk is not None and desk.enrollment_id is not None,
    )


def _footer(live: LiveCourse, lesson: Lesson, desk: Desk | None) -> str:
    before, after = live.course.neighbours(lesson.id)
    mine = desk.states.get(lesson.id, {}) if desk else {}
    answered = mine.get("q", ())
    return render_template(
        "learn/footer.html",
        course=live.course,
        lesson=lesson,
        before=before,
        after=after,
        enrolled=desk is not None and desk.enrollment_id is not None,
        done=mine.get("d") == 1,
        still_open=[
            question
            for question in lesson.questions
            if lesson.complete != "read" and question.id not in answered
        ],
    )


@bp.post("/courses/<course_id>/<item_id>/complete")
@allow("learner")
def complete(course_id: str, item_id: str) -> Response:
    """Tick a lesson and go on to the next item."""
    live, lesson = _lesson_of(course_id, item_id)
    learning.complete(me().id, live, lesson, now=utcnow())
    db.session.commit()
    after = live.course.neighbours(item_id)[1]
    if after is None:
        return redirect(url_for(".progress", course_id=course_id), 303)
    return redirect(url_for(".item", course_id=course_id, item_id=after.id), 303)


@bp.post("/courses/<course_id>/<item_id>/uncomplete")
@allow("learner")
def uncomplete(course_id: str, item_id: str) -> Response:
    live, lesson = _lesson_of(course_id, item_id)
    learning.uncomplete(me().id, live, lesson, now=utcnow())
    db.session.commit()
    return redirect(url_for(".item", course_id=course_id, item_id=item_id), 303)


def _lesson_of(course_id: str, item_id: str) -> tuple[LiveCourse, Lesson]:
    return _as_lesson(catalog.course(course_id), item_id)


def _as_lesson(live: LiveCourse, item_id: str) -> tuple[LiveCourse, Lesson]:
    found = live.course.by_id.get(item_id)
    if not isinstance(found, Lesson):
        raise NotFound("item", course=live.course.id, item=item_id)
    return live, found


# --------------------------------------------------------------------------- a practice question


@bp.post("/courses/<course_id>/<item_id>/check")
@allow("everyone", check="view")
@same_origin
def check(course_id: str, item_id: str) -> Any:
    """Judge a practice answer, or release one more hint. A stranger's answer is written nowhere.

    A script gets the question alone, with the outline and the bar at the foot when the answer may
    change what is left to do; everybody else gets the lesson with the question answered.
    """
    if item_id not in catalog.course(course_id).course.by_id:
        return _check_retired(catalog.course(course_id), item_id)
    live, _original = _lesson_of(course_id, item_id)
    desk = seated(course_id)
    live, lesson = _as_lesson(editions.read(live), item_id)
    if not may_read(live, lesson, desk):
        return turn_away(live, desk)
    question = catalog.practice_question(lesson, request.form.get("question", ""))
    first = desk is not None and not learning.practised(desk, lesson, question)
    view = _checked(live, lesson, question, desk)
    news = first and view.verdict is not None
    desk = seated(course_id) if news else desk
    if request.headers.get("X-Requested-With") != "fetch":
        tray = outline.html(live, lesson.id, desk)
        return _lesson(live, lesson, desk, tray, _footer(live, lesson, desk), view)
    key = _practice_key(live, lesson, view, locale())
    if view.essay is None:
        asked = "".join(_lessons.parts(key, lambda: _practice(live, lesson, view)))
    else:  # no two learners write the same, so it would only fill the shelf
        asked = _practice(live, lesson, view)
    if not news:
        return asked
    return asked + outline.html(live, lesson.id, desk) + _footer(live, lesson, desk)


def _check_retired(live: LiveCourse, item_id: str) -> Any:
    """An answer to a question of a lesson that is only kept: judged, and written nowhere."""
    found = retired(live, item_id)
    if found is None:
        raise NotFound("item", course=live.course.id, item=item_id)
    kept, lesson = _as_lesson(editions.read(found[0]), found[1].id)
    desk = seated(live.course.id)
    if not may_read(kept, lesson, desk):
        return turn_away(live, desk)
    question = catalog.practice_question(lesson, request.form.get("question", ""))
    view = _checked(kept, lesson, question, None)
    if request.headers.get("X-Requested-With") == "fetch":
        return _practice(kept, lesson, view)
    return _retired(live, item_id, desk, view)


def _practice_key(live: LiveCourse, lesson: Lesson, view: QuestionView, locale: str) -> Hashable:
    return ("practice", live.release_id, live.hash, lesson.id, live.course.preferred, locale, view)


def practised_again(
    live: LiveCourse, lesson: Lesson, desk: Desk, form: MultiDict[str, str], locale: str
) -> str | None:
    """A question answered once more, judged, remembered, and answered from the shelf.

    None, with nothing written, for everything else: a first answer, a hint, an unreadable answer.
    """
    question = catalog.practice_question(lesson, form.get("question", ""))
    if desk.enrollment_id is None or "hint" in form or "another" in form:
        return None
    if not learning.practised(desk, lesson, question):
        return None
    number = example_of(form)
    question, pattern = practice_example(question, number), question
    answer = read(question, given(question, practice_order(question), form.getlist("answer")))
    view = _asked(pattern, number, answer)
    view = with_hints(view, question, form.get("hints", 0, type=int))
    if not view.answered:
        return None
    judgement = _judged(view, question, score(question, answer))
    parts = _lessons.get(_practice_key(live, lesson, judgement, locale))
    if parts is None:
        return None
    with writing() as connection:
        learning.answer_practice_again(
            desk, live, lesson, question, answer, now=utcnow(), writing=connection
        )
    return "".join(parts)


def _practice(live: LiveCourse, lesson: Lesson, view: QuestionView) -> str:
    return render_template("learn/practice.html", course=live.course, lesson=lesson, question=view)


def _asked(pattern: Question, number: int = 0, answer: Answer | None = None) -> QuestionView:
    """A practice question; of one that varies, an example. All readers of one see the same."""
    question = practice_example(pattern, number)
    order = practice_order(question)
    view = ask(question, name=f"q-{question.id}", order=order, answer=answer)
    return replace(view, example=number) if pattern.vary else view


def _judged(view: QuestionView, question: Question, result: Score) -> QuestionView:
    found = judged(view, question, result, order=practice_order(question))
    return replace(compared(found, question), focus=True)


def _checked(
    live: LiveCourse, lesson: Lesson, pattern: Question, desk: Desk | None
) -> QuestionView:
    number = example_of(request.form)
    if "another" in request.form:
        return _asked(pattern, number)
    question = practice_example(pattern, number)
    hints = request.form.get("hints", 0, type=int) + ("hint" in request.form)
    answer: Answer | None = None
    try:
        answer = given(question, practice_order(question), request.form.getlist("answer"))
        answer = read(question, answer)
        view = with_hints(_asked(pattern, number, answer), question, hints)
        if "hint" in request.form:
            return view
        if not view.answered:
            return replace(view, error=_("Nothing was answered yet."))
        result = _score(live, lesson, question, desk, answer)
        return _judged(view, question, result)
    except Invalid as error:
        return _with_error(with_hints(_asked(pattern, number, answer), question, hints), error)


def _score(
    live: LiveCourse, lesson: Lesson, question: Question, desk: Desk | None, answer: Answer
) -> Score:
    if desk is None or desk.enrollment_id is None:
        return score(question, answer)
    now = utcnow()
    if learning.practised(desk, lesson, question):
        with writing() as connection:
            return learning.answer_practice_again(
                desk, live, lesson, question, answer, now=now, writing=connection
            )
    result = learning.answer_practice(desk.viewer.id, live, lesson, question, answer, now=now)
    db.session.commit()
    return result


def _with_error(view: QuestionView, error: MoocError) -> QuestionView:
    return replace(view, error=sentence(error))


# ------------------------------------------------------------------------------- how far one is


@bp.get("/courses/<course_id>/progress")
@allow("learner", check="view")
def progress(course_id: str) -> Any:
    live = catalog.course(course_id)
    desk = seated(course_id)
    live = editions.read(live)
    if desk is None:
        return sign_in_first()
    if desk.enrollment_id is None:
        return turn_away(live, desk)
    return render_template("learn/progress.html", **outline.report(live, desk))


@bp.get("/my")
@allow("learner")
def my() -> str:
    """My courses: the one to go on with, the others, the finished ones."""
    return render_template("learn/my.html", **outline.shelf(me().id))
