"""What changed in the questions of a course: keys, points, options, words, place, id."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from html import unescape
from typing import Any

from mooc.content.changes import Change, Severity, type_words
from mooc.content.model import Choice, Choices, Course, Lesson, Question

TAG = re.compile(r"<[^>]+>")
LONGEST = 80  # characters of an option that are shown
STATES = {True: "right", False: "wrong", None: "neutral"}
Private = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Placed:
    """A question and what holds it: "lesson claims", "pool basics"."""

    question: Question
    place: str

    @property
    def graded(self) -> bool:
        """Whether marks for it count."""
        return not self.place.startswith("lesson ")


def diff_questions(old: Course, new: Course, private: Private) -> Iterator[Change]:
    """Every question that is new, retired or another now."""
    before, after = _placed(old), _placed(new)
    renamed = _renamed(before, after)
    for question_id, now in after.items():
        was = before.get(question_id) or before.get(renamed.get(question_id, ""))
        if was is None:
            yield _change(now, "learners", f"new in {now.place}", verb="new")
            continue
        if question_id not in before:
            words = f"had the id {was.question.id}: for us it is another question now"
            yield _change(now, "learners", words)
        yield from _compared(was, now, private)
    files = {placed.question.path for placed in after.values()}
    for question_id, was in before.items():
        if question_id not in after and question_id not in renamed.values():
            path = was.question.path if was.question.path in files else "course.md"
            yield Change(
                path,
                1,
                f"question {question_id}",
                "retired",
                "learners",
                f"retired from {was.place}; what was recorded stays",
            )


def _placed(course: Course) -> dict[str, Placed]:
    found = {}
    for item in course.items:
        if isinstance(item, Lesson):
            questions, place = item.questions, f"lesson {item.id}"
        else:
            questions = tuple(e.question for e in item.entries if e.kind == "fixed")
            place = f"{'exam' if item.exam else 'quiz'} {item.id}"
        found.update({question.id: Placed(question, place) for question in questions})
    for pool in course.pools:
        found.update({each.id: Placed(each, f"pool {pool.id}") for each in pool.questions})
    return found


def _renamed(before: dict[str, Placed], after: dict[str, Placed]) -> dict[str, str]:
    """New id → old id of questions that are the same in all but that."""
    gone = {
        (was.question.scoring_hash, was.question.text_hash): question_id
        for question_id, was in before.items()
        if question_id not in after
    }
    same = ((now.question.scoring_hash, now.question.text_hash) for now in after.values())
    pairs = zip(after, same, strict=True)
    return {new: gone[key] for new, key in pairs if new not in before and key in gone}


def _change(
    now: Placed,
    severity: Severity,
    message: str,
    details: tuple[str, ...] = (),
    verb: Any = "changed",
) -> Change:
    question = now.question
    subject = f"question {question.id}"
    return Change(
        question.path or "course.md", question.line or 1, subject, verb, severity, message, details
    )


def _compared(was: Placed, now: Placed, private: Private) -> Iterator[Change]:
    old, new = was.question, now.question
    if was.place != now.place:
        yield _change(now, "learners", f"moved from {was.place} to {now.place}")
    if old.type != new.type:
        words = type_words(old.type, new.type)
        yield _change(now, "error" if old.id == new.id else "learners", words)
        return
    regrade: Severity = "regrade" if was.graded and now.graded else "learners"
    if old.points != new.points:
        words = f"counts {_points(new.points)} instead of {_points(old.points)}"
        yield _change(now, regrade, words)
    if old.scoring_hash != new.scoring_hash:
        details = (*_key_details(old.key, new.key), *_listed("values", old.vary, new.vary))
        if details or old.points == new.points:
            shown = () if private(new.path) else details
            yield _change(now, regrade, "its key changed", shown)
    if old.text_hash != new.text_hash:
        # An option more or less is another text too, and was told above.
        parts = list(_reworded(old, new))
        if parts or old.scoring_hash == new.scoring_hash:
            yield _change(now, "words", f"reworded: {', '.join(parts) or 'text'}")
    filters = [
        name for name in ("tags", "level", "sources") if getattr(old, name) != getattr(new, name)
    ]
    if filters:
        yield _change(now, "words", f"other {' and '.join(filters)}")


def _points(hundredths: int) -> str:
    text = f"{hundredths / 100:g}"
    return f"{text} point{'' if text == '1' else 's'}"


def _reworded(old: Question, new: Question) -> Iterator[str]:
    labels = {
        "title_html": "title",
        "prompt_html": "text",
        "hints_html": "hints",
        "explanation_html": "explanation",
    }
    for name, label in labels.items():
        if getattr(old, name) != getattr(new, name):
            yield label
    if old.case != new.case:
        yield "case"
    before, after = ({words.language: words for words in each.wordings} for each in (old, new))
    for language in sorted(before.keys() | after.keys()):
        if before.get(language) != after.get(language):
            yield f"in {language}"
    yield from _reworded_answers(old, new)


def _reworded_answers(old: Question, new: Question) -> Iterator[str]:
    if isinstance(old.key, Choices) and isinstance(new.key, Choices):
        before = {option.key: option for option in old.key.options}
        both = [(before[o.key], o) for o in new.key.options if o.key in before]
        worded = [one.key for was, one in both if was.html != one.html]
        if worded:
            yield f"option{'s' if len(worded) > 1 else ''} {', '.join(worded)}"
        if any(was.feedback_html != one.feedback_html for was, one in both):
            yield "feedback"
        order = [option.key for option in new.key.options if option.key in before]
        if order != [option.key for option in old.key.options if option.key in order]:
            yield "order of options"
    elif old.key != new.key and old.scoring_hash == new.scoring_hash:
        yield "answers or feedback"


# -------------------------------------------------------------------------------------------- keys


def _key_details(old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, Choices) and isinstance(new, Choices):
        yield from _choices(old, new)
        return
    if type(old) is not type(new):
        yield f"{_kind(old)} before, {_kind(new)} now"
        return
    for field in fields(new):
        was, now = getattr(old, field.name), getattr(new, field.name)
        if was == now or field.name.endswith("html"):
            continue
        if isinstance(now, tuple):
            yield from _listed(field.name.replace("_", " "), was, now)
        else:
            yield f"{field.name.replace('_', ' ')}: {_shown(was)} → {_shown(now)}"


def _choices(old: Choices, new: Choices) -> Iterator[str]:
    before = {option.key: option for option in old.options}
    after = {option.key: option for option in new.options}
    for key, option in after.items():
        was = before.get(key)
        if was is None:
            yield f"option {key} added, {STATES[option.correct]}: {_words(option)}"
        elif was.correct != option.correct:
            states = f"{STATES[was.correct]} → {STATES[option.correct]}"
            yield f"option {key}: {states}: {_words(option)}"
        elif was.share != option.share:
            yield f"option {key}: {was.share}% → {option.share}% of the points"
    for key in before.keys() - after.keys():
        yield f"option {key} removed, was {STATES[before[key].correct]}: {_words(before[key])}"
    if old.credit != new.credit:
        yield f"credit: {old.credit} → {new.credit}"


def _listed(name: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[str]:
    before, after = [_shown(each) for each in old], [_shown(each) for each in new]
    yield from (f"{name}: {each} added" for each in after if each not in before)
    yield from (f"{name}: {each} removed" for each in before if each not in after)
    if sorted(before) == sorted(after) and before != after:
        yield f"{name} in another order"


def _shown(value: Any) -> str:
    """A part of a key in short: what it says, without its feedback."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = []
        for field in fields(value):
            each = getattr(value, field.name)
            if field.name == "correct":
                parts += [] if each is True else ["neutral" if each is None else "known wrong"]
            elif each not in ("", (), False, None) and "feedback" not in field.name:
                parts.append(_shown(each))
        return " · ".join(parts)
    if isinstance(value, tuple | list):
        return ", ".join(map(_shown, value))
    return _cut(str(value))


def _words(option: Choice) -> str:
    return _cut(option.html)


def _cut(html: str) -> str:
    text = " ".join(unescape(TAG.sub("", html)).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _kind(key: Any) -> str:
    return str(getattr(key, "kind", type(key).__name__))
