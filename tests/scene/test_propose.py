"""A goal is proposed where one stands out, and none where none does."""

import cv2
import numpy as np
import pytest

from kicky.domain import Floats
from kicky.scene.propose import SURE, candidates, propose
from kicky.scene.woodwork import Image

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


def drawn_goal(left: int = 440, top: int = 300, wide: int = 400, high: int = 130) -> tuple[Image, Floats]:
    """-> a goal of white wood before a hedge, and its inner corners."""
    picture = np.full((720, 1280, 3), (60, 110, 60), np.uint8)
    picture[: top + high - 20] = (50, 70, 60)
    cv2.rectangle(picture, (left - 6, top - 6), (left + wide + 6, top - 1), (235, 235, 235), -1)
    for x in (left - 6, left + wide + 1):
        cv2.rectangle(picture, (x, top - 6), (x + 5, top + high), (235, 235, 235), -1)
    cv2.line(picture, (left - 60, top + high), (left + wide + 60, top + high), (215, 225, 215), 2)
    inner = [(left, top), (left + wide, top), (left + wide, top + high), (left, top + high)]
    return picture, np.array(inner, dtype=float)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ((600, 290, 660, 560), "the middle of the bar"),
        ((425, 380, 475, 600), "a foot"),
        ((815, 370, 880, 600), "a foot"),
    ],
)
def test_a_goal_is_found_though_a_player_hides_part_of_it(body: tuple[int, int, int, int], where: str) -> None:
    picture, truth = drawn_goal()
    cv2.rectangle(picture, body[:2], body[2:], (40, 30, 140), -1)
    best = candidates(picture)[0]
    assert off_px(best.corners_px, truth).max() < 0.03 * np.ptp(truth[:, 0]), where
    assert propose(picture) is not None


def test_how_sure_a_proposal_is_is_a_probability_shared_by_all() -> None:
    picture, _ = drawn_goal()
    scores = [one.score for one in candidates(picture)]
    assert all(0 <= score <= 1 for score in scores)
    assert scores[0] > 0.9
    assert candidates(noise())[:1] == [] or candidates(noise())[0].score < SURE
