"""The goal is taken along where the picture sags; a phone that was moved is noticed."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from kicky.scene import from_corners
from kicky.scene.drift import AGAIN, drift, follow, inherit, still_picture
from kicky.scene.woodwork import Image
from kicky.synthetic import SyntheticShot
from kicky.video import open_clip

from .pictures import noise, rendered_shot, rendered_still


def moved(picture: Image, dx: float, dy: float, turn_deg: float = 0.0, grow: float = 1.0) -> Image:
    matrix = cv2.getRotationMatrix2D((640, 360), turn_deg, grow) + np.array([(0, 0, dx), (0, 0, dy)])
    return np.asarray(cv2.warpAffine(picture, matrix, (1280, 720), borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)


@pytest.mark.parametrize("way", [(0.0, 0.0), (-0.4, 3.9), (6.0, -2.5)])
def test_a_sag_is_measured_and_the_scene_goes_along(way: tuple[float, float]) -> None:
    shot, still = rendered_shot(100, "behind"), rendered_still(100, "behind")
    dimmer = np.asarray(moved(still, *way) * 0.8, dtype=np.uint8)
    went = drift(still, dimmer, shot.goal_corners_px)
    assert went.sure
    assert not went.moved
    np.testing.assert_allclose(went.shift_px, way, atol=0.3)
    scene = inherit(from_corners(shot.goal_corners_px), still, dimmer)
    assert scene is not None
    assert scene.source == "inherited"
    np.testing.assert_allclose(scene.goal_corners_px, shot.goal_corners_px + way, atol=0.5)


@pytest.mark.parametrize("way", [(40.0, 5.0), (0.0, 0.0, 2.0), (0.0, 0.0, 0.0, 1.05), (300.0, 0.0)])
def test_a_phone_that_was_moved_is_noticed(way: tuple[float, ...]) -> None:
    shot, still = rendered_shot(100, "behind"), rendered_still(100, "behind")
    assert drift(still, moved(still, *way), shot.goal_corners_px).moved
    assert inherit(from_corners(shot.goal_corners_px), still, moved(still, *way)) is None


def test_another_place_is_not_taken_for_the_same() -> None:
    shot, still = rendered_shot(100, "behind"), rendered_still(100, "behind")
    assert not drift(still, noise(), shot.goal_corners_px).sure
    assert not drift(noise(), still[:360], shot.goal_corners_px).sure


def test_a_clip_is_followed_from_its_gray_reference(truth: SyntheticShot, rendered: Path) -> None:
    clip = open_clip(rendered)
    scene = from_corners(truth.goal_corners_px)
    gray = np.asarray(cv2.cvtColor(still_picture(clip), cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    same, note = follow(scene, gray, clip)
    assert same is not None
    assert note == ""
    np.testing.assert_allclose(same.goal_corners_px, truth.goal_corners_px, atol=0.2)
    assert follow(scene, noise(), clip) == (None, AGAIN)
