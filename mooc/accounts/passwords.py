"""Which passwords are too easy to guess: a pure rule, and small enough to be read.

A list of the world's common passwords would mostly hold words below our minimum length. What is
left at twelve characters and more follows a few patterns, and those are refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

SHORTEST = 12
LONGEST = 128

# Rows of keyboards, read in both directions; the Russian ones lie on the same keys.
_ROWS = (
    "1234567890-=",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю.",
    "qwertzuiop",
    "azertyuiop",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "01234567890123456789",
)
_RUNS = _ROWS + tuple(row[::-1] for row in _ROWS)
_RUN = 4  # characters in a row that count as one guess

# Words people reach for, with what they usually put in place of letters undone.
_WORDS = (
    *("password", "passwort", "passw", "parol", "parola", "пароль", "motdepasse", "contrasena"),
    *("welcome", "letmein", "iloveyou", "trustno", "sunshine", "princess", "football", "baseball"),
    *("dragon", "monkey", "superman", "batman", "master", "shadow", "admin", "administrator"),
    *("login", "secret", "changeme", "default", "guest", "root", "user", "test", "temp", "qwerty"),
    *("привет", "любовь", "солнышко", "наташа", "администратор", "хочу", "войти"),
    *("spring", "summer", "autumn", "winter", "january", "december", "monday", "friday"),
    *("course", "courses", "learn", "student", "teacher", "patent", "trademark"),
)
_UNDONE = str.maketrans("@4310$5!7", "aaeioss" + "it")

_LEAST_GUESSES = 6  # separate pieces a guesser must get right


def weakness(password: str, known: Iterable[str] = ()) -> str | None:
    """Why a password cannot be taken: `short`, `long`, `common`, `known`, or None when it is fine.

    `known` is what a guesser knows of the person: name, address, name of the site.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    folded = unicodedata.normalize("NFKC", password).casefold()
    words = set(_words_of(known))
    if _guesses(folded, ()) < _LEAST_GUESSES or len(set(folded)) < _LEAST_GUESSES - 1:
        return "common"
    if words and _guesses(folded, words) < _LEAST_GUESSES:
        return "known"
    return None


def _words_of(known: Iterable[str]) -> Iterator[str]:
    for text in known:
        folded = unicodedata.normalize("NFKC", text).casefold()
        if len(folded) >= 3:
            yield folded
        yield from (word for word in re.split(r"[\W_]+", folded) if len(word) >= 3)


def _guesses(password: str, words: Iterable[str]) -> int:
    """How many pieces the password falls into: a word, a keyboard run, a repetition, a year or a
    single character is one piece each, and a piece seen before costs nothing."""
    plain = password.translate(_UNDONE)
    vocabulary = sorted((*_WORDS, *words), key=len, reverse=True)
    seen: set[str] = set()
    at = 0
    while at < len(password):
        piece = _piece(password, plain, at, vocabulary)
        seen.add(piece)
        at += len(piece)
    return len(seen)


def _piece(password: str, plain: str, at: int, vocabulary: list[str]) -> str:
    for word in vocabulary:
        if plain.startswith(word, at) or password.startswith(word, at):
            return password[at : at + len(word)]
    if year := re.compile(r"(?:19|20)\d\d").match(password, at):
        return year.group()
    same = re.compile(r"(.{1,6}?)\1+", re.DOTALL).match(password, at)
    repeated = same.group() if same and len(same.group()) >= 3 else ""
    run = _run(password, at)
    return max(repeated, run, password[at], key=len)


def _run(password: str, at: int) -> str:
    """The longest stretch from here that lies in a row of keys."""
    length = 0
    while at + length < len(password) and any(
        password[at : at + length + 1] in row for row in _RUNS
    ):
        length += 1
    return password[at : at + length] if length >= _RUN else ""
