"""Home, catalog and a course's own page, for strangers and for those enrolled."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, render_template_string

from mooc.catalog import queries as catalog
from mooc.web.catalog import linked_data
from tests.pages import CheckingClient


def test_home_says_what_this_is_and_shows_the_courses(tiny: str, stranger: CheckingClient) -> None:
    page = stranger.get("/").text
    assert "Understand intellectual property" in page
    assert 'href="/courses/tiny"' in page
    assert 'href="/verify"' in page


def test_a_site_without_courses_says_so(stranger: CheckingClient) -> None:
    assert "No course has been published yet" in stranger.get("/").text
    assert "No course has been published yet" in stranger.get("/courses").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("?q=tiny+COURSE", True),
        ("?q=nowhere", False),
        ("?language=en&level=introductory&subject=patents", True),
        ("?language=ru", False),
        ("?level=advanced", False),
        ("?level=no-such-level&subject=%00", False),
        ("?subject=", True),
    ],
)
def test_filters_are_plain_addresses(
    tiny: str, stranger: CheckingClient, query: str, found: bool
) -> None:
    answer = stranger.get(f"/courses{query}")
    assert answer.status_code == 200
    assert ('href="/courses/tiny"' in answer.text) is found
    assert ("No course matches all of this" in answer.text) is not found


def test_a_strangers_course_page_says_all_and_leads_to_an_account(
    tiny: str, stranger: CheckingClient
) -> None:
    page = stranger.get("/courses/tiny").text
    assert 'href="/sign-up?next=/courses/tiny"' in page
    assert 'href="/courses/tiny/work"' in page
    for words in ("Tell a work from an idea", "CC-BY-4.0", "November 1, 2026", "Ada Example"):
        assert words in page


def test_the_certificate_takes_what_the_requirements_say(
    tiny: str, stranger: CheckingClient
) -> None:
    page = " ".join(stranger.get("/courses/tiny").text.split())
    assert "Complete 2 lessons." in page
    assert re.search(r"Pass “Final exam” with \d+% or more\.", page)
    assert "Reach 60% or more over the whole course." in page


def test_who_is_signed_in_gets_one_button_to_enroll(tiny: str, learner: CheckingClient) -> None:
    page = learner.get("/courses/tiny").text
    assert 'action="/courses/tiny/enroll"' in page
    assert "/sign-up" not in page
    learner.post("/courses/tiny/enroll")
    page = learner.get("/courses/tiny").text
    assert "Continue: " in page
    assert 'action="/courses/tiny/enroll"' not in page
    assert "0 of 4 done" in page


def test_the_catalog_shows_how_far_one_is(tiny: str, learner: CheckingClient) -> None:
    learner.post("/courses/tiny/enroll")
    learner.post("/courses/tiny/work/complete")
    for address in ("/", "/courses"):
        page = learner.get(address).text
        assert "1 of 4 done" in page
        assert 'href="/courses/tiny/patent"' in page


def test_strangers_pages_take_no_query_and_learners_one_or_two(
    tiny: str, stranger: CheckingClient, learner: CheckingClient, query_count: Callable[[], Any]
) -> None:
    learner.post("/courses/tiny/enroll")
    for browser, address, most in (
        (stranger, "/", 0),
        (stranger, "/courses", 0),
        (stranger, "/courses/tiny", 0),
        (stranger, "/search?q=work", 0),
        (learner, "/", 2),
        (learner, "/courses", 2),
        (learner, "/courses/tiny", 1),
    ):
        with query_count() as statements:
            assert browser.get(address).status_code == 200
        assert len(statements) <= most, (address, statements)


def test_strangers_pages_may_be_kept_and_carry_no_token(
    tiny: str, stranger: CheckingClient, learner: CheckingClient
) -> None:
    for address in ("/", "/courses", "/courses/tiny"):
        answer = stranger.get(address)
        assert answer.headers["Cache-Control"].startswith("public")
        assert "csrf_token" not in answer.text
        assert "Set-Cookie" not in answer.headers
        assert learner.get(address).headers["Cache-Control"] == "private, no-store"


def test_an_old_name_of_a_course_leads_to_the_new(
    tiny: str, app: Flask, stranger: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        renamed = replace(catalog.live(), aliases={"old-name": "tiny"})
    monkeypatch.setattr(catalog, "live", lambda: renamed)
    answer = stranger.get("/courses/old-name")
    assert (answer.status_code, answer.location) == (301, "/courses/tiny")


def test_an_unknown_course_is_a_designed_404(stranger: CheckingClient) -> None:
    answer = stranger.get("/courses/nothing")
    assert answer.status_code == 404
    assert "There is no such course." in answer.text
    assert 'action="/search"' in answer.text


def test_linked_data_describes_the_course_and_cannot_break_out(
    tiny: str, app: Flask, stranger: CheckingClient
) -> None:
    page = stranger.get("/courses/tiny").text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert (data["@type"], data["name"], data["inLanguage"]) == ("Course", "A tiny course", "en")
    assert data["hasCourseInstance"]["courseWorkload"] == "PT1H"
    with app.test_request_context():
        course = replace(catalog.course("tiny").course, title="</script><script>alert(1)")
        said = render_template_string("{{ data|tojson }}", data=linked_data(course))
    assert "<" not in said


def test_opengraph_and_description_come_from_the_course(
    tiny: str, stranger: CheckingClient
) -> None:
    page = stranger.get("/courses/tiny").text
    assert '<meta property="og:title" content="A tiny course">' in page
    assert 'content="The smallest course that has everything in it."' in page
    assert 'rel="canonical" href="http://127.0.0.1:8000/courses/tiny"' in page


def test_a_first_visit_is_light(tiny: str, stranger: CheckingClient) -> None:
    """Page, style, script and the two fonts, compressed: under 100 kB and 12 requests."""
    answer = stranger.get("/", headers={"Accept-Encoding": "br"}, checks=False)
    weight = len(answer.data)
    page = stranger.get("/").text
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    for file in files:
        weight += len(stranger.get(file, headers={"Accept-Encoding": "br"}, checks=False).data)
    assert len(files) + 1 < 12
    assert weight < 100_000


def test_rosettes_on_one_page_have_ids_of_their_own(tiny: str, stranger: CheckingClient) -> None:
    ids = re.findall(r' id="(rosette-\d+)"', stranger.get("/").text)
    assert len(ids) == len(set(ids)) == 2
