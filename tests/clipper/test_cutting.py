"""Cuts are exact: the same frames, apart by the same times, copied where that is possible."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kicky import clipper, video
from kicky.clipper import SessionFilm
from kicky.errors import StorageFailed, UnreadableClip

from .. import numbered
from .test_film import settled

FRAMES = 400
TIMES = numbered.uneven(FRAMES)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> SessionFilm:
    """-> half a minute of numbered frames at uneven times, with B frames."""
    path = numbered.film(tmp_path_factory.mktemp("film") / "session.mp4", FRAMES, TIMES)
    return clipper.open_film(settled(path))


def numbers(path: Path) -> Iterator[int]:
    for _, image in video.frames(video.open_clip(path)):
        yield numbered.read(Image.fromarray(image[:, :, ::-1]))


@pytest.mark.parametrize(("first", "last"), [(0, 0 + 30), (33, 90), (250, 399), (371, 399)])
def test_a_cut_holds_just_its_frames(film: SessionFilm, tmp_path: Path, first: int, last: int) -> None:
    target = tmp_path / "cut.mp4"
    clipper.cut(film, first, last, target)
    assert list(numbers(target)) == list(range(first, last + 1))
    np.testing.assert_allclose(video.open_clip(target).time_s, TIMES[first : last + 1] - TIMES[first], atol=1e-4)


def test_where_a_key_frame_allows_it_packets_are_copied(tmp_path: Path) -> None:
    import av

    path = tmp_path / "plain.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=30, options={"bf": "0", "g": "30", "sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt = *numbered.SIZE_WH, "yuv420p"
        for number in range(150):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(numbered.drawn(number), format="bgr24")))
        out.mux(stream.encode())
    film = clipper.open_film(settled(path))
    assert clipper.cut(film, 60, 100, tmp_path / "a.mp4") == "copied"
    assert list(numbers(tmp_path / "a.mp4")) == list(range(60, 101))
    assert clipper.cut(film, 61, 100, tmp_path / "b.mp4") == "written again"
    assert list(numbers(tmp_path / "b.mp4")) == list(range(61, 101))
    packets = [bytes(packet) for source in (path,) for packet in av.open(str(source)).demux(video=0)]
    assert bytes(next(av.open(str(tmp_path / "a.mp4")).demux(video=0))) in packets  # not a bit was encoded anew


def test_a_damaged_place_spoils_only_the_cuts_in_it(film: SessionFilm, tmp_path: Path) -> None:
    data = bytearray(film.clip.path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 60_000] = bytes(60_000)
    spoilt = tmp_path / "spoilt.mp4"
    spoilt.write_bytes(data)
    opened = clipper.open_film(settled(spoilt))
    clipper.cut(opened, 10, 40, tmp_path / "good.mp4")
    assert list(numbers(tmp_path / "good.mp4")) == list(range(10, 41))
    with pytest.raises(UnreadableClip, match="damaged"):
        clipper.cut(opened, 60, 380, tmp_path / "bad.mp4")
    assert not (tmp_path / "bad.mp4").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_folder_that_is_not_there_is_told(film: SessionFilm, tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="cannot be written"):
        clipper.cut(film, 33, 60, tmp_path / "none" / "cut.mp4")
