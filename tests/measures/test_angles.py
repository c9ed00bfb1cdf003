"""Angles, from a body whose every joint is written down."""

from pathlib import Path

import numpy as np
import pytest

from kicky.domain import Clip, Pose, Shot, Track
from kicky.measures import angles, speed

KICK = 3
HIPS, KNEES, ANKLES, SHOULDERS, HEELS, TOES = (23, 24), (25, 26), (27, 28), (11, 12), (29, 30), (31, 32)


def side_view(knee_deg: float = 150.0, lean_deg: float = 10.0, thigh_deg: float = 20.0) -> np.ndarray:
    """(33, 3) a body seen from its right, walking along +x; the right leg kicks."""
    world = np.zeros((33, 3))
    world[HIPS[0]], world[HIPS[1]] = (0, 0, 0.1), (0, 0, -0.1)
    lean, thigh = np.radians(lean_deg), np.radians(thigh_deg)
    for shoulder, hip in zip(SHOULDERS, HIPS, strict=True):
        world[shoulder] = world[hip] + 0.5 * np.array([np.sin(lean), -np.cos(lean), 0])
    world[KNEES[0]], world[ANKLES[0]] = (0, 0.4, 0.1), (0, 0.8, 0.1)
    along = np.array([np.sin(thigh), np.cos(thigh), 0])
    bend = np.radians(180 - knee_deg)
    shank = np.array([np.sin(thigh - bend), np.cos(thigh - bend), 0])
    world[KNEES[1]] = world[HIPS[1]] + 0.4 * along
    world[ANKLES[1]] = world[KNEES[1]] + 0.4 * shank
    for side in (0, 1):
        world[HEELS[side]] = world[ANKLES[side]] + (-0.05, 0.05, 0)
        world[TOES[side]] = world[ANKLES[side]] + (0.15, 0.05, 0)
    return world


def shot(world: np.ndarray, *, ball_at: str = "right", seen: float = 1.0, kick: int | None = KICK) -> Shot:
    frames = 8
    px = world[:, :2] * 200 + (300, 100)
    beside = {"left": px[ANKLES[0]] - (8, 0), "right": px[ANKLES[1]] + (8, 0), "between": px[list(ANKLES)].mean(axis=0)}
    spot = beside[ball_at]
    ball = Track("ball", np.tile(spot, (frames, 1)), np.full((frames, 2), 20.0), np.ones(frames), np.ones(frames, bool))
    pose = Pose(np.array([KICK]), px[None], world[None], np.full((1, 33), seen))
    clip = Clip(Path("a.mp4"), "0", (640, 480), np.arange(frames) / 30)
    return Shot(clip, ball, pose=pose, kick_frame=kick, kick_why_not="" if kick else "No kick was seen.")


@pytest.mark.parametrize("degrees", [100.0, 150.0, 175.0])
def test_the_kicking_knee(degrees: float) -> None:
    measured = angles.kicking_knee(shot(side_view(knee_deg=degrees)))
    assert measured.value == pytest.approx(degrees, abs=0.5)
    assert measured.low is not None
    assert measured.high is not None
    assert measured.low < measured.value < measured.high


def test_the_support_knee_is_the_other_leg() -> None:
    assert angles.support_knee(shot(side_view(knee_deg=120))).value == pytest.approx(180, abs=0.5)


@pytest.mark.parametrize("degrees", [0.0, 25.0])
def test_the_trunk_leans(degrees: float) -> None:
    assert angles.trunk_lean(shot(side_view(lean_deg=degrees))).value == pytest.approx(degrees, abs=0.5)


@pytest.mark.parametrize("degrees", [-30.0, 35.0])
def test_the_hip_drives_forward_or_lags(degrees: float) -> None:
    assert angles.hip_drive(shot(side_view(thigh_deg=degrees))).value == pytest.approx(degrees, abs=0.5)


def test_no_interval_reaches_beyond_what_a_joint_can_do() -> None:
    straight = angles.kicking_knee(shot(side_view(knee_deg=178)))
    assert straight.high == 180
    assert angles.trunk_lean(shot(side_view(lean_deg=1))).low == 0


def test_the_interval_is_wider_when_the_body_is_turned() -> None:
    turned = side_view(120) @ np.array([[0, 0, 1.0], [0, 1, 0], [-1, 0, 0]])
    side_on, from_behind = (angles.kicking_knee(shot(world)) for world in (side_view(120), turned))
    assert side_on.value == pytest.approx(from_behind.value)
    assert from_behind.high - from_behind.low > 2 * (side_on.high - side_on.low)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ball_at": "between"}, "Neither ankle"),
        ({"seen": 0.1}, "hidden"),
        ({"kick": None}, "No kick"),
        ({"kick": 6}, "No body"),
    ],
)
def test_what_cannot_be_told_is_withheld_with_a_reason(given: dict, words: str) -> None:
    knee = angles.kicking_knee(shot(side_view(), **given))
    assert knee.value is None
    assert words in knee.why_not


def test_speed_without_a_kick_says_so() -> None:
    assert speed.speed(shot(side_view(), kick=None)).why_not == "No kick was seen."
