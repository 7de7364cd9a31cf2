"""Keys, feedback, explanations, hints and rubrics never leave the server before they may.

A course is written with a strange word in each place that must stay secret, in a question of every
type. Then everything a learner's browser can ask for is asked for, and every byte looked through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mooc.content.questions.families import OF_TYPE
from tests.conftest import publish
from tests.pages import CheckingClient

COURSE = """---
id: birds
title: Birds
language: en
summary: A course for tests, with a secret word in every hidden place.
---

Nothing is taught here.

## Learning outcomes

- Keep a secret.

## Outline

1. Birds <!-- module: birds -->
   - [Lesson](lesson.md)
   - [After](after.md)
   - [Passing](passing.md)
   - [Never](never.md)
"""

# Every secret is a word of its own, `canary` and where it is: what leaks can be told at a glance.
QUESTIONS = """
### Which of these sings?

<!-- question: PRE-single; source: TRIPS 33 -->

> [!TIP]
> canaryPREhint

- [ ] A stone <!-- canary-PRE-stone -->
  > **50%** canaryPREstone
- [x] A bird <!-- canary-PRE-bird -->
  > canaryPREbird

> [!NOTE]
> canaryPREwhysingle

### Which of these fly?

<!-- question: PRE-multiple; type: multiple; source: TRIPS 33 -->

- [x] A lark <!-- canary-PRE-lark -->
- [ ] A mole <!-- canary-PRE-mole -->
  > canaryPREmole
- [~] A hen <!-- canary-PRE-hen -->

> [!NOTE]
> canaryPREwhymultiple

### A bird has four legs.

<!-- question: PRE-true; source: TRIPS 33 -->

- [ ] True
  > canaryPREtrue
- [x] False

> [!NOTE]
> canaryPREwhytrue

### How many feathers are there?

<!-- question: PRE-numeric; type: numeric; source: TRIPS 33 -->

- `73501` ± `7` feathers
- [ ] `91735` feathers
  > canaryPREnumeric

> [!NOTE]
> canaryPREwhynumeric

### What is its name?

<!-- question: PRE-text; type: text; source: TRIPS 33; accept: canaryprename -->

- `canaryPREname`
- `/canarypre[no]ame/`
- [ ] `canaryPREwrong`
  > canaryPREtext

> [!NOTE]
> canaryPREwhytext

### When does it hatch?

<!-- question: PRE-date; type: date; source: TRIPS 33 -->

- `2091-07-13`
- [ ] `2091-08-14`
  > canaryPREdate

> [!NOTE]
> canaryPREwhydate

### Who lives where?

<!-- question: PRE-matching; source: TRIPS 33 -->

| Who | Where |
|---|---|
| Owl | barn |
| Gull | cliff |
| - | moon |

> [!NOTE]
> canaryPREwhymatching

### In which order?

<!-- question: PRE-ordering; source: TRIPS 33 -->

1. Egg
2. Chick
3. Hen

> [!NOTE]
> canaryPREwhyordering

### Complete the song.

<!-- question: PRE-cloze; source: TRIPS 33 -->

It sings [[what]] in [[where]].

- what
  - `canaryPREblank`
  - [ ] `noise`
    > canaryPREnoise
- where
  - [x] a tree
  - [ ] a sack
    > canaryPREsack

> [!NOTE]
> canaryPREwhycloze

### Describe it. (6 points)

<!-- question: PRE-open; type: open; words: 1-20; review: staff; source: TRIPS 33 -->

Write about a bird.

| Criterion | Points | Levels |
|---|---|---|
| Song | 3 | 3 canaryPREsong; 0 none |
| Wings | 3 | 3 canaryPREwings; 0 none |

> [!NOTE]
> canaryPREmodel

### Do you like birds?

<!-- question: PRE-survey; type: survey -->

- [ ] Yes <!-- canary-PRE-yes -->
- [ ] No <!-- canary-PRE-no -->

### The tale of a bird

<!-- case: PRE-case -->

It flew away.

#### Where to?

<!-- question: PRE-case-where; source: TRIPS 33 -->

- [x] South <!-- canary-PRE-south -->
- [ ] Up <!-- canary-PRE-up -->
  > canaryPREup

> [!NOTE]
> canaryPREwhycase

### When does it come back?

<!-- question: PRE-vary; vary: flew date 2091-01-05..2091-01-06; source: TRIPS 33 -->

It flew on {{flew}} and comes back after a while.

- `= years(flew, 6)`
- [ ] `= years(flew, 7)`
  > canaryPREvary

> [!NOTE]
> canaryPREwhyvary
"""
SECRET = re.compile(
    r"canary\S{0,30}|73501|91735|2091-0[78]|(?:July|August) 1[34], 2091"
    r"|209[78]-01|January [56], 209[78]"
)
QUIZZES = {"after": "after attempt", "passing": "after pass", "never": "never"}


def quiz(name: str) -> str:
    header = f"---\nid: birds-{name}\ntitle: Quiz {name}\nkind: quiz\npass_mark: 90\n"
    return f"{header}feedback: {QUIZZES[name]}\nattempts: 3\n---\n" + QUESTIONS.replace("PRE", name)


@pytest.fixture
def birds(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "birds"
    folder.mkdir()
    (folder / "course.md").write_text(COURSE)
    lesson = "---\nid: birds-lesson\ntitle: Lesson\n---\n\n## Try\n"
    (folder / "lesson.md").write_text(lesson + QUESTIONS.replace("PRE", "lesson"))
    for name in QUIZZES:
        (folder / f"{name}.md").write_text(quiz(name))
    publish(app, folder, datetime.now(UTC).replace(microsecond=0))


def secrets_in(response: TestResponse) -> list[str]:
    """What must not be in an answer: in its body, its headers, its cookies."""
    everything = str(response.headers) + response.get_data(as_text=True)
    return SECRET.findall(everything)


def everywhere(app: Flask, code: str) -> Iterator[str]:
    """Every address a browser can get, by the rules of the site, filled in for this course."""
    known = {"course_id": ["birds"], "code": [code], "number": ["1"], "name": ["x"]}
    known["item_id"] = ["birds-lesson", *(f"birds-{name}" for name in QUIZZES)]
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        addresses = [rule.rule]
        for argument in rule.arguments:
            values = known.get(argument, ["1"])
            pattern = re.compile(rf"<(?:\w+:)?{argument}>")
            addresses = [pattern.sub(value, address) for address in addresses for value in values]
        yield from addresses
    for item in known["item_id"]:
        yield f"/courses/birds/{item}?lang=ru"
    for word in ("canar", "sings", "feathers", "hatch", "bird", "7350", "2091-0"):
        yield f"/search?q={word}"


def begin(browser: CheckingClient, name: str) -> str:
    """Start an attempt at a quiz; its address."""
    response = browser.post(f"/courses/birds/birds-{name}/attempts")
    return str(response.headers["Location"])


def test_every_type_of_question_is_in_the_course() -> None:
    named = set(re.findall(r"question: PRE-(\w+)", QUESTIONS))
    assert {kind.partition("-")[0] for kind in OF_TYPE} <= named, (
        "a new type of question needs its secrets here"
    )


@pytest.mark.parametrize("name", QUIZZES)
def test_nothing_of_an_open_attempt_leaks(
    app: Flask, birds: None, learner: CheckingClient, name: str
) -> None:
    learner.post("/courses/birds/enroll")
    attempt = begin(learner, name)
    page = learner.get(attempt).text
    numbers = [int(number) for number in re.findall(r'name="sequence-(\d+)"', page)]
    assert len(numbers) == 13
    fields = {f"answer-{number}": "0" for number in numbers}
    fields |= {f"sequence-{number}": "5" for number in numbers}
    form = {"tab": "one", **fields}
    answers = [
        learner.post(f"{attempt}/save", data=form, headers={"X-Requested-With": "fetch"}),
        learner.post(f"{attempt}/save", data=form),
        learner.post(f"{attempt}/save", data=form | {"review": "1"}),
        # A stale tab is refused, with both answers shown; so is nonsense.
        learner.post(
            f"{attempt}/save",
            data=form | {"tab": "two", "answer-1": "1", "answer-4": "seven", "sequence-1": "1"},
        ),
        learner.post(f"{attempt}/save", data=form | {"sequence-4": "9", "answer-4": "many"}),
        learner.post(f"{attempt}/save", data={"sequence-99": "1", "answer-99": "0"}),
        learner.post("/courses/birds/birds-lesson/complete"),
    ]
    for response in answers:
        assert secrets_in(response) == [], response.request.path
    for address in everywhere(app, attempt.rpartition("/")[2]):
        assert secrets_in(learner.get(address)) == [], address


def test_a_stranger_finds_nothing(app: Flask, birds: None, stranger: CheckingClient) -> None:
    for address in everywhere(app, "a" * 32):
        assert secrets_in(stranger.get(address)) == [], address


@pytest.mark.parametrize("name", QUIZZES)
def test_what_a_closed_attempt_shows_is_what_its_policy_allows(
    app: Flask, birds: None, learner: CheckingClient, name: str
) -> None:
    learner.post("/courses/birds/enroll")
    attempt = begin(learner, name)
    learner.post(f"{attempt}/submit")
    found = secrets_in(learner.get(f"{attempt}/result"))
    if name == "after":
        for place in ("single", "text", "matching", "cloze", "case", "vary"):
            assert f"canaryafterwhy{place}" in "".join(found)
        assert not any("canary-" in secret for secret in found), "keys of options never show"
    else:
        assert found == []
        for address in everywhere(app, attempt.rpartition("/")[2]):
            assert secrets_in(learner.get(address)) == [], address


def test_checking_one_practice_question_reveals_no_other(
    birds: None, learner: CheckingClient
) -> None:
    learner.post("/courses/birds/enroll")
    data = {"question": "lesson-text", "answer": ["a guess"]}
    checked = learner.post("/courses/birds/birds-lesson/check", data=data)
    found = secrets_in(checked)
    assert any("canarylessonwhytext" in secret for secret in found)
    own = re.compile(r"canarylesson(whytext|name|wrong|text)|canarylesson\[no\]ame")
    assert [secret for secret in found if not own.match(secret)] == []


def test_a_practice_answer_left_empty_reveals_nothing(birds: None, learner: CheckingClient) -> None:
    learner.post("/courses/birds/enroll")
    for question in ("single", "numeric", "text", "date", "cloze"):
        data = {"question": f"lesson-{question}", "answer": [""]}
        response = learner.post("/courses/birds/birds-lesson/check", data=data)
        assert secrets_in(response) == [], question
