"""Whether a certificate stands: what follows from the acts recorded about it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

Status = Literal["valid", "replaced", "revoked", "withdrawn", "expired"]


def status(acts: Iterable[str], *, valid_until: datetime | None, now: datetime) -> Status:
    """The status after `acts` (kinds of events, oldest first).

    A replaced or withdrawn certificate never comes back; a revoked one may be restored. What is
    worse wins over expiry, which follows from the printed date as well as from its event.
    """
    kinds = list(acts)
    if "withdrawn" in kinds:
        return "withdrawn"
    revoked = [kind for kind in kinds if kind in ("revoked", "restored")]
    if revoked and revoked[-1] == "revoked":
        return "revoked"
    if "superseded" in kinds:
        return "replaced"
    if "expired" in kinds or (valid_until is not None and valid_until <= now):
        return "expired"
    return "valid"
