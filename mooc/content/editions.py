"""What translations say, compiled and put beside what they say it of."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mooc.content import items
from mooc.content.first_use import Index
from mooc.content.links import Links, Target
from mooc.content.markdown import Page
from mooc.content.model import (
    Asked,
    CourseWords,
    Fixed,
    Item,
    Lesson,
    LessonWords,
    Person,
    Pool,
    Practice,
    Prose,
    Question,
    Quiz,
    QuizWords,
)
from mooc.content.outline import landing_words
from mooc.content.questions import wording
from mooc.content.schema import (
    CourseTranslation,
    LessonHeader,
    LessonTranslation,
    PoolHeader,
    PoolTranslation,
    QuizHeader,
    QuizTranslation,
)
from mooc.content.translations import UNKNOWN, Translated

HEADERS = (LessonTranslation, QuizTranslation, PoolTranslation)


@dataclass
class Read:
    """What the translations of one tree say, by what they say it of."""

    course: list[CourseWords] = field(default_factory=list)
    items: dict[str, list[LessonWords | QuizWords]] = field(default_factory=dict)
    questions: dict[str, list[Question]] = field(default_factory=dict)


def compile_all(
    translated: list[Translated],
    links: Links,
    originals: dict[str, Item | Pool],
    modules: Container[str],
    terms: Mapping[str, Index],
) -> Read:
    """What translations say. `originals` are the compiled sources by path, `modules` ids.

    `terms` are the glossaries by language.
    """
    result = Read()
    for one in translated:
        original = originals.get(one.source.file.path)
        page = _page(one, translated, links, original)
        page = replace(page, terms=terms.get(one.language))
        try:
            if one.source.kind == "course":
                result.course += _course(one, page, modules)
            elif original is not None:
                _item(one, original, page, result)
        except RecursionError:
            one.file.problem("E302", 1, 1, "is nested too deeply to be read", "Make it flatter.")
    return result


def _page(
    one: Translated, translated: list[Translated], links: Links, original: Item | Pool | None
) -> Page:
    """Links lead to the source's pages; their headings may be named in either language."""
    targets = dict(links.targets)
    for other in translated:
        path = other.source.file.path
        if other.language == one.language and path in targets:
            target = targets[path]
            anchors = {**target.anchors, **other.item.anchors}
            targets[path] = replace(target, anchors=anchors)
    own = targets.get(one.source.file.path)
    if own is not None:
        targets[one.file.path] = Target(own.kind, own.id, own.anchors)
    one.file.broken = one.file.broken or one.source.file.broken  # then nobody will see it
    asked = {question.id: question for question in _questions(original)} if original else {}
    return Page(
        one.file,
        Links(links.course_id, targets, links.media, links.replaced),
        one.language,
        originals=asked,
    )


def _questions(original: Item | Pool) -> Iterator[Question]:
    if isinstance(original, Quiz):
        yield from (entry.question for entry in original.entries if isinstance(entry, Fixed))
    else:
        yield from original.questions


def _item(one: Translated, original: Item | Pool, page: Page, result: Read) -> None:
    """The words of a lesson or quiz, and those of questions, which a pool is nothing but."""
    settings, path = one.source.header, one.source.file.path
    title = one.header.title if isinstance(one.header, HEADERS) else original.title
    if isinstance(settings, LessonHeader) and isinstance(original, Lesson):
        limits = {block.section: block.only for block in original.blocks if block.section}
        lesson = items.lesson(one.item, settings, page, limits)
        words: LessonWords | QuizWords = LessonWords(
            one.language,
            one.file.path,
            title,
            tuple(_blocks(lesson.blocks, original)),
            lesson.sections,
            lesson.text,
            one.stale,
            lesson.terms,
        )
        result.items.setdefault(path, []).append(words)
        _note(lesson.questions, one.language, result)
    elif isinstance(settings, QuizHeader):
        quiz = items.quiz(one.item, settings, page, {})
        words = QuizWords(one.language, one.file.path, title, quiz.intro_html, quiz.text, one.stale)
        result.items.setdefault(path, []).append(words)
        _note(_questions(quiz), one.language, result)
    elif isinstance(settings, PoolHeader):
        _note(items.pool(one.item, settings, page).questions, one.language, result)


def _note(asked: Iterable[Question], language: str, result: Read) -> None:
    for question in asked:
        known = result.questions.setdefault(question.id, [])
        # An original in its place was not translated; a second wording says nothing new.
        if question.language == language and language not in {q.language for q in known}:
            known.append(question)


def _blocks(blocks: Sequence[Prose | Practice], original: Lesson) -> list[Prose | Asked]:
    """The prose of a translation with all questions of the original, and in its order."""
    order = [question.id for question in original.questions]
    whole = {
        block.question.id: Asked(block.question.id, block.only, block.section)
        for block in original.blocks
        if isinstance(block, Practice)
    }
    asked = {block.question.id for block in blocks if isinstance(block, Practice)}
    following = (name for name in order if name in asked)
    seen: set[str] = set()
    placed: list[Prose | Asked] = []
    for block in blocks:
        if isinstance(block, Prose):
            placed.append(block)
        elif block.question.id not in seen:
            seen.add(block.question.id)
            placed.append(whole[next(following)])
    for name in order:
        if name not in asked:
            placed.insert(_place(name, order, placed, original), whole[name])
    return placed


def _place(
    name: str, order: Sequence[str], placed: Sequence[Prose | Asked], original: Lesson
) -> int:
    """Where a question goes that a translation lacks: right after the one before it, if no prose
    parts them in the original, or else before the one after it, so that it follows its prose."""
    at = order.index(name)
    blocks = list(original.blocks)
    stands = next(
        i for i, b in enumerate(blocks) if isinstance(b, Practice) and b.question.id == name
    )
    if stands and isinstance(blocks[stands - 1], Practice):
        return _asked(placed, {order[at - 1]}) + 1
    return _asked(placed, set(order[at + 1 :]))


def _asked(placed: Sequence[Prose | Asked], names: set[str]) -> int:
    """Where the first of some questions stands; the end when none does."""
    return next(
        (i for i, b in enumerate(placed) if isinstance(b, Asked) and b.question in names),
        len(placed),
    )


def pool_with(read: Read, pool: Pool) -> Pool:
    """A pool whose questions have their translations."""
    return replace(pool, questions=tuple(_worded(read, each) for each in pool.questions))


def item_with(read: Read, item: Item) -> Item:
    """A lesson or quiz with its translations, and those of its questions."""
    words = read.items.get(item.path, ())
    if isinstance(item, Lesson):
        return replace(
            item,
            blocks=tuple(
                replace(block, question=_worded(read, block.question))
                if isinstance(block, Practice)
                else block
                for block in item.blocks
            ),
            translations=tuple(each for each in words if isinstance(each, LessonWords)),
        )
    return replace(
        item,
        entries=tuple(
            Fixed(_worded(read, entry.question)) if isinstance(entry, Fixed) else entry
            for entry in item.entries
        ),
        translations=tuple(each for each in words if isinstance(each, QuizWords)),
    )


def _worded(read: Read, question: Question) -> Question:
    return wording.with_wordings(question, read.questions.get(question.id, ()))


def _course(one: Translated, page: Page, modules: Container[str]) -> list[CourseWords]:
    about, outcomes, titles = landing_words(one.item, page)
    for name, (_title, line) in titles.items():
        if name not in modules:
            page.file.problem(
                "W121", line, 1, f"the source does not have the module {name!r}", UNKNOWN
            )
    if not isinstance(one.header, CourseTranslation):
        return []
    return [
        CourseWords(
            language=one.language,
            title=one.header.title,
            summary=one.header.summary,
            about_html=about,
            outcomes_html=outcomes,
            modules={name: title for name, (title, _line) in titles.items()},
            hours=one.header.hours,
            subjects=one.header.subjects,
            instructors=tuple(Person(each.name, each.role) for each in one.header.instructors),
            stale=one.stale,
        )
    ]
