"""The certificate page of a course: what is missing, confirm the name, on its way, ready."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from mooc.certificates import queries, render
from mooc.certificates.models import Certificate
from mooc.db import db
from mooc.learning import actions as learning
from tests.certificates.samples import graduate
from tests.conftest import Cast
from tests.pages import CheckingClient

PAGE = "/courses/tiny/certificate"
NAME = "Grace Graduate"


@pytest.fixture
def graduated(app: Flask, cast: Cast, tiny: str, now: datetime) -> CheckingClient:
    """The browser of somebody who has passed the tiny course."""
    graduate(app, cast.user(NAME), tiny, now)
    return cast.browser(NAME)


def code_of(app: Flask) -> str:
    with app.app_context():
        return db.session.query(Certificate).one().code


def test_a_stranger_is_sent_to_sign_in(client: CheckingClient, tiny: str) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 302
    assert answer.location == f"/sign-in?next={PAGE}"


def test_who_is_not_enrolled_reads_what_it_takes(learner: CheckingClient, tiny: str) -> None:
    page = learner.get(PAGE).text
    assert "You are not enrolled" in page
    assert "What a work is" in page
    assert 'href="/courses/tiny"' in page


def test_each_thing_that_is_missing_is_a_link(
    app: Flask, cast: Cast, learner: CheckingClient, tiny: str, now: datetime
) -> None:
    graduate(app, cast.user("Lena Learner"), tiny, now, score=40)
    page = learner.get(PAGE).text
    assert "How to qualify" in page
    assert "40%, needs" in page
    assert 'href="/courses/tiny/exam"' in page or 'href="/courses/tiny/final' in page
    assert "Course grade" in page


def test_a_course_without_a_certificate_says_so(learner: CheckingClient, tiny: str) -> None:
    answer = learner.get("/courses/no-such-course/certificate")
    assert answer.status_code == 404


def test_the_whole_way_from_name_to_pdf(
    app: Flask, graduated: CheckingClient, run_jobs: Callable[..., int]
) -> None:
    form = graduated.get(PAGE).text
    assert "Confirm your name" in form
    assert f'value="{NAME}"' in form
    sent = graduated.post(PAGE, data={"name": "  Grace   Hopper "})
    assert (sent.status_code, sent.location) == (303, PAGE)
    assert "on its way" in graduated.get(PAGE).text
    run_jobs()
    ready = graduated.get(PAGE).text
    code = code_of(app)
    assert f"/certificates/{code}.pdf" in ready
    assert f"/verify/{code}" in ready
    assert "Grace Hopper" in ready
    pdf = graduated.get(f"/certificates/{code}.pdf")
    assert pdf.data.startswith(b"%PDF-1.7")
    assert f"certificate-{code}.pdf" in pdf.headers["Content-Disposition"]


def test_pressing_twice_gives_one_certificate(app: Flask, graduated: CheckingClient) -> None:
    for name in ("Grace Hopper", "Somebody Else"):
        assert graduated.post(PAGE, data={"name": name}).status_code == 303
    assert "Grace Hopper" in graduated.get(PAGE).text
    code_of(app)  # there is exactly one


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type your name as it is to be printed."),
        ("Grace 😀", "These characters cannot be printed: 😀."),
        ("G" * 121, "at most 120 characters"),
        ("1234", "A name has letters in it."),
    ],
)
def test_a_name_that_cannot_be_printed_is_kept_and_explained(
    app: Flask, graduated: CheckingClient, typed: str, sentence: str
) -> None:
    answer = graduated.post(PAGE, data={"name": typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{typed}"' in answer.text
    with app.app_context():
        assert db.session.query(Certificate).count() == 0


def test_markup_in_a_name_stays_text(graduated: CheckingClient, app: Flask) -> None:
    graduated.post(PAGE, data={"name": "<script>alert(1)</script>"})
    for address in (PAGE, f"/verify/{code_of(app)}"):
        page = graduated.get(address).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_a_stale_page_keeps_the_name(app: Flask, graduated: CheckingClient) -> None:
    answer = graduated.post(PAGE, data={"name": "Grace Hopper"}, csrf=False)
    assert answer.status_code == 400
    assert 'value="Grace Hopper"' in answer.text


def test_who_has_not_earned_it_gets_none(
    app: Flask, cast: Cast, learner: CheckingClient, tiny: str, now: datetime
) -> None:
    graduate(app, cast.user("Lena Learner"), tiny, now, score=40)
    assert learner.post(PAGE, data={"name": "Lena Learner"}).status_code == 409
    with app.app_context():
        assert db.session.query(Certificate).count() == 0


def test_who_is_not_enrolled_gets_none(learner: CheckingClient, tiny: str) -> None:
    assert learner.post(PAGE, data={"name": "Lena Learner"}).status_code == 303


def test_a_certificate_outlives_the_enrollment(
    app: Flask, cast: Cast, graduated: CheckingClient, now: datetime
) -> None:
    graduated.post(PAGE, data={"name": NAME})
    with app.app_context():
        learning.leave(cast.user(NAME), "tiny", now=now)
        db.session.commit()
    assert "on its way" in graduated.get(PAGE).text


def test_a_certificate_is_its_holders_page_only(
    app: Flask, cast: Cast, graduated: CheckingClient, learner: CheckingClient
) -> None:
    graduated.post(PAGE, data={"name": "Grace Hopper"})
    assert "Grace Hopper" not in learner.get(PAGE).text


def test_the_page_says_when_printing_failed_and_tries_again(
    app: Flask,
    graduated: CheckingClient,
    run_jobs: Callable[..., int],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graduated.post(PAGE, data={"name": NAME})

    def broken(facts: object) -> bytes:
        raise render.RenderError("broken")

    monkeypatch.setattr(render, "pdf", broken)
    for hour in range(6):
        run_jobs(now + timedelta(hours=hour))
    page = graduated.get(PAGE).text
    assert "could not be printed yet" in page
    assert "issued and safe" in page
    monkeypatch.undo()
    assert graduated.post(PAGE).status_code == 303
    run_jobs()
    assert "Download the PDF" in graduated.get(PAGE).text


def test_missing_fonts_switch_certificates_off_politely(
    app: Flask, graduated: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mooc.certificates import fonts

    def missing(text: str) -> tuple[str, ...]:
        raise fonts.FontsMissing("none")

    monkeypatch.setattr(fonts, "uncovered", missing)
    answer = graduated.post(PAGE, data={"name": NAME})
    assert answer.status_code == 409
    assert "What you have earned stays earned" in answer.text


def test_a_russian_reader_is_addressed_in_russian_or_english_without_gaps(
    graduated: CheckingClient,
) -> None:
    assert graduated.get(PAGE, headers={"Accept-Language": "ru"}).status_code == 200


def test_the_number_of_queries_stays_small(
    app: Flask, graduated: CheckingClient, query_count: Callable[..., object]
) -> None:
    graduated.post(PAGE, data={"name": NAME})
    with query_count() as queries_sent:  # type: ignore[attr-defined]
        graduated.get(PAGE)
    assert len(queries_sent) <= 5, queries_sent
    with app.app_context():
        assert queries.certificate_in(0, "tiny") is None
