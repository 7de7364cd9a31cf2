"""From files to a course: read, survey, compile, check. Bad content is reported, never raised."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import TypeVar
from urllib.parse import unquote

from pydantic import TypeAdapter

from mooc.content import editions, glossary, items, layers, overlay, survey, translations
from mooc.content.first_use import Index
from mooc.content.links import Links
from mooc.content.markdown import Page, is_unseen
from mooc.content.media import Media
from mooc.content.memory import Memory, in_order, key
from mooc.content.model import Course, CourseWords, Glossary, Lesson, Person, Pool, Problem, Quiz
from mooc.content.outline import Landing, landing
from mooc.content.reading import read
from mooc.content.rules import check_course, check_files
from mooc.content.schema import ID, CourseHeader, LessonHeader, PoolHeader, QuizHeader
from mooc.content.source import Tree
from mooc.content.survey import Surveyed
from mooc.content.translations import Translated

# Raise it whenever the same files would give other HTML: releases are then made anew.
RENDERER_VERSION = "5"

COURSE = TypeAdapter(Course)
MARKDOWN = re.compile(r"[^\s()<>\[\]\"/]*\.md\b")  # every name of a file in a text
T = TypeVar("T")
OUTSIDE = "E213"  # no outline links to the file: an error, and yet the file may be whole


@dataclass(frozen=True, slots=True)
class Source:
    """A Markdown file as its header says it, be it right or wrong."""

    path: str
    kind: str  # course, lesson, quiz, exam, pool
    id: str


@dataclass(frozen=True)
class Loaded:
    """What a tree holds. `course` is None when any problem is an error.

    `media` leads from the hash of each file the course uses to a function that reads it. `partial`
    is for those who write: the course with the files that are whole, those outside of the outline
    last; None without a course.md. `sources` are its Markdown files, broken ones too.
    """

    course: Course | None
    problems: tuple[Problem, ...]
    media: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
    partial: Course | None = None
    sources: tuple[Source, ...] = ()


def load(tree: Tree, today: date, memory: Memory | None = None) -> Loaded:
    """Compile the course in a tree. Never raises on bad content; `today` judges review dates.

    With a `memory` of an earlier load only what changed is compiled; the outcome is the same.
    """
    problems: list[Problem] = list(tree.problems())
    if any(layers.is_overlay(path) for path in tree.paths()):
        memory = None  # what is laid over a file decides what it is
    found = survey.survey(tree, problems, memory)
    laid = overlay.lay(found)
    header = survey.course_header(found)
    language = header.language if header else "en"
    media = Media(tree, language)
    if "course.md" not in found:
        problems.append(
            Problem(
                "course.md",
                1,
                1,
                "E210",
                "there is no course.md",
                "Add one with a header and ## Outline.",
            )
        )
    links = Links(_course_id(found), survey.targets(found, tree), media, laid.replaced)
    glossaries = _glossaries(tree, links, language, problems)
    address = f"/courses/{links.course_id}/glossary"
    terms = {one.language: Index(one.terms, address) for one in glossaries}
    around = _around(tree, links, language, glossaries) if memory else ""
    compiled = _compile(
        found, links, language, terms.get(language), Before(memory, around, _by_name(links))
    )
    compiled.glossaries = glossaries
    if compiled.landing:
        compiled.landing = overlay.with_additions(compiled.landing, laid.headers, links, found)
    _translate(compiled, translations.parse(tree, found, language, problems), links, terms)
    check_files(found, compiled.landing.items if compiled.landing else ())
    course = (
        _assemble(header, compiled, media, found, links) if header and compiled.landing else None
    )
    if course:
        check_course(course, found, today)
    ordered = tuple(sorted(set(problems)))
    sources = tuple(Source(path, item.kind, item.id) for path, item in found.items())
    if course is None or any(problem.severity == "error" for problem in ordered):
        whole = _partial(found, compiled, ordered, media, links)
        return Loaded(None, ordered, media.loaders, whole, sources)
    return Loaded(course, ordered, media.loaders, course, sources)


def _partial(
    found: dict[str, Surveyed],
    compiled: _Compiled,
    problems: tuple[Problem, ...],
    media: Media,
    links: Links,
) -> Course | None:
    """The course without its broken files. None without a course.md."""
    if "course.md" not in found:
        return None
    errors = [problem for problem in problems if problem.severity == "error"]
    broken = {problem.path for problem in errors if problem.code != OUTSIDE}
    whole = {path: item for path, item in compiled.items.items() if path not in broken}
    listing = compiled.landing or Landing("", (), (), ())
    kept = replace(
        compiled,
        items=whole,
        pools=[pool for pool in compiled.pools if pool.path not in broken],
        landing=replace(listing, items=tuple(dict.fromkeys((*listing.items, *whole)))),
    )
    header = survey.course_header(found) or CourseHeader.model_construct(
        id=links.course_id, title=links.course_id, language="en", summary=""
    )
    return _assemble(header.model_copy(update={"cover": ""}), kept, media, found, links)


def _course_id(found: dict[str, Surveyed]) -> str:
    """The id in course.md, even when something else in its header is wrong."""
    said = found["course.md"].id if "course.md" in found else ""
    return said if ID.fullmatch(said) else "course"


@dataclass
class _Compiled:
    items: dict[str, Lesson | Quiz]  # by path
    pools: list[Pool]
    landing: Landing | None = None
    course_words: tuple[CourseWords, ...] = ()
    glossaries: tuple[Glossary, ...] = ()


def _glossaries(
    tree: Tree, links: Links, language: str, problems: list[Problem]
) -> tuple[Glossary, ...]:
    """The glossary in each language it is written in, the course's own first; or none at all."""
    paths = [(survey.GLOSSARY, language)] if survey.GLOSSARY in tree.paths() else []
    for path, spoken, source in translations.sources(tree):
        if source == survey.GLOSSARY and spoken != language:
            paths.append((path, spoken))
    found = []
    for path, spoken in paths:
        file = read(path, tree.read(path), problems)
        terms = glossary.terms(glossary.read(file), Page(file, links, spoken))
        found.append(Glossary(spoken, terms))
    return tuple(found) if found and found[0].terms else ()


@dataclass(frozen=True)
class Before:
    """What is remembered of an earlier load, and the key of all that a file's page can show."""

    memory: Memory | None
    around: str
    named: Mapping[str, list[str]] = field(default_factory=dict)  # the course's paths by file name


def _around(tree: Tree, links: Links, language: str, glossaries: tuple[Glossary, ...]) -> str:
    """A key of what any file of the course can show, but for the headings of files it links to."""
    known = in_order((path, t.kind, t.id) for path, t in links.targets.items())
    how = (RENDERER_VERSION, is_unseen(), links.course_id, language)
    return key(how, known, list(tree.paths()), glossaries)


def _by_name(links: Links) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for path in links.targets:
        named.setdefault(path.rpartition("/")[2], []).append(path)
    return named


def _headings(text: str, links: Links, named: Mapping[str, list[str]]) -> str:
    """A key of the headings of all files that a text may link to; `named` has paths by name."""
    names = set(MARKDOWN.findall(unquote(text) if "%" in text else text))
    near = sorted(path for name in names for path in named.get(name, ()))
    return key([(path, list(links.targets[path].anchors.items())) for path in near])


def _compile(
    found: dict[str, Surveyed], links: Links, language: str, terms: Index | None, before: Before
) -> _Compiled:
    pools = {
        path: item.header.id for path, item in found.items() if isinstance(item.header, PoolHeader)
    }
    # A pool whose header is broken is still a pool: quizzes that draw from it are not to blame.
    pools.update(
        {path: item.id for path, item in found.items() if item.kind == "pool" and path not in pools}
    )
    compiled = _Compiled({}, [])
    for path in list(found):
        if found[path].kind == "course":
            page = items.page_of(found[path], links, language, terms)
            compiled.landing = _flat(found[path], partial(landing, found[path], page, found))
            continue
        content = _content(
            path, found, links, before, partial(_made, links, language, terms, pools)
        )
        if isinstance(content, Pool):
            compiled.pools.append(content)
        elif content is not None:
            compiled.items[path] = content
    return compiled


def _content(
    path: str,
    found: dict[str, Surveyed],
    links: Links,
    before: Before,
    make: Callable[[Surveyed], Lesson | Quiz | Pool | None],
) -> Lesson | Quiz | Pool | None:
    """What a file holds: remembered, or made now."""
    memory, file = before.memory, found[path].file
    if memory is None:
        return make(found[path])
    name = key("content", path, file.text, before.around, _headings(file.text, links, before.named))
    kept = memory.get(name)
    if kept is not None and links.media.repeat(kept[2]):
        file.repeat(kept[1])
        known: Lesson | Quiz | Pool | None = kept[0]
        return known
    found[path] = survey.afresh(found[path])
    reported = len(file.problems)
    links.media.asked.clear()
    content = make(found[path])
    memory.put(name, (content, file.problems[reported:], list(links.media.asked)))
    return content


def _made(
    links: Links, language: str, terms: Index | None, pools: dict[str, str], item: Surveyed
) -> Lesson | Quiz | Pool | None:
    page, header = items.page_of(item, links, language, terms), item.header
    if isinstance(header, LessonHeader):
        return _flat(item, partial(items.lesson, item, header, page))
    if isinstance(header, QuizHeader):
        return _flat(item, partial(items.quiz, item, header, page, pools))
    if isinstance(header, PoolHeader):
        return _flat(item, partial(items.pool, item, header, page))
    return None


def _flat(item: Surveyed, make: Callable[[], T]) -> T | None:
    """What is made of a file, unless it is nested too deeply for that."""
    try:
        return make()
    except RecursionError:
        item.file.problem("E302", 1, 1, "is nested too deeply to be read", "Make it flatter.")
        return None


def _translate(
    compiled: _Compiled, translated: list[Translated], links: Links, terms: Mapping[str, Index]
) -> None:
    """Put what translations say beside what they say it of."""
    pools = {pool.path: pool for pool in compiled.pools}
    modules = compiled.landing.modules if compiled.landing else ()
    known = {module.id for module in modules}
    read = editions.compile_all(translated, links, {**compiled.items, **pools}, known, terms)
    compiled.course_words = tuple(read.course)
    compiled.items = {path: editions.item_with(read, item) for path, item in compiled.items.items()}
    compiled.pools = [editions.pool_with(read, pool) for pool in compiled.pools]


def _assemble(
    header: CourseHeader,
    compiled: _Compiled,
    media: Media,
    found: dict[str, Surveyed],
    links: Links,
) -> Course | None:
    """The course in teaching order, with its hash."""
    assert compiled.landing is not None  # noqa: S101
    cover = ""
    if header.cover:
        file = found["course.md"].file
        line = next((n for n, text in enumerate(file.lines, 1) if text.startswith("cover:")), 1)
        picture = media.picture(file, links.file(file, header.cover), line, 8)
        cover = picture.address.removeprefix("/media/") if picture else ""
    course = Course(
        **header.model_dump(exclude={"instructors", "cover"}),
        about_html=compiled.landing.about_html,
        outcomes_html=compiled.landing.outcomes_html,
        modules=compiled.landing.modules,
        items=tuple(
            compiled.items[path] for path in compiled.landing.items if path in compiled.items
        ),
        pools=tuple(compiled.pools),
        media=tuple(media.files[path] for path in sorted(media.files)),
        instructors=tuple(Person(person.name, person.role) for person in header.instructors),
        cover=cover,
        translations=compiled.course_words,
        glossaries=compiled.glossaries,
    )
    digest = hashlib.sha256(RENDERER_VERSION.encode() + b"\0" + COURSE.dump_json(course))
    return replace(course, hash=digest.hexdigest())
