"""Every page, judged by axe and by hand: light, dark, 320 px wide, right to left, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mooc.catalog import queries as catalog
from mooc.catalog.models import Push
from mooc.content.model import Lesson, Quiz
from mooc.db import db, utcnow
from mooc.learning import actions as learning
from mooc.web import ROOT
from scripts.demo_site import Shot, read_all, sign_in, stage, take
from tests.browser.site import Site, Watch, served
from tests.conftest import TINY

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
SHAPES = {**EVERYTHING, "rules": {"color-contrast": {"enabled": False}}}
COLOURS = {**EVERYTHING, "runOnly": ["color-contrast", "link-in-text-block"]}
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
STOPS = 15  # presses of Tab on each page
PARTS = 4  # of the list of pages, so that several workers share it

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
JUDGE = """async (options) => (await axe.run(document, options)).violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target}: ${node.failureSummary}`))"""
SEEN_FOCUS = """() => {
    const stop = document.activeElement;
    if (!stop || stop === document.body) return null;
    const shape = stop.getBoundingClientRect();
    const around = [stop, ...stop.querySelectorAll("*"), stop.closest("label, .card") ?? stop];
    const drawn = around.some((one) => {
        const style = getComputedStyle(one);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    const there = shape.bottom > 0 && shape.top < innerHeight && shape.right > 0
        && shape.left < innerWidth && shape.width > 0;
    const name = stop.outerHTML.slice(0, 120);
    return { name, drawn, there };
}"""
SQUEEZED = """() => {
    const narrow = [...document.querySelectorAll(".choice")].find((row) =>
        row.offsetWidth < 0.6 * row.closest("fieldset, .question, main").offsetWidth);
    return narrow ? `squeezed: ${narrow.textContent.trim()}` : null;
}"""
TOO_WIDE = """() => {
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over <= 0) return null;
    const out = [...document.body.querySelectorAll("*")].filter((one) => {
        const shape = one.getBoundingClientRect();
        return shape.right > innerWidth + 0.5 || shape.left < -0.5;
    });
    return `${over} px too wide: ` + out.slice(0, 3).map((one) => one.outerHTML.slice(0, 100));
}"""


@dataclass(frozen=True)
class Sight:
    """A page as somebody sees it, after something was done on it."""

    shot: Shot
    act: Callable[[Page], None] = lambda page: None
    status: int = 200

    @property
    def name(self) -> str:
        return self.shot.name


# ---------------------------------------------------------------------------------------- the pages


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Iterator[Site]:
    """The real course and a tiny one with every type of question, also in Arabic."""
    course = ROOT / "courses" / "ip-essentials"
    folder = tmp_path_factory.mktemp("accessible")
    offered = {"languages": "en,ru,ar", "contact": "help@example.org"}
    with served(folder, empty_sqlite, course, TINY, **offered) as site:
        yield site


@pytest.fixture(scope="module")
def sights(real: Site) -> list[Sight]:
    """All pages."""
    statuses = {"not-found": 404, "forbidden": 403}
    shots = [shot for shot in stage(real.app) if "#q-" not in shot.path]
    return [Sight(shot, status=statuses.get(shot.name, 200)) for shot in shots] + more(real)


def more(site: Site) -> list[Sight]:
    """Pages that only an action brings: mistakes in forms, verdicts, tabs, the name to confirm."""
    ready = sign_in(site.app, "Bao Nguyễn Thị Minh Khai-Wołodyjowska", "bao@example.org")
    begun = sign_in(site.app, "Noor", "noor@example.org")
    with site.app.app_context():
        live = catalog.live().courses["ip-essentials"]
        for person in (ready, begun):
            learning.enroll(person.id, live, now=utcnow())
        db.session.commit()
        read_all(ready, live, live.course.items)
        lesson = next(item for item in live.course.items if isinstance(item, Lesson))
        quiz = next(item for item in live.course.items if isinstance(item, Quiz))
        token = f"{begun.id}:stale"
        attempt = learning.start(begun.id, live, quiz, token=token, now=utcnow()).code
        tiny = catalog.live().courses["tiny"]
        learning.enroll(begun.id, tiny, now=utcnow())
        db.session.commit()
        every_type = tiny.course.by_id["rights-quiz"]
        assert isinstance(every_type, Quiz)
        token = f"{begun.id}:types"
        types = learning.start(begun.id, tiny, every_type, token=token, now=utcnow()).code
        learning.enroll(ready.id, tiny, now=utcnow())
        db.session.commit()
        done = take(ready, tiny, every_type, wrong=2)
        db.session.commit()
    admin = sign_in(site.app, "Ada", "ada@example.org", "admin")
    with site.app.app_context():
        db.session.add(pushed())
        db.session.commit()
    home = f"/courses/{live.course.id}"
    here = f"{home}/{lesson.id}"
    unknown = "/verify/K7Q2-9FDM-3TXA-0W5H-X"
    return [
        Sight(Shot("sign-up-mistakes", "/sign-up"), send("Create my account")),
        Sight(Shot("sign-in-mistakes", "/sign-in"), send("Sign in")),
        Sight(Shot("check-mail", "/email/confirm")),
        Sight(Shot("reset-sent", "/password/reset/sent")),
        Sight(Shot("link-too-old", "/email/confirm/x"), status=410),
        Sight(Shot("unknown-certificate", unknown), status=404),
        Sight(Shot("empty-search", "/search")),
        Sight(Shot("no-results", "/search?q=zzzz")),
        Sight(Shot("practice-verdict", here), practise(answered=True)),
        Sight(Shot("practice-mistake", here), practise(answered=False)),
        Sight(Shot("conflict", here, begun.cookie), complete_too_early),
        Sight(Shot("lesson-begun", here, begun.cookie)),
        Sight(Shot("my-begun", "/my", begun.cookie)),
        Sight(Shot("confirm-name", f"{home}/certificate", ready.cookie)),
        Sight(Shot("delete-account", "/settings/delete", ready.cookie)),
        Sight(Shot("every-type", f"/attempts/{types}", begun.cookie)),
        Sight(Shot("every-type-judged", f"/attempts/{done}/result", ready.cookie)),
        Sight(Shot("short-exam", "/courses/tiny/exam", begun.cookie)),
        Sight(Shot("stale-tab", f"/attempts/{attempt}", begun.cookie), send_from_stale_tab),
        Sight(Shot("no-certificate-yet", f"{home}/certificate", begun.cookie)),
        Sight(Shot("limited-sections", "/courses/tiny/work"), focus_a_term),
        Sight(Shot("releases", "/teach/tiny/releases", admin.cookie)),
        Sight(Shot("recordings", "/courses/tiny/patent", begun.cookie), open_transcripts),
    ]


def pushed() -> Push:
    """A push whose tiny course has two mistakes with long places."""
    problem = {
        "path": "var/courses.git/courses/tiny/rights/a-lesson-with-a-very-long-name-of-its-own.md",
        "line": 120,
        "column": 7,
        "code": "E107",
        "severity": "error",
        "message": "kind: 'exma' is not known here",
        "fix": "Did you mean exam?",
    }
    row = {"course": "tiny", "folder": "tiny", "outcome": "kept", "problems": [problem, problem]}
    now = utcnow()
    return Push(
        delivery="d",
        received_at=now,
        finished_at=now,
        revision="4f2a" * 10,
        author="Ann",
        report=[row],
    )


def send(button: str) -> Callable[[Page], None]:
    """Send the form of a page as it is."""

    def act(page: Page) -> None:
        page.evaluate("document.querySelector('main form.form').submit()")
        page.wait_for_selector(".error-summary")

    return act


def practise(*, answered: bool) -> Callable[[Page], None]:
    """Check the first question of a lesson."""

    def act(page: Page) -> None:
        form = page.locator("form.practice").first
        if answered:
            form.get_by_role("radio").last.check()
        form.locator("button").first.click()
        expect(form.locator(".outcome" if answered else ".field-error")).to_be_visible()

    return act


def focus_a_term(page: Page) -> None:
    """Have the meaning of a term beside it."""
    page.locator("a.term").first.press("Shift")
    expect(page.locator(".term-note:popover-open")).to_be_visible()


def open_transcripts(page: Page) -> None:
    """See what is said in films and sounds."""
    for summary in page.locator(".transcript > summary").all():
        summary.click()


def complete_too_early(page: Page) -> None:
    """Tick a lesson whose questions are open, as a page from before a new release would."""
    with page.expect_navigation():
        page.evaluate("""() => {
            const form = document.createElement("form");
            form.method = "post";
            form.action = location.pathname + "/complete";
            form.append(document.querySelector("[name=csrf_token]").cloneNode());
            document.body.append(form);
            form.submit();
        }""")


def send_from_stale_tab(page: Page) -> None:
    """Answer, then send another answer with an older number, past the script."""
    page.locator("input[type=radio]:not(:checked)").first.check()
    expect(page.locator("[data-status]")).to_have_text(re.compile(r"\d:\d\d"))
    with page.expect_navigation():
        page.evaluate("""() => {
            const form = document.querySelector("[data-attempt]");
            form.elements.tab.value = "older";
            for (const one of form.querySelectorAll("[name^=sequence-]")) one.value = 0;
            const { name } = form.querySelector("input[type=radio]:checked");
            form.querySelector(`[name=${name}]:not(:checked)`).checked = true;
            form.submit();
        }""")
    expect(page.get_by_role("heading", level=2)).not_to_have_count(0)


# ---------------------------------------------------------------------------------------- the tests


def test_the_judges_see_what_is_wrong(browser: Browser, site: Site) -> None:
    context = site.context(browser, viewport=NARROW)
    context.add_init_script(AXE)
    page = context.new_page()
    page.goto("/healthz")
    page.set_content(
        "<style>* { outline: none !important }</style>"
        "<p style='color: #aaa; width: 400px'>Faint</p>"
        "<a class=skip href='#main'>Skip</a><main id=main><img src=x><button>Press</button></main>"
    )
    found = " ".join(
        judge(page, "bad", "light", EVERYTHING) + width(page, "bad", "") + tab_through(page, "bad")
    )
    for word in ("color-contrast", "image-alt", "px too wide", "cannot be seen", "does not lead"):
        assert word in found
    assert "image-alt" not in " ".join(judge(page, "bad", "dark", COLOURS))
    assert "color-contrast" not in " ".join(judge(page, "bad", "right to left", SHAPES))
    context.close()


@pytest.mark.parametrize("part", range(PARTS))
def test_pages_are_accessible(browser: Browser, real: Site, sights: list[Sight], part: int) -> None:
    """Left to right: light, dark and 320 px of one loaded page, then a walk by keyboard."""
    trouble: list[str] = []
    for sight, page in walk(browser, real, sights[part::PARTS], trouble, "en-GB"):
        trouble += judge(page, sight.name, "light", EVERYTHING)
        page.emulate_media(color_scheme="dark")
        trouble += judge(page, sight.name, "dark", COLOURS)
        page.emulate_media(color_scheme="light")
        trouble += tab_through(page, sight.name)
        page.set_viewport_size(NARROW)
        trouble += judge(page, sight.name, "320 px", EVERYTHING)
        trouble += width(page, sight.name, "320 px")
    assert not trouble, "\n".join(trouble)


@pytest.mark.parametrize("part", range(PARTS))
def test_pages_turn_round(browser: Browser, real: Site, sights: list[Sight], part: int) -> None:
    """Right to left, on a phone. Colours know no direction, and have been judged above."""
    trouble: list[str] = []
    for sight, page in walk(browser, real, sights[part::PARTS], trouble, "ar"):
        page.set_viewport_size(NARROW)
        assert page.locator("html").get_attribute("dir") == "rtl", sight.name
        trouble += judge(page, sight.name, "right to left", SHAPES)
        trouble += width(page, sight.name, "right to left")
    assert not trouble, "\n".join(trouble)


def walk(
    browser: Browser, site: Site, sights: list[Sight], trouble: list[str], locale: str
) -> Iterator[tuple[Sight, Page]]:
    """Each page, ready to be looked at, in one browser of the given language."""
    watch = Watch()
    context = site.context(browser, locale=locale, viewport=WIDE)
    context.add_init_script(AXE)
    page = watch.on(context.new_page())
    for sight in sights:
        context.clear_cookies()
        context.add_cookies(
            [{"name": "prefs", "value": f"locale={locale[:2]}", "url": site.address}]
        )
        if sight.shot.cookie:
            name = site.app.config["SESSION_COOKIE_NAME"]
            context.add_cookies([{"name": name, "value": sight.shot.cookie, "url": site.address}])
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        response = page.goto(sight.shot.path)
        assert response is not None
        if response.status not in (sight.status, 304):
            trouble.append(f"{sight.name}: status {response.status}")
        sight.act(page)
        yield sight, page
        trouble += [f"{sight.name}: {said}" for said in watch.found]
        watch.found.clear()
        page.goto("about:blank")
    context.close()


# ------------------------------------------------------------------------------------- the judges


def judge(page: Page, name: str, mode: str, options: dict[str, Any]) -> list[str]:
    """What axe finds, one line for each element."""
    found = page.evaluate(JUDGE, options)
    return [f"{name} ({mode}): {line}" for line in found]


def width(page: Page, name: str, mode: str) -> list[str]:
    """Nothing scrolls sideways, and no row to choose from is squeezed."""
    found = (page.evaluate(TOO_WIDE), page.evaluate(SQUEEZED))
    return [f"{name} ({mode}): {one}" for one in found if one]


def tab_through(page: Page, name: str) -> list[str]:
    """The first stop skips to the content; each of the first stops can be seen."""
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    page.locator("body").evaluate(
        "(body) => { body.tabIndex = -1; body.focus(); body.removeAttribute('tabindex') }"
    )
    trouble = []
    for number in range(STOPS):
        page.keyboard.press("Tab")
        seen = page.evaluate(SEEN_FOCUS)
        if seen is None:
            break
        if number == 0 and 'class="skip"' not in seen["name"]:
            trouble.append(f"{name}: the first stop is {seen['name']}")
        if not seen["drawn"] or not seen["there"]:
            trouble.append(f"{name}: focus that cannot be seen: {seen}")
    page.locator("a.skip").press("Enter")
    if page.evaluate("document.activeElement.id") != "main":
        trouble.append(f"{name}: the skip link does not lead to the content")
    return trouble
