"""Frames between keyframes, and masks: what is around them, and whether their edges cross."""

from __future__ import annotations

import numpy as np
import pytest

from kicky.teach.labelled import Thing
from kicky.truth import boxes

TIMES = np.array([0.0, 0.1, 0.2, 0.5, 0.6, 0.7])
PERSON = {"source": "person", "who": "Ada"}


def player(x: float, y: float = 10.0) -> Thing:
    return Thing("player", (x, y, x + 20, y + 40), (), PERSON)


def test_players_move_between_keyframes_by_time_not_by_number() -> None:
    said = {0: (player(0),), 3: (player(50),)}
    (there,) = boxes.between(said, 2, TIMES)
    assert there.box_px == pytest.approx((20, 10, 40, 50))  # 0.2 s of 0.5 s, though two frames of three
    assert there.origin == {"source": "interpolated", "who": "Ada"}


def test_two_players_are_paired_by_how_near_they_are() -> None:
    said = {0: (player(0), player(200)), 3: (player(210), player(5), player(400))}
    there = sorted(thing.box_px[0] for thing in boxes.between(said, 2, TIMES))
    assert there == pytest.approx([2, 204])


def test_a_goals_corners_move_with_it() -> None:
    corners = ((0.0, 0.0, 10.0, 0.0, 10.0, 10.0, 0.0, 10.0),)
    moved = ((10.0, 0.0, 20.0, 0.0, 20.0, 10.0, 10.0, 10.0),)
    said = {0: (Thing("goal", (0, 0, 10, 10), corners),), 1: (Thing("goal", (10, 0, 20, 10), moved),)}
    said[2] = said[1]
    (there,) = boxes.between({0: said[0], 2: said[2]}, 1, TIMES)
    assert there.outline_px[0] == pytest.approx((5, 0, 15, 0, 15, 10, 5, 10))


def test_nothing_is_guessed_beyond_the_last_keyframe() -> None:
    assert boxes.between({1: (player(0),)}, 2, TIMES) == ()
    assert boxes.between({}, 2, TIMES) == ()


def test_a_frame_with_a_ball_alone_gets_its_players() -> None:
    said = {0: (player(0),), 1: (Thing("ball", (1, 1, 9, 9)),), 3: (player(50),)}
    whole = boxes.completed(said, TIMES)
    assert [thing.label for thing in whole[1]] == ["ball", "player"]
    assert whole[0] == said[0]
    assert 2 not in whole  # nobody has looked at it


def test_a_goal_stands_still_before_and_after_it_was_drawn() -> None:
    goal = Thing("goal", (10, 20, 60, 40), (), PERSON)
    for frame in (0, 2, 5):
        (there,) = boxes.between({2: (goal, player(0))}, frame, TIMES)[-1:]
        assert (there.label, there.box_px) == ("goal", goal.box_px)


@pytest.mark.parametrize(
    ("polygon", "crosses"),
    [
        ((0, 0, 9, 0, 9, 9, 0, 9), False),
        ((0, 0, 9, 9, 9, 0, 0, 9), True),
        ((0, 0, 9, 0, 9, 9, 4, 0, 0, 9), False),  # a corner that touches an edge
        ((0, 0, 9, 0, 9, 9, 4, -1, 0, 9), True),
        ((0, 0, 9, 0, 4, 9), False),
    ],
)
def test_edges_that_cross_are_found(polygon: tuple[float, ...], crosses: bool) -> None:
    assert boxes.crosses_itself(polygon) is crosses


def test_the_hull_is_around_all_parts() -> None:
    assert boxes.hull(((0, 5, 9, 5, 4, 7), (20, 1, 22, 1, 22, 3))) == (0, 1, 22, 7)
