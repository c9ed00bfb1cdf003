"""Linking on written truth: the ball's path against a static distractor, a swinging boot, gaps and nothing at all."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import supervision as sv

from kicky import tracking
from kicky.detectors.motion import Motion
from kicky.domain import Clip, Floats, Label, Rest, Track
from kicky.tracking import ballpath, link
from kicky.tracking.following import lies_there
from kicky.video import open_clip
from tests.detectors import painted

REAL = Path(__file__).parents[2] / "shared" / "clips"
T, CONTACT, REST = 40, 12, (200.0, 300.0)


def clip(count: int = T, take: tuple[int, int] = (0, 0)) -> Clip:
    return Clip(Path("written.mp4"), "", (640, 360), np.arange(count) / 30, take=take)


def truth(count: int = T) -> tuple[Floats, Floats]:
    """-> (T, 2) a ball that lies, then flies up and away, and its (T,) diameter."""
    after = np.maximum(np.arange(count) - CONTACT, 0)[:, None] / 30
    near = 1 / (1 + 1.2 * after)
    return np.array(REST) + np.hstack([420 * after * near, (-420 * after + 260 * after**2) * near]), 22 * near[:, 0]


Row = tuple[float, float, float, float, bool]  # x, y, diameter, score, at rest


def boot(frame: int) -> list[Row]:
    """A boot that swings through the lying ball's place, more striking than the ball."""
    swing = frame - CONTACT
    return [(205 + 9 * swing, 297 - 1.5 * swing**2, 20, 0.9, False)] if -6 <= swing <= 6 else []


def detections(
    *extras: Callable[[int], list[Row]], count: int = T, unseen: tuple[int, ...] = (), lies: bool = True
) -> list[sv.Detections]:
    """-> candidates of each frame: the ball (score 0.7, 1 where it lies) after whatever else there is."""
    centre, diameter = truth(count)
    found = []
    for frame in range(count):
        rows = [row for extra in extras for row in extra(frame)]
        lying = frame <= CONTACT
        if frame not in unseen and (lies or not lying):
            rows.append((*centre[frame], diameter[frame], 1.0 if lying else 0.7, lying))
        found.append(frame_of(rows))
    return found


def frame_of(rows: list[Row], people: list[tuple[float, float, float, float]] | None = None) -> sv.Detections:
    """Candidates, boxes of people -> Detections."""
    people = people or []
    box = [(x - d / 2, y - d / 2, x + d / 2, y + d / 2) for x, y, d, _, _ in rows] + people
    return sv.Detections(
        xyxy=np.array(box, dtype=np.float64).reshape(-1, 4),
        confidence=np.array([row[3] for row in rows] + [0.8] * len(people), dtype=np.float64),
        class_id=np.array([Label.BALL] * len(rows) + [Label.PLAYER] * len(people), dtype=int),
        data={
            "at_rest": np.array([row[4] for row in rows] + [False] * len(people), dtype=bool),
            "diameter_px": np.array([row[2] for row in rows] + [p[2] - p[0] for p in people], dtype=np.float64),
        },
    )


def spots_of(rows: list[Row]) -> ballpath.Spots:
    """Candidates -> the same as a path goes through them, all wholly seen."""
    centre, diameter = np.array([row[:2] for row in rows]), np.array([row[2] for row in rows])
    score, at_rest = np.array([row[3] for row in rows]), np.array([row[4] for row in rows])
    return ballpath.Spots(centre, diameter, score, at_rest, np.ones(len(rows)), np.full(len(rows), -1))


def fixture(frame: int) -> list[Row]:
    """Something that flickers in one place, more striking than the ball."""
    return [(330.0 + 0.3 * (frame % 2), 215.0, 15.0, 0.95, False)] if frame % 4 else []


def right(found: list[sv.Detections], frames: range, count: int = T) -> float:
    """Detections -> the share of frames in which the linked ball is the true one."""
    centre, _ = truth(count)
    ball = link(clip(count), found).ball
    return float(np.mean([np.hypot(*(ball.centre_px[f] - centre[f])) < 3 for f in frames]))


def test_the_ball_lies_and_then_flies() -> None:
    assert right(detections(), range(T)) == 1.0


def test_a_static_distractor_and_a_boot_lose() -> None:
    assert right(detections(fixture, boot), range(T)) >= 0.95


def test_taking_the_top_candidate_would_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """What linking adds: without it the distractors win."""

    def top(spots: list[ballpath.Spots], _: float, lying: tuple[int, int] | None) -> dict[int, int]:
        after = range(lying[0] + 1 if lying else 0, len(spots))
        return {f: int(spots[f].score.argmax()) for f in after if len(spots[f].score)}

    monkeypatch.setattr(tracking, "best_path", top)
    monkeypatch.setattr(tracking, "faded", lambda spots, *_: spots)
    assert right(detections(fixture, boot), range(T)) < 0.8


def test_no_rest_is_needed() -> None:
    assert right(detections(fixture, lies=False), range(CONTACT + 1, T)) >= 0.95


def test_a_second_ball_that_lies_is_not_the_ball() -> None:
    """A thing that lies still from some time on, as sure as may be in every frame, is no flight."""
    later = [(450.0, 330.0, 26.0, 0.9, True)]
    found = detections(lambda frame: later if frame > 8 else [])
    assert right(found, range(T)) == 1.0


def test_short_gaps_are_filled_and_long_ones_are_not() -> None:
    centre, _ = truth()
    ball = link(clip(), detections(unseen=(18, 19, 25, 26, 27))).ball
    assert np.abs(ball.centre_px[[18, 19]] - centre[[18, 19]]).max() < 3
    assert not ball.measured[[18, 19]].any()
    assert ball.measured[[17, 20, 24, 28]].all()
    assert np.isnan(ball.centre_px[[25, 26, 27]]).all()


def test_a_leg_hides_the_lying_ball() -> None:
    """It lies there meanwhile, though nobody measured it."""
    ball = link(clip(), detections(unseen=(5, 6, 7, 8))).ball
    assert ball.centre_px[6] == pytest.approx(REST)
    assert not ball.measured[6]


def test_what_looks_like_it_in_its_place_long_after_is_a_leg() -> None:
    found = detections(unseen=tuple(range(CONTACT + 1, T)))
    found[CONTACT + 12] = frame_of([(*REST, 24.0, 1.0, True)])
    assert link(clip(), found).rests[0].frames[-1] == CONTACT


def test_one_that_a_leg_hid_for_long_lies_there_still() -> None:
    found = detections(unseen=tuple(range(2, 9)))
    assert link(clip(), found).rests[0].frames[-1] == CONTACT


def test_a_leg_hides_the_kick() -> None:
    """Its flight, taken backwards, says how long it lay behind the leg."""
    ball = link(clip(), detections(unseen=(9, 10, 11, 12))).ball
    lay = np.flatnonzero(np.hypot(*(ball.centre_px - REST).T) < 1)
    assert lay[-1] == pytest.approx(CONTACT, abs=1)


def test_a_short_flight_out_of_the_picture() -> None:
    """Two sightings from where it lay are a flight; what comes after is not made up."""
    found = detections(fixture, count=T)
    found[CONTACT + 3 :] = [frame_of(fixture(frame)) for frame in range(CONTACT + 3, T)]
    ball = link(clip(), found).ball
    assert ball.measured[CONTACT + 1 : CONTACT + 3].all()
    assert np.isnan(ball.centre_px[CONTACT + 4 :]).all()


def test_a_walkers_sleeve_is_no_flight() -> None:
    """The ball is never seen again: nowhere is the honest answer."""
    found = [
        frame_of([(*REST, 22.0, 1.0, True)] if f <= CONTACT else [(400 + 2.0 * f, 200.0, 9.0, 0.8, False)])
        for f in range(T)
    ]
    ball = link(clip(), found).ball
    assert np.isnan(ball.centre_px[CONTACT + 1 :]).all()


@pytest.mark.parametrize(("pace", "flies"), [(0.25, False), (0.8, True)])
def test_another_ball_flies_only_at_a_balls_pace(pace: float, flies: bool) -> None:
    """From far off where one lies, some 30 diameters long: at a walker's pace that is no flight."""
    count = round(30 / pace)
    film = [[(*REST, 22.0, 1.0, True)] for _ in range(5)]
    film += [[(300.0 + 10.0 * pace * f, 60.0, 10.0, 0.9, False)] for f in range(count)]
    spots = [spots_of(rows) for rows in film]
    path = ballpath.best_path(spots, 1 / 30, (4, 0))
    assert (len(path) > 0.9 * count) is flies


def rebound(seen_after: int) -> list[ballpath.Spots]:
    """-> a ball that flies to the right for ten frames, then to the left and up, seen so many times after."""
    there = [(100.0 + 12.0 * f, 200.0) for f in range(10)]
    there += [(208.0 - 8.0 * f, 200.0 - 6.0 * f) for f in range(1, seen_after + 1)]
    return [spots_of([(*place, 12.0, 0.8, False)]) for place in there]


@pytest.mark.parametrize(("seen_after", "followed"), [(5, True), (2, False)])
def test_a_ball_off_the_post_is_followed_once_a_few_sightings_bear_it_out(seen_after: int, followed: bool) -> None:
    path = ballpath.best_path(rebound(seen_after), 1 / 30, None)
    assert max(path) == 9 + (seen_after if followed else 0)


def test_a_flight_outweighs_the_longer_way_of_whoever_walks_by() -> None:
    """At the ball when it is struck, then on along the picture: there is three times as much of the walker."""
    fast, long = 10, 30
    film = [[(*REST, 22.0, 1.0, True)] for _ in range(5)]
    for f in range(1, long):
        walker = (REST[0] + 6.0 * f, REST[1] + 10.0, 20.0, 0.3, False)
        flying = (REST[0] + 30.0 * f, REST[1] - 20.0 * f, 20.0, 0.9, False)
        film.append([walker, flying] if f <= fast else [walker])
    path = ballpath.best_path([spots_of(rows) for rows in film], 1 / 30, (4, 0))
    assert path == {4 + f: 1 for f in range(1, fast + 1)}


@pytest.mark.parametrize("empty", [sv.Detections.empty(), frame_of([])], ids=["bare", "with data"])
def test_nothing_seen(empty: sv.Detections) -> None:
    sighting = link(clip(), [empty] * T)
    assert np.isnan(sighting.ball.centre_px).all()
    assert np.isnan(sighting.ball.score).all()
    assert not sighting.ball.measured.any()
    assert sighting.players == ()
    assert len(sighting.candidates.frame) == 0
    assert sighting.rests == ()


def test_a_ball_that_is_never_struck() -> None:
    found = [frame_of([(*REST, 22.0, 1.0, True)])] * T
    ball = link(clip(), found).ball
    assert ball.measured.all()
    assert ball.centre_px == pytest.approx(np.tile(REST, (T, 1)))


def test_tracks_span_the_whole_film() -> None:
    film = clip(T + 11, take=(5, 5 + T))
    person = (100.0, 100.0, 160.0, 300.0)
    found = [sv.Detections.merge([one, frame_of([], [person])]) for one in detections()]
    sighting = link(film, found)
    for track in (sighting.ball, *sighting.players):
        assert track.centre_px.shape == (T + 11, 2)
        assert np.isnan(track.centre_px[:5]).all()
        assert np.isnan(track.centre_px[5 + T :]).all()
        assert not track.measured[:5].any()
        assert not track.measured[5 + T :].any()
    assert sighting.ball.centre_px[5] == pytest.approx(REST)


def test_what_rolls_up_and_stays_is_followed_until_it_lies() -> None:
    """It was not struck where it came to lie: the way to there is its flight."""
    stops = 24
    came = [(REST[0] + 9.0 * max(stops - f, 0), REST[1] - 4.0 * max(stops - f, 0)) for f in range(T)]
    found = [frame_of([(*came[f], 22.0, 0.9, f >= stops)]) for f in range(T)]
    ball = link(clip(), found).ball
    assert ball.measured[2:stops].all()
    assert ball.centre_px[2:stops] == pytest.approx(np.array(came[2:stops]))


def someone(x: float, y: float, wide: float, tall: float, count: int = T) -> Track:
    """-> somebody who is in one place all the time."""
    centre, size = np.tile([x, y], (count, 1)), np.tile([wide, tall], (count, 1))
    return Track("P1", centre, size, np.ones(count), np.ones(count, dtype=bool))


@pytest.mark.parametrize(
    ("somebody", "lies"),
    [
        (someone(*REST, 30.0, 26.0), True),
        (someone(*REST, 60.0, 180.0), False),
        (someone(REST[0] + 90, REST[1], 30.0, 26.0), False),
    ],
    ids=["the ball itself", "who stands over it", "another small thing"],
)
def test_nobody_is_made_of_the_ball_that_lies(somebody: Track, lies: bool) -> None:
    assert lies_there(somebody, Rest(np.array(REST), 22.0, np.arange(T), np.ones(T), None)) is lies


def trousers(frame: int) -> list[Row]:
    """A patch of the walker's clothes, more striking than the ball."""
    return [(190.0 + 3 * frame, 210.0, 20.0, 0.95, False)]


def test_what_goes_along_with_a_body_is_no_flight() -> None:
    """The ball is seen in every third frame of its flight only, the patch in all."""
    unseen = tuple(frame for frame in range(CONTACT + 1, T) if frame % 3)
    with_people = [
        sv.Detections.merge([ball, frame_of([], [(150.0 + 3 * frame, 150.0, 210.0 + 3 * frame, 330.0)])])
        for frame, ball in enumerate(detections(trousers, unseen=unseen))
    ]
    assert right(with_people, range(CONTACT + 3, T - 1)) >= 0.95


def test_half_a_ball_seen_is_a_ball_that_rolls_off() -> None:
    """Where it lay it is still seen in part for two frames: its flight, traced back, began before them."""
    found = detections(unseen=(CONTACT + 1, CONTACT + 2))
    for frame, here in enumerate(found):
        here.data["shown"] = np.ones(len(here))
        if CONTACT < frame <= CONTACT + 2:
            found[frame] = frame_of([(*REST, 22.0, 1.0, True)])
            found[frame].data["shown"] = np.array([0.35])
    ball = link(clip(), found).ball
    assert ball.centre_px[CONTACT] == pytest.approx(REST)
    assert np.isnan(ball.centre_px[CONTACT + 1 : CONTACT + 3]).all()


def test_half_a_ball_seen_is_a_ball_behind_a_leg() -> None:
    """The same look, but the flight, traced back, begins after it."""
    found = detections()
    for frame, here in enumerate(found):
        here.data["shown"] = np.where(here.data["at_rest"] & (frame > CONTACT - 4), 0.35, 1.0)
    assert link(clip(), found).ball.centre_px[CONTACT] == pytest.approx(REST)
    assert np.hypot(*(link(clip(), found).ball.centre_px[CONTACT + 1] - REST)) > 5


def test_two_balls_in_flight_give_one_track() -> None:
    found = detections(lambda f: [(450.0 - 7 * max(f - 15, 0), 330 - 9.0 * max(f - 15, 0), 20.0, 0.8, f <= 15)])
    ball = link(clip(), found).ball
    assert np.isfinite(ball.centre_px[: CONTACT + 1]).all()


def test_candidates_are_all_there_is_best_first() -> None:
    found = detections(fixture, boot, count=10)
    found[3] = frame_of([])
    found[4] = frame_of([(float(k), 5.0, 8.0, k / 100, False) for k in range(60)], people(4))
    shot = clip(20, take=(5, 15))
    all_ = link(shot, found).candidates
    assert (np.diff(all_.frame) >= 0).all()
    assert all_.frame.min() == 5
    assert not (all_.frame == 8).any()
    many = all_.frame == 9
    assert many.sum() == tracking.MOST
    assert all_.score[many] == pytest.approx(np.arange(59, 59 - tracking.MOST, -1) / 100)
    assert (all_.diameter_px[many] == 8).all()


def test_nothing_seen_gives_no_candidates() -> None:
    all_ = link(clip(), [frame_of([])] * T).candidates
    assert all_.centre_px.shape == (0, 2)


def test_a_frame_missing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="expected 40 Detections"):
        link(clip(), detections()[:-1])


def people(frame: int) -> list[tuple[float, float, float, float]]:
    """A shooter always there, one who comes late, one blink, and the two cross."""
    boxes = [(150.0 + 3 * frame, 150.0, 210.0 + 3 * frame, 330.0)]
    if frame >= 15:
        boxes.append((400.0 - 4 * frame, 140.0, 450.0 - 4 * frame, 320.0))
    if frame == 20:
        boxes.append((600.0, 10.0, 630.0, 90.0))
    return boxes[::-1] if frame % 2 else boxes


def test_players_are_followed_and_named_by_their_time_in_the_picture() -> None:
    found = [frame_of([], people(frame)) for frame in range(T)]
    players = link(clip(), found).players
    assert [player.label for player in players] == ["P1", "P2"]
    first, second = players
    assert first.measured.all()
    assert first.box_px(30) == pytest.approx([240, 150, 300, 330], abs=4)
    assert np.isnan(second.centre_px[:15]).all()
    assert second.box_px(20) == pytest.approx([320, 140, 370, 320], abs=4)


def test_a_player_hidden_for_a_moment_is_the_same_one() -> None:
    found = [frame_of([], people(frame)[:1] if frame < 14 and frame not in (7, 8, 9) else []) for frame in range(T)]
    (player,) = link(clip(), found).players
    assert np.isfinite(player.centre_px[:14]).all()
    assert not player.measured[[7, 8, 9]].any()
    assert np.isnan(player.centre_px[14:]).all()


def test_from_film_to_ball(tmp_path: Path) -> None:
    """Detector and linking together, with a second ball, a lamp and a walker in the picture."""
    film = painted.film(tmp_path / "kick.mp4", painted.second_ball, painted.lamp, painted.walker)
    sighting = link(film.clip, Motion()(film.clip))
    apart = np.hypot(*(sighting.ball.centre_px - film.ball_px).T)
    assert (apart < np.maximum(3, film.diameter_px / 2)).mean() >= 0.9
    assert sighting.players
    assert sighting.players[0].measured.mean() > 0.7


@pytest.mark.real
@pytest.mark.skipif(not REAL.exists(), reason=f"the real clips are not in {REAL}")
@pytest.mark.parametrize("name", ["day_04", "night_13"])
def test_the_ball_of_a_real_kick(name: str) -> None:
    with (REAL / "labels.csv").open(encoding="utf-8") as file:
        end = next(row["end_frame"] for row in csv.DictReader(file) if row["clip"] == name)
    with (REAL / "ball_points.csv").open(encoding="utf-8") as file:
        points = [row for row in csv.DictReader(file) if row["clip"] == name and row["x_px"] != "NaN"]
    film = open_clip(REAL / f"{name}.mp4")
    film = replace(film, take=(0, int(end or len(film.time_s))))
    ball = link(film, Motion()(film)).ball
    near = [
        np.hypot(*(ball.centre_px[int(p["frame"])] - (float(p["x_px"]), float(p["y_px"]))))
        < max(4, float(p["diameter_px"]) / 2)
        for p in points
    ]
    assert np.mean(near) >= 0.8
