"""Time -> joints: an articulated body whose every joint is known, driven by a few smooth curves.

A body moves in a frame of its own: `ahead` (the way the shot goes, or the walk), `aside` (towards the
kicking side) and up, with its origin on the ground under the ball. Two-bone limbs are solved from the
hips and the ankles, so feet stay where they are planted and the kicking foot is at the ball at contact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from ..domain import Floats

JOINTS = (
    "head", "nose", "left_ear", "right_ear", "neck",
    "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
    "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
    "left_heel", "right_heel", "left_toe", "right_toe",
)  # fmt: skip
JOINT = {name: index for index, name in enumerate(JOINTS)}
THIGH, SHANK, ANKLE = 0.245, 0.246, 0.043  # shares of the body's height, after Drillis and Contini
HIP, SHOULDER, TRUNK, NECK = 0.055, 0.1, 0.285, 0.115
UPPER_ARM, FOREARM, FOOT, HEEL = 0.165, 0.15, 0.105, 0.04
UP = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, eq=False, slots=True)
class Curve:
    """Values between keys, without overshoot; before the first and after the last they stay."""

    key_s: Floats
    spline: PchipInterpolator

    def __call__(self, time_s: Floats) -> Floats:
        """(n,) -> (n, ...)."""
        return np.asarray(self.spline(np.clip(time_s, self.key_s[0], self.key_s[-1])))


def curve(*keys: tuple[float, ...]) -> Curve:
    """(time, value, …) keys in any order -> Curve; one value gives a scalar curve."""
    table = np.array(sorted(keys), dtype=float)
    if len(table) == 1:
        table = np.vstack([table, table])
        table[1, 0] += 1
    return Curve(table[:, 0], PchipInterpolator(table[:, 0], table[:, 1] if table.shape[1] == 2 else table[:, 1:]))


@dataclass(frozen=True, eq=False, slots=True)
class Leg:
    """`ankle`: its path (n, 3); `point_deg`: how far the toes point down when off the ground."""

    ankle: Curve
    point_deg: Curve


@dataclass(frozen=True, eq=False, slots=True)
class Arm:
    """Angles at the shoulder, forward and outward, and at the elbow, in degrees."""

    forward_deg: Curve
    outward_deg: Curve
    elbow_deg: Curve


@dataclass(frozen=True, eq=False, slots=True)
class Body:
    """One person: where they are in the world and the curves that move them.

    `ahead` is a horizontal unit vector; `side` +1 when the kicking side is the right one, else -1.
    `pelvis` is the point midway between the hip joints. Yaws turn towards the kicking side; `tilt_deg`
    lifts the kicking hip; leans are of the trunk, forward and towards the support side.
    """

    height_m: float
    origin_m: Floats
    ahead: Floats
    side: int
    pelvis: Curve
    yaw_deg: Curve
    tilt_deg: Curve
    lean_deg: Curve
    sway_deg: Curve
    shoulder_yaw_deg: Curve
    look_at: Curve
    kick_leg: Leg
    support_leg: Leg
    kick_arm: Arm
    support_arm: Arm

    def joints(self, time_s: Floats) -> Floats:
        """(n,) seconds from contact -> (n, JOINTS, 3) in the world."""
        local = self.local_joints(np.atleast_1d(np.asarray(time_s, dtype=float)))
        aside = np.array([-self.ahead[1], self.ahead[0], 0.0]) * self.side
        return np.asarray(self.origin_m + local @ np.stack([self.ahead, aside, UP]))

    def local_joints(self, t: Floats) -> Floats:
        """(n,) -> (n, JOINTS, 3) ahead, aside, up."""
        h = self.height_m
        kick, support = ("right", "left") if self.side > 0 else ("left", "right")
        out = np.empty((len(t), len(JOINTS), 3))
        pelvis, facing, across = self.pelvis(t), _heading(self.yaw_deg(t)), _heading(self.yaw_deg(t) + 90)
        tilt = np.radians(self.tilt_deg(t))[:, None]
        hip_axis = across * np.cos(tilt) + UP * np.sin(tilt)
        for name, sign, leg in ((kick, 1, self.kick_leg), (support, -1, self.support_leg)):
            hip = pelvis + sign * HIP * h * hip_axis
            out[:, JOINT[f"{name}_hip"]] = hip
            _bend_leg(out, name, leg, hip, facing, across, t, h)
        spine = UP + facing * np.tan(np.radians(self.lean_deg(t)))[:, None]
        spine = _unit(spine - across * np.tan(np.radians(self.sway_deg(t)))[:, None])
        chest = pelvis + spine * TRUNK * h
        shoulder_axis = _across(_heading(self.shoulder_yaw_deg(t) + 90), spine)
        breast = np.cross(shoulder_axis, spine)  # forward of the chest in (ahead, aside, up)
        for name, sign, arm in ((kick, 1, self.kick_arm), (support, -1, self.support_arm)):
            shoulder = chest + sign * SHOULDER * h * shoulder_axis
            out[:, JOINT[f"{name}_shoulder"]] = shoulder
            _bend_arm(out, name, arm, shoulder, (breast, sign * shoulder_axis, spine), t, h)
        self._set_head(out, chest, spine, (kick, support), t)
        return out

    def _set_head(self, out: Floats, chest: Floats, spine: Floats, names: tuple[str, str], t: Floats) -> None:
        h = self.height_m
        upright = _unit(spine + 0.7 * UP)
        out[:, JOINT["neck"]] = chest + 0.03 * h * upright
        head = chest + NECK * h * upright
        wish = _unit(self.look_at(t) - head)
        # Eyes do the rest: a head turns only half way to what it looks at and bows no more than this.
        flat = _unit((_heading(self.shoulder_yaw_deg(t)) + wish) * (1, 1, 0))
        bow = np.clip(0.4 * wish[:, 2:], -0.3, 0.2)
        gaze = _unit(flat * np.sqrt(1 - bow * bow) + UP * bow)
        ear_axis = _unit(np.cross(UP, gaze))
        out[:, JOINT["head"]] = head
        out[:, JOINT["nose"]] = head + 0.062 * h * gaze
        for name, sign in zip(names, (1, -1), strict=True):
            out[:, JOINT[f"{name}_ear"]] = head + sign * 0.045 * h * ear_axis


def _unit(v: Floats) -> Floats:
    return np.asarray(v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9))


def _heading(yaw_deg: Floats) -> Floats:
    """(n,) -> (n, 3) horizontal unit vectors, 0 ahead and 90 aside."""
    yaw = np.radians(yaw_deg)
    return np.stack([np.cos(yaw), np.sin(yaw), np.zeros_like(yaw)], axis=-1)


def _across(v: Floats, axis: Floats) -> Floats:
    """-> the unit part of v that is square to the axis."""
    return _unit(v - np.sum(v * axis, axis=-1, keepdims=True) * axis)


def two_bone(root: Floats, tip: Floats, upper: float, lower: float, hinge: Floats) -> tuple[Floats, Floats]:
    """Root, tip -> (middle joint, tip pulled into reach); the joint bends square to `hinge`."""
    gap = tip - root
    length = np.linalg.norm(gap, axis=-1, keepdims=True)
    reach = np.clip(length, 0.25 * (upper + lower), 0.999 * (upper + lower))
    along = gap / np.maximum(length, 1e-9)
    share = (reach**2 + upper**2 - lower**2) / (2 * reach)
    out = np.sqrt(np.maximum(upper**2 - share**2, 0))
    bend = _unit(np.cross(along, hinge))
    return np.asarray(root + share * along + out * bend), np.asarray(root + reach * along)


def _bend_leg(
    out: Floats, name: str, leg: Leg, hip: Floats, facing: Floats, across: Floats, t: Floats, h: float
) -> None:
    """Writes knee, ankle, heel and toe of one leg."""
    knee, ankle = two_bone(hip, leg.ankle(t), THIGH * h, SHANK * h, across)
    shin = _unit(ankle - knee)
    instep = _unit(np.cross(shin, across))
    point = np.radians(leg.point_deg(t))[:, None]
    hanging = instep * np.cos(point) + shin * np.sin(point)
    lifted = np.clip((ankle[:, 2:] - ANKLE * h) / 0.12, 0, 1)
    lifted = lifted * lifted * (3 - 2 * lifted)
    sole = _unit(facing * (1 - lifted) + hanging * lifted)
    foot_down = _unit(-UP * (1 - lifted) + shin * lifted)
    toe = ankle + sole * FOOT * h + foot_down * 0.022 * h
    heel = ankle - sole * HEEL * h + foot_down * 0.025 * h
    toe[:, 2], heel[:, 2] = np.maximum(toe[:, 2], 0.025), np.maximum(heel[:, 2], 0.025)
    for part, value in (("knee", knee), ("ankle", ankle), ("toe", toe), ("heel", heel)):
        out[:, JOINT[f"{name}_{part}"]] = value


def _bend_arm(
    out: Floats, name: str, arm: Arm, shoulder: Floats, axes: tuple[Floats, Floats, Floats], t: Floats, h: float
) -> None:
    """Writes elbow and wrist of one arm; `axes` are forward, outward and up of the trunk."""
    front, outward, up = axes
    swing, lift, bend = (np.radians(c(t))[:, None] for c in (arm.forward_deg, arm.outward_deg, arm.elbow_deg))
    upper = (front * np.sin(swing) - up * np.cos(swing)) * np.cos(lift) + outward * np.sin(lift)
    fold = _across(front + 0.3 * up, upper)
    elbow = shoulder + upper * UPPER_ARM * h
    out[:, JOINT[f"{name}_elbow"]] = elbow
    out[:, JOINT[f"{name}_wrist"]] = elbow + (upper * np.cos(bend) + fold * np.sin(bend)) * FOREARM * h


def _corner_deg(a: Floats, b: Floats, c: Floats) -> float:
    """-> the interior angle at b."""
    return float(np.degrees(np.arccos(np.clip(np.dot(_unit(a - b), _unit(c - b)), -1, 1))))


def angles_deg(joints: Floats, foot: str, ahead: Floats) -> dict[str, float]:
    """(JOINTS, 3) at contact, kicking foot, the shot's horizontal direction -> the truth angles.

    Knees: hip-knee-ankle in 3-D, 180 straight. Trunk lean: mid-hip to mid-shoulder against the vertical.
    Hip drive: the kicking thigh against the vertical straight down, positive towards the shot.
    """
    other = "left" if foot == "right" else "right"

    def at(name: str) -> Floats:
        return np.asarray(joints[JOINT[name]])

    def knee(side: str) -> float:
        return _corner_deg(at(f"{side}_hip"), at(f"{side}_knee"), at(f"{side}_ankle"))

    spine = _unit((at("left_shoulder") + at("right_shoulder") - at("left_hip") - at("right_hip")) / 2)
    thigh = _unit(at(f"{foot}_knee") - at(f"{foot}_hip"))
    drive = float(np.degrees(np.arccos(np.clip(-thigh[2], -1, 1))))
    return {
        "kicking_knee": knee(foot),
        "support_knee": knee(other),
        "trunk_lean": float(np.degrees(np.arccos(np.clip(spine[2], -1, 1)))),
        "hip_drive": drive if float(thigh @ ahead) >= 0 else -drive,
    }
