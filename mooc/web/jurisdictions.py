"""Whose law a reader sees in a lesson, and what jurisdictions are called.

Nothing chosen means everything is shown. What was not chosen is folded into one line that opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Flask
from werkzeug.datastructures import MultiDict

from mooc.content.jurisdictions import canonical
from mooc.content.model import Lesson, Practice, Prose
from mooc.web import i18n
from mooc.web.i18n import _l

ORGANISATIONS: Mapping[str, object] = {
    "AP": _l("ARIPO"),
    "BX": _l("Benelux"),
    "EA": _l("Eurasian Patent Organization"),
    "EP": _l("European Patent Organisation"),
    "GC": _l("Gulf Cooperation Council"),
    "OA": _l("OAPI"),
    "WO": _l("WIPO and its treaties"),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Blocks of a lesson that one sees or does not. `only` is empty for what is for everybody."""

    only: tuple[str, ...]
    title: str  # of the section
    folded: bool
    blocks: tuple[Prose | Practice, ...]


def init(app: Flask) -> None:
    """Templates call a jurisdiction by its name, and offer those that lessons part by."""
    app.jinja_env.globals.update(
        jurisdiction_name=name, jurisdictions_offered=offered, law=i18n.law
    )


def name(code: str) -> str:
    """A jurisdiction in the reader's language."""
    if code in ORGANISATIONS:
        return str(ORGANISATIONS[code])
    return str(i18n.babel_locale().territories.get(code, code))


def wanted(lesson: Lesson, law: str) -> tuple[str, ...] | None:
    """The chosen ones of a lesson's jurisdictions; None when there was nothing to choose."""
    if not law or not lesson.laws:
        return None
    return tuple(code for code in lesson.laws if code in law.split("."))


def stretches(lesson: Lesson, law: str) -> list[Stretch]:
    """A lesson for a reader who wants the law of some jurisdictions, as in `EU.US`."""
    picked = wanted(lesson, law)
    titles = {section.anchor: section.title for section in lesson.sections}
    found = []
    for (section, only), blocks in groupby(lesson.blocks, lambda one: (one.section, one.only)):
        folded = picked is not None and bool(only) and not set(only) & set(picked)
        found.append(Stretch(only, titles.get(section, ""), folded, tuple(blocks)))
    return found


def chosen(before: str, form: MultiDict[str, str]) -> str:
    """What is wanted after a form that offered `laws` came back with some of them as `law`.

    What was chosen elsewhere stays. Ticking all without having chosen before chooses nothing.
    """
    shown = canonical(form.get("laws", "").split("."))
    ticked = [code for code in canonical(form.getlist("law")) if code in shown]
    kept = [code for code in before.split(".") if code not in shown]
    if not before and len(ticked) == len(shown):
        return ""
    return ".".join(canonical([*kept, *ticked]))


def offered(law: str) -> Sequence[str]:
    """All jurisdictions that a lesson of a live course has a section for, and those chosen."""
    from mooc.catalog import queries as catalog  # a preview has no database

    courses = catalog.live().courses.values()
    lessons = (item for one in courses for item in one.course.items if isinstance(item, Lesson))
    return by_name(
        {code for each in lessons for code in each.laws} | set(canonical(law.split(".")))
    )


def by_name(codes: Iterable[str]) -> Sequence[str]:
    """Jurisdictions in the order of their names."""
    return sorted(codes, key=name)
