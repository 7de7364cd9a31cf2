"""The page of a course's glossary, and what a lesson says of the terms it links."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from flask import Flask

from tests.conftest import TINY, publish
from tests.pages import CheckingClient

GLOSSARY = "/courses/tiny/glossary"


def test_strangers_read_the_glossary_and_see_where_terms_are_used(
    tiny: str, stranger: CheckingClient
) -> None:
    page = stranger.get(GLOSSARY)
    assert page.status_code == 200
    assert '<dt id="patent">' in page.text
    assert "<em>free</em> for everybody." in page.text
    entry = page.text.split('<dt id="patent">')[1].split("</div>")[0]
    assert '<a href="/courses/tiny/patent"' in entry
    assert page.text.index('id="idea"') < page.text.index('id="patent"')
    assert page.headers["Cache-Control"].startswith("public")


def test_a_lesson_links_its_terms_and_holds_what_they_mean(
    tiny: str, stranger: CheckingClient, learner: CheckingClient
) -> None:
    for browser in (stranger, learner):
        page = browser.get("/courses/tiny/work").text
        assert page.count('<a href="/courses/tiny/glossary#work" class="term">') == 1
        assert '<div class="term-note" id="term-work" lang="en" dir="ltr" hidden>' in page
        assert "what an author made out of an idea." in page


def test_course_page_and_tray_lead_to_the_glossary(tiny: str, stranger: CheckingClient) -> None:
    assert f'href="{GLOSSARY}"' in stranger.get("/courses/tiny").text
    assert f'href="{GLOSSARY}"' in stranger.get("/courses/tiny/work").text


def test_a_course_without_a_glossary_has_no_such_page(
    app: Flask, stranger: CheckingClient, tmp_path: Path, now: datetime
) -> None:
    shutil.copytree(TINY, tmp_path / "tiny", ignore=shutil.ignore_patterns("glossary.md"))
    publish(app, tmp_path / "tiny", now)
    assert stranger.get(GLOSSARY).status_code == 404
    assert "Glossary" not in stranger.get("/courses/tiny").text


def test_the_glossary_speaks_the_language_its_reader_gets_the_course_in(
    app: Flask, stranger: CheckingClient, tmp_path: Path, now: datetime
) -> None:
    shutil.copytree(TINY, tmp_path / "tiny")
    words = "- **произведение**: что сделал автор. <!-- term: work; also: произведения -->\n"
    (tmp_path / "tiny" / "glossary.ru.md").write_text(words)
    title = "---\nid: work\ntitle: Произведение\n---\n\nЭто произведения.\n"
    (tmp_path / "tiny" / "rights" / "work.ru.md").write_text(title)
    publish(app, tmp_path / "tiny", now)
    page = stranger.get(f"{GLOSSARY}?lang=ru").text
    assert "что сделал автор." in page
    assert "a right in an invention" in page
    lesson = stranger.get("/courses/tiny/work?lang=ru").text
    assert 'glossary#work" class="term">произведения</a>' in lesson
    assert 'id="term-work" lang="ru" dir="ltr" hidden>' in lesson
