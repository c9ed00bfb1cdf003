"""Film -> what it says of the phone that made it, read off its boxes and tags; nothing is decoded.

What is known to be written where:

- iPhones: maker and model for the whole film ('mdta' keys com.apple.quicktime.make, .model); since iOS 26 the lens in
  words and its 35 mm equivalent with the picture track (com.apple.quicktime.camera.lens_model,
  .focal_length.35mm_equivalent, as AVFoundation documents them). Before, apps may write them for the whole film.
- Android's own recorder: com.android.version always, com.android.manufacturer and .model where the phone's maker turned
  that on (media.recorder.show_manufacturer_and_model); Pixels do. None of them names the lens or the zoom.
- Samsung: the name ('auth', "Galaxy S23 Ultra") and the model number ('smta' with 'mdln', "SM-S918B") as user data.
- GoPro: "MINF" in the user data's GPMF. DJI and older cameras: the user data's ©mak, ©mod, ©mdl.
- What was sent by a messenger or cut by an app has mostly lost all of it.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import UnreadableClip
from .files import opened

APPLE = "com.apple.quicktime."
LENS_MM, LENS_WORDS = APPLE + "camera.focal_length.35mm_equivalent", APPLE + "camera.lens_model"
MAKES = (APPLE + "make", "com.android.manufacturer", "make", "\xa9mak")
MODELS = (APPLE + "model", "mdln", "com.android.model", "model", "auth", "\xa9mod", "\xa9mdl", "minf")
LONGEST = 80  # letters of a name
_HOLDERS = {b"moov", b"trak", b"udta"}
_LARGEST_INDEX = 64 * 2**20  # a film's list of frames is smaller
_SENSIBLE_MM = 8.0, 400.0
_UTF8, _FLOAT32, _FLOAT64 = 1, 23, 24
_SIGNED, _UNSIGNED = {21, 65, 66, 67, 74}, {22, 75, 76, 77, 78}


@dataclass(frozen=True, slots=True)
class Filmed:
    """What a film says of its phone: maker and model, "" where it does not, its lens in mm and in the phone's words."""

    make: str = ""
    model: str = ""
    lens_mm: float | None = None
    lens_words: str = ""


def lens_mm(path: Path) -> float | None:
    """Film -> its lens as 35 mm film has it, None when it does not say (or says what no lens has)."""
    return _lens_mm(_items_of(_index(path)))


def filmed_with(path: Path) -> Filmed:
    """Film -> what it says of the phone that made it, also where another program kept it in a file of its own kind."""
    index = _index(path)
    items = _items_of(index)
    said = {key: words for key, kind, value in reversed(items) if (words := _text(kind, value))}
    said |= _user_data(index) | ({} if index else _handed_on(path))
    words = said.get(LENS_WORDS, "")
    make, model = (next((said[key] for key in keys if said.get(key)), "") for keys in (MAKES, MODELS))
    if not model and words.startswith("iPhone "):
        model = words.split(" back ")[0].split(" front ")[0]
    return Filmed(make or ("Apple" if model.startswith("iPhone") else ""), model, _lens_mm(items), words)


def _lens_mm(items: list[tuple[str, int, bytes]]) -> float | None:
    for key, kind, value in items:
        found = _number(kind, value) if key == LENS_MM else None
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


def _items_of(index: bytes) -> list[tuple[str, int, bytes]]:
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


def _user_data(data: bytes) -> dict[str, str]:
    """Content of a box -> what cameras keep as user data, by the kind of its box."""
    said: dict[str, str] = {}
    for kind, content in _boxes(data):
        if kind in _HOLDERS:
            said |= _user_data(content)
        elif kind == b"auth":  # version and flags, language
            said["auth"] = _words(content[6:])
        elif kind == b"smta":  # version and flags, then boxes again
            said["mdln"] = _words(dict(_boxes(content[4:])).get(b"mdln", b""))
        elif kind == b"GPMF":
            said["minf"] = _words(_gopro(content))
        elif kind in (b"\xa9mak", b"\xa9mod", b"\xa9mdl"):  # length and language first, which DJI leaves out
            counted = int.from_bytes(content[:2], "big")
            text = content[4 : 4 + counted] if 0 < counted <= len(content) - 4 else content
            said[kind.decode("latin-1")] = _words(text)
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


def _handed_on(path: Path) -> dict[str, str]:
    """Film of another kind (Matroska, AVI) -> the tags that libav hands on, by their names in small letters."""
    try:
        with opened(path) as (container, stream):
            tags = {**stream.metadata, **container.metadata}
    except UnreadableClip:
        return {}
    return {key.lower(): _words(value.encode()) for key, value in tags.items()}


def _text(kind: int, value: bytes) -> str:
    return _words(value) if kind == _UTF8 else ""


def _words(value: bytes) -> str:
    """Bytes of a name -> it, without what cannot be shown, "" where there is nothing else.

    >>> _words(b"Galaxy S23\\x00 Ultra\\n"), _words(b"\\xff\\xfe\\x00"), len(_words(b"x" * 500))
    ('Galaxy S23 Ultra', '', 80)
    """
    text = value.decode("utf-8", errors="ignore")
    return "".join(letter for letter in text if letter.isprintable()).strip()[:LONGEST]


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
