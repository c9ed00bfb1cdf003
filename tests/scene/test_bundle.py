"""Ten shots of one session know their camera better than one; what is no one session is refused."""

from dataclasses import replace

import numpy as np
import pytest

from kicky.camera import project
from kicky.domain import Shot
from kicky.errors import BadScene
from kicky.scene.bundle import BIAS_PX, bundle
from kicky.scene.calibrate import calibrate

from .stand import Stand, film, shot_of, stand


def session(view: str, seed: int, bias_px: float, count: int = 10) -> tuple[Stand, list[Shot]]:
    """-> one phone that sags a little, balls laid here and there and seen too wide, the corners clicked once."""
    rng = np.random.default_rng(1000 + seed)
    seen = stand(view, seed, log_sd=0.07)
    shots: list[Shot] = []
    while len(shots) < count:
        lies = seen.ball_m + [rng.normal(0, 2), rng.normal(0, 1.5), 0]
        px, depth = project(seen.truth, lies[None], (1920, 1080))
        if depth[0] < 1.5 or (px < 5).any() or (px[0] > np.array([1915, 1075])).any():
            continue
        sag = rng.normal(0, 2, 2)
        width = float(np.exp(seen.truth[0]) * 0.22 / depth[0] * (1 + rng.normal(0, 0.03)) + bias_px)
        scene = replace(seen.scene, goal_corners_px=seen.scene.goal_corners_px + sag)
        shots.append(shot_of(film(), scene, px[0] + sag + rng.normal(0, 0.7, 2), width))
    return seen, shots


@pytest.mark.parametrize("view", ["frontal", "oblique"])
def test_a_session_knows_the_height_better_than_a_shot(view: str) -> None:
    one, together, held, narrower = [], [], [], []
    for seed in range(40):
        bias_px = float(np.random.default_rng(seed).normal(0, 1.0))
        seen, shots = session(view, seed, bias_px)
        found = bundle(shots)
        one.append(abs(found.before.parameters[6] - seen.truth[6]))
        together.append(abs(found.camera.parameters[6] - seen.truth[6]))
        off = np.abs(found.camera.parameters - seen.truth)[[0, 6]] / np.sqrt(np.diag(found.camera.covariance))[[0, 6]]
        held.append([*(off < 1.645), abs(found.ball_bias_px - bias_px) < 1.645 * found.ball_bias_sd_px])
        narrower.append(found.camera.covariance[6, 6] < found.before.covariance[6, 6])
    assert np.median(together) < 0.9 * np.median(one)
    assert np.mean(narrower) > 0.9
    assert (np.mean(held, axis=0) >= 0.75).all(), np.mean(held, axis=0)


def test_the_balls_width_is_learnt_where_the_height_is_known() -> None:
    seen, shots = session("oblique", 3, bias_px=4.0, count=20)
    assert seen.scene is not None
    told = [
        replace(shot, scene=replace(shot.scene, camera_height_m=float(seen.truth[6]))) for shot in shots if shot.scene
    ]
    found = bundle(told)
    assert found.ball_bias_px > BIAS_PX
    assert found.ball_bias_sd_px < 1.4


def test_the_gain_is_told_in_words() -> None:
    _, shots = session("frontal", 1, 1.0)
    words = bundle(shots).gain()
    assert words.startswith("10 shots together: camera height ±")
    assert "focal length" in words


def test_behind_the_goal_the_sessions_camera_is_there_too() -> None:
    _, shots = session("behind", 2, 1.0)
    found = bundle(shots)
    assert found.camera.parameters[5] < 0
    scene = shots[3].scene
    assert scene is not None
    inherited = calibrate(scene, shots[3].clip, [], found.camera).camera
    assert inherited is not None
    assert inherited.parameters[5] < 0


def test_one_ball_that_does_not_fit_does_not_spoil_the_session() -> None:
    _, shots = session("frontal", 4, 1.0)
    odd = shots[2].ball
    spoilt = [*shots[:2], replace(shots[2], ball=replace(odd, size_px=odd.size_px * 0.6)), *shots[3:]]
    clean, dirty = bundle(shots).camera, bundle(spoilt).camera
    assert abs(clean.parameters[6] - dirty.parameters[6]) < 2 * np.sqrt(clean.covariance[6, 6])


def test_shots_without_a_goal_make_no_session() -> None:
    _, shots = session("frontal", 1, 1.0, count=2)
    with pytest.raises(BadScene, match="shows the goal"):
        bundle([replace(shot, scene=None) for shot in shots])


def test_films_of_different_size_are_two_sessions() -> None:
    _, shots = session("frontal", 1, 1.0, count=2)
    other = replace(shots[1], clip=film((1080, 1920)))
    with pytest.raises(BadScene, match="differ in the picture"):
        bundle([shots[0], other])


def test_a_phone_that_was_moved_makes_two_sessions() -> None:
    _, shots = session("frontal", 1, 1.0, count=2)
    scene = shots[1].scene
    assert scene is not None
    nearer = replace(scene, goal_corners_px=(scene.goal_corners_px - [960, 540]) * 1.3 + [960, 540])
    with pytest.raises(BadScene, match="phone was moved"):
        bundle([shots[0], replace(shots[1], scene=nearer)])


def test_corners_that_fit_no_goal_make_no_session() -> None:
    _, shots = session("frontal", 1, 1.0, count=2)
    wrong = [replace(shot, scene=replace(shot.scene, goal_size_m=(3.66, 1.83))) for shot in shots if shot.scene]
    with pytest.raises(BadScene, match="correct its size"):
        bundle(wrong)
