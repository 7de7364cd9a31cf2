"""Headers: keys in the order of the guide, one space after the colon, lists indented by two."""

from __future__ import annotations

import re
from typing import Any

import yaml

from mooc.content.schema import SCHEMAS, TRANSLATIONS
from mooc.content.survey import TRANSLATION

KEY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*))?$")
KIND = re.compile(r"^kind:\s*(quiz|exam|pool)\b", re.MULTILINE)


def head(path: str, lines: list[str]) -> list[str]:
    """The lines of a header, in order; as they are where reordering would change what they say."""
    lines = [line.rstrip(" \t") for line in lines]
    entries, rest = _entries(lines)
    order = _order(path, "\n".join(lines))
    entries.sort(key=lambda entry: order.get(entry[0], len(order)))
    after = [line for _key, entry in entries for line in entry] + rest
    return after if _values(after) == _values(lines) and _values(lines) is not None else lines


def _entries(lines: list[str]) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """(key, its lines with the remarks above it) for each key, and remarks below the last."""
    entries: list[tuple[str, list[str]]] = []
    waiting: list[str] = []
    for line in lines:
        if found := KEY.match(line):
            said = (found[2] or "").strip(" \t")
            value = f"{found[1]}: {said}" if said else f"{found[1]}:"
            entries.append((found[1], [*waiting, value]))
            waiting = []
        elif not line or line.startswith("#"):
            waiting += [line] if line else []
        elif entries:
            entries[-1][1].extend([*waiting, line])
            waiting = []
        else:
            waiting.append(line)
    for _key, entry in entries:
        start = next((n for n, line in enumerate(entry) if KEY.match(line)), 0) + 1
        if any(line.startswith("-") for line in entry[start:]):
            entry[start:] = [f"  {line}" for line in entry[start:]]
    return entries, waiting


def _order(path: str, header: str) -> dict[str, int]:
    found = KIND.search(header)
    translation = TRANSLATION.fullmatch(path)
    source = f"{translation['source']}.md" if translation else path
    kind = "course" if source == "course.md" else found[1] if found else "lesson"
    names = [*SCHEMAS[kind].model_fields, *TRANSLATIONS[kind].model_fields]
    return {name: place for place, name in enumerate(dict.fromkeys(names))}


def _values(lines: list[str]) -> Any:
    """What a header says, as texts in order; None when it cannot be read or repeats a key."""
    try:
        node = yaml.compose("\n".join(lines), Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    found = _plain(node)
    keys = [key for key, _value in found] if isinstance(found, list) else []
    return sorted(found) if keys and len(set(keys)) == len(keys) else None


def _plain(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return [(str(getattr(key, "value", "")), repr(_plain(value))) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return [repr(_plain(child)) for child in node.value]
    return str(getattr(node, "value", ""))
