"""The preview in a real browser: it follows the files, keeps one's place, and all can use it."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from mooc.web.config import load
from mooc.web.preview import create_preview
from mooc.web.preview.worktree import Worktree
from tests.browser.site import KeepAlive, Watch
from tests.browser.test_accessibility import AXE, EVERYTHING, JUDGE, TOO_WIDE
from tests.conftest import TINY

pytestmark = pytest.mark.browser

WIDE = {"width": 1280, "height": 700}


@dataclass
class Preview:
    """A preview on a free port, watching its files as the command does."""

    address: str
    folder: Path

    def save(self, path: str, old: str, new: str) -> None:
        file = self.folder / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    folder = shutil.copytree(TINY, tmp_path / "courses" / "tiny")
    (tmp_path / "var").mkdir()
    worktree = Worktree(folder)
    worktree.look()
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=KeepAlive)
    server.daemon_threads = True  # type: ignore[attr-defined]
    address = f"http://127.0.0.1:{server.port}"
    server.app = create_preview(load({}, var=str(tmp_path / "var"), base_url=address), worktree)
    stopped = threading.Event()

    def watch() -> None:
        while not stopped.wait(0.2):
            worktree.look()

    threads = [
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True),
        threading.Thread(target=watch, daemon=True),
    ]
    for thread in threads:
        thread.start()
    yield Preview(address, folder)
    stopped.set()
    server.shutdown()
    for thread in threads:
        thread.join(5)
    server.server_close()


@pytest.fixture
def opened(browser: Browser, preview: Preview) -> Iterator[Callable[..., Page]]:
    """Open a page of the preview: `opened(path, cookie, **how)`."""
    contexts: list[BrowserContext] = []

    def open_page(path: str, switches: str = "", **how: object) -> Page:
        settings = {"viewport": WIDE, "reduced_motion": "reduce", "locale": "en-GB", **how}
        context = browser.new_context(base_url=preview.address, **settings)  # type: ignore[arg-type]
        context.set_default_timeout(8_000)
        contexts.append(context)
        if switches:
            cookie = {"name": "preview", "value": switches, "url": preview.address}
            context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def listening(page: Page) -> None:
    """The page has heard from the server once."""
    page.wait_for_function("performance.getEntriesByName(location.origin + '/preview/events')")
    page.wait_for_timeout(300)


def test_a_saved_file_is_seen_within_a_second_and_the_place_is_kept(
    opened: Callable[..., Page], preview: Preview, watch: Watch
) -> None:
    page = watch.on(opened("/courses/tiny/work"))
    asked = time.monotonic()
    page.evaluate("fetch(location.href).then((answer) => answer.text())")
    slow = 10 * (time.monotonic() - asked)  # a busy machine gets more time
    listening(page)
    page.locator("#q-work-registration [type=radio]").first.check()
    page.evaluate("scrollTo(0, 400)")
    page.evaluate("window.same = true")
    before = page.evaluate("scrollY")
    assert before > 100
    preview.save("rights/work.md", "The line is drawn case by case.", "A judge draws the line.")
    saved = time.monotonic()
    page.get_by_text("A judge draws the line.").wait_for(state="attached")
    assert time.monotonic() - saved < 1 + slow
    assert page.evaluate("window.same"), "the page was loaded anew"
    assert page.evaluate("scrollY") == before
    assert page.locator("#q-work-registration [type=radio]").first.is_checked()


def test_a_broken_file_shows_its_error_in_place_and_recovers(
    opened: Callable[..., Page], preview: Preview, watch: Watch
) -> None:
    page = watch.on(opened("/courses/tiny/work"))
    listening(page)
    preview.save("rights/work.md", "minutes: 5", "<img src=x onerror=window.pwned=1>: 5")
    expect(page.locator(".preview-problem").first).to_be_visible()
    expect(page.locator(".preview-count")).to_contain_text("error")
    assert page.evaluate("window.pwned") is None
    preview.save("rights/work.md", "<img src=x onerror=window.pwned=1>: 5", "minutes: 7")
    expect(page.locator(".lesson-facts")).to_contain_text("7 min")
    expect(page.locator(".preview-problem")).to_have_count(0)
    expect(page.locator(".preview-count")).to_contain_text("No problems")


def test_a_new_paragraph_leaves_the_rest_of_the_page_alone(
    opened: Callable[..., Page], preview: Preview
) -> None:
    page = opened("/courses/tiny/work")
    listening(page)
    page.evaluate("document.querySelector('h2').dataset.mine = 'yes'")
    preview.save(
        "rights/work.md", "## Idea and expression", "One more thought.\n\n## Idea and expression"
    )
    expect(page.get_by_text("One more thought.")).to_be_visible()
    texts = page.locator(".prose").first.locator("> *").all_inner_texts()
    assert texts.index("One more thought.") + 1 == texts.index("Idea and expression")


def test_a_reviewer_scores_an_answer_without_leaving_the_page(
    opened: Callable[..., Page], watch: Watch
) -> None:
    page = watch.on(opened("/courses/tiny/rights-quiz", "view=reviewer"))
    page.evaluate("window.same = true")
    form = page.locator("#q-quiz-works")
    form.get_by_text("A song", exact=True).first.click()
    form.get_by_role("button", name="Score it").click()
    expect(page.locator("#q-quiz-works .preview-credit")).to_contain_text("1/2")
    expect(page.locator("#q-quiz-works .preview-credit")).to_contain_text("50 %: 1 of 2")
    assert page.evaluate("window.same")


def test_everything_works_without_a_script(opened: Callable[..., Page], preview: Preview) -> None:
    page = opened("/courses/tiny/work", java_script_enabled=False)
    page.get_by_role("link", name="Reviewer").click()
    expect(page.locator(".preview-key").first).to_be_visible()
    form = page.locator("#q-work-which")
    form.get_by_text("The idea of a poem").first.click()
    form.get_by_role("button", name="Score it").click()
    expect(page.locator("#q-work-which .preview-credit")).to_contain_text("0")
    page.locator(".preview-files summary").click()
    page.locator(".preview-panel").get_by_role("link", name="What a patent is").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What a patent is")
    page.locator(".preview-looks").get_by_role("link", name="Right to left").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator(".preview-looks").get_by_role("link", name="Narrow").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("What a patent is")
    assert page.locator("iframe").bounding_box()["width"] == pytest.approx(392, abs=1)  # type: ignore[index]


def test_a_link_in_the_narrow_frame_turns_the_whole_page(opened: Callable[..., Page]) -> None:
    page = opened("/courses/tiny/work", "width=narrow")
    page.frame_locator("iframe").get_by_role("link", name="patents").click()
    page.wait_for_url("**/courses/tiny/patent*")
    expect(page.locator(".preview-current")).to_have_text("What a patent is")


def test_a_place_is_copied(opened: Callable[..., Page]) -> None:
    page = opened(
        "/courses/tiny/work", "view=reviewer", permissions=["clipboard-read", "clipboard-write"]
    )
    page.locator("[data-copy]").first.click()
    expect(page.locator("[data-copied-now]")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith("rights/work.md:1")


PLACES = (
    "/courses/tiny/work",
    "/courses/tiny/rights-quiz",
    "/preview/draw/tiny/exam?seed=1",
    "/preview/problems/tiny",
    "/preview/code/E103",
)
LOOKS = {
    "learner": {},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("view", ["view=learner", "view=reviewer", "view=reviewer&direction=rtl"])
def test_axe_finds_nothing(
    look: str, view: str, opened: Callable[..., Page], preview: Preview, watch: Watch
) -> None:
    preview.save("rights/patent.md", "minutes:", "minuets:")
    page = watch.on(opened("/", view, **LOOKS[look]))
    for place in (*PLACES, "/courses/tiny/patent"):
        page.goto(place)
        page.evaluate(AXE)
        assert page.evaluate(JUDGE, EVERYTHING) == [], place
        assert page.evaluate(TOO_WIDE) is None, place
