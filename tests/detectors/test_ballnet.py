"""The ball network's map -> finds; finds and what moves -> one list; what is no ball network is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import supervision as sv

from kicky import weights
from kicky.detectors.ballnet import joined, threes
from kicky.detectors.heat import SIDE, Heat, apart, peaks, stacked
from kicky.domain import BARE, Label
from kicky.errors import MissingWeights
from kicky.video import open_clip

from . import tiny


def bump(x: float, y: float, spread: float = 1.0) -> np.ndarray:
    """Place in a tile's pixels -> a map with one peak there."""
    rows, columns = np.mgrid[: SIDE // 2, : SIDE // 2]
    return np.exp(-((2 * columns + 0.5 - x) ** 2 + (2 * rows + 0.5 - y) ** 2) / (2 * (2 * spread) ** 2))


def moved() -> sv.Detections:
    return sv.Detections(
        xyxy=np.array([[10.0, 10, 20, 20], [40, 40, 80, 160]]),
        confidence=np.array([0.3, 0.9]),
        class_id=np.array([Label.BALL, Label.PLAYER]),
        data={
            "at_rest": np.array([True, False]), "diameter_px": np.array([10.0, 40]), "rest": np.array([2, -1]),
            "shown": np.array([0.5, 1.0]),
        },
        metadata={BARE: [2]},
    )  # fmt: skip


def test_a_peak_tells_its_place_to_half_a_pixel_and_a_faint_one_nothing() -> None:
    across = np.full((SIDE // 2, SIDE // 2), 9.0)
    ((x, y, size, score),) = peaks(bump(31.2, 60.9), across)
    assert (x, y) == pytest.approx((31.2, 60.9), abs=0.5)
    assert size == 9.0
    assert score > 0.8
    assert len(peaks(0.04 * bump(31.2, 60.9), across)) == 0


def test_of_finds_on_one_ball_the_surest_stays_and_of_others_all() -> None:
    found = np.array([[10.0, 10, 8, 0.4], [12, 10, 8, 0.9], [30, 10, 8, 0.2]])
    assert apart(found)[:, 3].tolist() == [0.9, 0.2]


def test_finds_join_what_moves_and_nothing_of_that_is_lost() -> None:
    both = joined(moved(), np.array([[15.5, 15, 9, 0.8], [60.0, 100, 9, 0.7]]))
    assert both.confidence is not None
    assert both.confidence.tolist() == [0.8, 0.9, 0.7]  # the same ball, raised; a body stays; a ball on a body is new
    assert both.data["rest"].tolist() == [2, -1, -1]
    assert both.data["shown"].tolist() == [0.5, 1.0, 1.0]
    assert both.metadata == {BARE: [2]}
    assert both.xyxy[2].tolist() == [55.5, 95.5, 64.5, 104.5]
    nothing = joined(moved(), np.empty((0, 4)))
    assert nothing.confidence is not None
    assert nothing.confidence.tolist() == [0.3, 0.9]


def test_every_frame_of_a_take_has_those_beside_it(rendered: Path) -> None:
    clip = open_clip(rendered)
    three = list(threes(clip))
    assert len(three) == len(clip.time_s)
    assert three[0][0] is three[0][1]
    assert three[-1][2] is three[-1][1]
    assert three[4][2] is three[5][1]


def test_a_picture_smaller_than_a_tile_is_looked_at_with_black_around_it() -> None:
    image = np.full((50, 70, 3), 200, np.uint8)
    (tile,) = stacked(image, image, image, [(0, 0)])
    assert tile.shape == (5, SIDE, SIDE)
    assert (tile[:, 49, 69] == 200).all()
    assert (tile[:, 50:, :] == 0).all()


def test_a_network_of_the_store_looks_and_a_student_or_a_torn_file_is_refused(own_home: Path, tmp_path: Path) -> None:
    weights.add("ball", tiny.ballnet(tmp_path / "ball.pth"), kind="ballnet")
    frame = np.random.default_rng(0).integers(0, 255, (200, 200, 3)).astype(np.uint8)
    found = Heat("ball")(frame, frame[::-1], frame, [(0, 0), (104, 104)])
    assert found.shape[1] == 4
    assert (np.diff(found[:, 3]) <= 0).all()
    assert len(Heat("ball")(frame, frame, frame, [])) == 0
    torn = tmp_path / "torn.pth"
    torn.write_bytes((tmp_path / "ball.pth").read_bytes()[:2000])
    weights.add("torn", torn, kind="ballnet")
    with pytest.raises(MissingWeights, match="torn holds no weights of a ball network"):
        Heat("torn")
    weights.add("another", tiny.student(tmp_path / "student.pth"))
    with pytest.raises(MissingWeights, match="another holds no weights of a ball network"):
        Heat("another")
