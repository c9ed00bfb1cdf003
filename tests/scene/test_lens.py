"""What focal length to expect, from whom, and how surely."""

import numpy as np
import pytest

from kicky.domain import Scene
from kicky.scene import lens

from .stand import film

CORNERS = np.array([[800.0, 400], [1200, 400], [1200, 540], [800, 540]])


def test_the_player_is_asked_first_then_the_film_then_the_usual_phone() -> None:
    plain, stated = Scene(CORNERS), Scene(CORNERS, focal_px=1000.0)
    assert lens.prior(film(lens_mm=13.0), stated) == (1000.0, 0.02, "you said")
    focal_px, sd, words = lens.prior(film(lens_mm=13.0), plain)
    assert focal_px == pytest.approx(721.4, abs=0.1)
    assert (sd, words) == (0.08, "the film's own data")
    focal_px, sd, words = lens.prior(film(), plain)
    assert focal_px == pytest.approx(1442.8, abs=0.1)
    assert (sd, words) == (lens.GUESS_SD, lens.A_GUESS)


def test_the_long_side_counts_in_portrait_too() -> None:
    upright, lying = (lens.prior(film(size, 26.0), Scene(CORNERS))[0] for size in ((1080, 1920), (1920, 1080)))
    assert upright == lying


def test_only_the_picture_between_black_bars_counts() -> None:
    image = np.zeros((1080, 1920, 3), np.uint8)
    image[:, 656:1264] = 90
    assert lens.without_bars(image) == (608, 1080)
    focal_px, _, _ = lens.prior(film(), Scene(CORNERS), lens.without_bars(image))
    assert focal_px == pytest.approx(1080 * 26 / 34.6)


def test_a_night_sky_is_no_bar_and_a_black_film_has_none() -> None:
    image = np.full((1080, 1920), 90, np.uint8)
    image[:400] = 5
    assert lens.without_bars(image) == (1920, 1080)
    assert lens.without_bars(np.zeros((1080, 1920), np.uint8)) == (1920, 1080)
