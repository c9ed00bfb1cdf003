"""Any phone file opens as what was filmed, or is refused in one sentence that says what to do."""

import os
import re
import resource
import struct
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from kicky.errors import Cancelled, KickyError, OutOfMemory, StorageFailed, UnfitClip, UnreadableClip
from kicky.video import (
    FilmWriter,
    apart,
    browser_copy,
    decoded,
    files,
    frames,
    open_clip,
    open_listed,
    plays_in_browsers,
    prove_whole,
    still,
)
from kicky.video.picture import Pictures

from . import films
from .films import number_in, numbered, quartered, quarters

COUNT = 24
CLIPS = Path(__file__).parents[2] / "shared" / "clips"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return films.write(tmp_path / "kick.mp4", [numbered(i) for i in range(COUNT)])


def numbers(path: Path, **how: Any) -> list[int]:
    return [number_in(image) for _, image in frames(open_clip(path), **how)]


# What opens


def test_a_film_is_its_size_and_its_times(film: Path) -> None:
    clip = open_clip(film)
    assert clip.size_wh_px == (films.WIDTH, films.HEIGHT)
    assert clip.take == (0, COUNT)
    np.testing.assert_allclose(clip.time_s, np.arange(COUNT) / 30, atol=1e-4)


def test_the_hash_is_of_the_bytes(film: Path, tmp_path: Path) -> None:
    twin = tmp_path / "twin.mp4"
    twin.write_bytes(film.read_bytes())
    other = films.write(tmp_path / "other.mp4", [numbered(i) for i in range(3)])
    assert open_clip(film).sha256 == open_clip(twin).sha256 != open_clip(other).sha256


@pytest.mark.parametrize("gray", [True, False])
def test_every_frame_comes_once_and_in_order(film: Path, gray: bool) -> None:
    found = list(frames(open_clip(film), gray=gray))
    assert [number for number, _ in found] == [number_in(image) for _, image in found] == list(range(COUNT))
    assert found[0][1].shape == (films.HEIGHT, films.WIDTH) + (() if gray else (3,))


def test_only_the_take_is_given_under_the_films_own_numbers(film: Path) -> None:
    clip = replace(open_clip(film), take=(5, 9))
    assert [(number, number_in(image)) for number, image in frames(clip)] == [(5, 5), (6, 6), (7, 7), (8, 8)]


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("kick.mov", {}),
        ("kick.mkv", {}),
        ("kick.ts", {}),
        ("kick.avi", {"codec": "mpeg4"}),
        ("kick.webm", {"codec": "libvpx-vp9", "options": {"deadline": "realtime", "cpu-used": "8"}}),
        ("IMG_0001.MOV", {"codec": "libx265", "options": {"x265-params": "log-level=none"}, "container": "mov"}),
        ("b-frames.mp4", {"options": {"preset": "veryfast", "bf": "3", "g": "10"}}),
        ("sound.mp4", {"sound": "aac"}),
        ("sound and data.mp4", {"sound": "aac", "data": True}),
        ("Schuß ⚽ 日本 a+b%20.mp4", {}),
        ("motion.avi", {"codec": "mjpeg", "pix_fmt": "yuvj420p"}),
    ],
)
def test_phone_formats_and_names(tmp_path: Path, name: str, how: dict[str, Any]) -> None:
    path = films.write(tmp_path / name, [numbered(i) for i in range(COUNT)], **how)
    assert numbers(path, gray=True) == list(range(COUNT))
    assert number_in(still(open_clip(path), 17)) == 17


@pytest.mark.parametrize(
    "name",
    ["10:30.mp4", "http:kick.mp4", "concat:a|b.mp4", "100%.mp4", "kick%03d.mp4", "-kick.mp4", "two\nlines.mp4", "~.mp4",
     "file:kick.mp4", "kick?.mp4", "#1.mp4", "a,b;c.mp4"],
)  # fmt: skip
def test_any_name_is_a_file_in_the_current_folder_too(
    film: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    film.rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    path = Path(name)
    assert numbers(path, gray=True) == list(range(COUNT))
    assert len(open_listed(path)[0].time_s) == len(apart.proved(path).time_s) == COUNT
    browser_copy(path, Path(f"copy {name}"))
    assert [number_in(image) for _, image in frames(open_clip(Path(f"copy {name}")))] == list(range(COUNT))


@pytest.mark.parametrize("name", ["kick.txt", "kick.mov", "kick", "kick.jpg"])
def test_the_content_decides_not_the_name(film: Path, tmp_path: Path, name: str) -> None:
    assert numbers(film.rename(tmp_path / name)) == list(range(COUNT))


def test_odd_sizes(tmp_path: Path) -> None:
    images = [numbered(i, 161, 97) for i in range(6)]
    path = films.write(tmp_path / "odd.mkv", images, pix_fmt="yuv444p", options={"preset": "ultrafast"})
    assert open_clip(path).size_wh_px == (161, 97)
    assert [(image.shape, number_in(image)) for _, image in frames(open_clip(path))] == [
        ((97, 161, 3), number) for number in range(6)
    ]


@pytest.mark.parametrize("height", [1, 97])
@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("vp9.webm", {"codec": "libvpx-vp9", "options": {"deadline": "realtime", "cpu-used": "8"}}),
        ("motion.avi", {"codec": "mjpeg", "pix_fmt": "yuvj420p"}),
        ("motion444.avi", {"codec": "mjpeg", "pix_fmt": "yuvj444p"}),
        ("deep.mkv", {"pix_fmt": "yuv444p10le", "options": {"preset": "ultrafast"}}),
    ],
)
def test_both_sides_odd_at_any_size(tmp_path: Path, name: str, how: dict[str, Any], height: int) -> None:
    """Half of an odd side is no whole number: whoever halves a picture must not go on for ever."""
    width, height = (163, 97) if height > 1 else (323, 181)
    clip = open_clip(films.write(tmp_path / name, [numbered(i, width, height) for i in range(3)], **how))
    for side in (None, width // 2, width // 2 + 1, width // 4, 20):
        for gray in (True, False):
            picture = Pictures(gray, side, clip.size_wh_px)
            for number, frame in decoded(clip):
                image, chroma = picture(frame), picture.chroma(frame)
                assert chroma.shape[1:] == tuple((length + 1) // 2 for length in image.shape[:2])
                assert max(image.shape) == (side or width)
                assert side or number_in(image) == number
    assert number_in(still(clip, 2)) == 2


# Pixels that are not square


def squeezed(path: Path, across: int, down: int, pixel: Fraction, **how: Any) -> Path:
    """A film of ours with so many of its columns and rows kept, which says what shape its pixels have."""
    pictures = [cv2.resize(quartered(), (across, down), interpolation=cv2.INTER_AREA)] * 4
    return films.write(path, pictures, prepare=lambda stream: _shape(stream, pixel), **how)


def _shape(stream: Any, pixel: Fraction) -> None:
    stream.codec_context.sample_aspect_ratio = pixel


@pytest.mark.parametrize(
    ("across", "down", "pixel", "size"),
    [
        (120, 96, Fraction(4, 3), (160, 96)),  # 1440 × 1080 of cameras that write HDV
        (160, 72, Fraction(3, 4), (160, 96)),
        (160, 96, Fraction(1, 1), (160, 96)),
        (160, 96, Fraction(999, 1000), (160, 96)),
        (160, 96, Fraction(100, 1), (160, 96)),  # nobody films so: a slip of whatever wrote it
    ],
)
@pytest.mark.parametrize("name", ["kick.mp4", "kick.mkv", "kick.mov"])
def test_pictures_are_square_whatever_the_pixels_are(
    tmp_path: Path, name: str, across: int, down: int, pixel: Fraction, size: tuple[int, int]
) -> None:
    path = squeezed(tmp_path / name, across, down, pixel)
    clip = open_clip(path)
    assert clip.size_wh_px == open_listed(path)[0].size_wh_px == size
    for gray in (True, False):
        (_, image), *_ = frames(clip, gray=gray)
        (_, small), *_ = frames(clip, gray=gray, max_side_px=80)
        assert image.shape[1::-1] == size
        assert small.shape[1::-1] == (80, 48)
        assert np.abs(np.array(quarters(image)) - [40, 90, 150, 210]).max() <= (30 if gray else 10)
    assert still(clip, 3).shape[1::-1] == size
    _, frame = next(decoded(clip))
    assert Pictures(size_wh_px=size).chroma(frame).shape == (2, 48, 80)
    browser_copy(path, tmp_path / "copy.mp4")
    assert open_clip(tmp_path / "copy.mp4").size_wh_px == size
    assert plays_in_browsers(tmp_path / "copy.mp4")
    assert plays_in_browsers(path) == (name != "kick.mkv" and (across, down) == size)


def test_a_film_held_upright_with_pixels_that_are_not_square(tmp_path: Path) -> None:
    path = squeezed(tmp_path / "upright.mp4", 120, 96, Fraction(4, 3))
    content = bytearray(path.read_bytes())
    matrix = content.index(b"tkhd") + 4 + 4 + 20 + 16
    content[matrix : matrix + 20] = struct.pack(">5i", 0, 1 << 16, 0, -1 << 16, 0)
    path.write_bytes(content)
    clip = open_clip(path)
    assert clip.size_wh_px == (96, 160)
    _, image = next(frames(clip))
    assert image.shape == (160, 96, 3)
    np.testing.assert_allclose(quarters(image), [150, 40, 210, 90], atol=10)


# Which way is up. The matrices are those of the file format: x' = a·x + c·y, y' = b·x + d·y, y down.


@pytest.mark.parametrize(
    ("a", "b", "c", "d", "shown"),
    [
        (1, 0, 0, 1, [40, 90, 150, 210]),
        (0, 1, -1, 0, [150, 40, 210, 90]),  # a quarter turn clockwise: an iPhone held upright
        (-1, 0, 0, -1, [210, 150, 90, 40]),
        (0, -1, 1, 0, [90, 210, 40, 150]),
        (-1, 0, 0, 1, [90, 40, 210, 150]),  # mirrored
        (0, 1, 1, 0, [40, 150, 90, 210]),  # mirrored and turned
    ],
)
def test_the_picture_is_set_upright(tmp_path: Path, a: int, b: int, c: int, d: int, shown: list[int]) -> None:
    path = films.write(tmp_path / "turned.mp4", [quartered()] * 3)
    content = bytearray(path.read_bytes())
    matrix = content.index(b"tkhd") + 4 + 4 + 20 + 16  # version 0: flags, times and ids, layer and volume
    assert content[matrix : matrix + 4] == struct.pack(">i", 65536)
    content[matrix : matrix + 20] = struct.pack(">5i", a << 16, b << 16, 0, c << 16, d << 16)
    path.write_bytes(content)

    clip = open_clip(path)
    assert clip.size_wh_px == ((films.WIDTH, films.HEIGHT) if a else (films.HEIGHT, films.WIDTH))
    for gray in (True, False):
        _, image = next(frames(clip, gray=gray))
        assert image.shape[1::-1] == clip.size_wh_px
        assert np.abs(np.array(quarters(image)) - shown).max() <= (30 if gray else 10)  # luma starts at 16
    assert quarters(still(clip, 2)) == pytest.approx(shown, abs=10)
    _, frame = next(decoded(clip))
    assert Pictures().chroma(frame).shape == (2, *(side // 2 for side in clip.size_wh_px[::-1]))


# Time


def uneven_ticks(count: int, seed: int = 1) -> list[int]:
    gaps = np.random.default_rng(seed).choice([1500, 2999, 3000, 3001, 6000], count - 1)
    return [0, *np.cumsum(gaps).tolist()]


def test_variable_frame_rate_keeps_each_frames_own_time(tmp_path: Path) -> None:
    ticks = uneven_ticks(40)
    path = films.write(tmp_path / "vfr.mp4", [numbered(i) for i in range(40)], ticks, tick=Fraction(1, 90000))
    np.testing.assert_allclose(open_clip(path).time_s, np.array(ticks) / 90000, atol=1e-9)


def test_times_start_at_zero_and_slow_motion_is_undone(tmp_path: Path) -> None:
    path = films.write(tmp_path / "late.mkv", [numbered(i) for i in range(6)], [90, 91, 92, 95, 96, 97])
    np.testing.assert_allclose(open_clip(path).time_s, np.array([0, 1, 2, 5, 6, 7]) / 30, atol=1e-3)
    np.testing.assert_allclose(open_clip(path, 8).time_s * 8, open_clip(path).time_s)
    assert number_in(still(open_clip(path, 8), 4)) == 4


def test_two_frames_of_one_time_count_once(tmp_path: Path) -> None:
    """MKV keeps milliseconds: frames closer than that come out with the same time."""
    ticks = [0, 100, 200, 201, 300, 400]
    path = films.write(tmp_path / "double.mkv", [numbered(i) for i in range(6)], ticks, tick=Fraction(1, 3000))
    clip = open_clip(path)
    assert len(clip.time_s) == 5
    assert [number_in(image) for _, image in frames(clip)] in ([0, 1, 2, 4, 5], [0, 1, 3, 4, 5])


def test_a_film_without_times_is_refused(tmp_path: Path) -> None:
    path = films.write(tmp_path / "bare.h264", [numbered(i) for i in range(6)], container="h264")
    with pytest.raises(UnreadableClip, match="does not say when its frames were taken"):
        open_clip(path)


@pytest.mark.parametrize("factor", [0.0, -2.0, float("nan"), float("inf")])
def test_a_slow_motion_that_makes_no_sense(film: Path, factor: float) -> None:
    with pytest.raises(UnfitClip, match="Slow motion"):
        open_clip(film, factor)


@pytest.mark.parametrize("b_frames", ["0", "3"])
def test_a_still_is_the_very_frame(tmp_path: Path, b_frames: str) -> None:
    options = {"preset": "veryfast", "bf": b_frames, "g": "12", "sc_threshold": "0"}
    images, ticks = [numbered(i) for i in range(40)], uneven_ticks(40)
    path = films.write(tmp_path / "vfr.mp4", images, ticks, tick=Fraction(1, 90000), options=options)
    clip = open_clip(path)
    assert [number_in(still(clip, number)) for number in range(40)] == list(range(40))


@pytest.mark.parametrize("number", [-1, COUNT])
def test_there_is_no_such_still(film: Path, number: int) -> None:
    with pytest.raises(UnfitClip, match=f"has {COUNT} frames"):
        still(open_clip(film), number)


def test_a_trimmed_film_is_what_was_left_of_it(tmp_path: Path) -> None:
    """Phones trim without rewriting: frames before the start and after the end stay in the file."""
    path = films.write(tmp_path / "trimmed.mp4", [numbered(i) for i in range(COUNT)])
    with av.open(str(path)) as container:
        tick: Any = container.streams.video[0].time_base
    content = bytearray(path.read_bytes())
    start = content.index(b"elst") + 4 + 4 + 4 + 4  # version and flags, count, length of the first edit
    left = range(3, COUNT - 4)
    content[start - 4 : start + 4] = struct.pack(">ii", int(len(left) / 30 * 1000), round(left[0] / 30 / tick))
    path.write_bytes(content)
    clip = open_clip(path)
    np.testing.assert_allclose(clip.time_s, np.arange(len(left)) / 30, atol=1e-4)
    assert [number_in(image) for _, image in frames(clip)] == list(left)
    assert [number_in(still(clip, number)) for number in range(len(left))] == list(left)


def with_edits(path: Path, stretches: Sequence[tuple[int, int]]) -> Path:
    """Film of ours at 30 frames a second, frames from and up to -> its edit list says to show just those."""
    with av.open(str(path)) as container:
        tick: Any = container.streams.video[0].time_base
    data = path.read_bytes()
    at = data.index(b"elst") - 4
    late = struct.unpack(">i", data[at + 20 : at + 24])[0]  # B-frames are shown so much later
    rows = [(round((stop - start) / 30 * 1000), late + round(start / 30 / tick)) for start, stop in stretches]
    edits = struct.pack(">II", 0, len(rows)) + b"".join(struct.pack(">Iii", *row, 1 << 16) for row in rows)
    old = struct.unpack(">I", data[at : at + 4])[0]
    whole = bytearray(data[:at] + boxed(b"elst", edits) + data[at + old :])
    for kind in (b"edts", b"trak", b"moov"):
        start = data.rindex(kind, 0, at) - 4
        size = struct.unpack(">I", data[start : start + 4])[0] + 8 + len(edits) - old
        whole[start : start + 4] = struct.pack(">I", size)
    path.write_bytes(whole)
    return path


@pytest.mark.parametrize(
    "stretches",
    [[(30, 90)], [(0, 46)], [(20, 60)], [(25, 46)], [(40, 90)], [(5, 25), (50, 80)]],
    ids=["front", "end", "both", "short", "front again", "middle"],
)
@pytest.mark.parametrize("options", [{"bf": "0"}, {"bf": "3"}, {"bf": "3", "x264-params": "open-gop=1"}])
def test_a_film_trimmed_by_more_than_a_group_of_pictures_is_whole(
    tmp_path: Path, stretches: list[tuple[int, int]], options: dict[str, str]
) -> None:
    options = {"preset": "veryfast", "g": "12", **options}
    path = films.write(tmp_path / "trimmed.mp4", [numbered(i) for i in range(90)], options=options)
    whole = open_clip(path).time_s
    shown = [number for start, stop in stretches for number in range(start, stop)]
    clip = open_clip(with_edits(path, stretches))
    found = [number_in(image) for _, image in frames(clip)]
    # libav may show one frame more where two stretches meet.
    assert found == shown if len(stretches) == 1 else set(shown) <= set(found) and len(found) - len(shown) <= 1
    assert len(open_listed(path)[0].time_s) == len(clip.time_s) == len(found)
    np.testing.assert_allclose(open_listed(path)[0].time_s, clip.time_s, atol=1e-9)
    if len(stretches) == 1:
        np.testing.assert_allclose(clip.time_s, whole[: len(shown)], atol=1e-3)
    prove_whole(clip)


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("mpeg4.avi", {"codec": "mpeg4"}),
        ("mpeg4 b.avi", {"codec": "mpeg4", "options": {"bf": "2"}}),
        ("motion.avi", {"codec": "mjpeg", "pix_fmt": "yuvj420p"}),
        ("h264.avi", {"options": {"preset": "ultrafast"}}),
        ("h264 b.avi", {"options": {"preset": "veryfast", "bf": "3"}}),
    ],
)
@pytest.mark.parametrize("gaps", [False, True])
def test_avi_with_empty_places_and_frames_kept_back(tmp_path: Path, name: str, how: dict[str, Any], gaps: bool) -> None:
    """Where a frame is shown on, AVI has an empty place; it counts those in its head as frames."""
    ticks = [i + 2 * (i // 5) if gaps else i for i in range(40)]
    path = films.write(tmp_path / name, [numbered(i) for i in range(40)], ticks, **how)
    assert numbers(path) == list(range(40))
    found = open_clip(path).time_s
    if "b" not in name:  # where frames are kept back the writer puts the empty places elsewhere
        np.testing.assert_allclose(found, np.array(ticks) / 30, atol=1e-6)
    assert number_in(still(open_clip(path), 33)) == 33
    assert len(open_listed(path)[0].time_s) == 40


# Colours


def test_smaller_pictures_average_what_they_leave_out(film: Path) -> None:
    for gray in (True, False):
        (_, large), (_, small) = (
            next(frames(open_clip(film), gray=gray, max_side_px=side)) for side in (None, films.WIDTH // 4)
        )
        assert small.shape[:2] == (films.HEIGHT // 4, films.WIDTH // 4)
        cells = large.reshape(films.HEIGHT // 4, 4, films.WIDTH // 4, 4, -1).mean(axis=(1, 3))
        assert np.abs(cells.reshape(small.shape) - small).mean() < 3
    assert next(frames(open_clip(film), max_side_px=9999))[1].shape[1] == films.WIDTH


def test_images_are_the_callers_own(film: Path) -> None:
    """Kept and changed images must not be the decoder's memory."""
    kept = []
    for _, image in frames(open_clip(film), gray=True):
        kept.append(image.copy())
        image[:] = 0
    assert [number_in(image) for image in kept] == list(range(COUNT))


@pytest.mark.parametrize(
    ("pix_fmt", "colour"), [("yuv420p", (1, 1, 1, 1)), ("yuvj420p", (2, 1, 1, 1)), ("yuv420p", None)]
)
def test_colours_survive_in_limited_and_full_range(tmp_path: Path, pix_fmt: str, colour: Any) -> None:
    image = np.zeros((64, 192, 3), np.uint8)
    wanted = [(40, 60, 200), (60, 160, 50), (250, 250, 250)]
    for column, bgr in enumerate(wanted):
        image[:, column * 64 : column * 64 + 64] = bgr
    path = films.write(tmp_path / "red.mp4", [image] * 2, pix_fmt=pix_fmt, colour=colour)
    found = still(open_clip(path), 0)[32, 32::64]
    np.testing.assert_allclose(found, wanted, atol=6)


@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv444p", "yuv420p10le"])
@pytest.mark.parametrize("side", [None, 80])
def test_chroma_is_half_as_large_and_lies_as_its_picture_does(tmp_path: Path, pix_fmt: str, side: int | None) -> None:
    image = np.full((98, 162, 3), 128, np.uint8)
    image[:40, :80] = (220, 60, 60)
    image[60:, :] = (60, 60, 220)
    path = films.write(tmp_path / "blue.mp4", [image] * 2, pix_fmt=pix_fmt)
    picture = Pictures(gray=True, max_side_px=side)
    _, frame = next(decoded(open_clip(path)))
    luma, (blue, red) = picture(frame), picture.chroma(frame)
    height, width = luma.shape
    assert blue.shape == red.shape == ((height + 1) // 2, (width + 1) // 2)
    for x, y, tinted in ((0.2, 0.2, (True, False)), (0.8, 0.2, (False, False)), (0.5, 0.9, (False, True))):
        at = int(y * blue.shape[0]), int(x * blue.shape[1])
        assert (blue[at] > 150, red[at] > 150) == tinted


def test_a_grey_film_has_chroma_that_says_nothing(tmp_path: Path) -> None:
    path = films.write(
        tmp_path / "grey.mp4", [numbered(k) for k in range(2)], pix_fmt="gray", codec="ffv1", container="matroska"
    )
    _, frame = next(decoded(open_clip(path)))
    assert (Pictures(gray=True).chroma(frame) == 128).all()


@pytest.mark.parametrize(("transfer", "most"), [(18, 32), (16, 8)])
def test_hdr_comes_out_as_an_ordinary_picture(tmp_path: Path, transfer: int, most: int) -> None:
    """Colours of BT.709 filmed in HDR come back as themselves: 18 HLG (a little more colourful), 16 PQ."""
    if "libx265" not in av.codecs_available:
        pytest.skip("this build of PyAV cannot write HEVC")
    light = np.array([[0.18] * 3, [0.05] * 3, [0.0] * 3, [0.5, 0.05, 0.05], [0.05, 0.3, 0.05], [0.05, 0.05, 0.5]])
    try:
        path = films.write_hdr(tmp_path / "IMG_1.MOV", np.vstack([light, [[1.0] * 3, [3.0] * 3]]), transfer)
    except av.error.PatchWelcomeError:  # seen now and then: the muxer does not take what libx265 gave
        pytest.skip("this build of PyAV could not write the HDR film")
    clip = open_clip(path)
    bgr = still(clip, 0)[32, 16::32].astype(int)
    ordinary = np.rint(255 * np.where(light < 0.018, 4.5 * light, 1.099 * light**0.45 - 0.099))[:, ::-1]
    np.testing.assert_allclose(bgr[:3], ordinary[:3], atol=4)  # greys stay grey, and as bright
    np.testing.assert_allclose(bgr[3:6], ordinary[3:6], atol=most)
    assert [int(np.argmax(pixel)) for pixel in bgr[3:6]] == [2, 1, 0]  # red is red, green green, blue blue
    assert 220 < bgr[6].min() < bgr[7].min() <= 255  # white is white, and a lamp still brighter than it

    _, gray = next(frames(clip, gray=True))
    np.testing.assert_allclose(gray[32, 16::32][:3], 16 + ordinary[:3, 0] / 255 * 219, atol=5)


# What is refused


def refused(path: Path, kind: type[KickyError], says: str) -> None:
    with pytest.raises(kind, match=says) as caught:
        open_clip(path)
    words = str(caught.value)
    assert words.endswith(".")
    assert len(words) < 200
    assert "\n" not in words
    assert not re.search(r"Errno|0x|av\.|Invalid data", words)


def test_bad_files_each_have_their_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("Dear diary, " * 200, encoding="utf-8")
    (tmp_path / "noise.mp4").write_bytes(np.random.default_rng(0).bytes(20_000))
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "list.m3u8").write_text(f"#EXTM3U\n#EXTINF:1,\n{tmp_path / 'kick.mp4'}\n", encoding="utf-8")
    (tmp_path / "page.mp4").write_text("ffconcat version 1.0\nfile kick.mp4\n", encoding="utf-8")
    films.write(tmp_path / "kick.mp4", [numbered(0), numbered(1)])
    films.write(tmp_path / "one.mp4", [numbered(0)])
    films.write_sound(tmp_path / "song.m4a")
    films.write_sound(tmp_path / "song.mp4")
    for name in ("text.mp4", "noise.mp4", "list.m3u8", "page.mp4"):
        refused(tmp_path / name, UnreadableClip, f"{name} is no film .* choose a video")
    refused(tmp_path / "empty.mp4", UnreadableClip, "empty.mp4 is empty.*copy it again")
    refused(tmp_path / "song.m4a", UnreadableClip, "song.m4a holds only sound")
    refused(tmp_path / "song.mp4", UnreadableClip, "song.mp4 holds only sound")
    refused(tmp_path / "one.mp4", UnfitClip, "one.mp4 is a single picture")
    refused(tmp_path / "gone.mp4", UnreadableClip, "There is no file gone.mp4")
    refused(tmp_path, UnreadableClip, "is a folder")


def test_a_codec_nobody_knows(film: Path) -> None:
    film.write_bytes(film.read_bytes().replace(b"avc1", b"zzzz"))
    refused(film, UnreadableClip, "kick.mp4 cannot be shown: export it")


def test_a_photo_is_not_a_broken_film(tmp_path: Path) -> None:
    path = tmp_path / "IMG_2.HEIC"
    path.write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 12 + b"\0\0\0\x0cmeta\0\0\0\0" + b"\0\0\0\x10mdat" + b"\0" * 8)
    refused(path, UnreadableClip, "is no film")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_that_may_not_be_read(film: Path) -> None:
    film.chmod(0)
    refused(film, UnreadableClip, "may not be read")


@pytest.mark.parametrize("share", [25, 50, 90])
@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("list last.mp4", {}),
        ("list first.mp4", {"moov_first": True, "sound": "aac"}),
        ("phone.MOV", {"container": "mov"}),
        ("android.mkv", {}),
        ("browser.webm", {"codec": "libvpx-vp9", "options": {"deadline": "realtime", "cpu-used": "8"}}),
        ("camera.avi", {"codec": "mpeg4"}),
    ],
)
def test_a_copy_that_broke_off_is_refused(tmp_path: Path, share: int, name: str, how: dict[str, Any]) -> None:
    whole = films.write(tmp_path / name, [numbered(i) for i in range(60)], **how)
    content = whole.read_bytes()
    path = tmp_path / f"cut {name}"
    path.write_bytes(content[: len(content) * share // 100])
    refused(path, UnreadableClip, r"is cut short: only [\d.]+ of [\d.]+ kB are there.*; copy it again from the phone\.")


def boxed(kind: bytes, payload: bytes = b"\0" * 24, wide: bool = False) -> bytes:
    """Type, content -> a box of ISO/IEC 14496-12, its size in 32 or 64 bits."""
    if wide:
        return b"\0\0\0\x01" + kind + (16 + len(payload)).to_bytes(8, "big") + payload
    return (8 + len(payload)).to_bytes(4, "big") + kind + payload


@pytest.mark.parametrize("kind", [b"pdin", b"udta", b"PICT", b"styp", b"emsg", b"mfra", b"uuid", b"free", b"\xa9xyz"])
@pytest.mark.parametrize("wide", [False, True])
def test_a_box_of_any_type_before_the_list_of_frames_is_stepped_over(film: Path, kind: bytes, wide: bool) -> None:
    content = film.read_bytes()
    at = content.index(b"moov") - 4
    film.write_bytes(content[:at] + boxed(kind, wide=wide) + content[at:])
    plain = film.with_name("plain.mp4")
    plain.write_bytes(content)
    np.testing.assert_array_equal(open_clip(film).time_s, open_clip(plain).time_s)


@pytest.mark.parametrize("kind", [b"pdin", b"udta", b"PICT", b"styp", b"emsg", b"mfra", b"uuid", b"free"])
def test_a_copy_that_broke_off_behind_such_a_box_is_still_refused(film: Path, kind: bytes) -> None:
    content = film.read_bytes()
    at = content.index(b"moov") - 4
    film.write_bytes(content[:at] + boxed(kind))
    refused(film, UnreadableClip, "is cut short: its list of frames is missing; copy it again")
    film.write_bytes(content[:at] + boxed(kind, b"\0" * 4000)[:60])
    refused(film, UnreadableClip, r"is cut short: only .* are there, without its list of frames, which comes last")


@pytest.mark.parametrize("kind", [b"pdin", b"udta", b"PICT", b"emsg", b"mfra", b"sidx", b"prft"])
def test_a_copy_that_broke_off_is_told_whatever_box_it_begins_with(film: Path, kind: bytes) -> None:
    content = boxed(kind) + film.read_bytes()
    film.write_bytes(content[: len(content) // 2])
    refused(film, UnreadableClip, r"is cut short: only .* are there, without its list of frames, which comes last")


def test_what_phones_put_behind_the_film_does_no_harm(film: Path) -> None:
    with film.open("ab") as file:
        file.write(b"SEFH\x6b\0\0\0" + b"\xff" * 40 + b"SEFT")
    assert numbers(film) == list(range(COUNT))


def test_damage_in_the_middle_is_found_by_decoding(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    images = [rng.integers(0, 255, (96, 160, 3), np.uint8) for _ in range(20)]
    path = films.write(tmp_path / "spoilt.mp4", images)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + len(content) // 4] = bytes(len(content) // 4)
    path.write_bytes(content)
    clip = open_clip(path)
    for look in (prove_whole, lambda clip: list(frames(clip))):
        with pytest.raises(UnreadableClip, match=r"spoilt.mp4 is damaged 0\.\d s after its start: copy it again"):
            look(clip)


class Codec:
    """As much of a decoder as says how large its pictures are."""

    def __init__(self, width: int, height: int, pix_fmt: str) -> None:
        self.width, self.height, self.format = width, height, av.VideoFormat(pix_fmt)


def test_threads_are_as_many_as_their_frames_have_room_for() -> None:
    most = {
        name: files.threads_at_most(Codec(*about))
        for name, about in {
            "1080": (1920, 1080, "yuv420p"), "4K": (3840, 2160, "yuv420p10le"), "8K": (7680, 4320, "yuv420p10le"),
            "largest": (16384, 16384, "yuv444p12le"),
        }.items()
    }  # fmt: skip
    assert most["1080"] > most["4K"] >= 16 > most["8K"] > most["largest"] == 1


def test_many_cores_do_not_make_a_large_film_a_damaged_one(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "libav_threads", lambda: 16)
    monkeypatch.setattr(files, "IN_FLIGHT_BYTES", 4 * films.WIDTH * films.HEIGHT * 2)
    with files.opened(film) as (_, stream):
        assert stream.codec_context.thread_count == 4
    assert numbers(film) == list(range(COUNT))


SHORT_OF_MEMORY = """
import resource, sys
from pathlib import Path
from kicky.video import apart, files, open_clip, prove_whole
film = Path(sys.argv[1])
clip = open_clip(film)
took = int(next(line for line in open("/proc/self/status") if line.startswith("VmSize")).split()[1]) << 10
resource.setrlimit(resource.RLIMIT_AS, (took + (8 << 20),) * 2)
print(apart._read("prove", str(film), 1.0)["refused"])
"""


def test_too_little_memory_is_no_damage(tmp_path: Path) -> None:
    image = cv2.resize(numbered(1), (3200, 1920))
    film = films.write(tmp_path / "large.mp4", [image] * 6)
    said = subprocess.run(
        [sys.executable, "-c", SHORT_OF_MEMORY, str(film)], capture_output=True, text=True, check=False
    )
    assert (said.stdout.strip(), said.stderr) == ("OutOfMemory", "")


def test_a_reader_that_the_system_ends_is_short_of_memory(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = [sys.executable, "-c", "import os, signal; input(); os.kill(os.getpid(), signal.SIGKILL)"]
    monkeypatch.setattr(apart, "PROGRAM", ended)
    monkeypatch.setattr(apart, "_READER", apart._Reader())
    with pytest.raises(OutOfMemory, match=r"too little memory here to read kick\.mp4: close other programs"):
        apart.proved(film)


def test_a_whole_film_is_proved_whole(film: Path) -> None:
    told: list[float] = []
    prove_whole(open_clip(film), lambda _, share: told.append(share))
    assert told[-1] == 1.0


@pytest.mark.parametrize("name", ["a.mp4", "b.mkv", "c.MOV"])
def test_random_damage_ends_in_a_clip_or_in_words(tmp_path: Path, name: str) -> None:
    """Bytes flipped anywhere, the head included: never a crash, never a foreign error."""
    how: dict[str, Any] = {"c.MOV": {"container": "mov"}, "a.mp4": {"moov_first": True}}.get(name, {})
    path = films.write(tmp_path / name, [numbered(i) for i in range(12)], **how)
    whole, rng = path.read_bytes(), np.random.default_rng(7)
    ends = {"clip": 0, "words": 0}
    for case in range(16):
        content = np.frombuffer(whole, np.uint8).copy()
        reach = len(content) if case % 2 else min(len(content), 1200)
        spots = rng.integers(0, reach, 2 ** (case % 8))
        content[spots] ^= rng.integers(1, 256, len(spots)).astype(np.uint8)
        path.write_bytes(content.tobytes())
        try:
            clip = open_clip(path)
            prove_whole(clip)
            assert len(list(frames(clip, max_side_px=40))) == len(clip.time_s)
            still(clip, len(clip.time_s) - 1)
            ends["clip"] += 1
        except KickyError:
            ends["words"] += 1
    assert ends["words"] > 0


# What is written


def written(path: Path, images: Iterable[films.Image], times: Sequence[float] | np.ndarray) -> None:
    with FilmWriter(path, (films.WIDTH, films.HEIGHT), times) as writer:
        for image, time_s in zip(images, times, strict=True):
            writer.add(image, float(time_s))


def test_a_written_film_reads_back(tmp_path: Path) -> None:
    path, times = tmp_path / "out.mp4", np.array(uneven_ticks(30)) / 90000
    written(path, map(numbered, range(30)), times)
    clip = open_clip(path)
    np.testing.assert_allclose(clip.time_s, times, atol=1e-9)
    assert numbers(path) == list(range(30))
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    with av.open(str(path)) as container:
        stream: Any = container.streams.video[0]
        assert (stream.codec_context.name, stream.profile, stream.pix_fmt) == ("h264", "High", "yuv420p")


def test_written_colours_are_the_ones_given(tmp_path: Path) -> None:
    wanted = [(40, 60, 200), (60, 160, 50), (250, 250, 250), (5, 5, 5)]
    image = np.repeat(np.array([wanted], np.uint8), 40, axis=1).repeat(96, axis=0)
    written(tmp_path / "out.mp4", [image, image], [0.0, 0.1])
    np.testing.assert_allclose(still(open_clip(tmp_path / "out.mp4"), 0)[48, 20::40], wanted, atol=6)


def test_odd_films_gain_a_row_and_a_column(tmp_path: Path) -> None:
    path = tmp_path / "odd.mp4"
    with FilmWriter(path, (161, 97), [0.0, 0.1]) as writer:
        for number in range(2):
            writer.add(numbered(number, 161, 97), number / 10)
    assert open_clip(path).size_wh_px == (162, 98)
    assert numbers(path) == [0, 1]


def test_the_writer_refuses_what_makes_no_film(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="strictly rising"):
        written(tmp_path / "a.mp4", [numbered(0), numbered(1)], [0.5, 0.5])
    with FilmWriter(tmp_path / "b.mp4", (films.WIDTH, films.HEIGHT), [0.0, 0.5]) as writer:
        writer.add(numbered(0), 0.5)
        with pytest.raises(ValueError, match="a time after"):
            writer.add(numbered(1), 0.5)
    with pytest.raises(ValueError, match="expected 160 x 96"):
        written(tmp_path / "a.mp4", [numbered(0), numbered(0, 320, 96)], [0.0, 0.5])
    assert [file.name for file in tmp_path.glob("*.mp4")] == ["b.mp4"]


def test_an_error_while_writing_leaves_nothing_and_spoils_nothing(tmp_path: Path) -> None:
    path = tmp_path / "film" / "out.mp4"
    path.parent.mkdir()
    path.write_bytes(b"the film of before")
    with pytest.raises(ZeroDivisionError):
        written(path, (numbered(1 // (1 - i)) for i in range(3)), [0.0, 0.1, 0.2])
    assert [file.name for file in path.parent.iterdir()] == ["out.mp4"]
    assert path.read_bytes() == b"the film of before"


def test_a_full_disk_is_told_in_words(tmp_path: Path) -> None:
    folder, rng = tmp_path / "film", np.random.default_rng(0)
    folder.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, before[1]))
    try:
        with pytest.raises(StorageFailed, match="disk is full"):
            written(folder / "a.mp4", rng.integers(0, 255, (60, 96, 160, 3), np.uint8), np.arange(60.0))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(folder.iterdir())


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="cannot be written"):
        written(tmp_path / "no" / "a.mp4", [numbered(0)], [0.0])


def turned(stream: Any) -> None:
    stream.set_display_rotation(90)


def test_a_browser_copy_stands_upright_and_keeps_time(tmp_path: Path) -> None:
    ticks = uneven_ticks(50)
    source = films.write(
        tmp_path / "IMG_3.MOV",
        [np.ascontiguousarray(np.rot90(numbered(i), -1)) for i in range(50)],
        ticks,
        tick=Fraction(1, 90000),
        sound="aac",
        prepare=turned,
    )
    told: list[float] = []
    copy = tmp_path / "copy.mp4"
    browser_copy(source, copy, lambda _, share: told.append(share))
    np.testing.assert_allclose(open_clip(copy).time_s, np.array(ticks) / 90000, atol=1e-9)
    assert numbers(copy) == numbers(source) == list(range(50))
    assert told == sorted(told)
    assert told[-1] == 1.0
    with av.open(str(copy)) as container:
        stream: Any = container.streams.video[0]
        keys = [float(p.pts * p.time_base) for p in container.demux(stream) if p.is_keyframe and p.size]
    assert next(iter(frames(open_clip(copy))))[1].shape == (films.HEIGHT, films.WIDTH, 3)
    assert max(np.diff([*keys, ticks[-1] / 90000])) <= 0.5 + 6000 / 90000
    assert len(keys) > 3


def test_a_browser_copy_is_no_larger_than_browsers_like(tmp_path: Path) -> None:
    source = films.write(tmp_path / "4k.mkv", [numbered(i, 2400, 96) for i in range(3)])
    browser_copy(source, tmp_path / "copy.mp4")
    assert open_clip(tmp_path / "copy.mp4").size_wh_px == (1920, 78)  # 76.8 high, and even


def test_a_stopped_copy_leaves_nothing(film: Path, tmp_path: Path) -> None:
    def stop(_: str, share: float) -> None:
        if share > 0.5:
            raise Cancelled("Stopped.")

    folder = tmp_path / "copies"
    folder.mkdir()
    with pytest.raises(Cancelled):
        browser_copy(film, folder / "copy.mp4", stop)
    assert not list(folder.iterdir())


# Real films


def real(name: str) -> Path:
    path = CLIPS / f"{name}.mp4"
    if not path.exists():
        pytest.skip("the real clips are not beside the project")
    return path


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "count", "size"),
    [("day_01", 90, (1920, 1080)), ("night_01", 91, (1080, 1920)), ("speed_01", 23, (1920, 1080))],
)
def test_real_clips_open(name: str, count: int, size: tuple[int, int]) -> None:
    """speed_01 is trimmed: four of its 27 frames are in the file but not in the film."""
    clip = open_clip(real(name))
    assert (len(clip.time_s), clip.size_wh_px) == (count, size)
    prove_whole(clip)
    sequential = dict(frames(replace(clip, take=(14, 16)), max_side_px=None))
    assert np.array_equal(still(clip, 15), sequential[15])


@pytest.mark.real
@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_real_clips_cut_short(tmp_path: Path, share: float) -> None:
    content = real("night_03").read_bytes()
    path = tmp_path / "night.mp4"
    path.write_bytes(content[: int(len(content) * share)])
    refused(path, UnreadableClip, r"is cut short: only [\d.]+ of [\d.]+ MB are there")
