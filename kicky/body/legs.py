"""Shot with its pose -> the standing leg and the swinging one, told apart by how they move, not by their labels.

A landmarker that looks at one frame at a time now and then calls the left leg right, most of all when legs cross
or blur. But through contact one foot stands in one place, and the other does not: that holds in every view.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..domain import Bools, Floats, Pose, Shot
from ..kick import struck_at

HIPS, KNEES, ANKLES, HEELS, TOES, SHOULDERS = ((23, 24), (25, 26), (27, 28), (29, 30), (31, 32), (11, 12))
FEET = slice(27, 33)
STRIKES = 1.0  # trunks: at contact no farther from the ball is the foot of whoever strikes it
PLANTED_S = (-0.1, 0.2)  # from contact: the standing foot is down about 0.13 s before, and stays
VOTING_S = (-0.25, 0.3)
THERE = 0.2  # trunks: so near its place a foot stands there
APART = 0.2  # trunks between the feet: with less, which is which cannot be told
LEAST = 3  # frames


@dataclass(frozen=True, eq=False, slots=True)
class Legs:
    """`plant_px` (2,) is where the standing foot stands, seen there in `stood` of the frames about contact.

    `votes_left` of `votes` frames, counted by how far the feet are apart, call the swinging leg the left one;
    `swings_left` (n,) says of each of the pose's frames whether the leg labelled left is the swinging one.
    """

    plant_px: Floats
    stood: float
    votes_left: float
    votes: float
    swings_left: Bools
    trunk_px: float


def legs(shot: Shot) -> Legs | None:
    """Shot -> its shooter's legs; None when nobody was seen, or no foot stands still through contact."""
    pose = shot.pose
    if pose is None or shot.kick_frame is None:
        return None
    since = shot.clip.time_s[pose.frames] - shot.clip.time_s[shot.kick_frame]
    feet, trunk_px = feet_px(pose), trunk(pose)
    near = (since >= PLANTED_S[0]) & (since <= PLANTED_S[1]) & np.isfinite(feet[0, :, 0])
    if near.sum() < LEAST:
        return None
    spots = feet[:, near].reshape(-1, 2)
    away = np.linalg.norm(feet[:, near][:, :, None] - spots, axis=3).min(axis=0) / trunk_px
    there = away < THERE
    best = int(np.argmax(there.sum(axis=0) - away.clip(0, THERE).mean(axis=0)))
    if there[:, best].sum() < LEAST:
        return None
    nearest = np.linalg.norm(feet[:, near] - spots[best], axis=2).argmin(axis=0)
    standing = np.take_along_axis(feet[:, near], nearest[None, :, None], axis=0)[0]
    plant = np.median(standing[there[:, best]], axis=0)
    gaps = np.linalg.norm(feet - plant, axis=2)
    apart = np.abs(gaps[0] - gaps[1]) / trunk_px
    swings_left = _from_nearest_clear(gaps[0] > gaps[1], apart > APART)
    counts = (since >= VOTING_S[0]) & (since <= VOTING_S[1]) & (apart > APART)
    weight = np.where(counts, np.minimum(apart, 1.0), 0.0)
    return Legs(
        plant,
        float(there[:, best].mean()),
        float(weight[swings_left].sum()),
        float(weight.sum()),
        swings_left,
        trunk_px,
    )


def _from_nearest_clear(swings_left: Bools, apart: Bools) -> Bools:
    """(n,) which leg is farther from the plant, when clear -> the same, unclear frames as the nearest clear."""
    clear = np.flatnonzero(apart)
    if not len(clear):
        return swings_left
    frames = np.arange(len(apart))
    return np.asarray(swings_left[clear[np.abs(frames[:, None] - clear).argmin(axis=1)]])


def strikes(shot: Shot) -> bool:
    """Shot with its pose -> whether that body is seen at contact, in the frame before it or after, foot at the ball."""
    if shot.pose is None or shot.kick_frame is None:
        return False
    spot, pose = struck_at(shot).px, shot.pose
    rows = [row for frame in (shot.kick_frame, shot.kick_frame + 1) if (row := pose.at(frame)) is not None]
    return any(to_ball(pose.landmarks_px[row], spot) < STRIKES for row in rows)


def to_ball(landmarks_px: Floats, spot_px: Floats) -> float:
    """(33, 2) a body's landmarks, (2,) where the ball lies -> how far the nearer foot is from it, in trunks."""
    shoulders, hips = (landmarks_px[list(pair)].mean(axis=0) for pair in (SHOULDERS, HIPS))
    trunk_px = max(float(np.linalg.norm(shoulders - hips)), 1.0)
    return float(np.linalg.norm(landmarks_px[FEET] - spot_px, axis=1).min()) / trunk_px


def feet_px(pose: Pose) -> Floats:
    """Pose -> (2, n, 2) left and right foot as labelled: the middle of ankle, heel and toe."""
    return np.stack([pose.landmarks_px[:, [ANKLES[k], HEELS[k], TOES[k]]].mean(axis=1) for k in (0, 1)])


def trunk(pose: Pose) -> float:
    """Pose -> the usual length of the trunk in the picture, mid-hips to mid-shoulders; NaN when never seen."""
    ends = pose.landmarks_px[:, SHOULDERS].mean(axis=1) - pose.landmarks_px[:, HIPS].mean(axis=1)
    lengths = np.linalg.norm(ends, axis=1)
    return float(np.median(lengths[np.isfinite(lengths)])) if np.isfinite(lengths).any() else float("nan")
