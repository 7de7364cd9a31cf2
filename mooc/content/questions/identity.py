"""When two versions of a question are the same: one hash for its marking, one for its words."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from mooc.content.model import Question
from mooc.content.questions.families import of


def with_hashes(question: Question) -> Question:
    """The question with both hashes. Known wrong answers earn nothing, so they count as words."""
    return replace(
        question, scoring_hash=_digest(_scoring(question)), text_hash=_digest(_words(question))
    )


def _scoring(question: Question) -> object:
    marks = [question.type, question.points, of(question).scoring(question.key)]
    if question.vary:
        marks.append(sorted((v.name, v.type, v.low, v.high) for v in question.vary))
    return marks


def _words(question: Question) -> object:
    """Its words, and those of its translations if it has any."""
    own = _worded(question)
    if not question.wordings:
        return own
    return [own, *(_worded(question.in_language(words.language)) for words in question.wordings)]


def _worded(question: Question) -> object:
    words = [
        question.language, question.title_html, question.prompt_html,
        of(question).words(question.key), question.hints_html, question.explanation_html,
    ]  # fmt: skip
    if question.case:
        words.append([question.case.title_html, question.case.html])
    return words


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
