"""Translations: what is taken from them, what falls back, and that they never change a mark."""

# ruff: noqa: E501 (files written as one line)

from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooc.content.loader import COURSE, Loaded, load
from mooc.content.model import Course, Lesson, Practice, Prose, Question
from mooc.content.questions import score
from mooc.content.questions.vary import instance
from mooc.content.source import Folder
from mooc.content.staleness import blob_id, marked
from mooc.content.translations import standing
from mooc.errors import Invalid
from tests.content.trees import BASE, LESSON, TODAY, Memory, codes

ROOT = Path(__file__).resolve().parents[2]
SINGLE = "## Which?\n\n<!-- question: one-q -->\n\nChoose.\n\n- [x] Yes <!-- a -->\n- [ ] No <!-- b -->\n  > Why.\n\n> [!NOTE]\n> So.\n\n"
EINS = SINGLE.replace("Which?", "Что? (5 баллов)").replace("Choose", "Выберите").replace("Yes", "Да").replace("No <", "Нет <").replace("Why", "Почему").replace("So", "Так")  # fmt: skip
TYPED = "## Name it\n\n<!-- question: two-q; type: text -->\n\n- [x] `Berne`\n- [ ] `Paris`\n  > Another.\n\n"
ZWEI = "## Назовите\n\n<!-- question: two-q -->\n\n- [x] `Берн`\n- [ ] `Париж`\n  > Другой.\n\n"
NUMBER = "## How long?\n\n<!-- question: three-q -->\n\n- [x] `20` years\n\n"
DREI = "## Сколько?\n\n<!-- question: three-q -->\n\n- [x] `20` лет\n\n"
ENGLISH = (
    LESSON
    + "Start.\n\n"
    + SINGLE
    + "## Middle\n\nMiddle.\n\n"
    + TYPED
    + NUMBER
    + "## End\n\nEnd.\n"
)
RUSSIAN = (
    "Начало.\n\n" + EINS + "## Середина\n\nСередина.\n\n" + ZWEI + DREI + "## Конец\n\nКонец.\n"
)


def translated(body: str = RUSSIAN, head: str = "title: Один\n", **changes: str) -> Loaded:
    """The sample course with a lesson of three questions and a Russian translation of it."""
    files = {**BASE, "one.md": ENGLISH}
    files.update({name.replace("_", "."): text for name, text in changes.items()})
    source = blob_id(files["one.md"].encode())[:12]
    files.setdefault("one.ru.md", f"---\nid: one\n{head}source: {source}\n---\n\n{body}")
    return load(Memory({**files}), TODAY)


def course_of(found: Loaded) -> Course:
    assert found.course is not None, found.problems
    return found.course


def russian(found: Loaded) -> Lesson:
    lesson = course_of(found).edition("ru").by_id["one"]
    assert isinstance(lesson, Lesson)
    return lesson


def shape(lesson: Lesson) -> list[str]:
    """The blocks of a lesson: the language of each question, and `-` for prose."""
    return ["-" if isinstance(b, Prose) else f"{b.question.id} {b.question.language}" for b in lesson.blocks]  # fmt: skip


# -------------------------------------------------------------------------------------- editions


def test_a_translated_lesson_is_the_same_lesson_in_other_words() -> None:
    found = translated()
    assert codes(found) == []
    english, lesson = course_of(found).by_id["one"], russian(found)
    assert (lesson.id, lesson.title, lesson.language, lesson.path) == (
        "one",
        "Один",
        "ru",
        "one.ru.md",
    )
    assert shape(lesson) == ["-", "one-q ru", "-", "two-q ru", "three-q ru", "-"]
    assert "Начало" in lesson.text
    assert english.title == "One"
    assert [question.points for question in lesson.questions] == [100, 100, 100]


def test_a_question_in_another_language_keeps_its_keys_and_order() -> None:
    first = russian(translated()).questions[0]
    assert (first.title, first.points) == ("Что?", 100)
    assert [(o.key, o.html, o.correct) for o in first.key.options] == [
        ("a", "Да", True),
        ("b", "Нет", False),
    ]  # type: ignore[union-attr]
    assert "Так" in first.explanation_html


def test_what_has_no_translation_falls_back_item_by_item() -> None:
    edition = course_of(translated()).edition("ru")
    assert (edition.title, edition.language, edition.preferred) == ("Sample", "en", "ru")
    assert [item.language for item in edition.items] == ["ru", "en"]
    assert edition.languages == ("en", "ru")


def test_from_one_edition_one_can_go_to_any_other() -> None:
    course = course_of(translated())
    edition = course.edition("ru")
    assert edition.edition("ru") is edition
    assert edition.edition("en").by_id["one"].title == "One"
    assert course.edition("fr") is course.edition("en")


def test_a_course_page_is_translated_by_ids() -> None:
    words = (
        "---\nid: sample\ntitle: Образец\nsummary: Пример.\n---\n\nО курсе.\n\n## Learning outcomes\n\n- Видеть.\n\n"
        "## Outline\n\n1. Часть <!-- module: part -->\n2. Нет <!-- module: none -->\n"
    )
    found = translated(course_ru_md=words)
    assert codes(found) == ["L105", "W121"]
    edition = course_of(found).edition("ru")
    assert (edition.title, edition.summary, edition.language) == ("Образец", "Пример.", "ru")
    assert "О курсе" in edition.about_html
    assert edition.outcomes_html == ("Видеть.",)
    assert [(module.id, module.title) for module in edition.modules] == [("part", "Часть")]


def test_the_questions_of_pools_and_quizzes_are_worded_too() -> None:
    body = "Начало.\n\n- Draw 1 from [Что угодно](pool.md)\n"
    pool = "---\nid: basics\n---\n\n## Основа\n\n<!-- question: base -->\n\n- [x] Да <!-- a -->\n- [ ] Нет <!-- b -->\n  > Почему.\n"
    found = translated(quiz_ru_md=f"---\nid: quiz\ntitle: Тест\n---\n\n{body}", pool_ru_md=pool)
    assert set(codes(found)) == {"L105"}
    course = course_of(found)
    quiz = course.edition("ru").by_id["quiz"]
    assert (quiz.title, quiz.language, quiz.entries) == ("Тест", "ru", course.by_id["quiz"].entries)  # type: ignore[union-attr]
    assert [q.in_language("ru").language for q in course.pools[0].questions] == ["ru", "en", "en"]


CASE = "## The cake\n\n<!-- case: cake -->\n\nA baker writes.\n\n### Is it?\n\n<!-- question: cake-q; source: BC 2 -->\n\n- [x] Yes <!-- a -->\n- [ ] No <!-- b -->\n  > Why.\n"
TORTE = "## Торт\n\n<!-- case: cake -->\n\nПекарь пишет.\n\n### Так ли?\n\n<!-- question: cake-q -->\n\n- [x] Да <!-- a -->\n- [ ] Нет <!-- b -->\n  > Почему.\n"


@pytest.mark.parametrize(
    ("text", "language", "reported"),
    [
        (TORTE, "ru", []),
        (TORTE.replace("case: cake", "case: bread"), "en", ["W120"]),
        (TORTE[TORTE.index("### Так") :].replace("### ", "## "), "en", ["W120"]),
        (TORTE.replace("<!-- b -->", "<!-- c -->"), "en", ["W120"]),
    ],
)
def test_a_case_is_translated_with_its_questions(
    text: str, language: str, reported: list[str]
) -> None:
    pool = BASE["pool.md"] + "\n" + CASE
    source = blob_id(pool.encode())[:12]
    russian_pool = f"---\nid: basics\nsource: {source}\n---\n\n{text}"
    found = translated(pool_md=pool, pool_ru_md=russian_pool)
    assert codes(found) == reported
    question = course_of(found).pools[0].questions[-1].in_language("ru")
    assert question.language == language
    assert question.case is not None
    assert ("Пекарь" in question.case.html) == (language == "ru")


def test_a_compiled_course_survives_being_stored() -> None:
    course = course_of(translated())
    assert COURSE.validate_json(COURSE.dump_json(course)).edition("ru") == course.edition("ru")


# -------------------------------------------------------------------------------------- fallback


@pytest.mark.parametrize(
    ("body", "blocks", "reported"),
    [
        (RUSSIAN, "- one-q two-q three-q -", []),
        (RUSSIAN.replace(ZWEI, ""), "- one-q - EN:two-q three-q -", []),
        ("Начало.\n", "- EN:one-q EN:two-q EN:three-q", []),
        ("Начало.\n\n" + ZWEI + DREI, "- EN:one-q two-q three-q", []),
        ("Начало.\n\n" + ZWEI + EINS, "- one-q two-q EN:three-q", []),
        (RUSSIAN.replace("<!-- b -->", "<!-- c -->"), "- EN:one-q two-q three-q -", ["W120"]),
        (RUSSIAN.replace("- [ ] Нет", "- [x] Нет"), "- EN:one-q two-q three-q -", ["W120"]),
        (RUSSIAN.replace("- [ ] Нет", "- [~] Нет"), "- EN:one-q two-q three-q -", ["W120"]),
        (RUSSIAN.replace("- [x] Да", "- [ ] Да"), "- EN:one-q two-q three-q -", ["W120"]),
        (RUSSIAN.replace("> [!NOTE]\n> Так.", ""), "- EN:one-q two-q three-q -", ["W120"]),
        (RUSSIAN.replace("Выберите.", "> [!TIP]\n> Совет."), "- EN:one-q two-q three-q -", ["W120"]),
        (RUSSIAN.replace("- [ ] `Париж`", "- [ ] `Berne`"), "- one-q EN:two-q three-q -", ["W120"]),
        (RUSSIAN.replace("- [x] `Берн`", "- [x] `paris`"), "- one-q EN:two-q three-q -", ["W120"]),
        (RUSSIAN.replace("`20` лет", "`25` лет"), "- one-q two-q EN:three-q -", ["W120"]),
        (RUSSIAN.replace("`20` лет", "`20`"), "- one-q two-q EN:three-q -", ["W120"]),
        (RUSSIAN.replace("two-q", "four-q"), "- one-q EN:two-q three-q -", ["W121"]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_asked_in_the_original_where_it_stands(
    body: str, blocks: str, reported: list[str]
) -> None:
    found = translated(body)
    assert [
        code for code in dict.fromkeys(codes(found)) if code[0] != "W" or code >= "W120"
    ] == reported
    said = [
        "-" if isinstance(block, Prose) else f"{'EN:' * (block.question.language == 'en')}{block.question.id}"
        for block in russian(found).blocks
    ]  # fmt: skip
    middle = blocks.replace("one-q two", "one-q - two").replace("one-q EN:two", "one-q - EN:two")
    expected = middle if "Середина" in body else blocks
    assert " ".join(said) == expected


def test_a_broken_question_of_a_translation_stops_no_publish() -> None:
    found = translated(RUSSIAN.replace("- [x] `Берн`\n- [ ] `Париж`\n  > Другой.\n", ""))
    assert codes(found) == ["W120"]
    assert russian(found).questions[1].language == "en"


# --------------------------------------------------------------------------------------- marking


def answers_to(question: Question) -> st.SearchStrategy[object]:
    typed = st.sampled_from(
        ["Berne", "берн", "PARIS", "Париж", "", "20", "20 years", "20 лет", "7", "20 Jahre"]
    )
    return st.lists(st.sampled_from(["a", "b"]), max_size=1) if question.type == "single" else typed


def marks(question: Question, answer: object) -> Fraction | str:
    try:
        return score(question, answer).credit  # type: ignore[arg-type]
    except Invalid as error:
        return error.code


ORIGINAL = course_of(load(Memory({**BASE, "one.md": ENGLISH}), TODAY)).by_id["one"].questions  # type: ignore[union-attr]
TRANSLATED = course_of(translated()).by_id["one"].questions  # type: ignore[union-attr]
ADDED = {"берн", "20 лет"}  # what the translation lets learners type besides


@pytest.mark.parametrize("at", range(3))
@given(data=st.data())
def test_an_answer_is_worth_the_same_in_every_language_and_as_before_it_was_translated(
    at: int, data: st.DataObject
) -> None:
    answer = data.draw(answers_to(TRANSLATED[at]))
    worth = marks(TRANSLATED[at], answer)
    assert marks(TRANSLATED[at].in_language("ru"), answer) == worth
    if str(answer) not in ADDED:
        assert marks(ORIGINAL[at], answer) == worth


# Of each further type: the source, a translation, one that does not fit, answers to try, and those
# that the translation adds.
TYPES: dict[str, tuple[str, str, str, list[object], list[object]]] = {
    "date": (
        "Until when?\n\n- [x] `2026-03-02`\n- [ ] `2026-03-01`\n  > A Sunday.\n",
        "До какого дня?\n\n- [x] `2026-03-02`\n- [ ] `2026-03-01`\n  > Воскресенье.\n",
        "До какого дня?\n\n- [x] `2026-03-03`\n- [ ] `2026-03-01`\n  > Воскресенье.\n",
        ["2026-03-02", "2026-03-01", "2026-03-03", "", "tomorrow"],
        [],
    ),
    "matching": (
        "Match.\n\n| Work | Right |\n|---|---|\n| Novel <!-- novel --> | Copyright <!-- copy --> |\n| Engine <!-- engine --> | Patent <!-- patent --> |\n| - | Secret <!-- secret --> |\n",
        "Соедините.\n\n| Вещь | Право |\n|---|---|\n| Двигатель <!-- engine --> | Патент <!-- patent --> |\n| Роман <!-- novel --> | Авторское право <!-- copy --> |\n| - | Тайна <!-- secret --> |\n",
        "Соедините.\n\n| Вещь | Право |\n|---|---|\n| Двигатель <!-- engine --> | Патент <!-- patent --> |\n| Песня <!-- song --> | Авторское право <!-- copy --> |\n| - | Тайна <!-- secret --> |\n",
        [{"novel": "copy", "engine": "patent"}, {"novel": "secret"}, {"engine": "patent"}, {}],
        [],
    ),
    "ordering": (
        "Order.\n\n1. File <!-- file -->\n2. Examine <!-- examine -->\n3. Grant <!-- grant -->\n",
        "По порядку.\n\n1. Подать <!-- file -->\n2. Проверить <!-- examine -->\n3. Выдать <!-- grant -->\n",
        "По порядку.\n\n1. Проверить <!-- examine -->\n2. Подать <!-- file -->\n3. Выдать <!-- grant -->\n",
        [{"file": "1", "examine": "2", "grant": "3"}, {"file": "2", "examine": "1", "grant": "3"}, {}],
        [],
    ),
    "cloze": (
        "It lasts [[years]] years in [[where]].\n\n- years\n  - `20`\n- where\n  - [x] Russia <!-- ru -->\n  - [ ] no country <!-- none -->\n    > Why.\n",
        "Действует [[years]] лет в [[where]].\n\n- years\n  - `20`\n- where\n  - [x] России <!-- ru -->\n  - [ ] никакой стране <!-- none -->\n    > Почему.\n",
        "Действует [[term]] лет в [[where]].\n\n- term\n  - `20`\n- where\n  - [x] России <!-- ru -->\n  - [ ] никакой стране <!-- none -->\n    > Почему.\n",
        [{"years": "20", "where": "ru"}, {"years": "21"}, {"where": "none"}, {}],
        [],
    ),
}  # fmt: skip


def of_type(text: str, heading: str, kind: str = "") -> str:
    return f"## {heading}\n\n<!-- question: own{kind} -->\n\n{text}\n"


@pytest.mark.parametrize("kind", TYPES)
def test_a_question_of_every_type_is_worded_anew_and_marked_the_same(kind: str) -> None:
    source, words, _odd, answers, added = TYPES[kind]
    english = LESSON + of_type(source, "Question", f"; type: {kind}")
    found = translated(of_type(words, "Вопрос"), one_md=english)
    assert [code for code in codes(found) if code >= "W120" or code[0] in "EQ"] == []
    whole = course_of(found).by_id["one"].questions[0]  # type: ignore[union-attr]
    before = course_of(load(Memory({**BASE, "one.md": english}), TODAY)).by_id["one"].questions[0]  # type: ignore[union-attr]
    worded = whole.in_language("ru")
    assert (worded.language, worded.title, worded.type) == ("ru", "Вопрос", kind)
    assert repr(worded.key) != repr(whole.key)
    for answer in answers:
        assert marks(worded, answer) == marks(whole, answer)
        if answer not in added:
            assert marks(before, answer) == marks(whole, answer)
    assert any(marks(whole, answer) == 1 for answer in answers)


VARIED = "## How long?\n\n<!-- question: own; vary: n integer 2..9, filed date 2026-01-05..2026-11-20 -->\n\nFiled on {{filed}}, {{n}} terms.\n\n- [x] `= n * 10` years\n- [ ] `= n` years\n  > {{n}} is the number of terms.\n"
VARIIERT = "## Сколько?\n\n<!-- question: own -->\n\nПодано {{filed}}, сроков {{n}}.\n\n- [x] `= n * 10` лет\n- [ ] `= n` лет\n  > {{n}} — это число сроков.\n"


def test_a_question_that_varies_does_so_in_every_language_and_is_marked_the_same() -> None:
    found = translated(VARIIERT, one_md=LESSON + VARIED)
    assert codes(found) == []
    whole = course_of(found).by_id["one"].questions[0]  # type: ignore[union-attr]
    for values in ({"n": "2", "filed": "2026-03-02"}, {"n": "9", "filed": "2026-01-05"}):
        english, worded = (instance(q, values) for q in (whole, whole.in_language("ru")))
        assert f"сроков {values['n']}" in worded.prompt_html
        assert "March" not in worded.prompt_html
        right = int(values["n"]) * 10
        for answer in (f"{right}", f"{right} years", f"{right} лет", values["n"], "x", ""):
            assert marks(worded, answer) == marks(english, answer)
        assert marks(worded, f"{right} years") == 1
        assert "это число сроков" in score(worded, values["n"]).feedback_html[0]


@pytest.mark.parametrize("odd", [("n * 10", "n * 11"), ("{{n}}", "{{m}}"), (" лет", "")])
def test_a_question_that_varies_otherwise_is_asked_in_the_original(odd: tuple[str, str]) -> None:
    found = translated(VARIIERT.replace(*odd), one_md=LESSON + VARIED)
    assert set(codes(found)) == {"W120"}
    assert russian(found).questions[0].language == "en"


@pytest.mark.parametrize("kind", TYPES)
def test_a_question_of_any_type_with_other_keys_is_asked_in_the_original(kind: str) -> None:
    source, _words, odd, _answers, _added = TYPES[kind]
    english = LESSON + of_type(source, "Question", f"; type: {kind}")
    found = translated(of_type(odd, "Вопрос"), one_md=english)
    assert codes(found) == ["W120"]
    assert russian(found).questions[0].language == "en"


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    "text", ["", "Текст.\n", "- [x]\n", "| a |\n|---|\n", "1. x\n", "[[a]]\n\n- b\n  - `x`\n"]
)
def test_a_broken_question_of_any_type_stops_no_publish(kind: str, text: str) -> None:
    english = LESSON + of_type(TYPES[kind][0], "Question", f"; type: {kind}")
    found = translated(of_type(text, "Вопрос"), one_md=english)
    assert {code for code in codes(found) if code[0] in "EQ"} == set()
    assert "W120" in codes(found)
    assert russian(found).questions[0].language == "en"


def test_what_a_translation_accepts_is_accepted_of_everybody_and_shown_to_its_readers() -> None:
    english = TRANSLATED[1]
    assert marks(english, "берн") == 1
    assert english.scoring_hash != ORIGINAL[1].scoring_hash
    seen = [
        [a.text for a in q.key.answers if not a.elsewhere]
        for q in (english, english.in_language("ru"))
    ]  # type: ignore[union-attr]
    assert seen == [["Berne", "Paris"], ["Берн", "Париж"]]
    assert score(english, "Париж").feedback_html == ()
    assert score(english.in_language("ru"), "Париж").feedback_html == ("<p>Другой.</p>",)


def test_words_alone_leave_the_scoring_hash_and_change_the_text_hash() -> None:
    assert TRANSLATED[0].scoring_hash == ORIGINAL[0].scoring_hash
    assert TRANSLATED[0].text_hash != ORIGINAL[0].text_hash
    other = course_of(translated(RUSSIAN.replace("Да <", "Ага <"))).by_id["one"].questions[0]  # type: ignore[union-attr]
    assert other.text_hash != TRANSLATED[0].text_hash


# --------------------------------------------------------------------------------------- headers


@pytest.mark.parametrize(
    ("head", "reported"),
    [
        ("title: Один\n", []),
        ("", []),
        ("minutes: 0012\n", []),
        ("title: Один\nrequired: yes\n", []),
        ("minutes: 9\n", ["E108"]),
        ("required: no\nminutes: 13\n", ["E108", "E108"]),
        ("minutes: viel\n", ["E107"]),
        ("minuts: 12\n", ["E103"]),
        ("title: Один\nlanguage: ru\n", ["E103"]),
    ],
)  # fmt: skip
def test_a_header_may_repeat_settings_and_not_change_them(head: str, reported: list[str]) -> None:
    source = ENGLISH.replace("title: One\n", "title: One\nminutes: 12\n")
    found = translated(head=head, one_md=source)
    assert codes(found) == reported


def test_a_source_that_is_no_hash_is_an_error() -> None:
    found = translated(one_ru_md="---\nid: one\nsource: yesterday\n---\n\nТекст.\n")
    assert [(p.code, p.line, p.column) for p in found.problems] == [("E107", 3, 9)]


def test_the_language_of_a_course_page_is_that_of_its_name() -> None:
    text = "---\nid: sample\nlanguage: {}\n---\n\n## Learning outcomes\n\n- Видеть.\n"
    assert codes(translated(course_ru_md=text.format("ru"))) == ["L105"]
    assert set(codes(translated(course_ru_md=text.format("en")))) == {"E108", "L105"}


def test_a_translation_into_the_language_of_the_course_is_an_error() -> None:
    assert codes(translated(one_en_md="---\nid: one\n---\n")) == ["E218"]


# ------------------------------------------------------------------------------- links, anchors


def test_headings_keep_the_addresses_of_the_source_in_every_language() -> None:
    source = LESSON + "## Novelty\n\nA.\n\n## Step\n\nB.\n"
    body = "См. [новизну](#новизна), [шаг](one.md#step) и [тест](quiz.md).\n\n## Новизна\n\nА.\n\n## Шаг\n\nБ.\n"
    found = translated(body, one_md=source)
    assert codes(found) == []
    lesson = russian(found)
    text = "".join(block.html for block in lesson.blocks if isinstance(block, Prose))
    assert 'href="#s-novelty"' in text
    assert 'href="/courses/sample/one#s-step"' in text
    assert '<h2 id="s-novelty">Новизна</h2>' in text
    assert [(s.anchor, s.title) for s in lesson.sections] == [
        ("s-novelty", "Новизна"),
        ("s-step", "Шаг"),
    ]


def test_with_other_headings_they_have_their_own_addresses() -> None:
    found = translated("## Новизна\n\nА.\n", one_md=LESSON + "Text.\n")
    assert russian(found).sections[0].anchor == "s-новизна"


def test_a_link_to_a_translation_is_refused_in_translations_too() -> None:
    found = translated(
        "[Тест](quiz.ru.md)\n", one_md=LESSON + "Text.\n", quiz_ru_md="---\nid: quiz\n---\n"
    )
    assert "E222" in codes(found)


def test_unsafe_html_is_refused_in_translations() -> None:
    assert "E301" in codes(translated("<script>x</script>\n", one_md=LESSON + "Text.\n"))


# ------------------------------------------------------------------------------------- staleness


def test_a_changed_source_is_said_to_authors_and_to_learners() -> None:
    before = translated()
    old = before.course and russian(before)
    assert old is not None
    assert not old.stale
    stale = translated(one_ru_md=f"---\nid: one\nsource: {'0' * 12}\n---\n\n{RUSSIAN}")
    assert codes(stale) == ["L104"]
    assert russian(stale).stale
    assert "mooc translate --mark" in stale.problems[0].fix


def test_the_hash_is_gits_id_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "one.md"
    file.write_bytes("Text — текст\n".encode())
    said = subprocess.run(
        ["git", "hash-object", str(file)], capture_output=True, text=True, check=True
    )
    assert blob_id(file.read_bytes()) == said.stdout.strip()
    assert blob_id(file.read_bytes().replace(b"\n", b"\r\n")) == said.stdout.strip()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\nid: one\n---\n\nТ\n", "---\nid: one\nsource: {}\n---\n\nТ\n"),
        ("---\nid: one\nsource: old # x\ntitle: О\n---\nТ", "---\nid: one\nsource: {}\ntitle: О\n---\nТ"),
        ("---\r\nid: one\r\n---\r\nТ\r\n", "---\r\nid: one\r\nsource: {}\r\n---\r\nТ\r\n"),
        ("\ufeff---\nid: one\n---\n", "\ufeff---\nid: one\nsource: {}\n---\n"),
        ("---\nid: one\n...\nsource: text\n", "---\nid: one\nsource: {}\n...\nsource: text\n"),
        ("- **а**: б <!-- term: a -->\n", "---\nsource: {}\n---\n\n- **а**: б <!-- term: a -->\n"),
        ("---\n---\nТ\n", "---\nsource: {}\n---\nТ\n"),
    ],
)  # fmt: skip
def test_marking_changes_one_line_and_nothing_else(before: str, after: str) -> None:
    expected = after.format(blob_id(b"Text\n")[:12]).encode()
    assert marked(before.encode(), b"Text\n") == expected
    assert marked(expected, b"Text\n") == expected


def test_a_header_that_never_ends_is_not_marked() -> None:
    with pytest.raises(ValueError, match="never ends"):
        marked(b"---\nid: one\n", b"Text\n")


def test_how_translations_stand() -> None:
    fresh = blob_id(BASE["one.md"].encode())
    tree = Memory({**BASE, "one.ru.md": f"---\nid: one\nsource: {fresh}\n---\n", "quiz.ru.md": "---\nsource: 0000000\n---\n", "pool.ru.md": "---\n---\n"})  # fmt: skip
    assert {path: row["ru"] for path, row in standing(tree).items()} == {
        "course.md": "missing", "one.md": "fresh", "quiz.md": "stale", "pool.md": "unmarked",
    }  # fmt: skip
    assert set(standing(tree, ["ar"])["one.md"].values()) == {"missing"}


# ------------------------------------------------------------------------------ lists, the course


def test_a_glossary_is_translated_by_the_ids_of_its_terms() -> None:
    lists = {
        "glossary_md": "- **right**: what one may do. <!-- term: right -->\n",
        "glossary_ru_md": "- **право**: что можно. <!-- term: right -->\n- **долг**: что нужно. <!-- term: duty -->\n",
    }
    found = translated(**lists)
    assert [(p.code, p.path, p.line) for p in found.problems] == [("L105", "glossary.ru.md", 1), ("W121", "glossary.ru.md", 2)]  # fmt: skip


def test_every_question_of_ip_essentials_is_asked_in_russian() -> None:
    found = load(Folder(ROOT / "courses" / "ip-essentials"), TODAY)
    course = course_of(found)
    assert [str(p) for p in found.problems if p.path.endswith(".ru.md")] == []
    assert {item.language for item in course.edition("ru").items} == {"ru"}
    assert {question.in_language("ru").language for question in course.questions()} == {"ru"}
    for item, other in zip(course.items, course.edition("ru").items, strict=True):
        if isinstance(item, Lesson) and isinstance(other, Lesson):
            assert [b.question.id for b in item.blocks if isinstance(b, Practice)] == [b.question.id for b in other.blocks if isinstance(b, Practice)]  # fmt: skip
            assert [s.anchor for s in item.sections] == [s.anchor for s in other.sections]
