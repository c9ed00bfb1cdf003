"""The motion detector on painted truth: the ball lying, its candidates in flight, bodies, and nothing at all."""

from __future__ import annotations

import csv
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import supervision as sv

from kicky.detectors import background, looks
from kicky.detectors.motion import Motion
from kicky.domain import Clip, Floats, Label
from kicky.video import decoded, open_clip
from tests.detectors import painted
from tests.detectors.painted import CONTACT, DIAMETER, LENGTH, REST, Painted

REAL = Path(__file__).parents[3] / "shared" / "clips"
needs_real = pytest.mark.skipif(not REAL.exists(), reason=f"the real clips are not in {REAL}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("painted")


@pytest.fixture(scope="module")
def busy(folder: Path) -> tuple[Painted, list[sv.Detections]]:
    """-> a kick beside a second ball, under a flickering lamp, by someone who walks."""
    truth = painted.film(folder / "busy.mp4", painted.second_ball, painted.lamp, painted.walker)
    return truth, list(Motion()(truth.clip))


def balls(found: sv.Detections, lying: bool | None = None) -> Floats:
    """Detections -> centres of the ball candidates, `lying` or moving only when asked."""
    mine = found.class_id == Label.BALL
    if lying is not None:
        mine &= found.data["at_rest"] == lying
    box = found.xyxy[mine]
    return np.asarray((box[:, :2] + box[:, 2:]) / 2, dtype=np.float64)


def lying_frames(detections: list[sv.Detections], place: tuple[float, float]) -> list[int]:
    """-> frames in which something lies within 2 px of the place."""
    return [k for k, found in enumerate(detections) if (np.hypot(*(balls(found, True) - place).T) < 2).any()]


def recall(truth: Painted, detections: list[sv.Detections], frames: range) -> float:
    """-> the share of frames with a candidate within half a ball of the truth."""
    hits = [
        (np.hypot(*(balls(detections[f]) - truth.ball_px[f]).T) < max(3.0, truth.diameter_px[f] / 2)).any()
        for f in frames
    ]
    return float(np.mean(hits))


def test_one_answer_for_each_frame(busy: tuple[Painted, list[sv.Detections]]) -> None:
    _, detections = busy
    assert len(detections) == LENGTH
    for found in detections:
        assert found.xyxy.shape == (len(found), 4)
        assert found.data["at_rest"].dtype == bool
        assert found.data["diameter_px"].shape == (len(found),)
        assert set(np.asarray(found.class_id).tolist()) <= {Label.BALL, Label.PLAYER}
        assert found.confidence is not None
        assert ((found.confidence >= 0) & (found.confidence <= 1)).all()


def test_the_ball_lies_until_it_is_struck(busy: tuple[Painted, list[sv.Detections]]) -> None:
    _, detections = busy
    frames = lying_frames(detections, REST)
    assert frames[0] == 0
    assert abs(frames[-1] - CONTACT) <= 1
    assert len(frames) >= CONTACT - 1
    first = detections[0]
    assert first.data["diameter_px"][first.data["rest"] == 0] == pytest.approx([DIAMETER], abs=1.5)


def test_the_flight_is_among_the_candidates(busy: tuple[Painted, list[sv.Detections]]) -> None:
    truth, detections = busy
    assert recall(truth, detections, range(CONTACT + 1, LENGTH)) >= 0.9


def test_the_flight_is_seen_where_it_is(busy: tuple[Painted, list[sv.Detections]]) -> None:
    truth, detections = busy
    off = []
    for frame in range(CONTACT + 2, CONTACT + 14):
        away = balls(detections[frame], False) - truth.ball_px[frame]
        off.append(away[np.hypot(*away.T).argmin()])
    assert np.abs(np.median(off, axis=0)).max() < 0.3


def test_a_ball_that_never_moves_is_no_candidate(busy: tuple[Painted, list[sv.Detections]]) -> None:
    _, detections = busy
    assert not any((np.hypot(*(balls(found) - (330, 240)).T) < 10).any() for found in detections)


def test_the_walker_is_a_player(busy: tuple[Painted, list[sv.Detections]]) -> None:
    _, detections = busy
    for frame in (CONTACT - 4, CONTACT, LENGTH - 4):
        boxes = detections[frame].xyxy[detections[frame].class_id == Label.PLAYER]
        x = 20 + 8 * min(frame, 12) + 3 * max(frame - 18, 0) + 10
        assert any(b[0] < x < b[2] and b[1] < 125 and b[3] > 195 for b in boxes), frame


def test_nothing_moves(folder: Path) -> None:
    """A second ball lying still all the time, and no kick: no ball, nobody."""
    still = painted.film(folder / "still.mp4", painted.second_ball, with_ball=False, length=16)
    detections = list(Motion()(still.clip))
    assert len(detections) == 16
    assert sum(len(found) for found in detections) <= 2


def test_a_ball_that_never_lies(folder: Path) -> None:
    """It flies in from the first: candidates all the same, nothing said to lie."""
    truth = painted.film(folder / "flying.mp4", rests=False, contact=2, length=24)
    detections = list(Motion()(truth.clip))
    assert recall(truth, detections, range(3, 24)) >= 0.9
    assert not any(len(balls(found, True)) for found in detections)


def test_only_the_take_is_looked_at(folder: Path) -> None:
    truth = painted.film(folder / "lead.mp4", lead=5)
    detections = list(Motion()(truth.clip))
    assert len(detections) == LENGTH
    assert abs(lying_frames(detections, REST)[-1] - CONTACT) <= 1


@pytest.mark.parametrize("length", [2, 5])
def test_a_film_of_a_few_frames(folder: Path, length: int) -> None:
    truth = painted.film(folder / f"short{length}.mp4", length=length, contact=1)
    assert len(list(Motion()(truth.clip))) == length


def test_black_bars_do_not_move_the_ball(folder: Path, busy: tuple[Painted, list[sv.Detections]]) -> None:
    """A portrait picture between black bars: places are still the film's own."""

    def bars(image: np.ndarray, number: int) -> None:
        del number
        image[:, :60] = image[:, 420:] = 2

    truth = painted.film(folder / "bars.mp4", bars)
    detections = list(Motion()(truth.clip))
    assert abs(lying_frames(detections, REST)[-1] - CONTACT) <= 1
    assert recall(truth, detections, range(CONTACT + 1, LENGTH - 6)) >= 0.9


def test_larger_films_are_worked_on_smaller_and_told_in_their_own_pixels(
    busy: tuple[Painted, list[sv.Detections]], monkeypatch: pytest.MonkeyPatch
) -> None:
    truth, _ = busy
    monkeypatch.setattr(background, "WORKING_SIDE_PX", 320)
    frames = lying_frames(list(Motion()(truth.clip)), REST)
    assert abs(frames[-1] - CONTACT) <= 1


class Copied:
    """Instead of what makes images of decoded frames: they are images already, without colour."""

    def __call__(self, image: np.ndarray) -> np.ndarray:
        return image

    def chroma(self, image: np.ndarray) -> np.ndarray:
        return np.full((2, image.shape[0] // 2, image.shape[1] // 2), 128, np.uint8)


def test_memory_does_not_grow_with_the_film(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times as many frames, drawn from one film again and again: the peak stays where it was."""
    truth = painted.film(folder / "long.mp4")
    real_frames = background.frames

    def again(clip: Clip, **options: bool | int | None) -> Iterator[tuple[int, np.ndarray]]:
        once = replace(truth.clip, take=(0, LENGTH))
        images = [image for _, image in real_frames(once, **options)]  # type: ignore[arg-type]
        return ((number, images[number % LENGTH].copy()) for number in range(len(clip.time_s)))

    for module in (background, looks):
        monkeypatch.setattr(module, "decoded", lambda clip: again(clip, gray=True))
        monkeypatch.setattr(module, "Pictures", lambda *_, **__: Copied())

    def peak(times: int) -> int:
        clip = Clip(truth.clip.path, "", truth.clip.size_wh_px, np.arange(times * LENGTH) / 30)
        tracemalloc.start()
        assert sum(1 for _ in Motion()(clip)) == times * LENGTH
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    one_picture = truth.clip.size_wh_px[0] * truth.clip.size_wh_px[1]
    assert peak(10) - peak(1) < 8 * one_picture


def test_what_was_told_while_others_decoded_gives_the_same_and_is_used_once(
    busy: tuple[Painted, list[sv.Detections]],
) -> None:
    truth, alone = busy
    detector = Motion()
    listener = detector.listen(truth.clip)
    for number, frame in decoded(truth.clip):
        listener(number, frame)
    for _ in range(2):  # the second time it looks for itself
        told = list(detector(truth.clip))
        assert all(np.array_equal(a.xyxy, b.xyxy) for a, b in zip(alone, told, strict=True))
    detector.listen(replace(truth.clip, sha256="another"))  # told of another film, it does not take that one's
    assert np.array_equal(next(iter(detector(truth.clip))).xyxy, alone[0].xyxy)


def test_one_thread_and_several_see_the_same(busy: tuple[Painted, list[sv.Detections]]) -> None:
    truth, two = busy
    for threads in (1, 4):
        seen = list(Motion(threads)(truth.clip))
        assert all(np.array_equal(a.xyxy, b.xyxy) for a, b in zip(two, seen, strict=True))
        assert all(np.array_equal(a.confidence, b.confidence) for a, b in zip(two, seen, strict=True))


@cache
def labels() -> dict[str, dict[str, str]]:
    with (REAL / "labels.csv").open(encoding="utf-8") as file:
        return {row["clip"]: row for row in csv.DictReader(file)}


@pytest.mark.real
@needs_real
@pytest.mark.parametrize("name", ["day_07", "night_01", "night_35", "side_20"])
def test_the_ball_leaves_at_contact(name: str) -> None:
    label = labels()[name]
    clip = open_clip(REAL / f"{name}.mp4")
    clip = replace(clip, take=(0, int(label["end_frame"] or len(clip.time_s))))
    frames = [
        k
        for k, found in enumerate(Motion()(clip))
        if (found.data["rest"] == 0).any()  # surely the ball before the kick
    ]
    assert abs(frames[-1] - int(label["contact_frame"])) <= 1
