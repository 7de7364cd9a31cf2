"""What forms send, as answers: places in the order shown become keys, and texts are measured."""

from __future__ import annotations

from collections.abc import Sequence

from mooc.content.questions.result import MAX_TEXT, Answer
from mooc.errors import Invalid


def keys_at(order: Sequence[str], values: Sequence[str]) -> list[str]:
    """The keys of the places sent, each once, in the order shown. Raises Invalid."""
    places = sorted({_place(value, len(order)) for value in values if value})
    return [order[place] for place in places]


def key_at(order: Sequence[str], value: str) -> str:
    """The key of one place. Raises Invalid."""
    return order[_place(value, len(order))]


def _place(value: str, options: int) -> int:
    if not value.isascii() or not value.isdecimal() or len(value) > 6 or int(value) >= options:
        raise Invalid("answer.unknown_option")
    return int(value)


def one_text(values: Sequence[str], limit: int = MAX_TEXT) -> str:
    """The text of a field, as it was typed. Raises Invalid when it is longer than any may be."""
    text = values[0] if values else ""
    if len(text) > limit:
        raise Invalid("answer.too_long", limit=limit)
    return text


def slots(values: Sequence[str], count: int) -> Sequence[str]:
    """The values of a question's slots, in the order shown. Raises Invalid when there are more."""
    if len(values) > count:
        raise Invalid("answer.unknown_option")
    return values


def as_text(answer: Answer) -> str:
    """A stored answer as the text that was typed. Raises Invalid for one of another shape."""
    if not isinstance(answer, str):
        if not answer:
            return ""
        raise Invalid("answer.unknown_option")
    return answer


def as_keys(answer: Answer) -> list[str]:
    """A stored answer as the keys that were chosen. Raises Invalid for one of another shape."""
    if not isinstance(answer, list):
        if not answer:
            return []
        raise Invalid("answer.unknown_option")
    return answer


def as_slots(answer: Answer) -> dict[str, str]:
    """A stored answer as slots with what is in them. Raises Invalid for one of another shape."""
    if not isinstance(answer, dict):
        if not answer:
            return {}
        raise Invalid("answer.unknown_option")
    return answer
