"""How large a picture is, from its first bytes alone: nothing is ever decoded."""

from __future__ import annotations

MOST_PIXELS = 40_000_000

# Start-of-frame markers of JPEG: all of C0 to CF but DHT, JPG and DAC.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ALONE = frozenset({0x01, *range(0xD0, 0xDA)})  # markers without a length


def size(extension: str, data: bytes) -> tuple[int, int]:
    """Width and height; zeros when the file does not tell."""
    readers = {"png": _png, "gif": _gif, "webp": _webp, "jpg": _jpeg, "jpeg": _jpeg}
    try:
        return readers[extension](data)
    except (IndexError, KeyError):
        return 0, 0


def _number(data: bytes, at: int, length: int, order: str = "little") -> int:
    part = data[at : at + length]
    if len(part) < length:
        raise IndexError(at)
    return int.from_bytes(part, "big" if order == "big" else "little")


def _png(data: bytes) -> tuple[int, int]:
    return _number(data, 16, 4, "big"), _number(data, 20, 4, "big")


def _gif(data: bytes) -> tuple[int, int]:
    return _number(data, 6, 2), _number(data, 8, 2)


def _webp(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        return _number(data, 24, 3) + 1, _number(data, 27, 3) + 1
    if kind == b"VP8L":
        bits = _number(data, 21, 4)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        return _number(data, 26, 2) & 0x3FFF, _number(data, 28, 2) & 0x3FFF
    return 0, 0


def _jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    while True:
        if data[at] != 0xFF:
            return 0, 0
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
        elif marker in FRAMES:
            return _number(data, at + 7, 2, "big"), _number(data, at + 5, 2, "big")
        elif marker in ALONE:
            at += 2
        else:
            at += 2 + max(_number(data, at + 2, 2, "big"), 2)
