"""The body in metres: near the true one from every side, of one piece, and never made up."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from kicky import camera
from kicky.body.evidence import gathered, placed
from kicky.body.fit import fitted
from kicky.body.limbs import ARMS, HIPS
from kicky.body.skeleton import ANKLES, BONES, KNEES
from kicky.domain import Body, Floats, Shot
from kicky.measures.angles import curves
from kicky.measures.reading import ANGLES, DISTANCES, Swung, swung
from kicky.synthetic import VIEWS, SyntheticShot
from kicky.synthetic.player import JOINT

from ..kicks import evidence, flown, kick, mirrored, noisy

SIDES = {"left": "right", "right": "left"}
PARTS = ("shoulder", "hip", "knee", "ankle", "toe")
SEEN_SHARE = 0.008  # of the body's height: about what a landmarker errs


@cache
def pair(seed: int, view: str, foot: str) -> tuple[SyntheticShot, Body]:
    """-> a kick, and the body worked out from landmarks as noisy as a landmarker's and a flight."""
    true = kick(seed, view, foot)
    shot = fitted(replace(evidence(true, noisy(SEEN_SHARE, seed)), flight=flown(true, 0.02)))
    assert shot.body is not None, shot.body_why_not
    return true, shot.body


def truth(true: SyntheticShot) -> dict[str, float]:
    """-> each number at contact as it is."""
    joints, ahead = true.shooter.joints(np.zeros(1))[0], true.shooter.ahead
    other = "left" if true.foot == "right" else "right"
    places = joints[[JOINT[f"{side}_{part}"] for part in PARTS for side in (true.foot, other)]]
    out = np.array([-ahead[1], ahead[0], 0.0]) * (1 if true.foot == "right" else -1)
    whole = Swung(places[None, None], ahead[None, None], out[None, None], true.flight.xyz_m[0])
    return {name: float(read(whole)[0, 0]) for name, read in {**ANGLES, **DISTANCES}.items()}


# What each view can see, and how far off the middle of six kicks may be, in degrees and metres.
SEES = {
    "side": {"kicking_knee": 9, "support_knee": 12, "trunk_lean": 7, "hip_drive": 12, "plant_behind": 0.08},
    "behind": {"trunk_side": 6, "swing_plane": 6, "pelvis_tilt": 6, "plant_aside": 0.06, "hip_abduction": 9},
    "behind_goal": {"trunk_side": 6, "swing_plane": 6, "pelvis_tilt": 6, "plant_aside": 0.06},
    "diagonal": {"trunk_lean": 8, "trunk_side": 8, "swing_plane": 14},
}


@pytest.mark.parametrize("view", VIEWS)
def test_what_a_view_shows_is_near_the_true_one_and_inside_its_interval(view: str) -> None:
    off: dict[str, list[float]] = {name: [] for name in SEES[view]}
    held = []
    for seed in range(3):
        for foot in ("left", "right"):
            true, body = pair(seed, view, foot)
            right, read = truth(true), swung(body)
            for name in SEES[view]:
                values = {**ANGLES, **DISTANCES}[name](read)[:, body.contact]
                off[name].append(abs(float(np.median(values)) - right[name]))
                held.append(off[name][-1] < 2.5 * float(np.hypot(values.std(), 3.0 if name in ANGLES else 0.02)))
    for name, most in SEES[view].items():
        assert np.median(off[name]) < most, f"{name}: {np.round(off[name], 2)}"
    assert np.mean(held) > 0.85


@pytest.mark.parametrize("view", VIEWS)
def test_it_is_a_body_of_one_piece_with_knees_that_bend_one_way(view: str) -> None:
    _, body = pair(0, view, "right")
    joints = body.joints_m[:, :10]
    for one, other, _ in BONES:
        lengths = np.linalg.norm(joints[:, other] - joints[:, one], axis=1)
        assert lengths.std() < 0.03, (one, other)
    right = joints[:, HIPS[0]] - joints[:, HIPS[1]]
    for k in (0, 1):
        thigh, shank = joints[:, KNEES[k]] - joints[:, HIPS[k]], joints[:, ANKLES[k]] - joints[:, KNEES[k]]
        forward = (right * np.cross(thigh, shank)).sum(axis=1)
        assert (forward / np.linalg.norm(right, axis=1) > -0.04).all()


def test_the_standing_foot_stays_on_the_ground_and_the_kicking_one_is_at_the_ball() -> None:
    _, body = pair(1, "behind", "left")
    near = np.abs(body.since_s) < 0.07
    ankle = body.joints_m[near, ANKLES[1]]
    assert np.linalg.norm(np.ptp(ankle, axis=0)) < 0.08
    assert np.abs(ankle[:, 2] - 0.08).max() < 0.05
    assert np.linalg.norm(body.joints_m[body.contact, ANKLES[0]] - body.ball_m) < 0.4
    assert body.joints_m[..., 2].min() > -0.05


def test_a_wider_doubt_where_less_is_seen() -> None:
    _, behind = pair(2, "behind", "right")
    _, side = pair(2, "side", "right")
    for name, wider in (("trunk_lean", behind), ("trunk_side", side)):
        wide = {id(body): np.ptp(curves(body)[name][1:], axis=0)[body.contact] for body in (behind, side)}
        assert wide[id(wider)] == max(wide.values()), name


def test_without_a_goal_or_a_flight_the_balls_size_and_the_ground_give_the_scale() -> None:
    true = kick(0, "side", "right")
    shot = evidence(true)
    assert shot.scene is None
    camera, ball = placed(shot)
    metres = np.linalg.norm(ball - camera[4:])
    assert 0.5 < metres / np.linalg.norm(true.camera.position_m - true.flight.xyz_m[0]) < 2
    body = fitted(shot).body
    assert body is not None
    high = body.joints_m[body.contact, :2, 2].mean()
    assert 1.1 < high < 1.7, "shoulders are as high as a grown-up's"


def test_a_child_beside_the_ball_is_measured_as_a_child() -> None:
    """A ball drawn larger beside the same body: so the body is smaller, and every angle is the same."""
    shot = evidence(kick(1, "side", "right"))
    child = replace(shot, ball=replace(shot.ball, size_px=shot.ball.size_px * 1.4))
    grown, small = fitted(shot).body, fitted(child).body
    assert grown is not None
    assert small is not None
    tall = [float(body.joints_m[body.contact, :2, 2].mean()) for body in (grown, small)]
    assert tall[1] / tall[0] == pytest.approx(1 / 1.4, abs=0.08)
    knee = [float(curves(body)["kicking_knee"][0][body.contact]) for body in (grown, small)]
    assert knee[0] == pytest.approx(knee[1], abs=12)


def unseen_ball(shot: Shot) -> Shot:
    gone = shot.ball.centre_px.copy()
    gone[(shot.kick_frame or 0) + 1 :] = np.nan
    return replace(shot, ball=replace(shot.ball, centre_px=gone))


def test_a_ball_that_is_not_seen_to_leave_leaves_the_way_to_the_body() -> None:
    shot = unseen_ball(evidence(kick(2, "side", "right")))
    told = gathered(shot)
    assert not isinstance(told, str)
    assert told.way.turn_rad is None
    body = fitted(shot).body
    assert body is not None
    ahead = kick(2, "side", "right").shooter.ahead
    assert body.p_left < 0.5
    # The camera without a goal looks along -y, so only the turn against the line of sight can be compared.
    sight = body.ball_m - body.camera[4:]
    turn = np.arctan2(sight[0] * np.sin(body.way_rad) - sight[1] * np.cos(body.way_rad),
                      sight[0] * np.cos(body.way_rad) + sight[1] * np.sin(body.way_rad))  # fmt: skip
    true_sight = (kick(2, "side", "right").flight.xyz_m[0] - kick(2, "side", "right").camera.position_m)[:2]
    true_turn = np.arctan2(true_sight[0] * ahead[1] - true_sight[1] * ahead[0], true_sight @ ahead[:2])
    off = np.angle(np.exp(1j * (np.median(turn) - true_turn)))
    assert abs(np.degrees(off)) < 50


@pytest.mark.parametrize("turned", [False, True], ids=["as it is", "in a mirror"])
def test_a_foot_that_crosses_the_picture_says_which_way_it_shoots(turned: bool) -> None:
    """Where the ball is not seen to leave, the search sets out from there: across, to the side the foot goes."""
    true = kick(2, "side", "right")
    shot = unseen_ball(evidence(true))
    told = gathered(mirrored(shot) if turned else shot)
    assert not isinstance(told, str)
    sight, ahead = (true.flight.xyz_m[0] - true.camera.position_m)[:2], true.shooter.ahead[:2]
    true_turn = float(np.arctan2(sight[0] * ahead[1] - sight[1] * ahead[0], sight @ ahead)) * (-1 if turned else 1)
    (start,) = told.way.starts
    assert abs(np.degrees(np.angle(np.exp(1j * (start - true_turn))))) < 40


@pytest.mark.parametrize("foot", ["left", "right"])
def test_each_arm_hangs_on_its_own_shoulder(foot: str) -> None:
    true, body = pair(0, "behind", foot)
    row = int(np.abs(true.time_s - true.contact_time_s).argmin())
    for side, name, other in (("kicking", foot, SIDES[foot]), ("standing", SIDES[foot], foot)):
        for joint, part in zip(ARMS[side][1:], ("elbow", "wrist"), strict=True):
            seen, _ = camera.project(body.camera, body.joints_m[body.contact, joint][None], true.size_wh_px)
            px = true.joints_px[row, [JOINT[f"{name}_{part}"], JOINT[f"{other}_{part}"]]]
            mine, others = np.linalg.norm(px - seen, axis=1)
            assert mine < others


def nobody(_: Floats, px: Floats) -> Floats:
    return np.full_like(px, np.nan)


def after_only(since: Floats, px: Floats) -> Floats:
    return np.where((since > 0.12)[:, None, None], px, np.nan)


@pytest.mark.parametrize(
    ("spoil", "words"), [(nobody, "No body was found"), (after_only, "too few frames")], ids=["nobody", "too late"]
)
def test_no_body_is_made_up(spoil: Callable[[Floats, Floats], Floats], words: str) -> None:
    shot = fitted(evidence(kick(1, "side", "left"), spoil))
    assert shot.body is None
    assert words in shot.body_why_not


def test_landmarks_that_are_no_numbers_are_refused_in_words() -> None:
    shot = evidence(kick(1, "side", "left"))
    assert shot.pose is not None
    world = np.full_like(shot.pose.world_m, np.nan)
    broken = fitted(replace(shot, pose=replace(shot.pose, world_m=world)))
    assert broken.body is None
    assert "does not fit together" in broken.body_why_not


def test_a_ball_never_seen_is_no_ruler() -> None:
    shot = evidence(kick(1, "side", "left"))
    bare = replace(shot, ball=replace(shot.ball, size_px=np.full_like(shot.ball.size_px, np.nan)))
    assert fitted(bare).body is None
    assert "ruler" in fitted(bare).body_why_not
