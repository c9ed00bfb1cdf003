"""Places that a ball has left, in painted pictures: a ball struck is one, what comes, stays or merely goes is none."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from kicky.clipper.left import Left, Places, chosen

HZ, LENGTH_S, KICK_S, BALL, RADIUS = 15, 16, 8.0, (150, 120), 8
GOAL = np.array([[100.0, 60.0], [200.0, 60.0], [200.0, 95.0], [100.0, 95.0]])


def seen(lies: Callable[[float], bool], body: Callable[[float], float | None]) -> tuple[list[Left], np.ndarray]:
    """Second -> whether the ball lies there, second -> where somebody is across the picture -> places left, times."""
    rng = np.random.default_rng(5)
    places, found = Places(), []
    time_s = np.arange(HZ * LENGTH_S) / HZ
    for frame, at_s in enumerate(time_s):
        image = np.full((200, 320), 90, np.float32)
        if lies(at_s):
            cv2.circle(image, BALL, RADIUS, 200, -1)
        x = body(at_s)
        if x is not None:
            cv2.ellipse(image, (round(x), 95), (9, 42), 0, 0, 360, 30, -1)
        noisy = cv2.GaussianBlur(image, (3, 3), 0) + rng.normal(0, 2, image.shape)
        found += places(frame, float(at_s), np.clip(noisy, 0, 255).astype(np.uint8))
    return found, time_s


def runs_by(at_s: float) -> float | None:
    """-> somebody who runs through the picture, and is at the ball at the kick."""
    x = BALL[0] - 12 + 160 * (at_s - KICK_S)
    return x if -20 < x < 340 else None


def test_a_ball_that_is_struck_leaves_its_place_at_the_kick() -> None:
    found, time_s = seen(lambda at_s: at_s < KICK_S, runs_by)
    (place,), high_m = chosen(found, time_s, None)
    assert (place.x, place.y) == pytest.approx(BALL, abs=1.5)
    assert place.diameter == pytest.approx(2 * RADIUS, abs=3)
    assert time_s[place.frame] == pytest.approx(KICK_S, abs=0.15)
    assert np.isnan(high_m)


@pytest.mark.parametrize(
    ("lies", "body"),
    [
        (lambda at_s: at_s > KICK_S, runs_by),  # it comes there
        (lambda at_s: True, runs_by),  # it stays there
        (lambda at_s: False, runs_by),  # somebody walks by
        (lambda at_s: at_s < KICK_S, lambda at_s: None),  # a light goes out: nobody is at it
        (lambda at_s: at_s < 0.4, runs_by),  # it has not lain
    ],
)
def test_what_is_no_ball_struck_is_not_chosen(
    lies: Callable[[float], bool], body: Callable[[float], float | None]
) -> None:
    found, time_s = seen(lies, body)
    assert chosen(found, time_s, None)[0] == []


def place(x: float, y: float, diameter: float, frame: int) -> Left:
    return Left(frame, frame + 1, x, y, diameter, 9, 1.0)


def test_the_ground_is_where_most_of_them_lie() -> None:
    """A phone 1 m high, a goal 2.44 m high of 35 px: a ball at 30 px a metre has its foot 15.7 px below the goal's."""
    time_s = np.arange(1000) / 10
    right = [place(30 + 60 * k, 107.3 + k, 6.6 + 0.22 * k, 100 * k) for k in range(4)]
    head = place(150, 20, 7, 550)
    fetched = place(150, 93, 3.2, 650)
    struck, high_m = chosen([*right, head, fetched], time_s, GOAL)
    assert sorted(struck, key=lambda each: each.frame) == right
    assert high_m == pytest.approx(1.0, abs=0.4)


def test_no_place_is_no_shot() -> None:
    assert chosen([], np.arange(10.0), GOAL)[0] == []
