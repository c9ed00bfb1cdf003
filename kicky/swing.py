"""Shot -> Swing: the body's angles through the kick, as the picture shows them.

From one camera the picture's plane is what is known, and a joint's depth is a guess. Leans and the hip's drive are read
in that plane. A knee's bend is read in space: thigh and shank are as long as they are seen at most in the swing, so
where they look shorter they point towards or away from the camera, both the same way, as a leg that leans does. How far
the picture is from the plane of motion decides what all that is worth. Joints are smoothed by a cubic over 0.15 s,
which follows a swing of 0.1 s to a few degrees and takes the jitter of single frames away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from . import kick
from .domain import Floats, Ints, Pose, Shot
from .heading import Heading, heading
from .legs import ANKLES, HIPS, KNEES, SHOULDERS, Legs, legs
from .rules2d import BALL_M, hampel

SMOOTHED_S, LEAST_POINTS, DEGREE = 0.075, 5, 3
JUMP = 0.25  # trunks: a joint that leaps so far for one frame was not seen
LONGEST = 85  # percentile of a bone's lengths in the picture that is taken for its true one
PERSON_M = 1.75
JOINTS: Mapping[str, Mapping[str, str]] = {
    "kicking_knee": {"kick_hip": "kicking hip", "kick_knee": "kicking knee", "kick_ankle": "kicking ankle"},
    "support_knee": {"stand_hip": "standing hip", "stand_knee": "standing knee", "stand_ankle": "standing ankle"},
    "trunk_lean": {"hips": "middle of the hips", "shoulders": "middle of the shoulders"},
    "hip_drive": {"kick_hip": "kicking hip", "kick_knee": "kicking knee"},
}
"""Angle: the joints it is read off, from one end to the other, and what they are called."""


@dataclass(frozen=True, eq=False, slots=True)
class Swing:
    """`since_s` (n,) from contact; `angles` name: (n,) degrees; `joints` name: (n, 2) px as seen; NaN where not.

    `contact_sd_s` is how surely the contact is known, `way` which way the shot goes, None when not seen;
    `person_px` is how tall a grown-up is in the picture where the ball lay.
    """

    since_s: Floats
    angles: Mapping[str, Floats]
    joints: Mapping[str, Floats]
    legs: Legs
    way: Heading | None
    contact_sd_s: float
    person_px: float

    def at_contact(self, name: str) -> tuple[float, float]:
        """Name -> degrees at contact, degrees a second there; NaN where no frame about it shows the joints."""
        values, since, rows = self.angles[name], self.since_s, self._about_contact(name)
        if len(rows) < 2:
            return (float(values[rows[0]]), 0.0) if len(rows) else (np.nan, np.nan)
        first, last = rows
        rate = (values[last] - values[first]) / (since[last] - since[first])
        return float(values[first] - rate * since[first]), float(rate)

    def rests_on(self, name: str) -> Ints:
        """Name -> the rows whose joints its value at contact is smoothed over."""
        about = self.since_s[list(self._about_contact(name))]
        near = np.abs(self.since_s[:, None] - about) <= SMOOTHED_S
        return np.flatnonzero(near.any(axis=1) & np.isfinite(self.angles[name]))

    def _about_contact(self, name: str) -> tuple[int, ...]:
        """Name -> the rows between which contact lies; the nearest one where only one side was seen, or none."""
        since, seen = self.since_s, np.isfinite(self.angles[name])
        before, after = np.flatnonzero(seen & (since <= 0)), np.flatnonzero(seen & (since > 0))
        if not len(before) or not len(after):
            near = np.flatnonzero(seen & (np.abs(since) < SMOOTHED_S))
            return (int(near[np.abs(since[near]).argmin()]),) if len(near) else ()
        first, last = int(before[-1]), int(after[0])
        return (first, last) if since[last] - since[first] <= 2 * SMOOTHED_S else ()


def swing(shot: Shot) -> Swing | None:
    """Shot with its pose -> Swing; None where no kicking leg was made out."""
    found = legs(shot)
    if found is None or shot.pose is None or shot.kick_frame is None:
        return None
    contact_s, sd_s = kick.contact(shot)
    since = shot.clip.time_s[shot.pose.frames] - contact_s
    way = heading(shot)
    ball_px = kick.struck_at(shot).diameter_px
    joints = _joints(shot.pose, np.where(found.swings_left, 0, 1))
    smoothed = {name: smooth(points, since, JUMP * found.trunk_px) for name, points in joints.items()}
    person_px = ball_px / BALL_M * PERSON_M
    return Swing(since, _angles(shot, smoothed, way), joints, found, way, sd_s, person_px)


def _angles(shot: Shot, smoothed: Mapping[str, Floats], way: Heading | None) -> dict[str, Floats]:
    """Joints (n, 2) -> each angle in each frame of the pose."""
    hips, shoulders = smoothed["hips"], smoothed["shoulders"]
    angles = _knees(smoothed)
    forward = np.nan if way is None else float(np.sign(np.sin(np.radians(way.turn_deg))))
    up, ahead = _upright(shot, forward)
    trunk, thigh = shoulders - hips, smoothed["kick_knee"] - smoothed["kick_hip"]
    angles["trunk_lean"] = np.degrees(np.arctan2(trunk @ ahead, trunk @ up))
    angles["hip_drive"] = np.degrees(np.arctan2(thigh @ ahead, -thigh @ up))
    return angles


def _joints(pose: Pose, kicking: Ints) -> dict[str, Floats]:
    """Pose, which leg (0 left, 1 right) kicks in each row -> (n, 2) of each joint that an angle needs."""
    px, rows = pose.landmarks_px, np.arange(len(pose.frames))
    joints = {"hips": px[:, HIPS].mean(axis=1), "shoulders": px[:, SHOULDERS].mean(axis=1)}
    for part, pair in (("hip", HIPS), ("knee", KNEES), ("ankle", ANKLES)):
        joints[f"kick_{part}"] = px[rows, np.array(pair)[kicking]]
        joints[f"stand_{part}"] = px[rows, np.array(pair)[1 - kicking]]
    return joints


def _upright(shot: Shot, forward: float) -> tuple[Floats, Floats]:
    """Shot, +1 when the shot goes to the picture's right -> unit vectors of the picture: up, and along the shot."""
    camera = shot.scene.camera if shot.scene is not None else None
    roll = 0.0 if camera is None else float(camera.parameters[3])
    up = np.array([-np.sin(roll), -np.cos(roll)])
    return up, forward * np.array([np.cos(roll), -np.sin(roll)])


def _knees(joints: Mapping[str, Floats]) -> dict[str, Floats]:
    """Joints (n, 2) of both legs -> the inner angle at each knee, (n,) degrees; 180 is straight."""
    thighs = {leg: joints[f"{leg}_knee"] - joints[f"{leg}_hip"] for leg in ("kick", "stand")}
    shanks = {leg: joints[f"{leg}_ankle"] - joints[f"{leg}_knee"] for leg in ("kick", "stand")}
    deep = {leg: (_depth(thighs, leg), _depth(shanks, leg)) for leg in thighs}
    return {
        name: bend(np.column_stack([thighs[leg], deep[leg][0]]), np.column_stack([shanks[leg], deep[leg][1]]))
        for name, leg in (("kicking_knee", "kick"), ("support_knee", "stand"))
    }


def _depth(bones: Mapping[str, Floats], leg: str) -> Floats:
    """Thighs or shanks of both legs (n, 2), which leg -> (n,) how far that bone points out of the picture, px."""
    lengths = np.linalg.norm(np.concatenate(list(bones.values())), axis=1)
    lengths = lengths[np.isfinite(lengths)]
    longest = float(np.percentile(lengths, LONGEST)) if len(lengths) else np.nan
    return np.asarray(np.sqrt(np.maximum(longest**2 - (bones[leg] ** 2).sum(axis=1), 0.0)))


def bend(upper: Floats, lower: Floats) -> Floats:
    """(n, k), (n, k) two bones, each from its upper end to its lower -> (n,) the inner angle between them, degrees.

    >>> bend(np.array([[0.0, 1.0]]), np.array([[0.0, 2.0]]))
    array([180.])
    """
    dot = (upper * lower).sum(axis=1)
    lengths = np.linalg.norm(upper, axis=1) * np.linalg.norm(lower, axis=1)
    return np.asarray(180 - np.degrees(np.arccos(np.clip(dot / np.maximum(lengths, 1e-9), -1, 1))))


def smooth(points: Floats, time_s: Floats, jump: float) -> Floats:
    """(n, 2), (n,), how far a joint may leap for one frame -> (n, 2) by a cubic through the frames about each.

    Where fewer than LEAST_POINTS frames are near, the point stays as it was seen; unseen stays NaN.
    """
    kept = points.copy()
    seen = np.flatnonzero(np.isfinite(points[:, 0]))
    for axis in (0, 1):
        kept[seen[hampel(points[seen, axis], 2, 3.0, jump)]] = np.nan
    out = kept.copy()
    good = np.isfinite(kept[:, 0])
    for row in np.flatnonzero(np.isfinite(points[:, 0])):
        near = good & (np.abs(time_s - time_s[row]) <= SMOOTHED_S)
        if near.sum() < LEAST_POINTS:
            continue
        fitted = np.polynomial.polynomial.polyfit(time_s[near] - time_s[row], kept[near], DEGREE)
        out[row] = fitted[0]
    return out
