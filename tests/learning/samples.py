"""Small questions, quizzes and pools for the pure rules."""

from __future__ import annotations

from dataclasses import replace

from mooc.content.model import Case, Choice, Choices, Draw, Fixed, Pool, Question, Quiz


def question(identity: str, *, tags: tuple[str, ...] = (), points: int = 100) -> Question:
    """A single-choice question whose right option is `a`."""
    options = (
        Choice("a", "right", True),
        Choice("b", "wrong", False),
        Choice("c", "wrong too", False, share=50),
    )
    return Question(
        id=identity,
        type="single",
        language="en",
        title=identity,
        title_html=identity,
        prompt_html="",
        key=Choices(options),
        points=points,
        tags=tags,
    )


def pool(size: int, *, tagged: int = 0) -> Pool:
    """A pool `p`; the first `tagged` questions carry the tag `novelty`."""
    questions = tuple(
        question(f"p{n}", tags=("novelty",) if n < tagged else ()) for n in range(size)
    )
    return Pool("p", "Pool", "pools/p.md", questions)


def quiz(*entries: Fixed | Draw, **changes: object) -> Quiz:
    plain = Quiz("quiz", "Quiz", "en", "quiz.md", "", entries)
    return replace(plain, **changes)  # type: ignore[arg-type]


def case_of(identity: str, size: int) -> tuple[Question, ...]:
    """The questions of one case."""
    case = Case(identity, identity, "<p>What happened.</p>")
    return tuple(replace(question(f"{identity}-{n}"), case=case) for n in range(size))


def mixed(*sizes: int) -> Pool:
    """A pool `p` of units of these sizes: 1 for a single question, more for a case."""
    questions = [
        one
        for at, size in enumerate(sizes)
        for one in ((question(f"s{at}"),) if size == 1 else case_of(f"c{at}", size))
    ]
    return Pool("p", "Pool", "pools/p.md", tuple(questions))
