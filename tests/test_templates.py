"""Every template compiles, and names only static files and icons that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from jinja2 import TemplateError

from mooc.web import ROOT, mail
from mooc.web.templating import icon

FOLDER = ROOT / "templates"
TEMPLATES = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".html", ".txt", ".xml"))
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
UNSAFE = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false")
STYLE = re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE)
ASSET = re.compile(r"""\basset\(\s*["']([^"']+)["']\s*\)""")
ICON = re.compile(r"""\bicon\(\s*["']([^"']+)["']""")
LETTERS_AND_PRINT = ("mail", "certificates")  # no browser page: inline styles are their way
LONGEST = 150  # lines


def name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def folder(path: Path) -> str:
    return path.relative_to(FOLDER).parts[0]


def test_every_template_compiles(app: Flask) -> None:
    problems = []
    with app.app_context():
        for path in TEMPLATES:
            environment = (
                mail._environment("en", html=False) if folder(path) == "mail" else app.jinja_env
            )
            try:
                environment.compile(path.read_text("utf-8"), name(path), str(path))
            except TemplateError as error:
                problems.append(f"{name(path)}: {error}")
    assert not problems


def test_templates_name_only_static_files_and_icons_that_exist(app: Flask) -> None:
    def unknown(path: Path) -> Iterator[str]:
        source = path.read_text("utf-8")
        for found in set(ASSET.findall(source)) - app.extensions["mooc.assets"].names.keys():
            yield f"{name(path)}: static/{found} does not exist"
        for found in ICON.findall(source):
            try:
                icon(found)
            except LookupError as error:
                yield f"{name(path)}: {error}"

    assert not [problem for path in PAGES for problem in unknown(path)]


def test_no_template_turns_escaping_off() -> None:
    assert not [name(path) for path in TEMPLATES if UNSAFE.search(path.read_text("utf-8"))]


def test_no_page_carries_inline_style() -> None:
    pages = [path for path in PAGES if folder(path) not in LETTERS_AND_PRINT]
    assert not [name(path) for path in pages if STYLE.search(path.read_text("utf-8"))]


def test_no_template_is_longer_than_three_screens() -> None:
    sizes = {name(path): len(path.read_text("utf-8").splitlines()) for path in TEMPLATES}
    assert not {each: lines for each, lines in sizes.items() if lines > LONGEST}
