"""A page rendered once for everybody, with slots for what is personal.

Jinja stays the only source of a page. It is rendered with stand-ins for the name, the form token
and whatever differs between readers, split there, and kept; a request only fills the slots.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock

from flask import g, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from mooc.accounts.queries import Viewer

# Private-use characters, which no source text holds (the content check refuses them).
OPEN, CLOSE = "\ue000", "\ue001"
_SLOT = re.compile(f"{OPEN}([a-z]+){CLOSE}")


def slot(name: str) -> Markup:
    """The stand-in for a personal part."""
    return Markup(f"{OPEN}{name}{CLOSE}")  # noqa: S704 - the name is ours


class Shelf:
    """Rendered parts by key, the latest used kept, at most `size` characters in all."""

    def __init__(self, size: int = 12_000_000) -> None:
        self._parts: OrderedDict[Hashable, tuple[str, ...]] = OrderedDict()
        self._size, self._held = size, 0
        self._lock = Lock()

    def get(self, key: Hashable) -> tuple[str, ...] | None:
        """The parts for a key, if they are here."""
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
                return self._parts[key]
        return None

    def parts(self, key: Hashable, render: Callable[[], str]) -> tuple[str, ...]:
        """The text for a key, split at its slots: text, slot name, text, …, text."""
        found = self.get(key)
        if found is not None:
            return found
        parts = tuple(_SLOT.split(render()))
        with self._lock:
            if key not in self._parts:
                self._parts[key] = parts
                self._held += sum(map(len, parts))
            while self._held > self._size and len(self._parts) > 1:
                _key, dropped = self._parts.popitem(last=False)
                self._held -= sum(map(len, dropped))
        return parts


def fill(parts: tuple[str, ...], values: Mapping[str, str]) -> str:
    """The text with its slots filled. Values are HTML."""
    filled = list(parts)
    for place in range(1, len(filled), 2):
        filled[place] = values[filled[place]]
    return "".join(filled)


def stand_in(viewer: Viewer) -> None:
    """From here on this request renders for the shelf: stand-ins for name and form token."""
    g.viewer = Viewer(
        id=0,
        name=str(slot("name")),
        email="",
        locale=viewer.locale,
        theme=viewer.theme,
        time_zone=viewer.time_zone,
        grants=viewer.grants,
        started_at=viewer.started_at,
        jurisdictions=viewer.jurisdictions,
    )
    g.csrf_stand_in = str(slot("csrf"))


def personal(viewer: Viewer, token: str) -> dict[str, str]:
    """What fills the two slots that every page has."""
    return {"name": str(escape(viewer.name)), "csrf": token}


def form_token() -> str:
    """The session's form token, signed once per session and process: signing costs as SQL does."""
    raw = session.get("csrf_token", "")
    token = _tokens.get(raw)
    if token is None or not raw:
        token = generate_csrf()
        if len(_tokens) > 10_000:
            _tokens.clear()
        _tokens[session["csrf_token"]] = token
    return token


_tokens: dict[str, str] = {}


def known_token(raw: str) -> str | None:
    """The form token of a session, if this process has signed it before."""
    return _tokens.get(raw)
