"""Where a ball may lie, on samples made here: as bright as the grass, behind a net, in a film that ends at the kick."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from kicky.detectors import resting
from kicky.detectors.background import Samples

HEIGHT, WIDTH, COUNT = 360, 640, 38
GRASS = 90, 118, 122  # brightness, blueness, redness
PLACE, DIAMETER = (300.0, 200.0), 24.0
RED, BLUE, WHITE = (90, 112, 160), (88, 160, 118), (200, 128, 128)

Colour = tuple[int, int, int]


def samples(colour: Colour, lies: int | range, *, net: bool = False, colours: bool = True) -> Samples:
    """A ball's colour, in which of the samples it lies (in so many from the start) -> Samples of still grass."""
    random, there = np.random.default_rng(5), range(lies) if isinstance(lies, int) else lies
    grass = [np.full((HEIGHT, WIDTH), level, np.float32) for level in GRASS]
    grass[0] += cv2.GaussianBlur(random.normal(0, 12, (HEIGHT, WIDTH)).astype(np.float32), (5, 5), 0)
    images, chroma = [], []
    for number in range(COUNT):
        planes = [plane.copy() for plane in grass]
        for plane, level in zip(planes, colour, strict=True):
            if number in there:
                soft = np.zeros((4 * HEIGHT, 4 * WIDTH), np.uint8)
                cv2.circle(soft, (4 * int(PLACE[0]), 4 * int(PLACE[1])), int(2 * DIAMETER), 255, -1)
                share = cv2.resize(soft, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA) / np.float32(255)
                plane += share * (level - plane)
        if net:
            planes[0][::9] = 190
            planes[0][:, ::14] = 190
        noisy = planes[0] + random.normal(0, 2, (HEIGHT, WIDTH))
        images.append(np.clip(noisy, 0, 255).astype(np.uint8))
        half = [cv2.resize(plane, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA) for plane in planes[1:]]
        chroma.append(np.stack(half).round().astype(np.uint8))
    whole = slice(0, HEIGHT), slice(0, WIDTH)
    told = tuple(chroma) if colours else ()
    return Samples(tuple(5 * k for k in range(COUNT)), tuple(images), whole, 1.0, 5 * COUNT, 1 / 60, told)


@pytest.mark.parametrize("colour", [RED, BLUE, WHITE], ids=["red", "blue", "white"])
def test_a_ball_of_any_colour_is_found_where_it_lies(colour: Colour) -> None:
    ball = resting.find(samples(colour, 20))[0]
    assert np.hypot(ball.x - PLACE[0], ball.y - PLACE[1]) < 1.0
    assert ball.diameter == pytest.approx(DIAMETER, rel=0.12)
    assert ball.present == (True,) * 20 + (False,) * 18


def test_a_white_ball_is_found_without_colours_too() -> None:
    ball = resting.find(samples(WHITE, 20, colours=False))[0]
    assert np.hypot(ball.x - PLACE[0], ball.y - PLACE[1]) < 1.0
    assert ball.diameter == pytest.approx(DIAMETER, rel=0.12)


def test_without_colours_one_as_bright_as_the_grass_is_not_made_up() -> None:
    assert not resting.find(samples(RED, 20, colours=False))


@pytest.mark.parametrize("colour", [RED, BLUE, WHITE], ids=["red", "blue", "white"])
def test_one_that_stays_is_no_ball(colour: Colour) -> None:
    assert not resting.find(samples(colour, COUNT))


@pytest.mark.parametrize("colour", [RED, BLUE, WHITE], ids=["red", "blue", "white"])
def test_the_ground_it_comes_to_lie_on_at_the_end_is_none(colour: Colour) -> None:
    assert not resting.find(samples(colour, range(25, COUNT)))


def test_a_film_may_end_right_after_the_kick() -> None:
    ball = resting.find(samples(WHITE, COUNT - 3))[0]
    assert np.hypot(ball.x - PLACE[0], ball.y - PLACE[1]) < 1.0


def test_a_net_before_it_hides_no_coloured_ball() -> None:
    ball = resting.find(samples(BLUE, 20, net=True))[0]
    assert np.hypot(ball.x - PLACE[0], ball.y - PLACE[1]) < 2.0


def test_a_ball_that_a_boot_stood_before_is_found_once_it_is_free() -> None:
    """Two round things lie in one place one after the other: what lay there first does not hide the second."""
    boot, ball = samples(RED, 8), samples(WHITE, range(14, 26))
    images = (*boot.images[:11], *ball.images[11:])
    found = resting.find(replace(ball, images=images, chroma=(*boot.chroma[:11], *ball.chroma[11:])))
    assert {one.present.index(True) < 11 for one in found} == {True, False}
