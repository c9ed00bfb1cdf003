"""Plumb lines tell how the phone is turned, or nothing is said."""

import math

import cv2
import numpy as np
import pytest

from kicky.scene.vertical import vertical_vanishing_point

from .pictures import noise, rendered_shot, rendered_still


@pytest.mark.parametrize(
    ("seed", "view", "night"), [(100, "behind", False), (104, "behind", True), (118, "side", True)]
)
def test_the_roll_of_a_rendered_shot(seed: int, view: str, night: bool) -> None:
    camera = rendered_shot(seed, view, night).camera
    right, down, _ = camera.rotation @ np.array([0.0, 0.0, -1.0])
    plumb = vertical_vanishing_point(rendered_still(seed, view, night))
    assert plumb is not None
    roll_deg = math.degrees(math.atan2(right, down))
    assert plumb.roll_deg == pytest.approx(roll_deg, abs=max(0.3, 3 * plumb.sigma_deg))
    assert plumb.lines_px.shape[0] >= 4
    assert (plumb.lines_px[:, 1, 1] > plumb.lines_px[:, 0, 1]).all()


def test_where_nothing_is_plumb_nothing_is_said() -> None:
    assert vertical_vanishing_point(np.full((360, 640, 3), 90, np.uint8)) is None
    assert vertical_vanishing_point(noise()) is None


def test_a_phone_stood_up_by_eye_is_not_held_askew_whatever_leans_in_the_picture() -> None:
    """Six poles that are plumb, and as many stays of a fence, longer, that all lean alike."""
    picture = np.full((720, 1280, 3), 90, np.uint8)
    for k in range(6):
        cv2.line(picture, (100 + 190 * k, 300), (100 + 190 * k, 500), (230, 230, 230), 3, cv2.LINE_AA)
        cv2.line(picture, (150 + 190 * k, 250), (90 + 190 * k, 550), (230, 230, 230), 3, cv2.LINE_AA)
    plumb = vertical_vanishing_point(picture)
    assert plumb is not None
    assert plumb.roll_deg == pytest.approx(0.0, abs=0.5)
