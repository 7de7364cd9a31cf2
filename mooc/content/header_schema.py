"""Headers as JSON Schema, made from the types the check uses, for editors that speak it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from mooc.content.header_help import HELP
from mooc.content.jurisdictions import CODES
from mooc.content.schema import (
    BLOB,
    DURATION,
    ID,
    LANGUAGE,
    SCHEMAS,
    TRANSLATIONS,
    Instructor,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KINDS = ("course", "lesson", "quiz", "pool", "translation")
Schema = dict[str, Any]

# Every value is a text to us, but an editor's YAML reads 4 as a number.
TEXT: Schema = {"type": ["string", "number"]}


def schema(kind: str = "") -> Schema:
    """The schema of one kind of header; without a kind, of any, told apart by its keys."""
    if kind:
        return {"$schema": DIALECT, **_definition(kind)}

    def has(key: str, *values: str) -> Schema:
        choice: Schema = {"properties": {key: {"enum": list(values)}}} if values else {}
        return {"required": [key], **choice}

    tests = {
        "translation": has("source"),
        "quiz": has("kind", "quiz", "exam"),
        "pool": has("kind", "pool"),
        "course": {"required": ["language"]},
    }
    whole: Schema = {"$ref": "#/$defs/lesson"}
    for name, test in reversed(tests.items()):
        whole = {"if": test, "then": {"$ref": f"#/$defs/{name}"}, "else": whole}
    return {
        "$schema": DIALECT,
        "title": "Header of a course file",
        "type": "object",
        **whole,
        "$defs": {kind: _definition(kind) for kind in KINDS},
    }


def _definition(kind: str) -> Schema:
    if kind == "translation":
        models = [TRANSLATIONS[name] for name in ("course", "lesson", "quiz", "pool")]
        found = {n: field for model in models for n, field in model.model_fields.items()}
        return _object("Header of a translation", found, required=False)
    model = SCHEMAS[kind]
    return _object(f"Header of a {kind}", model.model_fields)


def _object(title: str, fields: Mapping[str, FieldInfo], *, required: bool = True) -> Schema:
    must = [name for name, field in fields.items() if field.is_required()] if required else []
    return {
        "title": title,
        "type": "object",
        "properties": {
            name: {"description": HELP[name], **_field(field)} for name, field in fields.items()
        },
        "additionalProperties": False,
        **({"required": must} if must else {}),
    }


def _field(field: FieldInfo) -> Schema:
    found = _shape(field.annotation, field.metadata)
    default = field.default
    if isinstance(default, bool):
        return {**found, "default": "yes" if default else "no"}
    if isinstance(default, (str, int)) and default:
        return {**found, "default": default}
    return found


def _shape(annotation: Any, metadata: Iterable[Any]) -> Schema:
    """What a value may look like in YAML."""
    if str(get_origin(annotation)) == "typing.Literal":
        return {"enum": list(get_args(annotation))}
    if get_origin(annotation) is tuple:
        return _list(get_args(annotation)[0], metadata)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _object("Somebody", annotation.model_fields)
    reader = next((m.func for m in metadata if isinstance(m, BeforeValidator)), None)
    return _read_by(reader) if reader else TEXT


def _list(item: Any, metadata: Iterable[Any]) -> Schema:
    """A list, or one text with commas between several."""
    if item is Instructor:
        return {"type": "array", "items": _shape(item, ())}
    # Either each item has a reader, or the list has one of its own.
    inner = (
        _shape(get_args(item)[0], item.__metadata__) if get_args(item) else _shape(item, metadata)
    )
    return {"anyOf": [{"type": "array", "items": inner, "uniqueItems": True}, TEXT]}


def _read_by(reader: Callable[..., Any]) -> Schema:
    """The shape that a reader of `schema.py` accepts."""
    limits = inspect.getclosurevars(reader).nonlocals
    if "high" in limits:
        return {"type": "integer", "minimum": limits["low"], "maximum": limits["high"]}
    return SHAPES[reader.__name__]


SHAPES: dict[str, Schema] = {
    "_text": TEXT,
    "_filled": {**TEXT, "minLength": 1},
    "_identity": {"type": ["string", "number"], "pattern": f"^{ID.pattern}$"},
    "_language": {"type": "string", "pattern": f"^{LANGUAGE.pattern}$"},
    "_yes": {"enum": ["yes", "no"]},
    "_day": {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"},
    "_percent": {
        "anyOf": [
            {"type": "integer", "minimum": 0, "maximum": 100},
            {"type": "string", "pattern": r"^(100|\d{1,2})\s*%$"},
        ]
    },
    "_duration": {
        "anyOf": [{"const": 0}, {"type": "string", "pattern": f"^({DURATION.pattern})$"}]
    },
    "_attempts": {
        "anyOf": [{"type": "integer", "minimum": 1, "maximum": 100}, {"const": "unlimited"}]
    },
    "_jurisdictions": {"enum": sorted(CODES)},
    "_blob": {"type": ["string", "number"], "pattern": f"^{BLOB.pattern}$"},
}
