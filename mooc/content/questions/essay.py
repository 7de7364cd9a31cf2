"""Open questions: a text that a person marks by a rubric, with a model answer to compare with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from mooc.content.markdown import render_inline
from mooc.content.model import Criterion, Essay, QuestionType
from mooc.content.questions import sent
from mooc.content.questions.draft import Draft
from mooc.content.questions.result import Answer, Chance, Score
from mooc.content.questions.rows import Cell, cells

TYPED = False
SETTINGS: tuple[str, ...] = ()
MAX_WORDS = 2_000
MAX_ESSAY = 20_000  # characters
RANGE = re.compile(r"(\d{1,4})\s*[-–]\s*(\d{1,4})", re.ASCII)
REVIEW = re.compile(r"staff|peer\s+([2-9])", re.ASCII)
NUMBER = re.compile(r"\d{1,4}(?:\.\d{1,2})?", re.ASCII)
HAN = "\u3040-\u30ff\u3400-\u9fff"  # written without spaces: each character counts
# static/js/words.js counts the same way.
WORD = re.compile(rf"[{HAN}]|[^\W_{HAN}]+(?:['’-][^\W_{HAN}]+)*")


def count_words(text: str) -> int:
    """How many words a text has."""
    return len(WORD.findall(text))


def parse(question: Draft, _kind: QuestionType) -> Essay | None:
    """The key; None, with the reasons reported, when nobody could mark by it."""
    before = len(question.page.file.problems)
    least, most = _range(question)
    peers = _peers(question)
    rubric = _rubric(question)
    if not question.explanation:
        fix = "End the question with > [!NOTE] and an answer that would get full marks."
        question.problem("W124", "an open question without a model answer", fix)
    if any(p.severity == "error" for p in question.page.file.problems[before:]):
        return None
    return Essay(least, most, peers, rubric)


def _range(question: Draft) -> tuple[int, int]:
    text = question.marker.text("words")
    found = RANGE.fullmatch(text)
    least, most = (int(found[1]), int(found[2])) if found else (0, 0)
    if not found or not 0 < least <= most <= MAX_WORDS:
        message = f"cannot read the number of words {text!r}" if text else "words: is missing"
        fix = f"Write words: 150-400, with at most {MAX_WORDS:,}."
        question.marker.problem("Q154", message, fix, text or "open")
    return least, most


def _peers(question: Draft) -> int:
    """How many others read an answer; 0 when staff do."""
    text = question.marker.text("review")
    found = REVIEW.fullmatch(text or "staff")
    if not found:
        fix = "Write review: staff, or review: peer 3 (2 to 9)."
        question.marker.problem("Q154", f"nobody marks as {text!r} says", fix, text)
        return 0
    return int(found[1] or 0)


def _rubric(question: Draft) -> tuple[Criterion, ...]:
    """The criteria. Their points must be those of the question, which its reviewers see."""
    rows = cells(question.answers, question.page) if question.answers else []
    if len(rows) < 2 or len(rows[0]) != 3:
        fix = "Add a table: | Criterion | Points | Levels |, one criterion in each row."
        question.problem("Q155", "an open question without a rubric of three columns", fix)
        return ()
    found = tuple(_criterion(row, question) for row in rows[1:])
    total = sum(one.points for one in found)
    if all(one.points for one in found) and total != question.points:
        message = f"the rubric gives {total / 100:g} points, the heading {question.points / 100:g}"
        question.problem("Q155", message, f"Write ({total / 100:g} points) in the heading.")
    return found


def _criterion(row: Sequence[Cell], question: Draft) -> Criterion:
    name, points, levels = row
    number = NUMBER.fullmatch(points.words)
    if not number or not float(number[0]) or not name.words:
        fix = "Write its name, then a number of points above 0."
        message = f"a criterion of {points.words!r} points"
        question.problem("Q155", message, fix, points.line, points.column)
    return Criterion(
        render_inline(name.text, question.page),
        round(float(number[0]) * 100) if number else 0,
        render_inline(levels.text, question.page),
    )


def differs(key: Essay, other: Essay) -> str:
    """Why a translated key cannot stand for this one; empty when it can."""
    same = [one.points for one in key.rubric] == [one.points for one in other.rubric]
    return "" if same else "the points of its rubric are not those of the source"


def merged(key: Essay, _other: Essay) -> Essay:
    """The key, to which a translation adds nothing."""
    return key


def reworded(key: Essay, other: Essay) -> Essay:
    """The key with the rubric as a translation words it."""
    return replace(key, rubric=other.rubric)


def scoring(key: Essay) -> object:
    """The points of each criterion."""
    return [one.points for one in key.rubric]


def words(key: Essay) -> object:
    """How long it is to be, who reads it, and the rubric."""
    rubric = [[one.name_html, one.levels_html] for one in key.rubric]
    return [key.least, key.most, key.peers, rubric]


def shown_order(
    _key: Essay, _kind: QuestionType, _chance: Chance, *, shuffle: bool
) -> tuple[str, ...]:
    """Nothing is chosen from."""
    del shuffle
    return ()


def given(_key: Essay, _kind: QuestionType, _order: Sequence[str], values: Sequence[str]) -> str:
    """What was written."""
    return sent.one_text(values, MAX_ESSAY)


def read(_key: Essay, _kind: QuestionType, answer: Answer) -> str:
    """What was written, of whatever length: too short or too long is for its reader to judge."""
    return sent.one_text([sent.as_text(answer).strip()], MAX_ESSAY)


def score(key: Essay, kind: QuestionType, answer: Answer) -> Score:
    """Nothing yet: a person must read it. An empty answer needs no reader."""
    if not count_words(read(key, kind, answer)):
        return Score(Fraction(0), answered=False)
    return Score(Fraction(0), waiting=True)
