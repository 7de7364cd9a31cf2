"""Tell a learner what was earned, issue the record, make its PDF. Each may be done twice safely."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mooc.accounts.models import User
from mooc.catalog import queries as catalog
from mooc.catalog.queries import LiveCourse
from mooc.certificates import codes, fonts, queries, store
from mooc.certificates.criteria import criteria_text
from mooc.certificates.layout import layout
from mooc.certificates.models import Certificate, CertificateEvent, CertificatePdf
from mooc.certificates.names import confirmed_name
from mooc.certificates.record import Facts, Issuer, holder_digest, whole_seconds
from mooc.db import db, reading
from mooc.errors import Conflict
from mooc.learning.queries import Standing, standing
from mooc.operations.actions import enqueue, insert_once, record, send

NONE = "none"  # a course's `certificate: none`


@dataclass(frozen=True, slots=True)
class Letter:
    """What a learner is told about a course's certificate; the row makes it the only one."""

    template: str
    row_id: int
    course_id: str
    course_title: str


def consider(enrollment_id: int, now: datetime, base_url: str) -> None:
    """Write to a learner who has earned a certificate, once: the name is to be confirmed."""
    stand = standing(enrollment_id)
    enrollment = stand.enrollment
    live = catalog.live().get(enrollment.course_id)
    if live is None or live.course.certificate == NONE or not queries.reasons(stand).met:
        return
    if queries.certificate_of(enrollment_id) is None:
        letter = Letter("certificate-earned", enrollment_id, live.course.id, live.course.title)
        _write(letter, enrollment.user_id, base_url, now)


def issue(
    enrollment_id: int, typed_name: str, *, issuer: Issuer, actor_id: int, now: datetime
) -> Certificate:
    """Freeze the facts under a fresh code and promise the PDF; the certificate there is, if any.

    Raises Conflict when it is not earned, Invalid for a name that cannot be printed.
    """
    if (existing := queries.certificate_of(enrollment_id)) is not None:
        return existing
    stand = standing(enrollment_id)
    live = catalog.course(stand.enrollment.course_id)
    if live.course.certificate == NONE or not queries.reasons(stand).met:
        raise Conflict("certificate.not_earned", course=live.course.id)
    try:
        name = confirmed_name(typed_name)
    except fonts.FontsMissing:
        raise Conflict("certificate.unavailable") from None
    values = _record(stand, live, name, issuer, now)
    certificate_id = insert_once(Certificate, values, ["enrollment_id", "kind", "edition"])
    issued = queries.certificate_of(enrollment_id)
    assert issued is not None  # noqa: S101 - just inserted, here or by another hand
    if certificate_id is None:
        return issued
    _act(issued, "issued", "earned", actor_id, now)
    enqueue(queries.RENDER, f"{queries.RENDER}:{issued.id}", issued.id, now=now)
    subject = ("certificate", issued.id)
    record("certificate.issued", actor_id=actor_id, subject=subject, now=now, code=issued.code)
    return issued


def try_again(certificate: Certificate, now: datetime) -> None:
    """Promise the PDF once more if making it was given up."""
    if queries.making(certificate.id) == "failed":
        count = len(queries.renderings(certificate.id))
        key = f"{queries.RENDER}:{certificate.id}:{count + 1}"
        enqueue(queries.RENDER, key, certificate.id, now=now)


def render(certificate_id: int, now: datetime, folder: Path, base_url: str) -> None:
    """Make the PDF of a record, keep it by its hash, write to the learner. Done once, then free.

    Raises `render.RenderError`; the job is then tried again. No transaction is open meanwhile.
    """
    from mooc.certificates import render as press

    with reading():
        certificate = db.session.get_one(Certificate, certificate_id)
        facts, user_id = queries.facts_of(certificate), certificate.user_id
        done = queries.pdf_of(certificate_id) is not None
    if done:
        return
    data = press.pdf(facts)
    values = {
        "certificate_id": certificate_id,
        "variant": press.VARIANT,
        "sha256": store.keep(data, folder),
        "size": len(data),
        "layout_hash": layout(facts.layout).hash,
        "renderer": press.renderer(),
        "fonts": fonts.fingerprint(),
        "made_at": now,
    }
    insert_once(CertificatePdf, values, ["certificate_id", "variant"])
    letter = Letter("certificate-ready", certificate_id, facts.course_id, facts.course_title)
    _write(letter, user_id, base_url, now)


def _record(
    stand: Standing, live: LiveCourse, name: str, issuer: Issuer, now: datetime
) -> dict[str, Any]:
    """The row: every fact, the hash over exactly these, and the pointers into this database."""
    course, agreed, enrollment = live.course, stand.requirements, stand.enrollment
    form = layout(course.certificate)
    grade = stand.progress.grade
    salt = secrets.token_hex(16)
    required = [each for each in agreed.items if each.required and each.item in course.by_id]
    facts = Facts(
        code=codes.new_code(),
        kind=queries.COMPLETION,
        edition=1,
        name=name,
        course_id=course.id,
        course_title=course.title,
        language=course.language,
        lessons=sum(each.kind == "lesson" for each in required),
        hours=course.hours,
        mark=None if grade is None else int(grade * 100),
        criteria=criteria_text(agreed, course.by_id, course.language),
        law_as_of=course.law_as_of,
        revision=live.revision,
        release_hash=live.hash,
        requirements_hash=agreed.hash,
        layout=form.name,
        layout_hash=form.hash,
        awarded_at=whole_seconds(enrollment.passed_at or now),
        issued_at=whole_seconds(now),
        valid_until=None,
        organization=issuer.organization,
        signatory_name=issuer.signatory_name,
        signatory_role=issuer.signatory_role,
        issuer_did=issuer.did,
        base_url=issuer.base_url,
        basis="rule",
        holder=holder_digest(
            salt, enrollment_id=enrollment.id, user_id=enrollment.user_id, reason=""
        ),
    )
    return asdict(facts) | {
        "enrollment_id": enrollment.id,
        "user_id": enrollment.user_id,
        "release_id": live.release_id,
        "salt": salt,
        "basis_reason": "",
        "record_hash": facts.hash,
    }


def _act(certificate: Certificate, kind: str, reason: str, actor_id: int, now: datetime) -> None:
    db.session.add(
        CertificateEvent(
            certificate_id=certificate.id, kind=kind, at=now, actor_id=actor_id, reason=reason
        )
    )


def _write(letter: Letter, user_id: int, base_url: str, now: datetime) -> None:
    """Put a letter into the outbox once; nobody is written to whose account is gone."""
    user = db.session.get(User, user_id)
    if user is None:
        return
    url = f"{base_url.rstrip('/')}/courses/{letter.course_id}/certificate"
    send(
        letter.template,
        to=user.email,
        locale=user.locale,
        key=f"{letter.template}:{letter.row_id}",
        parameters={"name": user.name, "course": letter.course_title, "url": url},
        now=now,
    )
