"""Pictures of every type of question, made from the very Markdown that docs/questions.md shows.

Each picture holds the hash of its source, so that a test can tell which is out of date.
"""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "questions.md"
PICTURES = ROOT / "docs" / "images" / "questions"
SHOWN = re.compile(
    r"^## [^\n]+\n(?:(?!^## ).)*?^```markdown\n(?P<source>.*?)^```$"
    r"(?:(?!^## ).)*?\]\(images/questions/(?P<name>[\w-]+)\.png\)",
    re.MULTILINE | re.DOTALL,
)
WIDTH = 720
# What is chosen before the picture is taken, for the types that show most when answered.
ANSWERS = {"single": ["Twenty years after filing"], "multiple": ["A name", "A smell"]}
# The box around some questions, in the page's own coordinates; a case begins with its heading.
FRAME = """([ids, title]) => {
    for (const bar of document.querySelectorAll(".lesson-bar, .lesson-outline")) bar.remove();
    const parts = ids.map((id) => document.getElementById(id)).map((one) => one.closest("form"));
    if (title) parts.unshift([...document.querySelectorAll("h2, h3, h4")]
        .find((one) => one.textContent.includes(title)));
    const boxes = parts.map((one) => one.getBoundingClientRect());
    const x = Math.min(...boxes.map((box) => box.left)) - 12;
    const y = Math.min(...boxes.map((box) => box.top)) + scrollY - 12;
    return {
        x, y,
        width: Math.max(...boxes.map((box) => box.right)) + 12 - x,
        height: Math.max(...boxes.map((box) => box.bottom)) + scrollY + 12 - y,
    };
}"""
COURSE = """---
id: show
title: Types of questions
language: en
summary: One of each.
---

## Learning outcomes

- See.

## Outline

1. All <!-- module: all -->
   - [Types](types.md)
"""


def sources() -> dict[str, str]:
    """Name of the picture → the Markdown above it."""
    return {found["name"]: found["source"] for found in SHOWN.finditer(GUIDE.read_text("utf-8"))}


def fingerprint(source: str) -> str:
    """What a picture remembers of its source."""
    return hashlib.sha256(source.encode()).hexdigest()


def write_course(folder: Path) -> None:
    """A course whose one lesson holds all that the guide shows."""
    home = folder / "show"
    home.mkdir(parents=True, exist_ok=True)
    (home / "course.md").write_text(COURSE, "utf-8")
    head = "---\nid: types\ntitle: Types\n---\n\n## One of each\n"
    lesson = "\n".join([head, *sources().values()])
    (home / "types.md").write_text(lesson, "utf-8")


def take(browser: Browser, address: str) -> None:
    """A picture of each, as a learner meets it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, source in sources().items():
        context = browser.new_context(
            viewport={"width": WIDTH, "height": 900}, reduced_motion="reduce", locale="en"
        )
        page = context.new_page()
        page.goto(f"{address}/courses/show/types")
        page.wait_for_function("document.fonts.status === 'loaded'")
        picture = _framed(page, source, ANSWERS.get(name, []))
        _save(picture, PICTURES / f"{name}.png", fingerprint(source))
        context.close()
        print(f"  {name}")


def _framed(page: Page, source: str, answers: list[str]) -> bytes:
    """The questions of one source, with nothing around them."""
    ids = re.findall(r"<!-- question: ([\w-]+)", source)
    form = page.locator(f"form#q-{ids[0]}, form:has(#q-{ids[0]})").first
    for label in answers:
        form.get_by_label(label).check()
    if answers:
        form.get_by_role("button", name="Check").click()
        page.wait_for_selector(".outcome")
    title = source.split("\n", 1)[0].strip("# ") if "<!-- case:" in source else ""
    clip = page.evaluate(FRAME, [[f"q-{identity}" for identity in ids], title])
    return page.screenshot(full_page=True, clip=clip)


def _save(data: bytes, path: Path, source: str) -> None:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    picture = Image.open(io.BytesIO(data)).convert("RGB")
    small = picture.quantize(64, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    note = PngInfo()
    note.add_text("source", source)
    small.save(path, optimize=True, pnginfo=note)
