"""How often a thing may be tried. Beyond it: 429 with Retry-After, and never a lasting lock."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

# What is counted is an address on the network, an account, or both: see where `hit` is called.
LIMITS: Mapping[str, RateLimitItem] = {
    "sign-in of an account": parse("5/minute"),
    "sign-in": parse("100/hour"),
    "sign-up": parse("10/hour"),
    "letters to an address": parse("3/hour"),
    "letters": parse("30/hour"),
    "step-up": parse("5/minute"),
    "verify": parse("60/minute"),
    "submit": parse("30/minute"),
    "hook": parse("60/minute"),
}


def init(app: Flask, redis_url: str) -> None:
    """Count in Redis when there is one, else (and while it is away) in this process."""
    own = MovingWindowRateLimiter(MemoryStorage())
    shared = own
    if redis_url:
        shared = MovingWindowRateLimiter(storage_from_string(redis_url, wrap_exceptions=True))
    app.extensions["mooc.limits"] = shared, own
    app.config.setdefault("LIMITS_ENABLED", True)


def hit(name: str, *who: object) -> None:
    """Count one try of `name` by `who` (default: the address of the request).

    Raises TooManyRequests beyond the limit.
    """
    if not current_app.config["LIMITS_ENABLED"]:
        return
    key = [name, *(str(part)[:320] for part in who or (address(),))]
    shared, own = current_app.extensions["mooc.limits"]
    try:
        _count(shared, LIMITS[name], key)
    except StorageError:
        _count(own, LIMITS[name], key)


def _count(counter: MovingWindowRateLimiter, limit: RateLimitItem, key: list[str]) -> None:
    if not counter.hit(limit, *key):
        opens = counter.get_window_stats(limit, *key).reset_time
        raise TooManyRequests(retry_after=max(1, math.ceil(opens - time.time())))


def address() -> str:
    """Where the request comes from, as far as the proxies we trust can say."""
    return request.remote_addr or "unknown"
