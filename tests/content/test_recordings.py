"""Films, sounds and large pictures: shown with all they need, or refused with their place."""

from __future__ import annotations

import struct
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooc.content import captions, pixels
from mooc.content.markdown import sanitize
from tests.content.trees import CAPTIONS, FILM, LESSON, codes, html, lesson, loaded

TINY = Path(__file__).parents[1] / "courses" / "tiny"
EVENT = ("onclick", "onerror", "onloadstart", "oncanplay", "ontoggle")


def test_a_film_has_captions_transcript_and_a_file() -> None:
    made = html('![A film](film.mp4 "Its caption")\n')
    assert made.startswith('<figure><video src="/media/')
    for part in (
        'controls="" preload="metadata" aria-label="A film">',
        'srclang="en" label="English" default="">',
        "<figcaption>Its caption</figcaption></figure>",
        '<details class="transcript"><summary>Transcript</summary>',
        "<p>A circle moves.</p>",
        'download="film.mp4">Download</a> (mp4, 1 kB)</p>',
    ):
        assert part in made, made


def test_a_poster_gives_a_film_its_size_and_every_language_its_captions() -> None:
    found = loaded(
        **{
            "one": LESSON + "![A film](film.mp4)\n",
            "film.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360"/>',
            "film.ru.vtt": CAPTIONS,
            "film.note.vtt": "not a language",
        }
    )
    assert found.course is not None, found.problems
    made = repr(found.course.by_id["one"])
    assert 'width="640" height="360"' in made
    assert 'srclang="ru" label="Русский">' in made
    assert made.count("<track") == 2
    paths = {media.path for media in found.course.media}
    assert paths == {"film.mp4", "film.svg", "film.vtt", "film.ru.vtt"}
    assert {found.media[media.hash]() for media in found.course.media}


def test_a_sound_needs_a_transcript_only() -> None:
    files = {"one": LESSON + "![A tone](tone.ogg)\n", "tone.transcript.md": "A *tone*.\n"}
    found = loaded(**files)
    assert found.course is not None, found.problems
    made = repr(found.course.by_id["one"])
    assert '<audio src="/media/' in made
    assert "<track" not in made
    assert "<p>A <em>tone</em>.</p>" in made


def test_a_translation_has_its_own_transcript_and_captions() -> None:
    found = loaded(
        **{
            "one": LESSON + "![A film](film.mp4)\n",
            "one.ru.md": "---\nid: one\ntitle: Один\n---\n\n![Фильм](film.mp4)\n",
            "film.ru.vtt": CAPTIONS,
            "film.ru.transcript.md": "Круг движется.\n",
        }
    )
    assert found.course is not None, found.problems
    made = repr(found.course.edition("ru").by_id["one"].blocks)  # type: ignore[union-attr]
    assert 'label="Русский" default="">' in made
    assert "<summary>Расшифровка</summary>" in made
    assert "Круг движется." in made


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"one.md": "![A film](none.mp4)"}, [("M110", "one.md", 6, 11), ("M102", "one.md", 6, 11)]),
        ({"one.md": "![A film](film.mp4)", "film.mp4": "x"}, [("M106", "one.md", 6, 11)]),
        ({"one.md": "![](film.mp4)"}, [("M101", "one.md", 6, 5)]),
        ({"one.md": "[A film](film.mp4)"}, [("M103", "one.md", 6, 10)]),
        ({"one.md": "- ![A film](film.mp4) x"}, [("M108", "one.md", 6, 13)]),
        ({"one.md": "![A](film.mp4)", "film.vtt": "WEBVT"}, [("M111", "film.vtt", 1, 1)]),
        (
            {"one.md": "![A](film.mp4)", "film.transcript.md": "A.[^1]\n\n[^1]: B.\n"},
            [("M113", "film.transcript.md", 1, 1), ("M113", "film.transcript.md", 3, 1)],
        ),
        (
            {"one.md": "![A](film.mp4)", "film.transcript.md": "![A](film.mp4)\n"},
            [("M113", "film.transcript.md", 1, 1)],
        ),
        (
            {"one.md": "![A](film.mp4)", "film.transcript.md": "<video>\n"},
            [("E301", "film.transcript.md", 1, 1)],
        ),
        (
            {"one.md": "![A](film.mp4)", "film.transcript.md": "\n"},
            [("M110", "film.transcript.md", 1, 1)],
        ),
    ],
)
def test_what_is_wrong_is_reported_with_its_place(
    files: dict[str, str], found: list[tuple[str, str, int, int]]
) -> None:
    files["one.md"] = LESSON + files["one.md"] + "\n"
    problems = [(p.code, p.path, p.line, p.column) for p in loaded(**files).problems]
    assert sorted(problems) == sorted(found)


def test_a_film_beyond_the_limit_is_refused() -> None:
    found = loaded(**{"one": LESSON + "![A film](film.mp4)\n", "film.mp4": FILM + "x" * (20 << 20)})
    assert "M105" in codes(found)


# ------------------------------------------------------------------------------------- captions

GOOD = """WEBVTT - made by hand

NOTE nothing is said here

first
00:00.000 --> 00:01.000 align:start line:0
Hello.
And on.

01:00:00.000 --> 01:00:02.000
Much later.
"""


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("", 1, "WEBVTT"),
        ("WEBVTTX", 1, "WEBVTT"),
        ("WEBVTT", 1, "no caption"),
        ("WEBVTT\nkind: captions\n\n00:00.000 --> 00:01.000\nA", 2, "header"),
        ("WEBVTT\n\n00:00 --> 00:01\nA", 3, "times"),
        ("WEBVTT\n\nname\n00:00,000 --> 00:01,000\nA", 4, "times"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nA", 3, "ends"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000", 3, "without text"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nA\n00:03.000 --> 00:04.000\nB", 5, "within"),
        ("WEBVTT\n\n00:03.000 --> 00:04.000\nA\n\n00:01.000 --> 00:02.000\nB", 6, "before"),
        ("WEBVTT\n\nSTYLE\n::cue { color: red }\n\n00:01.000 --> 00:02.000\nA", 3, "STYLE"),
    ],
)
def test_captions_are_read_line_by_line(text: str, line: int, word: str) -> None:
    found = list(captions.mistakes(text.split("\n")))
    assert [(at, word in what) for at, what, _fix in found] == [(line, True)]


def test_good_captions_have_no_mistakes() -> None:
    assert list(captions.mistakes(GOOD.split("\n"))) == []


@given(st.lists(st.text(max_size=20) | st.sampled_from(GOOD.split("\n"))))
def test_any_captions_are_judged_without_a_crash(lines: list[str]) -> None:
    for line, what, fix in captions.mistakes(lines):
        assert 1 <= line <= max(len(lines), 1)
        assert what
        assert fix


# ------------------------------------------------------------------------------------- pictures

JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc2\x00\x11\x08\x00\x10\x00\x20"


@pytest.mark.parametrize(
    ("extension", "data", "size"),
    [
        ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 24_000, 7), (24_000, 7)),
        ("gif", b"GIF89a" + struct.pack("<HH", 3, 4), (3, 4)),
        ("jpg", JPEG, (32, 16)),
        ("webp", b"RIFF0000WEBPVP8X" + bytes(8) + b"\x1f\0\0\x0f\0\0", (32, 16)),
        ("webp", b"RIFF0000WEBPVP8 " + bytes(10) + struct.pack("<HH", 32, 16), (32, 16)),
        ("webp", b"RIFF0000WEBPVP8L" + bytes(5) + struct.pack("<I", 31 | 15 << 14), (32, 16)),
        ("png", b"\x89PNG", (0, 0)),
        ("jpg", b"\xff\xd8\xff", (0, 0)),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_first_bytes(
    extension: str, data: bytes, size: tuple[int, int]
) -> None:
    assert pixels.size(extension, data) == size


@given(st.sampled_from(["png", "gif", "webp", "jpg"]), st.binary(max_size=60))
def test_any_bytes_have_a_size_or_none(extension: str, data: bytes) -> None:
    heads = {"jpg": b"\xff\xd8\xff", "webp": b"RIFF0000WEBPVP8X"}
    width, height = pixels.size(extension, heads.get(extension, b"") + data)
    assert width >= 0
    assert height >= 0


def test_a_bomb_is_refused_by_its_header() -> None:
    bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 24_000, 24_000)
    found = loaded(**{"one": LESSON + "![A dot](bomb.png)\n", "bomb.png": bomb})
    assert codes(found) == ["M112"]


def test_a_photograph_keeps_its_place_before_it_is_there() -> None:
    found = loaded(**{"one": LESSON + "![A dot](dot.jpg)\n", "dot.jpg": JPEG})
    assert found.course is not None
    assert 'width="32" height="16"' in repr(found.course.by_id["one"])


# -------------------------------------------------------------------------------- active content


@given(
    st.text(alphabet="abc<>\"'=/ :;&#\n()x", max_size=60),
    st.sampled_from(["video", "audio", "track", "details", "summary", "source"]),
    st.sampled_from(["src", "poster", "label", "download", "kind", *EVENT]),
    st.sampled_from(["javascript:x", "//e.org/a.mp4", "data:text/html,x", "/media/a.mp4", "x"]),
)
def test_nothing_active_comes_through_the_tags_of_players(
    text: str, tag: str, name: str, value: str
) -> None:
    made = sanitize(f'<{tag} {name}="{value}" {text}>{text}<{tag} {name}={value}></{tag}>')
    assert sanitize(made) == made
    tree = html5lib.parseFragment(made, treebuilder="etree", namespaceHTMLElements=False)
    for element in tree.iter():
        assert element.tag not in ("source", "script", "iframe")
        for key, held in element.attrib.items():
            assert not str(key).startswith("on")
            if key in ("src", "poster"):
                assert held.startswith("/media/")


@given(st.text(alphabet="ab\"'<>&-\n ", max_size=30))
def test_words_for_a_film_are_words(words: str) -> None:
    found = lesson(f"![x{words.strip()}](film.mp4 'a')\n")
    if found.course is not None:
        made = repr(found.course.by_id["one"])
        assert "<script" not in made
