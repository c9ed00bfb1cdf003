"""What the camera has to explain, against cameras whose truth is known."""

import numpy as np
import pytest

from kicky.domain import Told
from kicky.scene.anchors import ball
from kicky.scene.evidence import from_goal_line, with_told

from .stand import stand, standing


@pytest.mark.parametrize("view", ["frontal", "oblique", "behind"])
def test_a_told_distance_is_held_against_how_far_the_ball_lies_from_the_goal_line(view: str) -> None:
    seen = stand(view, 5)
    diameter = float(seen.phone.focal_px * 0.22 / seen.phone.depth_m(seen.ball_m))
    things = [standing(seen.phone, 1.0, 4.0), ball(seen.phone.project(seen.ball_m), diameter)]
    away = float(seen.ball_m[1])

    def off(value: float) -> float:
        told = Told(value, 0.3, "the player")
        return float(from_goal_line(seen.truth[None], with_told(things, told), (1920, 1080))[0, 0])

    assert off(away) == pytest.approx(0.0, abs=0.02)
    assert off(away + 3) < -1
    assert off(away - 3) > 1


def test_a_distance_that_nobody_told_says_nothing() -> None:
    seen = stand("frontal", 5)
    assert from_goal_line(np.tile(seen.truth, (3, 1)), seen.things, (1920, 1080)).shape == (3, 0)
