"""Two columns to match: each row of a table is a pair, and its right sides are the options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from mooc.content.markdown import render_inline
from mooc.content.model import Pair, Pairs, QuestionType, Target
from mooc.content.questions import sent
from mooc.content.questions.draft import Draft
from mooc.content.questions.folding import fold, key_of
from mooc.content.questions.result import Answer, Chance, Part, Score
from mooc.content.questions.rows import Cell, cells
from mooc.errors import Invalid

TYPED = False
SETTINGS: tuple[str, ...] = ()
NOBODY = ("-", "–", "—")  # on the left: nothing there takes what is on the right


def parse(question: Draft, _kind: QuestionType) -> Pairs | None:
    """The key; None, with the reasons reported, when there is nothing to match."""
    before = len(question.page.file.problems)
    heads, *rows = cells(question.answers, question.page)
    if len(heads) != 2:
        question.problem(
            "Q131",
            f"a table of {len(heads)} columns cannot be matched",
            "Write two columns: | what is asked | what belongs to it |.",
            heads[0].line,
            heads[0].column,
        )
        return None
    pairs: list[Pair] = []
    targets: dict[str, Target] = {}
    for left, right in (row[:2] for row in rows):
        target = _target(right, question)
        targets.setdefault(target.key, target)
        if left.words not in NOBODY:
            pairs.append(_pair(left, target, question))
    _check(question, pairs, targets, [row[0] for row in rows], heads[0])
    if any(p.severity == "error" for p in question.page.file.problems[before:]):
        return None
    shown = [render_inline(head.text, question.page) for head in heads]
    return Pairs(tuple(pairs), tuple(targets.values()), (shown[0], shown[1]))


def _target(cell: Cell, question: Draft) -> Target:
    _check_words(cell, question)
    key = cell.key or key_of(cell.words)
    return Target(key, render_inline(cell.text, question.page))


def _pair(cell: Cell, target: Target, question: Draft) -> Pair:
    _check_words(cell, question)
    key = cell.key or key_of(cell.words)
    return Pair(key, render_inline(cell.text, question.page), target.key)


def _check_words(cell: Cell, question: Draft) -> None:
    if not fold(cell.words):
        question.problem(
            "Q131",
            "an empty cell in a table to match",
            "Write its text; - on the left goes with a right side that nothing takes.",
            cell.line,
            cell.column,
        )


def _check(
    question: Draft,
    pairs: Sequence[Pair],
    targets: dict[str, Target],
    lefts: Sequence[Cell],
    head: Cell,
) -> None:
    if len(targets) < 2 or not pairs:
        question.problem(
            "Q109",
            "there is nothing to match",
            "Write at least two rows with different right sides.",
            head.line,
            head.column,
        )
    asked = [cell for cell in lefts if cell.words not in NOBODY]
    seen: set[str] = set()
    for pair, cell in zip(pairs, asked, strict=True):
        if pair.key in seen:
            question.problem(
                "Q107",
                f"two rows are known as {cell.key or cell.words!r}",
                "Give each a key of its own in the left cell: <!-- a -->.",
                cell.line,
                cell.column,
            )
        seen.add(pair.key)


def differs(key: Pairs, other: Pairs) -> str:
    """Why a translated key cannot stand for this one; empty when it can.

    Rows are known by their keys; right sides, which may have none, by the rows they belong to.
    """
    own, theirs = ({pair.key for pair in each.pairs} for each in (key, other))
    if own != theirs:
        odd = min(own ^ theirs)
        return f"the row {odd!r} is in one of the two only"
    if _groups(key) != _groups(other):
        return "its rows belong together otherwise than in the source"
    return "" if len(key.targets) == len(other.targets) else "it has not as many right sides"


def _groups(key: Pairs) -> set[frozenset[str]]:
    return {
        frozenset(pair.key for pair in key.pairs if pair.target == target.key)
        for target in key.targets
    }


def merged(key: Pairs, _other: Pairs) -> Pairs:
    """The key, to which a translation adds nothing."""
    return key


def reworded(key: Pairs, other: Pairs) -> Pairs:
    """The key with the words of a translation; what belongs to what is the key's own."""
    rows = {pair.key: pair for pair in other.pairs}
    said = {target.key: target for target in other.targets}
    spare = iter([t for t in other.targets if t.key not in {p.target for p in other.pairs}])
    taken = {pair.target: said[rows[pair.key].target] for pair in key.pairs}
    targets = tuple(
        replace(target, html=(taken.get(target.key) or next(spare)).html) for target in key.targets
    )
    pairs = tuple(replace(pair, html=rows[pair.key].html) for pair in key.pairs)
    return replace(key, pairs=pairs, targets=targets, heads_html=other.heads_html)


def scoring(key: Pairs) -> object:
    """What belongs to what, and what else there is to choose."""
    return [sorted((p.key, p.target) for p in key.pairs), sorted(t.key for t in key.targets)]


def words(key: Pairs) -> object:
    """The table as learners read it."""
    return [
        key.heads_html,
        *([p.key, p.html] for p in key.pairs),
        *([t.key, t.html] for t in key.targets),
    ]


def shown_order(
    key: Pairs, _kind: QuestionType, chance: Chance, *, shuffle: bool
) -> tuple[str, ...]:
    """The right sides, always shuffled: as written they would stand beside what they belong to."""
    del shuffle
    keys = [target.key for target in key.targets]
    chance.shuffle(keys)
    return tuple(keys)


def given(
    key: Pairs, _kind: QuestionType, order: Sequence[str], values: Sequence[str]
) -> dict[str, str]:
    """The right side chosen for each row, for those that have one."""
    filled = zip(key.pairs, sent.slots(values, len(key.pairs)), strict=False)
    return {pair.key: sent.key_at(order, value) for pair, value in filled if value}


def read(key: Pairs, _kind: QuestionType, answer: Answer) -> dict[str, str]:
    """The rows' choices in the table's order. Raises answer.unknown_option."""
    chosen = sent.as_slots(answer)
    rows, targets = {pair.key for pair in key.pairs}, {target.key for target in key.targets}
    if chosen.keys() - rows or set(chosen.values()) - targets:
        raise Invalid("answer.unknown_option")
    return {pair.key: chosen[pair.key] for pair in key.pairs if pair.key in chosen}


def score(key: Pairs, kind: QuestionType, answer: Answer) -> Score:
    """Each pair is worth as much as any other."""
    chosen = read(key, kind, answer)
    if not chosen:
        parts = tuple(Part(pair.key, "empty") for pair in key.pairs)
        return Score(Fraction(0), answered=False, parts=parts)
    parts = tuple(
        Part(
            pair.key,
            "empty"
            if pair.key not in chosen
            else "right"
            if chosen[pair.key] == pair.target
            else "wrong",
        )
        for pair in key.pairs
    )
    right = sum(part.state == "right" for part in parts)
    return Score(Fraction(right, len(parts)), parts=parts)
