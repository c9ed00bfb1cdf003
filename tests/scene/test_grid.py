"""The goal drawn back lies on the clicked one, the pitch on the ground, and nothing comes from behind the lens."""

import numpy as np
import pytest

from kicky.camera import project
from kicky.domain import Camera, Floats
from kicky.scene.grid import ground_grid_px
from kicky.synthetic.camera import look_at

from .stand import PHONE_PX, corners_px, stand, truth_of


def camera_of(truth: Floats) -> Camera:
    return Camera(truth, np.eye(7), (1920, 1080), 0.0, "", "")


@pytest.mark.parametrize("view", ["frontal", "oblique", "behind"])
def test_the_box_begins_with_the_mouth(view: str) -> None:
    seen = stand(view, 5)
    lines = ground_grid_px(camera_of(seen.truth))
    mouth = {tuple(np.round(end, 3)) for line in lines[:4] for end in line}
    assert mouth == {tuple(np.round(corner, 3)) for corner in corners_px(seen.phone)}


def test_the_grid_lies_a_metre_apart_on_the_ground() -> None:
    phone = look_at(np.array([0.0, 20.0, 30.0]), np.array([0.0, 8.0, 0.0]), 0.0, PHONE_PX * 0.6, (1920, 1080))
    lines = ground_grid_px(camera_of(truth_of(phone)))
    ends, _ = project(truth_of(phone), np.array([[-7.0, 3, 0], [7.0, 3, 0]]), (1920, 1080))
    assert any(np.allclose(line, ends) for line in lines)
    assert len(lines) == 12 + 17 + 15


def test_what_is_behind_the_lens_or_outside_the_picture_is_cut_off() -> None:
    phone = look_at(np.array([1.0, 9.0, 0.4]), np.array([0.0, 0.0, 1.0]), 3.0, PHONE_PX, (1920, 1080))
    lines = np.array(ground_grid_px(camera_of(truth_of(phone))))
    assert (lines > -1e-6).all()
    assert (lines < np.array([1920, 1080]) + 1e-6).all()
    assert len(lines) < 12 + 17 + 15


def test_a_phone_that_looks_away_sees_nothing() -> None:
    phone = look_at(np.array([0.0, 20.0, 1.0]), np.array([0.0, 60.0, 1.0]), 0.0, PHONE_PX, (1920, 1080))
    assert ground_grid_px(camera_of(truth_of(phone))) == []
