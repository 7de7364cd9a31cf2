"""What of a question leaves the server: first only what asks, then, when released, what it was.

Templates see these values and never a `Question`, so that a key cannot slip into a page. Options
are named by their place in the order shown; their keys stay here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from werkzeug.datastructures import MultiDict

from mooc.content.model import Case, Choice, Choices, Cloze, Essay, Key, Pairs, Question, Survey
from mooc.content.questions import Answer, Score
from mooc.content.questions.essay import count_words
from mooc.web import slots
from mooc.web.slots import SlotView

State = Literal["right", "partly", "wrong", "empty", "waiting", "compare", "thanks"]
OptionState = Literal["", "right", "wrong", "missed", "neutral"]
MOST_EXAMPLES = 200  # of a parametrised question, so that the shelf of rendered ones stays small


@dataclass(frozen=True, slots=True)
class OptionView:
    """One row to tick. `state` and `feedback_html` are empty until released."""

    value: str
    html: str
    chosen: bool = False
    state: OptionState = ""
    feedback_html: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer came to; `percent` of the points, rounded down."""

    state: State
    percent: int
    feedback_html: tuple[str, ...] = ()
    explanation_html: str = ""
    accepted: tuple[str, ...] = ()  # for typed answers: what would have been right


@dataclass(frozen=True, slots=True)
class EssayView:
    """What an open question asks for, and how long the answer is. `levels_html` comes later."""

    least: int
    most: int
    criteria: tuple[tuple[str, int], ...]  # what is looked at, and for how many points
    words: int = 0
    levels_html: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        return self.least <= self.words <= self.most


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question on a page. `name` prefixes ids and fields, `number` is shown when above 0."""

    id: str
    name: str
    type: str
    language: str
    number: int
    title_html: str
    prompt_html: str
    points: int
    options: tuple[OptionView, ...] = ()
    typed: str = ""
    unit: str = ""
    slots: tuple[SlotView, ...] = ()
    heads_html: tuple[str, str] = ("", "")  # what stands above the two sides of a matching question
    pieces_html: tuple[str, ...] = ()  # the text around the slots of a cloze
    hints_html: tuple[str, ...] = ()
    hints_left: int = 0
    error: str = ""
    flagged: bool = False
    sequence: int = 0
    locked: bool = False  # shown as answered, no longer to be changed
    focus: bool = False  # the page was made to show this question's outcome
    verdict: Verdict | None = None
    several: bool = False  # of a survey: more than one may be ticked
    essay: EssayView | None = None
    case: Case | None = None
    example: int | None = None  # of a parametrised question: which of its many

    @property
    def multiple(self) -> bool:
        return self.type == "multiple" or self.several

    @property
    def answered(self) -> bool:
        if self.slots:
            return any(slot.filled for slot in self.slots)
        return bool(self.typed.strip()) or any(option.chosen for option in self.options)


def ask(
    question: Question,
    *,
    name: str,
    number: int = 0,
    order: Sequence[str] = (),
    answer: Answer | None = None,
) -> QuestionView:
    """The question as it is asked: without its key, feedback, explanation and hints."""
    key = question.key
    options: tuple[OptionView, ...] = ()
    if isinstance(key, Choices | Survey):
        chosen = set(answer or ())
        options = tuple(
            OptionView(str(place), option.html, chosen=option.key in chosen)
            for place, option in enumerate(_in_order(key, order))
        )
    return QuestionView(
        id=question.id,
        name=name,
        type=question.type,
        language=question.language,
        number=number,
        title_html=question.title_html,
        prompt_html=question.prompt_html,
        points=question.points,
        options=options,
        typed=answer if isinstance(answer, str) else "",
        unit=slots.unit_of(key),
        slots=_slots(key, order, answer if isinstance(answer, dict) else {}),
        heads_html=key.heads_html if isinstance(key, Pairs) else ("", ""),
        pieces_html=key.parts if isinstance(key, Cloze) else (),
        hints_left=len(question.hints_html),
        several=isinstance(key, Survey) and key.several,
        essay=_essay(key, answer) if isinstance(key, Essay) else None,
        case=question.case,
    )


def _essay(key: Essay, answer: Answer | None) -> EssayView:
    words = count_words(answer) if isinstance(answer, str) else 0
    criteria = tuple((one.name_html, one.points) for one in key.rubric)
    return EssayView(key.least, key.most, criteria, words)


def compared(view: QuestionView, question: Question) -> QuestionView:
    """An open question whose learner may now see how it is marked, and the model answer."""
    if view.verdict is None or view.verdict.state != "waiting" or view.essay is None:
        return view
    explained = replace(view.verdict, state="compare", explanation_html=question.explanation_html)
    rubric = question.key.rubric if isinstance(question.key, Essay) else ()
    levels = tuple(one.levels_html for one in rubric)
    return replace(view, verdict=explained, essay=replace(view.essay, levels_html=levels))


def in_cases(views: Iterable[QuestionView]) -> list[tuple[Case | None, list[QuestionView]]]:
    """Questions in order, those that follow each other in one case below its text.

    The text stands there once, even if only some of the questions are translated.
    """
    groups = groupby(views, key=lambda view: view.case.id if view.case else "")
    listed = [list(group) for _case, group in groups]
    return [(views[0].case, views) for views in listed]


def with_hints(view: QuestionView, question: Question, shown: int) -> QuestionView:
    """The first `shown` hints released."""
    shown = max(0, min(shown, len(question.hints_html)))
    return replace(
        view,
        hints_html=question.hints_html[:shown],
        hints_left=len(question.hints_html) - shown,
    )


def judged(
    view: QuestionView, question: Question, score: Score, *, order: Sequence[str] = ()
) -> QuestionView:
    """The question with everything released: verdict, right answers, feedback, explanation."""
    key = question.key
    options = view.options
    if isinstance(key, Choices):
        options = tuple(
            replace(
                row,
                state=_option_state(option, row.chosen),
                feedback_html=option.feedback_html if row.chosen else "",
            )
            for row, option in zip(view.options, _in_order(key, order), strict=True)
        )
    verdict = Verdict(
        state=_state(score),
        percent=int(score.credit * 100),
        feedback_html=() if options or score.parts else score.feedback_html,
        # A model answer waits until its learner has no more to write: see `compared`.
        explanation_html="" if isinstance(key, Essay) else question.explanation_html,
        accepted=slots.accepted(key),
    )
    filled = view.slots
    if (family := slots.FAMILIES.get(type(key))) is not None:
        filled = slots.judged(family, filled, key, order, score)
    return replace(view, options=options, slots=filled, verdict=verdict)


def _slots(key: Key, order: Sequence[str], answer: dict[str, str]) -> tuple[SlotView, ...]:
    family = slots.FAMILIES.get(type(key))
    return family.asked(key, order, answer) if family else ()


def _in_order(key: Choices | Survey, order: Sequence[str]) -> list[Choice]:
    by_key = {option.key: option for option in key.options}
    return [by_key[name] for name in order] if order else list(key.options)


def _state(score: Score) -> State:
    if not score.graded:
        return "thanks"
    if not score.answered:
        return "empty"
    if score.waiting:
        return "waiting"
    if score.credit == 1:
        return "right"
    return "partly" if score.credit else "wrong"


def _option_state(option: Choice, chosen: bool) -> OptionState:
    if option.correct is None:
        return "neutral"
    if option.correct:
        return "right" if chosen else "missed"
    return "wrong" if chosen else ""


def example_of(form: MultiDict[str, str]) -> int:
    """Which example of a parametrised question a form is about, or asks for."""
    number = form.get("example", 0, type=int)
    return (max(0, number) + ("another" in form)) % MOST_EXAMPLES
