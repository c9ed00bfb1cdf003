"""The lens that a phone notes in its film is read, wherever it is noted; nonsense is not."""

import struct
from pathlib import Path

import av
import pytest

from kicky.video import open_clip

from . import films
from .films import numbered

KEY = "com.apple.quicktime.camera.focal_length.35mm_equivalent"


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + kind + body


def item(number: int, kind: int, value: bytes) -> bytes:
    return box(struct.pack(">I", number), box(b"data", struct.pack(">II", kind, 0), value))


def note(kind: int, value: bytes, key: str = KEY) -> bytes:
    """-> a QuickTime 'meta' box as phones write it: the lens is its second item."""
    names = [b"com.apple.quicktime.camera.lens_model", key.encode()]
    keys = box(b"keys", struct.pack(">II", 0, 2), *(box(b"mdta", name) for name in names))
    handler = box(b"hdlr", bytes(8), b"mdta", bytes(14))
    return box(b"meta", handler, keys, box(b"ilst", item(1, 1, b"back camera 6.765mm f/1.78"), item(2, kind, value)))


def noted(path: Path, meta: bytes, into: bytes = b"trak") -> Path:
    """A film whose list of frames comes last -> the same with `meta` at the end of its first track, or of all."""
    data = path.read_bytes()
    moov = data.index(b"moov") - 4
    assert moov + struct.unpack(">I", data[moov : moov + 4])[0] == len(data)
    holders = [moov] if into == b"moov" else [moov, data.index(b"trak", moov) - 4]
    end = holders[-1] + struct.unpack(">I", data[holders[-1] : holders[-1] + 4])[0]
    grown = bytearray(data)
    for start in holders:
        size = struct.unpack(">I", data[start : start + 4])[0] + len(meta)
        grown[start : start + 4] = struct.pack(">I", size)
    path.write_bytes(bytes(grown[:end]) + meta + bytes(grown[end:]))
    return path


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return films.write(tmp_path / "kick.mov", [numbered(k) for k in range(6)])


@pytest.mark.parametrize(
    ("kind", "value", "mm"),
    [
        (21, struct.pack(">q", 24), 24.0),
        (21, b"\x1a", 26.0),
        (77, struct.pack(">I", 13), 13.0),
        (23, struct.pack(">f", 27.5), 27.5),
        (24, struct.pack(">d", 52.0), 52.0),
        (1, b"50.00mm", 50.0),
    ],
)
@pytest.mark.parametrize("into", [b"trak", b"moov"])
def test_the_lens_is_read_however_it_is_written(film: Path, kind: int, value: bytes, mm: float, into: bytes) -> None:
    clip = open_clip(noted(film, note(kind, value), into))
    assert clip.lens_mm == mm
    assert len(clip.time_s) == 6


def test_the_lens_is_read_from_a_film_that_a_program_made(tmp_path: Path) -> None:
    path = tmp_path / "cut.mov"
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as out:
        out.metadata[KEY] = "26"
        stream = out.add_stream("mpeg4", rate=30)
        stream.width, stream.height = 160, 96
        for k in range(3):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(numbered(k), format="bgr24")))
        out.mux(stream.encode())
    assert open_clip(path).lens_mm == 26.0


@pytest.mark.parametrize(
    "meta",
    [
        note(1, b"wide"),
        note(1, b"nan"),
        note(21, struct.pack(">q", 0)),
        note(23, struct.pack(">f", float("inf"))),
        note(24, b"\x00\x00"),
        note(13, b"\xff\xd8"),
        note(21, b"\x1a", key="com.apple.quicktime.camera.focal_length"),
        note(21, b"\x1a")[:-20] + bytes(20),
        box(b"meta", b"\x00\x00"),
    ],
)
def test_what_no_lens_has_is_not_taken_for_one(film: Path, meta: bytes) -> None:
    assert open_clip(noted(film, meta)).lens_mm is None


def test_a_film_that_does_not_say_has_no_lens(film: Path, tmp_path: Path) -> None:
    assert open_clip(film).lens_mm is None
    mkv = films.write(tmp_path / "kick.mkv", [numbered(k) for k in range(6)])
    assert open_clip(mkv).lens_mm is None
