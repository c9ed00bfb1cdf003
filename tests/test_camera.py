"""Cameras drawn at random still see the goal; the straight coordinates lead there and back."""

import numpy as np
import pytest

from kicky.camera import MIDDLE_M, aimed, draw, from_aim, project, to_aim
from kicky.domain import Camera
from kicky.scene.calibrate import calibrate

from .scene.stand import stand

SIZE = (1920, 1080)


def test_there_and_back() -> None:
    rng = np.random.default_rng(0)
    many = 400
    cameras = np.column_stack(
        [
            rng.normal(7.2, 0.3, many),
            rng.uniform(-3, 3, many),
            rng.normal(0, 0.2, many),
            rng.normal(0, 0.3, many),
            rng.normal(0, 10, many),
            rng.normal(0, 20, many),
            rng.uniform(0.1, 3, many),
        ]
    )
    cameras = cameras[project(cameras, MIDDLE_M[None], SIZE)[1][:, 0] > 1]
    off = from_aim(to_aim(cameras, SIZE), SIZE) - cameras
    off[:, 1] = (off[:, 1] + np.pi) % (2 * np.pi) - np.pi
    assert len(cameras) > 100
    assert np.abs(off).max() < 1e-9


def test_the_spread_is_carried_over() -> None:
    seen = stand("oblique", 3)
    spread = np.diag([1e-4, 1e-6, 1e-6, 1e-6, 1e-3, 1e-3, 1e-4])
    camera = Camera(seen.truth, spread, SIZE, 0.0, "", "")
    drawn = draw(camera, 4000, np.random.default_rng(1))
    np.testing.assert_allclose(np.std(drawn, axis=0), np.sqrt(np.diag(spread)), rtol=0.1)
    mean, covariance = aimed(camera)
    np.testing.assert_allclose(from_aim(mean, SIZE), seen.truth, atol=1e-9)
    assert np.linalg.eigvalsh(covariance).min() > 0


@pytest.mark.parametrize("view", ["frontal", "behind"])
def test_with_an_unknown_lens_likely_cameras_still_see_the_goal(view: str) -> None:
    """The same draws in pan, tilt and metres put the corners tens to hundreds of pixels off."""
    seen = stand(view, 6)
    camera = calibrate(seen.scene, seen.clip, seen.things).camera
    assert camera is not None
    half, high = 3.66, 2.44
    corners = np.array([[-half, 0, high], [half, 0, high], [half, 0, 0], [-half, 0, 0]])
    rng = np.random.default_rng(2)
    naive = rng.multivariate_normal(camera.parameters, camera.covariance, 300)
    clicked = seen.scene.goal_corners_px if view == "frontal" else seen.scene.goal_corners_px[[1, 0, 3, 2]]
    off = [
        np.quantile(np.linalg.norm(project(cameras, corners, SIZE)[0] - clicked, axis=-1), 0.9)
        for cameras in (draw(camera, 300, rng), naive)
    ]
    assert off[0] < 16
    assert off[0] < 0.7 * off[1]
