"""The grid lies on the ground the camera sees, and only in front of it."""

import math

import numpy as np

from kicky.camera import project
from kicky.domain import Camera
from kicky.scene.ground import LONG_M, SIDE_M, ground_grid_px


def camera(height_m: float, y_m: float) -> Camera:
    facing = 0.0 if y_m > 0 else math.pi
    return Camera(np.array([math.log(900), facing, 0.0, 0.0, 0.0, y_m, height_m]), np.eye(7), (1280, 720), 1.0, "", "")


def test_the_grid_holds_the_goal_line_and_stays_below_the_horizon() -> None:
    seen = camera(1.2, 18.0)
    segments = np.array(ground_grid_px(seen))
    corner, _ = project(seen.parameters, np.array([[SIDE_M, 0.0, 0.0]]), seen.size_wh_px)
    assert np.linalg.norm(segments.reshape(-1, 2) - corner[0], axis=1).min() < 1e-6
    assert (segments[..., 1] > 360).all()


def test_what_is_behind_the_lens_is_left_out() -> None:
    whole, part = len(ground_grid_px(camera(1.2, LONG_M + 10))), len(ground_grid_px(camera(1.2, 5.0)))
    assert 0 < part < whole


def test_behind_the_goal_the_grid_lies_on_the_phones_side() -> None:
    seen = camera(1.2, -15.0)
    assert (np.array(ground_grid_px(seen))[..., 1] > 360).all()
