"""Where a link in a file leads on the site: to a lesson's address, a picture, or nowhere."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token

from mooc.content import layers
from mooc.content.blocks import Finder, plain
from mooc.content.media import RECORDINGS, Media, Picture
from mooc.content.reading import File
from mooc.content.recordings import Recording, recording

SCHEMES = ("http", "https", "mailto")
NO_PAGE = {
    "pool": "a question pool",
    "list": "a list without a page of its own",
    "translation": "a translation, which has its source's address",
}


@dataclass(frozen=True)
class Target:
    """A file one may link to. `anchors` leads from a heading's GitHub slug to its DOM id."""

    kind: Literal["course", "lesson", "quiz", "pool", "glossary", "list", "translation"]
    id: str
    anchors: Mapping[str, str] = field(default_factory=dict)


class Links:
    """Resolves the links of one course's files, and reports those that lead nowhere."""

    def __init__(
        self,
        course_id: str,
        targets: Mapping[str, Target],
        media: Media,
        replaced: Mapping[str, str] | None = None,
    ) -> None:
        self.course_id = course_id
        self.targets = targets
        self.media = media
        self.replaced = replaced or {}  # files of the course → those of overlays in their place

    def address(self, file: File, href: str, place: Finder) -> str | None:
        """The address to link to; None after reporting why there is none."""
        raw = unquote(href)
        line, column = place(href, raw)
        try:
            parts = urlsplit(raw)
        except ValueError:
            file.problem("E224", line, column, "is not an address", "Check the brackets in it.")
            return None
        if parts.scheme:
            return href if self._scheme(file, parts.scheme, line, column) else None
        if raw.startswith(("/", "\\")):
            file.problem(
                "E223",
                line,
                column,
                f"{raw} is an absolute path",
                "Link to the file, relative to this one; for another site write https://…",
            )
            return None
        path = self._path(file, parts.path) if parts.path else file.path
        if path.startswith("../") or path == "..":
            file.problem(
                "E223",
                line,
                column,
                f"{raw} leads out of the course",
                "Link to a file of this course.",
            )
            return None
        return self._page(file, path, parts.fragment, (line, column))

    def file(self, file: File, href: str) -> str:
        """The path in the tree that a relative link from a file names, whether or not it exists."""
        return self._path(file, unquote(href).partition("#")[0])

    def _path(self, file: File, href: str) -> str:
        """A file that an overlay lacks is the course's; one that it replaces is the overlay's."""
        path = layers.resolve(file.path, href)
        own = layers.split(path)[1]
        if own != path and path not in self.targets and not self.media.exists(path):
            path = own
        return self.replaced.get(path, path)

    def image(
        self, file: File, token: Token, place: Finder, language: str
    ) -> Picture | Recording | None:
        """The picture, film or sound an image shows; None after reporting why there is none."""
        raw = unquote(str(token.attrs.get("src", "")))
        line, column = place(str(token.attrs.get("src", "")), raw)
        if not plain(token.children).strip():
            file.problem(
                "M101",
                line,
                column,
                "a picture without a description",
                "Say in the square brackets what one must see in it.",
            )
        scheme = raw.partition(":")[0].lower()
        if raw.startswith(("/", "\\")) or ":" in raw:
            code = "E224" if scheme in ("javascript", "data", "vbscript", "file") else "E223"
            file.problem(
                code,
                line,
                column,
                f"{raw[:80]} is not a file of this course",
                "Put the picture beside the text and link to the file.",
            )
            return None
        path = self._path(file, raw.partition("#")[0])
        if posixpath.splitext(path)[1].lstrip(".").lower() not in RECORDINGS:
            return self.media.picture(file, path, line, column)
        if not token.meta.get("alone"):
            what = f"{posixpath.basename(path)} stands within a sentence"
            fix = "Put films and sounds into a paragraph of their own."
            file.problem("M108", line, column, what, fix)
            return None
        label = plain(token.children).strip()
        return recording(self.media, file, path, (line, column), label, language)

    def _scheme(self, file: File, scheme: str, line: int, column: int) -> bool:
        if scheme.lower() in SCHEMES:
            return True
        file.problem(
            "E224",
            line,
            column,
            f"links of the kind {scheme}: are not allowed",
            "Use https:, http: or mailto:, or link to a file of this course.",
        )
        return False

    def _page(self, file: File, path: str, fragment: str, place: tuple[int, int]) -> str | None:
        target = self.targets.get(path)
        if target is None:
            return self._other(file, path, place)
        if target.kind in NO_PAGE:
            what = NO_PAGE[target.kind]
            file.problem(
                "E222", *place, f"{path} is {what}", "Link to a lesson or a quiz, or drop the link."
            )
            return None
        anchor = ""
        if fragment:
            if fragment not in target.anchors:
                self._no_anchor(file, path, fragment, target, place)
                return None
            anchor = "#" + target.anchors[fragment]
        if path == file.path and anchor:
            return anchor
        home = f"/courses/{self.course_id}"
        return (home if target.kind == "course" else f"{home}/{target.id}") + anchor

    def _no_anchor(
        self, file: File, path: str, fragment: str, target: Target, place: tuple[int, int]
    ) -> None:
        near = get_close_matches(fragment.lower(), target.anchors, 1, 0.5)
        fix = (
            f"Did you mean #{near[0]}?"
            if near
            else "Use a heading's text in lower case with hyphens."
        )
        file.problem("E221", *place, f"{path} has no heading #{fragment}", fix)

    def _other(self, file: File, path: str, place: tuple[int, int]) -> str | None:
        """A file that is no page: a document to download, or nothing at all."""
        if self.media.exists(path):
            document = self.media.document(file, path, *place)
            return document.address if document else None
        file.problem("E220", *place, f"there is no file {path}", self.nearest(file, path))
        return None

    def nearest(self, file: File, path: str) -> str:
        """What to do about a file that is not there: a path that may be meant."""
        name = posixpath.basename(path)
        near = [p for p in self.targets if posixpath.basename(p) == name] or get_close_matches(
            path, self.targets, 1, 0.6
        )
        if not near:
            return "Correct the path, or add the file."
        here = posixpath.dirname(layers.split(file.path)[1]) or "."
        return f"Did you mean {posixpath.relpath(layers.split(near[0])[1], here)}?"
