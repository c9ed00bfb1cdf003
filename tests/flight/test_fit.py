"""Candidates of known shots -> the flight, against its truth; and every reason for which there is none."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.simulated import assemble
from kicky import flight, kick, roles
from kicky.domain import Candidates, Shot
from kicky.flight import dynamics, refine
from kicky.flight.search import NUISANCE
from kicky.scene.calibrate import anchors, calibrate
from kicky.synthetic.tracks import TrackCase, simulate_track

SEEDS = {
    ("diagonal", "air"): 17,
    ("side_on", "over"): 16,
    ("behind_shooter", "ground"): 27,
    ("behind_goal", "bounce"): 36,
}


@cache
def known(position: str, kind: str) -> tuple[TrackCase, Shot]:
    case = simulate_track(SEEDS[position, kind], position=position, kind=kind)
    shot = assemble(case)
    return case, replace(shot, scene=calibrate(case.scene, case.clip, anchors(shot)))


@cache
def fitted(position: str, kind: str) -> Shot:
    return flight.fit(known(position, kind)[1])


@pytest.mark.parametrize(("position", "kind"), SEEDS)
def test_the_flight_is_the_true_one(position: str, kind: str) -> None:
    case, _ = known(position, kind)
    found = fitted(position, kind).flight
    assert found is not None
    speeds = 3.6 * np.linalg.norm(found.launch_ms, axis=1)
    low, high = np.percentile(speeds, [2, 98])
    assert low - 3 < case.speed_kmh < high + 3
    assert abs(found.kick_time_s - case.kick_time_s) < 1.5 * case.clip.frame_s
    off = np.linalg.norm(found.seen_px - case.ball_px[found.seen], axis=1)
    assert np.mean(off < 10) > 0.8


def test_where_it_crosses_is_within_what_is_said() -> None:
    case, _ = known("diagonal", "air")
    found = fitted("diagonal", "air").flight
    assert found is not None
    assert case.crossing_m is not None
    for column, true in zip((1, 2), case.crossing_m, strict=True):
        low, high = np.nanpercentile(found.crossing[:, column], [1, 99])
        assert low < true < high


def test_the_shot_gets_its_kick_from_the_flight_and_with_it_its_shooter() -> None:
    shot = roles.assigned(fitted("diagonal", "air"))
    assert shot.kick_frame is not None
    assert shot.kick_why_not == ""
    assert shot.shooter in {player.label for player in shot.players}


@pytest.mark.parametrize(("position", "kind"), [("diagonal", "air"), ("behind_goal", "bounce")])
@pytest.mark.parametrize("off", [0, -3, 3])
def test_a_kick_set_by_hand_stays_and_holds_the_flight(position: str, kind: str, off: int) -> None:
    """Right or wrong, a person's frame is kept, and the fit begins in it."""
    case, shot = known(position, kind)
    frame = int(np.searchsorted(case.clip.time_s, case.kick_time_s, side="right")) - 1 + off
    told = flight.fit(kick.by_hand(shot, frame))
    assert (told.kick_frame, told.kick_source) == (frame, kick.HAND)
    assert told.flight is not None
    late = (told.flight.kick_time_s - case.clip.time_s[frame]) / case.clip.frame_s
    assert -0.3 < late < 1.3


def test_the_true_frame_set_by_hand_gives_the_true_flight() -> None:
    case, shot = known("side_on", "over")
    frame = int(np.searchsorted(case.clip.time_s, case.kick_time_s, side="right")) - 1
    found = flight.fit(kick.by_hand(shot, frame)).flight
    assert found is not None
    assert abs(3.6 * np.linalg.norm(found.launch_ms[0]) - case.speed_kmh) < 8


def test_a_frame_set_by_hand_stays_where_no_flight_is_found() -> None:
    told = kick.by_hand(known("diagonal", "air")[1], 20)
    nothing = Candidates(np.empty(0, int), np.empty((0, 2)), np.empty(0), np.empty(0))
    lost = flight.fit(replace(told, candidates=nothing))
    assert lost.flight is None
    assert (lost.kick_frame, lost.kick_source) == (20, kick.HAND)


def test_rows_samples_and_cameras_fit_together() -> None:
    found = fitted("side_on", "over").flight
    assert found is not None
    assert found.samples_m.shape == (len(found.cameras), len(found.time_s), 3)
    assert np.isfinite(found.xyz_m).all()
    assert (found.sigma_m >= 0).all()
    assert found.kick_time_s < found.until_s


def test_the_same_shot_gives_the_same_flight() -> None:
    again = flight.fit(known("diagonal", "air")[1]).flight
    first = fitted("diagonal", "air").flight
    assert again is not None
    assert first is not None
    assert np.array_equal(again.samples_m, first.samples_m)


def test_two_balls_in_flight_give_one_of_them() -> None:
    case, shot = known("diagonal", "air")
    other = simulate_track(SEEDS["side_on", "over"], position="diagonal", kind="over")
    both, second = shot.candidates, assemble(other).candidates
    assert both is not None
    assert second is not None
    order = np.argsort(np.concatenate([both.frame, second.frame]), kind="stable")
    joined = Candidates(
        *(np.concatenate([getattr(both, name), getattr(second, name)])[order] for name in Candidates.__slots__)
    )
    found = flight.fit(replace(shot, candidates=joined)).flight
    assert found is not None
    off = np.linalg.norm(found.seen_px - case.ball_px[found.seen], axis=1)
    assert np.mean(off < 10) > 0.7


@pytest.mark.parametrize("anywhere", [True, False])
def test_other_places_are_looked_at_only_where_they_may_be(anywhere: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shot judged anew keeps the ball and the kick that were chosen."""
    asked: list[str] = []
    monkeypatch.setattr(flight, "elsewhere", lambda *_: asked.append("elsewhere") or iter(()))
    monkeypatch.setattr(flight, "feet", lambda *_: asked.append("feet") or iter(()))
    nowhere = replace(known("diagonal", "air")[1], kick_frame=None, kick_source="")
    flight.fit(nowhere, anywhere=anywhere)
    assert asked == (["elsewhere", "feet"] if anywhere else [])


def test_without_a_goal_the_reason_is_said() -> None:
    shot = flight.fit(replace(known("diagonal", "air")[1], scene=None))
    assert shot.flight is None
    assert "not marked" in shot.flight_why_not


def test_a_goal_without_a_camera_gives_its_own_reason() -> None:
    shot = known("diagonal", "air")[1]
    assert shot.scene is not None
    leaning = replace(shot, scene=replace(shot.scene, camera=None, camera_why_not="The goal leans."))
    assert flight.fit(leaning).flight_why_not == "The goal leans."


def test_no_candidates_give_no_flight() -> None:
    nothing = Candidates(np.empty(0, int), np.empty((0, 2)), np.empty(0), np.empty(0))
    shot = flight.fit(replace(known("diagonal", "air")[1], candidates=nothing))
    assert shot.flight is None
    assert "not seen" in shot.flight_why_not


def test_clutter_that_flies_nowhere_is_no_flight() -> None:
    shot = known("diagonal", "air")[1]
    rng = np.random.default_rng(3)
    frame = np.repeat(np.arange(len(shot.clip.time_s)), 2)
    strewn = Candidates(
        frame, rng.uniform(0, 1000, (len(frame), 2)), rng.uniform(4, 30, len(frame)), np.full(len(frame), 0.3)
    )
    found = flight.fit(replace(shot, candidates=strewn, kick_frame=None, players=()))
    assert found.flight is None
    assert "No flight" in found.flight_why_not


def test_a_film_that_ends_at_the_kick_says_so() -> None:
    _, shot = known("diagonal", "air")
    assert shot.kick_frame is not None
    clip = replace(shot.clip, take=(0, shot.kick_frame + 4))
    short = flight.fit(replace(shot, clip=clip))
    assert short.flight is None
    assert "after the kick" in short.flight_why_not


@cache
def attempted() -> flight.Attempt:
    best = flight.attempt(known("diagonal", "air")[1])
    assert isinstance(best, flight.Attempt)
    return best


@pytest.mark.parametrize("name", ["BOUNCE", "KEEP", "SLIDE"])
def test_what_no_frame_tells_goes_back_to_what_is_believed(name: str) -> None:
    """A flight that never comes down in the film tells nothing of the ground."""
    best, at = attempted(), getattr(dynamics, name)
    theta = best.modes.theta[:1].copy()
    off = refine.SPREAD[at - dynamics.SPIN]
    theta[0, at] = NUISANCE[at - dynamics.SPIN] + off
    found = refine.fit(best.evidence, best.start, theta)
    assert found is not None
    assert found.theta[0, at] == pytest.approx(NUISANCE[at - dynamics.SPIN], abs=0.1 * off)


@pytest.mark.parametrize("share", [0.6, 1.6])
def test_a_flight_of_a_ball_of_the_wrong_size_explains_less(share: float) -> None:
    """Too small speaks against it as too large does."""
    best = attempted()
    unlike = replace(best.evidence, diameter_px=share * best.evidence.diameter_px)
    costs = []
    for evidence in (best.evidence, unlike):
        found = refine.fit(evidence, best.start, best.modes.theta[:1])
        costs.append(np.inf if found is None else float(found.cost[0]))
    assert costs[1] > costs[0] + 5
