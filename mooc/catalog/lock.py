"""One publish at a time, however many hosts: a row that says who, kept alive by its holder."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from mooc.catalog.models import PublishLock
from mooc.db import UTCDateTime, db, writer, writing
from mooc.errors import Conflict

NAME = "publish"
PATIENCE = 10.0  # seconds to wait for another publish before saying who it is
LOOK_EVERY = 0.25
LEASE = timedelta(seconds=45)
BEAT = 10.0  # seconds after which a holder says again that it is alive

log = logging.getLogger(__name__)
_row: Any = PublishLock.__table__


@dataclass(frozen=True, slots=True)
class Held:
    """The lock, in the hands of this process."""

    token: str

    def confirm(self) -> None:
        """Keep it until the transaction in progress ends. Raises Conflict when it was lost."""
        statement = select(_row.c.holder).where(_row.c.token == self.token).with_for_update()
        if db.session.execute(statement).first() is None:
            raise Conflict("publish.lost")


@contextmanager
def publishing(holder: str, *, patience: float = PATIENCE) -> Iterator[Held]:
    """Hold the lock in this block, in transactions of its own.

    Raises Conflict `publish.busy` with the other holder and since when, once patience is over. A
    holder that was killed is found dead at once on its own host, elsewhere when its lease is over.
    """
    token = secrets.token_hex(16)
    until = time.monotonic() + patience
    while (other := _take(token, holder)) is not None:
        if time.monotonic() >= until:
            raise Conflict("publish.busy", holder=other[0], since=other[1])
        time.sleep(LOOK_EVERY)
    stopped = threading.Event()
    beat = threading.Thread(target=_beat, args=(writer(), token, stopped), daemon=True)
    beat.start()
    try:
        yield Held(token)
    except BaseException:
        db.session.rollback()  # what failed may hold the very lock that freeing this one needs
        raise
    finally:
        stopped.set()
        with writing() as connection:
            connection.execute(delete(_row).where(_row.c.token == token))
        beat.join(1)


def _take(token: str, holder: str) -> tuple[str, datetime] | None:
    """Take the lock; the other holder and its beginning, if there is one."""
    try:
        with writing() as connection:
            return _taken(connection, token, holder)
    except IntegrityError:  # another one was faster by a hair; the next look finds out who
        return "", datetime.min.replace(tzinfo=UTC)


def _taken(connection: Connection, token: str, holder: str) -> tuple[str, datetime] | None:
    now = connection.execute(select(func.current_timestamp(type_=UTCDateTime))).scalar_one()
    found = connection.execute(
        select(_row).where(_row.c.name == NAME).with_for_update()
    ).one_or_none()
    values = {
        "token": token,
        "holder": holder[:200],
        "place": _place(),
        "pid": os.getpid(),
        "since": now,
        "lease_until": now + LEASE,
    }
    if found is None:
        connection.execute(insert(_row).values(name=NAME, **values))
        return None
    if found.lease_until >= now and not _is_dead(found.place, found.pid):
        return found.holder, found.since
    connection.execute(update(_row).where(_row.c.name == NAME).values(**values))
    return None


def _beat(engine: Engine, token: str, stopped: threading.Event) -> None:
    """Say that the holder is alive, until it is done. A moment's trouble is no reason to stop."""
    clock = func.current_timestamp(type_=UTCDateTime)
    while not stopped.wait(BEAT):
        try:
            with engine.begin() as connection:
                now = connection.execute(select(clock)).scalar_one()
                connection.execute(
                    update(_row).where(_row.c.token == token).values(lease_until=now + LEASE)
                )
        except SQLAlchemyError:
            log.warning("the publish lock could not be renewed", exc_info=True)


def _place() -> str:
    """This host and its world of process ids: containers may share a name, but not that."""
    try:
        world = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        world = ""
    return f"{socket.gethostname()[:150]} {world}"


def _is_dead(place: str, pid: int) -> bool:
    """Whether the holder was a process of this host that is gone."""
    if place != _place():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
