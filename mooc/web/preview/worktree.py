"""The courses of a folder as they are on disk right now, compiled again whenever a file changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Condition

from mooc.content.loader import OUTSIDE, Loaded, load
from mooc.content.memory import Memory
from mooc.content.model import Course, Lesson, Pool, Problem, Quiz
from mooc.content.source import Folder
from mooc.web.preview.committed import Committed, committed

Content = Lesson | Quiz | Pool
Signature = tuple[tuple[str, int, int], ...]
MOST_FILES = 50_000  # a wrong root is noticed, not walked to its end


@dataclass(frozen=True)
class Sheet:
    """One Markdown file. `content` is its newest version without errors, None if there was none."""

    path: str
    kind: str  # course, lesson, quiz, exam, pool
    id: str
    title: str
    content: Content | None
    problems: tuple[Problem, ...]
    good_at: datetime | None  # when `content` was read
    listed: bool  # the outline leads to it

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the file from being shown: not that no outline links to it."""
        return tuple(p for p in self.problems if p.severity == "error" and p.code != OUTSIDE)

    @property
    def read_at(self) -> str:
        """When `content` was read, by the clock of this machine."""
        return self.good_at.astimezone().strftime("%H:%M:%S") if self.good_at else ""

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if p not in self.errors)


@dataclass(frozen=True)
class Draft:
    """A course as somebody writes it: broken files stand in it as they were when last whole."""

    folder: Path
    course: Course
    sheets: Mapping[str, Sheet]  # by path
    problems: tuple[Problem, ...]
    media: Mapping[str, Callable[[], bytes]] = field(repr=False)
    committed: Committed | None = None  # None: not known yet, or not in git

    def sheet(self, name: str) -> Sheet | None:
        """The file with this id, or at this path."""
        if name in self.sheets:
            return self.sheets[name]
        return next((sheet for sheet in self.sheets.values() if sheet.id == name), None)

    def in_language(self, language: str) -> Draft:
        """The course for those who want a language; as written where it has none of its words."""
        if len(self.course.languages) == 1:
            return self
        known = language in self.course.languages
        course = self.course.edition(language if known else self.course.languages[0])
        worded: dict[str, Content] = {**course.by_id, **{pool.id: pool for pool in course.pools}}
        sheets = {
            path: replace(sheet, content=worded[sheet.id], title=worded[sheet.id].title)
            if sheet.content is not None and sheet.id in worded
            else sheet
            for path, sheet in self.sheets.items()
        }
        return replace(self, course=course, sheets=sheets)

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)


class Worktree:
    """All courses below a folder. One thread calls `look`; any number read `drafts` and `wait`."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.drafts: Mapping[Path, Draft] = {}
        self.version = 0
        self._signatures: dict[Path, Signature] = {}
        self._memories: dict[Path, Memory] = {}
        self._changed = Condition()

    def draft(self, course_id: str) -> Draft | None:
        """The course with this id."""
        return next((d for d in self.drafts.values() if d.course.id == course_id), None)

    def look(self) -> bool:
        """Compile what changed since the last look; whether anything did. What vanishes or appears
        while it is read is left to the next look."""
        found: dict[Path, Draft] = {}
        with suppress(OSError):
            signatures = _signatures(self.root)
            for folder, signature in signatures.items():
                known = self.drafts.get(folder)
                if known is None or signature != self._signatures.get(folder):
                    with suppress(OSError, KeyError):
                        # Files that did not change are not compiled again.
                        memory = Memory(self._memories[folder].used if known else None)
                        known = draft(folder, known, memory)
                        self._memories[folder] = memory
                        self._signatures[folder] = signature
                if known is not None:
                    found[folder] = known
            return self._publish(found)
        return False

    def look_at_history(self) -> bool:
        """Compare with the last commit where that is not done yet; whether anything was new."""
        found = {}
        for path, draft in self.drafts.items():
            now = committed(path, draft.committed)
            found[path] = draft if now is draft.committed else replace(draft, committed=now)
        return self._publish(found)

    def wait(self, version: int, seconds: float) -> int:
        """The version, as soon as it is another one, or when the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != version, seconds)
            return self.version

    def _publish(self, found: Mapping[Path, Draft]) -> bool:
        same = list(found) == list(self.drafts) and all(
            draft is self.drafts[path] for path, draft in found.items()
        )
        if same:
            return False
        with self._changed:
            self.drafts = found
            self.version += 1
            self._changed.notify_all()
        return True


def draft(folder: Path, before: Draft | None = None, memory: Memory | None = None) -> Draft:
    """Read a course, keeping from before what is broken now. KeyError when a file just went."""
    loaded = load(Folder(folder), datetime.now(UTC).date(), memory)
    course = loaded.partial
    if course is None:
        raise KeyError("course.md")
    sheets = _sheets(loaded, course, before)
    return Draft(
        folder=folder,
        course=_filled(course, sheets, before),
        sheets=sheets,
        problems=loaded.problems,
        media={**(before.media if before else {}), **loaded.media},
        committed=before.committed if before else None,
    )


def _sheets(loaded: Loaded, course: Course, before: Draft | None) -> dict[str, Sheet]:
    whole: dict[str, Content] = {each.path: each for each in (*course.items, *course.pools)}
    problems: dict[str, list[Problem]] = {}
    for problem in loaded.problems:
        problems.setdefault(problem.path, []).append(problem)
    kinds = {source.path: (source.kind, source.id) for source in loaded.sources}
    others = {path: ("other", "") for path in problems if path not in kinds}
    found = {}
    now = datetime.now(UTC)
    for path, (kind, said) in sorted({**kinds, **others}.items()):
        last = before.sheets.get(path) if before else None
        content = whole.get(path) or (last.content if last else None)
        mine = tuple(problems.get(path, ()))
        title = content.title if content else course.title if kind == "course" else path
        found[path] = Sheet(
            path=path,
            kind=last.kind if last and content and path not in whole else kind,
            id=content.id if content else said,
            title=title,
            content=content,
            problems=mine,
            good_at=now if path in whole else last.good_at if last else None,
            listed=not any(problem.code == OUTSIDE for problem in mine),
        )
    return found


def _filled(course: Course, sheets: Mapping[str, Sheet], before: Draft | None) -> Course:
    """The course with the last good version of what is broken, in the order of the outline."""
    contents = [sheet.content for sheet in sheets.values() if sheet.content is not None]
    by_id = {each.id: each for each in contents if not isinstance(each, Pool)}
    modules = course.modules or (before.course.modules if before else ())
    kept = tuple(
        replace(module, items=tuple(name for name in module.items if name in by_id))
        for module in modules
    )
    names = [name for module in kept for name in module.items]
    return replace(
        course,
        modules=tuple(module for module in kept if module.items),
        items=tuple(by_id[name] for name in dict.fromkeys((*names, *by_id))),
        pools=tuple(each for each in contents if isinstance(each, Pool)),
    )


def _signatures(root: Path) -> dict[Path, Signature]:
    """What tells a changed course from an unchanged one, by the folder of each course."""
    stats = sorted(_stats(root))
    tops = [Path(path).parent for path, *_rest in stats if Path(path).name == "course.md"]
    courses = [top for top in tops if not any(other in top.parents for other in tops)]
    return {
        top: tuple(stat for stat in stats if stat[0].startswith(f"{top}{os.sep}"))
        for top in courses
    }


def _stats(root: Path) -> Iterator[tuple[str, int, int]]:
    """(path, time of change, size) of every file; hidden ones and links are left out."""
    pending, seen = [str(root)], 0
    while pending and seen < MOST_FILES:
        with suppress(OSError), os.scandir(pending.pop()) as entries:
            for entry in entries:
                seen += 1
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                elif not entry.is_symlink():
                    stat = entry.stat(follow_symlinks=False)
                    yield entry.path, stat.st_mtime_ns, stat.st_size
