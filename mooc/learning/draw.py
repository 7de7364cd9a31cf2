"""Which questions a learner sees, in which order, decided once per attempt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from mooc.content.drawing import fitting, matching, units
from mooc.content.model import Fixed, Pool, Question, Quiz
from mooc.content.questions import shown_order
from mooc.content.questions.vary import draw_values, instance


@dataclass(frozen=True, slots=True)
class Drawn:
    """One question of a paper. `options`: the keys of what is chosen from, as shown."""

    question: Question
    options: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)  # of a parametrised question


def draw(
    quiz: Quiz, pools: Mapping[str, Pool], seen: Mapping[str, int], seed: str
) -> tuple[Drawn, ...]:
    """The paper of one attempt. Same arguments, same paper.

    `seen` maps question ids to the number of the latest attempt that held them: questions never
    seen come first, then those not seen for longest; chance decides among equals. A case is drawn
    whole, and seen when one of its questions was. A pool that is too small, or whose cases do not
    add up to the number, gives what it can (the check warns the author long before).
    """
    random = Random(seed)  # noqa: S311 - fairness, not secrecy: the seed is a secret already
    used = {entry.question.id for entry in quiz.entries if isinstance(entry, Fixed)}
    questions: list[Question] = []
    for entry in quiz.entries:
        if isinstance(entry, Fixed):
            questions.append(entry.question)
            continue
        candidates = [
            unit
            for unit in matching(entry, pools[entry.pool])
            if not any(question.id in used for question in unit)
        ]
        random.shuffle(candidates)
        candidates.sort(key=lambda unit: max(seen.get(question.id, 0) for question in unit))
        chosen = [question for unit in fitting(candidates, entry.count) for question in unit]
        used.update(question.id for question in chosen)
        questions.extend(chosen)
    if quiz.shuffle in ("questions", "both"):
        whole = list(units(questions))
        random.shuffle(whole)
        questions = [question for unit in whole for question in unit]
    shuffle_options = quiz.shuffle in ("options", "both")
    return tuple(
        Drawn(q, shown_order(q, random, shuffle=shuffle_options), draw_values(q, random))
        for q in questions
    )


def practice_order(question: Question) -> tuple[str, ...]:
    """What `shown_order` gives in a lesson: for everybody the same, options as written.

    The seed is a secret of the course, since it covers the key.
    """
    random = Random(question.scoring_hash)  # noqa: S311 - fairness, not secrecy
    return shown_order(question, random, shuffle=False)


def practice_example(question: Question, number: int) -> Question:
    """A parametrised question as a lesson asks it: example 0 for everybody first, then others."""
    random = Random(f"{question.id}:{number}")  # noqa: S311 - the values are no secret
    return instance(question, draw_values(question, random))


def latest_seen(papers: Iterable[tuple[int, Sequence[str]]]) -> dict[str, int]:
    """Question id → number of the latest attempt that held it, from (number, question ids)."""
    seen: dict[str, int] = {}
    for number, ids in sorted(papers, key=lambda paper: paper[0]):
        seen.update(dict.fromkeys(ids, number))
    return seen
