"""What a course is, once compiled: immutable values that know nothing of files, clocks or learners.

Every string named `html` or ending in `_html` was sanitised when the course was compiled and may be
put into a page as it is. Every other string is plain text. Points are hundredths of a mark (a
question worth two points has 200), percentages whole numbers from 0 to 100, durations seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

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
    """The key of a numeric question; `unit` is shown after the field and may be typed."""

    answers: tuple[NumericAnswer, ...]
    unit: str = ""
    kind: Literal["numbers"] = "numbers"


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """One accepted (or known wrong) text: folded and compared, or a whole-answer RE2 pattern."""

    text: str
    pattern: bool = False
    correct: bool = True
    feedback_html: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """The key of a short-text question."""

    answers: tuple[TextAnswer, ...]
    kind: Literal["texts"] = "texts"


Key = Choices | Numbers | Texts
QuestionType = Literal["single", "multiple", "true-false", "numeric", "text"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Everything in `key`, `hints_html` and `explanation_html` is secret.

    `scoring_hash` covers type, key, points and options' keys; `text_hash` all else a learner reads.
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
    scoring_hash: str = ""
    text_hash: str = ""


# ------------------------------------------------------------------------------------------ lessons


@dataclass(frozen=True, slots=True)
class Prose:
    """A stretch of a lesson between questions."""

    html: str
    kind: Literal["prose"] = "prose"


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice question where it stands in a lesson."""

    question: Question
    kind: Literal["practice"] = "practice"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading one can link to. Level 2 or 3."""

    anchor: str
    title: str
    level: int


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
    kind: Literal["lesson"] = "lesson"

    @property
    def questions(self) -> tuple[Question, ...]:
        """The practice questions of this lesson, in order."""
        return tuple(block.question for block in self.blocks if isinstance(block, Practice))


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
    kind: Literal["quiz"] = "quiz"

    @property
    def size(self) -> int:
        """How many questions one attempt holds."""
        return sum(entry.count if isinstance(entry, Draw) else 1 for entry in self.entries)

    @property
    def minutes(self) -> int:
        """What the outline says it takes: the time limit, or a minute and a half a question."""
        return self.time_limit // 60 if self.time_limit else max(1, round(self.size * 1.5))


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


@dataclass(frozen=True)
class Course:
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
    hash: str = ""  # of everything above and the renderer's version: the release's identity

    @cached_property
    def by_id(self) -> dict[str, Lesson | Quiz]:
        """Every lesson and quiz by its id."""
        return {item.id: item for item in self.items}

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
