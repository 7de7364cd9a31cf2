"""What draw lines choose from: single questions, and cases, which are drawn whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from mooc.content.model import Draw, Pool, Question, Quiz
from mooc.content.reading import File

MOST_TRIED = 40
UNLIMITED = 3  # attempts that an unlimited quiz counts for in the size of its pools

Unit = tuple[Question, ...]


def units(questions: Iterable[Question]) -> tuple[Unit, ...]:
    """Questions that follow each other in one case belong together; all others stand alone."""
    numbered = enumerate(questions)
    groups = groupby(numbered, key=lambda one: one[1].case.id if one[1].case else one[0])
    return tuple(tuple(question for _, question in group) for _, group in groups)


def matching(draw: Draw, pool: Pool) -> tuple[Unit, ...]:
    """What a draw chooses from: units with all its tags and one of its levels in every question."""
    return tuple(
        unit
        for unit in units(pool.questions)
        if all(
            set(draw.tags) <= set(question.tags)
            and (not draw.levels or question.level in draw.levels)
            for question in unit
        )
    )


def reachable(sizes: Sequence[int], most: int) -> list[list[bool]]:
    """For each place in a row of units: which sums, up to `most`, those from there on can make."""
    row = [True] + [False] * most
    rows = [row]
    for size in reversed(sizes):
        row = [had or (total >= size and row[total - size]) for total, had in enumerate(row)]
        rows.append(row)
    return rows[::-1]


def fitting(candidates: Sequence[Unit], count: int) -> list[Unit]:
    """The units to draw: as many questions as asked for, the first in the row before the later.

    Where the units cannot add up to the number, the next smaller sum that they can make.
    """
    possible = reachable([len(unit) for unit in candidates], count)
    left = max(total for total, can in enumerate(possible[0]) if can)
    chosen: list[Unit] = []
    for unit, after in zip(candidates, possible[1:], strict=True):
        if len(unit) <= left and after[left - len(unit)]:
            chosen.append(unit)
            left -= len(unit)
    return chosen


def check_draws(quiz: Quiz, pools: dict[str, Pool], file: File) -> None:
    """One attempt never draws a question twice, so draws from one pool compete."""
    lines = [
        n for n, text in enumerate(file.lines, 1) if text.lstrip(" -*+").lower().startswith("draw")
    ]
    draws = [entry for entry in quiz.entries if isinstance(entry, Draw)]
    for index, draw in enumerate(draws):
        if draw.pool in pools:
            line = lines[index] if index < len(lines) else 1
            _check_draw(draw, draws, pools[draw.pool], quiz, (file, line))


def _check_draw(
    draw: Draw, draws: Sequence[Draw], pool: Pool, quiz: Quiz, place: tuple[File, int]
) -> None:
    file, line = place
    matched = matching(draw, pool)
    rivals = [
        other
        for other in draws
        if other.pool == draw.pool and _ids(matching(other, pool)) <= _ids(matched)
    ]
    largest = max(rival.count for rival in rivals)
    choice = [unit for unit in matched if len(unit) <= largest]
    ids = _ids(choice)
    wanted, times = sum(rival.count for rival in rivals), quiz.attempts or UNLIMITED
    if wanted > len(ids):
        message = f"draws {wanted} from {len(ids)} questions that fit"
        file.problem("Q121", line, 1, message, "Add questions to the pool, or draw fewer.")
    elif not _exact(choice, [rival.count for rival in rivals]):
        message = f"draws {wanted}, which the cases that fit cannot add up to in every order"
        file.problem("Q121", line, 1, message, "Add single questions to the pool, or draw others.")
    elif wanted * times > len(ids):
        file.problem(
            "W107",
            line,
            1,
            f"{times} attempts at {wanted} need {wanted * times} questions; {len(ids)} fit",
            "Add questions to the pool, or allow fewer attempts: a retake repeats questions.",
        )


def _ids(chosen: Iterable[Unit]) -> set[str]:
    return {question.id for unit in chosen for question in unit}


def _exact(choice: Sequence[Unit], counts: Sequence[int]) -> bool:
    """Whether draws one after the other find exactly their numbers, whatever the first ones took.

    With enough single questions nothing can go wrong. Beyond `MOST_TRIED` questions the ways to
    draw are too many to try, and each line is judged by itself.
    """
    sizes = sorted(len(unit) for unit in choice)
    if sizes.count(1) >= sum(counts):
        return True
    if len(counts) == 1 or sum(counts) > MOST_TRIED:
        return all(reachable(sizes, count)[0][count] for count in counts)
    return _always(tuple(sizes), tuple(counts))


@lru_cache(maxsize=1024)
def _always(sizes: tuple[int, ...], counts: tuple[int, ...]) -> bool:
    """Whether every way to draw the first number leaves enough for the others."""
    if not counts:
        return True
    rests = _rests(sizes, counts[0])
    return bool(rests) and all(_always(rest, counts[1:]) for rest in rests)


def _rests(sizes: tuple[int, ...], count: int) -> set[tuple[int, ...]]:
    """What can be left of units of these sizes, smallest first, once some made up the number."""
    if count == 0 or not sizes:
        return set() if count else {sizes}
    size, alike = sizes[0], sizes.count(sizes[0])
    found: set[tuple[int, ...]] = set()
    for taken in range(min(alike, count // size) + 1):
        for rest in _rests(sizes[alike:], count - taken * size):
            found.add((size,) * (alike - taken) + rest)
    return found
