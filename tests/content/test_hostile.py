"""Content from strangers: nothing crashes the loader, runs in a page, or takes long."""

# ruff: noqa: E501 (tables of examples read best one a line)

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mooc.content.loader import load
from mooc.content.markdown import sanitize
from mooc.content.model import Course, Practice
from tests.content.test_markdown import PAYLOADS, assert_harmless
from tests.content.trees import (
    BASE,
    LESSON,
    OPTIONS,
    POOL,
    QUIZ,
    TODAY,
    Memory,
    codes,
    lesson,
    loaded,
)

LIMIT = 5.0  # seconds of this process
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

PIECES = st.sampled_from(
    [
        *PAYLOADS, "# ", "## ", "### A (2 points)\n\n", "\n", "\n\n", "  ", "- ", "- [x] ", "- [ ] ", "- [~] ", "1. ",
        "> ", "> [!NOTE]\n", "> [!TIP]\n", "<!-- question: own -->\n\n", "<!-- question: q; type: numeric -->\n\n",
        "<!-- question: q; accept: a | b; credit: all -->\n\n", "<!-- case: c -->\n\n", "<!-- a -->", "<!--", "-->",
        "`1`", "`1` ± `2%`", "`9` to `1`", "`/(a+)+/`", "`text`", "|a|b|\n|-|:-:|\n|1|2|\n", "[^1]", "[^1]: note\n",
        "![a](dot.svg)", '![a](dot.svg "T")', "![](x.png)", "[a](one.md)", "[a](quiz.md#x)", "[a](pool.md)",
        "[a](javascript:alert(1))", "[a](//evil)", "[a](../../x)", "![a](data:image/png;base64,x)", "[a]: javascript:x\n",
        "<http://a>", "<javascript:x>", "**", "*", "_", "~~", "`", "```\n", "\\", "&lt;script&gt;", "&#60;img onerror=1&#62;",
        "- Draw 2 from [P](pool.md)\n", "- Draw 1 from [P](pool.md) where tag x and level y\n", "True", "False", "**50%** x",
        "---\n", "[[x]]", "\u202e", "\x00", "\x1b", "\ufeff", "é", "ﷺ", "𝔘",
    ]
)  # fmt: skip
DOCUMENTS = st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join)


def pages(course: Course) -> Iterator[str]:
    """Every piece of HTML in a course."""
    yield course.about_html
    yield from course.outcomes_html
    for item in course.items:
        for block in getattr(item, "blocks", ()):
            if not isinstance(block, Practice):
                yield block.html
        yield getattr(item, "intro_html", "")
    for question in course.questions():
        yield from (
            question.title_html,
            question.prompt_html,
            question.explanation_html,
            *question.hints_html,
        )
        for part in getattr(question.key, "options", ()) or question.key.answers:  # type: ignore[union-attr]
            yield part.feedback_html
            yield getattr(part, "html", "")


@quick
@given(DOCUMENTS)
@pytest.mark.parametrize("place", ["lesson", "quiz", "pool", "course", "glossary"])
def test_any_text_loads_or_is_refused_and_nothing_in_it_runs(place: str, text: str) -> None:
    heads = {
        "lesson": ("one", LESSON),
        "quiz": ("quiz", QUIZ),
        "pool": ("pool", POOL),
        "course": ("course", BASE["course.md"]),
        "glossary": ("glossary", ""),
    }
    name, head = heads[place]
    found = loaded(**{name: head + text})
    if found.course:
        for page in pages(found.course):
            assert_harmless(page)
            assert sanitize(page) == page


@quick
@given(st.text(max_size=300), st.text(alphabet="abc:-[]{}&*!|>'\"%@`#,? \n\t", max_size=120))
def test_any_header_is_read_or_refused(body: str, header: str) -> None:
    loaded(one=f"---\n{header}\n---\n{body}", course=f"---\nid: sample\n{header}\n---\n")


@quick
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    loaded(
        **{
            "one.md": data,
            "dot.svg": data,
            "x.png": data,
            "quiz.md": b"---\nid: quiz\n---\n![a](dot.svg) ![b](x.png)" + data,
        }
    )


@quick
@example("\ufeff\ufeff")
@given(DOCUMENTS)
def test_sanitising_twice_is_sanitising_once(text: str) -> None:
    once = sanitize(text)
    assert sanitize(once) == once
    assert_harmless(once)


RAW = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@quick
@given(DOCUMENTS)
def test_even_html_that_was_let_through_is_harmless_once_sanitised(text: str) -> None:
    clean = sanitize(RAW.render(text))
    assert_harmless(clean)
    assert sanitize(clean) == clean


BIG = 500_000
PATHOLOGICAL = {
    "images": "![" * 20_000, "links": "[" * 50_000, "nested links": "[a](" * 20_000, "closed images": "![" * 2_000 + "](a)" * 2_000,
    "stars": "*a " * 6_000, "strong": "**a*" * 5_000, "under": "_a__" * 5_000, "tildes": "~~a" * 6_000, "ticks": "".join("`" * n + " " for n in range(190)),
    "quotes": "> " * 5_000 + "a", "deep lists": "\n".join("  " * n + "- a" for n in range(300)), "dashes": "- " * 10_000, "many lists": "- a\n" * 50_000,
    "columns": "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + ("|" + "a|" * 500 + "\n") * 200, "rows": "|a|b|\n|-|-|\n" + "|1|2|\n" * 60_000,
    "filled": "|" + "a|" * 49 + "\n|" + "-|" * 49 + "\n" + "|a\n" * 60_000, "references": "[a]: b\n" * 60_000, "notes": "[^a]: b\n\n" * 40_000,
    "note marks": "[^a] " * 4_000 + "\n\n[^a]: x\n", "comments": "<!-- a -->\n" * 40_000, "open comment": "<!--" * 4_000, "open comments": "a <!--\n\n" * 30_000,
    "entities": "&#x41;" * 3_000, "tags": "<a>" * 6_000, "half tags": "<a " * 6_000, "headings": "## a\n" * 60_000, "escapes": "\\[" * 9_000,
    "one line": "a" * BIG, "lines": "a\n" * 200_000, "alerts": "> [!NOTE]\n> a\n\n" * 20_000, "fences": "```\n" * 60_000, "long list": "- a\n" * 9_000, "brackets": "[a][b" * 3_900,
    "autolinks": "<http://a" * 2_000, "questions": f"## A\n\n<!-- question: q -->\n\n{OPTIONS}\n" * 3_000, "options": "## A\n\n<!-- question: q -->\n\n" + "- [x] a\n" * 20_000,
}  # fmt: skip


def seconds(text: str) -> float:
    started = time.process_time()
    lesson(text)
    return time.process_time() - started


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_a_pathological_text_is_judged_in_time(name: str) -> None:
    text = PATHOLOGICAL[name]
    assert seconds(text[: len(text) // 12]) < LIMIT / 2  # a busy machine is slow


@pytest.mark.soak
@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_a_pathological_text_of_full_length_is_judged_in_time(name: str) -> None:
    assert seconds(PATHOLOGICAL[name]) < LIMIT


@pytest.mark.parametrize(
    "header",
    [
        "[" * 20_000,
        "a: &a [*a, *a]",
        "!!python/object:os.system x",
        "{" * 5_000,
        "a: " * 5_000,
        "? " * 5_000,
        "<<: x",
        "- " * 5_000,
        "a: |\n" + " x\n" * 50_000,
        "id: 1\n" * 20_000,
    ],
)
def test_a_pathological_header_is_judged_in_time(header: str) -> None:
    started = time.process_time()
    assert loaded(one=f"---\n{header}\n---\n").course is None
    assert time.process_time() - started < LIMIT


@pytest.mark.parametrize(
    "inner",
    [
        "<script>1</script>", '<a href="https://x">a</a>', '<rect onclick="x"/>', "<foreignObject/>", '<image href="http://x/y.png"/>',
        '<use href="other.svg#a"/>', "<style>@import url(x)</style>", '<rect fill="url(http://x)"/>', '<set attributeName="href" to="x"/>', "<b", "<circle>",
    ],
)  # fmt: skip
def test_an_svg_that_is_more_than_a_picture_is_refused(inner: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{inner}</svg>'
    found = load(Memory({**BASE, "dot.svg": svg, "one.md": LESSON + "![A dot](dot.svg)\n"}), TODAY)
    assert codes(found) == ["M104"]


def test_an_svg_with_entities_is_refused() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>'
    assert codes(loaded(**{"dot.svg": bomb, "one": LESSON + "![A dot](dot.svg)\n"})) == ["M104"]


@pytest.mark.parametrize(
    "inner",
    [
        '<use href="#a"/>',
        '<rect fill="url(#g)"/>',
        "<style>.a{fill:red}</style>",
        "<text>one</text>",
    ],
)
def test_an_svg_that_is_a_picture_is_shown(inner: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{inner}</svg>'
    assert codes(loaded(**{"dot.svg": svg, "one": LESSON + "![A dot](dot.svg)\n"})) == []
