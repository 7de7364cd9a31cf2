"""Whether a WebVTT file is one: its header, the times of its cues, their order, their text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t]+[\w:.,%\- \t]+)?[ \t]*")
ARROW = "-->"

Mistake = tuple[int, str, str]  # line, what, how to mend it


def mistakes(lines: Sequence[str]) -> Iterator[Mistake]:
    """What is wrong with the lines of a file, from its top."""
    if not re.fullmatch(r"WEBVTT([ \t].*)?", lines[0] if lines else ""):
        yield 1, "captions do not begin with WEBVTT", "Write WEBVTT in the first line."
        return
    numbered = [(number, line.rstrip()) for number, line in enumerate(lines, 1)]
    blocks = [
        list(block) for filled, block in groupby(numbered, lambda one: bool(one[1])) if filled
    ]
    if len(blocks[0]) > 1:
        line = blocks[0][1][0]
        yield line, "the header of captions goes on", "Leave the line below WEBVTT empty."
    latest, cues = -1, 0
    for block in blocks[1:]:
        word = block[0][1].split()[0]
        if word == "NOTE":
            continue
        if word in ("STYLE", "REGION"):
            yield block[0][0], f"captions with a {word}", "Delete it: the player draws them."
            continue
        cues += 1
        start, found = _cue(block)
        yield from found
        if 0 <= start < latest:
            yield block[0][0], "a caption that begins before the one above it", "Sort them by time."
        latest = max(latest, start)
    if not cues:
        yield (
            1,
            "there is no caption in the file",
            "Add 00:00.000 --> 00:02.000 and a line of text.",
        )


def _cue(block: Sequence[tuple[int, str]]) -> tuple[int, list[Mistake]]:
    """When a cue begins, in milliseconds (-1: it does not say), and what is wrong with it."""
    named = len(block) > 1 and ARROW not in block[0][1] and ARROW in block[1][1]
    at = 1 if named else 0
    line, text = block[at]
    timing = TIMING.fullmatch(text)
    if timing is None:
        fix = "Write 00:01.000 --> 00:04.500, with three digits after the point."
        return -1, [(line, "the times of a caption cannot be read", fix)]
    start, end = _milliseconds(timing.groups()[:4]), _milliseconds(timing.groups()[4:])
    found: list[Mistake] = []
    if end <= start:
        found.append((line, "a caption that ends before it begins", "Correct its times."))
    said = block[at + 1 :]
    if not said:
        found.append((line, "a caption without text", "Write it in the line below, or delete it."))
    for number, words in said:
        if ARROW in words:
            fix = "Leave an empty line above the times of each caption."
            found.append((number, "times within a caption", fix))
    return start, found


def _milliseconds(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest
