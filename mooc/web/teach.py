"""What those who teach a course see of it: for now, its releases and the last push."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from mooc.catalog import actions, history, queries
from mooc.catalog.history import Published
from mooc.catalog.models import Push
from mooc.catalog.queries import LiveCourse
from mooc.content.changes import Changes
from mooc.db import db, utcnow
from mooc.errors import Conflict
from mooc.web.i18n import _, _n
from mooc.web.security import allow, me

bp = Blueprint("teach", __name__, url_prefix="/teach")

SHOWN = 20  # releases on the page


@bp.get("/<course_id>/releases")
@allow("instructor")
def releases(course_id: str) -> str:
    """What was published of a course, and what the last push came to."""
    live = queries.course(course_id)
    listed = history.releases(course_id, SHOWN)
    push = history.last_push()
    return render_template(
        "teach/releases.html",
        course=live.course,
        releases=[(each, headline(history.changes_of(each))) for each in listed],
        push=push,
        pushed=_of_course(push, live),
    )


@bp.get("/<course_id>/releases/<int:number>/roll-back")
@allow("instructor")
def ask_roll_back(course_id: str, number: int) -> str:
    """What going back would mean, and one button."""
    live, target = _target(course_id, number)
    changes = history.between(live.release_id, target.release_id)
    return render_template(
        "teach/roll_back.html",
        course=live.course,
        release=target,
        headline=headline(changes),
        changes=list(changes.by_file()),
    )


@bp.post("/<course_id>/releases/<int:number>/roll-back")
@allow("instructor")
def roll_back(course_id: str, number: int) -> Response:
    """Make an older release live again. Attempts in progress stay on their versions."""
    _live, target = _target(course_id, number)
    actions.roll_back(course_id, target.release_id, now=utcnow(), actor_id=me().id)
    db.session.commit()
    queries.refresh()
    flash(_("Release %(number)s is live now.", number=number), "success")
    return redirect(url_for(".releases", course_id=course_id), 303)


def _target(course_id: str, number: int) -> tuple[LiveCourse, Published]:
    live = queries.course(course_id)
    target = history.release(course_id, number)
    if target.live:
        raise Conflict("release.live")
    return live, target


def _of_course(push: Push | None, live: LiveCourse) -> list[dict[str, Any]]:
    """What a push's report says of a course, also when its id could not be read."""
    folder = live.sources[0].get("folder", "").rpartition("/")[2]
    return [
        row
        for row in (push.report if push else ())
        if row["course"] == live.course.id or (not row["course"] and row["folder"] in ("", folder))
    ]


def headline(changes: Changes) -> str:
    """What changed, in one line, in the reader's language."""
    if changes.first:
        return str(_("First release"))
    return counted(changes.counted())


@bp.app_template_global("counted_changes")
def counted(counts: dict[Any, int]) -> str:
    """So many changes of each kind."""
    parts = [
        _n("%(num)d change to marking", "%(num)d changes to marking", counts["regrade"])
        if counts.get("regrade")
        else "",
        _n(
            "%(num)d change that learners notice",
            "%(num)d changes that learners notice",
            counts["learners"],
        )
        if counts.get("learners")
        else "",
        _n("%(num)d change of wording", "%(num)d changes of wording", counts["words"])
        if counts.get("words")
        else "",
    ]
    said = ", ".join(part for part in parts if part)
    return said or str(_("No change in meaning"))
