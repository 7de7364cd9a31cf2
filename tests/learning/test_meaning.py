"""Edits never change what recorded answers mean: they are marked, and shown, as when given."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask

from mooc.catalog import queries as catalog
from mooc.content.check import check
from mooc.content.model import Choices
from mooc.content.questions import score
from mooc.content.source import Folder
from mooc.db import db
from mooc.learning import actions, queries
from mooc.learning.actions import Given
from mooc.learning.grading import Line, grade, total
from mooc.learning.models import Attempt, PracticeAnswer
from tests.conftest import Cast
from tests.learning.edits import Edited
from tests.learning.test_attempts import Learner

pytestmark = pytest.mark.both_databases

# What was answered in the quiz: keys of options, or the text.
GIVEN: dict[str, list[str] | str] = {
    "quiz-novel": ["patent"],
    "quiz-works": ["song", "fact"],
    "quiz-idea": ["no"],
    "quiz-years": "20",
    "quiz-city": "bern",
}
QUIZ = "rights/quiz.md"
OPTION = r"- \[[x ]\] [^\n]*\n(?:  > [^\n]*\n)?"


@pytest.fixture
def edited(app_context: Flask, tmp_path: Path, now: datetime) -> Edited:
    made = Edited(app_context, tmp_path, now)
    made.publish()
    return made


def answered(learner: Learner) -> Attempt:
    """A quiz answered and marked, a practice question answered."""
    live = learner.live
    work = live.course.by_id["work"]
    question = work.questions[0]  # type: ignore[union-attr]
    actions.answer_practice(learner.user.id, live, work, question, ["poem"], now=learner.now)  # type: ignore[arg-type]
    attempt = learner.start()
    given = []
    for position, line in enumerate(attempt.paper):
        answer = GIVEN[line["question"]]
        places = (
            (answer,)
            if isinstance(answer, str)
            else tuple(str(line["options"].index(key)) for key in answer)
        )
        given.append(Given(position, places, sequence=1))
    learner.save(attempt, *given)
    learner.submit(attempt)
    actions.mark(attempt, live, now=learner.now)
    db.session.commit()
    return attempt


def reordered_options(edited: Edited) -> None:
    """Every list of options the other way round, feedback and all."""
    for path in (QUIZ, "pools/rights.md", "rights/work.md"):
        file = edited.folder / path
        file.write_text(re.sub(rf"(?:{OPTION})+", _reversed, file.read_text()))


def _reversed(options: re.Match[str]) -> str:
    return "".join(reversed(re.findall(OPTION, options[0])))


def mended_typos(edited: Edited) -> None:
    """Words of options, prompts and feedback that have keys to be known by."""
    edited.change(
        QUIZ,
        ("A patent <!-- patent -->", "A patent for an invention <!-- patent -->"),
        ("A song <!-- song -->", "Any song <!-- song -->"),
        ("Which right protects a novel?", "Which right is there for a novel?"),
        ("Patents protect inventions.", "A patent protects an invention."),
        ("A novel is a literary work.", "Novels are literary works."),
    )
    edited.change("rights/work.md", ("A poem <!-- poem -->", "Some poem <!-- poem -->"))


def moved_and_renamed_files(edited: Edited) -> None:
    edited.move(QUIZ, "elsewhere/first.md")
    edited.move("rights/work.md", "rights/what-a-work-is.md")
    edited.change("rights/what-a-work-is.md", ("](patent.md", "](../b/patent.md"))
    edited.move("rights/patent.md", "b/patent.md")
    edited.move("pools/rights.md", "pool.md")


def other_headings(edited: Edited) -> None:
    edited.change("rights/work.md", ("## Idea and expression", "## Expression, not idea"))
    edited.change(QUIZ, ("title: Check yourself", "title: What have you learned?"))
    edited.change("course.md", ("Rights <!--", "All rights <!--"))


def reordered_questions(edited: Edited) -> None:
    for path in (QUIZ, "pools/rights.md", "rights/work.md"):
        file = edited.folder / path
        head, *questions = re.split(r"(?m)^(?=### )", file.read_text())
        ended = [question.rstrip("\n") + "\n\n" for question in reversed(questions)]
        file.write_text((head + "".join(ended)).rstrip("\n") + "\n")


def reordered_modules(edited: Edited) -> None:
    file = edited.folder / "course.md"
    head, _heading, outline = file.read_text().partition("## Outline\n\n")
    rights, final = re.split(r"(?m)^2\. ", outline)
    moved = f"1. {final}2. {rights.removeprefix('1. ')}"
    file.write_text(f"{head}## Outline\n\n{moved}")


def everything(edited: Edited) -> None:
    for edit in EDITS[:-1]:
        edit(edited)


EDITS: list[Callable[[Edited], None]] = [
    reordered_options, mended_typos, other_headings, reordered_questions, reordered_modules,
    moved_and_renamed_files, everything,
]  # fmt: skip


def chosen(attempt: Attempt) -> dict[str, object]:
    """What the recorded answers say, by question."""
    answers = {row.position: row.answer for row in queries.responses(attempt.id)}
    return {line["question"]: answers[at] for at, line in enumerate(attempt.paper)}


def marked_now(attempt: Attempt, *, live: bool = False) -> Fraction:
    """The score computed again: from the versions that were asked, or from those live now."""
    paper = [Line.from_json(line) for line in attempt.paper]
    versions = catalog.question_versions(line.version for line in paper)
    if live:
        present = {question.id: question for question in catalog.course("tiny").course.questions()}
        versions = {line.version: present[versions[line.version].id] for line in paper}
    answers = {row.position: row.answer for row in queries.responses(attempt.id)}
    return total(grade(paper, versions, answers))


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_an_edit_changes_no_recorded_answer(
    edited: Edited, now: datetime, edit: Callable[[Edited], None]
) -> None:
    learner = Learner(now)
    attempt = answered(learner)
    reached, said = marked_now(attempt), chosen(attempt)
    before = catalog.course("tiny")
    assert 0 < reached < 1
    db.session.commit()  # publishing is a transaction of its own
    edit(edited)
    edited.publish()
    after = catalog.course("tiny")
    assert after.hash != before.hash
    assert marked_now(attempt) == marked_now(attempt, live=True) == reached
    assert queries.attempt_score(attempt) == reached
    assert chosen(attempt) == said
    scoring = {question.id: question.scoring_hash for question in before.course.questions()}
    assert scoring == {question.id: question.scoring_hash for question in after.course.questions()}
    for fact in db.session.query(PracticeAnswer):
        question = next(q for q in after.course.questions() if q.id == fact.question_id)
        assert score(question, fact.answer).credit == Fraction(fact.credit_num, fact.credit_den)
    assert queries.check_packed() == []
    standing = queries.standing(learner.enrollment.id)
    assert standing.progress.items["rights-quiz"].score == reached


def test_the_result_shows_the_same_option_chosen(
    app: Flask, cast: Cast, tmp_path: Path, now: datetime
) -> None:
    edited = Edited(app, tmp_path, now)
    edited.publish()
    browser = cast.browser("Lena Learner")
    browser.post("/courses/tiny/enroll")
    address = browser.post("/courses/tiny/rights-quiz/attempts").location
    page = browser.get(address).text
    found = re.search(r'name="answer-1"\s+value="(\d)"(?:(?!<input).)*?A patent', page, re.DOTALL)
    assert found, page
    data = {"tab": "t", "answer-1": found[1], "sequence-1": "1"}
    browser.post(f"{address}/save", data=data)
    browser.post(f"{address}/submit")
    browser.get(f"{address}/result")  # shows the message of the save, once
    before = browser.get(f"{address}/result").text
    everything(edited)
    edited.publish()
    after = browser.get(f"{address}/result").text
    assert _questions(after) == _questions(before)
    assert "Patents protect inventions." in after


def _questions(page: str) -> str:
    """The judged questions of a result page, without the site around them."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r'(?s)<nav.*?</nav>|<p class="result.*?</p>|href="[^"]*"', "", main)


def test_an_option_without_a_key_is_a_new_one_once_edited_and_the_check_says_so(
    edited: Edited, now: datetime
) -> None:
    edited.change(QUIZ, ("A patent <!-- patent -->", "A patent"))
    edited.publish()
    warned = check(Folder(edited.folder), now.date())
    assert "W109" in {problem.code for problem in warned if problem.path == QUIZ}
    before = _novel()
    edited.change(QUIZ, ("- [ ] A patent\n", "- [ ] A patent for it\n"))
    edited.publish()
    assert len(_novel() - before) == len(before - _novel()) == 1
    assert {"copyright", "mark"} <= before & _novel()


def _novel() -> set[str]:
    """The keys of the options of one question, as they are live."""
    found = next(q for q in catalog.course("tiny").course.questions() if q.id == "quiz-novel")
    assert isinstance(found.key, Choices)
    return {option.key for option in found.key.options}
