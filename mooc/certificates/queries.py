"""Reads of certificates: by code, by enrollment, what became of them, and how far the PDF is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from mooc.catalog.queries import names
from mooc.certificates.codes import parse
from mooc.certificates.eligibility import Reason, eligibility
from mooc.certificates.models import Certificate, CertificateEvent, CertificatePdf
from mooc.certificates.record import Facts
from mooc.certificates.status import Status, status
from mooc.db import db
from mooc.errors import NotFound
from mooc.learning.queries import Standing
from mooc.operations.models import Job

COMPLETION = "completion"
RENDER = "certificate.render"
Making = Literal["ready", "waiting", "failed"]
_FACTS = tuple(each.name for each in fields(Facts))


def by_code(typed: str) -> Certificate:
    """The certificate with the code somebody typed, however they typed it. Raises NotFound.

    What cannot be a code is looked up too, so that it takes as long as one that is unknown.
    """
    statement = select(Certificate).where(Certificate.code == (parse(typed) or ""))
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound("certificate")
    return found


def certificate_of(enrollment_id: int, kind: str = COMPLETION) -> Certificate | None:
    """The certificate of an enrollment that no later edition replaces."""
    statement = (
        select(Certificate)
        .where(Certificate.enrollment_id == enrollment_id, Certificate.kind == kind)
        .order_by(Certificate.edition.desc())
        .limit(1)
    )
    return db.session.execute(statement).scalar_one_or_none()


def certificates_of(enrollment_ids: Collection[int]) -> dict[int, Certificate]:
    """The newest certificate of each of these enrollments that has one, by enrollment id."""
    if not enrollment_ids:
        return {}
    statement = (
        select(Certificate)
        .where(Certificate.enrollment_id.in_(enrollment_ids), Certificate.kind == COMPLETION)
        .order_by(Certificate.edition)
    )
    return {row.enrollment_id: row for row in db.session.execute(statement).scalars()}


def certificate_in(user_id: int, course_id: str) -> Certificate | None:
    """A person's newest certificate of a course, whatever became of enrollment and course."""
    statement = (
        select(Certificate)
        .where(Certificate.user_id == user_id, Certificate.course_id.in_(names(course_id)))
        .order_by(Certificate.id.desc())
        .limit(1)
    )
    return db.session.execute(statement).scalar_one_or_none()


def facts_of(certificate: Certificate) -> Facts:
    """The frozen facts as a value: what is printed, shown and hashed."""
    return Facts(**{name: getattr(certificate, name) for name in _FACTS})


def status_of(certificate: Certificate, now: datetime) -> Status:
    """Whether the certificate stands, from its events alone."""
    acts = [event.kind for event in events_of(certificate.id)]
    return status(acts, valid_until=certificate.valid_until, now=now)


def events_of(certificate_id: int) -> list[CertificateEvent]:
    """What was done about a certificate, oldest first."""
    statement = (
        select(CertificateEvent)
        .where(CertificateEvent.certificate_id == certificate_id)
        .order_by(CertificateEvent.id)
    )
    return list(db.session.execute(statement).scalars())


def pdf_of(certificate_id: int) -> CertificatePdf | None:
    """The PDF of a certificate, None while it is being made."""
    statement = (
        select(CertificatePdf)
        .where(CertificatePdf.certificate_id == certificate_id)
        .order_by(CertificatePdf.id)
        .limit(1)
    )
    return db.session.execute(statement).scalar_one_or_none()


def renderings(certificate_id: int) -> list[Job]:
    """The jobs that were promised to make this PDF, oldest first."""
    statement = select(Job).where(Job.kind == RENDER, Job.row_id == certificate_id).order_by(Job.id)
    return list(db.session.execute(statement).scalars())


def making(certificate_id: int) -> Making:
    """How far the PDF is: there, on its way, or given up until somebody asks again."""
    if pdf_of(certificate_id) is not None:
        return "ready"
    jobs = renderings(certificate_id)
    return "failed" if jobs and jobs[-1].state == "failed" else "waiting"


def reasons(standing: Standing) -> Reason:
    """Why this learner has earned the certificate or what is missing."""
    return eligibility(
        standing.requirements, standing.progress, purpose=standing.enrollment.purpose
    )
