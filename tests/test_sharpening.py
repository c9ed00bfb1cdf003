"""What could be told to make a speed surer, what telling it does, and how hard a shot was next to the usual."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from benchmarks.simulated import assemble
from kicky import flight, jobs, pipeline, storage
from kicky.camera import project
from kicky.domain import Report
from kicky.errors import BadScene, NotFound
from kicky.jobs import together
from kicky.scene.anchors import anchors
from kicky.scene.calibrate import calibrate
from kicky.service import goals, phones, players, scenes, shots, stating
from kicky.storage import cameras
from kicky.storage.kinds import BUNDLE
from kicky.storage.tables import JobRow
from kicky.synthetic.tracks import TrackCase, simulate_session

from . import sessions

HOME = Path(__file__).parents[1] / "Home.py"
MakeFilm = Callable[..., Path]
Made = tuple[list[TrackCase], list[Report]]


def judged(case: TrackCase) -> Report:
    """Case -> its report, by a phone of which nothing is known."""
    shot = assemble(case, "unknown")
    shot = flight.fit(replace(shot, scene=calibrate(case.scene, shot.clip, anchors(shot))))
    return pipeline.judged(shot, {"detector": "motion"}, ())


@pytest.fixture(scope="module")
def made() -> Made:
    cases = simulate_session(9, 5, position="behind_shooter")
    return cases, [judged(case) for case in cases]


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """The films stored here are not of these shots; and the work is done here, not by a worker beside."""
    monkeypatch.setattr(jobs, "ensure_worker", lambda *_: None)
    monkeypatch.setattr(together, "still_picture", lambda _clip: sessions.lit())
    monkeypatch.setattr(pipeline, "still_picture", lambda _clip: sessions.lit())


def run(session_id: int) -> None:
    job = JobRow(id=1, kind=BUNDLE, clip_id=cameras.clip_for(session_id) or 0)
    together.bundle(job, lambda _stage, _share: None)


def half(shot_id: int) -> float:
    """Shot -> half the interval of its speed, as a share of it."""
    speed = shots.one(shot_id).measures["speed"]
    assert speed.value is not None
    assert speed.low is not None
    assert speed.high is not None
    return (speed.high - speed.low) / 2 / speed.value


def lens_sd(shot_id: int) -> float:
    scene = storage.report(shot_id).shot.scene
    assert scene is not None
    assert scene.camera is not None
    return float(np.sqrt(scene.camera.covariance[0, 0]))


def test_what_nobody_told_is_offered_with_its_gain(made: Made, make_film: MakeFilm) -> None:
    _, taken = sessions.store(make_film, *made)
    offered = [stating.sharper(number) for number in taken]
    assert any(offered)
    for number, found in zip(taken, offered, strict=True):
        assert all(one.what in {"lens", "ball", "lines"} and one.half < half(number) for one in found)


def test_a_stated_lens_makes_the_sessions_speeds_surer(made: Made, make_film: MakeFilm) -> None:
    session_id, taken = sessions.store(make_film, *made)
    before = [lens_sd(number) for number in taken]
    assert stating.state(session_id, "iPhone 13", "1×", None) > 0
    run(session_id)
    assert all(lens_sd(number) < alone for number, alone in zip(taken, before, strict=True))
    scene = storage.report(taken[0]).shot.scene
    assert scene is not None
    assert scene.lens is not None
    assert all(one.what != "lens" for number in taken for one in stating.sharper(number))


def test_where_the_ball_lay_counts_for_one_shot_alone(made: Made, make_film: MakeFilm) -> None:
    case, report = made[0][0], made[1][0]
    session_id, taken = sessions.store(make_film, [case], [report])
    line_m = round(float(abs(case.ball_xyz_m[case.kick_frame, 1])), 1)
    stating.state(session_id, None, None, ("metres", line_m))
    run(session_id)
    scene = storage.report(taken[0]).shot.scene
    assert scene is not None
    assert scene.ball_m is not None
    assert scene.ball_m.value == line_m


def lay_m(case: TrackCase) -> float:
    return round(float(abs(case.ball_xyz_m[case.kick_frame, 1])), 1)


def told_m(shot_id: int) -> float | None:
    scene = storage.report(shot_id).shot.scene
    assert scene is not None
    assert scene.camera is not None, scene.camera_why_not
    return None if scene.ball_m is None else scene.ball_m.value


def test_the_ball_of_one_shot_may_have_lain_elsewhere(made: Made, make_film: MakeFilm) -> None:
    session_id, taken = sessions.store(make_film, *made)
    usual, own = lay_m(made[0][0]), lay_m(made[0][1])
    assert usual != own
    stating.state(session_id, None, None, ("metres", usual))
    stating.state_ball_of(taken[1], ("metres", own))
    run(session_id)
    assert [told_m(number) for number in taken[:3]] == [usual, own, usual]
    known = stating.said_of(taken[1])
    assert known is not None
    assert (known.ball, known.own) == (("metres", own), True)
    assert phones.stated(session_id).ball == ("metres", usual)
    stating.state_ball_of(taken[1], None)
    run(session_id)
    assert told_m(taken[1]) == usual
    with pytest.raises(BadScene):
        stating.state_ball_of(taken[1], ("metres", 400.0))
    assert stating.said_of(taken[1]) == phones.stated(session_id)


def test_a_mark_that_its_goal_lacks_now_counts_as_not_said(made: Made, make_film: MakeFilm) -> None:
    session_id, taken = sessions.store(make_film, [made[0][0]], [made[1][0]])
    stating.state_ball_of(taken[0], ("box", None))
    goal = cameras.goal(session_id)
    assert goal is not None
    row = storage.clip(storage.shots(shot_id=taken[0])[0].clip_id)
    assert together.of_clip(goal, row)["ball_m"] == [16.5, 0.5]
    assert together.of_clip(goal | {"goal_size_m": [5.0, 2.0]}, row).get("ball_m") is None


def test_nothing_is_stated_of_a_session_without_a_goal(make_film: MakeFilm) -> None:
    session_id, _ = sessions.filmed(make_film, 1)
    with pytest.raises(BadScene):
        stating.state(session_id, None, "1×", None)
    with pytest.raises(NotFound):
        stating.sharper(4711)


def test_a_zoom_that_a_phone_lacks_is_refused_and_nothing_is_kept(made: Made, make_film: MakeFilm) -> None:
    session_id, _ = sessions.store(make_film, [made[0][0]], [made[1][0]])
    with pytest.raises(BadScene):
        stating.state(session_id, None, None, ("metres", 400.0))
    assert phones.stated(session_id).ball is None


def test_a_shot_is_held_against_the_same_players_others(made: Made, make_film: MakeFilm) -> None:
    _, taken = sessions.store(make_film, *made)
    assert phones.next_to_usual(taken[0]) is None  # nobody is named
    for number in taken[:4]:
        players.name(number, "Ana")
    rows = [phones.next_to_usual(number) for number in taken[:4]]
    known = [row for row in rows if row is not None]
    assert known
    assert all(row.low < row.share < row.high for row in known)
    assert phones.next_to_usual(taken[4]) is None


def test_the_page_offers_it_and_one_tap_works_the_session_out_again(made: Made, make_film: MakeFilm) -> None:
    session_id, taken = sessions.store(make_film, *made)
    number = next(shot for shot in taken if any(one.what == "ball" for one in stating.sharper(shot)))
    page = AppTest.from_file(str(HOME), default_timeout=60).run()
    page.session_state["shot_choice"] = number
    page.switch_page("pages/5_Shot.py").run()
    assert not page.exception
    assert page.button("sharpen_ball").disabled
    next(box for box in page.selectbox if box.label == "Where did the ball lie?").set_value("metres")
    page.run()
    next(box for box in page.number_input if box.label.startswith("Metres")).set_value(14.0)
    page.run()
    page.button("sharpen_ball").click().run()
    assert not page.exception
    assert phones.stated(session_id).ball == ("metres", 14.0)
    job = phones.refining(session_id)
    assert job is not None
    assert job.active


def test_the_page_says_where_the_ball_of_one_shot_lay(made: Made, make_film: MakeFilm) -> None:
    session_id, taken = sessions.store(make_film, *made)
    goals.restate(session_id, lambda size_m: phones.stated_values(None, None, ("metres", 14.0), size_m))
    run(session_id)
    page = AppTest.from_file(str(HOME), default_timeout=60).run()
    page.session_state["shot_choice"] = taken[0]
    page.switch_page("pages/5_Shot.py").run()
    assert not page.exception
    next(box for box in page.number_input if box.label.startswith("Metres")).set_value(18.0)
    page.run()
    page.button("sharpen_ball_here").click().run()
    assert not page.exception
    known = stating.said_of(taken[0])
    assert known is not None
    assert (known.ball, known.own) == (("metres", 18.0), True)
    assert phones.stated(session_id).ball == ("metres", 14.0)


def test_lines_that_were_clicked_work_the_session_out_again(made: Made, make_film: MakeFilm) -> None:
    session_id, taken = sessions.store(make_film, *made)
    lens_before = [lens_sd(number) for number in taken]
    assert "lines" in {one.what for number in taken for one in stating.sharper(number)}
    size, at = sessions.SIZE_WH, made[0][0].camera
    px, _ = project(at, np.array([[-6.0, 5.5, 0.0], [6.0, 5.5, 0.0], [0.0, 11.0, 0.0]]), size)
    assert stating.mark(session_id, "goal_area", [(float(x), float(y)) for x, y in px[:2]], size) is not None
    run(session_id)
    assert np.median([lens_sd(number) for number in taken]) < 0.7 * np.median(lens_before)
    assert all(one.what != "lines" for number in taken for one in stating.sharper(number))
    with pytest.raises(BadScene):
        stating.mark(session_id, "goal_area", [(1.0, 2.0)], size)
    assert set(scenes.marks(session_id, size)) == {"goal_area"}
    stating.mark(session_id, "goal_area", None, size)
    assert scenes.marks(session_id, size) == {}
