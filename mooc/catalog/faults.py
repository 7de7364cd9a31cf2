"""Where tests kill a publish. Nothing here happens on a site that is not under test."""

from __future__ import annotations

import os
import signal

ARMED: set[str] = set()  # filled by tests only, never from a setting


def reached(step: str) -> None:
    """A step of publishing is done. Where a test armed it, the process dies as by a power cut."""
    if step in ARMED:
        os.kill(os.getpid(), signal.SIGKILL)
