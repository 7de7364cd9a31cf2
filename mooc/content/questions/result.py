"""What marking an answer yields."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Answer = list[str] | str  # keys of options, or what was typed


@dataclass(frozen=True, slots=True)
class Score:
    """`credit` is the share of the question's points, from 0 to 1, exact.

    `feedback` names the chosen options, or the known answer that was typed; `feedback_html` is what
    the author says to that. Both are secret until the quiz's policy releases them.
    """

    credit: Fraction
    feedback: tuple[str, ...] = ()
    feedback_html: tuple[str, ...] = ()
    answered: bool = True
