"""Sections for some jurisdictions: shown, labelled, folded as the reader chose."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from mooc.accounts.models import User
from mooc.db import db
from mooc.web.express import Express
from mooc.web.jurisdictions import chosen
from tests.pages import CheckingClient

LESSON = "/courses/tiny/work"
BOTH = "EU.US"


def choose(browser: CheckingClient, *law: str, laws: str = BOTH) -> None:
    data = {"laws": laws, "law": list(law), "next": LESSON}
    answer = browser.post("/preferences", data=data)
    assert (answer.status_code, answer.location) == (303, LESSON)


def folded(page: str) -> list[str]:
    """The titles of the folded sections."""
    lines = re.findall(
        r'<details class="limited">\s*<summary[^>]*>(.*?)</summary>', page, re.DOTALL
    )
    return [" ".join(re.sub(r"<[^>]*>", "", line).split()) for line in lines]


def labels(page: str) -> list[str]:
    lines = re.findall(r'<p class="limited-label"[^>]*>(.*?)</p>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", "", line).split()) for line in lines]


@pytest.mark.parametrize("signed_in", [False, True])
def test_everything_is_shown_until_something_is_chosen(
    tiny: str, stranger: CheckingClient, learner: CheckingClient, signed_in: bool
) -> None:
    browser = learner if signed_in else stranger
    page = browser.get(LESSON).text
    assert labels(page) == ["Only: European Union", "Only: United States"]
    assert folded(page) == []
    assert page.count('name="law"') == 2
    choose(browser, "EU")
    page = browser.get(LESSON).text
    assert labels(page) == ["Only: European Union"]
    assert folded(page) == ["Hidden: United States. Fair use Show"]
    assert "Four factors decide" in page  # it opens without a script, and without a request
    assert re.search(r'value="US"(?! checked)', page)
    choose(browser)
    assert len(labels(browser.get(LESSON).text)) == 2


def test_the_choice_is_kept_in_the_account(app: Flask, tiny: str, learner: CheckingClient) -> None:
    choose(learner, "US")
    with app.app_context():
        assert [user.jurisdictions for user in db.session.query(User)].count("US") == 1
    learner.post("/preferences", data={"theme": "dark"})
    learner.delete_cookie("prefs")
    learner.post("/preferences", data={"theme": "light"})
    assert folded(learner.get(LESSON).text) == ["Hidden: European Union. Photographs Show"]


def test_settings_offer_what_lessons_part_by(tiny: str, learner: CheckingClient) -> None:
    choose(learner, "EU", "JP", laws="EU.JP.US")
    page = learner.get("/settings").text
    assert re.findall(r'name="law" value="(\w\w)"( checked)?', page) == [
        ("EU", " checked"),
        ("JP", " checked"),
        ("US", ""),
    ]


def test_the_page_cache_does_not_mix_choices(
    tiny: str, app: Flask, query_count: Callable[[], Any]
) -> None:
    pages = {}
    for law in ("", "EU", "US", "EU.US", "JP"):
        for _twice in range(2):
            client = app.test_client()
            if law:
                client.set_cookie("prefs", f"law={law}")
            pages.setdefault(law, []).append(client.get(LESSON).text)
    assert all(first == second for first, second in pages.values())
    assert [len(folded(pages[law][0])) for law in ("", "EU", "US", "EU.US", "JP")] == [
        0,
        1,
        1,
        0,
        2,
    ]


def test_learners_with_other_choices_get_their_own_page_from_the_shelf(
    app: Flask, tiny: str, learner: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.post("/courses/tiny/enroll")
    inner = Express.__call__
    answers = []

    def noting(self: Express, environ: Any, start_response: Any) -> Any:
        answers.append(self.answer(environ) is not None)
        return inner(self, environ, start_response)

    monkeypatch.setattr(Express, "__call__", noting)
    for law in (["EU"], ["US"], ["EU"]):
        choose(learner, *law)
        for _again in range(3):
            assert len(folded(learner.get(LESSON).text)) == 1
        assert ("Hidden: United States" in learner.get(LESSON).text) == (law == ["EU"])
    assert True in answers


def test_a_folded_question_can_still_be_answered(tiny: str, stranger: CheckingClient) -> None:
    choose(stranger, "EU")
    page = stranger.post(f"{LESSON}/check", data={"question": "work-fair", "answer": "1"}).text
    assert "17 U.S.C. 107." in page


@pytest.mark.parametrize(
    ("before", "laws", "law", "after"),
    [
        ("", "EU.US", ["EU", "US"], ""),
        ("", "EU.US", ["EU"], "EU"),
        ("EU", "EU.US", ["EU", "US"], "EU.US"),
        ("EU.JP", "EU.US", [], "JP"),
        ("EU", "EU.US", [], ""),
        ("", "EU", ["EU", "XX", "RU"], ""),
        ("EU", "<x>", ["<x>"], "EU"),
    ],
)
def test_a_form_changes_only_what_it_offered(
    before: str, laws: str, law: list[str], after: str
) -> None:
    assert chosen(before, MultiDict([("laws", laws), *(("law", one) for one in law)])) == after
