"""A shot in metres as a page gets it: where, how sure, who stood where, and why not."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kicky import storage
from kicky.camera import project
from kicky.domain import Camera, Report, Shot, Track
from kicky.errors import NotFound
from kicky.home import media
from kicky.service import clips, sessions, shots
from kicky.service.flights import MOST_SAMPLES, OLDER, of_shot
from kicky.storage.flights import FlightView
from kicky.ui.places import camera_words, crossing_words, place
from kicky.ui.words import chance

from .flights import FLOWN_S, SAMPLES, flight, phone, struck

COUNT, KICK, DAY = 40, 6, dt.date(2026, 11, 7)


@pytest.fixture
def shot(make_report: Callable[..., Report]) -> Shot:
    """-> a shot of 40 frames, kicked in the sixth, without a flight yet."""
    return replace(make_report(count=COUNT).shot, kick_frame=KICK)


def body(label: str, camera: Camera, x: float, y: float) -> Track:
    """-> somebody 1.8 m tall who stands still there."""
    foot, head = project(camera.parameters, np.array([[x, y, 0.0], [x, y, 1.8]]), camera.size_wh_px)[0]
    tall = foot[1] - head[1]
    return Track(
        label, np.tile((foot + head) / 2, (COUNT, 1)), np.tile([0.4 * tall, tall], (COUNT, 1)), np.ones(COUNT),
        np.ones(COUNT, bool),
    )  # fmt: skip


def flown(shot: Shot, how: str = "in_net", camera: Camera | None = None, **changes: object) -> FlightView:
    camera = camera or phone()
    return of_shot(struck(shot, camera, flight(camera, shot.clip.time_s, KICK, **changes)), how)


def test_the_path_runs_from_the_foot_to_the_goals_plane(shot: Shot) -> None:
    view = flown(shot)
    assert view.path_m[0] == pytest.approx((1.0, 13.0, 0.11))
    assert view.path_m[-1] == pytest.approx((2.4, 0.0, 1.6))
    assert len(view.path_m) == len(view.sigma_m) == len(view.time_s) == len(view.seen)
    assert view.time_s[-1] - view.time_s[0] == pytest.approx(FLOWN_S)
    assert sum(view.seen) == 8  # every other of the sixteen frames
    assert len(view.samples_m) == MOST_SAMPLES < SAMPLES
    assert all(path[-1][1] == 0.0 for path in view.samples_m)
    assert not view.why_not


def test_the_crossing_has_the_spread_of_what_fits(shot: Shot) -> None:
    crossing = flown(shot, spread_m=(0.3, 0.1)).crossing
    assert crossing is not None
    assert (crossing.x_m, crossing.z_m) == pytest.approx((2.4, 1.6), abs=0.15)
    assert crossing.sigma_m == pytest.approx((0.3, 0.11), rel=0.35)
    assert abs(crossing.together) < 0.5
    assert crossing.zone == "middle right"


@pytest.mark.parametrize(
    ("to", "zone"),
    [
        ((-3.0, 2.2), "top left"),
        ((0.0, 1.2), "centre"),
        ((0.3, 0.11), "bottom middle"),
        ((-3.9, 1.0), ""),
        ((0, 2.7), ""),
    ],
)
def test_the_zones(shot: Shot, to: tuple[float, float], zone: str) -> None:
    crossing = flown(shot, to=to, spread_m=(0.0, 0.0)).crossing
    assert crossing is not None
    assert crossing.zone == zone


def test_half_of_them_passing_is_no_crossing(shot: Shot) -> None:
    assert flown(shot, reaches=0.5).crossing is None
    assert flown(shot, reaches=0.95).crossing is not None


@pytest.mark.parametrize(("how", "reached"), [("in_net", True), ("over", True), ("saved", False), ("unclear", False)])
def test_a_ball_that_was_stopped_was_only_heading_there(shot: Shot, how: str, reached: bool) -> None:
    crossing = flown(shot, how, until_s=0.5).crossing
    assert crossing is not None
    assert crossing.reached is reached


def test_players_stand_where_their_feet_are(shot: Shot) -> None:
    camera = phone()
    both = replace(shot, players=(body("P1", camera, 0.5, 13.4), body("P2", camera, -1.0, 0.5)), keeper="P2")
    shooter, keeper = flown(both, camera=camera).places
    assert (shooter.role, shooter.feet, keeper.role) == ("shooter", True, "keeper")
    assert (shooter.x_m, shooter.y_m) == pytest.approx((0.5, 13.4), abs=0.05)
    assert (keeper.x_m, keeper.y_m) == pytest.approx((-1.0, 0.5), abs=0.05)


def test_from_the_grass_only_the_ball_says_where_the_shooter_stood(shot: Shot) -> None:
    camera = phone(z=0.15)
    both = replace(shot, players=(body("P1", camera, 0.5, 13.4), body("P2", camera, -1.0, 0.5)), keeper="P2")
    view = flown(both, camera=camera)
    (shooter,) = view.places
    assert (shooter.label, shooter.feet, shooter.x_m, shooter.y_m) == ("P1", False, 1.0, 13.0)
    assert "too low" in view.places_why_not


def test_the_phone_and_what_it_sees(shot: Shot) -> None:
    camera = flown(shot).camera
    assert camera is not None
    assert camera.xyz_m == pytest.approx((2.0, 24.0, 1.4))
    assert camera.angle_deg == pytest.approx(2 * np.degrees(np.arctan(640 / 1400)))
    left, right = camera.edges
    assert left[0] < right[0]
    assert left[1] < 0 > right[1]
    words = camera_words(camera)
    assert "24.1\u00a0m from the goal (± " in words
    assert "two people standing on the ground" in words


def test_without_a_flight_the_reason_is_told(shot: Shot) -> None:
    assert of_shot(struck(shot, phone(), None, "The ball was not seen."), "unclear").why_not == "The ball was not seen."
    assert of_shot(replace(shot, scene=None), "unclear").why_not == "The goal is not marked in the picture."
    assert of_shot(shot, "unclear").why_not == OLDER


def test_asking_for_a_stored_shot(
    shot: Shot, make_report: Callable[..., Report], make_film: Callable[..., Path]
) -> None:
    clip_id = clips.add(sessions.new(DAY), "a.mp4", make_film()).id
    camera = phone()
    struck_shot = struck(shot, camera, flight(camera, shot.clip.time_s, KICK))
    shot_id = storage.save(make_report(shot=struck_shot), clip_id, "motion")
    assert shots.flight(shot_id) == of_shot(storage.evidence(shot_id), "in_net")
    for evidence in media().glob("*.npz"):
        evidence.unlink()
    assert "analyse it again" in shots.flight(shot_id).why_not
    with pytest.raises(NotFound):
        shots.flight(99)


@pytest.mark.parametrize(
    ("to", "across", "up"),
    [
        ((3.06, 1.4), "60\u00a0cm inside the right post", "1.4\u00a0m high"),
        ((-4.06, 0.3), "40\u00a0cm outside the left post", "30\u00a0cm high"),
        ((0.5, 2.94), "50\u00a0cm right of the middle", "50\u00a0cm over the bar"),
    ],
)
def test_where_it_crossed_in_words(shot: Shot, to: tuple[float, float], across: str, up: str) -> None:
    view = flown(shot, to=to, spread_m=(0.0, 0.0))
    assert view.crossing is not None
    assert place(view.crossing, view.goal_size_m) == (across, up)
    said = crossing_words(view.crossing, view.goal_size_m)
    assert said == f"{across} (± 10\u00a0cm), {up} (± 10\u00a0cm)."


def test_how_sure_is_never_a_certainty() -> None:
    assert chance("goal", 1.0) == "over 99\u00a0% sure it went in"
    assert chance("no_goal", 0.0) == "over 99\u00a0% sure it did not go in"
