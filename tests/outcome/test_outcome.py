"""Hand-made flights -> goal, no goal or unsure, and the reason in words."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kicky import outcome
from kicky.camera import project
from kicky.domain import Camera, Candidates, Clip, Flight, How, Scene, Shot, Track, Verdict
from kicky.measures.crossing import crossing_x, crossing_z
from kicky.measures.speed import average_speed, speed
from kicky.outcome.aftermath import NOTHING_SEEN, Aftermath, follow
from kicky.outcome.weigh import margins_m, weigh
from tests import flights

FPS, FRAMES, KICK = 30, 90, 30
GOAL_M = (7.32, 2.44)


def shot(flown: Flight | None = None, camera: Camera | None = None, **options: float | tuple[float, float]) -> Shot:
    """-> a shot with a flight to a place on the goal's plane, and nothing seen after it."""
    camera = camera or flights.phone()
    clip = Clip(Path("made_by_hand.mp4"), "0" * 64, camera.size_wh_px, np.arange(FRAMES) / FPS)
    found = flown or flights.flight(camera, clip.time_s, KICK, **options)  # type: ignore[arg-type]
    scene = Scene(flights.corners_px(camera), camera=camera)
    nothing = Track("ball", np.full((FRAMES, 2), np.nan), np.full((FRAMES, 2), np.nan), np.full(FRAMES, np.nan),
                    np.zeros(FRAMES, dtype=bool))  # fmt: skip
    seen = Candidates(found.seen, found.seen_px, np.full(len(found.seen), 12.0), np.full(len(found.seen), 0.8))
    return Shot(clip, nothing, (), scene, kick_frame=KICK, candidates=seen, flight=found)


def test_a_flight_into_the_mouth_is_a_goal() -> None:
    said = outcome.decide(shot(to=(1.5, 1.2)))
    assert said.verdict is Verdict.GOAL
    assert said.how is How.IN_NET
    assert said.p_goal > 0.9
    assert "1.5 m right" in said.why


@pytest.mark.parametrize(
    ("to", "how"), [((0.5, 3.6), How.OVER), ((-5.2, 0.8), How.WIDE_LEFT), ((5.2, 0.8), How.WIDE_RIGHT)]
)
def test_a_flight_past_the_frame_is_none(to: tuple[float, float], how: How) -> None:
    said = outcome.decide(shot(to=to))
    assert said.verdict is Verdict.NO_GOAL
    assert said.how is how
    assert said.p_goal < 0.1


def test_so_near_the_post_that_nobody_can_tell() -> None:
    said = outcome.decide(shot(to=(3.6, 1.0), spread_m=(0.15, 0.1), until_s=KICK / FPS + flights.FLOWN_S))
    assert said.verdict is Verdict.UNSURE
    assert "cm from post or bar, too close to tell" in said.why
    assert 0.2 < said.p_goal < 0.8


def test_a_place_that_is_not_known_is_not_called_a_close_one() -> None:
    said = outcome.decide(shot(to=(2.4, 1.0), spread_m=(2.5, 0.1), until_s=KICK / FPS + flights.FLOWN_S))
    assert said.verdict is Verdict.UNSURE
    assert "too uncertain to tell: anywhere from" in said.why
    assert "too close" not in said.why


@pytest.mark.parametrize(
    ("margins", "why"),
    [
        ([0.1, 0.12, 0.14], "12 cm from post or bar, too close"),
        ([-2.0, 1.0, 1.2, 1.4], "anywhere from 1.5 m outside the frame to 1.4 m inside it."),
        ([0.9, 1.0, 1.1], "passes inside the frame, but"),
        ([-0.9, -1.0, np.nan], "passes outside the frame, but"),
        ([np.nan, np.nan, np.nan], "came as far as the goal"),
    ],
)
def test_why_it_is_left_open(margins: list[float], why: str) -> None:
    assert why in outcome._close(np.array(margins))


def test_a_ball_that_never_comes_to_the_plane_is_short() -> None:
    said = outcome.decide(shot(to=(0.5, 0.2), reaches=0.0))
    assert said.verdict is Verdict.NO_GOAL
    assert said.how is How.SHORT


def test_without_a_flight_the_reason_is_the_flights() -> None:
    said = outcome.decide(replace(shot(), flight=None, flight_why_not="The ball was not seen."))
    assert said.verdict is Verdict.UNSURE
    assert said.why == "The ball was not seen."


def test_without_a_goal_nothing_is_judged() -> None:
    said = outcome.decide(replace(shot(), scene=None))
    assert said.verdict is Verdict.UNSURE
    assert "not marked" in said.why


def thrown(velocity_ms: tuple[float, float, float], camera: Camera | None = None) -> tuple[Shot, float]:
    """-> a shot whose free flight ends some three metres out, from where the ball is seen thrown with that velocity;
    how large a metre is there, px."""
    made = shot(None, camera, to=(0.5, 1.0), until_s=(KICK + 0.8 * 0.5 * FPS) / FPS)
    flown = made.flight
    assert flown is not None
    camera = made.scene.camera if made.scene else None
    assert camera is not None
    at = int(np.searchsorted(flown.time_s, flown.until_s))

    frames = np.flatnonzero((made.clip.time_s > flown.until_s) & (made.clip.time_s < flown.until_s + 0.35))
    since = made.clip.time_s[frames] - flown.until_s
    back = flown.xyz_m[at] + since[:, None] * velocity_ms - 4.905 * since[:, None] ** 2 * [0, 0, 1]
    px, depth = project(camera.parameters, back, camera.size_wh_px)
    old = made.candidates
    assert old is not None
    seen = Candidates(
        np.concatenate([old.frame, frames]), np.concatenate([old.centre_px, px]),
        np.concatenate([old.diameter_px, camera.focal_px * 0.22 / depth]), np.full(len(old.frame) + len(frames), 0.8),
    )  # fmt: skip
    return replace(made, candidates=seen), float(camera.focal_px / depth[0])


def test_a_ball_thrown_back_before_the_line_was_no_goal() -> None:
    """The free flight ends before the line, somebody stands there, and the ball comes back."""
    made, px_per_m = thrown((4.0, 9.0, 1.0))
    flown, camera = made.flight, made.scene.camera if made.scene else None
    assert flown is not None
    assert camera is not None
    at = int(np.searchsorted(flown.time_s, flown.until_s))
    feet = project(camera.parameters, flown.xyz_m[at][None] * [1, 1, 0], camera.size_wh_px)[0][0]
    tall = 1.8 * px_per_m
    box = np.tile([feet[0], feet[1] - tall / 2], (FRAMES, 1))
    keeper = Track("P2", box, np.tile([0.4 * tall, tall], (FRAMES, 1)), np.ones(FRAMES), np.ones(FRAMES, dtype=bool))
    start = project(camera.parameters, flown.xyz_m[:1], camera.size_wh_px)[0][0]
    striker = replace(keeper, label="P1", centre_px=np.tile(start, (FRAMES, 1)))
    said = outcome.decide(replace(made, players=(striker, keeper)))
    assert said.verdict is not Verdict.GOAL
    assert said.p_goal < 0.5


def test_margins_are_metres_inside_the_frame() -> None:
    crossing = np.array([[1.0, 0.0, 1.0], [1.0, 3.56, 0.3], [1.0, 0.0, 3.0]])
    assert np.allclose(margins_m(crossing, (7.32, 2.44)), [1.44, 0.1, -0.56])


def test_speed_and_crossing_come_with_their_intervals() -> None:
    made = shot(to=(1.5, 1.2), spread_m=(0.1, 0.05))
    for measure, true in ((crossing_x(made), 1.5), (crossing_z(made), 1.2)):
        assert measure.value == pytest.approx(true, abs=0.1)
        assert measure.low is not None
        assert measure.high is not None
        assert measure.low < true < measure.high
    assert speed(made).value is not None
    average = average_speed(made)
    assert average.value == pytest.approx(3.6 * 13.05 / flights.FLOWN_S, rel=0.1)


def test_a_speed_is_told_however_wide_its_interval() -> None:
    made = shot(to=(1.5, 1.2))
    flown = made.flight
    assert flown is not None
    doubt = np.random.default_rng(0).uniform(0.5, 1.5, (len(flown.launch_ms), 1))
    vague, sharp = speed(replace(made, flight=replace(flown, launch_ms=flown.launch_ms * doubt))), speed(made)
    edges = [vague.low, sharp.low, sharp.value, sharp.high, vague.high]
    assert None not in edges
    assert edges == sorted(edge for edge in edges if edge is not None)


def test_a_ball_short_of_the_plane_has_no_crossing() -> None:
    assert "does not reach" in crossing_x(shot(to=(0.5, 0.2), reaches=0.0)).why_not


def test_a_verdict_is_no_surer_than_which_ball_it_was() -> None:
    doubtful = replace(shot(to=(1.5, 1.2)), ball_sure=0.4)
    said = outcome.decide(doubtful)
    assert said.verdict is Verdict.UNSURE
    assert said.p_goal == pytest.approx(0.7, abs=0.02)
    assert "show the ball" in said.why


def test_nothing_is_nearly_certain_that_was_not_seen_from_foot_to_goal() -> None:
    assert outcome.decide(shot(to=(1.5, 1.2))).p_goal == pytest.approx(1 - outcome.LEAST_P)
    assert outcome.decide(shot(to=(0.5, 3.6))).p_goal == pytest.approx(outcome.LEAST_P)


@pytest.mark.parametrize("back_ms", [-2.0, 4.0, 9.0])
def test_how_fast_a_ball_is_thrown_back_is_told_with_its_doubt(back_ms: float) -> None:
    """Who looks along the goal line sees it well; who looks at the goal sees it hardly at all."""
    told = []
    for camera in (flights.phone(18.0, 3.0), flights.phone()):
        made, _ = thrown((1.0, back_ms, 1.0), camera)
        assert made.flight is not None
        told.append(follow(made, made.flight).rebound_ms)
    assert None not in told
    (aside, aside_sd), (along, along_sd) = (pair for pair in told if pair is not None)
    assert aside == pytest.approx(back_ms, abs=0.3)
    assert aside_sd < 1.0
    assert along == pytest.approx(back_ms, abs=1.5 * along_sd)
    assert along_sd > 5.0


def test_the_frame_is_the_first_in_which_the_ball_is_over_the_line() -> None:
    made = shot(to=(-2.0, 1.2))
    frame = outcome.decide(made).frame
    assert frame is not None
    over_s = KICK / FPS + 0.01 + flights.FLOWN_S
    assert made.clip.time_s[frame - 1] < over_s <= made.clip.time_s[frame]


@pytest.mark.parametrize(("to", "how"), [((4.0, 3.6), How.OVER), ((5.2, 3.0), How.WIDE_RIGHT)])
def test_a_ball_over_and_beside_is_called_by_the_larger_miss(to: tuple[float, float], how: How) -> None:
    assert outcome.decide(shot(to=to)).how is how


@pytest.mark.parametrize(("more", "words"), [(40, "was lost from sight 5 m before"), (1, "film ends with the ball")])
def test_a_ball_last_seen_far_out_was_lost_or_the_film_ends(more: int, words: str) -> None:
    until_s = KICK / FPS + 0.01 + flights.FLOWN_S * 8 / 13
    made = shot(to=(3.6, 1.0), spread_m=(0.6, 0.1), until_s=until_s)
    stop = int(np.searchsorted(made.clip.time_s, until_s)) + more
    said = outcome.decide(replace(made, clip=replace(made.clip, time_s=made.clip.time_s[:stop], take=(0, stop))))
    assert said.verdict is Verdict.UNSURE
    assert words in said.why


def stopped(y_m: float) -> Shot:
    """-> a shot into the mouth whose free flight ends so far before the goal."""
    return shot(to=(0.5, 1.0), until_s=KICK / FPS + 0.01 + flights.FLOWN_S * (1 - y_m / 13))


def test_a_ball_that_a_net_may_have_stopped_is_behind_the_line() -> None:
    """The same stop five metres before the line is no net's."""
    met = Aftermath(True, (1.5, 1.0), None, True, np.empty(0), 0.0)
    in_net, before = (made.flight for made in (stopped(-1.0), stopped(5.0)))
    assert in_net is not None
    assert before is not None
    assert weigh(in_net, GOAL_M, met).goal > 0.9
    assert weigh(before, GOAL_M, met).goal < 0.3


@pytest.mark.parametrize("y_m", [-1.0, 1.0, 5.0])
def test_a_goal_shot_at_from_its_other_side_is_weighed_alike(y_m: float) -> None:
    met = Aftermath(True, (1.5, 1.0), None, True, np.empty(0), 0.0)
    flown = stopped(y_m).flight
    assert flown is not None
    turned = replace(flown, samples_m=flown.samples_m * [1, -1, 1])
    assert weigh(turned, GOAL_M, met).parts == pytest.approx(weigh(flown, GOAL_M, met).parts)
    assert weigh(flown, GOAL_M, NOTHING_SEEN).goal > 0.9
