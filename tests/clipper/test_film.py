"""A session's film is opened where it lies: its list of frames tells what decoding would."""

from __future__ import annotations

import os
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from kicky import clipper, video
from kicky.errors import UnfitClip, UnreadableClip
from kicky.video.index import listed_times

from .. import numbered

CLIPS = Path(__file__).parents[3] / "shared" / "clips"


def settled(path: Path) -> Path:
    """-> the film as if it had been lying there for a minute."""
    os.utime(path, (time.time() - 60, time.time() - 60))
    return path


def encoded(path: Path, options: dict[str, str], count: int = 50, rate: int = 30) -> Path:
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=Fraction(rate), options=options)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for number in range(count):
            picture = np.full((90, 160, 3), (number * 5) % 250, np.uint8)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        film.mux(stream.encode())
    return path


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("plain.mp4", {"bf": "0"}),
        ("between.mp4", {"bf": "3", "g": "12"}),
        ("phone.mov", {"bf": "2", "g": "30"}),
    ],
)
def test_the_list_says_what_decoding_says(tmp_path: Path, name: str, options: dict[str, str]) -> None:
    path = encoded(tmp_path / name, options)
    listed = listed_times(path)
    assert listed is not None
    np.testing.assert_allclose(listed[0], video.open_clip(path).time_s, atol=1e-9)
    with av.open(str(path)) as film:
        shown = sorted(f.pts for f in film.decode(video=0))
    with av.open(str(path)) as film:
        keys = [shown.index(f.pts) for f in film.decode(video=0) if f.key_frame]
    assert listed[1].tolist() == keys


def test_uneven_times_are_listed_too(tmp_path: Path) -> None:
    times = numbered.uneven(80)
    listed = listed_times(numbered.film(tmp_path / "uneven.mp4", 80, times))
    assert listed is not None
    np.testing.assert_allclose(listed[0], times, atol=1.1 / 90_000)


@pytest.mark.real
def test_real_films_are_listed_as_they_are_decoded() -> None:
    films = sorted(CLIPS.glob("*.mp4"))
    if not films:
        pytest.skip(f"there are no real clips in {CLIPS}")
    for path in films[::9]:
        listed = listed_times(path)
        assert listed is not None
        np.testing.assert_allclose(listed[0], video.open_clip(path).time_s, atol=1e-9)


def test_a_film_without_such_a_list_is_read_through(tmp_path: Path) -> None:
    path = settled(encoded(tmp_path / "film.mkv", {}))
    assert listed_times(path) is None
    assert len(clipper.open_film(path).clip.time_s) == 50


@pytest.mark.parametrize("data", [b"", b"\0" * 40, b"\0\0\0\x18ftypmp42" + b"\xff" * 64])
def test_bytes_that_are_no_list_give_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "odd.mp4"
    path.write_bytes(data)
    assert listed_times(path) is None


def test_a_film_dated_ahead_is_opened(tmp_path: Path) -> None:
    """A camera's clock runs ahead, or the computer's was set back: nobody is writing that film."""
    path = encoded(tmp_path / "ahead.mp4", {})
    for ahead_s in (60, 10 * 365 * 24 * 3600):
        os.utime(path, (time.time() + ahead_s,) * 2)
        assert len(clipper.open_film(path).clip.time_s) == 50
    os.utime(path, (time.time() + 0.5,) * 2)
    with pytest.raises(UnreadableClip, match="still being copied: wait"):
        clipper.open_film(path)


def test_a_film_still_being_copied_is_told(tmp_path: Path) -> None:
    whole = encoded(tmp_path / "film.mp4", {})
    with pytest.raises(UnreadableClip, match="still being copied: wait"):
        clipper.open_film(whole)
    part = tmp_path / "part.mp4"
    part.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(UnreadableClip, match="not all there: wait if it is still being copied"):
        clipper.open_film(settled(part))
    with pytest.raises(UnreadableClip, match="There is no film"):
        clipper.open_film(tmp_path / "none.mp4")


def test_a_film_that_changed_or_went_is_told(tmp_path: Path) -> None:
    path = settled(encoded(tmp_path / "film.mp4", {}))
    film = clipper.open_film(path)
    assert len(clipper.unchanged(path, film.size_bytes, film.modified_ns).clip.time_s) == 50
    with pytest.raises(UnfitClip, match="has changed since"):
        clipper.unchanged(path, film.size_bytes + 1, film.modified_ns)
    path.unlink()
    with pytest.raises(UnreadableClip, match="is gone: put it back"):
        clipper.unchanged(path, film.size_bytes, film.modified_ns)


def test_opening_reads_the_list_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = settled(encoded(tmp_path / "film.mp4", {}))

    def refuse(_: Path) -> str:
        raise AssertionError("the whole film was read")

    monkeypatch.setattr("kicky.video.opening.sha256", refuse)
    assert len(clipper.open_film(path).clip.time_s) == 50
