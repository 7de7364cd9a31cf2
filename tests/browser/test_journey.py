"""The whole way, in a real browser: from a stranger to a certificate that a stranger verifies."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mooc.catalog import queries as catalog
from mooc.web import ROOT
from tests.browser.site import Site, Watch, served

pytestmark = pytest.mark.browser

NAME = "Анна Сергеевна Ковалёва"
PASSWORD = "correct horse battery staple"
BROKEN_PICTURES = """async () => {
    const broken = [];
    for (const picture of document.images) {
        picture.loading = "eager";
        await picture.decode().catch(() => broken.push(picture.src));
    }
    return broken;
}"""
EXAM = {
    "Which right protects an invention?": "A patent",
    "Which right protects a sign for goods?": "A trade mark",
    "Which right protects a painting?": "Copyright",
    "A fact is protected by copyright.": "False",
}


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_stranger_becomes_a_learner_whose_certificate_any_stranger_verifies(
    browser: Browser, site: Site, watch: Watch, scripts: bool, tmp_path: Path
) -> None:
    context = site.context(browser, java_script_enabled=scripts, accept_downloads=True)
    page = watch.on(context.new_page())
    look_around(page)
    sign_up(page, site, f"anna-{scripts}@example.org".lower())
    read_lessons(page)
    fail_then_pass_the_quiz(page)
    pass_the_exam(page)
    pdf = tmp_path / "certificate.pdf"
    code = take_the_certificate(page, pdf)
    context.close()

    assert pdf.read_bytes().startswith(b"%PDF")
    words = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True)
    assert NAME in " ".join(words.stdout.split())
    assert code in words.stdout

    employer = site.context(browser, java_script_enabled=scripts)
    verify(watch.on(employer.new_page()), code)
    employer.close()


def look_around(page: Page) -> None:
    """Home, catalog, course page, the open first lesson and its question."""
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Courses").click()
    page.get_by_role("link", name="A tiny course").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A tiny course")
    page.get_by_role("link", name="Read the first lesson").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What a work is")
    question = page.get_by_role("group", name="Which of these can be a work?")
    question.get_by_role("button", name="Show a hint").click()
    expect(question).to_contain_text("Ask what was expressed.")
    question.get_by_label("The idea of a poem").check()
    question.get_by_role("button", name="Check").click()
    expect(question).to_contain_text("Not right")
    expect(question).to_contain_text("Ideas are free.")
    page.get_by_role("link", name="Enroll to keep your progress").click()


def sign_up(page: Page, site: Site, address: str) -> None:
    """From *Enroll* over an account and a letter back to the course, and into it."""
    page.get_by_role("link", name="Enroll").click()
    page.get_by_label("Name").fill("Anna")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create my account").click()
    expect(page.get_by_role("main")).to_contain_text(address)
    page.goto(site.letter_link())
    page.get_by_role("button", name="Yes, confirm and begin").click()
    expect(page).to_have_url(f"{site.address}/courses/tiny")
    page.get_by_role("button", name="Enroll").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What a work is")


def read_lessons(page: Page) -> None:
    """Tick a lesson; answer what must be answered before the next can be ticked."""
    page.get_by_role("button", name="Mark complete and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What a patent is")
    expect(page.get_by_label("Course contents")).to_contain_text("1 of 4 done")
    expect(page.get_by_role("button", name="Mark complete")).to_have_count(0)
    page.get_by_role("link", name="1 question to answer first").click()
    page.get_by_label("Your answer, a number").fill("20")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("group", name="How many years")).to_contain_text("Right")
    expect(page.get_by_role("button", name="Completed: undo")).to_be_visible()
    expect(page.get_by_label("Course contents")).to_contain_text("2 of 4 done")
    page.get_by_role("navigation", name="Lesson").get_by_role("link", name="Check yourself").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check yourself")


def fail_then_pass_the_quiz(page: Page) -> None:
    """A failed attempt says what to read again; the next one passes."""
    page.get_by_role("button", name="Start the quiz").click()
    answer(page, "Which right protects a novel?", "A patent")
    answer(page, "An idea is protected by copyright.", "True")
    page.get_by_role("button", name="Review and submit").click()
    expect(page.get_by_role("main")).to_contain_text("3 questions are not answered")
    page.get_by_role("button", name="Submit all and finish").click()
    expect(page.get_by_role("main")).to_contain_text("Not passed yet")
    again = page.get_by_role("region", name="Worth reading again")
    expect(again.get_by_role("link", name="What a patent is")).to_be_visible()
    page.get_by_role("link", name="Another attempt").click()
    expect(page.get_by_role("table")).to_contain_text("not passed")
    page.get_by_role("button", name="Try again").click()
    answer(page, "Which right protects a novel?", "Copyright")
    answer(page, "Which of these can be works?", "A song", "A photograph")
    answer(page, "An idea is protected by copyright.", "False")
    answer(page, "How many years does a patent last at most?", "20")
    answer(page, "Which convention of 1886 protects works?", "berne convention")
    page.get_by_role("button", name="Review and submit").click()
    expect(page.get_by_role("main")).to_contain_text("Every question is answered.")
    page.get_by_role("button", name="Submit all and finish").click()
    expect(page.get_by_role("main")).to_contain_text("Passed: 5 of 5 questions fully right.")


def pass_the_exam(page: Page) -> None:
    """From the quiz's result straight to the exam."""
    page.get_by_role("link", name="Next: Final exam").click()
    page.get_by_role("button", name="Start the exam").click()
    for question, right in EXAM.items():
        if page.get_by_role("group", name=question).count():
            answer(page, question, right)
    page.get_by_role("button", name="Review and submit").click()
    page.get_by_role("button", name="Submit all and finish").click()
    expect(page.get_by_role("main")).to_contain_text("100%")


def take_the_certificate(page: Page, pdf: Path) -> str:
    """Progress, name, waiting for the printer, the file; the code of the certificate."""
    page.get_by_role("link", name="Your progress").click()
    expect(page.get_by_role("main")).to_contain_text("4 of 4 done")
    page.get_by_role("link", name="Confirm your name").click()
    page.get_by_label("Your name, exactly as it is to be printed").fill(NAME)
    page.get_by_role("button", name="This is my name").click()
    download = page.get_by_role("link", name="Download the PDF")
    look_again = page.get_by_role("link", name="Look again")
    for _ in range(40):
        page.wait_for_timeout(250)
        if download.is_visible():
            break
        if look_again.is_visible():
            look_again.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your certificate")
    with page.expect_download() as got:
        download.click()
    got.value.save_as(pdf)
    found = re.search(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]", page.get_by_role("main").inner_text())
    assert found
    return found[0]


def verify(page: Page, code: str) -> None:
    """Somebody who knows nothing of us types the code in small letters."""
    page.goto("/")
    page.get_by_role("link", name="Verify a certificate").first.click()
    page.get_by_label("Code of the certificate").fill(code.lower())
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Valid")
    expect(page.get_by_role("main")).to_contain_text(NAME)
    expect(page.get_by_role("main")).to_contain_text("A tiny course")


def answer(page: Page, question: str, *given: str) -> None:
    """Answer a question: tick options, or type."""
    box = page.get_by_role("group", name=question)
    for words in given:
        if box.get_by_role("textbox").count():
            box.get_by_role("textbox").fill(words)
        else:
            box.get_by_label(words, exact=True).check()


def test_every_page_of_the_real_course_opens_whole(
    browser: Browser, tmp_path: Path, empty_sqlite: Path, watch: Watch
) -> None:
    with served(tmp_path / "var", empty_sqlite, ROOT / "courses" / "ip-essentials") as site:
        learner = site.person("Lena Learner", course="ip-essentials")
        context = site.context(browser, learner)
        page = watch.on(context.new_page())
        with site.app.app_context():
            course = catalog.live().courses["ip-essentials"].course
        for item in course.items:
            page.goto(f"/courses/ip-essentials/{item.id}")
            expect(page.get_by_role("heading", level=1)).to_have_text(item.title)
            broken = page.evaluate(BROKEN_PICTURES)
            watch.found += [f"{item.id}: the picture {source} does not load" for source in broken]
        context.close()
