"""The four families of trouble a rule or an action can raise, and the web turns into pages.

An error carries a stable `code` and parameters, never a sentence: `web` words it in the reader's
language, `cli` words it in the operator's.
"""

from __future__ import annotations


class MoocError(Exception):
    """Base of all domain errors. `code` is stable (`attempt.limit`), `params` fill its sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code} ({details})" if details else self.code


class NotFound(MoocError):
    """What was asked for does not exist, or is not this person's to know of (404)."""


class NotAllowed(MoocError):
    """The person is known and may not do this (403)."""


class Conflict(MoocError):
    """The world has moved on since the page was made: a stale tab, a closed attempt (409)."""


class Invalid(MoocError):
    """What was typed cannot be used as it is (422). `field` names the form field, if any."""

    def __init__(self, code: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(code, **params)
        self.field = field
