"""A goal is proposed where one stands out, and none where none does."""

import cv2
import numpy as np
import pytest

from kicky.scene.propose import propose

from .pictures import noise, off_px, rendered_shot, rendered_still


@pytest.mark.parametrize(
    ("seed", "view", "night"), [(100, "behind", False), (104, "behind", True), (118, "side", True)]
)
def test_the_goal_of_a_rendered_shot_is_proposed(seed: int, view: str, night: bool) -> None:
    truth = rendered_shot(seed, view, night).goal_corners_px
    found = propose(rendered_still(seed, view, night))
    assert found is not None
    # Posts are round: from the side up to their radius of the inner corner cannot be seen.
    assert off_px(found.corners_px, truth).max() < 0.02 * np.ptp(truth[:, 0])


def test_a_box_round_the_goal_keeps_it_and_one_elsewhere_drops_it() -> None:
    truth, still = rendered_shot(100, "behind").goal_corners_px, rendered_still(100, "behind")
    box = np.concatenate([truth.min(axis=0), truth.max(axis=0)])
    assert propose(still, box) is not None
    assert propose(still, box * 0.2) is None


def test_where_there_is_no_goal_none_is_proposed() -> None:
    assert propose(noise()) is None
    assert propose(np.full((360, 640, 3), 90, np.uint8)) is None


def test_two_goals_alike_leave_it_to_the_player() -> None:
    picture = np.full((720, 1280, 3), (60, 110, 60), np.uint8)
    for left in (150, 750):
        cv2.rectangle(picture, (left - 4, 296), (left + 304, 303), (235, 235, 235), -1)
        for x in (left - 4, left + 297):
            cv2.rectangle(picture, (x, 296), (x + 7, 420), (235, 235, 235), -1)
    alone = picture.copy()
    alone[:, 640:] = (60, 110, 60)
    found = propose(alone)
    assert found is not None
    assert (
        off_px(found.corners_px, np.array([(153.5, 303.5), (446.5, 303.5), (446.5, 420.5), (153.5, 420.5)])).max() < 2
    )
    assert propose(picture) is None
