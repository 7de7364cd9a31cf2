"""A question of every type, in a lesson and in an attempt, without a script."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mooc.catalog import queries as catalog
from mooc.db import db
from mooc.learning.models import PracticeAnswer, Response
from tests.conftest import publish
from tests.pages import CheckingClient

KINDS = Path(__file__).parents[2] / "courses" / "kinds"
LESSON = "/courses/kinds/kinds-practice"
SECRETS = (
    "Six months are for marks", "Twelve months from filing", "Each right has its object",
    "Nothing comes before it", "Filing comes first", "That is a mark", "Grant comes later",
    "treaty", "2027-03-01", "2026-09-01",
)  # fmt: skip
# What is right, by what stands in the label of each slot, or by the slots in their order.
RIGHT: Mapping[str, Any] = {
    "date": ["1 марта 2027 г."],
    "match": {"novel": "Copyright", "song": "Copyright", "valve": "A patent"},
    "order": {"Filing": "1", "Search": "2", "Publication": "3", "Grant": "4"},
    "blanks": ["20", "filing", "Treaty"],
}


@pytest.fixture
def enrolled(app: Flask, learner: CheckingClient) -> CheckingClient:
    publish(app, KINDS, datetime.now(UTC).replace(microsecond=0))
    learner.post("/courses/kinds/enroll")
    return learner


def box_of(page: str, question: str) -> str:
    """The part of a page that asks a question of these words."""
    return next(
        box for box in re.split(r'<fieldset class="question"', page)[1:] if question in box
    ).split("</fieldset>")[0]


def fields(box: str) -> list[tuple[str, dict[str, str]]]:
    """The slots of a question: what labels each, and its options by their words."""
    labels = dict(re.findall(r'<label class="[^"]*" for="([^"]+)">(.*?)</label>', box, re.DOTALL))
    found = []
    for tag, name, rest in re.findall(
        r'<(select|input) class="input"[^>]*?id="([^"]+)"(.*?)(?:</select>|>)', box, re.DOTALL
    ):
        assert tag == "select" or "option" not in rest
        whole = re.search(rf'id="{name}".*?</select>', box, re.DOTALL) if tag == "select" else None
        options = (
            re.findall(r'<option value="(\d*)"[^>]*>(.*?)</option>', whole[0]) if whole else []
        )
        words = html.unescape(re.sub(r"<[^>]+>", "", labels.get(name, ""))).strip()
        found.append((words, {html.unescape(text): value for value, text in options}))
    return found


def sent(box: str, wanted: Any) -> list[str]:
    """What a person's browser sends who fills the slots as wanted."""
    slots = fields(box)
    if isinstance(wanted, dict):
        wanted = [
            next((text for part, text in wanted.items() if part in label), "")
            for label, _options in slots
        ]
    if not slots:
        return list(wanted)
    return [
        options.get(text, "") if options else text
        for (_label, options), text in zip(slots, wanted, strict=True)
    ]


ASKED = {
    "date": "Until when can priority",
    "match": "What protects what?",
    "order": "Put the steps in order.",
    "blanks": "Complete the sentence.",
}


def check(browser: CheckingClient, name: str, wanted: Any) -> str:
    box = box_of(browser.get(LESSON).text, ASKED[name])
    data = {"question": f"practice-{name}", "answer": sent(box, wanted)}
    return box_of(browser.post(f"{LESSON}/check", data=data).text, ASKED[name])


@pytest.mark.parametrize("name", ASKED)
def test_the_right_answer_is_right(enrolled: CheckingClient, name: str) -> None:
    box = check(enrolled, name, RIGHT[name])
    assert "outcome-right" in box
    assert "Right would be" not in box


@pytest.mark.parametrize(
    ("name", "wanted", "said"),
    [
        ("date", ["1.9.2026"], ["Not right", "Six months are for marks", "Accepted: 2027-03-01"]),
        ("match", {"novel": "A patent", "song": "Copyright"},
         ["33% of the points", "Right would be: Copyright", "Not answered", "A trade mark"]),
        ("order", {"Filing": "2", "Search": "1", "Publication": "3", "Grant": "4"},
         ["33% of the points", "Nothing comes before it", "Right would be: 1"]),
        ("blanks", ["10", "grant", "treaty"],
         ["25% of the points", "That is a mark", "Grant comes later", "Right would be: 20"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_shown_where_it_is(
    enrolled: CheckingClient, name: str, wanted: Any, said: list[str]
) -> None:
    box = check(enrolled, name, wanted)
    assert [words for words in said if words not in box] == []


@pytest.mark.parametrize(
    ("name", "wanted", "said"),
    [
        ("date", ["3/1/2027"], "cannot be read as a date"),
        ("order", {"Filing": "2", "Search": "2"}, "the same place"),
        ("blanks", ["twenty", "filing", ""], "cannot be read as a number"),
        ("match", {}, "Nothing was answered yet"),
    ],
)
def test_a_slip_is_asked_for_again_keeps_what_was_given_and_tells_nothing(
    enrolled: CheckingClient, name: str, wanted: Any, said: str
) -> None:
    box = check(enrolled, name, wanted)
    assert said in box
    assert "outcome" not in box.replace(f"q-practice-{name}-outcome", "")
    assert not [secret for secret in SECRETS if secret in box]
    for kept in wanted if isinstance(wanted, list) else ():
        assert not kept or f'value="{kept}"' in box or "selected" in box


def test_what_was_practised_is_recorded_by_keys(app: Flask, enrolled: CheckingClient) -> None:
    for name in ASKED:
        check(enrolled, name, RIGHT[name])
    with app.app_context():
        rows = {
            row.question_id: row.answer for row in db.session.scalars(select(PracticeAnswer)).all()
        }
        lesson = catalog.live().courses["kinds"].course.by_id["kinds-practice"]
        key = catalog.practice_question(lesson, "practice-match").key  # type: ignore[arg-type]
        copyright_, patent = key.targets[0].key, key.targets[1].key  # type: ignore[union-attr]
    assert rows["practice-date"] == "1 марта 2027 г."
    assert rows["practice-match"] == {"novel": copyright_, "song": copyright_, "valve": patent}
    assert rows["practice-order"] == {"file": "1", "search": "2", "publish": "3", "grant": "4"}
    assert rows["practice-blanks"] == {"years": "20", "start": "filing", "text": "Treaty"}


# ---------------------------------------------------------------------------------- an attempt


def begin(browser: CheckingClient) -> str:
    return str(browser.post("/courses/kinds/kinds-quiz/attempts").location)


TITLES = {
    "Which right protects a novel?": ["Copyright"],
    "Which of these can be works?": ["A poem", "A photograph"],
    "An idea is protected": ["False"],
    "How many years": ["20"],
    "Which convention": ["berne"],
    **{ASKED[name]: answer for name, answer in RIGHT.items()},
}


def form(page: str) -> dict[str, Any]:
    data: dict[str, Any] = {"tab": re.findall(r'name="tab" value="(\w+)"', page)[0]}
    for number, box in enumerate(re.split(r'<fieldset class="question"', page)[1:], 1):
        data[f"sequence-{number}"] = re.findall(rf'name="sequence-{number}" value="(\d+)"', box)[0]
        wanted = next(answer for title, answer in TITLES.items() if title in box)
        rows = re.findall(r'value="(\d+)"[^>]*>\s*<span class="choice-text">(.*?)</span>', box)
        places = [value for value, text in rows if text.strip() in wanted]
        data[f"answer-{number}"] = places or sent(box.split("</fieldset>")[0], wanted)
    return data


def test_a_whole_attempt_of_every_type_earns_everything(
    app: Flask, enrolled: CheckingClient
) -> None:
    address = begin(enrolled)
    page = enrolled.get(address).text
    assert not [secret for secret in SECRETS if secret in page]
    assert not re.findall(r'"(novel|filing|file|copyright|grant)[/"]', page), "no keys"
    data = form(page)
    assert enrolled.post(f"{address}/save", data={**data, "review": "1"}).status_code == 303
    assert "Every question is answered" in enrolled.get(f"{address}/review").text
    again = enrolled.get(address).text
    assert form(again).keys() == data.keys()
    assert again.count(" selected>") == 8, "three rows, four items, a blank"
    assert 'value="Treaty"' in again
    enrolled.post(f"{address}/submit")
    result = enrolled.get(f"{address}/result").text
    assert "100%" in result
    assert "Filing comes first" in result
    with app.app_context():
        stored = list(db.session.scalars(select(Response.answer).order_by(Response.position)))
    assert stored[7] == {"file": "1", "search": "2", "publish": "3", "grant": "4"}


def test_a_partly_right_attempt_shows_slot_by_slot_what_was_right(enrolled: CheckingClient) -> None:
    address = begin(enrolled)
    data = form(enrolled.get(address).text)
    data["answer-7"] = [data["answer-7"][2], data["answer-7"][0], ""]
    data["answer-9"] = ["about 20", "", "treaty"]
    page = enrolled.post(f"{address}/save", data=data, follow_redirects=True).text
    assert "cannot be read as a number" in page
    enrolled.post(f"{address}/submit")
    result = enrolled.get(f"{address}/result").text
    match, blanks = box_of(result, ASKED["match"]), box_of(result, ASKED["blanks"])
    assert "33% of the points" in match
    assert "Right would be: A patent" in match
    assert "25% of the points" in blanks, "a blank that cannot be read costs its own share"
    assert "Right would be: 20" in blanks


def test_a_stale_tab_shows_both_orders(enrolled: CheckingClient) -> None:
    address = begin(enrolled)
    phone, laptop = (form(enrolled.get(address).text) for _tab in range(2))
    enrolled.post(f"{address}/save", data=phone)
    laptop["answer-8"] = list(reversed(phone["answer-8"]))
    answer = enrolled.post(f"{address}/save", data=laptop)
    assert answer.status_code == 409
    assert answer.text.count("Put the steps") + answer.text.count("Place of:") >= 8


def test_options_no_page_has_are_refused_and_nothing_is_written(enrolled: CheckingClient) -> None:
    address = begin(enrolled)
    data = form(enrolled.get(address).text)
    for number, values in ((7, ["9", "", ""]), (8, ["7", "", "", ""]), (9, ["", "x", ""])):
        assert (
            enrolled.post(f"{address}/save", data={**data, f"answer-{number}": values}).status_code
            == 422
        )
    assert " selected>" not in enrolled.get(address).text
