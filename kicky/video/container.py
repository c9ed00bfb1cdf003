"""File -> what is missing from it, read off the sizes that MP4, MOV, MKV, WebM and AVI state; nothing is decoded.

A phone writes the list of frames last, so a copy that broke off usually lacks it altogether; a film
made for the web has the list first and loses frames at the end. The decoder shows the first as "no
film at all" and the second as a shorter film, so both are told apart here.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

# What an MP4 or MOV begins with: any other first bytes belong to another kind of file.
_FIRST_BOXES = (
    b"ftyp", b"styp", b"wide", b"mdat", b"moov", b"free", b"skip", b"pdin", b"pnot", b"uuid", b"PICT", b"udta", b"emsg",
    b"mfra", b"sidx", b"prft", b"meta",
)  # fmt: skip
_HOLD_FILM = (b"moov", b"mdat", b"moof", b"meta")
_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"


def missing_part(path: Path) -> str:
    """File -> what a broken-off copy lacks, in words ("" when its boxes are all there or it has none)."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        if head[4:8] in _FIRST_BOXES:
            return _missing_box(file, size)
        if head[:4] == _EBML:
            return _missing_bytes(_segment_end(file), size)
        if head[:4] == b"RIFF" and head[8:] == b"AVI ":
            return _missing_bytes(8 + int.from_bytes(head[4:8], "little"), size)
    return ""


def _missing_box(file: BinaryIO, size: int) -> str:
    """MP4 or MOV -> what its outermost boxes lack; a box of any type is stepped over, as ISO/IEC 14496-12 asks."""
    start, seen = 0, set[bytes]()
    while start + 8 <= size:
        file.seek(start)
        header = file.read(16)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:  # "up to the end of the file"
            length = size - start
        if length < 8 or not _names_a_box(kind):
            break  # bytes that phones add behind the film
        listed = kind == b"moov" or seen & {b"moov", b"moof"}
        if start + length > size and listed and kind not in _HOLD_FILM:
            break  # behind the list of frames: no picture is missing with it
        if start + length > size:
            lacking = _missing_bytes(start + length, size)
            return lacking if listed else f"{lacking}, without its list of frames, which comes last"
        seen.add(kind)
        start += length
    if seen & {b"moov", b"meta"}:  # a photo (HEIC) has the second in its place
        return ""
    return "its list of frames is missing"


def _names_a_box(kind: bytes) -> bool:
    """Four bytes -> whether they may be a box's type: letters, digits, blanks, or QuickTime's ©."""
    return all(0x20 <= letter < 0x7F or letter == 0xA9 for letter in kind)


def _missing_bytes(stated: int, size: int) -> str:
    if stated <= size:
        return ""
    unit, name = (1e6, "MB") if stated >= 1e6 else (1e3, "kB")
    return f"only {size / unit:.1f} of {stated / unit:.1f} {name} are there"


def _segment_end(file: BinaryIO) -> int:
    """MKV or WebM -> where its one segment says it ends, 0 when it does not say."""
    file.seek(4)
    header = _number(file)
    if header is None:
        return 0
    file.seek(header, 1)
    if file.read(4) != _SEGMENT:
        return 0
    length = _number(file)
    return 0 if length is None else file.tell() + length


def _number(file: BinaryIO) -> int | None:
    """The variable-length integer of EBML at the file's place, None when it says "unknown"."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    more = 8 - first[0].bit_length()
    value = (first[0] & (0x7F >> more)) << 8 * more | int.from_bytes(file.read(more), "big")
    return None if value == (1 << 7 * (more + 1)) - 1 else value
