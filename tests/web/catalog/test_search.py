"""Full-text search over what a learner may read."""

from __future__ import annotations

import pytest
from flask import Flask

from mooc.catalog import queries as catalog
from mooc.catalog.search import fold, search
from tests.pages import CheckingClient


def found(app: Flask, query: str) -> list[str]:
    """Ids of the hits, `-` for the course itself."""
    with app.app_context():
        return [hit.item.id if hit.item else "-" for hit in search(catalog.live(), query)]


def test_a_word_of_the_text_finds_its_lesson_with_the_word_marked(
    tiny: str, stranger: CheckingClient
) -> None:
    page = stranger.get("/search?q=expressions").text
    assert "/courses/tiny/work" in page
    assert "<mark>" in page


def test_all_words_must_occur_and_a_beginning_is_enough(tiny: str, app: Flask) -> None:
    assert "-" in found(app, "smallest cour")
    assert found(app, "smallest unfindable") == []


def test_case_and_accents_and_endings_do_not_count(tiny: str, app: Flask) -> None:
    assert found(app, "PATENTS") == found(app, "pátent")
    assert found(app, "patent")


@pytest.mark.parametrize("query", ["", "   ", "?!", "\x00", "((", "a" * 5000, "' OR 1=1 --", "<b>"])
def test_odd_queries_are_answered_calmly(tiny: str, stranger: CheckingClient, query: str) -> None:
    answer = stranger.get("/search", query_string={"q": query})
    assert answer.status_code == 200
    assert "<b>" not in answer.text


def test_nothing_found_says_what_to_try(tiny: str, stranger: CheckingClient) -> None:
    assert "Nothing holds all of these words" in stranger.get("/search?q=xyzzy").text


def test_answers_and_explanations_of_questions_are_never_found(
    tiny: str, app: Flask, stranger: CheckingClient
) -> None:
    with app.app_context():
        course = catalog.course("tiny").course
    secrets = [question.explanation_html for question in course.questions()]
    texts = " ".join(item.text for item in course.items)
    assert any(secrets)
    for secret in filter(None, secrets):
        assert secret.removeprefix("<p>").partition("<")[0] not in texts


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Ёлка", "елка"), ("Éclair", "eclair"), ("Straße", "strase"), ("ＡＢ", "ab")],
)
def test_folding_keeps_the_length(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert len(fold(text)) == len(text)
