"""Static files under names that hold their content's hash, compressed once, cached for ever.

`build` copies `static/` into the var folder: `css/main.css` becomes `css/main.3fa9c0d1e2.css` with
its `@import`s put in place and its `url(…)`s renamed, and `.gz` and `.br` beside it. Files are
written only when their content is new, so a second start writes nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import posixpath
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import brotli
from flask import Flask
from whitenoise import WhiteNoise

from mooc.web.headers import STATIC_HEADERS

PREFIX = "/static/"
COMPRESSED = {".css", ".js", ".svg", ".json", ".txt", ".html", ".webmanifest"}
PRIVATE = ("fonts/print/",)  # for PDFs only, never sent to a browser

IMPORT = re.compile(
    r"""@import\s+(?:url\(\s*)?["']([^"']+)["']\s*\)?\s*(?:layer\(([\w.-]+)\))?\s*([^;]*);"""
)
URL = re.compile(r"""url\(\s*["']?(?!data:|#|/|https?:)([^"')]+)["']?\s*\)""")
MODULE = re.compile(r"""((?:\bfrom|\bimport)\s*\(?\s*)["'](\.{1,2}/[^"']+)["']""")
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
INDENT = re.compile(r"\n\s+")


@dataclass
class Assets:
    """The built files of one `static/` folder: `names` maps each file to its hashed name."""

    source: Path
    folder: Path
    names: dict[str, str] = field(default_factory=dict)
    signature: tuple[Any, ...] = ()
    version: str = ""
    checked: float = 0.0

    def url(self, name: str) -> str:
        """The address of a file of `static/`; a file that does not exist keeps its plain name."""
        return PREFIX + self.names.get(name, name)

    def rebuild(self) -> bool:
        """Build anew if a source file changed since the last time; whether anything was built."""
        self.checked = time.monotonic()
        signature = _signature(self.source)
        if signature == self.signature:
            return False
        self.names = _Build(self.source, self.folder).run()
        self.signature = signature
        self.version = _hash("\n".join(sorted(self.names.values())).encode())
        return True


_BUILT: dict[Path, Assets] = {}


def build(source: Path, folder: Path) -> Assets:
    """The assets of `source`, built into `folder` unless this process already has them."""
    assets = _BUILT.setdefault(source, Assets(source, folder))
    assets.rebuild()
    return assets


def init(app: Flask, source: Path) -> None:
    """Serve the assets before Flask is entered; outside production, notice edited files."""
    current = app.extensions["mooc.settings"]
    assets = build(source, current.var_path / "static")
    server = WhiteNoise(
        app.wsgi_app,
        allow_all_origins=False,
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=lambda headers, _path, _url: _add_headers(headers),
    )
    _serve(server, assets)
    app.extensions["mooc.assets"] = assets
    app.jinja_env.globals["asset"] = assets.url
    app.wsgi_app = server if current.production else _noticing(server, assets)  # type: ignore[method-assign]


def _add_headers(headers: Any) -> None:
    for name, value in STATIC_HEADERS:
        headers[name] = value


def _serve(server: WhiteNoise, assets: Assets) -> None:
    for hashed in assets.names.values():
        url = PREFIX + hashed
        if url not in server.files:
            path = str(assets.folder / hashed)
            server.files[url] = server.get_static_file(path, url)


def _noticing(server: WhiteNoise, assets: Assets) -> Callable[..., Iterable[bytes]]:
    """The server, looking for edited files at most once a second."""

    def noticing(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if time.monotonic() - assets.checked > 1 and assets.rebuild():
            _serve(server, assets)
        answer: Iterable[bytes] = server(environ, start_response)
        return answer

    return noticing


# ------------------------------------------------------------------------------------------- build


def _files(source: Path) -> list[str]:
    found = []
    for folder, _folders, names in os.walk(source):
        base = Path(folder).relative_to(source).as_posix()
        for name in names:
            path = name if base == "." else f"{base}/{name}"
            if not name.startswith(".") and not path.startswith(PRIVATE):
                found.append(path)
    return sorted(found)


def _signature(source: Path) -> tuple[Any, ...]:
    stats = ((name, (source / name).stat()) for name in _files(source))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:10]


class _Build:
    """One pass over a folder: files that others refer to are named first."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.source = source
        self.folder = folder
        self.files = set(_files(source))
        self.names: dict[str, str] = {}
        self.open: list[str] = []

    def run(self) -> dict[str, str]:
        for name in sorted(self.files):
            self.hashed(name)
        return self.names

    def hashed(self, name: str) -> str:
        """The hashed name of a file, written if its content is new. Modules may not form a ring."""
        if name in self.names:
            return self.names[name]
        if name in self.open:
            raise ValueError(f"static files refer to each other in a ring: {self.open}")
        self.open.append(name)
        data = self.content(name)
        self.open.pop()
        stem, extension = posixpath.splitext(name)
        self.names[name] = f"{stem}.{_hash(data)}{extension}"
        self.write(self.names[name], data)
        return self.names[name]

    def content(self, name: str) -> bytes:
        path = self.source / name
        if name.endswith(".css"):
            return self.style(name).encode()
        if name.endswith(".js"):
            return MODULE.sub(lambda found: self.module(name, found), path.read_text()).encode()
        return path.read_bytes()

    def style(self, name: str) -> str:
        """A style sheet with its imports in place, without comments and indentation."""
        text = COMMENT.sub("", (self.source / name).read_text())
        text = IMPORT.sub(lambda found: self.imported(name, *found.groups()), text)
        text = URL.sub(lambda found: f'url("{self.reference(name, found[1])}")', text)
        return INDENT.sub("\n", text)

    def imported(self, name: str, target: str, layer: str | None, media: str) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
        if path not in self.files:
            return ""
        text = self.style(path)
        if layer:
            text = f"@layer {layer} {{\n{text}\n}}"
        return f"@media {media.strip()} {{\n{text}\n}}" if media.strip() else text

    def reference(self, name: str, target: str) -> str:
        bare, mark, rest = target.partition("#")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), bare))
        return PREFIX + self.hashed(path) + mark + rest if path in self.files else target

    def module(self, name: str, found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), found[2]))
        target = PREFIX + self.hashed(path) if path in self.files else found[2]
        return f'{found[1]}"{target}"'

    def write(self, hashed: str, data: bytes) -> None:
        path = self.folder / hashed
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in COMPRESSED:
            _write(path.with_name(path.name + ".gz"), gzip.compress(data, 9, mtime=0))
            _write(path.with_name(path.name + ".br"), brotli.compress(data, quality=11))
        _write(path, data)


def _write(path: Path, data: bytes) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(data)
    fresh.replace(path)
