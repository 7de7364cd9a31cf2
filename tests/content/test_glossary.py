"""Terms of a glossary: read from its list, found in lessons, linked at their first use."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooc.content.first_use import Index
from mooc.content.model import Lesson, Term
from tests.content.trees import LESSON, codes, loaded

TERMS = (
    "- **priority date**: the day that *counts*. "
    "<!-- term: priority-date; also: priority dates -->\n"
    "- **date**: a day. <!-- term: date -->\n"
    "- **IP**: intellectual property. <!-- term: ip -->\n"
    "- **право приоритета**: первенство. <!-- term: priority; also: права приоритета -->\n"
)


def linked(body: str, glossary: str = TERMS) -> str:
    """The HTML of a lesson with the links of terms as [id|text]."""
    found = loaded(**{"one": LESSON + body, "glossary.md": glossary})
    assert found.course is not None, found.problems
    lesson = found.course.by_id["one"]
    assert isinstance(lesson, Lesson)
    html = "\n".join(block.html for block in lesson.blocks if block.kind == "prose")
    pattern = r'<a href="/courses/sample/glossary#([\w-]+)" class="term">(.*?)</a>'
    return re.sub(pattern, r"[\1|\2]", html, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("A priority date here.", "<p>A [priority-date|priority date] here.</p>"),
        ("A date, then a date.", "<p>A [date|date], then a date.</p>"),
        ("Priority\nDates", "<p>[priority-date|Priority\nDates]</p>"),
        ("A priority-date.", "<p>A priority-[date|date].</p>"),
        ("Update, dated, dates.", "<p>Update, dated, dates.</p>"),
        ("Своё Право\u00a0приоритета.", "<p>Своё [priority|Право&nbsp;приоритета].</p>"),
        ("Нет пра\u0301ва приоритета.", "<p>Нет [priority|пра\u0301ва приоритета].</p>"),
        ("What ip is: IP.", "<p>What ip is: [ip|IP].</p>"),
        ("A **date**.", "<p>A <strong>[date|date]</strong>.</p>"),
        ("`date` and [date](quiz.md) date.", None),
        ("> [!NOTE]\n> A date.", None),
    ],
)
def test_the_first_use_of_a_term_is_linked(body: str, html: str | None) -> None:
    made = linked(body + "\n")
    if html is not None:
        assert made == html
    assert made.count("[date|") <= 1
    if html is None:
        assert re.search(r"(?<!>)\[date\|date\]", made)


def test_a_phrase_that_is_no_term_is_left_alone() -> None:
    glossary = "- **work**: a result. <!-- term: work; also: works; not: it works, works as -->\n"
    made = linked("So It works, and works as told: good works.\n", glossary)
    assert made == "<p>So It works, and works as told: good [work|works].</p>"


def test_headings_and_questions_link_nothing() -> None:
    body = "## The date\n\nText.\n\n### Which date?\n\n<!-- question: own -->\n\nA date.\n\n"
    body += "- [x] Date <!-- a -->\n- [ ] No date <!-- b -->\n  > Date.\n"
    found = loaded(**{"one": LESSON + body, "glossary.md": TERMS})
    assert found.course is not None
    assert "term" not in repr(found.course.by_id["one"]).replace("terms=", "")


def test_a_lesson_knows_its_terms_and_the_course_what_they_mean() -> None:
    found = loaded(**{"one": LESSON + "IP. A date.\n", "glossary.md": TERMS})
    assert found.course is not None
    lesson = found.course.by_id["one"]
    assert isinstance(lesson, Lesson)
    assert lesson.terms == ("ip", "date")
    term = found.course.terms("en")["priority-date"]
    assert (term.term, term.forms) == ("priority date", ("priority dates",))
    assert (term.definition_html, term.text) == (
        "the day that <em>counts</em>.",
        "the day that counts.",
    )


def test_a_translation_links_to_its_own_forms_and_falls_back_for_meanings() -> None:
    found = loaded(
        **{
            "one": LESSON + "A date.\n",
            "one.ru.md": "---\nid: one\ntitle: Один\n---\n\nНет даты.\n",
            "glossary.md": TERMS,
            "glossary.ru.md": "- **дата**: день. <!-- term: date; also: даты -->\n",
        }
    )
    assert found.course is not None, found.problems
    lesson = found.course.edition("ru").by_id["one"]
    assert isinstance(lesson, Lesson)
    assert lesson.terms == ("date",)
    assert 'class="term">даты</a>' in repr(lesson.blocks)
    terms = found.course.terms("ru")
    assert (terms["date"].term, terms["date"].language) == ("дата", "ru")
    assert (terms["ip"].term, terms["ip"].language) == ("IP", "en")


def test_an_empty_glossary_is_none() -> None:
    found = loaded(**{"glossary.md": "Terms to come.\n"})
    assert found.course is not None
    assert found.course.glossaries == ()
    assert found.course.terms("en") == {}


def test_links_in_the_text_may_lead_to_a_term() -> None:
    assert "[date|" not in linked("See [it](glossary.md#date).\n")
    found = loaded(**{"one": LESSON + "See [it](glossary.md#dates).\n", "glossary.md": TERMS})
    assert codes(found) == ["E221"]
    assert "#date" in found.problems[0].fix


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("- **a**: an a. <!-- term: date -->", "E219", 27),
        ("- **b**: a b. <!-- term: bb; also: cc, Priority Dates -->", "E216", 40),
        ("- **b** <!-- term: bb -->", "E217", 1),
        ("- **b**: <!-- term: bb -->", "E217", 1),
        ("- **b**: c.[^1] <!-- term: bb -->\n\n[^1]: D.", "E217", 1),
        ("- **C++**: c. <!-- term: cpp; also: + -->", None, 0),
        ("- **b**: c. <!-- term: main -->", "E217", 13),
        ("- **" + "b " * 13 + "b**: c. <!-- term: bb -->", "E217", 39),
        ("- **b**: <script>x</script> <!-- term: bb -->", "E301", 10),
    ],
)
def test_what_is_wrong_with_an_entry_is_reported_with_its_place(
    line: str, code: str | None, column: int
) -> None:
    found = loaded(**{"glossary.md": TERMS + line + "\n"})
    if code is None:
        assert codes(found) == []
        return
    assert [(p.code, p.line, p.column) for p in found.problems] == [(code, 5, column)]


WORDS = st.lists(st.sampled_from(["право", "date", "a", "IP", "ё", "ı", "ß", "日", "ف", "'"]))


@given(st.lists(WORDS.map(" ".join), max_size=6), st.text() | WORDS.map("-".join))
def test_uses_are_whole_pieces_of_the_text_in_order(forms: list[str], text: str) -> None:
    terms = [Term(f"t{n}", form, (), "", "", "en") for n, form in enumerate(forms) if form]
    end = 0
    for start, stop, identity in Index(terms, "").find(text):
        assert end <= start < stop <= len(text)
        assert identity in {term.id for term in terms}
        end = stop


def test_a_long_text_takes_no_more_than_linear_time() -> None:
    terms = [Term("long", "a " * 11 + "b", (), "", "", "en")]
    begun = time.perf_counter()
    assert not list(Index(terms, "").find("a " * 50_000))
    assert time.perf_counter() - begun < 15, "the square of it would be hours"


def test_a_glossary_is_no_way_in_for_active_content() -> None:
    bad = '- **x**: [y](javascript:alert(1)) ![z](http://e.org/z.png "\'><img onerror=1>").'
    found = loaded(**{"glossary.md": f"{bad} <!-- term: xx -->\n"})
    assert {"E224", "E223"} <= set(codes(found))
    assert found.course is None


def test_the_terms_are_part_of_what_a_release_is_known_by() -> None:
    first = loaded(**{"glossary.md": TERMS})
    second = loaded(**{"glossary.md": TERMS.replace("a day", "one day")})
    assert first.course is not None
    assert second.course is not None
    assert first.course.hash != second.course.hash
