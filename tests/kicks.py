"""Kicks whose body is known to the joint, as the evidence of a Shot: no film, no landmarker."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from kicky.domain import Clip, Flight, Floats, Pose, Shot, Track
from kicky.synthetic import SyntheticShot, sample
from kicky.synthetic.player import JOINT

MARKS = {
    0: "nose", 7: "left_ear", 8: "right_ear", 11: "left_shoulder", 12: "right_shoulder", 13: "left_elbow",
    14: "right_elbow", 15: "left_wrist", 16: "right_wrist", 23: "left_hip", 24: "right_hip", 25: "left_knee",
    26: "right_knee", 27: "left_ankle", 28: "right_ankle", 29: "left_heel", 30: "right_heel", 31: "left_toe",
    32: "right_toe",
}  # fmt: skip
SWAPPED = np.array([i if i < 11 else i + (1 if i % 2 else -1) for i in range(33)])


@cache
def kick(seed: int, view: str, foot: str, *, shot_of: str = "goal", fps: float = 30.0) -> SyntheticShot:
    """Seed, view, foot -> a shot in daylight."""
    return sample(seed, view=view, foot=foot, kind=shot_of, fps=fps, size_wh=(1920, 1080), night=False)


def evidence(true: SyntheticShot, spoil: Callable[[Floats, Floats], Floats] | None = None) -> Shot:
    """A shot -> what a perfect detector and landmarker would have seen of it.

    `spoil` takes seconds from contact (n,) and landmarks (n, 33, 2), and gives them back worse.
    """
    clip = Clip(Path("kick.mp4"), "0", true.size_wh_px, true.time_s)
    since = true.time_s - true.contact_time_s
    frames = np.flatnonzero(np.abs(since) <= 0.3)
    px, world = np.zeros((len(frames), 33, 2)), np.zeros((len(frames), 33, 3))
    away = true.camera.depth_m(true.joints_m[frames])
    for mark, joint in MARKS.items():
        px[:, mark] = true.joints_px[frames, JOINT[joint]]
        world[:, mark, 2] = away[:, JOINT[joint]]
    world[..., 2] -= world[:, 23:25, 2].mean(axis=1, keepdims=True)
    if spoil is not None:
        before, px = px, spoil(since[frames], px)
        turned = np.isclose(px[:, 25], before[:, 26]).all(axis=1)  # whoever is taken for facing the other way
        world[turned] = world[turned][:, SWAPPED] * (1, 1, -1)
    seen = np.isfinite(px[:, 0, 0])
    pose = Pose(frames, px, np.where(seen[:, None, None], world, np.nan),
                np.where(seen[:, None], 1.0, np.full((len(frames), 33), np.nan)))  # fmt: skip
    inside = ((true.ball_px > 0) & (true.ball_px < true.size_wh_px)).all(axis=1)
    centre = np.where(inside[:, None], true.ball_px, np.nan)
    size = np.where(inside[:, None], true.ball_diameter_px[:, None].repeat(2, axis=1), np.nan)
    ball = Track("ball", centre, size, np.where(inside, 1.0, np.nan), inside)
    return Shot(clip, ball, pose=pose, kick_frame=true.contact_frame)


def mirrored(shot: Shot) -> Shot:
    """Shot -> the same in a mirror: left is right, as a landmarker would call it."""
    width = shot.clip.size_wh_px[0]
    assert shot.pose is not None
    flipped = shot.pose.landmarks_px[:, SWAPPED] * (-1, 1) + (width, 0)
    pose = replace(shot.pose, landmarks_px=flipped, world_m=shot.pose.world_m[:, SWAPPED] * (-1, 1, 1))
    return replace(shot, pose=pose, ball=replace(shot.ball, centre_px=shot.ball.centre_px * (-1, 1) + (width, 0)))


def noisy(share: float, seed: int = 0) -> Callable[[Floats, Floats], Floats]:
    """Share of the body's height -> what spoils landmarks by so much, each in each frame."""

    def spoil(_: Floats, px: Floats) -> Floats:
        tall = float(np.ptp(px[..., 1], axis=1).max())
        return np.asarray(px + share * tall * np.random.default_rng(seed).standard_normal(px.shape))

    return spoil


def exchanged(px: Floats, rows: Floats) -> Floats:
    """Landmarks, which rows -> the same with left and right called wrong there."""
    out = px.copy()
    out[rows] = px[rows][:, SWAPPED]
    return out


def flown(true: SyntheticShot, spread: float) -> Flight:
    """A shot -> its flight as if fitted, its launches scattered by `spread` of their speed."""
    rng = np.random.default_rng(0)
    n, s = 4, 40
    launch = true.flight.velocity_ms[0] + spread * np.linalg.norm(true.flight.velocity_ms[0]) * rng.normal(size=(s, 3))
    start = np.broadcast_to(true.flight.xyz_m[0], (s, n, 3))
    cameras = np.zeros((s, 7))
    cameras[:, 4:] = true.camera.position_m
    return Flight(
        true.time_s[:n], start[0], np.zeros((n, 3)), true.contact_time_s, 0.003, true.contact_time_s + 0.5,
        np.arange(2), np.zeros((2, 2)), start, cameras, launch, np.full((s, 3), np.nan), 1.0,
    )  # fmt: skip
