"""What the documentation says is compared with the code, both ways; a failure names what is off."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin
from urllib.parse import unquote

import click
import pytest
from flask import Flask
from PIL import Image
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.exceptions import NotFound as NoSuchRule
from werkzeug.routing import RequestRedirect

from mooc.cli import mooc
from mooc.content.check import CODES, Code, check
from mooc.content.loader import load
from mooc.content.questions import TYPES
from mooc.content.questions.draft import KEYS
from mooc.content.schema import CourseHeader, Instructor, LessonHeader, PoolHeader, QuizHeader
from mooc.content.source import Folder
from mooc.content.tokens import ALERTS
from mooc.web.config import Settings
from scripts.question_pictures import PICTURES, fingerprint, sources, write_course

ROOT = Path(__file__).resolve().parent.parent
TOP = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")
PAGES = [*(ROOT / name for name in TOP), *sorted((ROOT / "docs").rglob("*.md"))]
OURS = ("mooc", "docs", "scripts", "tests", "templates", "static", "courses", "migrations")
EXAMPLES = ("courses/tea",)  # made by whoever follows the guide
ELSEWHERE = ("/etc", "/srv", "/var", "/usr", "/opt", "/path", "/static")
FENCE = re.compile(r"(?ms)^(?P<fence>`{3,}|~{3,})[^\n]*\n(?P<code>.*?)^(?P=fence)[ ]*$")
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
# Where a command begins: on a new line, after another one, by its path, after its variables.
BEGIN = r"(?:^|[;&] *|bin/)(?:[A-Z_]+=(?:\"[^\"]*\"|\S+) )*"
HEADING = re.compile(r"^(#{1,6}) +(.+?) *$", re.MULTILINE)


# ------------------------------------------------------------------------------- reading Markdown


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def prose(text: str) -> str:
    """The text without fenced code, its lines kept."""
    return FENCE.sub(lambda found: "\n" * found[0].count("\n"), text)


def code_in(text: str) -> Iterator[str]:
    """Lines of fenced code, and inline code."""
    for found in FENCE.finditer(text):
        yield from found["code"].splitlines()
    yield from SPAN.findall(prose(text))


def sections(text: str, level: int) -> dict[str, str]:
    """Heading → what stands below it, up to the next heading of that level or above."""
    blank = FENCE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    headings = [h for h in HEADING.finditer(blank) if len(h[1]) <= level]
    found = {}
    for this, after in zip(headings, [*headings[1:], None], strict=True):
        if len(this[1]) == level:
            found[this[2].replace("`", "")] = text[this.end() : after.start() if after else None]
    return found


def table(text: str) -> list[list[str]]:
    """The cells of the first table, without its heading."""
    rows = []
    for line in text.splitlines():
        if line.startswith("|"):
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])])
        elif rows:
            break
    return rows[2:]


def slugs(text: str) -> set[str]:
    """The anchors that a git host gives to headings."""
    found: set[str] = set()
    for _level, title in HEADING.findall(prose(text)):
        shown = re.sub(r"[`*]|\]\([^)]*\)|\[", "", title)
        slug = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        number = 0
        while (name := f"{slug}-{number}" if number else slug) in found:
            number += 1
        found.add(name)
    return found


def agree(documented: Iterable[str], real: Iterable[str], where: str, what: str) -> None:
    """Both hold the same names; each that is missing on one side is named."""
    documented, real = set(documented), set(real)
    missing, invented = sorted(real - documented), sorted(documented - real)
    assert not missing, f"{where} does not explain the {what}: {', '.join(missing)}"
    assert not invented, f"{where} explains a {what} that is not there: {', '.join(invented)}"


def names(pages: Iterable[Path]) -> list[str]:
    return [page.relative_to(ROOT).as_posix() for page in pages]


every_page = pytest.mark.parametrize("document", PAGES, ids=names(PAGES))


# ------------------------------------------------------------------------------------- operators


def test_every_setting_has_its_section_with_type_and_default() -> None:
    explained = {
        heading: body
        for heading, body in sections(read("docs/operators.md"), 4).items()
        if heading.startswith("MOOC_")
    }
    known = {f"MOOC_{each.name.upper()}": each.default for each in fields(Settings)}
    agree(explained, known, "docs/operators.md", "setting")
    for name, default in known.items():
        said = " ".join(explained[name].split())
        assert said.startswith(expected := opening(default)), (
            f"the section of {name} in docs/operators.md should begin “{expected}”, "
            f"and begins “{said[: len(expected)]}”"
        )


def opening(default: str | int | bool) -> str:
    """How the section of a setting begins."""
    if isinstance(default, bool):
        return f"Yes or no; default `{'yes' if default else 'no'}`."
    kind = "Number" if isinstance(default, int) else "Text"
    return f"{kind}; default `{default}`." if default != "" else f"{kind}; empty by default."


def test_every_command_has_its_section_with_all_options() -> None:
    explained = {
        heading: body
        for heading, body in sections(read("docs/operators.md"), 3).items()
        if heading.startswith("mooc ")
    }
    known = dict(commands(mooc, "mooc"))
    agree(explained, known, "docs/operators.md", "command")
    for name, command in known.items():
        options = {
            option
            for parameter in command.params
            if isinstance(parameter, click.Option)
            for option in parameter.opts
            if option.startswith("--")
        }
        said = {option for code in code_in(explained[name]) for option in options_in(code, name)}
        agree(said, options, f"the section of {name} in docs/operators.md", "option")


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its full name."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def options_in(code: str, command: str) -> list[str]:
    """Options of a command in a piece of code: alone, or on a line that runs the command."""
    ours = code.startswith("--") or command in code
    return re.findall(r"(?<![\w-])--[a-z][a-z-]*", code) if ours else []


# --------------------------------------------------------------------------------------- authors


def test_every_code_has_its_section_as_the_check_explains_it() -> None:
    explained = {
        heading: body
        for heading, body in sections(read("docs/authors.md"), 4).items()
        if re.fullmatch(r"[A-Z]\d+", heading)
    }
    agree(explained, CODES, "docs/authors.md", "code")
    for name, code in CODES.items():
        assert explained[name].strip() == written(code), (
            f"docs/authors.md should say this under #### {name}:\n\n{written(code)}"
        )


def written(code: Code) -> str:
    """The text of a code's section."""
    if code.where in ("tree", "site"):
        bad, good = (shown(example).strip() for example in (code.bad, code.good))
        examples = f"Refused: {bad}. Fine: {good}."
    else:
        examples = f"{fenced(code.bad)}\n\nInstead:\n\n{fenced(code.good)}"
    return f"**{code.title}.** {code.why}\n\n{examples}"


def fenced(example: str) -> str:
    """An example in a fence, cut where it only repeats itself; nothing in it stays invisible."""
    lines = [shown(line).rstrip() for line in example.split("\n")]
    lines = [line if len(line) <= 76 else f"{line[:76]} …" for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) > 20:
        lines = ["…", *lines[-15:]]
    return "\n".join(["```markdown", *lines, "```"])


def shown(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text)


FILES: Mapping[str, tuple[type[BaseModel], dict[str, Any]]] = {
    "The header of course.md": (CourseHeader, {}),
    "The header of a lesson": (LessonHeader, {}),
    "The header of a quiz or an exam": (QuizHeader, {"attempts": None, "pass_mark": None}),
    "The header of a pool": (PoolHeader, {}),
}


@pytest.mark.parametrize("heading", FILES)
def test_every_header_key_has_its_row_with_what_it_takes(heading: str) -> None:
    schema, odd = FILES[heading]
    where = f"“{heading}” in docs/authors.md"
    found = sections(read("docs/authors.md"), 3)
    assert heading in found, f"docs/authors.md has no section {heading!r}"
    rows = {row[0].strip("`"): row for row in table(found[heading])}
    agree(rows, schema.model_fields, where, "key")
    for name, field in schema.model_fields.items():
        _key, takes, default, *_rest = rows[name]
        said = "required" if field.is_required() else plain(field.default)
        if name not in odd and said is not None:
            assert default.strip("`*") == said, f"{where}: {name} is {said}, not {default}"
        for word in words(field.annotation):
            assert f"`{word}`" in takes, f"{where}: {name} takes {word!r} too"


def plain(default: object) -> str | None:
    """A default as an author would write it; None where prose says it better."""
    if default is PydanticUndefined or isinstance(default, tuple) or default in (None, "", 0):
        return None
    if isinstance(default, bool):
        return "yes" if default else "no"
    return str(default)


def words(annotation: Any) -> list[str]:
    """The words that a key may take, when it takes no others."""
    if get_origin(annotation) is not None and str(get_origin(annotation)) == "typing.Literal":
        return list(get_args(annotation))
    return [word for part in get_args(annotation) for word in words(part)]


def test_the_keys_of_an_instructor_are_explained() -> None:
    row = next(row for row in table(sections(read("docs/authors.md"), 3)["The header of course.md"])
               if row[0] == "`instructors`")  # fmt: skip
    for name in Instructor.model_fields:
        assert f"`{name}`" in " ".join(row), f"docs/authors.md: instructors have a {name}"


def test_every_key_of_a_marker_has_its_row() -> None:
    body = sections(read("docs/authors.md"), 3)["What the marker can say"]
    agree(
        (row[0].strip("`") for row in table(body)),
        KEYS,
        "“What the marker can say” in docs/authors.md",
        "key",
    )


def test_every_question_type_and_alert_is_named() -> None:
    text = read("docs/authors.md")
    said = set(SPAN.findall(prose(text)))
    for word in {*TYPES.values(), "case"}:
        assert word in said, f"docs/authors.md does not name the question type `{word}`"
    for alert in ALERTS:
        assert f"[!{alert.upper()}]" in text, f"docs/authors.md does not show [!{alert.upper()}]"


def examples(heading: str) -> list[str]:
    """The Markdown shown in one chapter of the guide."""
    chapter = sections(read("docs/authors.md"), 2)[heading]
    return [found["code"] for found in FENCE.finditer(chapter) if "```markdown" in found[0]]


def test_the_first_lesson_of_the_guide_has_no_problems(tmp_path: Path) -> None:
    course, lesson = examples("Your first lesson")
    (tmp_path / "course.md").write_text(course)
    (tmp_path / "name.md").write_text(lesson)
    assert check(Folder(tmp_path), date(2026, 11, 1)) == []


def test_every_question_shown_in_the_guide_is_fine(tmp_path: Path) -> None:
    course, lesson = examples("Your first lesson")
    shown = [text for text in examples("Questions") if text.startswith("### ")]
    assert len(shown) >= 3
    (tmp_path / "course.md").write_text(course)
    (tmp_path / "name.md").write_text("\n".join([lesson, *shown]))
    problems = check(Folder(tmp_path), date(2026, 11, 1))
    assert [problem for problem in problems if problem.severity == "error"] == []


def test_every_question_type_has_its_source_and_a_picture_made_from_it(tmp_path: Path) -> None:
    shown = sources()
    agree(shown, {*TYPES.values(), "case", "vary"}, "docs/questions.md", "type")
    write_course(tmp_path)
    found = load(Folder(tmp_path / "show"), date(2026, 11, 1))
    assert found.problems == ()
    assert found.course is not None
    types = {question.id: question.type for question in found.course.questions()}
    assert {name for name in TYPES.values() if types[f"show-{name}"] != name} == set()
    for name, source in shown.items():
        with Image.open(PICTURES / f"{name}.png") as picture:
            made_from = picture.info["source"]
        assert made_from == fingerprint(source), f"{name}: make screenshots ARGS=--questions"


# ------------------------------------------------------------------------------------ every page


def targets() -> set[str]:
    """What `make` can make."""
    return set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))


@every_page
def test_a_page_names_no_make_target_that_is_not_there(document: Path) -> None:
    used = {
        name
        for code in code_in(document.read_text("utf-8"))
        for name in re.findall(BEGIN + r"make ([a-z][a-z-]*)", code)
    }
    assert not used - targets(), (
        f"{document.name} names no target of the Makefile: {used - targets()}"
    )


def test_contributing_explains_every_make_target() -> None:
    rows = table(sections(read("CONTRIBUTING.md"), 2)["The commands"])
    documented = re.findall(r"`make ([a-z-]+)", " ".join(row[0] for row in rows))
    agree(documented, targets() - {"help"}, "CONTRIBUTING.md", "make target")


@every_page
def test_a_page_names_no_mooc_command_that_is_not_there(document: Path) -> None:
    known = dict(commands(mooc, "mooc"))
    groups = {name.rpartition(" ")[0] for name in known}
    for code in code_in(document.read_text("utf-8")):
        for found in re.finditer(BEGIN + r"mooc ([a-z]+)(?: +([a-z]+)\b)?", code):
            name = f"mooc {found[1]}"
            if name in groups:
                name = f"{name} {found[2]}" if found[2] else name
                assert name in known or name in groups, f"{document.name}: there is no {name}"
            else:
                assert name in known, f"{document.name}: there is no {name}"


@every_page
def test_a_page_names_no_setting_that_is_not_there(document: Path) -> None:
    known = {f"MOOC_{each.name.upper()}" for each in fields(Settings)} | {"MOOC_CONFIG"}
    used = set(re.findall(r"\bMOOC_[A-Z_]*[A-Z]\b", document.read_text("utf-8")))
    assert not used - known, f"{document.name} names no setting: {sorted(used - known)}"


@every_page
def test_a_page_names_no_file_that_is_not_there(document: Path) -> None:
    for code in SPAN.findall(prose(document.read_text("utf-8"))):
        path = code.rstrip("/")
        if path.split("/")[0] not in OURS or "/" not in path or re.search(r"[<>*… ,|(]", path):
            continue
        if not path.startswith(("static/fonts", *EXAMPLES)):  # fonts are made by set-up
            assert (ROOT / path).exists(), f"{document.name} names {code}, which is not there"


@every_page
def test_every_link_in_a_page_leads_somewhere(document: Path) -> None:
    for target in LINK.findall(SPAN.sub("", prose(document.read_text("utf-8")))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _mark, anchor = target.partition("#")
        other = (document.parent / unquote(path)).resolve() if path else document
        assert other.exists(), f"{document.name} links to {target}, which is not there"
        if anchor and other.suffix == ".md":
            there = anchor in slugs(other.read_text("utf-8"))
            assert there, f"{document.name} links to {target}: no such heading"


@every_page
def test_every_address_in_a_page_exists(document: Path, app: Flask) -> None:
    with app.app_context():
        site = app.url_map.bind("localhost")
    for code in SPAN.findall(prose(document.read_text("utf-8"))):
        path = re.sub(r"^(GET|POST) |^http://127\.0\.0\.1:\d+|[?#].*$", "", code)
        if not re.fullmatch(r"/[\w.<>/-]*", path) or path.startswith(ELSEWHERE):
            continue
        concrete = re.sub(r"<[a-z]*id>", "7", re.sub(r"<(course|item|lesson|name)>", "x", path))
        concrete = re.sub(r"<\w+>", "x", concrete)
        assert any(answers(site, concrete, method) for method in ("GET", "POST")), (
            f"{document.name} names the address {code}, which the site does not have"
        )


def answers(site: Any, path: str, method: str) -> bool:
    try:
        site.match(path, method=method)
    except (NoSuchRule, MethodNotAllowed):
        return False
    except RequestRedirect:
        return True
    return True


def test_the_changelog_tells_of_the_version_that_the_project_has() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert any(heading.startswith(version) for heading in sections(read("CHANGELOG.md"), 2)), (
        f"CHANGELOG.md has no section for {version}"
    )


def test_the_layers_are_documented_as_they_are_tested() -> None:
    from tests.test_layers import LAYERS

    line = " ".join(LAYERS)
    assert line in read("docs/architecture.md"), f"docs/architecture.md should hold: {line}"
