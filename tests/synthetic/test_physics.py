"""The ball obeys: energy, gravity, the ground, the frame and the net."""

import math

import numpy as np
import pytest

from kicky.synthetic.physics import BALL_RADIUS_M, GOALS, GRAVITY, STEP_S, Flight, Launch, aim, simulate

BIG = GOALS[0]
START = (0.0, 16.0, BALL_RADIUS_M)


def energy(flight: Flight) -> np.ndarray:
    """-> joules a kilogram of going and height, row by row."""
    return 0.5 * (flight.velocity_ms**2).sum(axis=1) + GRAVITY * flight.xyz_m[:, 2]


def test_without_drag_the_arc_is_a_parabola():
    flight = simulate(Launch(START, (1.0, -8.0, 9.0), drag=0.0), None, 1.2)
    t = np.arange(len(flight.xyz_m)) * STEP_S
    parabola = np.stack([t, 16 - 8 * t, BALL_RADIUS_M + 9 * t - GRAVITY * t**2 / 2], axis=1)
    np.testing.assert_allclose(flight.xyz_m, parabola, atol=1e-6)


def test_drag_slows_a_shot_as_it_does_a_real_one():
    flight = simulate(Launch(START, (0.0, -27.0, 4.0)), None, 0.5)
    speed = np.linalg.norm(flight.velocity_ms, axis=1)
    assert 0.85 < speed[-1] / speed[0] < 0.95  # about a tenth in half a second at 100 km/h


@pytest.mark.parametrize("spin", [(0.0, 0.0, 0.0), (40.0, -10.0, 50.0)])
def test_a_ball_in_the_air_never_gains_energy(spin):
    flight = simulate(Launch(START, (2.0, -24.0, 7.0), spin), None, 0.9)
    assert flight.bounce_s is None
    assert (np.diff(energy(flight)) < 1e-3).all()


def test_spin_turns_the_ball_and_the_other_spin_turns_it_the_other_way():
    ends = [simulate(Launch(START, (0, -25, 5), (0, 0, w)), None, 0.6).xyz_m[-1, 0] for w in (-50, 0, 50)]
    assert ends[0] < -0.3
    assert abs(ends[1]) < 1e-9
    assert ends[2] > 0.3


def test_backspin_lifts():
    heights = [simulate(Launch(START, (0, -25, 5), (w, 0, 0)), None, 0.6).xyz_m[-1, 2] for w in (-40, 0)]
    assert heights[0] > heights[1] + 0.2


def test_a_bounce_keeps_the_share_of_height_it_should():
    flight = simulate(Launch((0, 10, 2.0), (0, 0, 0), restitution=0.6), None, 1.5)
    after = flight.xyz_m[int((flight.bounce_s or 0) / STEP_S) + 1 :, 2]
    assert after.max() - BALL_RADIUS_M == pytest.approx(0.36 * (2 - BALL_RADIUS_M), rel=0.08)
    assert flight.xyz_m[:, 2].min() >= BALL_RADIUS_M - 1e-9


def test_a_rolling_ball_comes_to_rest_and_stays():
    flight = simulate(Launch(START, (0, -4, 0), roll_ms2=1.5), None, 3.2)
    assert np.linalg.norm(flight.velocity_ms[-1]) == 0
    assert (flight.velocity_ms[1:, 1] <= 1e-9).all()


def test_the_crossbar_gives_the_ball_back():
    velocity = aim(START, (0.0, 0.0, BIG.height_m + 0.06), 26, (0, 0, 0))
    flight = simulate(Launch(START, velocity), BIG, 2.0)
    assert flight.frame_s is not None
    after = flight.velocity_ms[int(flight.frame_s / STEP_S) + 2]
    assert np.linalg.norm(after) < 25


@pytest.mark.parametrize("x", [-3.0, 0.0, 3.0])
def test_a_goal_ends_in_the_net(x):
    flight = simulate(Launch(START, aim(START, (x, 0.0, 1.2), 27, (0, 0, 0))), BIG, 3.0)
    assert flight.goal_s is not None
    assert flight.net_s is not None
    assert flight.goal_s < flight.net_s
    assert flight.crossing_m == pytest.approx((x, 1.2), abs=0.04)
    assert flight.xyz_m[:, 1].min() > -BIG.depth_m - 1.0
    assert abs(flight.xyz_m[-1, 0]) < BIG.width_m / 2


def test_a_ball_over_the_bar_does_not_fall_through_the_roof():
    start = (0.0, 6.0, 5.0)
    flight = simulate(Launch(start, (0, -9.4, 0)), BIG, 3.0)
    inside = (np.abs(flight.xyz_m[:, 0]) < 3) & (flight.xyz_m[:, 1] < -0.3) & (flight.xyz_m[:, 1] > -BIG.roof_m + 0.1)
    assert inside.any()
    assert flight.xyz_m[inside, 2].min() > BIG.height_m - 0.6
    assert flight.goal_s is None


def test_aim_hits_what_it_aims_at_at_the_speed_asked():
    velocity = aim(START, (2.5, 0.0, 1.9), 24, (3.0, 0.0, 20.0))
    assert math.dist(velocity, (0, 0, 0)) == pytest.approx(24)
    path = simulate(Launch(START, velocity, (3.0, 0.0, 20.0)), None, 2, until_y_m=0.0).xyz_m
    assert path[-1][[0, 2]] == pytest.approx((2.5, 1.9), abs=0.1)


def test_aim_says_none_when_the_target_is_out_of_reach():
    assert aim((0, 60, BALL_RADIUS_M), (0, 0, 2.0), 12, (0, 0, 0)) is None
