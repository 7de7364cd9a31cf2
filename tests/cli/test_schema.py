"""The schema of headers: current, of its dialect, and of one mind with the check."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from mooc.content import scaffold
from mooc.content.header_help import HELP
from mooc.content.header_schema import KINDS, schema
from mooc.content.schema import SCHEMAS, Instructor, Translation
from tests.cli.command import Desk

ROOT = Path(__file__).parents[2]
FORM = Draft202012Validator.FORMAT_CHECKER


def yaml12(text: str) -> object:
    """YAML as editors read it (1.2): yes and dates are texts, numbers are numbers."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {
        first: [(tag, form) for tag, form in pairs if tag.endswith((":int", ":float", ":null"))]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(text, Loader)


def mistakes(header: str, kind: str = "") -> list[str]:
    found = Draft202012Validator(schema(kind), format_checker=FORM).iter_errors(yaml12(header))
    return sorted(
        ".".join(str(part) for part in each.absolute_path) or each.message for each in found
    )


def headers() -> dict[str, str]:
    """The header of every file there is."""
    files = sorted((ROOT / "courses").rglob("*.md")) + sorted(
        (ROOT / "tests/courses").rglob("*.md")
    )
    texts = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in files}
    for language in scaffold.LANGUAGES:
        for path, data in scaffold.course("demo", "Demo", language).items():
            texts[f"{language}/{path}"] = data.decode() if path.endswith(".md") else ""
    return {
        path: text.split("---\n")[1] for path, text in texts.items() if text.startswith("---\n")
    }


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_it_is_json_schema_of_draft_2020_12(kind: str) -> None:
    Draft202012Validator.check_schema(schema(kind))
    assert schema(kind)["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_what_the_command_prints_is_what_is_committed(empty: Desk) -> None:
    printed = empty.done("schema")
    assert json.loads(printed) == schema()
    committed = (ROOT / "docs/schema/header.schema.json").read_text("utf-8")
    assert printed == committed, "run: mooc schema > docs/schema/header.schema.json"
    assert json.loads(empty.done("schema", "quiz")) == schema("quiz")


def test_every_key_is_explained() -> None:
    known = {name for model in SCHEMAS.values() for name in model.model_fields if name != "overlay"}
    known |= set(Instructor.model_fields) | set(Translation.model_fields)
    assert set(HELP) == known, "mooc/content/header_help.py explains every key, and no others"
    for sentence in HELP.values():
        assert re.match(r"[A-Z0-9].+[.\w]$", sentence)


def test_every_header_there_is_fits() -> None:
    found = {path: wrong for path, header in headers().items() if (wrong := mistakes(header))}
    assert found == {}


@pytest.mark.parametrize(
    ("header", "wrong"),
    [
        ("id: one\ntitle: One\nminuts: 5\n", "minuts"),
        ("id: One!\ntitle: One\n", "id"),
        ("id: one\ntitle: One\nrequired: maybe\n", "required"),
        ("id: one\ntitle: One\nlaw_as_of: 1.3.2026\n", "law_as_of"),
        ("id: one\ntitle: One\nminutes: 0\n", "minutes"),
        ("id: one\ntitle: One\ncomplete: never\n", "complete"),
        ("id: one\n", "title"),
        ("id: q\ntitle: Q\nkind: quiz\nminutes: 5\n", "minutes"),
        ("id: qq\ntitle: Q\nkind: exam\npass_mark: 101\n", "pass_mark"),
        ("id: qq\ntitle: Q\nkind: exam\nwait: eight hours\n", "wait"),
        ("id: qq\ntitle: Q\nkind: exam\nattempts: often\n", "attempts"),
        ("id: cc\ntitle: C\nlanguage: english!\nsummary: S\n", "language"),
        ("id: cc\ntitle: C\nlanguage: en\n", "summary"),
        ("id: cc\ntitle: C\nlanguage: en\nsummary: S\ninstructors:\n- role: x\n", "instructors.0"),
        ("title: T\nsource: xyz\n", "source"),
    ],
)
def test_a_mistake_that_the_check_finds_is_underlined(header: str, wrong: str) -> None:
    assert [each for each in mistakes(header) if wrong in each], mistakes(header)


@pytest.mark.parametrize(
    "header",
    [
        "id: one\ntitle: 1984\naliases: an-old, another\nrequired: no\n",
        "id: qq\ntitle: Q\nkind: exam\nattempts: unlimited\npass_mark: 70 %\nwait: 0\n",
        "title: T\nsource: 1234567\n",
    ],
)
def test_what_the_check_accepts_is_not_underlined(header: str) -> None:
    assert mistakes(header) == []
