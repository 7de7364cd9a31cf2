"""Checks that need the whole course: names used twice, what nothing leads to, pools, dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mooc.content.drawing import check_draws
from mooc.content.model import Choices, Course, Lesson, Question, Quiz
from mooc.content.schema import RESERVED, LessonHeader, QuizHeader
from mooc.content.survey import Surveyed

ENOUGH = 4  # single questions in one file before a habit of placing the key can be seen


def check_files(found: dict[str, Surveyed], listed: Iterable[str]) -> None:
    """Ids of files, and files that no outline links to."""
    taken: dict[str, str] = {}
    shown = set(listed)
    for path, item in found.items():
        if item.kind == "course":
            continue
        line = _line(item, "id")
        if item.id in RESERVED and item.kind != "pool":
            item.file.problem(
                "E203",
                line,
                1,
                f"the id {item.id!r} is an address of the site",
                "Choose another id.",
            )
        if item.id and item.id in taken:
            item.file.problem(
                "E202",
                line,
                1,
                f"the id {item.id!r} is used by {taken[item.id]} too",
                "Give one of them another id.",
            )
        taken.setdefault(item.id, path)
        if (
            shown
            and path not in shown
            and item.kind in ("lesson", "quiz", "exam")
            and "course.md" in found
        ):
            item.file.problem(
                "E213",
                1,
                1,
                "the outline does not link to this file",
                "Add it to ## Outline in course.md, or delete it.",
            )
    _check_aliases(found, taken)


def _check_aliases(found: dict[str, Surveyed], taken: dict[str, str]) -> None:
    seen = dict(taken)
    for path, item in found.items():
        if not isinstance(item.header, (LessonHeader, QuizHeader)):
            continue
        for alias in item.header.aliases:
            if alias in RESERVED or alias in seen:
                item.file.problem(
                    "E204",
                    _line(item, "aliases"),
                    1,
                    f"the alias {alias!r} is taken",
                    "An alias is an old id that nothing uses any more.",
                )
            seen.setdefault(alias, path)


def check_course(course: Course, found: dict[str, Surveyed], today: date) -> None:
    """Questions used twice, pools too small, keys always in one place, dates passed."""
    _check_question_ids(course, found)
    pools = {pool.id: pool for pool in course.pools}
    for item in course.items:
        if isinstance(item, Quiz):
            check_draws(item, pools, found[item.path].file)
    _check_key_places(course, found)
    _check_dates(course, found, today)


def _check_question_ids(course: Course, found: dict[str, Surveyed]) -> None:
    seen: dict[str, Question] = {}
    cases: dict[str, Question] = {}
    for question in course.questions():
        if question.case:
            told = cases.setdefault(question.case.id, question)
            if told.case is not question.case:
                cases[question.case.id] = question
                found[question.path].file.problem(
                    "Q160",
                    question.line,
                    1,
                    f"the case id {question.case.id!r} is used in {told.path} too",
                    "Give one of them another id.",
                )
        first = seen.setdefault(question.id, question)
        if first is not question:
            found[question.path].file.problem(
                "E225",
                question.line,
                1,
                f"the question id {question.id!r} is used in {first.path} line {first.line} too",
                "Give one of them another id.",
            )


def _check_key_places(course: Course, found: dict[str, Surveyed]) -> None:
    by_path: dict[str, list[Question]] = {}
    for question in course.questions():
        if question.type == "single" and isinstance(question.key, Choices):
            by_path.setdefault(question.path, []).append(question)
    for path, questions in by_path.items():
        places = {_key_place(question) for question in questions}
        if len(questions) >= ENOUGH and len(places) == 1:
            number = next(iter(places)) + 1
            found[path].file.problem(
                "W102",
                questions[0].line,
                1,
                f"in all {len(questions)} questions option {number} is the right one",
                "Move the right options about.",
            )


def _key_place(question: Question) -> int:
    assert isinstance(question.key, Choices)  # noqa: S101
    return next((at for at, option in enumerate(question.key.options) if option.correct), 0)


def _check_dates(course: Course, found: dict[str, Surveyed], today: date) -> None:
    dated: list[tuple[str, date | None, date | None]] = [
        ("course.md", course.law_as_of, course.review_by)
    ]
    dated += [
        (item.path, item.law_as_of, item.review_by)
        for item in course.items
        if isinstance(item, Lesson)
    ]
    for path, as_of, review_by in dated:
        item = found[path]
        if as_of and review_by and review_by <= as_of:
            item.file.problem(
                "L103",
                _line(item, "review_by"),
                1,
                "the review is due before the state of the law described",
                "Exchange or correct the dates.",
            )
        elif review_by and review_by < today:
            item.file.problem(
                "L101",
                _line(item, "review_by"),
                1,
                f"was to be reviewed by {review_by}",
                "Review it, then set a new date.",
            )
        if as_of and as_of > today:
            item.file.problem(
                "L102",
                _line(item, "law_as_of"),
                1,
                f"{as_of} is in the future",
                "Write the date of the law that the text describes.",
            )


def _line(item: Surveyed, key: str) -> int:
    """The line of a key in a header."""
    return next((n for n, text in enumerate(item.file.lines, 1) if text.startswith(key + ":")), 1)
