"""Small trees in memory, for tests of content."""

# ruff: noqa: E501 (files written as one line)

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from mooc.content.loader import Loaded, load
from mooc.content.model import Problem, Question

TODAY = date(2026, 11, 23)
DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 7"><circle r="2"/></svg>'
LESSON = "---\nid: one\ntitle: One\n---\n\n"
QUIZ = "---\nid: quiz\ntitle: Quiz\nkind: quiz\nattempts: 2\n---\n\n"
FILM = "\0\0\0\x18ftypmp42"
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\nA circle.\n"
POOL = "---\nid: basics\ntitle: Basics\nkind: pool\n---\n\n"
OPTIONS = "- [x] Yes <!-- a -->\n- [ ] No <!-- b -->\n  > Why.\n"
SWAPPED = "- [ ] No <!-- b -->\n  > Why.\n- [x] Yes <!-- a -->\n"
BASE: dict[str, str] = {
    "course.md": (
        "---\nid: sample\ntitle: Sample\nlanguage: en\nsummary: A sample.\n---\n\nAbout it.\n\n"
        "## Learning outcomes\n\n- See.\n\n## Outline\n\n1. Part <!-- module: part -->\n"
        "   - [One](one.md)\n   - [Quiz](quiz.md)\n"
    ),
    "one.md": LESSON + "Text.\n",
    "quiz.md": QUIZ + "- Draw 1 from [Pool](pool.md)\n",
    "pool.md": POOL
    + f"## Base\n\n<!-- question: base; source: TRIPS 15 -->\n\n{OPTIONS}\n"
    + f"## Other\n\n<!-- question: other; source: TRIPS 16; tags: novelty -->\n\n{OPTIONS}\n"
    + f"## Third\n\n<!-- question: third; source: TRIPS 17; tags: novelty; level: apply -->\n\n{SWAPPED}",
    "dot.svg": DOT,
    "script.svg": DOT.replace("<circle", "<script>1</script><circle"),
    "fake.png": "no picture",
    "dot.bmp": "BM",
    "huge.gif": "GIF89app00;",  # two bytes each for width and height
    "tone.ogg": "OggS",
    **{f"{name}.mp4": FILM for name in ("film", "mute", "bad", "headed")},
    **{f"{name}.transcript.md": "A circle moves.\n" for name in ("film", "mute", "bad")},
    "headed.transcript.md": "## A film\n\nA circle moves.\n",
    **{f"{name}.vtt": CAPTIONS for name in ("film", "headed")},
    "bad.vtt": CAPTIONS.replace("-->", "->"),
}


@dataclass
class Memory:
    """A tree of texts or bytes by path."""

    files: dict[str, str | bytes]
    revision: str = "worktree"
    refused: list[Problem] = field(default_factory=list)

    @property
    def tree_hash(self) -> str:
        return hashlib.sha256(repr(sorted(self.files.items())).encode()).hexdigest()

    def paths(self) -> Sequence[str]:
        return sorted(self.files)

    def read(self, path: str) -> bytes:
        data = self.files[path]
        return data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data

    def problems(self) -> Sequence[Problem]:
        return self.refused


def loaded(**changes: str | bytes) -> Loaded:
    """The sample course with some files changed; `one` stands for one.md."""
    files: dict[str, str | bytes] = {**BASE}
    files.update(
        {f"{name}.md" if "." not in name else name: text for name, text in changes.items()}
    )
    return load(Memory(files), TODAY)


def lesson(body: str) -> Loaded:
    """The sample course with another text in its lesson."""
    return loaded(one=LESSON + body)


def html(body: str) -> str:
    """The HTML of a lesson of prose."""
    found = lesson(body)
    assert found.course is not None, found.problems
    return "\n".join(b.html for b in found.course.by_id["one"].blocks if b.kind == "prose")  # type: ignore[union-attr]


def question(answers: str, marker: str = "", heading: str = "Is it so?") -> Question:
    """A practice question with these answers; its marker is `question: own` and more."""
    extra = f"; {marker}" if marker else ""
    found = lesson(
        f"### {heading}\n\n<!-- question: own{extra} -->\n\n{answers}".replace("###", "##", 1)
    )
    assert found.course is not None, found.problems
    return found.course.by_id["one"].questions[0]  # type: ignore[union-attr]


def codes(found: Loaded) -> list[str]:
    """The codes of all problems."""
    return [problem.code for problem in found.problems]
