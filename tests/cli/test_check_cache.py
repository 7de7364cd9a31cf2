"""The cache of `mooc check`: quick when little changed, and never in the way."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.check import checked, write_course

LESSONS = 120


def test_a_check_after_one_change_takes_a_fraction_and_says_the_same(tmp_path: Path) -> None:
    course, cache = write_course(tmp_path / "big", LESSONS), tmp_path / "cache"
    cold, said = checked(course, cache)
    assert "no problems" in said
    lesson = course / "lesson-7.md"
    lesson.write_text(lesson.read_text("utf-8") + "\n\n# Wrong\n\n[gone](gone.md)\n", "utf-8")
    changed, told = checked(course, cache)
    _plain, expected = checked(course, tmp_path / "other", "--no-cache")
    assert told == expected
    assert "E305" in told
    assert "E220" in told
    start, _said = checked(tmp_path / "nowhere", cache)  # what any run takes: Python and imports
    assert changed - start / 2 < cold / 2
    assert not (tmp_path / "other").exists()


def test_a_cache_that_cannot_be_read_or_written_is_no_trouble(tmp_path: Path) -> None:
    course, cache = write_course(tmp_path / "big", 3), tmp_path / "cache"
    _time, plain = checked(course, cache)
    (kept,) = (cache / "mooc" / "check").glob("*.pickle")
    for junk in (b"", b"junk", kept.read_bytes()[:-100], b"\x80\x05]."):
        kept.write_bytes(junk)
        assert checked(course, cache)[1] == plain
    (tmp_path / "file").write_text("in the way")
    assert checked(course, tmp_path / "file")[1] == plain
