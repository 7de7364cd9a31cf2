"""What kinds of files lessons show, and what a browser may do with one that it opens by itself."""

from __future__ import annotations

import re

MEDIA_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,5}")
MEDIA_TYPES = {
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "vtt": "text/vtt",
    "webm": "video/webm",
    "webp": "image/webp",
}
# Opened by itself a file is a picture or a player and nothing else, whatever it holds.
MEDIA_CSP = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
)
