"""The frozen record: its hash is reproducible by anybody, and moves with every fact."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from mooc.certificates.record import Facts, canonical, holder_digest, whole_seconds
from tests.certificates.samples import MOMENT, facts

GOLDEN = "c018e3f83676126e9cd691fae106735f64cc067a3531471fb4fb512b6d1f364a"


def test_the_hash_of_a_record_never_changes_between_versions_of_this_program() -> None:
    assert facts(name="Анна Сергеевна Ковалёва").hash == GOLDEN


def test_anybody_can_compute_the_hash_with_a_few_lines_of_python() -> None:
    record = facts(name='Žofie "Ž" O’Neill\u00a0\\', hours="4–6").to_json()
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(record) == text.encode()


@pytest.mark.parametrize("name", [each.name for each in fields(Facts)])
def test_every_fact_moves_the_hash(name: str) -> None:
    before = facts()
    value = getattr(before, name)
    other = {
        datetime: MOMENT + timedelta(days=1),
        date: date(2001, 1, 1),
        int: 7,
        str: "other",
        type(None): MOMENT,
    }[type(value)]
    assert replace(before, **{name: other}).hash != before.hash


def test_the_time_zone_in_which_a_moment_is_given_does_not_matter() -> None:
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=9)))
    assert facts(issued_at=elsewhere).hash == facts().hash


def test_moments_are_kept_in_whole_seconds() -> None:
    moment = datetime(2026, 1, 1, 12, 0, 0, 999_999, tzinfo=UTC)
    assert whole_seconds(moment) == datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


def test_the_holder_is_pinned_without_being_told() -> None:
    one = holder_digest("salt", enrollment_id=1, user_id=2, reason="")
    assert one != holder_digest("salt", enrollment_id=1, user_id=3, reason="")
    assert one != holder_digest("other", enrollment_id=1, user_id=2, reason="")
    assert len(one) == len(hashlib.sha256().hexdigest())


def test_addresses_follow_from_the_record() -> None:
    made = facts()
    assert made.verify_url == f"https://ip.example/verify/{made.code}"
    assert made.credential_id == f"https://ip.example/certificates/{made.code}.json"
