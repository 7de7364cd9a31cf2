"""Headers: YAML read as text only, then typed by strict schemas, every mistake with its place."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from mooc.content.listing import HIDDEN, hidden_problem
from mooc.content.reading import File
from mooc.content.schema import Instructor

MAX_DEPTH = 20

Place = tuple[int, int]
Typed = TypeVar("Typed", bound=BaseModel)


class Fields:
    """A header as nested texts, with the place of each key and value."""

    def __init__(
        self, values: dict[str, Any], places: dict[tuple[str | int, ...], tuple[Place, Place]]
    ) -> None:
        self.values = values
        self._places = places

    def filled_from(self, values: dict[str, Any]) -> Fields:
        """These fields, and the values of another file where nothing is said here."""
        return Fields({**values, **self.values}, self._places)

    def place(self, *path: str | int, key: bool = False) -> Place:
        """Where a value (or its key) stands, or the nearest thing around it."""
        while path and path not in self._places:
            path = path[:-1]
        return self._places[path][0 if key else 1] if path else (1, 1)


def fields(file: File) -> Fields | None:
    """The header's texts; None, with the reason reported, when it cannot be read at all."""
    if file.header is None:
        if not file.unreadable:
            fix = "Begin it with --- and a line id: …"
            file.problem("E101", 1, 1, "the file has no header", fix)
        return None
    try:
        if not _plain_events(file):
            return None
        node = yaml.compose(file.header, Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", "") or "it cannot be read")
        place: Place = (mark.line + 2, mark.column + 1) if mark else (1, 1)
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
    for event in yaml.parse(file.header or "", Loader=yaml.CBaseLoader):
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
            file.problem(
                "E105",
                *_place(event),
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
        # "\\u202e" in quotation marks becomes the character only now, after the text was searched.
        if (hidden := HIDDEN.search(str(node.value))) and not HIDDEN.search(file.text):
            line, column = _place(node)
            source = file.lines[line - 1]
            file.problems.append(hidden_problem(file.path, line, column, hidden[0], source))
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


def _place(node: yaml.Node | yaml.Event) -> Place:
    mark = node.start_mark
    return (mark.line + 2, mark.column + 1) if mark else (1, 1)


def read(file: File, found: Fields, schema: type[Typed]) -> Typed | None:
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
