"""Courses in several languages, read by those who want one or the other."""

# ruff: noqa: E501 (files written as one line)

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from mooc.db import db
from mooc.learning.models import Mark, PracticeAnswer
from mooc.web.editions import wanted
from tests.conftest import Cast, publish
from tests.pages import CheckingClient
from tests.spoken import speak

COURSE = "/courses/tiny"
LESSON = f"{COURSE}/work"
QUIZ = f"{COURSE}/rights-quiz"
RU = {"Accept-Language": "ru"}


@pytest.fixture
def spoken(app: Flask, now: datetime, tmp_path: Path) -> str:
    return publish(app, speak(tmp_path / "courses"), now)


def enroll(browser: CheckingClient) -> None:
    assert browser.post(f"{COURSE}/enroll").status_code == 303


# --------------------------------------------------------------------------- which language it is


@pytest.mark.parametrize(
    ("asked", "kept", "locale", "expected"),
    [
        ("", "", "en", "en"), ("", "", "ru", "ru"), ("", "ru", "en", "ru"), ("en", "ru", "ru", "en"),
        ("ru", "", "en", "ru"), ("xx", "", "ru", "ru"), ("", "xx", "fr", "en"), ("", "", "pt_PT", "pt-BR"),
        ("zh", "", "en", "zh-Hans"), ("", "", "zh_Hans", "zh-Hans"), ("<b>", "", "", "en"),
    ],
)  # fmt: skip
def test_the_first_wish_that_can_be_met_counts(
    asked: str, kept: str, locale: str, expected: str
) -> None:
    assert wanted(("en", "pt-BR", "ru", "zh-Hans"), asked, kept, locale) == expected


def test_a_course_speaks_the_language_of_the_interface_if_it_can(
    spoken: str, stranger: CheckingClient
) -> None:
    assert "What a work is" in stranger.get(LESSON).text
    assert "Что такое произведение" in stranger.get(LESSON, headers=RU).text


def test_an_explicit_choice_holds_for_every_page_until_another_is_made(
    spoken: str, stranger: CheckingClient
) -> None:
    page = stranger.get(f"{LESSON}?lang=ru")
    assert '<html lang="en"' in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Крошечный курс" in stranger.get(COURSE).text
    assert "Крошечный курс" in stranger.get("/courses").text
    stranger.get(f"{COURSE}?lang=en")
    assert "A tiny course" in stranger.get("/").text


def test_the_choice_survives_a_change_of_theme(spoken: str, stranger: CheckingClient) -> None:
    stranger.get(f"{LESSON}?lang=ru")
    stranger.post("/preferences", data={"theme": "dark", "next": LESSON})
    assert "Что такое произведение" in stranger.get(LESSON).text


def test_a_language_the_course_does_not_have_is_neither_shown_nor_remembered(
    spoken: str, stranger: CheckingClient
) -> None:
    for nonsense in ("fr", "%3Cb%3E", "ru;x"):
        answer = stranger.get(f"{LESSON}?lang={nonsense}")
        assert "What a work is" in answer.text
        assert "Set-Cookie" not in answer.headers


# ------------------------------------------------------------------------------------ the pages


def test_the_course_page_offers_its_languages(spoken: str, stranger: CheckingClient) -> None:
    page = stranger.get(f"{COURSE}?lang=ru").text
    assert '<h1 lang="ru" dir="ltr">Крошечный курс</h1>' in page
    assert 'href="/courses/tiny?lang=en" hreflang="en"' in page
    assert re.search(r'hreflang="ru"[^>]*aria-current="true"', page)
    assert re.search(
        r'<link rel="alternate" hreflang="ar" href="[^"]*/courses/tiny\?lang=ar">', page
    )
    assert re.search(r'<link rel="canonical" href="[^"]*/courses/tiny\?lang=ru">', page)
    assert '"inLanguage": "ru"' in page
    assert "Отличать произведение от идеи" in page
    assert "Русский" in page


def test_a_course_in_one_language_offers_no_choice(tiny: str, stranger: CheckingClient) -> None:
    for path in (COURSE, LESSON):
        assert "hreflang" not in stranger.get(path).text


def test_what_is_not_translated_is_shown_in_the_original_with_a_note(
    spoken: str, learner: CheckingClient
) -> None:
    enroll(learner)
    page = learner.get(f"{COURSE}/patent?lang=ru").text
    assert "not translated yet" in page
    assert '<article class="lesson-body" lang="en" dir="ltr">' in page
    assert "not translated yet" not in learner.get(LESSON).text
    assert 'class="outline-title" lang="ru" dir="ltr">Проверьте себя' in page


def test_a_translation_that_is_behind_says_so(spoken: str, learner: CheckingClient) -> None:
    enroll(learner)
    page = learner.get(f"{COURSE}/exam?lang=ru").text
    assert "was changed since this translation" in page
    assert "Экзамен" in page
    assert "was changed since" not in learner.get(LESSON).text


def test_a_question_that_is_not_translated_is_marked_as_what_it_is(
    spoken: str, stranger: CheckingClient
) -> None:
    page = stranger.get(f"{LESSON}?lang=ru").text
    assert '<legend lang="ru" dir="ltr">Что может быть произведением?</legend>' in page
    assert '<legend lang="en" dir="ltr">Copyright arises without registration.</legend>' in page


def test_arabic_runs_from_right_to_left_within_an_english_page(
    spoken: str, stranger: CheckingClient
) -> None:
    page = stranger.get(f"{LESSON}?lang=ar").text
    assert '<html lang="en" dir="ltr"' in page
    assert '<article class="lesson-body" lang="ar" dir="rtl">' in page
    assert '<div class="lesson-facts" lang="en" dir="ltr">' in page
    assert '<legend lang="en" dir="ltr">' in page


def test_a_suggested_change_goes_to_the_file_that_was_read(
    app: Flask, spoken: str, stranger: CheckingClient
) -> None:
    if app.extensions["mooc.settings"].repository_url:
        assert "rights/work.ru.md" in stranger.get(f"{LESSON}?lang=ru").text
    found = db_course(app).edition("ru").by_id["work"]
    assert found.path == "rights/work.ru.md"


def db_course(app: Flask) -> Any:
    from mooc.catalog import queries as catalog

    with app.app_context():
        return catalog.course("tiny").course


def test_my_courses_progress_and_certificate_speak_it_too(
    spoken: str, learner: CheckingClient
) -> None:
    enroll(learner)
    learner.get(f"{LESSON}?lang=ru")
    assert "Крошечный курс" in learner.get("/my").text
    progress = learner.get(f"{COURSE}/progress").text
    assert "Проверьте себя" in progress
    assert "Check yourself" not in progress
    assert "Проверьте себя" in learner.get(f"{COURSE}/certificate").text


# ----------------------------------------------------------------------------- catalog and search


def test_the_catalog_finds_a_course_by_any_of_its_languages(
    spoken: str, stranger: CheckingClient
) -> None:
    page = stranger.get("/courses?language=ru").text
    assert 'href="/courses/tiny?lang=ru">Крошечный курс' in page
    assert "A tiny course" in stranger.get("/courses?language=en").text
    assert "A tiny course" in stranger.get("/courses?q=крошечный").text
    assert "A tiny course" in stranger.get("/courses?subject=патенты").text


def test_a_search_in_russian_finds_the_russian_text_and_leads_to_it(
    spoken: str, stranger: CheckingClient
) -> None:
    page = stranger.get("/search?q=произведения").text
    assert 'href="/courses/tiny/work?lang=ru">Что такое произведение' in page
    assert re.search(r'<article class="hit" lang="ru"', page)
    home = stranger.get("/search?q=произведения", headers=RU).text
    assert 'href="/courses/tiny/work">Что такое произведение' in home


def test_what_is_found_in_two_languages_is_listed_once_in_the_readers(
    spoken: str, stranger: CheckingClient
) -> None:
    page = stranger.get("/search?q=tiny+course").text
    assert page.count('class="hit"') == 1
    assert "?lang=" not in page[page.index('class="hit"') :]


# ------------------------------------------------------------------------------- practice, attempts


def test_a_practice_answer_is_judged_in_the_language_of_the_page(
    spoken: str, stranger: CheckingClient
) -> None:
    stranger.get(f"{LESSON}?lang=ru")
    data = {"question": "work-which", "answer": "1", "lang": "ru"}
    assert "Идеи свободны" in stranger.post(f"{LESSON}/check", data=data).text
    assert "Ideas are free" in stranger.post(f"{LESSON}/check", data=data | {"lang": "en"}).text


def test_without_a_cookie_the_form_itself_knows_the_language(
    spoken: str, stranger: CheckingClient
) -> None:
    assert 'name="lang" value="ru"' in stranger.get(f"{LESSON}?lang=ru").text
    stranger.delete_cookie("prefs")
    data = {"question": "work-which", "answer": "0", "lang": "ru"}
    assert "Стихи — выражение" in stranger.post(f"{LESSON}/check", data=data).text


def test_practice_is_recorded_the_same_in_every_language(
    app: Flask, spoken: str, learner: CheckingClient
) -> None:
    enroll(learner)
    for language in ("en", "ru"):
        for _first_again in range(2):
            answer = learner.post(
                f"{LESSON}/check",
                data={"question": "work-which", "answer": "0", "lang": language},
                headers={"X-Requested-With": "fetch", "Sec-Fetch-Site": "same-origin"},
                checks=False,
            )
            assert ("Стихи" in answer.text) == (language == "ru")
    with app.app_context():
        rows = db.session.query(PracticeAnswer).all()
        assert {str(row.answer) for row in rows} == {"['poem']"}


def test_an_attempt_begun_in_english_goes_on_in_russian_with_its_answers(
    app: Flask, spoken: str, learner: CheckingClient
) -> None:
    enroll(learner)
    address = learner.post(f"{QUIZ}/attempts").location
    page = learner.get(address).text
    order = [page.index(words) for words in ("Copyright<", "A patent<", "A trade mark<")]
    place = sorted(order).index(order[0])
    answers = {
        "answer-1": str(place),
        "sequence-1": "1",
        "answer-4": "20 years",
        "sequence-4": "1",
        "answer-5": "Берн",
        "sequence-5": "1",
        "tab": "t",
    }
    learner.post(f"{address}/save", data=answers | {"csrf_token": learner.csrf_token()})
    russian = learner.get(f"{address}?lang=ru").text
    assert "Какое право охраняет роман?" in russian
    assert "An idea is protected by copyright." in russian
    assert re.search(rf'value="{place}"[^>]*checked', russian)
    assert (
        russian.index("Авторское право<")
        in sorted(russian.index(w) for w in ("Авторское право<", "Патент<", "Товарный знак<"))[
            place : place + 1
        ]
    )
    assert 'value="20 years"' in russian
    assert "лет</span>" in russian
    learner.post(f"{address}/submit", data={"csrf_token": learner.csrf_token()})
    result = learner.get(f"{address}/result").text
    assert "Роман — произведение литературы" in result
    english = learner.get(f"{address}/result?lang=en").text
    assert "A novel is a literary work" in english
    score = re.compile(r'class="result-score">([^<]+)<')
    assert score.search(result)[1] == score.search(english)[1]  # type: ignore[index]
    with app.app_context():
        rows = {row.position: row for row in db.session.query(Mark)}
        assert [rows[at].credit_num > 0 for at in (0, 3, 4)] == [True, True, True]


# --------------------------------------------------------------------------- caches and queries


def test_a_lesson_takes_one_query_in_every_language(
    spoken: str, learner: CheckingClient, query_count: Callable[[], Any]
) -> None:
    enroll(learner)
    learner.get(f"{LESSON}?lang=ru")
    for _cold_then_warm in range(3):
        with query_count() as queries:
            assert "Что такое произведение" in learner.get(LESSON).text
        assert len(queries) == 1, queries


def test_the_shelf_never_mixes_languages(spoken: str, cast: Cast) -> None:
    lena, otto = cast.browser("Lena"), cast.browser("Otto")
    enroll(lena)
    enroll(otto)
    lena.get(f"{LESSON}?lang=ru")
    for _again in range(3):
        hers, his = lena.get(LESSON).text, otto.get(LESSON).text
        assert "Что такое произведение" in hers
        assert "Проверьте себя" in hers
        assert "What a work is" in his
        assert "Проверьте себя" not in his


def test_the_page_cache_never_mixes_languages(app: Flask, spoken: str) -> None:
    wishes = {
        "": "What a work is",
        "content=ru": "Что такое произведение",
        "content=ar": "ما هو المصنف",
        "content=xx": "What a work is",
        "content=en&locale=ru": "What a work is",
        "locale=ru": "Что такое произведение",
    }
    cache = app.extensions["mooc.page_cache"]
    for _fill_then_read in range(2):
        for prefs, title in wishes.items():
            browser = CheckingClient(app)
            if prefs:
                browser.set_cookie("prefs", prefs)
            for path in (LESSON, f"{LESSON}?lang=ru"):
                expected = title if path == LESSON else "Что такое произведение"
                assert f'">{expected}</h1>' in browser.get(path).text.replace("<h1>", '<h1 x="">')
    assert any(key[0] == LESSON for key in cache.pages)
    assert all("xx" not in key for key in cache.pages)
