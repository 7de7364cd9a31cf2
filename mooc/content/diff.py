"""The change in meaning between two states of a course: what learners get, not what moved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from difflib import SequenceMatcher
from typing import Any

from mooc.content.changes import Change, Changes, Severity, Verb
from mooc.content.diff_questions import Private, diff_questions
from mooc.content.model import Course, Draw, Item, Lesson, Quiz

# What is no setting: compared in ways of its own, or not at all.
CONTENT = frozenset(
    {"id", "kind", "exam", "path", "title", "language", "summary", "cover", "hash", "text"}
    | {"blocks", "entries", "intro_html", "about_html", "outcomes_html", "sections", "media"}
    | {"items", "modules", "pools", "aliases", "translations", "stale", "preferred"}
)
Text = Callable[[str], str]  # path → the file as it is now, empty when it cannot be read


def diff(
    old: Course | None,
    new: Course,
    *,
    text: Text = lambda _path: "",
    private: Private = lambda _path: False,
) -> Changes:
    """What changed. `text` finds the lines of settings; keys in `private` files are not told."""
    if old is None:
        return Changes(new.id, new.title, True, ())
    found = [
        *_course(old, new, text),
        *_items(old, new, text),
        *_outline(old, new),
        *_pools(old, new),
        *_media(old, new),
        *diff_questions(old, new, private),
    ]
    return Changes(new.id, new.title, False, tuple(dict.fromkeys(found)))


def _course(old: Course, new: Course, text: Text) -> Iterator[Change]:
    def change(severity: Severity, message: str, line: int = 1) -> Change:
        return Change("course.md", line, "course", "changed", severity, message)

    if old.id != new.id:
        yield change("learners", f"had the id {old.id}")
    for name in ("title", "summary"):
        if getattr(old, name) != getattr(new, name):
            yield change("words", f"{name} reworded", _line_of("course.md", name, text))
    if old.language != new.language:
        yield change("learners", f"language: {old.language} → {new.language}")
    for name, was, now in _settings(old, new):
        yield change("learners", f"{name}: {was} → {now}", _line_of("course.md", name, text))
    if old.about_html != new.about_html:
        yield change("words", "its own page reworded")
    if old.outcomes_html != new.outcomes_html:
        yield change("learners", "other learning outcomes")
    if old.cover != new.cover:
        yield change("words", "another cover")
    yield from _translations(old, new, "course.md", "course")


def _items(old: Course, new: Course, text: Text) -> Iterator[Change]:
    before = old.by_id
    seen = set()
    for item in new.items:
        was = before.get(item.id)
        if was is None:
            was = next((before[name] for name in item.aliases if name in before), None)
        if was is None:
            needed = "; required of those who enroll from now on" if item.required else ""
            yield _said(item, "learners", f"new{needed}", verb="new")
            continue
        seen.add(was.id)
        if was.id != item.id:
            yield _said(item, "learners", f"had the id {was.id}; its old address leads here")
        yield from _item(was, item, text)
    for was in old.items:
        if was.id not in seen:
            message = "retired: nobody needs it any more, what was recorded stays"
            yield Change("course.md", 1, _name(was), "retired", "learners", message)


def _item(old: Item, new: Item, text: Text) -> Iterator[Change]:
    if _name(old).split()[0] != _name(new).split()[0]:
        yield _said(new, "learners", f"was the {_name(old)}")
    if old.title != new.title:
        yield _said(new, "words", f"title: “{old.title}” → “{new.title}”")
    if old.path != new.path:
        yield _said(new, "words", f"moved here from {old.path}; its address stays")
    for name, was, now in _settings(old, new) if old.kind == new.kind else ():
        late = name in ("required", "pass_mark", "weight") and "; for those who enroll from now on"
        words = f"{name}: {was} → {now}{late or ''}"
        yield _said(new, "learners", words, line=_line_of(new.path, name, text))
    if lost := sorted(_sections(old) - _sections(new)):
        yield _said(new, "words", f"links to #{', #'.join(a.removeprefix('s-') for a in lost)} end")
    if isinstance(old, Lesson) and isinstance(new, Lesson):
        yield from _prose(old, new)
    elif isinstance(old, Quiz) and isinstance(new, Quiz):
        yield from _quiz(old, new)
    yield from _translations(old, new, new.path, _name(new))


def _sections(item: Item) -> set[str]:
    """What one can link to in a lesson; a quiz has nothing."""
    return {each.anchor for each in item.sections} if isinstance(item, Lesson) else set()


def _prose(old: Lesson, new: Lesson) -> Iterator[Change]:
    was = "\n".join(block.html for block in old.blocks if block.kind == "prose")
    now = "\n".join(block.html for block in new.blocks if block.kind == "prose")
    if was == now:
        return
    added, removed = _count_words(old.text, new.text)
    if added or removed:
        yield _said(new, "words", f"text changed: {added} words in, {removed} out")
    else:
        yield _said(new, "words", "links, pictures or layout changed")


def _count_words(old: str, new: str) -> tuple[int, int]:
    before, after = old.split(), new.split()
    added = removed = 0
    matcher = SequenceMatcher(None, before, after, autojunk=True)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            removed, added = removed + i2 - i1, added + j2 - j1
    return added, removed


def _quiz(old: Quiz, new: Quiz) -> Iterator[Change]:
    if old.intro_html != new.intro_html:
        yield _said(new, "words", "introduction reworded")
    before, after = _draws(old), _draws(new)
    for line in after:
        if line not in before:
            yield _said(new, "learners", f"draws {line}")
    for line in before:
        if line not in after:
            yield _said(new, "learners", f"no longer draws {line}")
    if old.size != new.size:
        yield _said(new, "learners", f"asks {new.size} questions instead of {old.size}")


def _draws(quiz: Quiz) -> list[str]:
    lines = []
    for entry in quiz.entries:
        if isinstance(entry, Draw):
            filters = [f"tag {tag}" for tag in entry.tags] + [
                f"level {one}" for one in entry.levels
            ]
            where = f" where {' and '.join(filters)}" if filters else ""
            lines.append(f"{entry.count} from pool {entry.pool}{where}")
    return lines


def _outline(old: Course, new: Course) -> Iterator[Change]:
    def change(message: str, verb: Verb = "changed") -> Change:
        return Change("course.md", 1, "outline", verb, "learners", message)

    before, after = ([item.id for item in course.items] for course in (old, new))
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield change("another order of lessons and quizzes")
    homes, modules = ({m.id: m for m in course.modules} for course in (old, new))
    for name, module in modules.items():
        was = homes.get(name)
        if was is None:
            yield change(f"module {name} is new", "new")
        elif was.title != module.title:
            yield change(f"module {name}: “{was.title}” → “{module.title}”")
    for name in homes.keys() - modules.keys():
        yield change(f"module {name} is gone", "retired")
    was_in = {item: name for name, module in homes.items() for item in module.items}
    for name, module in modules.items():
        for item in module.items:
            if was_in.get(item, name) != name and was_in[item] in modules:
                yield change(f"{item} moved from module {was_in[item]} to {name}")


def _pools(old: Course, new: Course) -> Iterator[Change]:
    before, after = ({pool.id: pool for pool in course.pools} for course in (old, new))
    for name, pool in after.items():
        was = before.get(name)
        subject = f"pool {name}"
        if was is None:
            words = f"new, with {len(pool.questions)} questions"
            yield Change(pool.path, 1, subject, "new", "learners", words)
        elif len(was.questions) != len(pool.questions):
            words = f"{len(pool.questions)} questions instead of {len(was.questions)}"
            yield Change(pool.path, 1, subject, "changed", "learners", words)
        if was is not None and was.path != pool.path:
            yield Change(pool.path, 1, subject, "changed", "words", f"moved here from {was.path}")
    for name in before.keys() - after.keys():
        yield Change("course.md", 1, f"pool {name}", "retired", "learners", "retired")


def _media(old: Course, new: Course) -> Iterator[Change]:
    before, after = ({file.path: file.hash for file in course.media} for course in (old, new))
    for path, digest in after.items():
        if path in before and before[path] != digest:
            yield Change(path, 1, "file", "changed", "words", "replaced")


def _translations(old: Any, new: Any, path: str, subject: str) -> Iterator[Change]:
    before, after = (
        {words.language: words for words in getattr(each, "translations", ())}
        for each in (old, new)
    )
    for language, words in after.items():
        place = getattr(words, "path", "") or path
        if language not in before:
            message = f"translated into {language}"
            yield Change(place, 1, subject, "new", "learners", message)
        elif words.stale and not before[language].stale:
            message = f"the translation into {language} is older than its source now"
            yield Change(place, 1, subject, "changed", "learners", message)
        elif before[language] != words:
            message = f"the translation into {language} is another"
            yield Change(place, 1, subject, "changed", "words", message)
    for language in sorted(before.keys() - after.keys()):
        message = f"no longer translated into {language}"
        yield Change(path, 1, subject, "retired", "learners", message)


# ------------------------------------------------------------------------------------- small parts


def _settings(old: Any, new: Any) -> Iterator[tuple[str, str, str]]:
    """(header key, before, after) of every setting that differs."""
    for field in fields(new):
        was, now = getattr(old, field.name, None), getattr(new, field.name)
        if field.name not in CONTENT and was != now:
            yield field.name, _value(field.name, was), _value(field.name, now)


def _value(name: str, value: Any) -> str:
    if value is None:
        return "unlimited" if name == "attempts" else "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in ("wait", "time_limit"):
        hours, minutes = divmod(value // 60, 60)
        return " ".join([f"{hours}h"] * bool(hours) + [f"{minutes}m"] * bool(minutes)) or "0"
    if isinstance(value, tuple):
        return ", ".join(str(getattr(each, "name", each)) for each in value) or "none"
    return str(value) if value != "" else "none"


def _line_of(path: str, key: str, text: Text) -> int:
    """The line of a header key, 1 where it only has its default."""
    header = text(path).split("\n---", 1)[0]
    for number, line in enumerate(header.splitlines(), 1):
        if re.match(rf"\ufeff?{re.escape(key)}\s*:", line):
            return number
    return 1


def _name(item: Item) -> str:
    kind = "lesson" if isinstance(item, Lesson) else "exam" if item.exam else "quiz"
    return f"{kind} {item.id}"


def _said(
    item: Item, severity: Severity, message: str, verb: Verb = "changed", line: int = 1
) -> Change:
    return Change(item.path, line, _name(item), verb, severity, message)
