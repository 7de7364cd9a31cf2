"""Who may talk to the preview: this machine, under its own name, from its own pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

NAMES = ("127.0.0.1", "localhost", "::1")
SAFE = ("GET", "HEAD")
REFUSED = (
    b"This preview answers only on 127.0.0.1 and localhost, and only to its own pages. "
    b"Open the address that `mooc preview` printed.\n"
)


class Guard:
    """Refuses a foreign Host, which a rebound name of another site would send, and foreign forms.

    The preview shows files nobody has published, so no other site may read or ask here.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if own_host(environ.get("HTTP_HOST", "")) and own_form(environ):
            answer: Iterable[bytes] = self.app(environ, start_response)
            return answer
        length = str(len(REFUSED))
        start_response(
            "403 Forbidden",
            [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", length)],
        )
        return (REFUSED,)


def own_host(host: str) -> bool:
    """Whether a Host header names this machine. The port does not matter: it was reached."""
    return _name(f"//{host}") in NAMES


def own_form(environ: dict[str, Any]) -> bool:
    """Whether a request is safe, or comes from a page of this preview."""
    if environ["REQUEST_METHOD"] in SAFE:
        return True
    if environ.get("HTTP_SEC_FETCH_SITE", "same-origin") not in ("same-origin", "none"):
        return False
    origin = environ.get("HTTP_ORIGIN")
    return origin is None or urlsplit(origin).netloc == environ.get("HTTP_HOST")


def _name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
