"""Canonical form: reached in one go, never left again, and nothing in it says anything else."""

# ruff: noqa: E501 (tables of examples read best one a line)

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mooc.content import scaffold
from mooc.content.canonical import canonical
from mooc.content.canonical.meaning import meaning
from mooc.content.loader import load
from mooc.content.rewriting import Changed, same, still_fresh
from mooc.content.source import Folder
from mooc.content.survey import is_text
from tests.content.test_hostile import DOCUMENTS
from tests.content.trees import BASE, LESSON, OPTIONS, POOL, QUIZ, TODAY, Memory

COURSES = Path(__file__).parents[2] / "courses"


def formatted(text: str, path: str = "one.md") -> str:
    found = canonical(path, text.encode())
    assert not found.refused, found.refused
    return found.data.decode()


EXAMPLES = {
    "headings": ("Title\n===\n##   Two ##\nText\n---\n#### Four\n", "# Title\n\n## Two\n\n## Text\n\n#### Four\n"),
    "bullets": ("*   one\n*   two\n    - deep\n\n    more\n", "- one\n- two\n  - deep\n\n  more\n"),
    "a tight list": ("+ [X]  right <!--a-->\n  > why\n+ [ ] wrong\n", "- [x] right <!-- a -->\n  > why\n- [ ] wrong\n"),
    "two lists": ("- one\n\n* other\n", "- one\n\n* other\n"),
    "two lists again": ("* one\n\n- other\n", "- one\n\n* other\n"),
    "numbers": ("3) three\n7) four\n", "3. three\n4. four\n"),
    "more than nine": ("9. nine\n1. ten\n   - in\n", "9. nine\n10. ten\n    - in\n"),
    "an outline": ("1. Part <!--module:part-->\n    * [One](one.md)\n", "1. Part <!-- module: part -->\n   - [One](one.md)\n"),
    "quotations": (">[!note]\n>text\nlazy\n", "> [!NOTE]\n> text\n> lazy\n"),
    "gaps": ("one\n\n\n\ntwo\n## three\nfour\n\n\n", "one\n\ntwo\n\n## three\n\nfour\n"),
    "line ends": ("one  \ntwo \t\n\nthree\\\nfour   \n", "one\\\ntwo\n\nthree\\\nfour\n"),
    "one sentence a line": ("One.\nTwo.\n   Three.\n", "One.\nTwo.\nThree.\n"),
    "a rule": ("one\n\n* * *\n\n- a\n\n  ***\n", "one\n\n---\n\n- a\n\n  ***\n"),
    "code": ("```  py  \nx =  1  \n\n\n\ny\n```\n", "```py\nx =  1  \n\n\n\ny\n```\n"),
    "code in a list": ("*  a\n\n   ~~~\n   b  \n     c\n   ~~~\n", "- a\n\n  ~~~\n  b  \n    c\n  ~~~\n"),
    "tabs": ("-\tone\n\t- two\n", "- one\n  - two\n"),
    "a table": ("|a|*b*|c|\n|-|:-:|--:|\n|1|2|3|\n|long <!--x-->|||\n", "| a               | *b* |   c |\n|-----------------|:---:|----:|\n| 1               | 2   |   3 |\n| long <!-- x --> |     |     |\n"),
    "a table without walls": ("a|b\n-|-\n`x\\|y`|2\n", "| a      | b   |\n|--------|-----|\n| `x\\|y` | 2   |\n"),
    "a wide table": (f"|a|b|\n|---|---|\n|{'x' * 99}||\n", f"| a | b |\n|---|---|\n| {'x' * 99} | |\n"),
    "wide letters": ("|著作権|b|\n|---|---|\n|e\u0301|2|\n", "| 著作権 | b   |\n|--------|-----|\n| e\u0301      | 2   |\n"),
    "a marker": ("## Q\n<!--question:own;tags: a,b ;accept:x|y-->\n- [x] a\n- [ ] b\n", "## Q\n\n<!-- question: own; tags: a,b; accept: x | y -->\n\n- [x] a\n- [ ] b\n"),
    "a quoted value": ('## Q\n<!-- question: own;source: "a; b|c" -->\n', '## Q\n\n<!-- question: own; source: "a; b|c" -->\n'),
    "comments in code": ("`<!--a-->` and <!--b-->\n", "`<!--a-->` and <!-- b -->\n"),
    "a long comment": ("<!--\nA remark  \n-->\ntext\n", "<!--\nA remark\n-->\n\ntext\n"),
    "neutral and blank": ("- [~] maybe\n\nFill [[one]] in.\n", "- [~] maybe\n\nFill [[one]] in.\n"),
    "footnotes": ("a[^1] b[^2]\n\n[^1]:one\n[^2]:   two\n    more\n", "a[^1] b[^2]\n\n[^1]: one\n[^2]: two\n    more\n"),
    "addresses": ("[a]\n\n\n[a]: one.md\n[b]: x.md  \n", "[a]\n\n[a]: one.md\n[b]: x.md\n"),
    "no plus becomes a list": ("text\n      + 1 is not a list\n", "text\n      + 1 is not a list\n"),
    "escapes stay": ("1\\. not a list, \\* nor this, 2 * 3 and _a_\n", "1\\. not a list, \\* nor this, 2 * 3 and _a_\n"),
    "nothing": ("\n\n", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_text_is_written_as_we_write_it(name: str) -> None:
    before, after = EXAMPLES[name]
    assert formatted(LESSON + before) == (LESSON + after if after else LESSON.rstrip("\n") + "\n")
    assert formatted(LESSON + after) == (LESSON + after if after else LESSON.rstrip("\n") + "\n")


HEADERS = {
    "order": ("title: T\nkind: quiz\nattempts: 2\nid: q\npass_mark: 60\n", "id: q\ntitle: T\nkind: quiz\npass_mark: 60\nattempts: 2\n"),
    "spaces": ("id:   q  \ntitle:  \"a:  b\"\n\n\nminutes :  5\n", "id: q\ntitle: \"a:  b\"\nminutes: 5\n"),
    "remarks": ("# about title\ntitle: T # here\n# about id\nid: q\n# last\n", "# about id\nid: q\n# about title\ntitle: T # here\n# last\n"),
    "lists": ("title: T\naliases:\n- a1\n- b1\nid: q\n", "id: q\ntitle: T\naliases:\n  - a1\n  - b1\n"),
    "long texts": ("title: >\n  one\n\n  two\nid: q\n", "title: >\n  one\n\n  two\nid: q\n"),
    "unknown keys": ("hurz: 1\nid: q\ntitle: T\n", "id: q\ntitle: T\nhurz: 1\n"),
    "keys twice": ("title: T\nid: q\ntitle:   U\n", "title: T\nid: q\ntitle:   U\n"),
    "no YAML": ("title: a: b\nid:   q\n", "title: a: b\nid:   q\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_is_written_as_the_guide_writes_it(name: str) -> None:
    before, after = HEADERS[name]
    assert formatted(f"---\n{before}---\n") == f"---\n{after}---\n"
    assert formatted(f"---\n{after}...\n\n\nText") == f"---\n{after}---\n\nText\n"


def test_marks_of_other_systems_leave() -> None:
    text = "\ufeff" + (LESSON + "One.\n").replace("\n", "\r\n")
    assert formatted(text) == LESSON + "One.\n"
    assert formatted((LESSON + "One.").replace("\n", "\r")) == LESSON + "One.\n"


def test_what_cannot_be_written_safely_is_left_and_named() -> None:
    for text, why in (
        (LESSON + "*  a\n\n```\nnever ends\n", "never ends"),
        ("---\nid: one\n\n*  a\n", "header never ends"),
    ):
        found = canonical("one.md", text.encode())
        assert found.data == text.encode()
        assert why in found.refused
    assert canonical("one.md", b"\xff").refused == "it is not UTF-8 text"


def test_a_course_without_a_header_keeps_its_rule() -> None:
    assert formatted("* * *\n\n- **a**: b\n", "glossary.md") == "***\n\n- **a**: b\n"


# --------------------------------------------------------------------------- what stays the same

WORDS = st.sampled_from(
    ["word", "*stress*", "**strong**", "`code`", "[link](one.md)", "![dot](dot.svg)", "a \\* b", "[[blank]]",
     "<!-- remark -->", "[^1]", "x<!--a-->", "`<!--a-->`", "1.", "+", "#", "end  \nnext", "end\\\nnext", "two\nlines"]
)  # fmt: skip
TEXT = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> str:
    """Some Markdown, written in one of the many ways that Markdown allows."""
    shapes = [
        text,
        heading,
        rule,
        fence,
        note,
        table,
        *([quote, items, items] if depth < 3 else []),
    ]
    count = draw(st.integers(1, 4))
    return draw(st.sampled_from(["\n\n", "\n\n\n", "\n"])).join(
        draw(draw(st.sampled_from(shapes))(depth)) for _ in range(count)
    )


def text(_depth: int) -> st.SearchStrategy[str]:
    return TEXT


def heading(_depth: int) -> st.SearchStrategy[str]:
    return st.sampled_from(["## Two", "##  Two ##", "### Three <!--x-->", "Two\n---", "###"])


def rule(_depth: int) -> st.SearchStrategy[str]:
    return st.sampled_from(["***", "* * *", "___"])


def fence(_depth: int) -> st.SearchStrategy[str]:
    return st.sampled_from(
        ["```\na  \n\n b\n```", "~~~ py\n- x\n~~~", "    indented\n\n      code"]
    )


def note(_depth: int) -> st.SearchStrategy[str]:
    return st.sampled_from(
        ["[^1]: note", "[^1]:\ta\n    b", "<!--remark-->", "<!-- two\n lines -->", "[r]: one.md"]
    )


def table(_depth: int) -> st.SearchStrategy[str]:
    cell = st.sampled_from(["", "a", "`b\\|c`", "*d* <!--k-->", "x" * 60, "著"])
    row = st.lists(cell, min_size=2, max_size=2).map(lambda cells: "|" + "|".join(cells) + "|")
    return st.lists(row, min_size=1, max_size=3).map(
        lambda rows: "\n".join(["|A|B|", "|:-|-:|", *rows])
    )


@st.composite
def quote(draw: st.DrawFn, depth: int) -> str:
    kind = draw(st.sampled_from(["", "[!NOTE]\n", "[!tip]\n", "[!EXAMPLE]\n\n"]))
    sign = draw(st.sampled_from(["> ", ">", " > "]))
    return "\n".join(sign + line for line in (kind + draw(blocks(depth + 1))).split("\n"))


@st.composite
def items(draw: st.DrawFn, depth: int) -> str:
    sign = draw(
        st.sampled_from(["- ", "*   ", "+ ", "1. ", "7)  ", "10. ", *["-\t"] * (not depth)])
    )
    mark = draw(st.sampled_from(["", "[x] ", "[ ]  ", "[~] ", "[X] "]))
    indent = " " * (len(sign) if "\t" not in sign else 4)
    found = []
    for _ in range(draw(st.integers(1, 3))):
        first, *rest = (mark + draw(blocks(depth + 1))).split("\n")
        found.append("\n".join([sign + first, *(indent + line if line else "" for line in rest)]))
    return draw(st.sampled_from(["\n", "\n\n"])).join(found)


careful = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@careful
@given(blocks())
def test_any_layout_means_what_it_meant_and_is_formatted_or_left_alone(body: str) -> None:
    before = LESSON + body
    after = canonical("one.md", before.encode())
    assert meaning("one.md", after.data.decode()) == meaning("one.md", before)
    assert canonical("one.md", after.data) == after
    assert not after.refused or after.data == before.encode()


@pytest.mark.parametrize(
    "body",
    [
        "- a\n  - b\n\n    c\n- d\n", "> - a\n>\n> b\n", "-\n\n  a\n", "- - ***\n", "> [!NOTE]\n> ***",
        "end  \nnext\nTwo\n---", "*   one\n*   two\n\n\n+ three\n", "1) a\n2) b\n\n\n\ntext", "Title\n=====\n\ntext  \nmore\n",
        "> a\n\n\n|A|B|\n|-|:-:|\n|1|2|\n", "##   A   ##\ntext\n***\n", "```py\na  \n\n\nb\n```\n\n\n- [x] a\n- [ ]  b\n",
    ],
)  # fmt: skip
def test_ordinary_text_is_always_formatted(body: str) -> None:
    before = LESSON + body
    after = canonical("one.md", before.encode())
    assert not after.refused
    assert meaning("one.md", after.data.decode()) == meaning("one.md", before)
    assert "\n\n\n" not in after.data.decode().partition("```")[0]


@careful
@given(DOCUMENTS, st.sampled_from([LESSON, QUIZ, POOL]))
@example("## A\n<!-- question: own -->\n" + OPTIONS, LESSON)
def test_even_strange_text_compiles_to_the_same_course(document: str, head: str) -> None:
    text = (head + document).encode("utf-8", "replace")
    name = {LESSON: "one.md", QUIZ: "quiz.md", POOL: "pool.md"}[head]
    after = canonical(name, text)
    assert canonical(name, after.data).data == after.data
    tree = Memory({**BASE, name: text})
    assert same(load(tree, TODAY), load(Changed(tree, {name: after.data}), TODAY))


@pytest.mark.parametrize("name", sorted(path.parent.name for path in COURSES.glob("*/course.md")))
def test_real_courses_compile_to_the_same(name: str) -> None:
    tree = Folder(COURSES / name)
    edits = {}
    for path in tree.paths():
        if is_text(path):
            untidy = tree.read(path).replace(b"\n- ", b"\n*   ").replace(b"\n  > ", b"\n    >")
            after = canonical(path, untidy)
            assert not after.refused, (path, after.refused)
            assert canonical(path, after.data) == after
            edits[path] = after.data
    after = load(Changed(tree, still_fresh(tree, edits)), TODAY)
    assert same(load(tree, TODAY), after)


@pytest.mark.parametrize("language", scaffold.LANGUAGES)
def test_what_mooc_new_writes_is_canonical(language: str) -> None:
    made = {p: d.decode() for p, d in scaffold.course("demo", "Demo", language).items()}
    made |= {f"{k}.md": scaffold.file(k, "own", "Own", "own-1", language) for k in scaffold.KINDS}
    for kind in scaffold.question_types():
        made[f"{kind}-question.md"] = LESSON + scaffold.question(kind, "own", language)
    for path, text in made.items():
        if path.endswith(".md"):
            assert formatted(text, path) == text
