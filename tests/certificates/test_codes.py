"""Certificate codes: what is printed, and what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooc.certificates.codes import ALPHABET, new_code, parse
from tests.certificates.samples import CODE

BITS = st.integers(min_value=0, max_value=2**80 - 1)


@given(BITS)
def test_every_code_reads_back_as_itself(number: int) -> None:
    code = new_code(lambda bits: number)
    assert len(code) == 21
    assert parse(code) == code


def test_codes_differ() -> None:
    assert len({new_code() for _each in range(1000)}) == 1000


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        CODE.replace("-", ""),
        CODE.replace("-", " "),
        f"  {CODE}\n",
        CODE.replace("-", "–"),
        CODE.replace("0", "o"),
        CODE.replace("0", "O"),
        CODE.replace("K", "К").replace("X", "Х").replace("A", "А"),  # Cyrillic
        f"https://ip.example/verify/{CODE}",
        f"ip.example/verify/{CODE.lower()}/",
        "".join(chr(ord(each) + 0xFEE0) if each.isalnum() else each for each in CODE),  # full width
    ],
)
def test_what_people_type_is_understood(typed: str) -> None:
    assert parse(typed) == CODE


def test_i_and_l_are_read_as_one() -> None:
    code = new_code(lambda bits: 1)
    assert "1" in code
    assert parse(code.replace("1", "i")) == parse(code.replace("1", "L")) == code


@given(BITS, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_a_single_wrong_character_is_found(number: int, place: int, other: str) -> None:
    characters = list(new_code(lambda bits: number).replace("-", ""))
    if characters[place] != other:
        characters[place] = other
        assert parse("".join(characters)) is None


def test_most_swapped_neighbours_are_found() -> None:
    found = swaps = 0
    for number in range(50):
        body = new_code(lambda bits, n=number: n * 24_999_983**3 % 2**80).replace("-", "")
        for at in range(16):
            if body[at] != body[at + 1]:
                swaps += 1
                swapped = body[:at] + body[at + 1] + body[at] + body[at + 2 :]
                found += parse(swapped) is None
    assert found / swaps > 0.97


@pytest.mark.parametrize(
    "typed",
    ["", "-", "K7Q2", CODE + "0", "U" * 17, "'; drop table", "\0" * 17, "٣" * 17, "x" * 10_000],
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert parse(typed) is None
