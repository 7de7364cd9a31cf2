"""A question with everything its author wrote, and how an answer to it is scored, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from mooc.content.model import (
    Choice,
    Choices,
    Dates,
    Formulas,
    Key,
    Numbers,
    NumericAnswer,
    Question,
    TextAnswer,
    Texts,
)
from mooc.content.questions import Answer, Score, given, read, score
from mooc.content.questions.result import PartState
from mooc.content.reading import File
from mooc.errors import Invalid
from mooc.learning.draw import practice_example, practice_order
from mooc.web.i18n import _, sentence
from mooc.web.preview.committed import Change, Committed
from mooc.web.preview.places import Places, marker_of, places
from mooc.web.questions import QuestionView, ask, judged, with_hints

State = Literal["right", "wrong", "neutral"]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One answer as written. `html` is sanitised, `text` is plain; one of them is filled."""

    state: State
    line: int = 0
    html: str = ""
    text: str = ""
    name: str = ""  # how it is known in stored answers
    note: str = ""
    feedback_html: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What one option, gap or row did to the credit."""

    text: str
    html: str = ""
    chosen: bool = False
    state: PartState | None = None  # of a slot
    change: Fraction | None = None  # of an option


@dataclass(frozen=True, slots=True)
class Result:
    """What an answer came to. `matched` names the known answers that it was taken for."""

    score: Score
    points: Fraction
    of: Fraction
    matched: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def percent(self) -> str:
        """Of the points, to two places where it is no whole number."""
        return f"{float(self.score.credit * 100):.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Example:
    """Something the author says is accepted or rejected, and what it earns."""

    text: str
    accepted: bool
    credit: Fraction


@dataclass(frozen=True, slots=True)
class Review:
    """All a reviewer sees of a question. `question` is an example of one that varies."""

    question: Question
    view: QuestionView
    key: tuple[KeyRow, ...]
    places: Places
    examples: tuple[Example, ...]
    change: Change | None
    result: Result | None = None


def review(
    question: Question,
    file: File,
    committed: Committed | None,
    *,
    order: Sequence[str] = (),
    values: Sequence[str] | None = None,
    hints: int = 0,
    example: int = 0,
) -> Review:
    """The question for reviewers; with the `values` a form sent, judged."""
    view, result = tried(question, order=order, values=values, hints=hints, example=example)
    where = places(file, question.line)
    asked = practice_example(question, example)
    return Review(
        question=asked,
        view=view,
        key=tuple(_key_rows(question.key, asked.key, where)),
        places=where,
        examples=_examples(asked, file),
        change=committed.change(question) if committed else None,
        result=result,
    )


def tried(
    question: Question,
    *,
    order: Sequence[str] = (),
    values: Sequence[str] | None = None,
    hints: int = 0,
    example: int = 0,
) -> tuple[QuestionView, Result | None]:
    """The question as a learner sees it, after `values` were sent if any, and how it was scored.

    One that varies is shown with the values of an example, as in a lesson.
    """
    view, result = _tried(practice_example(question, example), order, values, hints)
    return replace(view, example=example if question.vary else None), result


def _tried(
    question: Question, order: Sequence[str], values: Sequence[str] | None, hints: int
) -> tuple[QuestionView, Result | None]:
    shown = tuple(order) or practice_order(question)
    view = with_hints(_asked(question, shown, None), question, hints)
    if values is None:
        return view, None
    answer: Answer | None = None
    try:
        answer = given(question, shown, values)
        answer = read(question, answer)
        view = with_hints(_asked(question, shown, answer), question, hints)
        if not view.answered:
            return replace(view, error=_("Nothing was answered yet.")), None
        found = score(question, answer)
    except Invalid as error:
        view = with_hints(_asked(question, shown, answer), question, hints)
        return replace(view, error=sentence(error)), None
    view = replace(judged(view, question, found, order=shown), focus=True)
    return view, _result(question, answer, found)


def _asked(question: Question, order: Sequence[str], answer: Answer | None) -> QuestionView:
    return ask(question, name=f"q-{question.id}", order=order, answer=answer)


# --------------------------------------------------------------------------------------- scoring


def _result(question: Question, answer: Answer, found: Score) -> Result:
    of = Fraction(question.points, 100)
    typed = isinstance(question.key, (Numbers, Texts))
    return Result(
        score=found,
        points=found.credit * of,
        of=of,
        matched=found.feedback if typed else (),
        steps=tuple(_steps(question, answer, found)),
    )


def _steps(question: Question, answer: Answer, found: Score) -> list[Step]:
    """What each option changes while all others stay as they are; what each slot came to."""
    key = question.key
    if not isinstance(key, Choices):
        return [
            Step(part.slot, chosen=part.state != "empty", state=part.state) for part in found.parts
        ]
    chosen = [answer] if isinstance(answer, str) else list(answer)
    steps = []
    for option in key.options:
        if question.type == "multiple":
            without = [name for name in chosen if name != option.key]
            one, other = _credit(question, [*without, option.key]), _credit(question, without)
        else:
            one, other = _credit(question, [option.key]), Fraction(0)
        taken = option.key in chosen
        steps.append(Step(option.key, html=option.html, chosen=taken, change=one - other))
    return steps


def _credit(question: Question, answer: Answer) -> Fraction:
    try:
        return score(question, answer).credit
    except Invalid:
        return Fraction(0)


def _examples(question: Question, file: File) -> tuple[Example, ...]:
    marker = marker_of(file, question.line)
    return tuple(
        Example(text, kind == "accept", _credit(question, text))
        for kind in ("accept", "reject")
        for text in marker.alternatives(kind)
    )


# ------------------------------------------------------------------------------------------ the key


def _key_rows(written: Key, key: Key, where: Places) -> list[KeyRow]:
    """The answers of a key; where they are computed, as written and what they come to here."""
    rows = ROWS.get(type(key), _of_any_kind)(key)
    if isinstance(written, Formulas) and isinstance(key, Dates | Numbers):
        here = [answer.source for answer in key.answers]
        rows = [
            replace(row, note=_("here %(value)s", value=value))
            for row, value in zip(_of_any_kind(written), here, strict=True)
        ]
    lines = where.items if len(where.items) == len(rows) else [where.heading] * len(rows)
    return [replace(row, line=line) for row, line in zip(rows, lines, strict=True)]


def _choice(option: Choice) -> KeyRow:
    return KeyRow(
        _state(option.correct),
        html=option.html,
        name=option.key,
        note=_("earns %(share)s %%", share=option.share) if option.share else "",
        feedback_html=option.feedback_html,
    )


def _number(answer: NumericAnswer) -> KeyRow:
    return KeyRow(
        _state(answer.correct),
        text=answer.source,
        note=_("from %(low)s to %(high)s", low=answer.low, high=answer.high),
        feedback_html=answer.feedback_html,
    )


def _text(answer: TextAnswer) -> KeyRow:
    note = _("a pattern for the whole answer") if answer.pattern else ""
    return KeyRow(
        _state(answer.correct),
        text=f"/{answer.text}/" if answer.pattern else answer.text,
        note=_("from a translation") if answer.elsewhere else note,
        feedback_html=answer.feedback_html,
    )


ROWS: Mapping[type, Callable[[Any], list[KeyRow]]] = {
    Choices: lambda key: [_choice(option) for option in key.options],
    Numbers: lambda key: [_number(answer) for answer in key.answers],
    Texts: lambda key: [_text(answer) for answer in key.answers],
}


def _of_any_kind(key: object) -> list[KeyRow]:
    """The parts of a key, whatever it is made of: each with its words and whether it is right."""
    rows = []
    for part in (part for value in _values(key).values() for part in _several(value)):
        held = _values(part)
        html = next((v for name, v in held.items() if name.endswith("html") and v), "")
        words = [str(v) for n, v in held.items() if isinstance(v, str) and v and "html" not in n]
        rows.append(
            KeyRow(
                _state(held.get("correct", True)),
                html=html if isinstance(html, str) else "",
                text=" · ".join(words),
                feedback_html=str(held.get("feedback_html", "")),
            )
        )
    return rows


def _values(part: object) -> dict[str, Any]:
    if not is_dataclass(part) or isinstance(part, type):
        return {"": str(part)}
    return {each.name: getattr(part, each.name) for each in fields(part)}


def _several(value: object) -> Iterable[object]:
    return value if isinstance(value, tuple) else ()


def _state(correct: bool | None) -> State:
    return "neutral" if correct is None else "right" if correct else "wrong"
