"""Terms of the glossary, films and the choice of law in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site, Watch

pytestmark = pytest.mark.browser

LESSON = "/courses/tiny/work"
SHOWN = ".term-note:popover-open"


@pytest.fixture
def open_page(browser: Browser, site: Site, watch: Watch) -> Iterator[Callable[..., Page]]:
    """`open_page(address)`: a page of a stranger's own browser."""
    contexts = []

    def opened(address: str, **how: object) -> Page:
        context = site.context(browser, **how)
        contexts.append(context)
        page = watch.on(context.new_page())
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_a_term_explains_itself_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page(LESSON)
    term = page.locator("a.term", has_text="works").first
    expect(term).to_have_accessible_description("what an author made out of an idea.")
    expect(page.locator(SHOWN)).to_have_count(0)
    page.locator("#main").focus()
    for _press in range(40):
        page.keyboard.press("Tab")
        if term.evaluate("(one) => one === document.activeElement"):
            break
    note = page.locator(SHOWN)
    expect(note).to_contain_text("what an author made out of an idea.")
    link, box = term.bounding_box(), note.bounding_box()
    assert link
    assert box
    assert box["y"] >= link["y"] + link["height"]
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(term).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator(SHOWN)).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator(SHOWN)).not_to_contain_text("what an author made")
    term.press("Enter")
    expect(page).to_have_url(re.compile("/courses/tiny/glossary#work$"))


@pytest.mark.parametrize("locale", ["en-GB", "ru"])
def test_the_first_tap_explains_and_a_tap_elsewhere_closes(
    open_page: Callable[..., Page], locale: str
) -> None:
    how = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "locale": locale}
    page = open_page(LESSON, **how)
    term = page.locator("a.term").first
    term.tap()
    note = page.locator(SHOWN)
    expect(note).to_be_visible()
    expect(page).to_have_url(re.compile(f"{LESSON}$"))
    box = note.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    page.locator("h1").tap()
    expect(note).to_have_count(0)
    term.tap()
    note.get_by_role("link").tap()
    expect(page).to_have_url(re.compile("/courses/tiny/glossary#"))


def test_a_pointer_may_move_from_the_term_to_its_meaning(open_page: Callable[..., Page]) -> None:
    page = open_page(LESSON)
    page.locator("a.term").first.hover()
    note = page.locator(SHOWN)
    expect(note).to_be_visible()
    note.hover()
    page.wait_for_timeout(400)
    expect(note).to_be_visible()
    page.locator("h1").hover()
    expect(note).to_have_count(0)


def test_without_scripts_a_term_leads_to_the_glossary(open_page: Callable[..., Page]) -> None:
    page = open_page(LESSON, java_script_enabled=False)
    expect(page.locator(".term-note").first).to_be_hidden()
    page.locator("a.term").first.click()
    expect(page).to_have_url(re.compile("/courses/tiny/glossary#"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Glossary")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_law_of_a_lesson_is_chosen_in_it(open_page: Callable[..., Page], scripts: bool) -> None:
    page = open_page(LESSON, java_script_enabled=scripts)
    page.get_by_label("United States").uncheck()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_label("United States")).not_to_be_checked()
    expect(page.get_by_text("Four factors decide")).to_be_hidden()
    expect(page.get_by_text("A photograph is a work if")).to_be_visible()
    page.get_by_text("Hidden: United States.").click()
    expect(page.get_by_text("Four factors decide")).to_be_visible()


def test_a_film_plays_jumps_and_has_captions(browser: Browser, site: Site, watch: Watch) -> None:
    context = site.context(browser, site.person("Vera", course="tiny"))
    page = watch.on(context.new_page())
    page.goto("/courses/tiny/patent")
    film = page.locator("video")
    film.scroll_into_view_if_needed()
    state = film.evaluate("""(film) => new Promise((done, fail) => {
        film.onerror = () => fail(film.error.message);
        film.muted = true;
        film.textTracks[0].mode = "showing";
        film.onseeked = () => done([film.currentTime, film.duration, film.textTracks.length]);
        film.play().then(() => { film.currentTime = 2; }, fail);
    })""")
    assert state[0] >= 2
    assert round(state[1]) == 3
    assert state[2] == 2
    expect(page.locator(".transcript").first).to_contain_text("Transcript")
    page.get_by_text("Transcript").first.click()
    expect(page.get_by_text("A blue square moves")).to_be_visible()
    context.close()
