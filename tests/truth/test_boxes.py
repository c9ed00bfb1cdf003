"""Frames between keyframes, the ball ahead of its next click, and what a click meant."""

from __future__ import annotations

import numpy as np
import pytest

from kicky.teach.labelled import Thing
from kicky.truth import boxes

TIMES = np.array([0.0, 0.1, 0.2, 0.5, 0.6, 0.7])
PERSON = {"source": "person", "who": "Ada"}


def player(x: float, y: float = 10.0) -> Thing:
    return Thing("player", (x, y, x + 20, y + 40), (), PERSON)


def ball(x: float, y: float, size: float = 8.0) -> Thing:
    return Thing("ball", (x - size / 2, y - size / 2, x + size / 2, y + size / 2))


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
    assert boxes.ball_ahead({}, 2, TIMES) is None


def test_a_frame_with_a_ball_alone_gets_its_players() -> None:
    said = {0: (player(0),), 1: (ball(5, 5),), 3: (player(50),)}
    whole = boxes.completed(said, TIMES)
    assert [thing.label for thing in whole[1]] == ["ball", "player"]
    assert whole[0] == said[0]
    assert 2 not in whole  # nobody has looked at it


def test_the_ball_goes_on_as_it_went() -> None:
    times = np.arange(8) / 30
    said = {k: (ball(100 + 30 * k, 200 - 20 * k + 2 * k * k),) for k in (0, 1, 2)}
    x0, y0, x1, y1 = boxes.ball_ahead(said, 3, times) or (0, 0, 0, 0)
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((190, 158))
    assert x1 - x0 == pytest.approx(8)


def test_a_click_snaps_to_what_moves_there() -> None:
    candidates = np.array([[100.0, 100.0, 9.0], [140.0, 100.0, 7.0]])
    assert boxes.ball_at((104, 97), candidates, None) == pytest.approx((95.5, 95.5, 104.5, 104.5))
    far = boxes.ball_at((300, 100), candidates, (0, 0, 10, 6))
    assert far == pytest.approx((295, 97, 305, 103))  # nothing moves there: the click, as large as the ball ahead
    assert boxes.ball_at((50, 50), np.zeros((0, 3)), None) == pytest.approx((44, 44, 56, 56))
