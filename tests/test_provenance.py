"""What a number rests on: it changes with every pixel that is marked, and with no other; and the page shows it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from kicky import storage
from kicky.body.fit import fitted
from kicky.domain import BODY_JOINTS, Flight, Foot, FootCall, How, Outcome, Report, Shot, Verdict
from kicky.errors import NotFound
from kicky.home import media
from kicky.measures import MEASURES
from kicky.provenance import CORNERS, TRAILS, Provenance
from kicky.provenance import provenance as worked_out
from kicky.registry import load
from kicky.service import clips, provenance, sessions
from kicky.video import open_clip

from .flights import flight, phone, struck
from .kicks import evidence, kick
from .pages.filled import draw, report
from .pages.test_pages import shot_page, texts, whole

SIDE = fitted(evidence(kick(4, "side", "right")))


def told(shot: Shot, name: str, frame: int | None = None) -> Provenance:
    outcome = Outcome(Verdict.GOAL, 0.9, How.IN_NET, "It passed.", frame, "flight")
    measures = tuple(load(MEASURES, each)(shot) for each in MEASURES)
    return worked_out(Report(shot, outcome, FootCall(Foot.RIGHT, 0.1, ""), measures, {}), name)


def flown() -> tuple[Shot, Flight]:
    """-> a kick with its flight and the goal."""
    assert SIDE.kick_frame is not None
    camera = phone(size_wh_px=SIDE.clip.size_wh_px)
    found = flight(camera, SIDE.clip.time_s, SIDE.kick_frame)
    return struck(SIDE, camera, found), found


def moved(shot: Shot, rows: np.ndarray, marks: tuple[int, ...], by_px: float) -> Shot:
    """Shot -> the same with these landmarks of these rows of its pose so far to the right."""
    assert shot.pose is not None
    px = shot.pose.landmarks_px.copy()
    px[np.ix_(rows, np.array(marks))] += [by_px, 0.0]
    return replace(shot, pose=replace(shot.pose, landmarks_px=px))


def test_every_measure_has_a_trail() -> None:
    assert set(TRAILS) == {*MEASURES, "outcome", "kick", "foot"}
    with pytest.raises(KeyError):
        told(SIDE, "shoe_size")


def test_an_angle_changes_with_every_joint_and_frame_that_is_marked() -> None:
    assert SIDE.pose is not None
    frames = {mark.frame for mark in told(SIDE, "trunk_lean").marks}
    assert set(SIDE.pose.frames.tolist()) >= frames
    assert len(frames) > 10
    value = load(MEASURES, "trunk_lean")(SIDE).value
    rows = np.arange(len(SIDE.pose.frames))
    tilted = fitted(moved(SIDE, rows, (11, 12), 20.0))
    assert abs(load(MEASURES, "trunk_lean")(tilted).value - value) > 2


def test_a_bodys_marks_are_the_landmarks_themselves_and_the_ball_is_the_ruler() -> None:
    assert SIDE.pose is not None
    found = told(SIDE, "kicking_knee")
    for mark in found.marks:
        body = SIDE.pose.landmarks_px[np.flatnonzero(SIDE.pose.frames == mark.frame)[0]]
        if mark.what != "ball where it was struck":
            assert np.linalg.norm(body - mark.px, axis=1).min() == pytest.approx(0.0)
    assert {mark.what for mark in found.marks} == {*BODY_JOINTS[:10], "ball where it was struck"}
    assert "ruler" in found.rests


def test_what_was_not_worked_out_says_why_and_marks_nothing() -> None:
    bare = fitted(replace(SIDE, pose=None))
    for name in ("trunk_lean", "foot", "plant_aside", "speed"):
        found = told(bare, name)
        assert found.rests
        assert found.marks == ()
    assert told(fitted(replace(SIDE, kick_frame=None, kick_why_not="No kick.")), "kick").rests == "No kick."


def test_a_flights_marks_are_its_sightings_with_how_far_the_fit_is_from_each() -> None:
    shot, found_flight = flown()
    found = told(shot, "speed")
    balls = [mark for mark in found.marks if mark.what == "ball"]
    assert [mark.frame for mark in balls] == found_flight.seen.tolist()
    np.testing.assert_allclose([mark.px for mark in balls], found_flight.seen_px)
    assert f"{len(balls)} frames" in found.rests
    off = _shifted(found_flight, 7.0)
    worse = [mark.off_px for mark in told(replace(shot, flight=off), "speed").marks if mark.what == "ball"]
    assert np.median(worse) > np.median([mark.off_px for mark in balls]) + 3
    assert {mark.what for mark in found.marks} == {"ball", *CORNERS}


def _shifted(found: Flight, by_px: float) -> Flight:
    return replace(found, seen_px=found.seen_px + [by_px, 0.0])


def test_the_outcome_names_the_frame_in_which_it_was_decided() -> None:
    shot, found = flown()
    frame = int(found.seen[-1])
    assert f"frame {frame}" in told(shot, "outcome", frame).rests
    assert "decided" not in told(shot, "outcome").rests


@pytest.fixture
def shot_id(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """-> a stored shot whose evidence is a kick seen from the side, its film as large and as long."""
    session = sessions.new(dt.date(2026, 11, 21))
    path = draw(own_home / "kick.mp4", 1, size_wh=(1920, 1080), frames=len(SIDE.clip.time_s))
    clip = clips.add(session, path.name, path)
    film = open_clip(media() / storage.clip(clip.id).file)
    number = storage.save(report(film, Verdict.GOAL, How.IN_NET, Foot.RIGHT, 80.0), clip.id, "motion")
    seen = replace(SIDE, clip=replace(SIDE.clip, path=film.path, sha256=film.sha256, time_s=film.time_s))
    kept = storage.report(number)
    monkeypatch.setattr(storage, "report", lambda _: replace(kept, shot=seen))
    return number


def test_a_picture_shows_the_marks_of_its_frame_and_no_frame_without_any(shot_id: int) -> None:
    view = provenance.of_shot(shot_id, "trunk_lean")
    assert view.frame is not None
    data = provenance.still(shot_id, "trunk_lean", view.frame)
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert image.shape == (600, 960, 3)
    assert (np.abs(image.astype(int) - (48, 158, 240)).max(axis=2) < 40).sum() > 200, "the amber marks are drawn"
    with pytest.raises(NotFound, match="frame 0"):
        provenance.still(shot_id, "trunk_lean", 0)


def test_the_page_leads_from_a_number_to_its_frames(shot_id: int) -> None:
    test = shot_page(shot_id, "Details")
    assert not [box for box in test.selectbox if box.key == f"provenance_{shot_id}"]
    test.session_state[f"provenance_open_{shot_id}"] = True
    whole(test.run())
    box = next(box for box in test.selectbox if box.key == f"provenance_{shot_id}")
    box.set_value("kick").run()
    assert "is the last before the ball leaves" in texts(whole(test))
    later = next(button for button in test.button if button.label == "Later")
    before = test.session_state[f"provenance_frame_{shot_id}_kick"]
    later.click().run()
    assert whole(test).session_state[f"provenance_frame_{shot_id}_kick"] == before + 1
