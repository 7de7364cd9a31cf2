"""Pages of the preview: for learners, for reviewers, and for a file that is broken."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import html5lib
import pytest
from werkzeug.test import TestResponse

from mooc.web.preview.worktree import Worktree
from tests.pages import CheckingClient

Save = Callable[..., None]
PAGES = ("/courses/tiny", "/courses/tiny/work", "/courses/tiny/rights-quiz")
ATTACK = "<img src=x onerror=window.pwned=1>"


def text(answer: TestResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


# ------------------------------------------------------------------------------------- learners


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_the_sites_own(author: CheckingClient, page: str) -> None:
    body = text(author.get(page))
    assert "preview-bar" in body
    assert "site-header" not in body


def test_the_only_course_is_opened_at_once(author: CheckingClient) -> None:
    assert author.get("/").location == "/courses/tiny"


@pytest.mark.parametrize(
    "page", [*PAGES, "/preview/draw/tiny/rights-quiz?seed=1", "/courses/tiny/rights-pool"]
)
def test_the_learners_view_gives_nothing_away(author: CheckingClient, page: str) -> None:
    body = text(author.get(page))
    for secret in (
        "A poem is expression", "Ideas are free", "Ask what was expressed", "work-which; ",
        "Patents protect inventions", "Twenty years", "Berne Convention 1", "idea-expression",
        "preview-key", "vscode:", "TRIPS 9.2",
    ):  # fmt: skip
        assert secret not in body


def test_an_answer_is_judged_as_learners_see_it(author: CheckingClient) -> None:
    form = {"question": "work-which", "answer": "1", "hints": "0"}
    body = text(author.post("/courses/tiny/work/check", data=form))
    assert "Not right" in body
    assert "Ideas are free" in body
    assert "preview-scoring" not in body


def test_a_script_gets_the_question_alone(author: CheckingClient) -> None:
    answer = author.post(
        "/courses/tiny/work/check",
        data={"question": "work-which", "answer": "0"},
        headers={"X-Requested-With": "fetch"},
        checks=False,
    )
    body = text(answer)
    assert body.count("<form") == 1
    assert "<html" not in body


def test_ticking_a_lesson_leads_on(author: CheckingClient) -> None:
    assert author.post("/courses/tiny/work/complete").location == "/courses/tiny/patent"


def test_starting_a_quiz_shows_a_paper(author: CheckingClient) -> None:
    answer = author.post("/courses/tiny/exam/attempts", follow_redirects=True)
    assert "Draw again" in text(answer)


def test_pictures_are_shown_and_may_do_nothing(author: CheckingClient) -> None:
    found = re.search(r'src="(/media/[^"]+\.svg)"', text(author.get("/courses/tiny/work")))
    assert found
    answer = author.get(found[1])
    assert answer.mimetype == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert author.get("/media/nothing.svg").status_code == 404
    assert author.get("/media/../course.md").status_code == 404


def test_what_the_preview_has_not_is_said(author: CheckingClient) -> None:
    for path in ("/sign-in", "/courses/none", "/courses/tiny/none", "/preview/code/E999"):
        assert "Preview" in text(author.get(path), 404)


# ------------------------------------------------------------------------------------- reviewers


def test_reviewers_see_keys_feedback_hints_sources_and_lines(reviewer: CheckingClient) -> None:
    body = text(reviewer.get("/courses/tiny/rights-quiz"))
    for shown in ("Patents protect inventions", "TRIPS 9.2", "idea-expression", "quiz-years",
                  "/bern(e)?( convention)?/", "from 20 to 20", "Twenty years"):  # fmt: skip
        assert shown in body, shown
    body = text(reviewer.get("/courses/tiny/work"))
    assert "Ask what was expressed" in body
    assert "poem</code>" in body


def test_every_part_opens_in_the_editor_at_its_line(reviewer: CheckingClient, folder: Path) -> None:
    body = text(reviewer.get("/courses/tiny/work"))
    lines = (folder / "rights" / "work.md").read_text().split("\n")
    path = folder / "rights" / "work.md"
    for part in ("## Idea and expression", "### Which of these can be a work?",
                 "- [x] A poem <!-- poem -->", "> [!TIP]"):  # fmt: skip
        assert f"vscode://file{path}:{lines.index(part) + 1}:1" in body, part


def test_a_pool_and_a_quiz_list_all_their_questions(reviewer: CheckingClient) -> None:
    assert text(reviewer.get("/courses/tiny/rights-pool")).count("data-practice") >= 4
    assert text(reviewer.get("/courses/tiny/rights-quiz")).count("data-practice") == 5
    exam = text(reviewer.get("/courses/tiny/exam"))
    assert "preview-draw" in exam
    assert "/courses/tiny/rights-pool" in exam


def try_it(reviewer: CheckingClient, question: str, *answers: str) -> str:
    form = {"question": question, "answer": list(answers)}
    return " ".join(text(reviewer.post("/courses/tiny/rights-quiz/check", data=form)).split())


def test_an_answer_is_scored_as_an_exact_fraction_with_each_step(reviewer: CheckingClient) -> None:
    body = try_it(reviewer, "quiz-works", "0", "1", "2")
    assert '<strong><span class="numeric">1/2</span></strong>' in body
    assert "50 %: 1 of 2" in body
    assert body.count('class="is-chosen"') == 3
    assert 'chosen <span class="numeric">+1/2</span>' in body
    assert 'chosen <span class="numeric">−1/2</span>' in body
    assert "Facts are free" in body


def test_what_a_typed_answer_was_taken_for_is_named(reviewer: CheckingClient) -> None:
    assert "Taken for the known answer <code>Paris</code>" in try_it(reviewer, "quiz-city", "paris")
    assert "matches none" in try_it(reviewer, "quiz-city", "Rome")
    assert "1 of 1" in try_it(reviewer, "quiz-city", "Bern convention")
    assert "cannot be read as a number" in try_it(reviewer, "quiz-years", "many")
    assert "Nothing was answered" in try_it(reviewer, "quiz-years", "")


def test_a_drawn_paper_stays_until_it_is_drawn_again(reviewer: CheckingClient) -> None:
    first = reviewer.get("/preview/draw/tiny/exam")
    assert first.status_code == 302
    asked = re.findall(r'id="(q-[a-z-]+)"', text(reviewer.get(first.location)))
    assert asked
    assert asked == re.findall(r'id="(q-[a-z-]+)"', text(reviewer.get(first.location)))
    seeds = {reviewer.get("/preview/draw/tiny/exam").location for _ in range(3)}
    assert len(seeds) == 3


def test_a_question_of_a_drawn_paper_is_scored_in_the_order_shown(reviewer: CheckingClient) -> None:
    page = text(reviewer.get("/preview/draw/tiny/rights-quiz?seed=3"))
    form = page[page.index('id="q-quiz-novel"') :]
    shown = re.findall(r'choice-text">([^<]+)<', form)[:3]
    place = str(shown.index("Copyright"))
    data = {"question": "quiz-novel", "answer": place, "seed": "3"}
    body = text(reviewer.post("/courses/tiny/rights-quiz/check", data=data))
    assert "100 %: 1 of 1" in body


STAMPS = re.compile(r"What do (\d\d) stamps")


def test_numbers_that_vary_are_shown_as_learners_get_them(author: CheckingClient) -> None:
    page = text(author.get("/courses/tiny/more-practice"))
    (number,) = STAMPS.findall(page)
    assert "{{" not in page
    assert "Twice" not in page
    data = {"question": "stamps", "example": "0", "answer": str(2 * int(number))}
    assert f"Twice {number}." in text(author.post("/courses/tiny/more-practice/check", data=data))


def test_reviewers_see_a_formula_and_what_it_comes_to_in_each_example(
    reviewer: CheckingClient,
) -> None:
    page = text(reviewer.get("/courses/tiny/more-practice"))
    (number,) = STAMPS.findall(page)
    assert "<code>n * 2</code>" in page
    assert f"here {2 * int(number)}" in page
    assert f"Two for each of the {number}." in page
    data = {"question": "stamps", "example": "0"}
    address = "/courses/tiny/more-practice/check"
    other = text(reviewer.post(address, data={**data, "another": "1"}))
    (another,) = STAMPS.findall(other)
    assert another != number
    assert 'name="example" value="1"' in other
    answer = {**data, "example": "1", "answer": str(2 * int(another))}
    assert "100 %: 1 of 1" in text(reviewer.post(address, data=answer))


def test_a_drawn_paper_keeps_its_values_when_one_is_tried(reviewer: CheckingClient) -> None:
    page = text(reviewer.get("/preview/draw/tiny/more-quiz?seed=5"))
    ((copies, price),) = re.findall(r"What do (\d) copies at ([\d.]+) francs", page)
    name = re.findall(r'name="question" value="([a-z-]+)"', page[: page.index("copies at")])[-1]
    cost = f"{int(copies) * float(price):.2f}"
    for view in ("reviewer", "learner"):
        reviewer.set_cookie("preview", f"view={view}")
        data = {"question": name, "answer": cost, "seed": "5"}
        body = text(reviewer.post("/courses/tiny/more-quiz/check", data=data))
        assert f"What do {copies} copies at {price} francs" in body
        assert "outcome-right" in body


def test_examples_of_the_marker_are_shown_with_their_credit(
    reviewer: CheckingClient, save: Save
) -> None:
    save(
        "rights/quiz.md",
        "source: Berne Convention 1 -->",
        "source: Berne Convention 1; accept: BERN; reject: Rome -->",
    )
    body = text(reviewer.get("/courses/tiny/rights-quiz"))
    assert "<dt>Accepts</dt><dd><code>BERN</code>" in body
    assert "<dt>Rejects</dt><dd><code>Rome</code>" in body


# -------------------------------------------------------------------------------------- trouble


@pytest.mark.parametrize("view", ["author", "reviewer"])
def test_a_broken_file_is_explained_in_its_place(
    view: str, request: pytest.FixtureRequest, save: Save
) -> None:
    client: CheckingClient = request.getfixturevalue(view)
    save("rights/work.md", "minutes: 5", "minuets: 5")
    body = text(client.get("/courses/tiny/work"))
    assert "unknown key &#39;minuets&#39;" in body
    assert 'href="/preview/code/E103"' in body
    assert "work.md:4:1" in body
    assert "<mark>m</mark>inuets: 5" in body
    assert "Did you mean minutes?" in body
    assert "last version without errors" in body
    assert "Idea and expression" in body
    assert "What a patent is" in text(client.get("/courses/tiny/patent"))
    save("rights/work.md", "minuets: 5", "minutes: 6")
    assert "minuets" not in text(client.get("/courses/tiny/work"))


def test_a_file_whose_header_cannot_be_read_has_a_page(author: CheckingClient, save: Save) -> None:
    save("rights/new.md", "---\nid: [\n---\n\nText.\n")
    found = re.search(
        r'href="(/preview/file/tiny/rights/new\.md)"', text(author.get("/courses/tiny/work"))
    )
    assert found
    assert "keeps this file from being shown" in text(author.get(found[1]))


def test_the_bar_counts_and_the_problems_page_lists(author: CheckingClient, save: Save) -> None:
    assert "No problems" in text(author.get("/courses/tiny/work"))
    save("rights/work.md", "minutes: 5", "minuets: 5")
    save("rights/quiz.md", "type: numeric; ", "")
    body = text(author.get("/courses/tiny/patent"))
    assert "1 error" in body
    assert "1 warning" in body
    body = text(author.get("/preview/problems/tiny"))
    assert "E103" in body
    assert "W108" in body


def test_a_page_outside_of_the_outline_says_so(author: CheckingClient, save: Save) -> None:
    save("rights/idea.md", "---\nid: idea\ntitle: An idea\n---\n\nNot yet.\n")
    assert "Not in the outline" in text(author.get("/courses/tiny/idea"))


def test_every_code_of_a_problem_is_explained(author: CheckingClient) -> None:
    body = text(author.get("/preview/code/E103"))
    assert "With the problem" in body


HOSTILE = {
    "header": ("rights/work.md", "minutes: 5", f"{ATTACK}: 5"),
    "title": ("rights/work.md", "title: What a work is", f"title: {ATTACK}"),
    "value": ("rights/work.md", "minutes: 5", f"minutes: '{ATTACK}'"),
    "prose": ("rights/work.md", "never bare ideas", ATTACK),
    "link": ("rights/work.md", "patent.md#how-long", "javascript:window.pwned=1"),
    "option": ("rights/quiz.md", "- [x] A song", f"- [x] {ATTACK}"),
    "marker": ("rights/quiz.md", "source: TRIPS 33", f"source: {ATTACK}"),
    "key": ("rights/quiz.md", "`Paris`", f"`{ATTACK}`"),
    "course": ("course.md", "title: A tiny course", f"title: {ATTACK}"),
    "module": ("course.md", "1. Rights", f"1. {ATTACK}"),
    "bidi": ("rights/work.md", "minutes: 5", "min\u202eutes: 5"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_an_author_writes_becomes_markup(
    name: str, author: CheckingClient, reviewer: CheckingClient, save: Save
) -> None:
    save(*HOSTILE[name])
    for client in (author, reviewer):
        for path in (*PAGES, "/preview/problems/tiny", "/courses/tiny/rights-pool"):
            body = text(client.get(path, checks=False))
            assert "\u202e" not in body
            for element in html5lib.parse(body, namespaceHTMLElements=False).iter():
                attributes = {str(key).lower(): str(value) for key, value in element.items()}
                assert not [key for key in attributes if key.startswith("on")], body
                assert not attributes.get("href", "").startswith("javascript:")


# ------------------------------------------------------------------------------------- switches


def test_switches_are_links_that_come_back(author: CheckingClient) -> None:
    body = text(author.get("/courses/tiny/work"))
    assert 'dir="ltr"' in body
    link = re.search(r'href="(/preview/switch\?direction=rtl[^"]*)"', body)
    assert link
    answer = author.get(link[1].replace("&amp;", "&"))
    assert answer.status_code == 303
    assert answer.location == "/courses/tiny/work"
    body = text(author.get("/courses/tiny/work"))
    assert '<html lang="en" dir="rtl"' in body
    assert 'class="lesson-body" lang="en" dir="rtl"' in body


def test_the_narrow_page_stands_in_a_frame_without_a_bar(author: CheckingClient) -> None:
    author.set_cookie("preview", "width=narrow")
    body = text(author.get("/courses/tiny/work"))
    assert '<iframe src="/courses/tiny/work?frame=1"' in body
    framed = text(author.get("/courses/tiny/work?frame=1"))
    assert "<iframe" not in framed
    assert "preview-views" not in framed
    assert "frame-src 'self'" in author.get("/courses/tiny/work").headers["Content-Security-Policy"]


def test_on_paper_the_print_rules_hold_on_the_screen(author: CheckingClient) -> None:
    assert "/preview/print.css" not in text(author.get("/courses/tiny/work"))
    author.set_cookie("preview", "medium=print")
    assert "/preview/print.css" in text(author.get("/courses/tiny/work"))
    style = text(author.get("/preview/print.css"))
    assert "@media print" not in style
    assert " main .menu," in style


def test_dark_colours_and_the_language_of_the_interface(author: CheckingClient) -> None:
    author.get("/preview/switch?theme=dark&next=/courses/tiny")
    assert 'data-theme="dark"' in text(author.get("/courses/tiny/work"))
    author.get("/preview/switch?locale=ru&next=/courses/tiny")
    assert '<html lang="ru"' in text(author.get("/courses/tiny/work"))


def test_the_text_is_shown_in_its_other_languages(author: CheckingClient, save: Save) -> None:
    words = "---\nid: work\ntitle: Что такое произведение\n---\n\nИдеи свободны.\n"
    save("rights/work.ru.md", words)
    assert "language=ru" in text(author.get("/courses/tiny/work"))
    author.get("/preview/switch?language=ru&next=/")
    body = text(author.get("/courses/tiny/work"))
    assert "Идеи свободны" in body
    assert 'class="lesson-body" lang="ru"' in body
    assert "What a patent is" in text(author.get("/courses/tiny/patent"))


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil", "", "x", "/a\nb"]
)
def test_a_switch_leads_nowhere_else(author: CheckingClient, target: str) -> None:
    answer = author.get("/preview/switch", query_string={"view": "learner", "next": target})
    assert answer.location == "/"


def test_nonsense_in_the_cookie_is_ignored(author: CheckingClient) -> None:
    author.set_cookie("preview", "view=admin&theme=<b>&direction=up&x=1")
    body = text(author.get("/courses/tiny/work"))
    assert "preview-key" not in body


# ---------------------------------------------------------------------------------------- guard


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8010", "[::2]", ""]
)
def test_another_host_is_refused(author: CheckingClient, host: str) -> None:
    for path in ("/courses/tiny", "/preview/events", "/static/css/main.css"):
        answer = author.get(path, headers={"Host": host})
        assert answer.status_code == 403
        assert "tiny" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("host", ["127.0.0.1:8010", "localhost:9", "LOCALHOST", "[::1]:8010"])
def test_this_machine_is_answered(author: CheckingClient, host: str) -> None:
    assert author.get("/courses/tiny", headers={"Host": host}).status_code == 200


def test_a_form_of_another_site_is_refused(author: CheckingClient) -> None:
    data = {"question": "work-which", "answer": "0"}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = author.post("/courses/tiny/work/check", data=data, headers=headers)
        assert answer.status_code == 403


def test_news_arrive_as_events(author: CheckingClient, worktree: Worktree) -> None:
    answer = author.get("/preview/events", buffered=False)
    assert answer.mimetype == "text/event-stream"
    first = next(iter(answer.response))
    assert (
        str(first if isinstance(first, str) else first.decode()) == f"data: {worktree.version}\n\n"
    )
    answer.close()
