"""Which jobs are due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select

from mooc.db import db
from mooc.operations.models import Job


def due_jobs(now: datetime, limit: int = 100) -> list[int]:
    """Ids of jobs to run now, oldest first, those of dead workers among them."""
    due = or_(Job.state == "waiting", and_(Job.state == "running", Job.lease_until < now))
    statement = (
        select(Job.id).where(due, Job.due_at <= now).order_by(Job.due_at, Job.id).limit(limit)
    )
    return list(db.session.execute(statement).scalars())
