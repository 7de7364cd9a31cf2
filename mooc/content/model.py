"""What a course is, once compiled: immutable values that know nothing of files, clocks or learners.

Every string named `html` or ending in `_html` was sanitised when the course was compiled and may be
put into a page as it is. Every other string is plain text. Points are hundredths of a mark (a
question worth two points has 200), percentages whole numbers from 0 to 100, durations seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal, Protocol, TypeVar

# ---------------------------------------------------------------------------------------- questions


@dataclass(frozen=True, slots=True)
class Choice:
    """One option. `correct` is None for a neutral option (`[~]`): either answer is accepted."""

    key: str
    html: str
    correct: bool | None
    feedback_html: str = ""
    share: int = 0  # percent of the points a wrong option of a `single` question still earns


@dataclass(frozen=True, slots=True)
class Choices:
    """The key of single, multiple and true/false questions."""

    options: tuple[Choice, ...]
    credit: Literal["net", "all", "each"] = "net"
    kind: Literal["choices"] = "choices"


@dataclass(frozen=True, slots=True)
class NumericAnswer:
    """One accepted (or, with `correct` False, known wrong) number: low ≤ answer ≤ high.

    The bounds are decimal strings ("1.40"), so that no answer is ever judged by a binary float.
    """

    low: str
    high: str
    source: str  # as written, for the key shown to staff: "1.41 ± 0.01"
    correct: bool = True
    feedback_html: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The key of a numeric question; `unit` is shown after the field and may be typed.

    `other_units` are what translations call it: accepted, whatever language one reads.
    """

    answers: tuple[NumericAnswer, ...]
    unit: str = ""
    other_units: tuple[str, ...] = ()
    kind: Literal["numbers"] = "numbers"


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """One accepted (or known wrong) text: folded and compared, or a whole-answer RE2 pattern.

    `elsewhere`: it stands in the files of other languages only, so it counts and is not shown.
    """

    text: str
    pattern: bool = False
    correct: bool = True
    feedback_html: str = ""
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """The key of a short-text question."""

    answers: tuple[TextAnswer, ...]
    kind: Literal["texts"] = "texts"


@dataclass(frozen=True, slots=True)
class DateAnswer:
    """One accepted (or known wrong) day, or range of days. Both ends count; ISO dates."""

    low: str
    high: str
    source: str  # as written: "2026-03-01 ± 3 days"
    correct: bool = True
    feedback_html: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """The key of a date question."""

    answers: tuple[DateAnswer, ...]
    kind: Literal["dates"] = "dates"


@dataclass(frozen=True, slots=True)
class Target:
    """A right side to choose from."""

    key: str
    html: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A row to match; `target` is the key of what belongs to it."""

    key: str
    html: str
    target: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """The key of a matching question. Of `targets` some belong to several rows, some to none."""

    pairs: tuple[Pair, ...]
    targets: tuple[Target, ...]
    heads_html: tuple[str, str] = ("", "")
    kind: Literal["pairs"] = "pairs"


@dataclass(frozen=True, slots=True)
class Step:
    """Something to put in order; the feedback is for those who put it elsewhere."""

    key: str
    html: str
    feedback_html: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """The key of an ordering question: its items in the right order."""

    steps: tuple[Step, ...]
    credit: Literal["pairs", "exact"] = "pairs"
    kind: Literal["steps"] = "steps"


@dataclass(frozen=True, slots=True)
class Blank:
    """A gap in a text: options to choose from, or something to type."""

    name: str
    key: Choices | Numbers | Texts | Dates
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Cloze:
    """The key of a cloze. `parts` is the text around the blanks: one more than there are blanks.

    The parts are sanitised as a whole: each alone may open what only the next one closes.
    """

    blanks: tuple[Blank, ...]
    parts: tuple[str, ...]
    kind: Literal["cloze"] = "cloze"


@dataclass(frozen=True, slots=True)
class Survey:
    """What a survey offers. Nothing in it is right or wrong, and it is worth no points."""

    options: tuple[Choice, ...]
    several: bool = False
    kind: Literal["survey"] = "survey"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of a rubric; `levels_html` says what earns how many of its points."""

    name_html: str
    points: int
    levels_html: str = ""


@dataclass(frozen=True, slots=True)
class Essay:
    """The key of an open question: between how many words, who marks, and by what.

    `peers` is how many other learners read an answer; with 0 the staff of the course do.
    """

    least: int
    most: int
    peers: int
    rubric: tuple[Criterion, ...]
    kind: Literal["essay"] = "essay"


@dataclass(frozen=True, slots=True)
class Formula:
    """One computed answer of a parametrised question, right or known wrong: see `formula.py`.

    `high` is empty when the answer is no range; `tolerance` is a number, or a percentage ("2%").
    """

    low: str
    high: str = ""
    tolerance: str = ""
    correct: bool = True
    feedback_html: str = ""


@dataclass(frozen=True, slots=True)
class Formulas:
    """The key of a parametrised question whose answers depend on the values drawn.

    It marks nothing: `vary.instance` makes a plain key of it once the values are known.
    """

    answers: tuple[Formula, ...]
    unit: str = ""
    other_units: tuple[str, ...] = ()
    kind: Literal["formulas"] = "formulas"


@dataclass(frozen=True, slots=True)
class Variable:
    """A value drawn for each attempt, from `low` to `high`: ISO dates, or plain decimals."""

    name: str
    type: Literal["date", "integer", "decimal"]
    low: str
    high: str


Key = Choices | Numbers | Texts | Dates | Pairs | Steps | Cloze | Survey | Essay | Formulas
QuestionType = Literal[
    "single", "multiple", "true-false", "numeric", "text", "date", "matching", "ordering", "cloze",
    "open", "survey",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A text that several questions share. They are drawn together and asked below it."""

    id: str
    title_html: str
    html: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in another language. Its key marks every answer as the question's own does."""

    language: str
    title: str
    title_html: str
    prompt_html: str
    key: Key
    hints_html: tuple[str, ...] = ()
    explanation_html: str = ""
    case: Case | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Everything in `key`, `hints_html` and `explanation_html` is secret.

    `scoring_hash` covers type, key, points, options' keys and variables; `text_hash` all else a
    learner reads. With `vary` it is a pattern: `vary.instance` makes the question that is asked.
    """

    id: str
    type: QuestionType
    language: str
    title: str
    title_html: str
    prompt_html: str
    key: Key
    points: int = 100
    hints_html: tuple[str, ...] = ()
    explanation_html: str = ""
    tags: tuple[str, ...] = ()
    level: str = ""
    sources: tuple[str, ...] = ()
    path: str = ""
    line: int = 0
    vary: tuple[Variable, ...] = ()
    case: Case | None = None  # of graded questions; in a lesson its text is prose
    scoring_hash: str = ""
    text_hash: str = ""
    wordings: tuple[Wording, ...] = ()

    def in_language(self, language: str) -> Question:
        """The question as it is worded in a language; itself where it is not translated."""
        words = in_language(self.wordings, language)
        if words is None:
            return self
        return replace(
            self,
            language=words.language,
            title=words.title,
            title_html=words.title_html,
            prompt_html=words.prompt_html,
            key=words.key,
            hints_html=words.hints_html,
            explanation_html=words.explanation_html,
            case=words.case or self.case,
        )


# ------------------------------------------------------------------------------------ translations


class Words(Protocol):
    """What a translation says of one thing."""

    @property
    def language(self) -> str:
        """The language it says it in."""


AnyWords = TypeVar("AnyWords", bound=Words)


def in_language(translations: tuple[AnyWords, ...], language: str) -> AnyWords | None:
    """The translation into a language, if there is one."""
    return next((words for words in translations if words.language == language), None)


# ------------------------------------------------------------------------------------------ lessons


@dataclass(frozen=True, slots=True)
class Prose:
    """A stretch of a lesson between questions.

    `only` names the jurisdictions its section is limited to, empty for all; `section` is the
    anchor of that section's heading.
    """

    html: str
    only: tuple[str, ...] = ()
    section: str = ""
    kind: Literal["prose"] = "prose"


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice question where it stands in a lesson."""

    question: Question
    only: tuple[str, ...] = ()
    section: str = ""
    kind: Literal["practice"] = "practice"


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a translation of a lesson has one of the lesson's questions."""

    question: str
    only: tuple[str, ...] = ()
    section: str = ""
    kind: Literal["asked"] = "asked"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading one can link to. Level 2 or 3."""

    anchor: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the glossary: as its page calls it, and the other forms lessons use it in."""

    id: str
    term: str
    forms: tuple[str, ...]
    definition_html: str
    text: str  # the definition as plain text
    language: str
    never: tuple[str, ...] = ()  # phrases in which a form is not this term


@dataclass(frozen=True, slots=True)
class Glossary:
    """The terms of a course in one language."""

    language: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class LessonWords:
    """A lesson in another language. `stale`: the original was changed since."""

    language: str
    path: str
    title: str
    blocks: tuple[Prose | Asked, ...]
    sections: tuple[Section, ...] = ()
    text: str = ""
    stale: bool = False
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    id: str
    title: str
    language: str
    path: str
    blocks: tuple[Prose | Practice, ...]
    minutes: int = 0
    required: bool = True
    complete: Literal["read", "questions", "read and questions"] = "read"
    law_as_of: date | None = None
    review_by: date | None = None
    jurisdictions: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    text: str = ""  # plain text, for search
    laws: tuple[str, ...] = ()  # the jurisdictions that sections of it are limited to
    terms: tuple[str, ...] = ()  # ids of the glossary's terms that its text links
    translations: tuple[LessonWords, ...] = ()
    stale: bool = False  # of a translation: the original was changed since
    kind: Literal["lesson"] = "lesson"

    @property
    def names(self) -> tuple[str, ...]:
        """The id, then those it had before: facts may be recorded under any."""
        return (self.id, *self.aliases)

    @property
    def questions(self) -> tuple[Question, ...]:
        """The practice questions of this lesson, in order."""
        return tuple(block.question for block in self.blocks if isinstance(block, Practice))

    def in_language(self, language: str) -> Lesson:
        """The lesson in a language, its questions where they are translated; else itself."""
        words = in_language(self.translations, language)
        if words is None:
            return self
        asked = {question.id: question.in_language(language) for question in self.questions}
        return replace(
            self,
            language=language,
            path=words.path,
            title=words.title,
            blocks=tuple(
                Practice(asked[block.question], block.only, block.section)
                if isinstance(block, Asked)
                else block
                for block in words.blocks
            ),
            sections=words.sections,
            text=words.text,
            stale=words.stale,
            terms=words.terms,
        )


# ------------------------------------------------------------------------------------------ quizzes


@dataclass(frozen=True, slots=True)
class Fixed:
    """A question that every attempt holds."""

    question: Question
    kind: Literal["fixed"] = "fixed"


@dataclass(frozen=True, slots=True)
class Draw:
    """`count` questions from a pool, decided once per attempt. Empty filters match everything."""

    count: int
    pool: str
    tags: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    kind: Literal["draw"] = "draw"


@dataclass(frozen=True, slots=True)
class Pool:
    id: str
    title: str
    path: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class QuizWords:
    """A quiz's start page in another language. Its questions have wordings of their own."""

    language: str
    path: str
    title: str
    intro_html: str
    text: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Quiz:
    """A graded quiz or exam (`exam` True). None: no limit of attempts, of time."""

    id: str
    title: str
    language: str
    path: str
    intro_html: str
    entries: tuple[Fixed | Draw, ...]
    exam: bool = False
    required: bool = True
    weight: int = 1
    pass_mark: int | None = None
    attempts: int | None = None
    wait: int = 0
    time_limit: int | None = None
    keep: Literal["best", "last", "first", "average"] = "best"
    shuffle: Literal["options", "questions", "both", "none"] = "options"
    feedback: Literal["immediate", "after attempt", "after pass", "never"] = "after attempt"
    hint_cost: int = 0
    pledge: bool = False
    aliases: tuple[str, ...] = ()
    text: str = ""  # the introduction as plain text, for search; never a question
    translations: tuple[QuizWords, ...] = ()
    stale: bool = False  # of a translation: the original was changed since
    kind: Literal["quiz"] = "quiz"

    @property
    def names(self) -> tuple[str, ...]:
        """The id, then those it had before: facts may be recorded under any."""
        return (self.id, *self.aliases)

    @property
    def size(self) -> int:
        """How many questions one attempt holds."""
        return sum(entry.count if isinstance(entry, Draw) else 1 for entry in self.entries)

    @property
    def minutes(self) -> int:
        """What the outline says it takes: the time limit, or a minute and a half a question."""
        return self.time_limit // 60 if self.time_limit else max(1, round(self.size * 1.5))

    def in_language(self, language: str) -> Quiz:
        """The quiz with its title and introduction in a language; itself without translation."""
        words = in_language(self.translations, language)
        if words is None:
            return self
        return replace(
            self,
            language=language,
            path=words.path,
            title=words.title,
            intro_html=words.intro_html,
            text=words.text,
            stale=words.stale,
        )


Item = Lesson | Quiz

# ------------------------------------------------------------------------------------------- course


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Module:
    """A chapter of the outline. `items` are ids, in teaching order."""

    id: str
    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A picture, sound or film, served as `/media/<hash>.<extension>`. `hash` is SHA-256 in hex."""

    path: str
    hash: str
    extension: str
    bytes: int


@dataclass(frozen=True, slots=True)
class CourseWords:
    """A course's own page in another language. `modules` leads from ids to titles."""

    language: str
    title: str
    summary: str
    about_html: str
    outcomes_html: tuple[str, ...]
    modules: dict[str, str]
    hours: str = ""
    subjects: tuple[str, ...] = ()
    instructors: tuple[Person, ...] = ()
    stale: bool = False


@dataclass(frozen=True)
class Course:
    """A course as its files say it, or, made by `edition`, as those read it who want a language.

    In an edition each item, and the course's own page, has the language it is really in.
    """

    id: str
    title: str
    language: str
    summary: str
    about_html: str
    outcomes_html: tuple[str, ...]
    modules: tuple[Module, ...]
    items: tuple[Lesson | Quiz, ...]  # in teaching order
    pools: tuple[Pool, ...] = ()
    media: tuple[MediaFile, ...] = ()
    level: Literal["introductory", "intermediate", "advanced"] = "introductory"
    hours: str = ""
    subjects: tuple[str, ...] = ()
    license: str = ""
    instructors: tuple[Person, ...] = ()
    prerequisites: tuple[str, ...] = ()
    pass_mark: int = 70
    certificate: str = "default"
    cover: str = ""  # media file name `<hash>.<extension>`, empty: the course's rosette
    law_as_of: date | None = None
    review_by: date | None = None
    aliases: tuple[str, ...] = ()
    translations: tuple[CourseWords, ...] = ()
    glossaries: tuple[Glossary, ...] = ()  # the original first
    hash: str = ""  # of everything above and the renderer's version: the release's identity
    stale: bool = False  # of an edition: the course's own page was changed since its translation
    preferred: str = ""  # of an edition: the language it was made for

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages this can be read in, at least in part: the original's first."""
        words = [*self.translations, *(w for item in self.items for w in item.translations)]
        original = self._original.language
        return (original, *sorted({each.language for each in words} - {original}))

    def edition(self, language: str) -> Course:
        """The course for those who want a language, falling back to the original item by item.

        In a language it does not have at all, it is the original.
        """
        language = language if language in self.languages else self.languages[0]
        if language not in self._editions:
            self._editions[language] = _edition(self._original, language, self._editions)
        return self._editions[language]

    @cached_property
    def _original(self) -> Course:
        return self

    @cached_property
    def _editions(self) -> dict[str, Course]:
        return {}

    @cached_property
    def by_id(self) -> dict[str, Lesson | Quiz]:
        """Every lesson and quiz by its id."""
        return {item.id: item for item in self.items}

    def terms(self, language: str) -> dict[str, Term]:
        """The glossary by the terms' ids, in a language where it is translated."""
        known = {term.id: term for glossary in self.glossaries[:1] for term in glossary.terms}
        for glossary in self.glossaries[1:]:
            if glossary.language == language:
                known.update({term.id: term for term in glossary.terms if term.id in known})
        return known

    @property
    def names(self) -> tuple[str, ...]:
        """The id, then those it had before: facts may be recorded under any."""
        return (self.id, *self.aliases)

    @cached_property
    def renamed(self) -> dict[str, str]:
        """Present ids of items by those they had before."""
        return {alias: item.id for item in self.items for alias in item.aliases}

    def module_of(self, item_id: str) -> Module:
        """The module that lists an item. KeyError for an item of no module."""
        for module in self.modules:
            if item_id in module.items:
                return module
        raise KeyError(item_id)

    def neighbours(self, item_id: str) -> tuple[Lesson | Quiz | None, Lesson | Quiz | None]:
        """What comes before and after an item in teaching order."""
        ids = [item.id for item in self.items]
        at = ids.index(item_id)
        before = self.items[at - 1] if at else None
        after = self.items[at + 1] if at + 1 < len(ids) else None
        return before, after

    def questions(self) -> Iterator[Question]:
        """Every question of the course: practice, fixed and pooled."""
        for item in self.items:
            if isinstance(item, Lesson):
                yield from item.questions
            else:
                yield from (entry.question for entry in item.entries if isinstance(entry, Fixed))
        for pool in self.pools:
            yield from pool.questions


def _edition(course: Course, language: str, known: dict[str, Course]) -> Course:
    items = tuple(item.in_language(language) for item in course.items)
    made = replace(course, items=items, preferred=language)
    if (words := in_language(course.translations, language)) is not None:
        made = replace(
            made,
            language=language,
            title=words.title,
            summary=words.summary,
            about_html=words.about_html,
            outcomes_html=words.outcomes_html,
            modules=tuple(
                replace(module, title=words.modules.get(module.id, module.title))
                for module in course.modules
            ),
            hours=words.hours,
            subjects=words.subjects,
            instructors=words.instructors,
            stale=words.stale,
        )
    # From an edition one can go to any other, and the original is compiled once for all of them.
    made.__dict__.update(_original=course, _editions=known)
    return made


# ----------------------------------------------------------------------------------------- problems


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with a course's files, and what to do about it. Lines and columns from 1."""

    path: str
    line: int
    column: int
    code: str  # "Q103": stable and documented in docs/authors.md
    message: str
    fix: str = ""
    source: str = ""  # the line itself

    @property
    def severity(self) -> Literal["error", "warning"]:
        """W and L codes warn, all others stop a publish."""
        return "warning" if self.code[0] in "WL" else "error"
