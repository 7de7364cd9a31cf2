"""Facts and graduates for the tests of certificates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask import Flask

from mooc.catalog import queries as catalog
from mooc.certificates.record import Facts, Issuer
from mooc.content.model import Lesson
from mooc.db import db
from mooc.learning import actions as learning
from mooc.learning.actions.enrollments import note_fact

CODE = "K7Q2-9FDM-3TXA-0W5H-X"
MOMENT = datetime(2026, 11, 23, 12, 30, 5, tzinfo=UTC)
ISSUER = Issuer(
    organization="Technology Center",
    signatory_name="Mary Signer",
    signatory_role="Director",
    did="did:web:ip.example",
    base_url="https://ip.example",
)


def facts(**changes: Any) -> Facts:
    """A certificate of a short course, with whatever a test cares about changed."""
    values: dict[str, Any] = {
        "code": CODE,
        "kind": "completion",
        "edition": 1,
        "name": "Anna Maria Weber",
        "course_id": "ip-essentials",
        "course_title": "Intellectual Property Essentials",
        "language": "en",
        "lessons": 9,
        "hours": "4",
        "mark": 87,
        "criteria": "Complete 9 lessons.",
        "law_as_of": date(2025, 12, 31),
        "revision": "1f9c2ab" + "0" * 33,
        "release_hash": "9d" * 32,
        "requirements_hash": "ab" * 32,
        "layout": "default",
        "layout_hash": "cd" * 32,
        "awarded_at": MOMENT,
        "issued_at": MOMENT,
        "valid_until": None,
        "organization": ISSUER.organization,
        "signatory_name": ISSUER.signatory_name,
        "signatory_role": ISSUER.signatory_role,
        "issuer_did": ISSUER.did,
        "base_url": ISSUER.base_url,
        "basis": "rule",
        "holder": "ef" * 32,
    }
    return Facts(**{**values, **changes})


def graduate(app: Flask, user_id: int, course_id: str, now: datetime, score: int = 85) -> int:
    """Enroll somebody and let them pass everything with `score` percent; the enrollment's id."""
    with app.app_context():
        live = catalog.course(course_id)
        enrollment = learning.enroll(user_id, live, now=now)
        for item in live.course.items:
            cell = {"d": 1} if isinstance(item, Lesson) else {"n": 1, "s": [score, 100]}
            note_fact(enrollment, live, item.id, {**enrollment.packed, item.id: cell}, now)
        db.session.commit()
        return enrollment.id
