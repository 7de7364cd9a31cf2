"""A package imports only itself and what stands to its left; Flask stays at the edge."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = (
    "errors",
    "content",
    "db",
    "operations",
    "accounts",
    "catalog",
    "learning",
    "certificates",
    "web",
    "cli",
)
EDGE = ("web", "cli")
# The two places below the web that may name a Flask extension.
ALLOWED = {"mooc/db.py": {"flask_sqlalchemy"}, "mooc/accounts/models.py": {"flask_security"}}
PURE = {"sqlalchemy", "alembic", "huey", "requests", "time", "random"}
MODULES = sorted((ROOT / "mooc").rglob("*.py"))


def layer_of(path: Path) -> str:
    part = path.relative_to(ROOT / "mooc").parts[0]
    return part.removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Every module that a file names in an import, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            yield node.module
            if node.module == "mooc":
                yield from (f"mooc.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_stands_to_its_left(path: Path) -> None:
    own = layer_of(path)
    if own == "__init__":
        return
    assert own in LAYERS, f"{own} is no layer: add it to the list or put it into a package"
    for name in imported(path):
        if name.startswith("mooc."):
            other = name.split(".")[1]
            assert LAYERS.index(other) <= LAYERS.index(own), f"{own} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_flask_is_imported_only_at_the_edge(path: Path) -> None:
    if layer_of(path) in EDGE:
        return
    allowed = ALLOWED.get(path.relative_to(ROOT).as_posix(), set())
    for name in imported(path):
        top = name.split(".")[0]
        assert not top.startswith(("flask", "werkzeug")) or top in allowed, f"imports {name}"


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if layer_of(path) in ("content", "errors")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_content_knows_no_database_and_no_clock(path: Path) -> None:
    names = {name.split(".")[0] for name in imported(path)}
    assert not names & PURE
    assert ".now(" not in path.read_text("utf-8")


def test_no_module_is_called_utils() -> None:
    assert not [path for path in MODULES if path.stem in ("utils", "util", "helpers", "misc")]
