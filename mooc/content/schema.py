"""What each header may say: strict types over texts, with mistakes in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from mooc.content.jurisdictions import CODES, suggestion

ID = re.compile(r"[a-z0-9][a-z0-9-]{1,59}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
DURATION = re.compile(r"(\d{1,6})\s*(s|m|h|d)|0")
BLOB = re.compile(r"[0-9a-f]{7,40}")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
RESERVED = ("progress", "certificate", "enroll", "leave", "glossary")


def _refuse(message: str, fix: str = "", code: str = "E107") -> PydanticCustomError:
    return PydanticCustomError("mooc", "{message}", {"message": message, "fix": fix, "code": code})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _refuse("should be one text", "Write the text after the colon.")
    return value.strip()


def _filled(value: object) -> str:
    if not (text := _text(value)):
        raise _refuse("is empty", "Write a text after the colon.")
    return text


def _identity(value: object) -> str:
    text = _text(value)
    if not ID.fullmatch(text):
        raise _refuse(f"{text!r} cannot be an id", "Use 2 to 60 of a-z, 0-9 and hyphens.", "E201")
    return text


def _number(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        text = _text(value)
        if not (text.isascii() and text.isdigit() and low <= int(text[:12]) <= high):
            raise _refuse(
                f"{text!r} is not a whole number from {low} to {high}", "Correct the number."
            )
        return int(text)

    return read


def _percent(value: object) -> int:
    return _number(0, 100)(_text(value).removesuffix("%").strip())


def _yes(value: object) -> bool:
    text = _text(value)
    if text not in ("yes", "no"):
        raise _refuse(f"{text!r} is neither yes nor no", "Write yes or no.")
    return text == "yes"


def _day(value: object) -> date:
    text = _text(value)
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise _refuse(
            f"{text!r} is not a date", "Write year-month-day, as in 2026-03-01."
        ) from None


def _duration(value: object) -> int:
    text = _text(value)
    found = DURATION.fullmatch(text)
    if not found:
        raise _refuse(f"{text!r} is not a time", "Write a number and s, m, h or d, as in 40m.")
    return int(found[1]) * SECONDS[found[2]] if found[1] else 0


def _attempts(value: object) -> int | None:
    text = _text(value)
    return None if text == "unlimited" else _number(1, 100)(text)


def _language(value: object) -> str:
    text = _text(value)
    if not LANGUAGE.fullmatch(text):
        raise _refuse(
            f"{text!r} is not a language tag", "Write a BCP 47 tag such as en, ru or zh-Hans."
        )
    return text


def _blob(value: object) -> str:
    text = _text(value)
    if not BLOB.fullmatch(text):
        raise _refuse(f"{text!r} is no hash of a file", "Let mooc translate --mark write it.")
    return text


def _listed(value: object) -> tuple[object, ...]:
    """A list, or one text for a list of one, with commas between several."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if not isinstance(value, list):
        raise _refuse("should be a list", "Write the values on lines that begin with a hyphen.")
    return tuple(value)


def _one_of(*words: str) -> BeforeValidator:
    def read(value: object) -> str:
        text = _text(value)
        if text not in words:
            near = get_close_matches(text, words, 1, 0.6)
            choice = f"Did you mean {near[0]}?" if near else f"Use one of: {', '.join(words)}."
            raise _refuse(f"{text!r} is not known here", choice)
        return text

    return BeforeValidator(read)


def _jurisdictions(value: object) -> tuple[str, ...]:
    codes = tuple(_text(code) for code in _listed(value))
    for code in codes:
        if code not in CODES:
            raise _refuse(f"{code!r} is no jurisdiction known here", suggestion(code), "E312")
    return codes


Text = Annotated[str, BeforeValidator(_text)]
Filled = Annotated[str, BeforeValidator(_filled)]
Id = Annotated[str, BeforeValidator(_identity)]
Yes = Annotated[bool, BeforeValidator(_yes)]
Day = Annotated[date | None, BeforeValidator(_day)]
Percent = Annotated[int, BeforeValidator(_percent)]
Duration = Annotated[int, BeforeValidator(_duration)]
Texts = Annotated[tuple[Filled, ...], BeforeValidator(_listed)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_listed)]
Jurisdictions = Annotated[tuple[str, ...], BeforeValidator(_jurisdictions)]


class _Header(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Translation(_Header):
    """What a translation has in its header besides what its source has."""

    source: Annotated[str, BeforeValidator(_blob)] = ""


class Instructor(_Header):
    name: Filled
    role: Text = ""


class CourseHeader(_Header):
    id: Id
    title: Filled
    language: Annotated[str, BeforeValidator(_language)]
    summary: Filled
    level: Annotated[
        Literal["introductory", "intermediate", "advanced"],
        _one_of("introductory", "intermediate", "advanced"),
    ] = "introductory"
    hours: Text = ""
    subjects: Texts = ()
    license: Text = ""
    instructors: Annotated[tuple[Instructor, ...], BeforeValidator(_listed)] = ()
    prerequisites: Ids = ()
    pass_mark: Percent = 70
    certificate: Text = "default"
    cover: Text = ""
    law_as_of: Day = None
    review_by: Day = None
    aliases: Ids = ()


class LessonHeader(_Header):
    id: Id
    title: Filled
    minutes: Annotated[int, BeforeValidator(_number(1, 10_000))] = 0
    required: Yes = True
    complete: Annotated[
        Literal["read", "questions", "read and questions"],
        _one_of("read", "questions", "read and questions"),
    ] = "read"
    law_as_of: Day = None
    review_by: Day = None
    jurisdictions: Jurisdictions = ()
    aliases: Ids = ()


class QuizHeader(_Header):
    id: Id
    title: Filled
    kind: Literal["quiz", "exam"]
    required: Yes = True
    weight: Annotated[int, BeforeValidator(_number(0, 1000))] = 1
    pass_mark: Annotated[int | None, BeforeValidator(_percent)] = None
    attempts: Annotated[int | None, BeforeValidator(_attempts)] = None
    wait: Duration = 0
    time_limit: Annotated[int | None, BeforeValidator(_duration)] = None
    keep: Annotated[
        Literal["best", "last", "first", "average"], _one_of("best", "last", "first", "average")
    ] = "best"
    shuffle: Annotated[
        Literal["options", "questions", "both", "none"],
        _one_of("options", "questions", "both", "none"),
    ] = "options"
    feedback: Annotated[
        Literal["immediate", "after attempt", "after pass", "never"],
        _one_of("immediate", "after attempt", "after pass", "never"),
    ] = "after attempt"
    hint_cost: Percent = 0
    pledge: Yes = False
    aliases: Ids = ()


class PoolHeader(_Header):
    id: Id
    title: Filled
    kind: Literal["pool"]


class OverlayHeader(_Header):
    overlay: Id


Header = CourseHeader | LessonHeader | QuizHeader | PoolHeader | OverlayHeader
SCHEMAS: dict[str, type[Header]] = {
    "course": CourseHeader,
    "lesson": LessonHeader,
    "quiz": QuizHeader,
    "exam": QuizHeader,
    "pool": PoolHeader,
    "overlay": OverlayHeader,
}  # fmt: skip


class CourseTranslation(CourseHeader, Translation):
    pass


class LessonTranslation(LessonHeader, Translation):
    pass


class QuizTranslation(QuizHeader, Translation):
    pass


class PoolTranslation(PoolHeader, Translation):
    pass


TRANSLATIONS: dict[str, type[Translation]] = {
    "course": CourseTranslation,
    "lesson": LessonTranslation,
    "quiz": QuizTranslation,
    "exam": QuizTranslation,
    "pool": PoolTranslation,
    "list": Translation,
}
# What a translation may say in words of its own; every other key is a setting of the source.
TRANSLATED = ("title", "summary", "hours", "subjects", "instructors", "source", "language")
