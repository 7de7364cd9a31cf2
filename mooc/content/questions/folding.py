"""When two texts count as the same."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """What two answers must share to be the same: NFKC, no case, single spaces, nothing around."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())
