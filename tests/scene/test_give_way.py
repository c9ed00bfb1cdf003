"""Where ball, people and lens contradict the goal's corners, they give way, and the scene says which."""

from dataclasses import replace

import numpy as np
import pytest

from kicky.scene.anchors import Anchor, ball, person
from kicky.scene.calibrate import calibrate

from .stand import Stand, stand


def lying(seen: Stand, wider: float = 1.0) -> Anchor:
    return ball(seen.things[0].at_px, wider * seen.things[0].size_px)


def glare(seen: Stand) -> list[Anchor]:
    """-> two tall columns of light whose feet are nowhere near the ground."""
    width, height = seen.clip.size_wh_px
    return [person(np.array([x * width, 0.45 * height]), np.array([x * width, 0.25 * height])) for x in (0.3, 0.7)]


@pytest.mark.parametrize("seed", [3, 5, 8])
def test_glare_taken_for_people_does_not_move_the_camera(seed: int) -> None:
    seen = stand("frontal", seed)
    alone = calibrate(seen.scene, seen.clip, [lying(seen)]).camera
    crowded = calibrate(seen.scene, seen.clip, [lying(seen), *glare(seen)])
    assert alone is not None
    assert crowded.camera is not None
    assert crowded.given_up == ""
    assert crowded.camera.parameters[6] == pytest.approx(alone.parameters[6], rel=0.1)


def test_a_ball_that_does_not_fit_the_goal_is_left_out_and_named() -> None:
    """Something five times as wide as a ball would be there: the corners, which are right, stay."""
    seen = stand("oblique", 4)
    scene = calibrate(replace(seen.scene, camera_height_m=float(seen.truth[6])), seen.clip, [lying(seen, 5.0)])
    assert scene.camera is not None
    assert "without it" in scene.given_up
    assert scene.camera_why_not == ""
    np.testing.assert_array_equal(scene.goal_corners_px, seen.scene.goal_corners_px)


def test_corners_that_make_no_goal_are_refused_whatever_else_is_left_out() -> None:
    seen = stand("frontal", 4)
    leaning = seen.scene.goal_corners_px + np.array([[0, 0], [0, 260], [0, 0], [0, 0]])
    scene = calibrate(replace(seen.scene, goal_corners_px=leaning), seen.clip, [lying(seen)])
    assert scene.camera is None
    assert "corner" in scene.camera_why_not
    assert scene.given_up == ""


def test_a_lens_that_the_film_names_wrongly_gives_way_and_a_guess_does_not() -> None:
    """The film names a lens three times as wide as it was; seen obliquely, the goal itself tells the lens."""
    seen = stand("oblique", 4, log_sd=0.0, click_px=0.5)
    wide = replace(seen.clip, lens_mm=26 / 3.0)
    scene = calibrate(seen.scene, wide, [lying(seen)])
    assert scene.camera is not None
    assert "does not fit the lens" in scene.given_up
    assert calibrate(seen.scene, seen.clip, [lying(seen)]).given_up == ""
