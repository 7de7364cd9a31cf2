"""Whether a certificate is earned, as a tree of reasons that learner and admin both read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mooc.learning.progress import ItemState, Progress, Requirement, Requirements, item_complete

Code = Literal["certificate", "exception", "blocked", "purpose", "lesson", "quiz", "exam", "grade"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, met or not. `web` words `code` with `params`; a met root means: earned.

    Scores in `params` are exact fractions from 0 to 1, `needed` is in percent.
    """

    code: Code
    met: bool
    params: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[Reason, ...] = ()

    @property
    def missing(self) -> tuple[Reason, ...]:
        """The leaves that stand in the way."""
        if self.met:
            return ()
        if not self.parts:
            return (self,)
        return tuple(leaf for part in self.parts for leaf in part.missing)


def eligibility(
    agreed: Requirements,
    progress: Progress,
    *,
    purpose: str = "learn",
    blocked: bool = False,
    exception: bool = False,
) -> Reason:
    """Whether the certificate is earned, and every reason for it.

    A block beats everything. Staff and test enrollments never qualify, not even by exception. An
    exception stands in for whatever requirement is not met.
    """
    bars = []
    if blocked:
        bars.append(Reason("blocked", met=False))
    if purpose != "learn":
        bars.append(Reason("purpose", met=False, params={"purpose": purpose}))
    earned = _requirements(agreed, progress)
    if exception:
        earned = (Reason("exception", met=True),)
    parts = (*bars, *earned)
    return Reason("certificate", met=all(part.met for part in parts), parts=parts)


def _requirements(agreed: Requirements, progress: Progress) -> tuple[Reason, ...]:
    """One reason for each thing agreed at enrollment that the course still has."""
    missing = {entry.item for entry in progress.missing}
    parts = []
    for requirement in agreed.items:
        state = progress.items.get(requirement.item, ItemState())
        met = item_complete(requirement, state)
        if requirement.required and (met or requirement.item in missing):
            parts.append(_item(requirement, state, met))
    if progress.grade is not None:
        grade = {"score": progress.grade, "needed": agreed.pass_mark}
        parts.append(Reason("grade", met="" not in missing, params=grade))
    return tuple(parts)


def _item(requirement: Requirement, state: ItemState, met: bool) -> Reason:
    params: dict[str, Any] = {"item": requirement.item, "title": requirement.title}
    if requirement.kind != "lesson":
        params |= {
            "needed": requirement.pass_mark,
            "score": state.score if state.attempts else None,
            "attempts": state.attempts,
        }
    return Reason(requirement.kind, met=met, params=params)
