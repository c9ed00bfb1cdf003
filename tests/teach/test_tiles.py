"""Tiles for training: the ball whole and anywhere in them, what is cut is cut rightly, one seed cuts one way."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from kicky.errors import BadDataset
from kicky.teach.labelled import BALL, GOAL, PLAYER, Thing
from kicky.teach.tiles import cut, tiled

from .pictures import drawn


def read(folder: Path) -> dict[str, list[dict[str, object]]]:
    return json.loads((folder / "train" / "_annotations.coco.json").read_text())


def test_every_ball_gets_a_tile_that_shows_it_whole(tmp_path: Path) -> None:
    dataset = drawn(tmp_path / "set", count=20)
    folder = tiled(dataset, tmp_path / "tiles", 48, whole=False, beside=0)
    coco = read(folder)
    balls = [a for a in coco["annotations"] if a["category_id"] == 0]
    assert len(coco["images"]) == len(balls) == 20
    middles = []
    for annotation in balls:
        x, y, w, h = annotation["bbox"]
        assert w >= 12
        assert h >= 12
        image = cv2.imread(str(folder / "train" / coco["images"][annotation["image_id"]]["file_name"]))
        assert image.shape == (48, 48, 3)
        assert image[int(y + h / 2), int(x + w / 2)].min() > 180  # it is white where the label says
        middles.append((x + w / 2, y + h / 2))
    assert np.std(middles, axis=0).min() > 5  # anywhere, not always in the middle


def test_whole_pictures_come_along_and_negatives_hold_no_half_balls(tmp_path: Path) -> None:
    dataset = drawn(tmp_path / "set", count=10)
    coco = read(tiled(dataset, tmp_path / "tiles", 48, beside=2))
    sizes = [(image["width"], image["height"]) for image in coco["images"]]
    assert sizes.count((160, 120)) == 10
    assert sizes.count((48, 48)) > 12
    for annotation in coco["annotations"]:
        if annotation["category_id"] == 0:
            assert annotation["bbox"][2] > 9


def test_the_same_seed_cuts_the_same(tmp_path: Path) -> None:
    dataset = drawn(tmp_path / "set")
    one, two, other = (read(tiled(dataset, tmp_path / str(k), 48, seed=seed)) for k, seed in enumerate((0, 0, 1)))
    assert one == two != other


def test_without_tiles_there_are_only_pictures(tmp_path: Path) -> None:
    assert len(read(tiled(drawn(tmp_path / "set"), tmp_path / "tiles", 0))["images"]) == 4


def test_outlines_are_cut_at_the_tiles_edge() -> None:
    square = ((10.0, 10.0, 50.0, 10.0, 50.0, 50.0, 10.0, 50.0),)
    (part,) = cut([Thing(GOAL, (10, 10, 50, 50), square)], 30, 30, 100) or ()
    assert part.box_px == (0, 0, 20, 20)
    points = np.array(part.outline_px[0]).reshape(-1, 2)
    assert sorted(map(tuple, points.tolist())) == [(0, 0), (0, 20), (20, 0), (20, 20)]


def test_a_tile_through_a_ball_is_no_tile() -> None:
    assert cut([Thing(BALL, (10, 10, 30, 30))], 20, 0, 100) is None
    assert cut([Thing(PLAYER, (0, 0, 30, 300))], 20, 0, 100) == ()
    assert cut([Thing(BALL, (10, 10, 30, 30))], 40, 40, 100) == ()


def test_a_picture_that_is_gone_is_told(tmp_path: Path) -> None:
    dataset = drawn(tmp_path / "set")
    (tmp_path / "set" / "train" / "a_000001.jpg").unlink()
    with pytest.raises(BadDataset, match=r"a_000001\.jpg of set is gone"):
        tiled(dataset, tmp_path / "tiles", 48)
