"""Which foot struck, from ankles whose every position is written down."""

from pathlib import Path

import numpy as np
import pytest

from kicky import foot
from kicky.domain import Clip, Floats, Foot, Pose, Shot, Track

FRAMES, KICK = 12, 5
BALL = (300.0, 300.0)
STILL = np.zeros((FRAMES, 2))
SWINGING = np.stack([np.linspace(-120, 120, FRAMES), np.zeros(FRAMES)], axis=1)


def shot(left: Floats, right: Floats, kick: int | None = KICK, looked_at: slice = slice(None)) -> Shot:
    """Ankles as offsets from the ball, (FRAMES, 2) px -> the shot."""
    points = np.full((FRAMES, 33, 2), 200.0)
    points[:, foot.LEFT_ANKLE], points[:, foot.RIGHT_ANKLE] = BALL + left, BALL + right
    frames = np.arange(FRAMES)[looked_at]
    pose = Pose(frames, points[looked_at], np.zeros((len(frames), 33, 3)), np.ones((len(frames), 33)))
    ball = Track("ball", np.tile(BALL, (FRAMES, 1)), np.full((FRAMES, 2), 20.0), np.ones(FRAMES), np.ones(FRAMES, bool))
    clip = Clip(Path("a.mp4"), "0", (640, 480), np.arange(FRAMES) / 30)
    return Shot(clip, ball, pose=pose, kick_frame=kick, kick_why_not="No kick was seen.")


def mirrored(offsets: Floats) -> Floats:
    return offsets * (-1, 1)


def test_from_behind_the_nearer_ankle_struck() -> None:
    beside, at_it = STILL + (-60, 0), STILL + (8, 0)
    called = foot.call(shot(left=beside, right=at_it))
    assert called.foot is Foot.RIGHT
    assert "nearer the ball" in called.why
    assert foot.call(shot(left=mirrored(at_it), right=mirrored(beside))).foot is Foot.LEFT


def test_from_the_side_the_swinging_ankle_struck_though_the_standing_one_covers_the_ball() -> None:
    given = shot(left=STILL + (2, 0), right=SWINGING + (15, 0))
    assert foot.nearer(given) is Foot.LEFT
    called = foot.call(given)
    assert called.foot is Foot.RIGHT
    assert "faster" in called.why


def test_mirrored_film_mirrors_the_odds() -> None:
    left, right = STILL + (-60, 0), SWINGING
    here = foot.call(shot(left, right)).p_left
    there = foot.call(shot(mirrored(right), mirrored(left))).p_left
    assert here == pytest.approx(1 - there)
    assert here < 0.2


def test_an_ankle_not_seen_after_contact_leaves_the_one_before() -> None:
    right = STILL + (8, 0)
    right[KICK + 1 :] = np.nan
    assert foot.call(shot(STILL + (-60, 0), right)).foot is Foot.RIGHT


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (shot(STILL + (-10, 0), STILL + (10, 0)), "Neither ankle"),
        (shot(STILL, SWINGING, kick=None), "No kick"),
        (shot(STILL, SWINGING, looked_at=slice(8, None)), "No body"),
    ],
)
def test_what_cannot_be_told_is_unsure_and_says_why(given: Shot, words: str) -> None:
    called = foot.call(given)
    assert called.foot is Foot.UNSURE
    assert words in called.why
    assert 0.4 <= called.p_left <= 0.6
