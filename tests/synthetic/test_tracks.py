"""Simulated shots without a picture: the truth fits together, the detections are of it, the traps are there."""

import cv2
import numpy as np
import pytest

from kicky.domain import How, Label, Verdict
from kicky.errors import UnknownPart
from kicky.synthetic.goals import NETS
from kicky.synthetic.physics import BALL_RADIUS_M, Goal, Launch, simulate
from kicky.synthetic.stands import POSITIONS, SIZE_WH_PX, Lens
from kicky.synthetic.strikes import KINDS
from kicky.synthetic.tracks import TrackCase, simulate_session, simulate_track

NET_NAMES = tuple(net.name for net in NETS)


@pytest.fixture(scope="module")
def cases() -> list[TrackCase]:
    """-> one of each kind from each position."""
    return [
        simulate_track(7 * k, position=position, kind=kind)
        for k, (position, kind) in enumerate((p, q) for p in POSITIONS for q in KINDS)
    ]


@pytest.fixture(scope="module")
def drawn() -> list[TrackCase]:
    """-> a lot as it comes."""
    return [simulate_track(seed) for seed in range(200)]


def balls(case: TrackCase, frame: int):
    """-> centres (n, 2) of a frame's candidates, and which lie."""
    found = case.detections[frame]
    mine = found.class_id == Label.BALL
    return (found.xyxy[mine, :2] + found.xyxy[mine, 2:]) / 2, found.data["at_rest"][mine]


def off_ball_px(case: TrackCase, frame: int) -> float:
    """-> from the true ball to the nearest candidate."""
    return float(np.hypot(*(balls(case, frame)[0] - case.ball_px[frame]).T).min(initial=np.inf))


def test_the_same_seed_is_the_same_case_and_another_is_not():
    a, b, c = simulate_track(3), simulate_track(3), simulate_track(4)
    np.testing.assert_array_equal(a.ball_px, b.ball_px)
    np.testing.assert_array_equal(a.scene.goal_corners_px, b.scene.goal_corners_px)
    for one, other in zip(a.detections, b.detections, strict=True):
        np.testing.assert_array_equal(one.xyxy, other.xyxy)
        np.testing.assert_array_equal(one.confidence, other.confidence)
    assert not np.array_equal(a.camera, c.camera)


def test_everything_is_drawn(drawn):
    assert {case.position for case in drawn} == set(POSITIONS)
    assert {case.kind for case in drawn} == set(KINDS)
    assert {case.net for case in drawn} == set(NET_NAMES)
    assert {round(1 / case.clip.frame_s) for case in drawn} == {30, 60}
    assert len({case.scene.goal_size_m for case in drawn}) == 3
    heights = np.array([case.camera[6] for case in drawn])
    assert 0.2 <= heights.min() < 0.4 < 1.8 < heights.max() <= 2.0
    assert 0.3 < np.mean([case.is_goal for case in drawn]) < 0.5


def test_what_is_asked_for_is_what_comes(cases):
    wanted = [(position, kind) for position in POSITIONS for kind in KINDS]
    assert [(case.position, case.kind) for case in cases] == wanted
    for net in NET_NAMES:
        assert simulate_track(1, net=net).net == net


@pytest.mark.parametrize(
    ("wish", "choices"),
    [({"position": "above"}, POSITIONS), ({"kind": "lob"}, KINDS), ({"net": "chain"}, NET_NAMES)],
)
def test_what_does_not_exist_is_refused_with_the_choices(wish, choices):
    with pytest.raises(UnknownPart, match=", ".join(choices)):
        simulate_track(1, **wish)


def test_a_goal_crossed_within_the_mouth_and_within_the_film(drawn):
    for case in (case for case in drawn if case.is_goal):
        assert case.how is How.IN_NET
        assert abs(case.crossing_m[0]) < case.goal.width_m / 2
        assert BALL_RADIUS_M - 1e-6 <= case.crossing_m[1] < case.goal.height_m
        assert case.kick_time_s < case.plane_s < case.clip.time_s[-1]


def test_no_goal_says_how(cases):
    hows = {"short": {How.SHORT}, "away": {How.UNCLEAR}, "block": {How.SAVED}, "post": {How.POST, How.SHORT, How.OVER,
            How.WIDE_LEFT, How.WIDE_RIGHT}, "over": {How.OVER, How.WIDE_LEFT, How.WIDE_RIGHT}}  # fmt: skip
    for case in cases:
        if case.kind in hows and case.verdict is Verdict.NO_GOAL:
            assert case.how in hows[case.kind], (case.kind, case.how)
        if case.kind in ("short", "across", "away", "over", "wide"):
            assert not case.is_goal or case.kind == "short"


def test_the_ball_leaves_at_the_kick_with_the_launch_speed(cases):
    for case in cases:
        time_s, first = case.clip.time_s, case.kick_frame
        assert time_s[first] <= case.kick_time_s < time_s[first + 1]
        if case.kind != "first_time":
            np.testing.assert_allclose(case.ball_xyz_m[: first + 1] - case.ball_xyz_m[0], 0, atol=1e-9)
        way = np.linalg.norm(case.ball_xyz_m[first + 1] - case.ball_xyz_m[first])
        if case.kind != "first_time":
            assert way / (time_s[first + 1] - case.kick_time_s) * 3.6 == pytest.approx(case.speed_kmh, rel=0.06)


def test_a_first_time_ball_rolls_towards_the_shooter_before_it_is_struck(cases):
    rolling = [case for case in cases if case.kind == "first_time"]
    for case in rolling:
        steps = np.diff(case.ball_xyz_m[: case.kick_frame + 1], axis=0) / case.clip.frame_s
        assert (steps[:, 1] > 0).all()
        assert (np.hypot(*steps[:, :2].T) > 1.9).all()
        assert not any(balls(case, frame)[1].any() for frame in range(len(case.detections)))


def test_a_blocked_ball_turns_where_somebody_stands(cases):
    for case in (case for case in cases if case.kind == "block"):
        frame = int(np.searchsorted(case.clip.time_s, case.met_s)) - 1
        assert 0.35 < case.ball_xyz_m[frame, 1] < 3.5
        assert case.ball_xyz_m[:, 1].min() > 0
        assert case.plane_s is None


def test_the_ball_is_seen_where_it_is_and_missed_at_times(drawn):
    flown = [
        off_ball_px(case, frame) < 8
        for case in drawn
        for frame in range(case.kick_frame + 1, case.kick_frame + 12)
        if (case.ball_px[frame] > 0).all() and (case.ball_px[frame] < SIZE_WH_PX).all()
    ]
    assert 0.4 < np.mean(flown) < 0.8
    for case in drawn:
        for frame in range(len(case.detections)):
            centre, lies = balls(case, frame)
            assert (np.hypot(*(centre[lies] - case.ball_px[0]).T) < 2).all()
            assert frame <= case.kick_frame or not lies.any()


def test_there_are_more_candidates_than_balls(drawn):
    count = np.array([(found.class_id == Label.BALL).sum() for case in drawn for found in case.detections])
    assert 2 < count.mean() < 4
    assert count.max() >= 7


def test_the_clicked_corners_are_near_the_true_ones_and_in_the_pictures_order(cases):
    for case in cases:
        corners, behind = case.scene.goal_corners_px, case.camera[5] < 0
        assert corners[0, 0] < corners[1, 0]
        assert corners[0, 1] < corners[3, 1]
        assert behind == (case.position == "behind_goal")
        half, height = case.goal.width_m / 2, case.goal.height_m
        left = np.array([[half if behind else -half, 0.0, height]])
        seen, _ = Lens(case.camera, 0.0, np.zeros(2)).project(left)
        assert np.hypot(*(seen[0] - corners[0])) < 60  # a click, the lens's bend and its shifted middle


def test_the_lens_bends_and_shifts():
    parameters = simulate_track(1).camera
    points = np.array([[-2.0, 0, 1], [2.0, 0, 1]])
    flat, depth = Lens(parameters, 0.0, np.zeros(2)).project(points)
    moved, same = Lens(parameters, 0.0, np.array([3.0, -4.0])).project(points)
    bent, _ = Lens(parameters, 0.02, np.zeros(2)).project(points)
    np.testing.assert_allclose(moved - flat, [[3.0, -4.0]] * 2)
    np.testing.assert_array_equal(depth, same)
    centre = np.array(SIZE_WH_PX) / 2
    assert (np.hypot(*(bent - centre).T) > np.hypot(*(flat - centre).T)).all()


def test_nets_give_and_throw_back_each_in_its_way():
    shot = Launch((0.0, 11.0, BALL_RADIUS_M), (0.5, -24.0, 3.5))
    deep, back = {}, {}
    for net in NETS:
        flight = simulate(shot, Goal(7.32, 2.44, 2.0, net), 3.0)
        assert flight.goal_s is not None
        turn = int(flight.xyz_m[:, 1].argmin())
        deep[net.name], back[net.name] = -flight.xyz_m[turn, 1], flight.velocity_ms[turn:, 1].max()
    assert deep["loose"] > deep["common"] + 0.2 > deep["tight"] + 0.2
    assert 2 < back["tight"] < 5
    assert back["loose"] < back["common"] < back["tight"] - 1


def test_a_ball_over_the_bar_slides_down_the_net_behind_in_sight_of_the_mouth(drawn):
    trapped = []
    for case in (case for case in drawn if case.how is How.OVER and case.goal.backstop_m is not None):
        mouth = case.scene.goal_corners_px.astype(np.float32).reshape(-1, 1, 2)
        late = case.clip.time_s > case.plane_s + 0.3
        inside = [cv2.pointPolygonTest(mouth, (float(x), float(y)), False) > 0 for x, y in case.ball_px[late]]
        if sum(inside) >= 5:
            trapped.append(case)
            assert case.crossing_m[1] > case.goal.height_m
            assert case.ball_xyz_m[late][inside, 1].max() < 0
    assert trapped


def test_a_session_is_one_phone_one_goal_and_several_shots():
    cases = simulate_session(3, 4, position="diagonal")
    assert len(cases) == 4
    first = cases[0]
    for case in cases[1:]:
        np.testing.assert_array_equal(case.camera, first.camera)
        np.testing.assert_array_equal(case.scene.goal_corners_px, first.scene.goal_corners_px)
        assert case.position == "diagonal"
        assert case.goal is first.goal
    assert len({case.clip.sha256 for case in cases}) == 4
    assert len({case.speed_kmh for case in cases}) == 4
    again = simulate_session(3, 4, position="diagonal")
    assert [case.speed_kmh for case in again] == [case.speed_kmh for case in cases]


def test_a_session_nobody_can_film_is_refused():
    with pytest.raises(UnknownPart, match="no position nowhere"):
        simulate_session(3, 4, position="nowhere")
