"""Courses in other languages in a real browser: read, judged by axe, and used without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.site import Site, Watch, served
from tests.browser.test_accessibility import AXE, EVERYTHING, JUDGE, NARROW, TOO_WIDE, WIDE
from tests.spoken import speak

pytestmark = pytest.mark.browser

LESSON = "/courses/tiny/work"
PAGES = ("/courses/tiny", LESSON, "/courses/tiny/patent", "/courses/tiny/exam", "/my")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("spoken")
    with served(folder / "site", empty_sqlite, speak(folder)) as site:
        yield site


@pytest.mark.parametrize("language", ["ru", "ar"])
def test_pages_in_another_language_have_no_violations_and_fit(
    spoken: Site, browser: Browser, watch: Watch, language: str
) -> None:
    learner = spoken.person("Lena", course="tiny")
    for size in (NARROW, WIDE):
        context = spoken.context(browser, learner, viewport=size, bypass_csp=True)
        page = watch.on(context.new_page())
        for path in PAGES:
            page.goto(f"{path}?lang={language}")
            page.evaluate(AXE)
            assert page.evaluate(JUDGE, EVERYTHING) == [], path
            assert page.evaluate(TOO_WIDE) is None, path
        context.close()


def test_the_language_is_chosen_and_a_question_answered_without_scripts(
    spoken: Site, browser: Browser
) -> None:
    context = spoken.context(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(LESSON)
    page.get_by_role("link", name="Русский").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Что такое произведение")
    question = page.get_by_role("group", name="Что может быть произведением?")
    question.get_by_label("Стихотворение", exact=True).check()
    question.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Стихи — выражение.")).to_be_visible()
    page.goto("/courses/tiny")
    expect(page.get_by_role("heading", level=1)).to_have_text("Крошечный курс")
    context.close()
