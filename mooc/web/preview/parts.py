"""A file laid out as its author wrote it: prose, questions with their keys, draws from pools."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import get_template_attribute

from mooc.content.drawing import matching
from mooc.content.model import Case, Draw, Lesson, Pool, Practice, Question, Quiz
from mooc.content.questions.vary import instance
from mooc.content.reading import File
from mooc.learning.draw import Drawn, draw
from mooc.web.preview.places import headings, text_of
from mooc.web.preview.review import Review, review, tried
from mooc.web.preview.switches import switches
from mooc.web.preview.worktree import Content, Draft, Sheet
from mooc.web.questions import QuestionView

TITLE = re.compile(r'(<h[2-6] id="([^"]+)">)(.*?)(</h[2-6]>)', re.DOTALL)
DRAWS = re.compile(r" {0,3}[-*+]\s+draw\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing on a page. Of `html`, `view` and `pool` one is filled, `review` for reviewers."""

    html: str = ""
    view: QuestionView | None = None
    review: Review | None = None
    draw: Draw | None = None
    pool: Pool | None = None
    fits: int = 0  # how many questions of the pool the draw chooses from
    line: int = 0
    only: tuple[str, ...] = ()  # whose law it is about


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody tried: the values of the form, in the order of options that was shown."""

    question: str
    values: Sequence[str] | None
    order: Sequence[str] = ()
    example: int = 0  # of a question that varies


def parts_of(draft: Draft, sheet: Sheet, answered: Answered | None = None) -> list[Part]:
    """The newest whole version of a file, for the reader whom the switches name."""
    content = sheet.content
    file = _text(draft, sheet)
    if isinstance(content, Lesson):
        lines = _anchors(content, _text(draft, sheet, content.path))
        return [
            replace(_question(draft, block.question, file, answered), only=block.only)
            if isinstance(block, Practice)
            else Part(html=_placed(block.html, draft, content.path, lines), only=block.only)
            for block in content.blocks
        ]
    if isinstance(content, Pool):
        return list(_with_cases(draft, content.questions, file, answered))
    return _quiz(draft, content, file, answered) if content else []


def drawn(draft: Draft, quiz: Quiz, seed: str, answered: Answered | None = None) -> list[Part]:
    """One paper that the quiz could make, each question from its own file."""
    found: list[Part] = []
    case: Case | None = None
    for each in _paper(draft, quiz, seed):
        sheet = draft.sheets[each.question.path]
        asked = answered if answered and answered.question == each.question.id else None
        asked = asked or Answered(each.question.id, None, each.options)
        found += _with_cases(draft, (_worded(each),), _text(draft, sheet), asked, case)
        case = each.question.case
    return found


def in_paper(draft: Draft, content: Content | None, seed: str) -> dict[str, Drawn]:
    """The drawn questions by id, as they are asked; none without a seed."""
    if not seed or not isinstance(content, Quiz):
        return {}
    paper = _paper(draft, content, seed)
    return {each.question.id: replace(each, question=_worded(each)) for each in paper}


def _worded(drawn: Drawn) -> Question:
    """A drawn question with its values, in the reader's language."""
    return instance(drawn.question.in_language(switches().language), drawn.values)


def questions_of(content: Content | None) -> tuple[Question, ...]:
    """The questions written in a file."""
    if isinstance(content, Quiz):
        return tuple(e.question for e in content.entries if not isinstance(e, Draw))
    return content.questions if content else ()


def _paper(draft: Draft, quiz: Quiz, seed: str) -> Sequence[Drawn]:
    pools = {pool.id: pool for pool in draft.course.pools}
    names = [entry.pool for entry in quiz.entries if isinstance(entry, Draw)]
    missing = {name: Pool(name, name, "", ()) for name in names if name not in pools}
    return draw(quiz, {**pools, **missing}, {}, seed)


def _quiz(draft: Draft, quiz: Quiz, file: File, answered: Answered | None) -> list[Part]:
    pools = {pool.id: pool for pool in draft.course.pools}
    lines = [number for number, text in enumerate(file.lines, 1) if DRAWS.match(text)]
    found = [Part(html=quiz.intro_html)] if quiz.intro_html else []
    case: Case | None = None
    for entry in quiz.entries:
        if not isinstance(entry, Draw):
            asked = entry.question
            found += _with_cases(draft, (asked,), file, answered, case)
            case = asked.case
            continue
        pool = pools.get(entry.pool)
        fits = sum(len(unit) for unit in matching(entry, pool)) if pool else 0
        line = lines.pop(0) if lines else 1
        found.append(Part(draw=entry, pool=pool, fits=fits, line=line))
    return found


def _with_cases(
    draft: Draft,
    questions: Iterable[Question],
    file: File,
    answered: Answered | None,
    before: Case | None = None,
) -> Iterator[Part]:
    """Questions, the text of a case above the first that belongs to it."""
    for question in questions:
        case = question.in_language(switches().language).case
        if case is not None and (before is None or case.id != before.id):
            yield Part(html=f"<h2>{case.title_html}</h2>\n{case.html}")
        before = case
        yield _question(draft, question, file, answered)


def _question(draft: Draft, question: Question, file: File, answered: Answered | None) -> Part:
    question = question.in_language(switches().language)
    mine = answered if answered and answered.question == question.id else None
    order = mine.order if mine else ()
    values = mine.values if mine else None
    example = mine.example if mine else 0
    if not switches().reviewer:
        view, _result = tried(question, order=order, values=values, example=example)
        return Part(view=view, line=question.line)
    seen = review(question, file, draft.committed, order=order, values=values, example=example)
    return Part(view=seen.view, review=seen, line=question.line)


def _text(draft: Draft, sheet: Sheet, path: str = "") -> File:
    """The file, or a translation of it, as it is now; nothing while it has errors, for then its
    lines have moved."""
    path = path or sheet.path
    if sheet.errors:
        return text_of(path, b"")
    try:
        return text_of(path, (draft.folder / path).read_bytes())
    except OSError:
        return text_of(path, b"")


def _anchors(lesson: Lesson, file: File) -> dict[str, int]:
    """The line of each heading that one can link to."""
    lines = [n for n in headings(file) if 2 <= _level(file.lines[n - 1]) <= 3]
    return {section.anchor: n for section, n in zip(lesson.sections, lines, strict=False)}


def _level(heading: str) -> int:
    text = heading.lstrip()
    return len(text) - len(text.lstrip("#"))


def _placed(html: str, draft: Draft, path: str, lines: Mapping[str, int]) -> str:
    """Prose whose headings end with a link to their line, for reviewers."""
    if not switches().reviewer:
        return html
    place = get_template_attribute("preview/_place.html", "place")

    def link(found: re.Match[str]) -> str:
        line = lines.get(found[2])
        where = place(draft.folder, path, line, brief=True) if line else ""
        return f"{found[0]}{where}"

    return TITLE.sub(link, html)
