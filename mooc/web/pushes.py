"""The job behind a push: fetch, publish, keep the report, tell those whom it concerns."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from mooc.accounts import queries as accounts
from mooc.accounts.actions import normalized_email
from mooc.accounts.models import User
from mooc.catalog.actions import Report
from mooc.catalog.mirror import Commit
from mooc.catalog.models import Push
from mooc.catalog.queries import refresh
from mooc.content.model import Problem
from mooc.content.places import NoRoot, read_roots
from mooc.content.roots import Found, Site, site
from mooc.db import db
from mooc.errors import MoocError
from mooc.operations.actions import send
from mooc.web.config import Settings, settings
from mooc.web.fetching import fetch_all
from mooc.web.i18n import sentence
from mooc.web.publishing import publish_courses

MOST_PROBLEMS = 100  # of one course, in a report
IN_A_LETTER = 20


def fetch_and_publish(push_id: int, now: datetime) -> None:
    """Deal with a push, once. What fails is noted for staff, and raised so that it is tried again.

    Done twice it publishes nothing new: the fetched head is live already then.
    """
    push = db.session.get(Push, push_id)
    if push is None or push.finished_at is not None:
        return
    holder = f"a push of {push.received_at:%Y-%m-%d %H:%M} UTC"
    db.session.rollback()
    here = settings()
    try:
        commits = [commit for _address, commit in fetch_all(here)]
        found = site(read_roots(here.roots))
        done = publish_courses(found, holder=holder)
    except (MoocError, NoRoot) as error:
        _note(push_id, error)
        raise
    push = db.session.get_one(Push, push_id)
    push.error, push.finished_at = "", now
    push.report = report_of(found, done)
    if commits:
        push.revision, push.author = commits[0].id, commits[0].author
    _write_letters(push, commits, here, now)
    db.session.commit()


def _note(push_id: int, error: Exception) -> None:
    db.session.rollback()
    words = sentence(error) if isinstance(error, MoocError) else str(error)
    db.session.get_one(Push, push_id).error = words[:400]
    db.session.commit()


def report_of(found: Site, done: list[tuple[Found, Report]]) -> list[dict[str, Any]]:
    """What came of each course, as JSON; what is wrong between courses comes last, without one."""
    rows = [
        {
            "course": report.course_id or course.id,
            "folder": course.name,
            "outcome": report.outcome,
            "counts": dict(report.changes.counted()) if report.changes else {},
            "first": bool(report.changes and report.changes.first),
            "problems": [
                _row(problem, course.shown(problem.path))
                for problem in sorted(report.problems, key=_gravest)[:MOST_PROBLEMS]
            ],
        }
        for course, report in done
    ]
    if found.problems:
        problems = [_row(problem, problem.path) for problem in found.problems[:MOST_PROBLEMS]]
        rows.append({"course": "", "folder": "", "outcome": "kept", "problems": problems})
    return rows


def _row(problem: Problem, path: str) -> dict[str, Any]:
    """A problem without the line itself, which may hold a key."""
    row = asdict(problem) | {"path": path, "severity": problem.severity}
    return {name: value for name, value in row.items() if name != "source"}


def _gravest(problem: Problem) -> tuple[bool, Problem]:
    return problem.severity != "error", problem


# ----------------------------------------------------------------------------------------- letters


def _write_letters(push: Push, commits: list[Commit], here: Settings, now: datetime) -> None:
    """One letter for each who must know: the author, if they are staff, else who teaches."""
    told = [row for row in push.report if row["outcome"] != "unchanged"]
    if not told:
        return
    live = refresh().courses
    known = [row["course"] for row in told if row["course"] in live]
    values: dict[str, Any] = {
        "courses": [_told(row) for row in told],
        "commit": push.revision[:12],
        "kept": any(row["outcome"] == "kept" for row in told),
    }
    if known:
        values["url"] = f"{here.base_url.rstrip('/')}/teach/{known[0]}/releases"
    for user in _readers(commits, [row["course"] for row in told]):
        key = f"push:{push.id}:{user.id}"
        send(
            "push-report",
            to=user.email,
            locale=user.locale,
            key=key,
            parameters={**values, "name": user.name},
            now=now,
        )


def _told(row: dict[str, Any]) -> dict[str, Any]:
    problems = [
        f"{each['path']}:{each['line']}:{each['column']}: {each['code']} {each['message']}"
        for each in row["problems"]
        if each["severity"] == "error"
    ]
    return {
        "name": row["course"] or row["folder"],
        "kept": row["outcome"] == "kept",
        "problems": problems[:IN_A_LETTER],
        "more": max(0, len(problems) - IN_A_LETTER),
    }


def _readers(commits: list[Commit], courses: list[str]) -> list[User]:
    for commit in commits:
        author = accounts.user_by_email(normalized_email(commit.author_email))
        if author and author.active and author.confirmed_at and accounts.grants_of(author.id):
            return [author]
    return accounts.teachers_of(courses) or accounts.teachers_of([])
