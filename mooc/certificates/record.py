"""What a certificate says, once and for all: the frozen facts, and the hash that covers them.

The hash is SHA-256 over the RFC 8785 canonical JSON of `Facts.to_json()`. Everything in it is
public, so that a stranger can check it; who the learner is to this site (and, for an exception,
why) is pinned by `holder`, a salted digest that tells a stranger nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import rfc8785

VERSION = 1  # of the shape of `to_json`; a change of shape is a new number, old records keep theirs


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues: printed names, the `did:web` id, and the site's public address."""

    organization: str
    signatory_name: str
    signatory_role: str
    did: str
    base_url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one certificate. Empty text and None both mean: not printed.

    `mark` is the course grade in whole percent, rounded down. `revision` is the git commit that the
    course came from, or `worktree`. Moments are in UTC and whole seconds.
    """

    code: str
    kind: str
    edition: int
    name: str
    course_id: str
    course_title: str
    language: str
    lessons: int
    hours: str
    mark: int | None
    criteria: str
    law_as_of: date | None
    revision: str
    release_hash: str
    requirements_hash: str
    layout: str
    layout_hash: str
    awarded_at: datetime
    issued_at: datetime
    valid_until: datetime | None
    organization: str
    signatory_name: str
    signatory_role: str
    issuer_did: str
    base_url: str
    basis: str
    holder: str

    def to_json(self) -> dict[str, Any]:
        """The public record; its canonical form is what the record hash covers."""
        return {
            "type": "CertificateRecord",
            "version": VERSION,
            "code": self.code,
            "kind": self.kind,
            "edition": self.edition,
            "name": self.name,
            "course": {
                "id": self.course_id,
                "title": self.course_title,
                "language": self.language,
                "lessons": self.lessons,
                "hours": self.hours,
                "lawAsOf": self.law_as_of.isoformat() if self.law_as_of else None,
            },
            "mark": self.mark,
            "criteria": self.criteria,
            "release": {"revision": self.revision, "hash": self.release_hash},
            "requirementsHash": self.requirements_hash,
            "layout": {"name": self.layout, "hash": self.layout_hash},
            "awarded": _moment(self.awarded_at),
            "issued": _moment(self.issued_at),
            "validUntil": _moment(self.valid_until) if self.valid_until else None,
            "issuer": {
                "id": self.issuer_did,
                "organization": self.organization,
                "signatoryName": self.signatory_name,
                "signatoryRole": self.signatory_role,
            },
            "address": self.base_url,
            "basis": self.basis,
            "holder": self.holder,
        }

    @property
    def hash(self) -> str:
        """The record hash, in hex."""
        return hashlib.sha256(canonical(self.to_json())).hexdigest()

    @property
    def verify_url(self) -> str:
        """Where anybody can check this certificate; the QR code holds it."""
        return f"{self.base_url}/verify/{self.code}"

    @property
    def credential_id(self) -> str:
        """The address that names the credential, from the first day on."""
        return f"{self.base_url}/certificates/{self.code}.json"


def canonical(value: Any) -> bytes:
    """JSON with one possible spelling (RFC 8785, the JSON Canonicalization Scheme)."""
    return rfc8785.dumps(value)


def holder_digest(salt: str, *, enrollment_id: int, user_id: int, reason: str) -> str:
    """Pins learner, enrollment and the reason of an exception without revealing any of them."""
    value = {"salt": salt, "enrollment": enrollment_id, "user": user_id, "reason": reason}
    return hashlib.sha256(canonical(value)).hexdigest()


def whole_seconds(moment: datetime) -> datetime:
    """The moment in UTC without its fraction: what is stated, and what every database keeps."""
    return moment.astimezone(UTC).replace(microsecond=0)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
