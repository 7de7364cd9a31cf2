"""Which passwords are refused."""

from __future__ import annotations

import pytest

from mooc.accounts.passwords import weakness

KNOWN = ["Anna Smith", "anna.smith@example.org", "IP Open Courses"]


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "short"),
        ("elevenchars", "short"),
        ("x" * 129, "long"),
        ("a" * 12, "common"),
        ("abcabcabcabc", "common"),
        ("123456789012", "common"),
        ("987654321098", "common"),
        ("qwertyuiop[]", "common"),
        ("QWERTYUIOP123", "common"),
        ("asdfghjkl;'zxcv", "common"),
        ("1qaz2wsx3edc", "common"),
        ("йцукенгшщзхъ", "common"),
        ("ЙЦУКЕН123456", "common"),
        ("пароль123456", "common"),
        ("Password1234", "common"),
        ("P@ssw0rd2026!", "common"),
        ("passwordpassword", "common"),
        ("welcome123456", "common"),
        ("Summer2026!!", "common"),
        ("iloveyouiloveyou", "common"),
        ("administrator1", "common"),
        ("annasmith1990!", "known"),
        ("Anna-Smith-1990", "known"),
        ("anna.smith@example.org", "known"),
        ("ipopencourses1", "known"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str, reason: str) -> None:
    assert weakness(password, KNOWN) == reason


@pytest.mark.parametrize(
    "password",
    [
        "river candle tractor",
        "correct horse battery staple",
        "горшок у реки стоит",
        "一二三四五六七八九十百千",
        "W7$kq!pL2zRt",
        "  spaces at both ends  ",
        "🐎🔋📎🦊🍋🎈🛶🧭🌵🥁🪁🧊",
        "mot de passe très long à écrire",
        "x7" + "k9Q" * 3 + "vbTz",
    ],
)
def test_other_passwords_are_taken_whatever_their_characters(password: str) -> None:
    assert weakness(password, KNOWN) is None


def test_the_limits_are_12_and_128_characters() -> None:
    long = "river candle tractor " * 7
    assert weakness("rivercandle7") is None
    assert weakness(long[:128]) is None
    assert weakness(long[:129]) == "long"
