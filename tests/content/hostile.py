"""Trees that want to do harm: what no text file of cases can hold. Each is built when asked for."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path

from mooc.content.source import Folder, GitTree, Tree
from tests.content.test_source import FILE, LINK, SUBMODULE, commit, sample, write
from tests.content.trees import BASE, LESSON, OPTIONS, QUIZ, Memory

Build = Callable[[Path], Tree]
PICTURE = LESSON + "![A dot](dot.svg)\n"
SHOT = LESSON + "![A shot](shot.png)\n"


def memory(**files: str | bytes) -> Build:
    """The sample course with other files; `one` stands for one.md."""
    named = {f"{name}.md" if "." not in name else name: data for name, data in files.items()}
    return lambda _folder: Memory({**BASE, **named})


def named(path: str) -> Build:
    """A commit that holds one more file, of this name."""
    return repository({path: (FILE, b"x")})


def repository(more: dict[str, tuple[int, bytes]]) -> Build:
    """A commit with the sample course and these entries."""

    def build(folder: Path) -> Tree:
        commit(folder / "repository", {**sample(), **more})
        return GitTree(folder / "repository")

    return build


def linked(name: str, to: str) -> Build:
    """A folder in which one name is a symbolic link."""

    def build(folder: Path) -> Tree:
        write(folder, BASE)
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(to)
        return Folder(folder)

    return build


def png(width: int, height: int) -> bytes:
    """A picture that says it is of this size, and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + crc

    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    body = chunk(b"IHDR", size + b"\x08\x02\x00\x00\x00")
    body += chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def svg(inner: str) -> Build:
    """A drawing with something in it, shown in the lesson."""
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 7">{inner}</svg>'
    return memory(**{"dot.svg": drawing, "one": PICTURE})


def many_files(_folder: Path) -> Tree:
    from mooc.content.listing import Listing

    listing = Listing()
    for number in range(10_001):
        listing.add(f"n{number:05}.txt", 0o100644, 1)
    listing.finish()
    return Memory({**BASE}, refused=listing.problems)


def many_entities() -> str:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "a" * 10}">' for n in range(10))
    return f"<!DOCTYPE svg [{levels}]><svg xmlns='http://www.w3.org/2000/svg'>&a9;</svg>"


def utf16(text: str) -> bytes:
    stream = io.BytesIO()
    stream.write(text.encode("utf-16"))
    return stream.getvalue()


TREES: dict[str, Build] = {
    # names and kinds
    "link-out-of-the-course": linked("two.md", "/etc/passwd"),
    "link-in-place-of-a-lesson": linked("one.md", "../one.md"),
    "link-in-a-commit": repository({"map.svg": (LINK, b"../../map.svg")}),
    "link-to-a-folder": linked("patents", ".."),
    "submodule": repository({"patents": (SUBMODULE, b"x")}),
    "parent-in-a-path": named("../escape.md"),
    "parent-within-a-path": named("a/../../escape.md"),
    "backslash": named("a\\b.md"),
    "drive-letter": named("c:evil.md"),
    "device": named("notes/con.md"),
    "device-with-an-ending": named("NUL.txt.md"),
    "new-line-in-a-name": named("a\nb.md"),
    "override-in-a-name": named("pay\u202edm.md"),
    "name-not-utf-8": named("caf\udce9.md"),
    "case-clash": repository({"ONE.md": (FILE, b"x")}),
    "accent-clash": repository({"caf\u00e9.txt": (FILE, b"x"), "cafe\u0301.txt": (FILE, b"x")}),
    "deep-folders": named("/".join("abcdefghijklmnopqrstuvw") + "/x.md"),
    "several-at-once": repository(
        {"map.svg": (LINK, b"x"), "nul.md": (FILE, b"x"), "sub": (SUBMODULE, b"x")}
    ),
    "ten-thousand-files": many_files,
    # sizes
    "line-of-5-mb": memory(one=LESSON + "a" * 5_000_000),
    "line-of-half-a-mb": memory(one=LESSON + "word " * 100_000),
    "table-of-100,000-rows": memory(one=LESSON + "|a|b|\n|-|-|\n" + "|1|2|\n" * 100_000),
    "table-of-3,000-rows": memory(one=LESSON + "|a|b|\n|-|-|\n" + "|1|2|\n" * 3_000),
    "table-of-500-columns": memory(one=LESSON + "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n"),
    "quotations-5,000-deep": memory(one=LESSON + "> " * 5_000 + "a\n"),
    "lists-200-deep": memory(one=LESSON + "\n".join("  " * n + "- a" for n in range(200))),
    "brackets-20,000-deep": memory(one=LESSON + "![" * 9_000),
    "fence-never-closed": memory(one=LESSON + "```\n" + "text\n" * 2_000),
    "60,000-headings": memory(one=LESSON + "## a\n" * 60_000),
    "question-of-3,000-options": memory(
        one=LESSON + "## A?\n\n<!-- question: own -->\n\n" + "- [ ] a\n" * 3_000
    ),
    "the-same-question-400-times": memory(
        quiz=QUIZ + f"## A?\n\n<!-- question: own; source: X -->\n\n{OPTIONS}\n" * 400
    ),
    # headers
    "yaml-bomb": memory(
        one="---\na: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(20)) + "---\n"
    ),
    "yaml-of-20,000-brackets": memory(one="---\nid: " + "[" * 20_000 + "\n---\n"),
    "yaml-object": memory(one="---\nid: !!python/object/apply:os.system [ls]\ntitle: One\n---\n"),
    "header-of-20,000-keys": memory(
        one="---\nid: one\ntitle: One\n" + "".join(f"k{n}: v\n" for n in range(2_000)) + "---\n"
    ),
    # bytes
    "utf-16": memory(one=utf16(LESSON + "Text.\n")),
    "windows-1251": memory(one=(LESSON + "Текст.\n").encode("cp1251")),
    "zeros": memory(one=LESSON + "a\0b\n"),
    "cr-only": memory(one=(LESSON + "Text.\n\nMore.\n").replace("\n", "\r")),
    "byte-order-mark": memory(one="\ufeff" + LESSON + "Text.\n"),
    "two-byte-order-marks": memory(one="\ufeff\ufeff" + LESSON + "Text.\n"),
    # pictures
    "svg-script": svg("<script>alert(1)</script>"),
    "svg-event": svg('<circle r="2" onload="alert(1)"/>'),
    "svg-link": svg('<a href="https://example.org"><circle r="2"/></a>'),
    "svg-loads": svg('<image href="https://example.org/x.png"/>'),
    "svg-foreign": svg("<foreignObject><p>Hello</p></foreignObject>"),
    "svg-billion-laughs": memory(**{"dot.svg": many_entities(), "one": PICTURE}),
    "svg-that-never-ends": svg("<g>" * 3_000),
    "png-that-is-text": memory(**{"shot.png": "no picture", "one": SHOT}),
    "png-of-24,000-by-24,000": memory(**{"shot.png": png(24_000, 24_000), "one": SHOT}),
    "picture-of-25-mb": memory(**{"shot.png": png(9, 9) + bytes(25_000_000), "one": SHOT}),
}
