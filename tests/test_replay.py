"""The replay: near the truth, where the film has it, small, and without what was not measured."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kicky import camera as lens
from kicky import replay
from kicky.body.fit import fitted
from kicky.domain import (
    Appearance,
    Camera,
    Flight,
    Foot,
    FootCall,
    How,
    Outcome,
    Report,
    Scene,
    Shot,
    Steadying,
    Track,
    Verdict,
)
from kicky.footage import as_filmed
from kicky.players import colours
from kicky.replay import agreement, phone
from kicky.synthetic import VIEWS, SyntheticShot
from kicky.synthetic.player import JOINT

from .flights import corners_px
from .kicks import evidence, kick, noisy

UI = Path(__file__).parent.parent / "kicky" / "ui"
THREE_BYTES = 1_200_000
SCENE_BYTES = 200_000
SAMPLES = 40
SIDED = ("shoulder", "hip", "knee", "ankle", "toe")


def camera_of(true: SyntheticShot) -> Camera:
    """-> the drawn shot's camera as a Scene has it."""
    seen = true.camera
    right, _, forward = seen.rotation
    pan, tilt = np.arctan2(forward[0], -forward[1]), np.arcsin(forward[2])
    level = np.array([np.cos(pan), np.sin(pan), 0.0])
    down = np.array([np.sin(pan) * np.sin(tilt), -np.cos(pan) * np.sin(tilt), -np.cos(tilt)])
    roll = np.arctan2(right @ down, right @ level)
    parameters = np.array([np.log(seen.focal_px), pan, tilt, roll, *seen.position_m])
    return Camera(parameters, np.eye(7) * 1e-6, true.size_wh_px, 0.5, "it was drawn", "it was drawn")


def flown(true: SyntheticShot, camera: Camera, spread_m: float = 0.05) -> Flight:
    """-> the true flight as if fitted, with paths beside it that part from it beyond where it was last seen."""
    end_s = true.contact_time_s + 0.5
    shown = (true.time_s >= true.contact_time_s - 0.05) & (true.time_s <= end_s + 0.2)
    times, at = true.time_s[shown], true.ball_xyz_m[shown]
    seen = np.flatnonzero((true.time_s > true.contact_time_s) & (true.time_s < true.contact_time_s + 0.35))
    apart = np.random.default_rng(0).normal(size=(SAMPLES, 1, 3)) * spread_m
    late = np.clip(times - true.contact_time_s - 0.2, 0, None)[None, :, None] * 4 + 0.2
    paths = at + apart * late
    paths[0] = at
    return Flight(
        times, at, paths.std(axis=0), true.contact_time_s, 0.003, end_s, seen, true.ball_px[seen], paths,
        np.tile(camera.parameters, (SAMPLES, 1)), np.zeros((SAMPLES, 3)), np.full((SAMPLES, 3), np.nan), 0.5,
    )  # fmt: skip


@cache
def drawn(view: str) -> tuple[SyntheticShot, Shot]:
    """-> a kick, and its shot with camera, flight and body; somebody stands beside."""
    true = kick(0, view, "right")
    camera = camera_of(true)
    corners = corners_px(camera)
    goal = Scene(corners[[1, 0, 3, 2]] if view == "behind_goal" else corners, camera=camera)
    shot = replace(evidence(true, noisy(0.006)), scene=goal, flight=flown(true, camera))
    frames = len(true.time_s)
    ends = np.array([[-2.0, 9.0, 0.0], [-2.0, 9.0, 1.8]])
    foot_px, head_px = lens.project(camera.parameters, ends, true.size_wh_px)[0]
    tall = foot_px[1] - head_px[1]
    still = np.ones(frames)
    box = np.tile((foot_px + head_px) / 2, (frames, 1)), np.tile([0.4 * tall, tall], (frames, 1))
    return true, replace(fitted(shot), players=(Track("P2", *box, still, still > 0),))


def report(shot: Shot) -> Report:
    return Report(shot, Outcome(Verdict.GOAL, 0.9, How.IN_NET, ""), FootCall(Foot.RIGHT, 0.1, ""), (), {})


def made(shot: Shot) -> dict[str, Any]:
    """-> the replay as it is read by who gets it."""
    told: dict[str, Any] = json.loads(json.dumps(replay.scene(report(shot)), allow_nan=False))
    return told


def worldly(points: Any) -> np.ndarray:
    """A scene's x, y, z -> the world's."""
    return np.asarray(points)[..., [0, 2, 1]]


@pytest.mark.parametrize("view", VIEWS)
def test_ball_and_body_lie_where_they_were_and_where_the_film_has_them(view: str) -> None:
    true, shot = drawn(view)
    told = made(shot)
    assert told["why_not"] == ""
    assert told["fit"]["ball_px"] < 1
    assert told["fit"]["joints_px"] < 6
    assert told["fit"]["goal_px"] < 1
    film_s = np.array(told["ball"]["t"]) + told["film"]["contact_s"]
    truth = np.column_stack([np.interp(film_s, true.time_s, axis) for axis in true.ball_xyz_m.T])
    assert np.abs(worldly(told["ball"]["at"])[1:-1] - truth[1:-1]).max() < 0.15
    row = int(np.abs(told["shooter"]["t"]).argmin())
    joints = true.shooter.joints(np.zeros(1))[0]
    right = joints[[JOINT[f"{side}_{part}"] for part in SIDED for side in ("right", "left")]]
    off = worldly(told["shooter"]["joints"][row])[:10] - right
    sight = right - true.camera.position_m
    along = (off * sight).sum(axis=1) / np.linalg.norm(sight, axis=1)
    across = np.sqrt((off**2).sum(axis=1) - along**2)
    assert np.median(across) < 0.06
    assert (np.abs(along) < 3 * np.array(told["shooter"]["sigma"][row]) + 0.03).mean() > 0.7, "its doubt holds it"


def test_the_scenes_axes_are_right_handed_and_its_camera_sees_as_the_films() -> None:
    true, shot = drawn("diagonal")
    told = made(shot)
    eye = told["phone"]
    right, up, forward = (np.array(eye[name]) for name in ("right", "up", "forward"))
    assert np.cross(right, up) == pytest.approx(-forward, abs=0.01)
    off = np.array(told["ball"]["at"][0]) - eye["at"]
    px = [eye["focal_px"] * off @ right / (off @ forward), -eye["focal_px"] * off @ up / (off @ forward)]
    assert np.array(px) + np.array(eye["size_px"]) / 2 == pytest.approx(true.ball_px[true.contact_frame], abs=3)


def test_it_is_small_and_plain() -> None:
    _, shot = drawn("side")
    told = replay.scene(report(shot))
    assert len(json.dumps(told, allow_nan=False)) < SCENE_BYTES
    assert {"film", "phone", "goal", "ball", "shooter", "others", "fit", "words"} <= set(told)
    assert len(told["film"]["t"]) == len(shot.clip.time_s[told["film"]["first"] :][: len(told["film"]["t"])])


def test_the_fan_is_narrow_where_the_ball_was_seen() -> None:
    _, shot = drawn("behind")
    ball = made(shot)["ball"]
    wide = np.array(ball["likely"]).std(axis=0).max(axis=1)
    seen_to = max(t for t, seen in zip(ball["t"], ball["seen"], strict=True) if seen)
    times = np.array(ball["likely_t"])
    assert wide[times <= seen_to].mean() < 0.5 * wide[-1]


def test_a_likely_path_lies_over_the_film_where_its_own_camera_sees_it() -> None:
    _, shot = drawn("behind")
    assert shot.flight is not None
    nearer = shot.flight.cameras.copy()
    nearer[1:, 0] += 0.1
    flight = replace(shot.flight, cameras=nearer)
    told = made(replace(shot, flight=flight))["ball"]
    row = flight.samples_m.shape[0] // 2
    shown = phone.on_film(flight.samples_m[row : row + 1], nearer[row : row + 1], nearer[0])
    size = shot.clip.size_wh_px
    there, here = (
        lens.project(eye, points, size)[0]
        for eye, points in ((nearer[row], flight.samples_m[row]), (nearer[0], shown[0]))
    )
    assert there == pytest.approx(here, abs=1e-6)
    assert not np.allclose(told["likely"], told["likely_on_film"])


def test_arms_and_head_are_a_guess_and_so_is_what_was_hidden() -> None:
    _, shot = drawn("side")
    assert shot.pose is not None
    shooter = made(shot)["shooter"]
    assert not np.array(shooter["seen"])[:, 10:].any()
    assert np.array(shooter["seen"])[:, :10].mean() > 0.8
    hidden = shot.pose.visibility.copy()
    hidden[:, [27, 28]] = 0.1
    dim = made(replace(shot, pose=replace(shot.pose, visibility=hidden)))["shooter"]
    assert not np.array(dim["seen"])[:, 6:8].any()


def test_who_stands_about_is_on_the_ground_where_the_feet_are() -> None:
    _, shot = drawn("diagonal")
    (other,) = made(shot)["others"]
    assert other["role"] == "other"
    assert np.median(other["at"], axis=0) == pytest.approx([-2.0, 9.0], abs=0.6)
    assert {person["role"] for person in made(replace(shot, keeper="P2"))["others"]} == {"keeper"}


def test_without_a_goal_body_and_ball_stand_alone() -> None:
    _, shot = drawn("side")
    alone = fitted(replace(shot, scene=None, flight=None, body=None))
    told = made(alone)
    assert told["why_not"] == ""
    assert told["goal"] is None
    assert told["lines"] == told["others"] == []
    assert told["others_why_not"]
    assert len(told["ball"]["t"]) == 1
    assert told["ball"]["why_not"]
    assert len(told["shooter"]["t"]) > 20
    assert "Where the ball went is not shown." in told["words"]


def test_without_a_body_the_ball_flies_and_it_is_said_why_nobody_kicks() -> None:
    _, shot = drawn("behind")
    told = made(replace(shot, body=None, body_why_not="The legs are never seen apart around contact."))
    assert told["why_not"] == ""
    assert told["shooter"]["joints"] == []
    assert told["shooter"]["why_not"] == "The legs are never seen apart around contact."
    assert len(told["ball"]["t"]) > 5


def test_with_neither_there_is_no_replay_but_a_reason() -> None:
    _, shot = drawn("behind")
    none = replace(shot, flight=None, flight_why_not="The ball was not seen.", body=None, body_why_not="No body.")
    assert made(none)["why_not"] == "The ball was not seen. No body."
    assert made(replace(none, kick_frame=None, kick_why_not="No kick was seen."))["why_not"] == "No kick was seen."


def test_what_does_not_fit_the_film_is_not_replayed_and_says_so() -> None:
    _, shot = drawn("behind")
    assert shot.flight is not None
    assert shot.body is not None
    beside = replace(shot, flight=replace(shot.flight, seen_px=shot.flight.seen_px + 40))
    told = made(beside)
    assert "57 px beside where it was seen" in told["ball"]["why_not"]
    assert told["shooter"]["joints"], "the body fits, and stays"
    bent = replace(shot.body, joints_m=shot.body.joints_m + np.array([0.5, 0.0, 0.3]))
    assert "Not replayed" in made(replace(shot, body=bent))["shooter"]["why_not"]
    assert made(replace(beside, body=None))["why_not"].startswith("Not replayed")


def test_a_body_beside_another_ball_is_left_out() -> None:
    _, shot = drawn("behind")
    assert shot.body is not None
    far = np.array([3.0, 0.0, 0.0])
    elsewhere = replace(shot.body, ball_m=shot.body.ball_m + far, joints_m=shot.body.joints_m + far)
    assert "another ball" in made(replace(shot, body=elsewhere))["shooter"]["why_not"]


def test_how_near_it_lies_is_told_in_words() -> None:
    assert agreement.Agreement().words() == ""
    told = agreement.Agreement(0.4, 9, 3.2, 80, None).words()
    assert "the ball within 1 px and the body within 4 px" in told


def test_a_shirt_has_the_colour_that_most_of_it_has() -> None:
    rng = np.random.default_rng(0)
    red = np.clip(rng.normal((40, 40, 190), 12, (500, 3)), 0, 255)  # blue, green, red
    shares = colours.histogram(red)
    told = colours.likeliest(shares)
    r, g, b = (int(told[k : k + 2], 16) for k in (1, 3, 5))
    assert r > 1.6 * max(g, b)
    assert colours.likeliest(np.full_like(shares, np.nan)) == ""
    _, shot = drawn("side")
    look = Appearance("P1", shares, shares, shares, np.full(3, np.nan))
    assert made(replace(shot, shooter="P2", looks=(replace(look, label="P2"),)))["shooter"]["colour"] == told


def test_three_js_is_what_its_checksums_say_and_small() -> None:
    folder = UI / "three"
    sums = dict(reversed(line.split()) for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    assert set(sums) == {"three.core.min.js", "three.module.min.js", "LICENSE"}
    for name, right in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == right, name
    assert sum(file.stat().st_size for file in folder.iterdir()) < THREE_BYTES
    for file in (*folder.glob("*.js"), UI / "replay.js", UI / "replay_drawn.js"):
        assert b"importScripts" not in file.read_bytes()
    assert b'from"./three.core.min.js"' in (folder / "three.module.min.js").read_bytes()


def test_blender_gets_ball_body_goal_and_the_phone_as_a_camera() -> None:
    _, shot = drawn("diagonal")
    told = replay.scene(report(shot))
    document = json.loads(replay.gltf(told))
    nodes = {node["name"]: node for node in document["nodes"]}
    assert {"ball", "trunk", "head", "left post", "bar", "phone", "P2 other"} <= set(nodes)
    moved = {document["nodes"][channel["target"]["node"]]["name"] for channel in document["animations"][0]["channels"]}
    assert {"ball", "trunk", "kicking leg 1"} <= moved
    turn = nodes["phone"]["rotation"]
    axis, w = np.array(turn[:3]), turn[3]
    ahead = np.array([0.0, 0.0, -1.0])
    seen = ahead + 2 * np.cross(axis, np.cross(axis, ahead) + w * ahead)
    assert seen == pytest.approx(told["phone"]["forward"], abs=1e-3)
    size = document["buffers"][0]["byteLength"]
    views = document["bufferViews"]
    assert sum(view["byteLength"] for view in views) == size
    assert all(view["byteOffset"] % 4 == 0 for view in views)


def test_blender_gets_what_there_is_where_no_goal_is_in_the_picture() -> None:
    _, shot = drawn("side")
    alone = replay.scene(report(fitted(replace(shot, scene=None, flight=None, body=None))))
    names = {node["name"] for node in json.loads(replay.gltf(alone))["nodes"]}
    assert {"ball", "trunk"} <= names
    assert "bar" not in names


def test_of_a_phone_that_swayed_the_replay_is_taken_to_each_frames_own_pixels() -> None:
    _, shot = drawn("diagonal")
    frames = len(shot.clip.time_s)
    sway = np.tile(np.eye(3), (frames, 1, 1))
    turn = 0.02 * np.sin(np.arange(frames) / 9)
    sway[:, 0, 0], sway[:, 0, 1], sway[:, 1, 0], sway[:, 1, 1] = np.cos(turn), -np.sin(turn), np.sin(turn), np.cos(turn)
    sway[:, 0, 2], sway[:, 1, 2] = 40 * np.sin(np.arange(frames) / 5), 25 * np.cos(np.arange(frames) / 7)
    swayed = replace(shot, clip=replace(shot.clip, steadying=Steadying(sway, 0)))
    film = made(swayed)["film"]
    own = as_filmed(swayed).players[0].centre_px
    assert shot.players[0].centre_px[0] != pytest.approx(own[0], abs=5)
    for row in (0, len(film["t"]) // 2, len(film["t"]) - 1):
        x, y, w = np.reshape(film["to_film"][row], (3, 3)) @ [*shot.players[0].centre_px[film["first"] + row], 1]
        assert (x / w, y / w) == pytest.approx(own[film["first"] + row], abs=0.5)
    assert made(shot)["film"]["to_film"] == []
