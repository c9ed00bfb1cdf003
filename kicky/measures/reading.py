"""Body -> each of its angles and distances in every sample of every moment, in the sense of those who published it.

A swing is seen along the shot's way: `ahead` is where the ball goes, `out` points from there towards the kicking side,
both on the ground; (s, n) arrays are over samples and moments. Definitions of Scurr & Hall 2009 where they have one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ..body.skeleton import bend_deg
from ..domain import BODY_JOINTS, Body, Floats

_AT = {name: number for number, name in enumerate(BODY_JOINTS)}


@dataclass(frozen=True, eq=False, slots=True)
class Swung:
    """Likely bodies as arrays over samples and moments: (s, n, 10, 3) joints, (s, 1, 3) ahead and out."""

    joints: Floats
    ahead: Floats
    out: Floats
    ball_m: Floats

    def at(self, name: str) -> Floats:
        """Joint's name -> (s, n, 3)."""
        return np.asarray(self.joints[..., _AT[name], :])

    def middle(self, part: str) -> Floats:
        """-> (s, n, 3) between both sides."""
        return np.asarray((self.at(f"kicking {part}") + self.at(f"standing {part}")) / 2)

    def across(self, part: str) -> Floats:
        """-> (s, n, 3) from the standing side's joint to the kicking side's."""
        return self.at(f"kicking {part}") - self.at(f"standing {part}")

    def bone(self, side: str, upper: str, lower: str) -> Floats:
        return self.at(f"{side} {lower}") - self.at(f"{side} {upper}")


def swung(body: Body) -> Swung:
    """Body -> its samples, with the way that the shot takes in each."""
    cos, sin = np.cos(body.way_rad), np.sin(body.way_rad)
    flat = np.zeros_like(cos)
    ahead = np.stack([cos, sin, flat], axis=-1)[:, None]
    right = np.stack([-sin, cos, flat], axis=-1)[:, None]
    return Swung(body.samples_m, ahead, right * (-1.0 if body.p_left > 0.5 else 1.0), body.ball_m)


def _along(vectors: Floats, axis: Floats) -> Floats:
    return np.asarray((vectors * axis).sum(axis=-1))


def _degrees(up: Floats, aside: Floats) -> Floats:
    return np.asarray(np.degrees(np.arctan2(aside, up)))


def _knee(side: str) -> Callable[[Swung], Floats]:
    return lambda s: bend_deg(s.bone(side, "hip", "knee"), s.bone(side, "knee", "ankle"))


def _trunk(s: Swung) -> Floats:
    return s.middle("shoulder") - s.middle("hip")


def _thigh(s: Swung) -> Floats:
    return s.bone("kicking", "hip", "knee")


def _leg(s: Swung) -> Floats:
    return s.bone("kicking", "hip", "ankle")


def _out_of_plane(bone: Floats, out: Floats) -> Floats:
    """-> degrees by which a bone leaves the upright plane along the shot's way, however far it has swung along it."""
    return np.asarray(np.degrees(np.arcsin(np.clip(_along(bone, out) / np.linalg.norm(bone, axis=-1), -1, 1))))


def _raised(across: Floats) -> Floats:
    """-> degrees by which the kicking side is the higher one."""
    return _degrees(np.hypot(across[..., 0], across[..., 1]), across[..., 2])


ANGLES: Mapping[str, Callable[[Swung], Floats]] = {
    "kicking_knee": _knee("kicking"),
    "support_knee": _knee("standing"),
    "trunk_lean": lambda s: _degrees(_trunk(s)[..., 2], _along(_trunk(s), s.ahead)),
    "trunk_side": lambda s: _degrees(_trunk(s)[..., 2], -_along(_trunk(s), s.out)),
    "hip_drive": lambda s: _degrees(-_thigh(s)[..., 2], _along(_thigh(s), s.ahead)),
    "hip_abduction": lambda s: _out_of_plane(_thigh(s), s.out),
    "swing_plane": lambda s: _degrees(-_leg(s)[..., 2], _along(_leg(s), s.out)),
    "pelvis_tilt": lambda s: _raised(s.across("hip")),
    "shoulder_tilt": lambda s: _raised(s.across("shoulder")),
}
"""Angle: what it is in each sample and moment, degrees."""

FOOT_AHEAD_M = 0.07  # from the ankle to the foot's middle, where published distances are measured


def _stood(s: Swung) -> Floats:
    """-> (s, n, 3) from the ball to the middle of the standing foot."""
    foot = s.bone("standing", "ankle", "toe")
    flat = foot * np.array([1.0, 1.0, 0.0])
    long = np.maximum(np.linalg.norm(flat, axis=-1, keepdims=True), 0.05)
    return np.asarray(s.at("standing ankle") + FOOT_AHEAD_M * flat / long - s.ball_m)


DISTANCES: Mapping[str, Callable[[Swung], Floats]] = {
    "plant_aside": lambda s: -_along(_stood(s), s.out),
    "plant_behind": lambda s: -_along(_stood(s), s.ahead),
}
"""Distance at contact, metres."""
