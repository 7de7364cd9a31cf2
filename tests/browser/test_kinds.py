"""A question of every type on a phone: moved, saved, lost, restored, printed, judged by axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from mooc.db import db
from mooc.learning.models import Response
from tests.browser.site import Site, Watch, served
from tests.browser.test_accessibility import AXE, EVERYTHING, JUDGE, TOO_WIDE

pytestmark = pytest.mark.browser

KINDS = Path(__file__).parents[1] / "courses" / "kinds"
QUIZ, LESSON = "/courses/kinds/kinds-quiz", "/courses/kinds/kinds-practice"
PHONE = {"width": 390, "height": 800}
STEPS = ["Filing", "Search", "Publication", "Grant"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Iterator[Site]:
    """A site with a question of each type."""
    with served(tmp_path_factory.mktemp("kinds"), empty_sqlite, KINDS) as site:
        yield site


def group(page: Page, words: str) -> Locator:
    return page.get_by_role("group", name=words)


def items(page: Page) -> list[str]:
    """The items to be put in order, from top to bottom."""
    return [text.strip() for text in page.locator("[data-order] [data-item]").all_inner_texts()]


def judge(page: Page) -> None:
    page.evaluate(AXE)
    assert page.evaluate(JUDGE, EVERYTHING) == []
    assert page.evaluate(TOO_WIDE) is None


def put_in_order(page: Page) -> None:
    """With the keyboard alone: each item up until it stands where it should."""
    for place, step in enumerate(STEPS):
        button = page.get_by_role("button", name=f"Move up: {step}")
        button.focus()
        while items(page).index(step) > place:
            page.keyboard.press("Enter")
            expect(button).to_be_focused()


def answer_everything(page: Page) -> None:
    group(page, "Which right protects a novel?").get_by_label("Copyright").check()
    works = group(page, "Which of these can be works?")
    works.get_by_label("A poem").check()
    works.get_by_label("A photograph").check()
    group(page, "An idea is protected").get_by_label("False").check()
    group(page, "How many years").get_by_role("textbox").fill("20")
    group(page, "Which convention").get_by_role("textbox").fill("Berne")
    group(page, "Until when").get_by_role("textbox").fill("1 March 2027")
    match = group(page, "What protects what?")
    match.get_by_label("A novel").select_option("Copyright")
    match.get_by_label("A song").select_option("Copyright")
    match.get_by_label("A valve").select_option("A patent")
    put_in_order(page)
    blanks = group(page, "Complete the sentence.")
    blanks.get_by_label("Blank 1 of 3").fill("20")
    blanks.get_by_label("Blank 2 of 3").select_option("filing")
    blanks.get_by_label("Blank 3 of 3").fill("treaty")


def expect_everything(page: Page) -> None:
    match = group(page, "What protects what?")
    for row, words in (("A novel", "Copyright"), ("A song", "Copyright"), ("A valve", "A patent")):
        expect(match.get_by_label(row).locator("option:checked")).to_have_text(words)
    for place, step in enumerate(STEPS, 1):
        expect(page.get_by_label(f"Place of: {step}")).to_have_value(str(place))
    blanks = group(page, "Complete the sentence.")
    expect(blanks.get_by_label("Blank 1 of 3")).to_have_value("20")
    expect(blanks.get_by_label("Blank 2 of 3").locator("option:checked")).to_have_text("filing")
    expect(blanks.get_by_label("Blank 3 of 3")).to_have_value("treaty")
    expect(group(page, "Until when").get_by_role("textbox")).to_have_value("1 March 2027")
    expect(page.locator(".palette a.is-answered")).to_have_count(9)


def open_page(browser: Browser, site: Site, watch: Watch, name: str, address: str) -> Page:
    context = site.context(browser, site.person(name, course="kinds"), viewport=PHONE)
    page = watch.on(context.new_page())
    page.goto(address)
    return page


def test_all_types_in_an_attempt_survive_a_lost_line_and_a_reload_and_earn_everything(
    browser: Browser, site: Site, watch: Watch
) -> None:
    page = open_page(browser, site, watch, "Kira", QUIZ)
    page.get_by_role("button", name=re.compile("Start the quiz")).click()
    judge(page)
    page.context.set_offline(True)
    answer_everything(page)
    expect(page.locator("[data-order-voice]")).to_contain_text(
        re.compile(r"is now in place \d of 4")
    )
    expect(page.locator("[data-status]")).to_contain_text("The connection is lost.")
    page.context.set_offline(False)
    expect(page.locator("[data-status]")).to_contain_text(re.compile(r"Saved \d"), timeout=20_000)
    expect_everything(page)
    with site.app.app_context():
        stored = {row.position: row.answer for row in db.session.scalars(select(Response))}
        db.session.rollback()
    assert stored[7] == {"file": "1", "search": "2", "publish": "3", "grant": "4"}
    assert stored[8] == {"years": "20", "start": "filing", "text": "treaty"}
    page.reload()
    expect_everything(page)
    judge(page)
    page.get_by_role("button", name="Review and submit").click()
    expect(page.get_by_text("Every question is answered.")).to_be_visible()
    page.get_by_role("button", name="Submit all and finish").click()
    expect(page.locator(".result-score")).to_have_text("100%")
    judge(page)
    watch.found = [said for said in watch.found if "/save" not in said]
    page.context.close()


def test_what_a_lost_line_kept_comes_back_field_by_field(
    browser: Browser, site: Site, watch: Watch
) -> None:
    page = open_page(browser, site, watch, "Kolya", QUIZ)
    page.get_by_role("button", name=re.compile("Start the quiz")).click()
    page.route("**/save", lambda route: route.abort())
    answer_everything(page)
    expect(page.locator("[data-status]")).to_contain_text("The connection is lost.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect_everything(page)
    assert items(page) == STEPS, "rows stand as they were put"
    page.unroute("**/save")
    page.get_by_role("button", name="Review and submit").click()
    expect(page.get_by_text("Every question is answered.")).to_be_visible()
    watch.found = [said for said in watch.found if "/save" not in said]
    page.context.close()


def test_a_practised_order_is_sent_as_the_server_knows_it_and_can_be_tried_again(
    browser: Browser, site: Site, watch: Watch
) -> None:
    page = open_page(browser, site, watch, "Karl", LESSON)
    question = group(page, "Put the steps in order.")
    before = items(page)
    put_in_order(page)
    question.get_by_role("button", name="Check").click()
    expect(question.locator(".outcome-right")).to_be_focused()
    judge(page)
    question.get_by_role("link", name="Try again").click()
    expect(question.get_by_role("button", name="Move up: Filing")).to_be_visible()
    assert items(page) == before
    blanks = group(page, "Complete the sentence.")
    blanks.get_by_label("Blank 1 of 3").fill("10")
    blanks.get_by_role("button", name="Check").click()
    expect(blanks.locator(".outcome")).to_be_focused()
    expect(blanks).to_contain_text("That is a mark.")
    judge(page)
    page.context.close()


def test_on_paper_there_are_lines_to_write_on_and_boxes_to_tick(
    browser: Browser, site: Site, watch: Watch
) -> None:
    page = open_page(browser, site, watch, "Klara", LESSON)
    page.emulate_media(media="print")
    match = group(page, "What protects what?")
    expect(match.locator(".print-options li")).to_have_count(3)
    expect(match.locator(".print-options").first).to_be_visible()
    field = match.get_by_label("A novel")
    assert field.evaluate("(one) => getComputedStyle(one).color") == "rgba(0, 0, 0, 0)"
    assert field.evaluate("(one) => getComputedStyle(one).borderBottomStyle") == "solid"
    expect(page.locator(".slot-moves").first).to_be_hidden()
    page.context.close()
