"""Promise a job, a letter or an audit line, inside the caller's transaction.

Nothing here runs or sends anything: `web.jobs` does, after the commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mooc.db import Base, db
from mooc.operations.models import AuditEvent, Job, Mail

LEASE = timedelta(minutes=5)
MAX_TRIES = 5


def insert_once(model: type[Base], values: Mapping[str, Any], conflict: list[str]) -> int | None:
    """Insert a row unless one with the same `conflict` columns exists: its id, or None."""
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    table: Any = model.__table__
    statement = (
        insert(table)
        .values(**values)
        .on_conflict_do_nothing(index_elements=conflict)
        .returning(table.c.id)
    )
    return db.session.execute(statement).scalar_one_or_none()


def enqueue(
    kind: str, key: str, row_id: int | None, *, now: datetime, due_at: datetime | None = None
) -> None:
    """Promise to run `kind` on a row. A second promise with the same key changes nothing."""
    values = {
        "kind": kind,
        "key": key,
        "row_id": row_id,
        "state": "waiting",
        "tries": 0,
        "created_at": now,
        "due_at": due_at or now,
        "error": "",
    }
    insert_once(Job, values, ["key"])
    db.session.info["jobs_promised"] = True


def send(
    template: str,
    *,
    to: str,
    locale: str,
    key: str,
    parameters: Mapping[str, Any],
    now: datetime,
) -> None:
    """Put a letter into the outbox; `templates/mail/<template>.txt` words it when it is sent."""
    values = {
        "key": key,
        "recipient": to,
        "template": template,
        "locale": locale,
        "parameters": dict(parameters),
        "created_at": now,
    }
    mail_id = insert_once(Mail, values, ["key"])
    if mail_id is not None:
        enqueue("mail.send", f"mail.send:{mail_id}", mail_id, now=now)


def record(
    action: str,
    *,
    actor_id: int | None,
    subject: tuple[str, object],
    now: datetime,
    **details: Any,
) -> None:
    """Write an audit line: `record("role.granted", actor_id=1, subject=("user", 7), now=now)`."""
    kind, identity = subject
    db.session.add(
        AuditEvent(
            at=now,
            actor_id=actor_id,
            action=action,
            subject_kind=kind,
            subject_id=str(identity),
            details=details,
        )
    )


def take(session: Session, job_id: int, *, now: datetime) -> Job | None:
    """Lease a due job to this worker, or None when another worker has it or it is finished."""
    free = or_(
        Job.state == "waiting",
        and_(Job.state == "running", Job.lease_until < now),
    )
    statement = (
        update(Job)
        .where(Job.id == job_id, Job.due_at <= now, free)
        .values(state="running", lease_until=now + LEASE, tries=Job.tries + 1)
        .returning(Job)
    )
    return session.execute(statement).scalar_one_or_none()
