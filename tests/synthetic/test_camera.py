"""The picture's left is the shooter's left from behind, and the shooter's right from behind the goal."""

import numpy as np
import pytest

from kicky.synthetic.camera import goal_corners_m, goal_corners_px, look_at
from kicky.synthetic.physics import GOALS


def behind(size=(640, 360), roll=0.0):
    return look_at(np.array([0.0, 20.0, 1.2]), np.array([0.0, 0.0, 1.2]), roll, 500.0, size)


def test_a_point_is_where_the_pinhole_puts_it():
    px = behind().project(np.array([[1.0, 0.0, 1.2], [0.0, 10.0, 0.2]]))
    np.testing.assert_allclose(px, [[320 + 500 / 20, 180], [320, 180 + 500 / 10]], atol=1e-9)


def test_behind_the_lens_there_is_nothing():
    assert np.isnan(behind().project(np.array([0.0, 25.0, 1.0]))).all()


def test_rays_go_back_through_the_points():
    camera = look_at(np.array([3.0, 15.0, 0.8]), np.array([-1.0, 0.0, 1.5]), 2.0, 700.0, (640, 360))
    point = np.array([-2.0, 1.0, 2.0])
    x, y = camera.project(point)
    ray = np.array(camera.rays(np.array(x), np.array(y)))
    away = point - camera.position_m
    np.testing.assert_allclose(np.cross(ray, away), 0, atol=1e-9)
    assert ray @ away > 0


@pytest.mark.parametrize(("y", "swapped"), [(18.0, False), (-9.0, True)])
def test_the_top_left_corner_is_left_in_the_picture(y, swapped):
    camera = look_at(np.array([0.5, y, 1.0]), np.array([0.0, 0.0, 1.2]), 0, 500.0, (640, 360))
    corners = goal_corners_px(camera, GOALS[0])
    assert corners[0, 0] < corners[1, 0]
    assert corners[3, 0] < corners[2, 0]
    assert (corners[:2, 1] < corners[2:, 1]).all()
    order = [1, 0, 3, 2] if swapped else [0, 1, 2, 3]
    np.testing.assert_allclose(corners, camera.project(goal_corners_m(GOALS[0])[order]))


def test_a_rolled_phone_turns_the_picture():
    level, rolled = (behind(roll=r).project(np.array([2.0, 0.0, 1.2])) for r in (0, 5))
    assert np.hypot(*(level - [320, 180])) == pytest.approx(np.hypot(*(rolled - [320, 180])))
    assert rolled[1] < level[1]
