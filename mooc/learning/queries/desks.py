"""Who reads a course page and where they stand in that course: one joined query."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Text, and_, bindparam, cast, select

from mooc.accounts.queries import SIGNED_IN, VIEWER_COLUMNS, VIEWER_TABLES, Viewer, viewer_of
from mooc.catalog.queries import live
from mooc.db import fetch_one
from mooc.learning import packing
from mooc.learning.models import Enrollment
from mooc.learning.progress import Requirements


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is reading a course page and where they stand in that course, from one query.

    `packed` and `agreed` are the JSON texts as stored: cheap to compare, parsed only when needed.
    """

    viewer: Viewer
    enrollment_id: int | None
    packed: str = "{}"
    agreed: str = ""
    latest_item: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)  # present ids of items by old ones

    @property
    def states(self) -> packing.Packed:
        parsed: packing.Packed = json.loads(self.packed)
        return packing.renamed(parsed, self.renamed)

    @property
    def requirements(self) -> Requirements:
        return Requirements.from_json(json.loads(self.agreed)).renamed(self.renamed)


_enrollment = Enrollment.__table__.c
_DESK = (
    select(
        *VIEWER_COLUMNS,
        _enrollment.id.label("enrollment_id"),
        cast(_enrollment.packed, Text).label("packed"),
        cast(_enrollment.requirements, Text).label("agreed"),
        _enrollment.latest_item.label("latest_item"),
    )
    .select_from(
        VIEWER_TABLES.outerjoin(
            Enrollment.__table__,
            and_(
                _enrollment.user_id == VIEWER_COLUMNS[0].element,
                _enrollment.course_id == bindparam("course_id"),
                _enrollment.active.is_(True),
            ),
        )
    )
    .where(SIGNED_IN)
)


def desk(session_code: str, course_id: str, now: datetime) -> Desk | None:
    """The viewer of a course page and their active enrollment; None when nobody is signed in.

    One query, and one more for each earlier id of a course until the enrollment is found.
    """
    published = live().get(course_id)
    row = fetch_one(_DESK, {"session_code": session_code, "course_id": course_id})
    for name in published.course.aliases if published else ():
        if row is None or row.enrollment_id is not None:
            break
        row = fetch_one(_DESK, {"session_code": session_code, "course_id": name})
    viewer = viewer_of(row, now) if row is not None else None
    if row is None or viewer is None:
        return None
    if row.enrollment_id is None:
        return Desk(viewer, None)
    renamed = published.course.renamed if published else {}
    return Desk(viewer, row.enrollment_id, row.packed, row.agreed, row.latest_item, renamed)
