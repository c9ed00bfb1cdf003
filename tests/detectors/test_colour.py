"""The lying ball's circle by its colour: a ball as bright as the grass below its middle, on painted truth."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kicky.detectors.background import Samples
from kicky.detectors.colour import circle

WHITE, YELLOW, GRASS = (235.0, 235.0, 235.0), (40.0, 220.0, 230.0), (60.0, 120.0, 70.0)
WIDTH, HEIGHT, COUNT, LIES = 240, 200, 16, 9
SHADE = 0.45  # what is left of the light low on the ball
PRESENT = tuple(number < LIES for number in range(COUNT))


def samples(*balls: tuple[float, float, float, tuple[float, float, float]], crop: int = 0) -> Samples:
    """Balls (x, y, diameter, BGR), rows and columns that are bars -> what a film shows of them lying, and gone."""
    rng = np.random.default_rng(3)
    grass = cv2.GaussianBlur(rng.normal(0, 12, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 1.5)
    bare = np.asarray(GRASS, np.float32) + grass[:, :, None]
    shown = bare.copy()
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    for x, y, diameter, colour in balls:
        inside = np.clip(diameter / 2 + 0.5 - np.hypot(columns - x, rows - y), 0, 1)[:, :, None]
        light = np.clip(1 - (1 - SHADE) * ((rows - y) / diameter + 0.5), SHADE, 1)[:, :, None]
        shown += inside * (light * np.asarray(colour, np.float32) - shown)
    films = [
        planes(np.clip((shown if there else bare) + rng.normal(0, 2, bare.shape), 0, 255).astype(np.uint8))
        for there in PRESENT
    ]
    part = np.s_[crop:, crop:]
    images = tuple(np.ascontiguousarray(luma[part]) for luma, _ in films)
    chroma = tuple(tints for _, tints in films)
    return Samples(tuple(range(COUNT)), images, (part[0], part[1]), 1.0, COUNT, 1 / 30, chroma)


def planes(bgr: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Picture -> its luma, its blueness and redness at half the size."""
    flat = cv2.cvtColor(bgr, cv2.COLOR_BGR2YUV_I420)
    return flat[:HEIGHT], flat[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2)


@pytest.mark.parametrize("colour", [WHITE, YELLOW])
@pytest.mark.parametrize("diameter", [16.0, 25.0, 43.0])
def test_the_whole_ball_is_found_from_its_lit_half(diameter: float, colour: tuple[float, float, float]) -> None:
    seen = samples((120.3, 101.6, diameter, colour))
    found = circle(seen, PRESENT, 120, 101.6 - 0.22 * diameter, 0.62 * diameter)
    assert found is not None
    assert abs(np.log(found.diameter / diameter)) < 0.07
    assert abs(np.log(found.diameter / diameter)) < 3 * found.sigma
    assert (found.x, found.y) == pytest.approx((120.3, 101.6), abs=1.0)


@pytest.mark.parametrize("crop", [6, 7])
def test_bars_beside_the_picture_do_not_move_its_colours(crop: int) -> None:
    found = circle(samples((120.0, 101.0, 26.0, WHITE), crop=crop), PRESENT, 120 - crop, 98 - crop, 20)
    assert found is not None
    assert (found.x + crop, found.y + crop) == pytest.approx((120.0, 101.0), abs=1.0)


def test_a_ball_at_the_edge_of_the_picture() -> None:
    found = circle(samples((13.0, 188.0, 22.0, WHITE)), PRESENT, 12, 186, 18)
    assert found is None or abs(np.log(found.diameter / 22)) < 0.1


def test_something_else_beside_it_is_not_part_of_it() -> None:
    """A second ball touches it, and leaves when it does."""
    seen = samples((120.0, 101.0, 30.0, WHITE), (149.0, 101.0, 28.0, YELLOW))
    found = circle(seen, PRESENT, 118, 96, 24)
    assert found is not None
    assert abs(np.log(found.diameter / 30)) < 0.07


def test_a_ball_that_was_seen_whole_is_left_as_it_is() -> None:
    assert circle(samples((120.0, 101.0, 26.0, WHITE)), PRESENT, 120, 101, 26) is None


def test_without_colour_or_without_a_ball_there_is_no_circle() -> None:
    there = samples((120.0, 101.0, 26.0, WHITE))
    grey = Samples(there.numbers, there.images, there.crop, 1.0, COUNT, 1 / 30)
    assert circle(grey, PRESENT, 120, 101, 24) is None
    assert circle(samples(), PRESENT, 120, 101, 24) is None
