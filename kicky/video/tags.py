"""Film -> what it notes about itself, read off its boxes and tags; nothing is decoded.

Items of metadata have a key ('mdta': com.apple.quicktime.…, com.android.…), user data are boxes of their own; what is
not MP4 or MOV has tags that libav hands on.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from pathlib import Path

from ..errors import UnreadableClip
from .files import opened

LONGEST = 80  # letters of a name
SONY_XML = b"meta"  # the outermost box in which Sony's cameras describe a film
_HOLDERS = {b"moov", b"trak", b"udta"}
_LARGEST_INDEX = 64 * 2**20  # a film's list of frames is smaller
_UTF8, _FLOAT32, _FLOAT64 = 1, 23, 24
_SIGNED, _UNSIGNED = {21, 65, 66, 67, 74}, {22, 75, 76, 77, 78}


def index_of(path: Path) -> bytes:
    """Film -> its 'moov' box's content, empty when it has none."""
    return box_of(path, b"moov")


def box_of(path: Path, wanted: bytes) -> bytes:
    """Film, a kind of box -> the content of its first outermost box of that kind, empty when it has none."""
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
            if kind == wanted and length <= _LARGEST_INDEX:
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


def items_of(index: bytes) -> list[tuple[str, int, bytes]]:
    """A film's index -> (key, type, value) of each item of metadata in it."""
    return [
        (keys[number - 1].decode("latin-1").lower(), kind, value)
        for keys, values in _metadata(index)
        for number, kind, value in values
        if 0 < number <= len(keys)
    ]


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


def user_data(data: bytes) -> dict[str, str]:
    """Content of a box -> what cameras keep as user data, by the kind of its box."""
    said: dict[str, str] = {}
    for kind, content in _boxes(data):
        if kind in _HOLDERS:
            said |= user_data(content)
        elif kind == b"auth":  # version and flags, language
            said["auth"] = words_of(content[6:])
        elif kind == b"smta":  # version and flags, then boxes again
            said["mdln"] = words_of(dict(_boxes(content[4:])).get(b"mdln", b""))
        elif kind == b"GPMF":
            said["minf"] = words_of(_gopro(content))
        elif kind in (b"\xa9mak", b"\xa9mod", b"\xa9mdl"):  # length and language first, which DJI leaves out
            counted = int.from_bytes(content[:2], "big")
            text = content[4 : 4 + counted] if 0 < counted <= len(content) - 4 else content
            said[kind.decode("latin-1")] = words_of(text)
    return {key: words for key, words in said.items() if words}


def _gopro(data: bytes) -> bytes:
    """GPMF: keys of four letters, a type, size and count of what follows -> the model's name, b"" where none is."""
    start = 0
    while start + 8 <= len(data):
        key, kind, size = data[start : start + 4], data[start + 4], data[start + 5]
        length = size * int.from_bytes(data[start + 6 : start + 8], "big")
        if key == b"MINF":
            return data[start + 8 : start + 8 + length]
        start += 8 if kind == 0 else 8 + (length + 3) // 4 * 4  # type 0 holds further keys
    return b""


def handed_on(path: Path) -> dict[str, str]:
    """Film of another kind (Matroska, AVI) -> the tags that libav hands on, by their names in small letters."""
    try:
        with opened(path) as (container, stream):
            tags = {**stream.metadata, **container.metadata}
    except UnreadableClip:
        return {}
    return {key.lower(): words_of(value.encode()) for key, value in tags.items()}


def text_of(kind: int, value: bytes) -> str:
    return words_of(value) if kind == _UTF8 else ""


def words_of(value: bytes) -> str:
    """Bytes of a name -> it, without what cannot be shown, "" where there is nothing else.

    >>> words_of(b"Galaxy S23\\x00 Ultra\\n"), words_of(b"\\xff\\xfe\\x00"), len(words_of(b"x" * 500))
    ('Galaxy S23 Ultra', '', 80)
    """
    text = value.decode("utf-8", errors="ignore")
    return "".join(letter for letter in text if letter.isprintable()).strip()[:LONGEST]


def number_of(kind: int, value: bytes) -> float | None:
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
