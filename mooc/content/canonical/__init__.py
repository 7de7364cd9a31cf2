"""One way of writing each file: the same meaning, in the spelling that everybody else uses."""

from __future__ import annotations

from dataclasses import dataclass

from mooc.content.canonical import blocks
from mooc.content.canonical.head import head
from mooc.content.canonical.meaning import meaning

PASSES = 4  # what one pass joins the next may align; more than a few means a fault of ours


@dataclass(frozen=True)
class Formatted:
    """A file in canonical form. Where `refused` says why not, the bytes are as they were."""

    data: bytes
    refused: str = ""


def canonical(path: str, data: bytes) -> Formatted:
    """The file as it should be written. Whatever could change what it means is left alone."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Formatted(data, "it is not UTF-8 text")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        after = _settled(path, text)
    except blocks.Odd as reason:
        return Formatted(data, str(reason))
    if after is None or meaning(path, after) != meaning(path, text):
        return Formatted(data, "it would mean something else")
    return Formatted(after.encode())


def _settled(path: str, text: str) -> str | None:
    """The text once another pass changes nothing more; None if that never happens."""
    for _pass in range(PASSES):
        after = _once(path, text)
        if after == text:
            return after
        text = after
    return None


def _once(path: str, text: str) -> str:
    lines = text.split("\n")
    if lines[0].rstrip(" \t") != "---":
        return _ended(blocks.written(lines, first="***"))
    end = next(
        (n for n, line in enumerate(lines[1:], 1) if line.rstrip(" \t") in ("---", "...")), 0
    )
    if not end:
        raise blocks.Odd("its header never ends")
    body = blocks.written(lines[end + 1 :])
    return _ended(["---", *head(path, lines[1:end]), "---", *([""] if body else []), *body])


def _ended(lines: list[str]) -> str:
    return "\n".join(lines) + "\n" if lines else ""
