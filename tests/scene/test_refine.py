"""Corners settle on the inner edges of posts and bar, by a few pixels at most."""

import numpy as np
import pytest

from kicky.scene.refine import CLICK_SIGMA_PX, refine

from .pictures import off_px, rendered_shot, rendered_still

CLICK_OFF = np.array([(2.0, -1.5), (-1.5, 2.0), (1.5, 2.0), (-2.0, -1.5)])


@pytest.mark.parametrize(("seed", "night"), [(100, False), (104, True)])
def test_clicks_that_are_off_settle_on_the_posts(seed: int, night: bool) -> None:
    truth = rendered_shot(seed, "behind", night).goal_corners_px
    corners, sigma = refine(rendered_still(seed, "behind", night), truth + CLICK_OFF)
    assert off_px(corners, truth)[:2].mean() < 1.5
    assert off_px(corners, truth).mean() < off_px(truth + CLICK_OFF, truth).mean()
    assert sigma < CLICK_SIGMA_PX


def test_no_corner_is_dragged_away() -> None:
    truth = rendered_shot(100, "behind").goal_corners_px
    clicked = truth + 25.0
    corners, _ = refine(rendered_still(100, "behind"), clicked)
    assert off_px(corners, clicked).max() <= 6.01


def test_without_an_edge_the_clicks_stay_and_are_less_sure() -> None:
    clicked = np.array([(200.0, 100.0), (400.0, 105.0), (400.0, 180.0), (200.0, 175.0)])
    corners, sigma = refine(np.full((360, 640, 3), 90, np.uint8), clicked)
    np.testing.assert_allclose(corners, clicked, atol=1e-6)
    assert sigma == pytest.approx(CLICK_SIGMA_PX)
