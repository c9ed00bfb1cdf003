"""The batch of trajectories against the simulator's finer steps, and the frame they are flown in."""

import numpy as np
import pytest

from kicky import camera as pinhole
from kicky.domain import Camera
from kicky.flight import dynamics as d
from kicky.flight import frame
from kicky.flight.search import NUISANCE
from kicky.synthetic import physics

FRONT = np.array([np.log(1400.0), 0.1, 0.03, 0.02, 2.0, 18.0, 1.2])
BEHIND = np.array([np.log(1100.0), np.pi - 0.2, -0.01, -0.03, -1.5, -8.0, 0.4])


def theta(x: float, y: float, velocity: tuple[float, float, float], kick_s: float = 0.0) -> np.ndarray:
    row = np.zeros(d.SIZE)
    row[[d.X, d.Y]] = x, y
    row[d.VX : d.VZ + 1] = velocity
    row[d.KICK], row[d.SPIN : d.SWELL + 1] = kick_s, NUISANCE
    row[d.BACKSPIN], row[d.CAMERA :] = 0.0, frame.written(FRONT)
    return row


@pytest.mark.parametrize("velocity", [(-1.0, -24.0, 5.0), (3.0, -15.0, 8.0), (0.0, -28.0, 1.0)])
def test_a_flight_is_where_the_simulator_has_it(velocity: tuple[float, float, float]) -> None:
    time_s = np.arange(0, 0.9, 1 / 30)
    path = d.positions(theta(1.0, 16.0, velocity)[None], time_s)[0]
    true = physics.simulate(physics.Launch((1.0, 16.0, 0.11), velocity), None, 1.0)
    rows = np.round(time_s / physics.STEP_S).astype(int)
    aloft = true.bounce_s is None or time_s < true.bounce_s
    off = np.linalg.norm(path - true.xyz_m[rows], axis=1)
    assert off[aloft].max() < 0.6  # a drag coefficient in two pieces against a smooth one


def test_a_ball_bounces_rolls_and_never_sinks() -> None:
    rows = np.stack([theta(0, 20, (0, -12, 3)), theta(0, 20, (0, -12, 0))])
    path = d.positions(rows, np.linspace(0, 2.5, 120))
    assert path[..., 2].min() >= d.RADIUS_M - 1e-9
    assert path[0, :, 2].max() > 0.4
    assert np.ptp(path[1, :, 2]) == 0
    assert (np.diff(path[..., 1]) <= 1e-9).all()


def test_before_the_kick_the_ball_lies() -> None:
    path = d.positions(theta(1.0, 12.0, (0, -20, 4), kick_s=0.5)[None], np.array([0.0, 0.3, 0.5, 0.6]))[0]
    assert np.allclose(path[:3], [1.0, 12.0, d.RADIUS_M])
    assert path[3, 1] < 11.0


@pytest.mark.parametrize("parameters", [FRONT, BEHIND])
def test_the_phones_own_frame_is_the_same_picture(parameters: np.ndarray) -> None:
    written = frame.written(parameters)
    points = np.random.default_rng(0).normal(0, 2, (1, 6, 3))
    here, _ = pinhole.project(frame.aligned(written[None]), points, (1920, 1080))
    world, _ = pinhole.project(parameters[None], frame.to_world(written[None], points), (1920, 1080))
    assert np.allclose(here, world, atol=1e-6)
    assert np.allclose(frame.in_world(written), parameters)


def test_a_lens_of_unknown_length_keeps_the_goal_where_it_is() -> None:
    """In the world's numbers the same spread would throw the corners about."""
    camera = Camera(FRONT, np.diag([0.3, 0.1, 0.02, 0.01, 2.0, 5.0, 0.05]) ** 2, (1920, 1080), 1.0, "", "")
    spread = frame.spread(camera)
    assert spread.shape == (7, 7)
    assert np.sqrt(spread[frame.FOCAL, frame.FOCAL]) == pytest.approx(0.3 * 1400, rel=0.01)


def test_spin_lifts_about_as_much_as_a_wind_tunnel_says() -> None:
    """Up to 0.3 the lift coefficient of a football is about its spin parameter, rim's speed over the ball's."""
    speed, spin, since_s = 25.0, 45.0, 0.1
    row = theta(0.0, 20.0, (0.0, -speed, 6.0))
    row[[d.DRAG, d.SPIN]] = -np.inf, spin
    straight = row.copy()
    straight[d.SPIN] = 0.0
    path = d.positions(np.stack([row, straight]), np.array([0.0, since_s]))[:, 1]
    aside_ms2 = 2 * abs(path[0, 0] - path[1, 0]) / since_s**2
    force_n, wind_n = 0.43 * aside_ms2, 0.5 * 1.2 * np.pi * 0.11**2 * speed**2
    assert force_n / wind_n == pytest.approx(spin * 0.11 / speed, rel=0.15)


def test_a_bounce_is_when_the_underside_meets_the_ground() -> None:
    """In no air a ball that leaves at 3 m/s upwards is down after 0.61 s: up to there it is on its parabola."""
    row = theta(0.0, 20.0, (0.0, -12.0, 3.0))
    row[d.DRAG], row[d.BOUNCE] = -np.inf, 0.6
    down_s = 2 * 3.0 / 9.81
    before = np.linspace(0.0, down_s, 60)
    assert d.positions(row[None], before)[0, :, 2] == pytest.approx(0.11 + 3 * before - 4.905 * before**2, abs=5e-3)
    after = np.linspace(0.0, 1.0 * 0.6 * down_s, 30)
    again = d.positions(row[None], down_s + after)[0, :, 2]
    assert again == pytest.approx(0.11 + 0.6 * 3 * after - 4.905 * after**2, abs=1e-2)


def test_shorter_steps_would_move_no_ball_by_two_millimetres(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.stack([theta(0, 20, (2.0, -24.0, 6.0)), theta(0, 20, (0.0, -14.0, 8.0))])
    time_s = np.linspace(0.0, 0.8, 49)
    coarse = d.positions(rows, time_s)
    monkeypatch.setattr(d, "STEP_S", 1 / 500)
    assert np.linalg.norm(coarse - d.positions(rows, time_s), axis=2).max() < 2e-3
