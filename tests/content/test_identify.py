"""What `mooc ids` adds: all that is missing, nothing else, and no recorded answer changes sense."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mooc.content import identify, naming
from mooc.content.identify import Known
from mooc.content.loader import Loaded, load
from mooc.content.model import Choices, Course, Question
from mooc.content.source import Folder
from tests.content.test_hostile import DOCUMENTS
from tests.content.trees import BASE, LESSON, POOL, QUIZ, TODAY, Memory, codes, loaded

COURSES = Path(__file__).parents[2] / "courses"
UNKEYED = (
    "## Is it so?\n\n<!-- question: own -->\n\n- [x] Yes, *it* is\n- [ ] No\n  > Why.\n"
    "- [ ] Perhaps\n  even so\n  > Why.\n"
)


def filled(text: str, name: str = "one.md", known: Known | None = None) -> str:
    """A file with what was missing."""
    tree = Memory({**BASE, name: text})
    known = known or Known(naming.question_ids(tree))
    found = {path: data for path, _added, data in identify.course(tree, known)}
    return found.get(name, text.encode()).decode()


def keys(found: Loaded, identity: str = "own") -> list[str]:
    assert found.course is not None, found.problems
    question = next(q for q in found.course.questions() if q.id == identity)
    assert isinstance(question.key, Choices)
    return [option.key for option in question.key.options]


def test_options_of_a_new_question_get_letters() -> None:
    text = filled(LESSON + UNKEYED)
    assert "- [x] Yes, *it* is <!-- a -->\n" in text
    assert "  even so <!-- c -->\n" in text
    assert keys(loaded(one=text)) == ["a", "b", "c"]


@pytest.mark.parametrize("recorded", [frozenset({"own"}), None])
def test_a_recorded_answer_still_means_the_same_option(recorded: frozenset[str] | None) -> None:
    before = loaded(one=LESSON + UNKEYED)
    text = filled(LESSON + UNKEYED, known=Known(set(), recorded))
    assert text.count("<!-- t-") == 3
    assert keys(loaded(one=text)) == keys(before)
    assert codes(loaded(one=text)) == []


def test_a_letter_that_is_taken_is_not_given_again() -> None:
    mixed = UNKEYED.replace("Perhaps", "Maybe <!-- note: x -->").replace("No\n", "No <!-- a -->\n")
    assert keys(loaded(one=filled(LESSON + mixed))) == ["b", "a", "c"]


def test_a_heading_above_options_becomes_a_question() -> None:
    bare = "\n## What is a work?\n- [x] Yes\n- [ ] No\n  > Why.\n"
    bare += "\n## What is a work?\n\n- [x] A\n- [ ] B\n"
    text = filled(LESSON + bare)
    assert "## What is a work?\n\n<!-- question: work -->\n\n- [x] Yes <!-- a -->\n" in text
    assert "## What is a work?\n\n<!-- question: work-2 -->\n\n- [x] A <!-- a -->\n" in text
    assert codes(loaded(one=text)) == ["W105"]


def test_an_empty_marker_is_filled() -> None:
    text = filled(LESSON + UNKEYED.replace("question: own", "question: ; level: apply"))
    assert "<!-- question: it-so ; level: apply -->" in text or "question: so" in text
    assert codes(loaded(one=text)) == []


def test_in_a_pool_typed_answers_need_an_id_too() -> None:
    text = filled(POOL + "## How many years?\n\n- `20`\n", "pool.md")
    assert "<!-- question: many-years -->" in text
    assert "`20`\n" in text
    assert filled(LESSON + "## Commands\n\n- `mooc`\n") == LESSON + "## Commands\n\n- `mooc`\n"


@pytest.mark.parametrize(
    "answers",
    [
        "- [x] True\n- [ ] False\n  > Why.\n",
        "- `20` years\n- [ ] `10` years\n",
        "- `Berne`\n- [ ] `Paris`\n",
    ],
)
def test_true_false_and_typed_answers_need_no_keys(answers: str) -> None:
    text = LESSON + f"## Is it so?\n\n<!-- question: own -->\n\n{answers}"
    assert filled(text) == text


def test_codes_to_choose_from_get_keys() -> None:
    text = LESSON + "## Q?\n\n<!-- question: own; type: single -->\n\n- [x] `A61F`\n- [ ] `A61B`\n"
    assert keys(loaded(one=filled(text))) == ["a", "b"]


def test_modules_and_terms_get_ids() -> None:
    course = BASE["course.md"].replace("Part <!-- module: part -->", "Part: *the* first")
    course = course.replace("   - [Quiz]", "2. Part the first\n   - [Quiz]")
    text = filled(course, "course.md")
    assert "1. Part: *the* first <!-- module: part-first -->\n" in text
    assert "2. Part the first <!-- module: part-first-2 -->\n" in text
    assert codes(loaded(course=text)) == []
    terms = (
        "- **priority date**: the day.\n- **claim**: a\n  sentence. <!-- term: priority-date -->\n"
    )
    first, second = filled(terms, "glossary.md").split("\n", 1)
    assert first == "- **priority date**: the day. <!-- term: priority-date-2 -->"
    assert second == "- **claim**: a\n  sentence. <!-- term: priority-date -->\n"


def test_a_translation_gets_the_keys_of_its_source() -> None:
    files = {**BASE, "one.md": LESSON + UNKEYED}
    files["one.ru.md"] = files["one.md"].replace("No\n", "Нет\n").replace("Yes, *it* is", "Да")
    tree = Memory({**files})
    made = {p: d.decode() for p, _, d in identify.course(tree, Known(set(), frozenset({"own"})))}
    written = [re.findall(r"<!-- (t-\w+) -->", made[path]) for path in ("one.md", "one.ru.md")]
    assert len(written[0]) == 3
    assert written[0] == written[1]


def test_every_other_byte_stays_as_it_was() -> None:
    text = "\ufeff" + (LESSON + "Text  \n\ttab\n\n" + UNKEYED.rstrip("\n")).replace("\n", "\r\n")
    added = filled(text)
    assert added != text
    assert re.sub(r" <!-- [abc] -->", "", added) == text


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(DOCUMENTS, st.sampled_from([LESSON, QUIZ, POOL, ""]), st.booleans())
def test_once_is_enough_and_nothing_is_taken_away(document: str, head: str, fresh: bool) -> None:
    text = (head + document).encode("utf-8", "replace").decode()
    known = Known(set(), frozenset() if fresh else None)
    name = {LESSON: "one.md", QUIZ: "quiz.md", POOL: "pool.md"}.get(head, "glossary.md")
    once = filled(text, name, known)
    assert filled(once, name, known) == once
    rest = iter(once)
    assert all(character in rest for character in text)  # what was there is there, in order
    if not fresh and head != QUIZ:
        before, after = (loaded(**{name.removesuffix(".md"): t}) for t in (text, once))
        assert meaning(before) <= meaning(after)


def meaning(found: Loaded) -> set[tuple[str, str]]:
    """Every option of every question, as answers know it."""
    course = found.course
    return {(q.id, o.key) for q in (course.questions() if course else ()) for o in options(q)}


def options(question: Question) -> tuple[object, ...]:
    return question.key.options if isinstance(question.key, Choices) else ()


IDS = re.compile(rb"[ \t]*<!-- (?:[a-z0-9-]+|question: [^;]*?|module: .*?) -->(?=\n)")


def translation(path: str) -> bool:
    return re.search(r"\.[a-z]{2}\.md$", path) is not None


def real() -> list[str]:
    return sorted(path.parent.name for path in COURSES.glob("*/course.md"))


@pytest.mark.parametrize("name", real())
def test_real_courses_get_their_ids_back(name: str) -> None:
    tree = Folder(COURSES / name)
    kept = {path: tree.read(path) for path in tree.paths() if not translation(path)}
    bare = {p: IDS.sub(b"", data) if p.endswith(".md") else data for p, data in kept.items()}
    filled = {path: data for path, _added, data in identify.course(Memory({**bare}), Known(set()))}
    made = bare | filled
    whole, again = load(tree, TODAY), load(Memory({**made}), TODAY)
    assert isinstance(whole.course, Course)
    assert not {"E215", "W109", "E311"} & set(codes(again)), again.problems
    assert again.course is not None, again.problems
    assert len(list(again.course.questions())) == len(list(whole.course.questions()))
