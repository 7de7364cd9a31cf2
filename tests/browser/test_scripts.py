"""What scripts add: checks in place, saving by itself, colours at once. And what stays without."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import func, select

from mooc.db import db
from mooc.learning.models import Attempt, Response
from tests.browser.site import Site, Watch

pytestmark = pytest.mark.browser

QUIZ = "/courses/tiny/rights-quiz"
LESSON = "/courses/tiny/work"


@pytest.fixture
def open_page(browser: Browser, site: Site, watch: Watch) -> Iterator[Callable[..., Page]]:
    """`open_page(name, address)`: a page of this learner's own browser."""
    contexts = []

    def opened(name: str, address: str, **how: object) -> Page:
        context = site.context(browser, site.person(name, course="tiny"), **how)
        contexts.append(context)
        page = watch.on(context.new_page())
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()


def group(page: Page, words: str) -> Locator:
    return page.get_by_role("group", name=words)


def begin(page: Page) -> None:
    """From the start page of the quiz into an attempt."""
    page.get_by_role("button", name=re.compile("Start the quiz|Try again")).click()
    expect(page).to_have_url(re.compile("/attempts/"))


def stored(site: Site, page: Page, number: int) -> tuple[object, bool] | None:
    """What the database holds for a question of the attempt on this page."""
    code = page.url.split("/attempts/")[1].partition("/")[0].partition("#")[0]
    with site.app.app_context():
        row = db.session.execute(
            select(Response.answer, Response.flagged)
            .join(Attempt, Attempt.id == Response.attempt_id)
            .where(Attempt.code == code, Response.position == number - 1)
        ).one_or_none()
        db.session.rollback()
    return (row.answer, row.flagged) if row else None


# ---------------------------------------------------------------------------------------- practice


def test_a_check_answers_in_place_and_moves_the_focus_to_the_verdict(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("Paula", LESSON, viewport={"width": 1280, "height": 500})
    page.evaluate("window.here = true")
    question = group(page, "Which of these can be a work?")
    question.get_by_label("A poem", exact=True).check()
    before = page.evaluate("scrollY")
    assert before > 0
    question.get_by_role("button", name="Check").click()
    expect(question.locator(".outcome")).to_be_focused()
    expect(question.locator(".outcome")).to_contain_text("A poem is expression.")
    expect(question.get_by_role("radio").first).to_be_checked()
    assert page.evaluate("window.here"), "the page was loaded anew"
    assert abs(page.evaluate("scrollY") - before) < 250


def test_trying_again_clears_the_question_where_it_stands(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("Paul", LESSON)
    question = group(page, "Which of these can be a work?")
    question.get_by_label("The idea of a poem").check()
    question.get_by_role("button", name="Check").click()
    expect(question).to_contain_text("Not right")
    question.get_by_role("link", name="Try again").click()
    expect(question.locator(".outcome")).to_have_count(0)
    expect(question.get_by_label("The idea of a poem")).not_to_be_checked()
    expect(question.get_by_role("radio").first).to_be_focused()


def test_nothing_answered_is_said_at_the_question(open_page: Callable[..., Page]) -> None:
    page = open_page("Pia", "/courses/tiny/patent")
    question = group(page, "How many years")
    question.get_by_role("button", name="Check").click()
    expect(question).to_contain_text("Nothing was answered yet.")
    expect(question.get_by_role("textbox")).to_be_focused()
    question.get_by_role("textbox").fill("many")
    question.get_by_role("button", name="Check").click()
    expect(question).to_contain_text("cannot be read as a number")
    expect(question.get_by_role("textbox")).to_have_value("many")


def test_without_scripts_the_address_leads_to_the_verdict(open_page: Callable[..., Page]) -> None:
    page = open_page("Petra", LESSON, java_script_enabled=False)
    question = group(page, "Which of these can be a work?")
    question.get_by_role("button", name="Show a hint").click()
    expect(page.locator(":focus")).to_contain_text("Ask what was expressed.")
    question.get_by_label("A poem", exact=True).check()
    question.get_by_role("button", name="Check").click()
    expect(page.locator(":focus")).to_contain_text("A poem is expression.")
    page.get_by_role("button", name="русский").first.click()
    expect(page).to_have_url(re.compile(f"{LESSON}$"))


def test_answering_the_last_question_turns_the_bar_and_the_outline(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("Pavel", "/courses/tiny/patent")
    question = group(page, "How many years")
    expect(page.get_by_label("Course contents")).to_contain_text("0 of 4 done")
    question.get_by_role("textbox").fill("20")
    question.get_by_role("button", name="Check").click()
    expect(page.get_by_label("Course contents")).to_contain_text("1 of 4 done")
    page.get_by_role("button", name="Completed: undo").click()
    expect(page.get_by_label("Course contents")).to_contain_text("0 of 4 done")


# ---------------------------------------------------------------------------------------- attempts


def test_an_answer_is_saved_as_it_is_given(open_page: Callable[..., Page], site: Site) -> None:
    page = open_page("Sara", QUIZ)
    begin(page)
    saved = page.locator("[data-status]")
    group(page, "An idea is protected").get_by_label("False").check()
    expect(saved).to_have_text(re.compile(r"Saved \d\d?:\d\d"))
    assert stored(site, page, 3) == (["no"], False)
    group(page, "An idea is protected").get_by_label("Come back to this question").check()
    expect(page.locator('[data-cell="3"]')).to_have_class(re.compile("is-answered is-flagged"))
    group(page, "Which convention of 1886").get_by_role("textbox").press_sequentially("Bern")
    page.reload()  # before typing is over
    expect(group(page, "An idea is protected").get_by_label("False")).to_be_checked()
    expect(group(page, "Which convention of 1886").get_by_role("textbox")).to_have_value("Bern")
    expect(page.locator("[data-status]")).to_have_text(re.compile("^Saved"))
    assert stored(site, page, 3) == (["no"], True)
    assert stored(site, page, 5) == ("Bern", False)


def test_an_answer_given_while_offline_is_kept_and_sent_when_the_network_is_back(
    open_page: Callable[..., Page], site: Site
) -> None:
    page = open_page("Olga", QUIZ)
    begin(page)
    page.context.set_offline(True)
    group(page, "Which right protects a novel?").get_by_label("Copyright").check()
    saved = page.locator("[data-status]")
    expect(saved).to_contain_text("The connection is lost.")
    expect(saved).to_be_in_viewport()
    assert stored(site, page, 1) is None
    group(page, "How many years").get_by_role("textbox").fill("20")
    page.wait_for_timeout(900)
    page.context.set_offline(False)
    expect(saved).to_have_text(re.compile(r"Saved \d\d?:\d\d"))
    assert stored(site, page, 1) == (["copyright"], False)
    assert stored(site, page, 4) == ("20", False)
    page.reload()
    expect(group(page, "Which right protects a novel?").get_by_label("Copyright")).to_be_checked()


def test_typing_is_not_lost_by_going_on_at_once(open_page: Callable[..., Page], site: Site) -> None:
    page = open_page("Olaf", QUIZ)
    begin(page)
    group(page, "How many years").get_by_role("textbox").fill("20")
    page.get_by_role("button", name="Review and submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review your answers")
    assert stored(site, page, 4) == ("20", False)


def test_a_stale_tab_is_told_and_the_newer_answer_stands(
    open_page: Callable[..., Page], site: Site, watch: Watch
) -> None:
    first = open_page("Tom", QUIZ)
    begin(first)
    second = watch.on(first.context.new_page())
    second.goto(first.url)
    group(first, "An idea is protected").get_by_label("False").check()
    expect(first.locator("[data-status]")).to_contain_text(re.compile(r"Saved \d"))
    group(second, "An idea is protected").get_by_label("True").check()
    expect(second.locator("[data-status]")).to_contain_text("answered in another tab")
    assert stored(site, second, 3) == (["no"], False)
    second.reload()
    expect(group(second, "An idea is protected").get_by_label("False")).to_be_checked()
    group(second, "An idea is protected").get_by_label("True").check()
    expect(second.locator("[data-status]")).to_contain_text(re.compile(r"Saved \d"))
    assert stored(site, second, 3) == (["yes"], False)
    assert len(watch.found) == 1, watch.found
    assert "409" in watch.found.pop()


def test_a_double_click_starts_one_attempt(open_page: Callable[..., Page], site: Site) -> None:
    page = open_page("Dora", QUIZ)
    page.get_by_role("button", name="Start the quiz").dblclick()
    expect(page).to_have_url(re.compile("/attempts/"))
    with site.app.app_context():
        mine = Attempt.user_id == site.people["Dora"].id
        assert db.session.scalar(select(func.count()).where(mine)) == 1
        db.session.rollback()


# --------------------------------------------------------------------------------- what surrounds


def test_colours_change_at_once_and_stay(open_page: Callable[..., Page]) -> None:
    page = open_page("Thea", LESSON, color_scheme="light")
    page.evaluate("window.here = true")
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    with page.expect_response("**/preferences"):
        page.get_by_role("button", name="Dark colours").click()
    assert page.evaluate("window.here"), "the page was loaded anew"
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert dark != light
    expect(page.get_by_role("button", name="Light colours")).to_be_focused()
    page.goto("/my")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == dark


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_language_changes_and_the_page_stays(
    open_page: Callable[..., Page], browser: Browser, site: Site, signed_in: bool
) -> None:
    page = open_page("Lana", LESSON) if signed_in else site.context(browser).new_page()
    page.goto(LESSON)
    page.get_by_role("button", name="русский").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page).to_have_url(re.compile(f"{LESSON}$"))
    page.goto("/courses")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    page.context.close()


def test_the_outline_on_a_phone_opens_and_closes_by_keyboard(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("Kay", LESSON, viewport={"width": 390, "height": 800})
    tray = page.get_by_role("complementary", name="Course contents")
    expect(tray).to_be_hidden()
    pill = page.get_by_role("link", name=re.compile("Contents"))
    pill.focus()
    page.keyboard.press("Enter")
    expect(tray).to_be_visible()
    page.keyboard.press("Tab")
    inside = "document.activeElement.closest('#contents') !== null"
    assert page.evaluate(inside), "the focus did not move into the tray"
    page.keyboard.press("Escape")
    expect(tray).to_be_hidden()
    expect(pill).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Close contents").press("Enter")
    expect(tray).to_be_hidden()


def test_a_menu_closes_by_escape_and_gives_the_focus_back(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("Mona", "/my")
    menu = page.locator("details.menu summary", has_text="Mona")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Settings")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Settings")).to_be_hidden()
    expect(menu).to_be_focused()
