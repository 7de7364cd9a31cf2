"""When two versions of a question are the same: one hash for its marking, one for its words."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from mooc.content.model import Choices, Numbers, Question
from mooc.content.questions.text import fold


def with_hashes(question: Question) -> Question:
    """The question with both hashes. Known wrong answers earn nothing, so they count as words."""
    return replace(
        question, scoring_hash=_digest(_scoring(question)), text_hash=_digest(_words(question))
    )


def _scoring(question: Question) -> object:
    key = question.key
    marks: object
    if isinstance(key, Choices):
        marks = [key.credit, sorted((o.key, str(o.correct), o.share) for o in key.options)]
    elif isinstance(key, Numbers):
        marks = sorted((a.low, a.high) for a in key.answers if a.correct)
    else:
        marks = sorted(
            (a.pattern, a.text if a.pattern else fold(a.text)) for a in key.answers if a.correct
        )
    return [question.type, question.points, marks]


def _words(question: Question) -> object:
    """Its words, and those of its translations if it has any."""
    own = _worded(question)
    if not question.wordings:
        return own
    return [own, *(_worded(question.in_language(words.language)) for words in question.wordings)]


def _worded(question: Question) -> object:
    key = question.key
    answers: list[object]
    if isinstance(key, Choices):
        answers = [[o.key, o.html, o.feedback_html] for o in key.options]
    elif isinstance(key, Numbers):
        answers = [key.unit, *key.other_units, *([a.source, a.feedback_html] for a in key.answers)]
    else:
        answers = [[a.text, a.feedback_html] for a in key.answers]
    return [
        question.language, question.title_html, question.prompt_html, answers,
        question.hints_html, question.explanation_html,
    ]  # fmt: skip


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
