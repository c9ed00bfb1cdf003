"""The article's rules, on balls whose every position is written down."""

from pathlib import Path

import numpy as np
import pytest

from kicky import rules2d, scene
from kicky.domain import Clip, How, Scene, Track, Verdict

T = 60
GOAL = scene.from_corners([(200, 100), (400, 100), (400, 170), (200, 170)])
KICK = 15


def clip(frames: int = T, frame_s: float = 1 / 30) -> Clip:
    return Clip(Path("shot.mp4"), "0", (640, 360), np.arange(frames) * frame_s)


def ball(xy: np.ndarray, width: float = 10.0) -> Track:
    seen = np.isfinite(xy[:, 0])
    return Track("ball", xy, np.where(seen[:, None], width, np.nan) * np.ones((1, 2)), seen.astype(float), seen)


def still(at: tuple[float, float], count: int) -> np.ndarray:
    return np.tile(np.array(at, float), (count, 1))


def line(start: tuple[float, float], end: tuple[float, float], count: int) -> np.ndarray:
    return np.linspace(start, end, count + 1)[1:]


def flight(*legs: np.ndarray) -> Track:
    xy = np.concatenate([still((300, 330), KICK + 1), *legs])
    return ball(np.concatenate([xy, np.tile(xy[-1], (T - len(xy), 1))]) if len(xy) < T else xy[:T])


SCORED = flight(line((300, 330), (300, 140), 12), line((300, 140), (302, 160), 6))
SHORT = flight(line((300, 330), (300, 200), 30))
THROUGH = flight(line((300, 330), (300, 140), 10), line((300, 140), (300, 20), 8))
REBOUND = flight(line((300, 330), (205, 150), 12), line((205, 150), (60, 320), 14))
WIDE = flight(line((300, 330), (40, 120), 14))


@pytest.mark.parametrize(
    ("track", "verdict", "how"),
    [
        (SCORED, Verdict.GOAL, How.IN_NET),
        (SHORT, Verdict.NO_GOAL, How.SHORT),
        (THROUGH, Verdict.NO_GOAL, How.OVER),
        (REBOUND, Verdict.NO_GOAL, How.POST),
        (WIDE, Verdict.NO_GOAL, How.WIDE_LEFT),
    ],
    ids=["scored", "short", "through", "rebound", "wide"],
)
def test_the_rules_tell_what_came_of_it(track: Track, verdict: Verdict, how: How) -> None:
    decided = rules2d.decide(clip(), track, GOAL)
    assert (decided.verdict, decided.how) == (verdict, how), decided.why
    assert decided.p_goal == (verdict is Verdict.GOAL)


def test_a_ball_that_starts_in_the_goals_picture_must_leave_and_come_back() -> None:
    away = np.concatenate([still((300, 140), 20), line((300, 140), (300, 340), 12), still((300, 340), T - 32)])
    back = np.concatenate([still((300, 140), 10), line((300, 140), (300, 260), 6), line((300, 260), (300, 150), 6)])
    back = np.concatenate([back, still((300, 150), T - len(back))])
    assert rules2d.decide(clip(), ball(away), GOAL).verdict is Verdict.NO_GOAL
    assert rules2d.decide(clip(), ball(back), GOAL).verdict is Verdict.GOAL


def test_one_teleport_changes_nothing() -> None:
    xy = SCORED.centre_px.copy()
    xy[5] = (20, 20)
    xy[40] = (600, 340)
    assert rules2d.decide(clip(), ball(xy), GOAL).verdict is Verdict.GOAL
    route = rules2d.path(ball(xy))
    assert route is not None
    assert rules2d.kick_frame(route) == KICK


@pytest.mark.parametrize(
    ("track", "goal", "words"),
    [
        (SCORED, None, "not marked"),
        (ball(np.full((T, 2), np.nan)), GOAL, "fewer than 5"),
        (ball(still((300, 330), T)), GOAL, "never speeds up"),
    ],
)
def test_what_cannot_be_told_is_unsure_and_says_why(track: Track, goal: Scene | None, words: str) -> None:
    decided = rules2d.decide(clip(), track, goal)
    assert decided.verdict is Verdict.UNSURE
    assert words in decided.why


def body(label: str, x: float, frames: slice = slice(None)) -> Track:
    xy = np.full((T, 2), np.nan)
    xy[frames] = (x, 270)
    size = np.where(np.isfinite(xy), (60.0, 130.0), np.nan)
    return Track(label, xy, size, np.ones(T), np.isfinite(xy[:, 0]))


def test_without_the_filter_a_teleport_is_taken_for_a_kick() -> None:
    xy = SHORT.centre_px.copy()
    xy[5] = 620, 20
    jumped = ball(xy)
    filtered, bare = (rules2d.path(jumped, kept) for kept in (True, False))
    assert filtered is not None
    assert bare is not None
    assert rules2d.kick_frame(filtered) == KICK
    assert rules2d.kick_frame(bare) == 4
    assert rules2d.decide(clip(), jumped, GOAL).verdict is Verdict.NO_GOAL


def test_speed_is_the_balls_own_scale() -> None:
    """10 px a frame at 50 frames a second with a ball of 11 px: 10 m/s."""
    xy = np.concatenate([still((50, 300), 20), line((50, 300), (350, 300), 30)])
    kmh = rules2d.peak_speed_kmh(clip(50, 1 / 50), ball(xy, width=11))
    assert kmh == pytest.approx(36.0, rel=0.01)


def test_speed_follows_the_timestamps_not_a_frame_rate() -> None:
    xy = np.concatenate([still((50, 300), 20), line((50, 300), (350, 300), 30)])
    fast = rules2d.peak_speed_kmh(clip(50, 1 / 50), ball(xy, width=11))
    slow = rules2d.peak_speed_kmh(clip(50, 1 / 25), ball(xy, width=11))
    assert fast is not None
    assert slow == pytest.approx(fast / 2)


def test_no_rocket_passes_the_cap() -> None:
    xy = np.concatenate([still((50, 300), 20), line((50, 300), (610, 300), 8)])
    assert rules2d.peak_speed_kmh(clip(len(xy)), ball(xy, width=5)) == rules2d.CAP_KMH


def test_speed_is_withheld_without_a_kick() -> None:
    assert rules2d.peak_speed_kmh(clip(), ball(still((300, 330), T))) is None
