"""How far a learner is, what is missing, what it was agreed to take: pure rules, no database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from mooc.content.model import Course, Lesson


@dataclass(frozen=True, slots=True)
class Requirement:
    """One item of the outline as it stood at enrollment. `pass_mark` in percent, None for none."""

    item: str
    kind: Literal["lesson", "quiz", "exam"]
    title: str
    required: bool
    weight: int = 0
    pass_mark: int | None = None
    complete: str = "read"
    attempts: int | None = None


@dataclass(frozen=True, slots=True)
class Requirements:
    """What earns the certificate, frozen when a learner enrolls: later edits raise no bar."""

    pass_mark: int
    items: tuple[Requirement, ...]

    def to_json(self) -> dict[str, Any]:
        """A JSON value for the enrollment row."""
        return {"pass_mark": self.pass_mark, "items": [asdict(item) for item in self.items]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Requirements:
        """The inverse of `to_json`."""
        items = tuple(Requirement(**item) for item in value["items"])
        return cls(pass_mark=value["pass_mark"], items=items)

    def renamed(self, present: Mapping[str, str]) -> Requirements:
        """The same with the present ids of items that were renamed since."""
        items = tuple(replace(one, item=present.get(one.item, one.item)) for one in self.items)
        return Requirements(self.pass_mark, items)

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON, in hex: printed into certificates."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ItemState:
    """What the facts say of one item. `score` is of the graded attempt that counts, from 0 to 1."""

    complete: bool = False
    score: Fraction | None = None
    attempts: int = 0  # closed ones


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing still to do: a lesson, a quiz, a better score, a better grade (`item` empty)."""

    item: str
    title: str
    reason: Literal["lesson", "quiz", "pass mark", "course grade"]
    score: Fraction | None = None
    needed: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` required items, the course grade (0 to 1, None without graded items)."""

    items: Mapping[str, ItemState]
    done: int
    total: int
    grade: Fraction | None
    missing: tuple[Missing, ...]

    @property
    def passed(self) -> bool:
        """Whether everything that earns the certificate is there."""
        return not self.missing


def requirements(course: Course) -> Requirements:
    """What a learner who enrolls in this release agrees to."""
    items = []
    for item in course.items:
        if isinstance(item, Lesson):
            items.append(
                Requirement(
                    item=item.id,
                    kind="lesson",
                    title=item.title,
                    required=item.required,
                    complete=item.complete,
                )
            )
        else:
            items.append(
                Requirement(
                    item=item.id,
                    kind="exam" if item.exam else "quiz",
                    title=item.title,
                    required=item.required,
                    weight=item.weight,
                    pass_mark=item.pass_mark,
                    attempts=item.attempts,
                )
            )
    return Requirements(pass_mark=course.pass_mark, items=tuple(items))


def course_grade(agreed: Requirements, states: Mapping[str, ItemState]) -> Fraction | None:
    """The weighted mean of all graded items, an untaken required one counting 0.

    An optional quiz that was never taken has no say. None when nothing of the course is graded.
    """
    total, weight = Fraction(0), 0
    for item in agreed.items:
        if item.kind == "lesson" or item.weight == 0:
            continue
        score = states.get(item.item, ItemState()).score
        if score is None and not item.required:
            continue
        total += item.weight * (score or Fraction(0))
        weight += item.weight
    return total / weight if weight else None


def progress(
    agreed: Requirements, states: Mapping[str, ItemState], live: Mapping[str, object]
) -> Progress:
    """Progress against what was agreed; items no longer `live` (retired) are no longer required."""
    required = [item for item in agreed.items if item.required and item.item in live]
    missing = []
    for item in required:
        state = states.get(item.item, ItemState())
        if item_complete(item, state):
            continue
        if item.kind == "lesson":
            missing.append(Missing(item.item, item.title, "lesson"))
        elif state.attempts == 0 or item.pass_mark is None:
            missing.append(Missing(item.item, item.title, "quiz", None, item.pass_mark))
        else:
            missing.append(Missing(item.item, item.title, "pass mark", state.score, item.pass_mark))
    present = Requirements(
        agreed.pass_mark, tuple(item for item in agreed.items if item.item in live)
    )
    grade = course_grade(present, states)
    if grade is not None and grade * 100 < agreed.pass_mark:
        missing.append(Missing("", "", "course grade", grade, agreed.pass_mark))
    done = sum(item_complete(item, states.get(item.item, ItemState())) for item in required)
    return Progress(
        items=dict(states), done=done, total=len(required), grade=grade, missing=tuple(missing)
    )


def item_complete(item: Requirement, state: ItemState) -> bool:
    """A lesson by its own rule; a quiz by its pass mark, or by one closed attempt without one."""
    if item.kind == "lesson":
        return state.complete
    if item.pass_mark is None:
        return state.attempts > 0
    return state.score is not None and state.score * 100 >= item.pass_mark
