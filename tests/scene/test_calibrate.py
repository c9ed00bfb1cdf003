"""Where the phone stood comes out of four corners and a ball; what is no goal is refused in words."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from kicky.camera import draw, project
from kicky.domain import Camera, Floats, Scene, Told
from kicky.scene import lens
from kicky.scene.anchors import ball, places_m
from kicky.scene.calibrate import calibrate, goal_corners_m
from kicky.synthetic.camera import look_at

from .stand import PHONE_PX, Stand, corners_px, film, stand, standing, truth_of

VIEWS = ["frontal", "oblique", "behind"]
DRAWS = 200


def calibrated(seen: Stand) -> Camera:
    camera = calibrate(seen.scene, seen.clip, seen.things).camera
    assert camera is not None
    return camera


def spots_m(camera: Camera, seen: Stand) -> Floats:
    """-> (DRAWS, 3) where the lying ball is, by its size, seen from likely cameras."""
    rng = np.random.default_rng(1)
    cameras = draw(camera, DRAWS, rng)
    away = places_m(cameras, seen.things, camera.size_wh_px)[0][:, 0] - cameras[:, 4:]
    return np.asarray(cameras[:, 4:] + away * (1 + seen.things[0].share * rng.standard_normal((DRAWS, 1))))


@pytest.mark.parametrize("view", VIEWS)
def test_the_truth_lies_in_nine_of_ten_intervals(view: str) -> None:
    """Focal length, height and the ball's place, heights of 0.2 to 2 m not told; 100 phones: 0.9 ± 0.06 is chance."""
    held = []
    for seed in range(100):
        seen = stand(view, seed, log_sd=0.07)
        camera = calibrated(seen)
        cameras, spots = draw(camera, DRAWS, np.random.default_rng(0)), spots_m(camera, seen)
        drawn = np.column_stack([cameras[:, [0, 6]], spots[:, :2]])
        low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
        truth = np.array([*seen.truth[[0, 6]], *seen.ball_m[:2]])
        held.append((low <= truth) & (truth <= high))
    assert (np.mean(held, axis=0) >= 0.83).all(), np.mean(held, axis=0)


@pytest.mark.parametrize("view", VIEWS)
def test_a_lens_is_believed_as_often_as_it_is_right(view: str) -> None:
    """Any lens that phones film with; where one is believed, how likely it is said to be is how often it is right."""
    right, said = [], []
    for seed in range(100):
        seen = stand(view, seed)
        camera = calibrated(seen)
        likely, spots = draw(camera, DRAWS, np.random.default_rng(0)), spots_m(camera, seen)
        guess = math.log(1920 / lens.LONG_SIDE_MM * lens.GUESS_MM)
        _, words = lens.weighed(likely[:, 0], guess, np.abs(spots[:, 1]), np.full(DRAWS, 1 / DRAWS))
        if found := re.match(r"(.*) of a phone \((\d+) % likely\)", words):
            true_mm = float(np.exp(seen.truth[0])) * lens.LONG_SIDE_MM / 1920
            nearest = min(lens.KINDS, key=lambda kind: abs(math.log(true_mm / kind.mm)))
            right.append(nearest.name == found[1])
            said.append(int(found[2]) / 100)
    assert len(right) > 20
    assert abs(np.mean(right) - np.mean(said)) < 0.12


@pytest.mark.parametrize(
    ("view", "height_m", "spot_m"), [("frontal", 0.1, 0.9), ("oblique", 0.2, 1.1), ("behind", 0.1, 1.4)]
)
def test_height_and_spot_are_near_the_truth_when_the_lens_is_known(view: str, height_m: float, spot_m: float) -> None:
    off = []
    for seed in range(100, 130):
        seen = stand(view, seed, log_sd=0.0)
        seen = replace(seen, scene=replace(seen.scene, focal_px=PHONE_PX))
        camera = calibrated(seen)
        spot = places_m(camera.parameters, seen.things, camera.size_wh_px)[0][0]
        off.append([abs(camera.parameters[6] - seen.truth[6]), np.hypot(*(spot - seen.ball_m)[:2])])
        assert camera.focal_from == "you said"
    assert (np.median(off, axis=0) < [height_m, spot_m]).all(), np.median(off, axis=0)


def test_exact_corners_give_the_camera_back() -> None:
    for view in VIEWS:
        seen = stand(view, 7, log_sd=0.0, click_px=0.0)
        depth = seen.phone.depth_m(seen.ball_m)
        things = [ball(seen.phone.project(seen.ball_m), float(seen.phone.focal_px * 0.22 / depth))]
        scene = replace(seen.scene, focal_px=PHONE_PX)
        camera = calibrate(scene, seen.clip, things, sigma_px=0.1).camera
        assert camera is not None
        off = camera.parameters - seen.truth
        off[1] = (off[1] + math.pi) % (2 * math.pi) - math.pi
        assert (np.abs(off) < [2e-3, 2e-3, 2e-3, 2e-3, 0.05, 0.05, 0.02]).all(), off
        assert camera.residual_px < 0.2


def test_the_side_of_the_goal_is_told_by_the_ball() -> None:
    for seed in range(20):
        assert calibrated(stand("behind", seed)).parameters[5] < 0
        assert calibrated(stand("frontal", seed)).parameters[5] > 0


def test_from_behind_the_goal_the_pictures_left_post_is_the_shooters_right() -> None:
    seen = stand("behind", 3)
    camera = calibrated(seen)
    right_post, _ = project(camera.parameters, np.array([[3.66, 0, 0]]), camera.size_wh_px)
    assert np.linalg.norm(right_post[0] - seen.scene.goal_corners_px[3]) < 8  # BL of the picture


def test_without_ball_and_people_the_phone_is_on_the_shooters_side() -> None:
    seen = stand("behind", 3)
    camera = calibrated(replace(seen, things=[]))
    assert camera.parameters[5] > 0
    assert camera.height_from == "corners alone"


def test_people_tell_the_height_where_no_ball_lies() -> None:
    off = []
    for seed in range(20):
        seen = stand("frontal", seed)
        people = [standing(seen.phone, x, 0.5 * seen.ball_m[1]) for x in (-2.0, 1.0)]
        camera = calibrated(replace(seen, things=people))
        assert camera.height_from == "people's height"
        alone = calibrated(replace(seen, things=[]))
        off.append([abs(one.parameters[6] - seen.truth[6]) for one in (camera, alone)])
    with_people, without = np.median(off, axis=0)
    assert with_people < 0.15 < without


def test_the_players_word_on_the_height_is_taken() -> None:
    seen = stand("frontal", 11)
    stated = replace(seen, scene=replace(seen.scene, camera_height_m=float(seen.truth[6])), things=[])
    camera = calibrated(stated)
    assert camera.height_from == "you said"
    assert abs(camera.parameters[6] - seen.truth[6]) < 0.15
    assert camera.covariance[6, 6] < calibrated(replace(seen, things=[])).covariance[6, 6]


def test_a_ball_that_lies_elsewhere_does_not_move_the_camera() -> None:
    """Three people agree, a ball of a third its size does not fit: it is left aside, not averaged in."""
    seen = stand("oblique", 5)
    people = [standing(seen.phone, x, 3.0) for x in (-2.0, 0.0, 2.0)]
    good = calibrated(replace(seen, things=people))
    odd = replace(seen.things[0], size_px=seen.things[0].size_px * 0.75)
    both = calibrated(replace(seen, things=[*people, odd]))
    assert abs(both.parameters[6] - good.parameters[6]) < 0.25


def test_the_files_lens_narrows_the_focal_length() -> None:
    seen = stand("frontal", 2, log_sd=0.0)
    guessed = calibrated(seen)
    told = calibrated(replace(seen, clip=film(lens_mm=26.0)))
    assert (guessed.focal_from, told.focal_from) == (lens.A_GUESS, "the film's own data")
    assert told.covariance[0, 0] < 0.1**2 < guessed.covariance[0, 0]


def test_how_far_off_the_ball_lay_narrows_the_focal_length() -> None:
    gains = []
    for seed in range(20):
        seen = stand("frontal", seed)
        told = Told(float(seen.ball_m[1]), 0.3, "you said")
        near = calibrated(replace(seen, scene=replace(seen.scene, ball_m=told)))
        gains.append([abs(one.parameters[0] - seen.truth[0]) for one in (calibrated(seen), near)])
    untold, told_off = np.median(gains, axis=0)
    assert told_off < untold


def test_a_distance_that_cannot_be_does_not_bend_the_goal() -> None:
    seen = stand("oblique", 3)
    told = replace(seen.scene, ball_m=Told(40.0, 0.5, "you said"))
    placed = calibrate(told, seen.clip, seen.things)
    plain = calibrated(seen)
    assert placed.camera is not None
    assert placed.camera.parameters == pytest.approx(plain.parameters, abs=0.3)
    assert placed.given_up.startswith("You said the ball lay 40 m from the goal line; goal and ball say about ")


def test_the_words_say_when_the_picture_itself_tells_the_lens() -> None:
    phone = look_at(np.array([9.0, 9.0, 1.0]), np.array([0.0, 1.0, 1.2]), 0.0, PHONE_PX * 0.6, (1920, 1080))
    near = calibrate(Scene(corners_px(phone)), film(), []).camera
    assert near is not None
    assert near.focal_from == "how the goal is seen"
    assert abs(near.parameters[0] - math.log(phone.focal_px)) < 0.05


@pytest.mark.parametrize("size", [(1080, 1920), (3840, 2160), (640, 360)])
def test_any_picture_will_do(size: tuple[int, int]) -> None:
    phone = look_at(np.array([4.0, 19.0, 0.9]), np.array([0.0, 2.0, 1.0]), 1.0, 26 / 34.6 * max(size), size)
    spot = np.array([0.5, 10.0, 0.11])
    seen = ball(phone.project(spot), float(phone.focal_px * 0.22 / phone.depth_m(spot)))
    camera = calibrate(Scene(corners_px(phone)), film(size), [seen]).camera
    assert camera is not None
    assert abs(camera.parameters[6] - 0.9) < 0.1
    assert abs(camera.parameters[0] - math.log(phone.focal_px)) < 0.2


def test_plumb_lines_tell_the_roll_and_the_tilt() -> None:
    phone = look_at(np.array([2.0, 20.0, 1.2]), np.array([0.0, 0.0, 4.0]), 2.0, PHONE_PX, (1920, 1080))
    rng = np.random.default_rng(0)
    feet = np.array([[x, -8.0, 0.0] for x in (-7.0, -5.5, -2.0, 1.0, 5.0, 7.0)])
    poles = np.stack([phone.project(feet), phone.project(feet + [0, 0, 6.0])], axis=1)
    scene = Scene(corners_px(phone) + rng.normal(0, 2, (4, 2)))
    plain = calibrate(scene, film(), []).camera
    plumb = calibrate(scene, film(), [], verticals=poles + rng.normal(0, 0.5, poles.shape)).camera
    assert plain is not None
    assert plumb is not None
    assert plumb.covariance[2, 2] < plain.covariance[2, 2]
    assert abs(plumb.parameters[3] - truth_of(phone)[3]) < math.radians(0.4)
    assert abs(plumb.parameters[2] - truth_of(phone)[2]) < math.radians(2)


@pytest.mark.parametrize("view", VIEWS)
def test_the_sessions_camera_is_kept_and_only_nudged(view: str) -> None:
    seen = stand(view, 4)
    session = calibrated(seen)
    moved = replace(seen.scene, goal_corners_px=seen.scene.goal_corners_px + [6.0, -4.0])
    camera = calibrate(moved, seen.clip, [], session).camera
    assert camera is not None
    off = np.abs(camera.parameters - session.parameters) / np.sqrt(np.diag(session.covariance))
    assert (off[[0, 4, 5, 6]] < 0.6).all(), off
    px, _ = project(camera.parameters, goal_corners_m((7.32, 2.44)), (1920, 1080))
    px = px if px[0, 0] < px[1, 0] else px[[1, 0, 3, 2]]
    assert np.abs((px - moved.goal_corners_px).mean(axis=0)).max() < 1.5
    assert (np.diag(camera.covariance) >= np.diag(session.covariance)).all()
    assert (camera.height_from, camera.focal_from) == (session.height_from, session.focal_from)


def test_bad_clicks_widen_the_camera() -> None:
    seen = stand("oblique", 8, click_px=0.5)
    off = np.array([[7.0, -7.0], [-7.0, -7.0], [7.0, 7.0], [-7.0, 7.0]])
    bad = replace(seen, scene=replace(seen.scene, goal_corners_px=seen.scene.goal_corners_px + off))
    good_camera, bad_camera = calibrated(seen), calibrated(bad)
    assert bad_camera.residual_px > good_camera.residual_px
    assert bad_camera.covariance[4, 4] > good_camera.covariance[4, 4]


def refused(scene: Scene, seen: Stand) -> str:
    answer = calibrate(scene, seen.clip, seen.things)
    assert answer.camera is None
    return answer.camera_why_not


def test_crossed_corners_are_refused() -> None:
    seen = stand("frontal", 1)
    crossed = seen.scene.goal_corners_px[[0, 2, 1, 3]]
    assert "crossed" in refused(replace(seen.scene, goal_corners_px=crossed), seen)


def test_a_corner_that_is_hidden_and_guessed_is_refused() -> None:
    seen = stand("frontal", 1)
    corners = seen.scene.goal_corners_px.copy()
    corners[2, 1] -= 0.4 * (corners[2, 1] - corners[1, 1])
    assert "fit no goal of 7.32 × 2.44 m" in refused(replace(seen.scene, goal_corners_px=corners), seen)


def test_a_leaning_goal_is_refused() -> None:
    lean = math.radians(25)
    phone = look_at(np.array([4.0, 18.0, 1.0]), np.array([0.0, 2.0, 1.0]), 0.0, PHONE_PX, (1920, 1080))
    leaning = goal_corners_m((7.32, 2.44))
    leaning[:2, 1:] = -2.44 * math.sin(lean), 2.44 * math.cos(lean)
    spot = np.array([0.0, 9.0, 0.11])
    lying = ball(phone.project(spot), float(PHONE_PX * 0.22 / phone.depth_m(spot)))
    upright = calibrate(Scene(corners_px(phone)), film(), [lying])
    answer = calibrate(Scene(corners_px(phone, corners_m=leaning)), film(), [lying])
    assert upright.camera is not None
    assert answer.camera is None
    assert "leans" in answer.camera_why_not or "upright" in answer.camera_why_not


def test_a_goal_of_the_wrong_size_is_refused() -> None:
    seen = stand("frontal", 2)
    assert "correct its size" in refused(replace(seen.scene, goal_size_m=(3.66, 1.83)), seen)


def test_a_phone_on_a_stand_is_believed() -> None:
    phone = look_at(np.array([5.0, 18.0, 6.0]), np.array([0.0, 2.0, 1.0]), 0.0, PHONE_PX, (1920, 1080))
    camera = calibrate(Scene(corners_px(phone), camera_height_m=6.0), film(), []).camera
    assert camera is not None
    assert abs(camera.parameters[6] - 6.0) < 0.2


def test_a_height_that_cannot_be_is_refused() -> None:
    seen = stand("oblique", 6, log_sd=0.0)
    scene = replace(seen.scene, camera_height_m=9.0, focal_px=PHONE_PX)
    assert "correct the height you gave" in refused(scene, replace(seen, things=[]))
