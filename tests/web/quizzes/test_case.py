"""A case in an attempt: its text once, above its questions, wherever they are shown."""

from __future__ import annotations

import re

from tests.pages import CheckingClient

QUIZ = "/courses/tiny/more-quiz"


def test_the_text_of_a_case_stands_once_above_its_questions(
    tiny: str, learner: CheckingClient
) -> None:
    learner.post("/courses/tiny/enroll")
    address = learner.post(f"{QUIZ}/attempts").location
    pages = [learner.get(address).text, learner.get(f"{address}/review").text]
    learner.post(f"{address}/submit")
    pages.append(learner.get(f"{address}/result").text)
    for page in pages:
        assert page.count("A guest <strong>photographs</strong> it.") == 1
        text, first, second = (
            page.index(words)
            for words in ("A guest <strong>", "Is the poem a work?", "Does the photograph copy")
        )
        assert text < first < second
    assert re.findall(r'data-cell="(\d+)"', pages[0])[:2] == ["1", "2"], "each has its cell"
