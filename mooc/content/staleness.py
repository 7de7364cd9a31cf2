"""Which version of its source a translation was made from: git's own id of that file."""

from __future__ import annotations

import hashlib
import re

HEADER = re.compile(
    rb"(?P<start>(?:\xef\xbb\xbf)?---[ \t]*(?P<end>\r\n|\n|\r))(?P<body>.*?)"
    rb"(?P<close>^(?:---|\.\.\.)[ \t]*(?:[\r\n]|\Z))",
    re.DOTALL | re.MULTILINE,
)
LINE = re.compile(rb"(?:^|(?<=[\r\n]))source:[^\r\n]*")
SHOWN = 12  # characters of the id that a header holds


def blob_id(data: bytes) -> str:
    """The id git gives to a file's content, so that `git show <id>` is what was translated.

    Line ends are taken for what they are in the repository, whatever this computer made of them.
    """
    data = data.replace(b"\r\n", b"\n")
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def is_stale(made_from: str, source: bytes) -> bool:
    """Whether the source is another now than the one a translation names."""
    return bool(made_from) and not blob_id(source).startswith(made_from)


def marked(data: bytes, source: bytes) -> bytes:
    """A translation with the line `source:` of its header brought up to date, all else as it was.

    A file without a header gets one. ValueError for a header that never ends.
    """
    line = b"source: " + blob_id(source)[:SHOWN].encode()
    bom = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    found = HEADER.match(data)
    if found is None:
        if data[len(bom) :].startswith(b"---"):
            raise ValueError("the header never ends")
        end = b"\r\n" if b"\r\n" in data else b"\n"
        return bom + end.join((b"---", line, b"---", b"", data[len(bom) :]))
    body = found["body"]
    if LINE.search(body):
        body = LINE.sub(line, body, count=1)
    else:
        body += line + found["end"]
    return found["start"] + body + data[found.start("close") :]
