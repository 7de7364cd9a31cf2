"""The code printed on a certificate: 80 random bits, a check character, and a forgiving reader.

Sixteen characters of Crockford's base 32 in groups of four, then a Luhn mod 32 check character in
the same alphabet: `K7Q2-9FDM-3TXA-0W5H-X`. The check character finds every single wrong character
and nearly every swap of neighbours before anything is looked up.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 80
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
# What people read or type for a character of the alphabet: Crockford's three letters, and the
# Cyrillic and Greek capitals that look the same.
_MEANT = str.maketrans(
    "OILАВЕКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "011ABEKMH0PCTYXABEZH1KMN0PTYX",
)


def new_code(bits: Callable[[int], int] = secrets.randbits) -> str:
    """A fresh code, never derived from anything."""
    number = bits(BITS)
    body = "".join(ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -1, -5))
    return _grouped(body + check_character(body))


def check_character(body: str) -> str:
    """The Luhn mod 32 check character of a body."""
    total = 0
    for place, character in enumerate(reversed(body)):
        product = _VALUES[character] * (2 if place % 2 == 0 else 1)
        total += product // 32 + product % 32
    return ALPHABET[-total % 32]


def parse(text: str) -> str | None:
    """The code somebody meant, as printed; None when no certificate can have it.

    Lower case, missing hyphens, spaces, `o` for `0`, `i` or `l` for `1`, look-alike letters and a
    pasted verification address are all understood.
    """
    tail = text[:500].rstrip("/ ").rpartition("/")[2]
    plain = unicodedata.normalize("NFKC", tail).upper().translate(_MEANT)
    body = "".join(character for character in plain if character.isalnum())
    if len(body) != 17 or any(character not in _VALUES for character in body):
        return None
    return _grouped(body) if check_character(body[:16]) == body[16] else None


def _grouped(characters: str) -> str:
    return "-".join(characters[at : at + 4] for at in range(0, len(characters), 4))
