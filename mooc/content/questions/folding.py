"""When two texts count as the same, and what they are known by."""

from __future__ import annotations

import hashlib
import unicodedata


def fold(text: str) -> str:
    """What two answers must share to be the same: NFKC, no case, single spaces, nothing around."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def key_of(words: str) -> str:
    """What something without a key is known by: a hash of its words, of a key's form."""
    return "t-" + hashlib.sha256(fold(words).encode()).hexdigest()[:16]


def digits(text: str) -> str:
    """The digits of all scripts as ASCII."""
    return "".join(
        str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text
    )
