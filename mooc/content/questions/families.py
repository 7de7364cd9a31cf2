"""The one table of question types: which module knows what about which type and key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, get_args

from mooc.content.model import (
    Choices,
    Cloze,
    Dates,
    Essay,
    Formulas,
    Key,
    Numbers,
    Pairs,
    Question,
    QuestionType,
    Steps,
    Survey,
    Texts,
)
from mooc.content.questions import (
    choice,
    cloze,
    computed,
    date,
    essay,
    matching,
    numeric,
    ordering,
    survey,
    text,
)
from mooc.content.questions.draft import Draft
from mooc.content.questions.result import Answer, Chance, Score


class Family(Protocol):
    """What a module of this package says about the questions of its key. `key` is of that class."""

    @property
    def TYPED(self) -> bool:  # noqa: N802
        """Whether learners type one answer, which the marker may try."""

    @property
    def SETTINGS(self) -> tuple[str, ...]:  # noqa: N802
        """Which of the marker's `SPECIAL` settings mean something here."""

    def parse(self, question: Draft, kind: QuestionType, /) -> Any:
        """The key; None, with the reasons reported, when it cannot be marked."""

    def scoring(self, key: Any, /) -> object:
        """All that decides what an answer is worth, in no order an author might change."""

    def words(self, key: Any, /) -> object:
        """All else that a learner reads."""

    def differs(self, key: Any, other: Any, /) -> str:
        """Why a translated key cannot stand for this one; empty when it can."""

    def merged(self, key: Any, other: Any, /) -> Any:
        """The key, with what a translation accepts besides."""

    def reworded(self, key: Any, other: Any, /) -> Any:
        """A merged key with the words of a translation."""

    def shown_order(
        self, key: Any, kind: QuestionType, chance: Chance, /, *, shuffle: bool
    ) -> tuple[str, ...]:
        """The keys of what is chosen from, in the order to show."""

    def given(
        self, key: Any, kind: QuestionType, order: Sequence[str], values: Sequence[str], /
    ) -> Answer:
        """What a form sent, as it is stored. Invalid for what no form can send."""

    def read(self, key: Any, kind: QuestionType, answer: Answer, /) -> Answer:
        """The answer, tidied, if it is well formed. Invalid otherwise: it is asked for again."""

    def score(self, key: Any, kind: QuestionType, answer: Answer, /) -> Score:
        """What the answer is worth. Raises Invalid for answers that `read` would refuse."""


OF_TYPE: Mapping[QuestionType, Family] = {
    "single": choice,
    "multiple": choice,
    "true-false": choice,
    "numeric": numeric,
    "text": text,
    "date": date,
    "matching": matching,
    "ordering": ordering,
    "cloze": cloze,
    "open": essay,
    "survey": survey,
}
OF_KEY: Mapping[type[Any], Family] = {
    Choices: choice,
    Numbers: numeric,
    Texts: text,
    Dates: date,
    Pairs: matching,
    Steps: ordering,
    Cloze: cloze,
    Survey: survey,
    Essay: essay,
    Formulas: computed,
}

assert set(get_args(Key)) == set(OF_KEY)  # noqa: S101
assert set(get_args(QuestionType)) == set(OF_TYPE)  # noqa: S101


def parser(question: Draft, kind: QuestionType) -> Family:
    """Who reads the answers: whatever the type, expressions are computed."""
    if kind in computed.TYPES and any(computed.is_formula(item) for item in question.items):
        return computed
    return OF_TYPE[kind]


def of(question: Question) -> Family:
    """The family of a question."""
    return OF_KEY[type(question.key)]
