"""MP4 or MOV -> the 35 mm-equivalent focal length its camera noted, read off the boxes; nothing is decoded.

iPhones write it as an item of the picture track's own metadata ('mdta' keys, QuickTime File Format, "Metadata"),
which libav does not hand on; some programs write it for the whole film. Android's own camera writes none.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from pathlib import Path

KEY = b"com.apple.quicktime.camera.focal_length.35mm_equivalent"
_HOLDERS = {b"moov", b"trak", b"udta"}
_LARGEST_INDEX = 64 * 2**20  # a film's list of frames is smaller
_SENSIBLE_MM = 8.0, 400.0
_UTF8, _FLOAT32, _FLOAT64 = 1, 23, 24
_SIGNED, _UNSIGNED = {21, 65, 66, 67, 74}, {22, 75, 76, 77, 78}


def lens_mm(path: Path) -> float | None:
    """Film -> millimetres, None when it does not say (or says what no lens has)."""
    index = _index(path)
    for keys, values in _metadata(index):
        for number, kind, value in values:
            if 0 < number <= len(keys) and keys[number - 1] == KEY:
                found = _number(kind, value)
                if found is not None and _SENSIBLE_MM[0] <= found <= _SENSIBLE_MM[1]:
                    return found
    return None


def _index(path: Path) -> bytes:
    """Film -> its 'moov' box's content, empty when it has none."""
    size, start = path.stat().st_size, 0
    with path.open("rb") as file:
        while start + 8 <= size:
            file.seek(start)
            header = file.read(16)
            length, kind = int.from_bytes(header[:4], "big"), header[4:8]
            head = 16 if length == 1 else 8
            if length == 1:
                length = int.from_bytes(header[8:16], "big")
            elif length == 0:
                length = size - start
            if length < head:
                break
            if kind == b"moov" and length <= _LARGEST_INDEX:
                file.seek(start + head)
                return file.read(length - head)
            start += length
    return b""


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Content of a box -> (kind, content) of the boxes in it, up to where they make no sense."""
    start = 0
    while start + 8 <= len(data):
        length = int.from_bytes(data[start : start + 4], "big")
        if not 8 <= length <= len(data) - start:
            return
        yield data[start + 4 : start + 8], data[start + 8 : start + length]
        start += length


def _metadata(data: bytes) -> Iterator[tuple[list[bytes], list[tuple[int, int, bytes]]]]:
    """Content of a box -> (names of the keys, (key's number, type, value) of each item) of every 'meta' in it."""
    for kind, content in _boxes(data):
        if kind in _HOLDERS:
            yield from _metadata(content)
        elif kind == b"meta":
            inner = dict(_boxes(content if content[4:8] == b"hdlr" else content[4:]))  # MP4's has a version before
            yield _keys(inner.get(b"keys", b"")), _items(inner.get(b"ilst", b""))


def _keys(data: bytes) -> list[bytes]:
    return [name for _, name in _boxes(data[8:])]


def _items(data: bytes) -> list[tuple[int, int, bytes]]:
    items = []
    for number, content in _boxes(data):
        for kind, value in _boxes(content):
            if kind == b"data" and len(value) > 8:
                items.append((int.from_bytes(number, "big"), int.from_bytes(value[1:4], "big"), value[8:]))
    return items


def _number(kind: int, value: bytes) -> float | None:
    """Type as the format numbers them, bytes -> the number they say, None for anything else."""
    if kind == _UTF8:
        try:
            found = float(value.decode("utf-8").strip().removesuffix("mm"))
        except ValueError:
            return None
        return found if math.isfinite(found) else None
    if (kind, len(value)) in ((_FLOAT32, 4), (_FLOAT64, 8)):
        return float(struct.unpack(">f" if kind == _FLOAT32 else ">d", value)[0])
    if kind in _SIGNED | _UNSIGNED:
        return float(int.from_bytes(value, "big", signed=kind in _SIGNED))
    return None
