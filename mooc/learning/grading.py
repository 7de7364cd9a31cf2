"""What a paper earned: exact fractions, question by question, no floats and no negative marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from mooc.content.model import Question
from mooc.content.questions import Answer, score
from mooc.content.questions.vary import instance
from mooc.errors import Invalid


@dataclass(frozen=True, slots=True)
class Line:
    """One question of a paper: which version, and the keys of its options in the order shown."""

    version: int
    question: str
    points: int
    options: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)  # of a parametrised question, as drawn

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Line:
        return cls(
            value["version"],
            value["question"],
            value["points"],
            tuple(value["options"]),
            value.get("values", {}),
        )


@dataclass(frozen=True, slots=True)
class Credit:
    """The share of its points (hundredths of a mark) that one answer earned, from 0 to 1.

    None while a person must read it first.
    """

    position: int
    version: int
    points: int
    share: Fraction | None


def grade(
    paper: Sequence[Line], questions: Mapping[int, Question], answers: Mapping[int, Answer]
) -> tuple[Credit, ...]:
    """Credit for each line of a paper. `answers` maps positions to answers; none earns nothing."""
    earned = []
    for position, line in enumerate(paper):
        answer = answers.get(position)
        share: Fraction | None = Fraction(0)
        if answer:
            try:
                found = score(instance(questions[line.version], line.values), answer)
                share = None if found.waiting else found.credit
            except Invalid:  # a number that is none was refused when saved; it earns nothing here
                share = Fraction(0)
        earned.append(Credit(position, line.version, line.points, share))
    return tuple(earned)


def waiting(earned: Sequence[Credit]) -> int:
    """How many answers a person must read before there is a score."""
    return sum(credit.share is None for credit in earned)


def total(earned: Sequence[Credit]) -> Fraction:
    """The share of all points earned, from 0 to 1. A paper without points counts as full.

    Of answers that wait nothing is known: they are left out, as if nobody had asked.
    """
    marked = [(credit.share, credit.points) for credit in earned if credit.share is not None]
    points = sum(worth for _, worth in marked)
    if points == 0:
        return Fraction(1)
    return sum((share * worth for share, worth in marked), Fraction(0)) / points
