"""The body as a figure: where it stands about the ball, what moves, another laid over it, and why there is none."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kicky import charts, storage
from kicky.body import fit, stance
from kicky.charts import manikin
from kicky.charts.body import beside, eye
from kicky.domain import Body, Foot, How, Shot, Verdict
from kicky.errors import NotFound
from kicky.home import media
from kicky.service import bodies, clips, comparing, players, sessions, shots
from kicky.storage.bodies import BodyView
from kicky.video import open_clip

from .figures import JOINTS_M, SINCE_S, seen, shown
from .kicks import evidence, kick
from .pages.filled import draw, report


def stored(folder: Path, body: Body | None, player: str = "Ana", verdict: Verdict = Verdict.GOAL, speed: float = 80.0,
           why_not: str = "") -> int:  # fmt: skip
    """-> the number of a stored shot with that body."""
    session = sessions.listed()[0].id if sessions.listed() else sessions.new(dt.date(2026, 11, 21))
    number = len(clips.listed(session))
    path = draw(folder / f"kick_{number}.mp4", number)
    clip = clips.add(session, path.name, path)
    made = report(open_clip(media() / storage.clip(clip.id).file), verdict, How.UNCLEAR, Foot.RIGHT, speed)
    shot_id = storage.save(replace(made, shot=shown(made.shot, body, why_not)), clip.id, "motion")
    players.name(shot_id, player)
    return shot_id


def view(body: Body) -> BodyView:
    """Body -> what the service tells of it."""
    return bodies.of(shown(evidence(kick(4, "side", "right")), body), body)


# --- about the ball -----------------------------------------------------------------------------


@pytest.mark.parametrize("way_deg", [-90.0, -60.0, 25.0, 180.0])
def test_wherever_the_shot_goes_the_body_is_told_about_the_ball(way_deg: float) -> None:
    body = seen(way_deg)
    about = stance.about_ball(body, body.joints_m)
    np.testing.assert_allclose(about[body.contact], JOINTS_M, atol=1e-9)
    assert about[-1, 14, 1] > about[0, 14, 1]  # it moves ahead


def test_right_is_the_shooters_right() -> None:
    body = seen(-90.0)  # towards the goal, whose x grows to the shooter's right
    beside = body.ball_m + [1.0, 0.0, 0.0]
    assert stance.about_ball(body, beside)[0] == pytest.approx(1.0)


def test_the_ways_doubt_is_nine_in_ten_and_nought_where_there_is_none() -> None:
    ways = np.radians(5.0) * np.linspace(-1, 1, 12)
    assert stance.way_doubt_deg(seen()) == pytest.approx(1.645 * np.degrees(ways.std()))
    assert stance.way_doubt_deg(seen(179.0)) == pytest.approx(stance.way_doubt_deg(seen()))
    assert stance.way_doubt_deg(seen(apart_deg=0.0)) == pytest.approx(0.0)


def test_from_behind_is_not_from_the_side() -> None:
    assert stance.aside_deg(seen(-90.0)) == pytest.approx(90.0)
    assert stance.aside_deg(seen(0.0)) == pytest.approx(0.0)
    assert stance.aside_deg(seen(180.0)) == pytest.approx(0.0, abs=1e-6)


# --- what the service tells ---------------------------------------------------------------------


def test_a_stored_body_is_told_in_plain_values(own_home: Path) -> None:
    told = shots.body(stored(own_home, seen()))
    assert told.why_not == ""
    assert len(told.joints_m) == len(told.since_s) == len(SINCE_S)
    assert told.joints_m[told.contact][14] == pytest.approx(tuple(JOINTS_M[14]))
    assert isinstance(told.joints_m[0][0][0], float)
    assert (len(told.likely_m), len(told.likely_m[0])) == (bodies.LIKELY, 10)
    assert told.phone_m == pytest.approx((0.0, -5.0, 1.4))
    assert not told.kicks_left
    assert set(told.angles) == set(bodies.AT_JOINTS)


def test_without_a_body_the_reason_is_told(own_home: Path) -> None:
    told = shots.body(stored(own_home, None, why_not="No body was found at contact."))
    assert told.why_not == "No body was found at contact."
    assert not told.joints_m


def test_what_an_older_program_left_out_is_worked_out_once(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = stored(own_home, None)
    calls: list[Shot] = []

    def fitted(shot: Shot) -> Shot:
        calls.append(shot)
        return shown(shot, seen(left=True))

    monkeypatch.setattr(fit, "fitted", fitted)
    assert shots.body(number).kicks_left
    assert shots.body(number).kicks_left
    assert len(calls) == 1


def test_what_an_older_program_saw_no_body_in_has_none(own_home: Path) -> None:
    assert shots.body(stored(own_home, None)).why_not


def test_without_its_tracks_the_reason_is_told_and_no_such_shot_is_refused(own_home: Path) -> None:
    number = stored(own_home, seen())
    storage.evidence_file(number).unlink()
    assert "analyse it again" in shots.body(number).why_not
    with pytest.raises(NotFound):
        shots.body(999)


def test_beside_it_stand_the_players_own_best_and_others_best(own_home: Path) -> None:
    this = stored(own_home, seen())
    missed = stored(own_home, seen(), verdict=Verdict.NO_GOAL, speed=120.0)
    best = stored(own_home, seen(), speed=90.0)
    slow = stored(own_home, seen(), "Bo", speed=50.0)
    fast = stored(own_home, seen(), "Bo", speed=60.0)
    found = comparing.models(shots.one(this))
    assert list(found) == [best, fast, slow, missed]
    assert found[best].startswith("Ana's best: kick_2.mp4")
    assert found[fast].startswith("Bo's best")
    assert found[missed].startswith("Ana: ")


def test_with_no_other_shot_there_is_nobody_beside_it(own_home: Path) -> None:
    assert comparing.models(shots.one(stored(own_home, seen()))) == {}


# --- the figure ---------------------------------------------------------------------------------


def named(figure: Any, name: str) -> Any:
    return next(trace for trace in figure.data if trace.name == name)


def test_the_ball_lies_at_its_place_in_its_size_and_the_arrow_goes_ahead() -> None:
    figure = charts.body(view(seen()), 5, "Side")
    ball = named(figure, "ball")
    for axis, low, high in ((ball.x, -0.11, 0.11), (ball.y, -0.11, 0.11), (ball.z, 0.0, 0.22)):
        assert (min(axis), max(axis)) == pytest.approx((low, high), abs=0.006)
    way = named(figure, "way")
    assert [way.x[0], way.y[0], way.x[1]] == [0, 0, 0]
    assert way.y[1] > 0.5


def test_limbs_are_about_their_joints_in_metres() -> None:
    joints = tuple(tuple(row) for row in JOINTS_M.tolist())
    leg = np.array(manikin.side(joints, "kicking").corners)
    for joint in (2, 4, 6, 8):
        assert np.linalg.norm(leg - JOINTS_M[joint], axis=1).min() < 0.1
    assert leg[:, 0].min() > JOINTS_M[:, 0].min() + 0.3, "the standing leg is no part of it"
    whole = manikin.everything(joints)
    assert len(whole.corners) > max(corner for face in whole.faces for corner in face)
    assert max(z for _, _, z in whole.corners) == pytest.approx(1.65 + manikin.HEAD_M, abs=0.02)


def test_all_axes_have_one_scale_and_none_is_drawn() -> None:
    scene = charts.body(view(seen()), 5, "Side").layout.scene
    axes, ratio = (scene.xaxis, scene.yaxis, scene.zaxis), scene.aspectratio
    per_metre = [r / (axis.range[1] - axis.range[0]) for r, axis in zip((ratio.x, ratio.y, ratio.z), axes, strict=True)]
    assert per_metre == pytest.approx([per_metre[0]] * 3)
    assert not any(axis.visible for axis in axes)


def test_every_moment_is_a_frame_and_contact_is_marked() -> None:
    told = view(seen())
    figure = charts.body(told, 3, "Side")
    assert [frame.name for frame in figure.frames] == [str(row) for row in range(len(SINCE_S))]
    assert {len(frame.data) for frame in figure.frames} == {len(figure.frames[0].traces)}
    words = [frame.layout.annotations[0].text for frame in figure.frames]
    assert [number for number, text in enumerate(words) if "contact" in text] == [told.contact]
    assert "0.08 s before" in words[3]
    assert words[3] == figure.layout.annotations[0].text
    order = figure.layout.updatemenus[0].buttons[0].args[0]
    assert order[-1] == "3", "played, it rests on the moment that was chosen"
    slider = figure.layout.sliders[0]
    assert slider.active == 3
    assert [number for number, step in enumerate(slider.steps) if step.label == "contact"] == [told.contact]
    assert [step.args[0][0] for step in slider.steps] == [frame.name for frame in figure.frames]
    heads = [max(frame.data[2].y) for frame in figure.frames]
    assert heads == sorted(heads)


def test_likely_bodies_and_angles_are_shown_at_contact_only() -> None:
    told = view(seen())
    at, off = (charts.body(told, row, "Side") for row in (told.contact, 0))
    assert len(named(at, "likely").x) > 8 * 10
    assert named(off, "likely").x == ()
    given = [name for name, measure in told.angles.items() if measure.value is not None]
    assert len(named(at, "angles").text) == len(given) > 0
    assert "±" in named(at, "angles").text[0]
    assert not named(off, "angles").text


def test_an_angle_that_is_withheld_is_not_written() -> None:
    told = view(seen())
    hidden = {name: replace(m, value=None, low=None, high=None, why_not="Hidden.") for name, m in told.angles.items()}
    figure = charts.body(replace(told, angles=hidden), told.contact, "Side")
    assert not named(figure, "angles").text


@pytest.mark.parametrize("left", [False, True])
def test_it_is_looked_at_from_the_side_of_the_kicking_leg(left: bool) -> None:
    told = view(seen(left=left))
    assert eye(told, "Side")[0] == pytest.approx(-1.0 if left else 1.0, abs=0.01)
    assert eye(told, "Behind")[1] < -0.9
    assert eye(told, "Above")[2] > 0.9
    assert eye(told, "As filmed")[1] < -0.9
    low = replace(told, phone_m=(0.0, -5.0, 0.05))
    assert 0.0 < eye(low, "As filmed")[2] < 0.1, "never from under the ground"


# --- another beside it --------------------------------------------------------------------------


def test_another_shot_lies_at_the_same_ball_and_way() -> None:
    one, other = view(seen(-90.0)), view(seen(-60.0))
    figure = charts.body(one, 5, "Side", charts.Ghost(other, False))
    ghost = named(figure, "the other")
    same = manikin.everything(one.joints_m[5])
    np.testing.assert_allclose(np.column_stack([ghost.x, ghost.y, ghost.z]), same.corners, atol=2e-3)


def test_in_a_mirror_a_left_footer_stands_like_a_right_footer() -> None:
    right, left = view(seen()), view(seen(left=True))
    alike = np.array(beside(right, charts.Ghost(left, True), 5))
    np.testing.assert_allclose(alike, np.array(right.joints_m[5]), atol=2e-3)
    unlike = np.array(beside(right, charts.Ghost(left, False), 5))
    np.testing.assert_allclose(unlike * [-1, 1, 1], np.array(right.joints_m[5]), atol=2e-3)


def test_where_the_other_was_not_seen_nothing_is_drawn_of_it() -> None:
    short = view(seen(since_s=np.linspace(-0.04, 0.2, 7)))
    figure = charts.body(view(seen()), 0, "Side", charts.Ghost(short, False))
    assert not named(figure, "the other").x
    assert len(figure.frames[5].data[-1].x) > 100
