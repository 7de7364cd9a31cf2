"""Films and sounds in course text: each with captions and a transcript, or it is refused."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError
from markdown_it.token import Token

from mooc.content import blocks, captions, tokens
from mooc.content.media import PICTURES, SOUNDS, Media, Picture
from mooc.content.reading import File, read
from mooc.content.schema import LANGUAGE

Place = tuple[int, int]
ONLY_TEXT = "Keep to paragraphs, lists and links."


@dataclass(frozen=True)
class Track:
    """The captions of a film in one language; `usual` is on when the film starts."""

    address: str
    language: str
    label: str
    usual: bool


@dataclass(frozen=True)
class Recording:
    """A film or a sound, ready to be rendered; its transcript still as tokens."""

    file: Picture
    label: str
    poster: Picture | None
    tracks: tuple[Track, ...]
    transcript: File
    said: list[Token]

    @property
    def sound(self) -> bool:
        """Whether there is nothing to see."""
        return self.file.media.extension in SOUNDS


def recording(
    media: Media, file: File, path: str, place: Place, label: str, language: str
) -> Recording | None:
    """The recording at a path, for a page in a language; None after reporting what it lacks."""
    found = media.recording(file, path, *place)
    stem = posixpath.splitext(path)[0]
    transcript = _transcript(media, file, stem, place, language)
    if found is None:
        return None
    tracks: tuple[Track, ...] = ()
    if found.media.extension not in SOUNDS:
        tracks = _tracks(media, file, stem, place, language)
        if not any(track.usual for track in tracks):
            what = f"the film {path} has no captions"
            fix = f"Put {posixpath.basename(stem)}.{language}.vtt beside it."
            file.problem("M109", *place, what, fix)
            return None
    if transcript is None:
        return None
    poster = next((f"{stem}.{end}" for end in PICTURES if media.exists(f"{stem}.{end}")), "")
    shown = media.picture(file, poster, *place) if poster else None
    said = _said(transcript)
    return Recording(found, label, shown, tracks, transcript, said)


def _transcript(media: Media, file: File, stem: str, place: Place, language: str) -> File | None:
    paths = (f"{stem}.{language}.transcript.md", f"{stem}.transcript.md")
    path = next((one for one in paths if media.exists(one)), "")
    if not path:
        fix = f"Write down what is said and shown in {posixpath.basename(stem)}.transcript.md."
        what = f"{posixpath.basename(stem)} has no transcript"
        file.problem("M110", *place, what, fix)
        return None
    found = read(path, media.read(path), file.problems)
    if not found.body.strip():
        found.problem("M110", 1, 1, "the transcript is empty", "Write down what is said and shown.")
    return found


def _said(transcript: File) -> list[Token]:
    """A transcript as tokens. It has no ids, so nothing in it may need one."""
    said = tokens.parse(transcript)
    for block in blocks.siblings(said):
        line = blocks.line_of(block)
        for token in block:
            names = {token.type, *(child.type for child in token.children or ())}
            if "heading_open" in names:
                transcript.problem("M113", line, 1, "a heading in a transcript", ONLY_TEXT)
            elif names & {"footnote_ref", "footnote_block_open"}:
                transcript.problem("M113", line, 1, "a footnote in a transcript", ONLY_TEXT)
            elif "image" in names:
                transcript.problem("M113", line, 1, "a picture in a transcript", ONLY_TEXT)
    refused = {"heading_open", "footnote_block_open"}
    kept = [block for block in blocks.siblings(said) if block[0].type not in refused]
    for token in (token for block in kept for token in block):
        unwanted = ("image", "footnote_ref")
        token.children = [c for c in token.children or () if c.type not in unwanted]
    return [token for block in kept for token in block]


def _tracks(media: Media, file: File, stem: str, place: Place, language: str) -> tuple[Track, ...]:
    """Captions beside a film: `name.en.vtt`, and `name.vtt` in the language of the course."""
    found = []
    for path in media.beside(stem, ".vtt"):
        spoken = path[len(stem) + 1 : -len(".vtt")] or media.language
        if not LANGUAGE.fullmatch(spoken):
            continue
        used = media.captions(file, path, *place)
        if used is None:
            continue
        text = read(path, media.read(path), file.problems)
        for line, what, fix in captions.mistakes(_lines(text)):
            text.problem("M111", line, 1, what, fix)
        found.append((used.address, spoken))
    usual = language if language in {spoken for _address, spoken in found} else media.language
    return tuple(Track(address, one, _name(one), one == usual) for address, one in found)


def _lines(file: File) -> Sequence[str]:
    return file.lines[:-1] if file.lines and not file.lines[-1] else file.lines


def _name(language: str) -> str:
    """A language, called as its speakers call it."""
    try:
        name = Locale.parse(language.replace("-", "_")).get_display_name() or language
    except (ValueError, UnknownLocaleError):
        return language
    return name[:1].upper() + name[1:]
