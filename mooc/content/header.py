"""Headers: YAML read as text only, then typed by strict schemas, every mistake with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from mooc.content.reading import File

MAX_DEPTH = 20
ID = re.compile(r"[a-z0-9][a-z0-9-]{1,59}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
DURATION = re.compile(r"(\d{1,6})\s*(s|m|h|d)|0")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
RESERVED = ("progress", "certificate", "enroll", "leave")

Place = tuple[int, int]


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


Text = Annotated[str, BeforeValidator(_text)]
Filled = Annotated[str, BeforeValidator(_filled)]
Id = Annotated[str, BeforeValidator(_identity)]
Yes = Annotated[bool, BeforeValidator(_yes)]
Day = Annotated[date | None, BeforeValidator(_day)]
Percent = Annotated[int, BeforeValidator(_percent)]
Duration = Annotated[int, BeforeValidator(_duration)]
Texts = Annotated[tuple[Filled, ...], BeforeValidator(_listed)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_listed)]


class _Header(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


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
    jurisdictions: Texts = ()
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


Header = CourseHeader | LessonHeader | QuizHeader | PoolHeader
SCHEMAS: dict[str, type[Header]] = {
    "course": CourseHeader, "lesson": LessonHeader, "quiz": QuizHeader, "exam": QuizHeader, "pool": PoolHeader,
}  # fmt: skip
H = TypeVar("H", CourseHeader, LessonHeader, QuizHeader, PoolHeader)


class Fields:
    """A header as nested texts, with the place of each key and value."""

    def __init__(
        self, values: dict[str, Any], places: dict[tuple[str | int, ...], tuple[Place, Place]]
    ) -> None:
        self.values = values
        self._places = places

    def place(self, *path: str | int, key: bool = False) -> Place:
        """Where a value (or its key) stands, or the nearest thing around it."""
        while path and path not in self._places:
            path = path[:-1]
        return self._places[path][0 if key else 1] if path else (1, 1)


def fields(file: File) -> Fields | None:
    """The header's texts; None, with the reason reported, when it cannot be read at all."""
    if file.header is None:
        file.problem("E101", 1, 1, "the file has no header", "Begin it with --- and a line id: …")
        return None
    try:
        if not _plain_events(file):
            return None
        node = yaml.compose(file.header, Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", "") or "it cannot be read")
        place = (mark.line + 2, mark.column + 1) if mark else (1, 1)
        file.problem(
            "E102",
            *place,
            f"the header is not YAML: {what}",
            'Put a value that holds : or # in "quotation marks".',
        )
        return None
    if node is not None and not isinstance(node, yaml.MappingNode):
        file.problem(
            "E102",
            *_place(node),
            "the header is not a list of keys",
            "Write lines of the form key: value.",
        )
        return None
    places: dict[tuple[str | int, ...], tuple[Place, Place]] = {}
    values = _values(node, (), places, file) if node is not None else {}
    return Fields(values, places) if isinstance(values, dict) else None


def _plain_events(file: File) -> bool:
    """Refuse anchors, aliases, tags, merge keys and depth before anything is built from them."""
    depth = 0
    for event in yaml.parse(file.header, Loader=yaml.CBaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(
            event, yaml.CollectionEndEvent
        )
        what = ""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            what = "anchors and aliases (& and *)"
        elif getattr(event, "tag", None):
            what = "tags (!)"
        elif isinstance(event, yaml.ScalarEvent) and event.value == "<<":
            what = "merge keys (<<)"
        elif isinstance(event, yaml.DocumentStartEvent) and event.explicit:
            what = "several documents"
        elif depth > MAX_DEPTH:
            what = f"more than {MAX_DEPTH} levels"
        if what:
            mark = event.start_mark
            file.problem(
                "E105",
                mark.line + 2,
                mark.column + 1,
                f"headers may not use {what}",
                "Write the value out; quote a text that begins so.",
            )
            return False
    return True


def _values(
    node: yaml.Node,
    path: tuple[str | int, ...],
    places: dict[tuple[str | int, ...], tuple[Place, Place]],
    file: File,
) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            places[(*path, index)] = (_place(child), _place(child))
        return [_values(child, (*path, i), places, file) for i, child in enumerate(node.value)]
    values: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
        if name in values:
            file.problem(
                "E104", *_place(key), f"the key {name!r} stands twice", "Delete one of them."
            )
            continue
        places[(*path, name)] = (_place(key), _place(value))
        values[name] = _values(value, (*path, name), places, file)
    return values


def _place(node: yaml.Node) -> Place:
    return node.start_mark.line + 2, node.start_mark.column + 1


def read(file: File, found: Fields, schema: type[H]) -> H | None:
    """The typed header; None, with each mistake reported, when anything in it is wrong."""
    try:
        return schema.model_validate(found.values)
    except ValidationError as error:
        for mistake in error.errors(include_url=False):
            _report(file, found, schema, mistake)
        return None


def _report(file: File, found: Fields, schema: type[BaseModel], mistake: Any) -> None:
    path, kind = mistake["loc"], mistake["type"]
    name = str(path[-1])
    if kind == "extra_forbidden":
        known = [*(Instructor.model_fields if len(path) > 1 else schema.model_fields)]
        near = get_close_matches(name.lower(), known, 1, 0.6)
        fix = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
        file.problem("E103", *found.place(*path, key=True), f"unknown key {name!r}", fix)
    elif kind == "missing":
        file.problem(
            "E106",
            *found.place(*path[:-1]),
            f"the key {name!r} is missing",
            f"Add a line {name}: …",
        )
    elif kind == "mooc":
        context = mistake["ctx"]
        file.problem(
            context["code"], *found.place(*path), f"{name}: {context['message']}", context["fix"]
        )
    else:
        file.problem(
            "E107", *found.place(*path), f"{name}: {mistake['msg'].lower()}", "Correct the value."
        )
