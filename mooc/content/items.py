"""Lessons, quizzes and pools: a surveyed file becomes the value that learners meet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mooc.content import cases
from mooc.content.blocks import inline_of, inside, line_of, plain
from mooc.content.first_use import Index
from mooc.content.jurisdictions import canonical
from mooc.content.limits import EVERYBODY, Limit, limits
from mooc.content.links import Links
from mooc.content.markdown import Page, render
from mooc.content.model import Draw, Fixed, Lesson, Pool, Practice, Prose, Question, Quiz
from mooc.content.schema import LessonHeader, PoolHeader, QuizHeader
from mooc.content.survey import Block, Surveyed, case_at, question_at, question_end

DRAW = re.compile(
    r"Draw\s+(\d{1,4})\s+from\s+(?P<pool>\[.*\]\(\s*<?(?P<path>[^)>]+?)>?\s*\))(?:\s+where\s+(?P<where>.+?))?\.?\s*",
    re.DOTALL,
)
CONDITION = re.compile(r"(tag|level)s?\s+([a-z0-9][a-z0-9-]*)")
LOOKS_LIKE_DRAW = re.compile(r"\s*draw\b", re.IGNORECASE)
EXAM_ATTEMPTS = 2


@dataclass
class _Text:
    """The blocks of a lesson as they are made, stretch by stretch of one limit."""

    page: Page
    blocks: list[Prose | Practice] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    terms: dict[str, None] = field(default_factory=dict)
    prose: list[Block] = field(default_factory=list)
    limit: Limit = EVERYBODY
    open_seen: dict[str, None] = field(default_factory=dict)  # terms that everybody has met
    seen: dict[str, None] = field(default_factory=dict)  # terms met so far where we are

    def move(self, limit: Limit) -> None:
        """What comes now is for others. A term first used there is linked outside once more."""
        if limit == self.limit:
            return
        self.flush()
        self.limit = limit
        self.seen = dict(self.open_seen) if limit.section else self.open_seen

    def flush(self) -> None:
        """Render the prose that has gathered."""
        self.words.extend(plain(block) for block in self.prose)
        tokens = [token for block in self.prose for token in block]
        if self.page.terms:
            self.page.terms.link(tokens, self.seen)
            self.terms.update(self.seen)
        html = render(tokens, self.page)
        if html:
            self.blocks.append(Prose(html, self.limit.codes, self.limit.section))
        self.prose.clear()


def lesson(
    item: Surveyed,
    header: LessonHeader,
    page: Page,
    known: Mapping[str, tuple[str, ...]] | None = None,
) -> Lesson:
    """The lesson: prose and practice questions in the order of the file.

    `known` are the limited sections of a translation's original: codes by anchor.
    """
    text = _Text(page)
    text.seen = text.open_seen
    _check_levels(item, page)
    cases.check_markers(item.blocks, page)
    limited = limits(item.blocks, item.file, known)
    at = 0
    while at < len(item.blocks):
        text.move(limited[at])
        if not question_at(item.blocks, at):
            text.prose.append(item.blocks[at])
            at += 1
            continue
        text.flush()
        end = question_end(item.blocks, at)
        question = cases.question(item.blocks[at:end], page, graded=False)
        if limited[at].section and header.complete != "read" and page.originals is None:
            _refuse_needed(item.blocks[at], page)
        if question:
            text.blocks.append(Practice(question, limited[at].codes, limited[at].section))
        at = end
    text.flush()
    return Lesson(
        **header.model_dump(),
        language=page.language,
        path=item.file.path,
        blocks=tuple(text.blocks),
        sections=tuple(item.sections),
        text=_searchable(text.words),
        terms=tuple(text.terms),
        laws=canonical([code for limit in limited for code in limit.codes]),
    )


def _refuse_needed(block: Block, page: Page) -> None:
    page.file.problem(
        "E314",
        line_of(block),
        1,
        "a question that some learners do not see, in a lesson that is complete by its questions",
        "Move it out of the limited section, or write complete: read.",
    )


def quiz(item: Surveyed, header: QuizHeader, page: Page, pools: dict[str, str]) -> Quiz:
    """The quiz. `pools` leads from the path of each pool to its id."""
    entries: list[Fixed | Draw] = []
    intro: list[Block] = []
    asked = False
    at = 0
    while at < len(item.blocks):
        block, end = item.blocks[at], at + 1
        if question_at(item.blocks, at) or case_at(item.blocks, at):
            asked, end = True, question_end(item.blocks, at)
            entries += [Fixed(one) for one in cases.graded(item.blocks[at:end], page)]
        elif _is_draws(block):
            asked = True
            entries += _draws(block, page, pools) if page.originals is None else []
        else:
            intro.append(block)
        at = end
    if not asked and page.originals is None:
        fix = "Add questions, or lines such as - Draw 3 from [X](pools/x.md)."
        page.file.problem("E232", 1, 1, "the quiz holds no question", fix)
    exam = header.kind == "exam"
    said = "attempts" in header.model_fields_set
    words = [plain(block) for block in intro]
    return Quiz(
        **header.model_dump(exclude={"kind", "attempts", "time_limit"}),
        language=page.language,
        path=item.file.path,
        intro_html=render([token for part in intro for token in part], page),
        entries=tuple(entries),
        exam=exam,
        attempts=header.attempts if said or not exam else EXAM_ATTEMPTS,
        time_limit=header.time_limit or None,
        text=_searchable(words),
    )


def pool(item: Surveyed, header: PoolHeader, page: Page) -> Pool:
    """The pool: headings may group its questions, but it holds nothing else."""
    found: list[Question] = []
    at = 0
    while at < len(item.blocks):
        block = item.blocks[at]
        if question_at(item.blocks, at) or case_at(item.blocks, at):
            end = question_end(item.blocks, at)
            found += cases.graded(item.blocks[at:end], page)
            at = end
            continue
        if block[0].type not in ("heading_open", "comment", "footnote_block_open"):
            page.file.problem(
                "E233",
                line_of(block),
                1,
                "text in a pool that belongs to no question",
                "Put a heading and <!-- question: an-id --> above it, or delete it.",
            )
        at += 1
    return Pool(header.id, header.title, item.file.path, tuple(found))


def page_of(item: Surveyed, links: Links, language: str, terms: Index | None = None) -> Page:
    """What rendering must know of a file's surroundings."""
    return Page(item.file, links, language, terms=terms)


def _check_levels(item: Surveyed, page: Page) -> None:
    """A heading two levels below the one before it loses those who listen to the page."""
    before = 1
    for at, block in enumerate(item.blocks):
        if block[0].type != "heading_open" or question_at(item.blocks, at):
            continue
        level = int(block[0].tag[1])
        if level > before + 1:
            page.file.problem(
                "M107",
                line_of(block),
                1,
                f"a heading of level {level} right below one of level {before}",
                f"Begin it with {'#' * (before + 1)}.",
            )
        before = level


def _is_draws(block: Block) -> bool:
    if block[0].type != "bullet_list_open":
        return False
    return any(
        LOOKS_LIKE_DRAW.match(inline.content)
        for item in inside(block)
        if (inline := inline_of(item))
    )


def _draws(block: Block, page: Page, pools: dict[str, str]) -> list[Draw]:
    return [draw for item in inside(block) if (draw := _draw(item, page, pools))]


def _draw(item: Block, page: Page, pools: dict[str, str]) -> Draw | None:
    inline = inline_of(item)
    line = line_of(item)
    source = page.file.lines[line - 1]
    column = len(source) - len(source.lstrip()) + 1
    text = re.sub(r"<!--.*?-->", "", inline.content if inline else "").strip()
    found = DRAW.fullmatch(text)
    if not found or int(found[1]) == 0:
        page.file.problem(
            "E230",
            line,
            column,
            "cannot read this draw line",
            "Write - Draw 3 from [Pool](pools/pool.md) where tag novelty and level apply.",
        )
        return None
    path = page.links.file(page.file, found["path"])
    if path not in pools:
        page.file.problem(
            "E231",
            line,
            source.find(found["path"]) + 1,
            f"{found['path']} is no pool",
            "Link to a file with kind: pool in its header.",
        )
        return None
    conditions = re.split(r"\s+and\s+", (found["where"] or "").strip()) if found["where"] else []
    tags: list[str] = []
    levels: list[str] = []
    for condition in conditions:
        known = CONDITION.fullmatch(condition.strip())
        if not known or (levels if known[1] == "level" else tags):
            page.file.problem(
                "E230",
                line,
                max(source.find(condition) + 1, 1),
                f"cannot read the condition {condition!r}",
                "Write tag and one tag, or level and one level, joined by and.",
            )
            return None
        (tags if known[1] == "tag" else levels).append(known[2])
    return Draw(int(found[1]), pools[path], tuple(tags), tuple(levels))


def _searchable(words: Sequence[str]) -> str:
    return " ".join(" ".join(words).split())
