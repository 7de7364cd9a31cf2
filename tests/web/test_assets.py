"""Static files: one name for each content, compressed once, cached for ever."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from mooc.web.assets import Assets
from tests.pages import CheckingClient


@pytest.fixture
def built(tmp_path: Path) -> Assets:
    source = tmp_path / "source"
    for name, text in {
        "css/main.css": '@layer base;\n@import "base.css" layer(base);\n'
        '@import "print.css" print;\n'
        "/* a comment */ p { margin: 0 }",
        "css/base.css": 'body { background: url("../img/dot.svg#x") }',
        "css/print.css": "a { color: black }",
        "img/dot.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
        "js/main.js": 'import { a } from "./part.js";\nimport("./part.js");\n'
        'const b = "./part.js";',
        "js/part.js": "export const a = 1;",
        "fonts/print/secret.ttf": "not for browsers",
        ".hidden": "",
    }.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assets = Assets(source, tmp_path / "built")
    assert assets.rebuild()
    return assets


def read(assets: Assets, name: str) -> str:
    return (assets.folder / assets.names[name]).read_text()


def test_names_hold_the_hash_of_the_content(built: Assets) -> None:
    assert re.fullmatch(r"/static/css/main\.[0-9a-f]{10}\.css", built.url("css/main.css"))


def test_imports_are_put_in_place_with_their_layer_and_medium(built: Assets) -> None:
    style = read(built, "css/main.css")
    assert "@import" not in style
    assert "@layer base {\nbody" in style
    assert "@media print {\na { color: black }" in style
    assert "comment" not in style


def test_references_follow_the_renamed_files(built: Assets) -> None:
    assert f'url("{built.url("img/dot.svg")}#x")' in read(built, "css/main.css")
    script = read(built, "js/main.js")
    assert script.count(built.url("js/part.js")) == 2
    assert 'const b = "./part.js"' in script


def test_files_for_print_and_hidden_files_stay_private(built: Assets) -> None:
    assert not [name for name in built.names if "print/" in name or "hidden" in name]


def test_text_is_compressed_once(built: Assets) -> None:
    path = built.folder / built.names["css/main.css"]
    assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == path.read_bytes()
    assert path.with_name(path.name + ".br").exists()


def test_nothing_is_written_when_nothing_changed(built: Assets) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.folder.rglob("*")}
    assert not built.rebuild()
    assert Assets(built.source, built.folder).rebuild()  # another process
    assert {path: path.stat().st_mtime_ns for path in built.folder.rglob("*")} == before


def test_an_edit_gives_a_new_name_and_keeps_the_old_file(built: Assets) -> None:
    before, version = built.url("css/main.css"), built.version
    (built.source / "css" / "base.css").write_text("body { color: red }")
    assert built.rebuild()
    assert built.url("css/main.css") != before
    assert built.version != version
    assert (built.folder / before.removeprefix("/static/")).exists()


def test_modules_in_a_ring_are_refused(built: Assets) -> None:
    (built.source / "js" / "part.js").write_text('import "./main.js";')
    with pytest.raises(ValueError, match="ring"):
        built.rebuild()


def test_the_site_serves_them_for_ever(app: Flask, client: CheckingClient) -> None:
    url = app.extensions["mooc.assets"].url("css/main.css")
    answer = client.get(url, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    assert client.get("/static/css/main.css").status_code == 404
    assert client.get("/static/../secret_key").status_code == 404
