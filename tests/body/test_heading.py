"""Which way the shot goes from the camera: by the ball alone, and by a flight."""

from dataclasses import replace

import numpy as np
import pytest

from kicky.body.heading import Heading, heading
from kicky.synthetic import VIEWS, SyntheticShot

from ..kicks import evidence, flown, kick, mirrored


def true_turn_deg(true: SyntheticShot) -> float:
    """-> the angle between the line of sight to the ball and the shot's way, positive to the picture's right."""
    way, sight = true.flight.velocity_ms[0][:2], true.flight.xyz_m[0][:2] - true.camera.position_m[:2]
    sight = sight / np.linalg.norm(sight)
    right = true.camera.rotation[0][:2]
    right = right - sight * (right @ sight)
    return float(np.degrees(np.arctan2(way @ right / np.linalg.norm(right), way @ sight)))


def apart_deg(one: float, other: float) -> float:
    return abs((one - other + 180) % 360 - 180)


@pytest.mark.parametrize("view", VIEWS)
def test_the_ball_alone_tells_the_way(view: str) -> None:
    off = []
    for seed in range(10):
        true = kick(seed, view, "right")
        found = heading(evidence(true))
        assert found is not None
        off.append(apart_deg(found.turn_deg, true_turn_deg(true)) / found.sigma_deg)
    assert np.median(off) < 1.5
    assert max(off) < 4


@pytest.mark.parametrize("view", VIEWS)
def test_a_flight_tells_it_better(view: str) -> None:
    true = kick(2, view, "left")
    found = heading(replace(evidence(true), flight=flown(true, 0.02)))
    assert found is not None
    assert apart_deg(found.turn_deg, true_turn_deg(true)) < 3
    assert found.sigma_deg < 5


def test_a_flight_that_does_not_know_its_way_is_not_asked() -> None:
    true = kick(2, "side", "left")
    by_ball = heading(evidence(true))
    assert heading(replace(evidence(true), flight=flown(true, 3.0))) == by_ball


def test_a_flight_away_from_the_goal_is_somebody_elses_and_not_asked() -> None:
    true = kick(1, "behind_goal", "right")
    shot = evidence(true)
    wrong = flown(true, 0.02)
    away = replace(wrong, launch_ms=wrong.launch_ms * (1, -1, 1))
    assert heading(replace(shot, flight=away)) == heading(shot)
    assert heading(replace(shot, flight=wrong)) != heading(shot)


def test_a_mirror_turns_it_about() -> None:
    shot = evidence(kick(5, "diagonal", "right"))
    here, there = heading(shot), heading(mirrored(shot))
    assert here is not None
    assert there is not None
    assert here.turn_deg == pytest.approx(-there.turn_deg, abs=1.0)


@pytest.mark.parametrize(
    ("turn", "off", "away"), [(0, 90, 1), (90, 0, 0), (-90, 0, 0), (180, 90, -1), (-135, 45, -0.707)]
)
def test_what_it_means(turn: float, off: float, away: float) -> None:
    way = Heading(turn, 1.0)
    assert way.off_deg == off
    assert way.away == pytest.approx(away, abs=1e-3)


def test_a_ball_not_seen_to_leave_has_no_way() -> None:
    shot = evidence(kick(1, "side", "right"))
    gone = shot.ball.centre_px.copy()
    gone[shot.kick_frame + 1 :] = np.nan
    assert heading(replace(shot, ball=replace(shot.ball, centre_px=gone))) is None
    assert heading(replace(shot, kick_frame=None)) is None
