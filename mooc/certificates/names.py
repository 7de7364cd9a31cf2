"""The name a learner confirms "exactly as printed": what is tidied, and what cannot be printed."""

from __future__ import annotations

import unicodedata

from mooc.certificates import fonts
from mooc.errors import Invalid

MAX_LENGTH = 120
FIELD = "name"


def confirmed_name(typed: str) -> str:
    """The name as it will be printed. Raises Invalid, naming the characters no font has."""
    name = tidy(typed)
    if not name:
        raise Invalid("certificate.name.empty", field=FIELD)
    if len(name) > MAX_LENGTH:
        raise Invalid("certificate.name.long", field=FIELD, limit=MAX_LENGTH)
    if not any(unicodedata.category(each)[0] == "L" for each in name):
        raise Invalid("certificate.name.letters", field=FIELD)
    if missing := fonts.uncovered(name):
        raise Invalid("certificate.name.characters", field=FIELD, characters=" ".join(missing))
    return name


def tidy(typed: str) -> str:
    """NFC, single spaces, and none of the invisible characters that could turn text around.

    Categories C* are controls, direction overrides, zero-width, private and unassigned ones.
    """
    spaced = " ".join(unicodedata.normalize("NFC", typed[:2000]).split())
    visible = (each for each in spaced if unicodedata.category(each)[0] != "C")
    return " ".join("".join(visible).split())
