"""File -> when each of its frames is shown, without reading the film itself where it is an MP4 or MOV.

A session of an hour has gigabytes of pictures and a list of frames of some hundred kilobytes: the list is read alone.
The format is ISO/IEC 14496-12: stts holds how long frames last, ctts how much later than decoded they are shown, elst
where the film begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ..domain import Floats

_CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts")
_WANTED = (b"mvhd", b"mdhd", b"hdlr", b"stts", b"ctts", b"elst", b"stss")
_MOST_BYTES = 256 << 20


class _Unlisted(Exception):
    """This file does not say it in a way that is read here."""


def listed_times(path: Path) -> tuple[Floats, Any] | None:
    """MP4 or MOV -> ((T,) s since the first shown frame, (K,) numbers of the key frames); None for any other file."""
    try:
        with path.open("rb") as file:
            if file.read(8)[4:] not in (b"ftyp", b"wide", b"mdat", b"moov"):
                return None
            tracks, movie_scale = _tracks(file, path.stat().st_size)
        films = [track for track in tracks if track.get(b"hdlr", b"")[8:12] == b"vide"]
        return _times(films[0], movie_scale) if len(films) == 1 else None
    except (_Unlisted, KeyError, ValueError, IndexError):
        return None


def _tracks(file: BinaryIO, size: int) -> tuple[list[dict[bytes, bytes]], int]:
    """File -> the wanted boxes of each track, and the film's own ticks a second."""
    tracks: list[dict[bytes, bytes]] = []
    scale = 0
    for kind, payload in _boxes(file, 0, size):
        if kind == b"moof":
            raise _Unlisted  # a film in pieces: its list lies in them
        if kind == b"trak":
            tracks.append({})
        elif kind == b"mvhd":
            scale = _scale(payload)
        elif tracks and payload is not None:
            tracks[-1].setdefault(kind, payload)  # QuickTime has a second handler, of the data
    return tracks, scale


def _boxes(file: BinaryIO, start: int, stop: int) -> Iterator[tuple[bytes, bytes]]:
    """File, a stretch of it -> its wanted boxes, containers opened; what holds pictures is stepped over."""
    while start + 8 <= stop:
        file.seek(start)
        header = file.read(16)
        length, kind, head = int.from_bytes(header[:4], "big"), header[4:8], 8
        if length == 1:
            length, head = int.from_bytes(header[8:16], "big"), 16
        elif length == 0:
            length = stop - start
        if length < head:
            return
        if kind in _CONTAINERS or kind == b"moof":
            yield kind, b""
            if kind != b"moof":
                yield from _boxes(file, start + head, min(start + length, stop))
        elif kind in _WANTED and length < _MOST_BYTES:
            file.seek(start + head)
            yield kind, file.read(length - head)
        start += length


def _scale(payload: bytes) -> int:
    at = 20 if payload[0] == 1 else 12
    return int.from_bytes(payload[at : at + 4], "big")


def _times(track: dict[bytes, bytes], movie_scale: int) -> tuple[Floats, Any]:
    """A film's boxes -> its shown frames' times and which of them are key frames."""
    scale = _scale(track[b"mdhd"])
    durations = _runs(track[b"stts"], ">u4")
    decoded = np.concatenate([[0], np.cumsum(durations)[:-1]])
    late = _runs(track[b"ctts"], ">i4") if b"ctts" in track else np.zeros(len(decoded), np.int64)
    shown = decoded + late
    begin, end = _edit(track.get(b"elst"), scale, movie_scale)
    order = np.argsort(shown, kind="stable")
    order = order[(shown[order] >= begin) & (shown[order] < end)]
    ticks = shown[order]
    if len(ticks) < 2 or not (np.diff(ticks) > 0).all():
        raise _Unlisted
    every = track.get(b"stss")
    keys = np.arange(len(decoded)) if every is None else np.frombuffer(every[8:], ">u4").astype(np.int64) - 1
    return (ticks - ticks[0]) / scale, np.flatnonzero(np.isin(order, keys))


def _runs(payload: bytes, kind: str) -> Any:
    """stts or ctts: (count, value) pairs -> a value a frame."""
    pairs = np.frombuffer(payload[8:], dtype=[("count", ">u4"), ("value", kind)])
    return np.repeat(pairs["value"].astype(np.int64), pairs["count"].astype(np.int64))


def _edit(payload: bytes | None, scale: int, movie_scale: int) -> tuple[int, float]:
    """elst -> the first tick that is shown and the first that no longer is."""
    if payload is None or int.from_bytes(payload[4:8], "big") == 0:
        return 0, np.inf
    kind = [("length", ">u8"), ("start", ">i8")] if payload[0] == 1 else [("length", ">u4"), ("start", ">i4")]
    rows = np.frombuffer(payload[8:], dtype=[*kind, ("rate", ">u4")])
    rows = rows[rows["start"] >= 0]  # an empty edit only delays all
    if len(rows) != 1:
        raise _Unlisted
    begin, length = int(rows["start"][0]), int(rows["length"][0])
    return begin, begin + length * scale / movie_scale if length and movie_scale else np.inf
