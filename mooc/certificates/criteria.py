"""What a course demanded, in words, frozen into the record in the course's language."""

from __future__ import annotations

from collections.abc import Container

from babel.lists import format_list
from babel.numbers import format_percent

from mooc.certificates.wording import Wording, wording
from mooc.learning.progress import Requirement, Requirements


def criteria_text(agreed: Requirements, live: Container[str], language: str) -> str:
    """Sentences such as “Complete 9 lessons. Pass “Final exam” with 70% or more.”

    What the course no longer has (is not `live`) was not demanded in the end and is left out.
    """
    words = wording(language)
    required = [each for each in agreed.items if each.required and each.item in live]
    quizzes = [each for each in required if each.kind != "lesson"]
    sentences = []
    if lessons := len(required) - len(quizzes):
        sentences.append(words.plural("lessons", lessons))
    for key, chosen in (
        ("pass", [each for each in quizzes if each.pass_mark is not None]),
        ("take", [each for each in quizzes if each.pass_mark is None]),
    ):
        if chosen:
            titles = [_titled(each, words) for each in chosen]
            sentences.append(words.text(key, items=format_list(titles, locale=words.locale)))
    if any(each.kind != "lesson" and each.weight for each in agreed.items if each.item in live):
        sentences.append(words.text("grade", mark=_percent(agreed.pass_mark, words)))
    return " ".join(sentences)


def _titled(item: Requirement, words: Wording) -> str:
    if item.pass_mark is None:
        return words.text("title", title=item.title)
    return words.text("marked", title=item.title, mark=_percent(item.pass_mark, words))


def _percent(value: int, words: Wording) -> str:
    return str(format_percent(value / 100, locale=words.locale))
