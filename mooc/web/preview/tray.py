"""The files of a course for the outline beside a lesson and for the switcher in the bar."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for

from mooc.content.model import Item, Module, Quiz
from mooc.web.i18n import _
from mooc.web.preview.worktree import Draft, Sheet


@dataclass(frozen=True, slots=True)
class Row:
    """An item in the outline, as `components/outline.html` takes it."""

    item: Item
    url: str
    kind: str
    current: bool
    state: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A module in the outline."""

    module: Module
    number: int
    rows: tuple[Row, ...]
    open: bool
    state: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Files that belong together, under a title."""

    title: str
    sheets: tuple[Sheet, ...]


def chapters(draft: Draft, current: str = "") -> list[Chapter]:
    """The outline as learners see it, with what the outline forgot at its end."""
    course = draft.course
    listed = {name for module in course.modules for name in module.items}
    rest = tuple(item.id for item in course.items if item.id not in listed)
    modules = [*course.modules]
    if rest:
        modules.append(Module("outside", _("Not in the outline"), rest))
    found = []
    for number, module in enumerate(modules, 1):
        rows = tuple(_row(draft, course.by_id[name], current) for name in module.items)
        found.append(Chapter(module, number, rows, not current or current in module.items))
    return found


def html(draft: Draft, current: str) -> str:
    """The tray beside a lesson."""
    return render_template(
        "learn/outline.html", course=draft.course, chapters=chapters(draft, current), progress=None
    )


def groups(draft: Draft) -> list[Group]:
    """Every file that has a page here, in teaching order; broken ones stand where they were."""
    by_id = {sheet.id: sheet for sheet in draft.sheets.values() if sheet.id}
    found = [Group(_("The course"), (draft.sheets["course.md"],))]
    for module in draft.course.modules:
        sheets = tuple(by_id[name] for name in module.items if name in by_id)
        found.append(Group(module.title, sheets))
    seen = {sheet.path for group in found for sheet in group.sheets}
    rest = [sheet for path, sheet in draft.sheets.items() if path not in seen]
    pools = tuple(sheet for sheet in rest if sheet.kind == "pool")
    others = tuple(sheet for sheet in rest if sheet.kind != "pool")
    lost = tuple(sheet for sheet in others if sheet.listed and sheet.errors)
    outside = tuple(sheet for sheet in others if not sheet.listed)
    more = tuple(sheet for sheet in others if sheet not in (*lost, *outside))
    named = [
        Group(_("With errors"), lost),
        Group(_("Not in the outline"), outside),
        Group(_("Pools"), pools),
        Group(_("Other files"), more),
    ]
    return [*found, *(group for group in named if group.sheets)]


def address(draft: Draft, sheet: Sheet) -> str:
    """Where the page of a file is."""
    if sheet.kind == "course":
        return url_for("catalog.course", course_id=draft.course.id)
    if sheet.content is not None:
        return url_for("learn.item", course_id=draft.course.id, item_id=sheet.id)
    return url_for("preview.file", course_id=draft.course.id, path=sheet.path)


def kind(item: Item) -> str:
    """What an item is, for its icon."""
    if isinstance(item, Quiz):
        return "exam" if item.exam else "quiz"
    return "lesson"


def _row(draft: Draft, item: Item, current: str) -> Row:
    url = url_for("learn.item", course_id=draft.course.id, item_id=item.id)
    return Row(item, url, kind(item), item.id == current)
