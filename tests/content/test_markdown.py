"""Markdown to HTML that may go into any page."""

# ruff: noqa: E501 (tables of examples read best one a line)

from __future__ import annotations

import html5lib
import pytest

from mooc.content.markdown import sanitize
from tests.content.trees import codes, html, lesson, loaded

HEADINGS = "## Novelty & more\n\n## Novelty & more\n\n### Deeper\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("| a | b |\n|:-:|--:|\n| 1 | 2 |\n", '<th class="align-center" scope="col">a</th>'),
        ("| a | b |\n|:-:|--:|\n| 1 | 2 |\n", '<div class="table-wrap" tabindex="0">\n<table>'),
        ("~~old~~\n", "<s>old</s>"),
        (
            "A.[^n]\n\n[^n]: Note.\n",
            '<sup class="footnote-ref"><a href="#fn-1" id="fnref-1">1</a></sup>',
        ),
        (
            "A.[^n]\n\n[^n]: Note.\n",
            '<li id="fn-1"><p>Note. <a href="#fnref-1" class="footnote-back" aria-label="Back to the text">↩</a></p>',
        ),
        (
            "> [!WARNING]\n> Careful.\n",
            '<div class="alert alert-warning" role="note">\n<p class="alert-title">Warning</p>\n<p>Careful.</p>',
        ),
        ("> [!EXAMPLE]\n> A case.\n", '<p class="alert-title">Example</p>'),
        ("> Said.\n", "<blockquote>\n<p>Said.</p>\n</blockquote>"),
        ('![A dot](dot.svg "The dot")\n', "<figcaption>The dot</figcaption></figure>"),
        ("![A dot](dot.svg)\n", 'alt="A dot" loading="lazy" width="9" height="7"></figure>'),
        ("So ![A dot](dot.svg) here\n", "<p>So <img"),
        ("[x](https://example.org)\n", '<a href="https://example.org" rel="noopener">x</a>'),
        ("[x](mailto:a@example.org)\n", 'href="mailto:a@example.org"'),
        ("[x](quiz.md)\n", '<a href="/courses/sample/quiz">x</a>'),
        (
            "[x](course.md#learning-outcomes)\n",
            '<a href="/courses/sample#s-learning-outcomes">x</a>',
        ),
        ("## A b\n\n[x](#a-b)\n", '<a href="#s-a-b">x</a>'),
        ("[x](dot.svg)\n", '.svg">x</a>'),
        ("a <!-- hidden --> b\n", "<p>a  b</p>"),
        ("Text. <!-- hidden -->\n", "<p>Text.</p>"),
        ("```python\nx < 1\n```\n", '<code class="language-python">x &lt; 1\n</code>'),
        ("3. c\n4. d\n", '<ol start="3">'),
        ("a\\\nb\n", "a<br>\nb"),
        ("`<b>` and \\<b>\n", "<code>&lt;b&gt;</code> and &lt;b&gt;"),
        ("a <svg/onload=1> b\n", "a &lt;svg/onload=1&gt; b"),
        ('"quotes" -- stay...\n', '"quotes" -- stay...'),
    ],
)
def test_markdown_becomes(body: str, expected: str) -> None:
    assert expected in html(body)


def test_headings_get_the_anchors_of_the_git_host_with_a_prefix() -> None:
    found = lesson(HEADINGS)
    assert found.course is not None
    sections = found.course.by_id["one"].sections  # type: ignore[union-attr]
    assert [(s.anchor, s.level) for s in sections] == [
        ("s-novelty--more", 2),
        ("s-novelty--more-1", 2),
        ("s-deeper", 3),
    ]


def test_alerts_speak_the_language_of_the_course() -> None:
    from tests.content.trees import BASE, LESSON

    found = loaded(
        course=BASE["course.md"].replace("language: en", "language: ru"),
        one=LESSON + "> [!TIP]\n> Да.\n",
    )
    assert found.course is not None
    assert '<p class="alert-title">Совет</p>' in found.course.by_id["one"].blocks[0].html  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>\n", "<img src=x onerror=alert(1)>\n", "a <svg onload=alert(1)> b\n",
        "<iframe src=x></iframe>\n", "<style>*{}</style>\n", "<!-- --><script>x</script>\n", "<?php x ?>\n",
        "<![CDATA[x]]>\n", "<!DOCTYPE x>\n", "<div style='x'>\n\ntext\n\n</div>\n",
    ],
)  # fmt: skip
def test_html_is_an_error_and_is_dropped(body: str) -> None:
    assert "E301" in codes(lesson(body))


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "&#106;avascript:x",
        "ftp://a",
    ],
)
def test_addresses_of_other_kinds_are_refused(target: str) -> None:
    assert codes(lesson(f"[x]({target})\n")) == ["E224"]
    assert set(codes(lesson(f"![x]({target})\n"))) <= {"E223", "E224"}


PAYLOADS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>', '<a href="//evil.example">x</a>', "<svg><script>1</script></svg>",
    '<p style="x">x</p>', '<p class="modal">x</p>', '<p id="login">x</p>', "<math><mi xlink:href='data:x'>",
    "<noscript><p title='</noscript><img src=x onerror=1>'>", "<form><button formaction=javascript:1>",
    '<img src="https://evil.example/x.png">', "<base href=//x>", "<template><script>1</script></template>",
    "<!--><img src=x onerror=1>-->", "<a href='data:text/html,x'>x</a>", "<div role=dialog>x</div>", "a&lt;b",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_active_survives_sanitising_and_twice_is_once(payload: str) -> None:
    clean = sanitize(payload)
    assert sanitize(clean) == clean
    assert_harmless(clean)


def assert_harmless(text: str) -> None:
    """Parsed as a browser would, a text holds no script, handler, style or foreign address."""
    for node in html5lib.parseFragment(text, namespaceHTMLElements=False).iter():
        assert node.tag not in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "svg",
            "math",
            "form",
            "base",
            "meta",
            "link",
        }
        for name, value in node.attrib.items():
            assert not str(name).lower().startswith("on")
            assert name not in ("style", "srcdoc", "formaction")
            if name in ("href", "src"):
                assert value.startswith(
                    ("/courses/", "/media/", "#", "http://", "https://", "mailto:")
                ), value
