"""Certificates as they stand for ever: the record, its PDF, and what was done about it since.

Rows here are inserted and never changed. A certificate keeps no foreign key to a person or an
enrollment: when those go, what was certified stays.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from mooc.db import Base, UTCDateTime

EVENTS = ("issued", "superseded", "revoked", "restored", "expired", "withdrawn")
REASONS = (
    "earned",
    "exception",
    "name corrected",
    "issued in error",
    "misconduct",
    "appeal upheld",
    "holder's wish",
    "term ended",
)
VARIANTS = ("pdf/ua-1",)


class Certificate(Base):
    """The frozen record. `record.Facts` names the columns that `record_hash` covers.

    `edition` counts within (enrollment, kind): a correction inserts the next one, so the unique
    index lets two hands issue only once, and the highest edition is the one that is not superseded.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        Index(None, "enrollment_id", "kind", "edition", unique=True),
        CheckConstraint("basis in ('rule', 'exception')", name="basis"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(index=True)
    release_id: Mapped[int]
    salt: Mapped[str] = mapped_column(String(32))
    basis_reason: Mapped[str] = mapped_column(Text, default="")
    record_hash: Mapped[str] = mapped_column(String(64))

    code: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    edition: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    course_id: Mapped[str] = mapped_column(String(60))
    course_title: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(20))
    lessons: Mapped[int]
    hours: Mapped[str] = mapped_column(String(40))
    mark: Mapped[int | None]
    criteria: Mapped[str] = mapped_column(Text)
    law_as_of: Mapped[date | None] = mapped_column(Date)
    revision: Mapped[str] = mapped_column(String(64))
    release_hash: Mapped[str] = mapped_column(String(64))
    requirements_hash: Mapped[str] = mapped_column(String(64))
    layout: Mapped[str] = mapped_column(String(60))
    layout_hash: Mapped[str] = mapped_column(String(64))
    awarded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    valid_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    organization: Mapped[str] = mapped_column(Text)
    signatory_name: Mapped[str] = mapped_column(Text)
    signatory_role: Mapped[str] = mapped_column(Text)
    issuer_did: Mapped[str] = mapped_column(Text)
    base_url: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(10))
    holder: Mapped[str] = mapped_column(String(64))


class CertificatePdf(Base):
    """The PDF made of a record, kept by its hash in `var/certificates/` and never made again."""

    __tablename__ = "certificate_pdf"
    __table_args__ = (Index(None, "certificate_id", "variant", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    variant: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    layout_hash: Mapped[str] = mapped_column(String(64))
    renderer: Mapped[str] = mapped_column(String(80))
    fonts: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CertificateEvent(Base):
    """One explicit act. The status of a certificate follows from these and from nothing else."""

    __tablename__ = "certificate_event"
    __table_args__ = (
        Index(None, "certificate_id"),
        CheckConstraint(f"kind in {EVENTS!r}", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(40))


def _refuse(_mapper: Any, _connection: Any, target: Base) -> None:
    raise RuntimeError(f"a row of {target.__tablename__} is never changed or deleted")


for _model in (Certificate, CertificatePdf, CertificateEvent):
    event.listen(_model, "before_update", _refuse)
    event.listen(_model, "before_delete", _refuse)
