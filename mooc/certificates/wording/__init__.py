"""Certificates' own words, by language: a record is worded once and must not follow the site.

One TOML file a language; a layout brings more of the same kind for what it prints. A table of
plural forms (`one`, `few`, `many`, `other`) is chosen from by the number.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel import Locale

FOLDER = Path(__file__).parent
FALLBACK = "en"


@dataclass(frozen=True)
class Wording:
    """The phrases of one language. Placeholders are `{name}`."""

    locale: Locale
    phrases: Mapping[str, str | Mapping[str, str]]

    def text(self, key: str, **values: object) -> str:
        """A phrase with its values. KeyError for a phrase the file does not have."""
        phrase = self.phrases[key]
        if not isinstance(phrase, str):
            raise KeyError(key)
        return phrase.format(**values)

    def plural(self, key: str, count: int) -> str:
        """The form of a phrase that fits the number."""
        forms = self.phrases[key]
        if isinstance(forms, str):
            return forms.format(count=count)
        return forms.get(self.locale.plural_form(count), forms["other"]).format(count=count)


@lru_cache(maxsize=64)
def wording(language: str, folder: Path = FOLDER) -> Wording:
    """The wording for a language (BCP 47), without its region if need be, else English."""
    for code in (language, language.partition("-")[0], FALLBACK):
        path = folder / f"{code}.toml"
        if code.replace("-", "").isalnum() and path.is_file():
            return Wording(Locale.parse(code, sep="-"), tomllib.loads(path.read_text("utf-8")))
    raise FileNotFoundError(folder / f"{FALLBACK}.toml")
