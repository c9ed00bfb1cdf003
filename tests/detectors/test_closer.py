"""SAM 3's ball: its box is the detector's, and tiles show it; on a model of the same class with random weights."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import supervision as sv

from kicky import video, weights
from kicky.detectors import closer, sam3, tiles
from kicky.detectors.closer import Balls, Closer, joined
from kicky.detectors.sam3 import Sam3
from kicky.domain import Clip, Label

from . import tiny

SIZES = [(1920, 1080), (1080, 1920), (1280, 720), (3840, 2160), (640, 360), (320, 180), (2000, 300)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.sam3(tmp_path_factory.mktemp("closer") / "tiny")


@pytest.fixture
def see(folder: Path) -> Sam3:
    weights.add("my-sam3", folder, kind="sam3")
    return Sam3("my-sam3", force=True)


@pytest.fixture
def clip(make_film: Callable[..., Path]) -> Clip:
    return video.open_clip(make_film(count=6, size_wh=(320, 180)))


@pytest.mark.parametrize("size_wh", SIZES)
def test_tiles_cover_the_picture_and_what_is_small_is_whole_in_one(size_wh: tuple[int, int]) -> None:
    corners, side = closer.corners(size_wh)
    seen = np.zeros(size_wh[::-1], bool)
    for x, y in corners:
        assert x >= 0
        assert y >= 0
        seen[y : y + side, x : x + side] = True
    assert seen.all()
    rng = np.random.default_rng(0)
    for _ in range(200):
        wide, high = rng.uniform(2, 0.9 * tiles.MARGIN * side, 2)
        x, y = rng.uniform(0, 1, 2) * (np.array(size_wh) - [wide, high])
        box = np.array([[x, y, x + wide, y + high, 0.9, 0]])
        parts = [box - [left, top, left, top, 0, 0] for left, top in corners]
        kept = [len(tiles.join([part], [corner], size_wh, side)) for part, corner in zip(parts, corners, strict=True)]
        assert sum(kept) >= 1


def test_tiles_are_as_large_as_what_the_model_sees_or_hardly_larger() -> None:
    assert closer.corners((1920, 1080)) == ([(0, 0), (840, 0)], 1080)
    assert closer.corners((1280, 720)) == ([(0, 0), (560, 0)], 720)
    assert (len(closer.corners((3840, 2160))[0]), closer.corners((3840, 2160))[1]) == (15, 1008)
    assert closer.corners((900, 900))[0] == []


def test_a_balls_box_is_the_detectors_and_a_players_its_masks(
    see: Sam3, clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, boxes = see._model()[1], list[Any]()
    model.max_num_objects = 24  # all that a random detector finds, balls among them
    detected = type(model).run_detection

    def watched(self: Any, **asked: Any) -> Any:
        found = detected(self, **asked)
        boxes.append({asked["inference_session"].prompts[number]: each["bbox"] for number, each in found.items()})
        return found

    monkeypatch.setattr(type(model), "run_detection", watched)
    balls = 0
    for number, found in enumerate(see(clip, close=())):
        own = boxes[number]["ball"].numpy().clip(0, 1) * [320, 180, 320, 180]
        for row, (box, label) in enumerate(zip(found.xyxy, found.class_id, strict=True)):
            assert found.mask is not None
            ends = sv.mask_to_xyxy(found.mask[row : row + 1])[0] + [0, 0, 1, 1]
            if label == Label.BALL:
                balls += bool(np.isclose(own, box, atol=1e-3).all(axis=1).any())
            else:
                np.testing.assert_array_equal(box, ends)
    assert len(boxes) == 6
    assert balls
    assert "run_detection" not in vars(model)


def test_without_a_detection_the_masks_box_stays(see: Sam3, clip: Clip) -> None:
    model = see._model()[1]
    model.max_num_objects, model.assoc_iou_thresh = 24, 1.1  # no mask is so like another
    for found in see(clip, close=()):
        assert found.mask is not None
        np.testing.assert_array_equal(found.xyxy, sv.mask_to_xyxy(found.mask) + [0, 0, 1, 1])


def test_the_tiles_balls_are_told_once_each_and_players_stay_as_they_were(see: Sam3, clip: Clip) -> None:
    image = next(image for _, image in video.frames(clip))
    near = see._closer()(image)
    assert len(near.rows)
    assert (near.rows[:, :2] >= 0).all()
    assert (near.rows[:, 2:4] <= [320, 180]).all()
    shared = sv.box_iou_batch(near.rows[:, :4], near.rows[:, :4])
    assert (shared - np.eye(len(shared)) <= closer.SAME + 1e-9).all()
    for box, part in zip(near.rows, near.masks, strict=True):
        assert part.shape == (np.ceil(box[3]) - np.floor(box[1]), np.ceil(box[2]) - np.floor(box[0]))
    short = replace(clip, take=(0, 3))
    for far, close in zip(see(short, close=()), see(short, close=[0, 2]), strict=True):
        others = far.class_id != Label.BALL
        np.testing.assert_array_equal(far.xyxy[others], close.xyxy[close.class_id != Label.BALL])
    counts = [len(each) for each in see(short, close=[0])]
    again = [len(each) for each in see(short, close=())]
    assert counts[0] > again[0]
    assert counts[1:] == again[1:]


def white(_self: Closer, tile: Any, _side: int) -> Any:
    """A detector that takes for the ball what is white; as far as the tile shows it."""
    rows, columns = np.nonzero(tile[..., 0] > 200)
    if not len(rows):
        return np.empty((0, 5)), []
    box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    return np.array([[*box, 0.8 + 0.0001 * box[0]]], float), [np.ones((box[3] - box[1], box[2] - box[0]), bool)]


@pytest.mark.parametrize(("x", "y"), [(20, 20), (65, 40), (95, 70), (104, 60), (216, 100), (300, 165)])
def test_a_ball_that_several_tiles_show_or_cut_is_one(
    x: int, y: int, see: Sam3, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Closer, "_tile", white)
    image = np.zeros((180, 320, 3), np.uint8)
    image[y : y + 9, x : x + 12] = 255
    near = see._closer()(image)
    assert near.rows[:, :4].tolist() == [[x, y, x + 12, y + 9]]
    found = joined(sam3._detections(nothing(), closer.NONE), near)
    assert found.mask is not None
    np.testing.assert_array_equal(found.mask[0], image[..., 0] > 0)
    assert (found.class_id.tolist(), found.tracker_id.tolist()) == ([Label.BALL], [closer.UNFOLLOWED])


def nothing() -> dict[str, Any]:
    """-> what a processor tells of a frame in which nothing is followed."""
    import torch

    return {
        "object_ids": torch.zeros(0), "masks": torch.zeros(0, 180, 320), "scores": torch.zeros(0),
        "prompt_to_obj_ids": {}, "exact": {},
    }  # fmt: skip


def test_a_ball_that_is_followed_keeps_its_track_and_takes_the_tiles_box() -> None:
    masks = np.zeros((3, 60, 80), bool)
    masks[0, 10:18, 10:18] = masks[1, 10:18, 10:18] = masks[2, 40:48, 40:48] = True
    found = sv.Detections(
        xyxy=np.array([[10.0, 10, 18, 18], [10, 10, 18, 18], [40, 40, 48, 48]]), mask=masks,
        confidence=np.array([0.6, 0.9, 0.7]), class_id=np.array([Label.PLAYER, Label.BALL, Label.BALL]),
        tracker_id=np.array([3, 4, 5]), data={"prompt": np.array(["person", "ball", "ball"], dtype=object)},
    )  # fmt: skip
    part = np.ones((6, 6), bool)
    near = Balls(np.array([[11.5, 11, 17, 17, 0.8], [60, 20, 66, 26, 0.75]]), (part, part))
    both = joined(found, near)
    assert both.tracker_id.tolist() == [3, 4, 5, -1]
    assert both.class_id.tolist() == [Label.PLAYER, Label.BALL, Label.BALL, Label.BALL]
    assert both.xyxy.tolist() == [[10, 10, 18, 18], [11.5, 11, 17, 17], [40, 40, 48, 48], [60, 20, 66, 26]]
    assert both.confidence.tolist() == [0.6, 0.9, 0.7, 0.75]
    assert [int(mask.sum()) for mask in both.mask] == [64, 36, 64, 36]
    assert masks.sum() == 3 * 64
    assert both.data["prompt"].tolist() == ["person", "ball", "ball", "ball"]


def test_the_time_it_would_take_counts_the_tiles() -> None:
    clip = Clip(Path("x.mp4"), "a" * 64, (1920, 1080), np.arange(100) / 50, take=(0, 100))
    assert sam3.seconds_a_frame(clip) == 3 * sam3.SECONDS_A_FRAME
    assert sam3.seconds_a_frame(clip, range(10)) == pytest.approx(1.2 * sam3.SECONDS_A_FRAME)
    assert sam3.seconds_a_frame(replace(clip, size_wh_px=(500, 500))) == sam3.SECONDS_A_FRAME
