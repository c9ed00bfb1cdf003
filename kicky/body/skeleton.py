"""Joints and bones of a kicker, by the part they play: the kicking side first, the standing side second."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from ..domain import BODY_JOINTS, Floats
from .limbs import HIPS, SHOULDERS

KNEES, ANKLES, TOES = ((4, 5), (6, 7), (8, 9))
CORE = 10
"""So many joints, the first of BODY_JOINTS, are fitted; arms and head are only placed."""
MARKS = MappingProxyType({"shoulder": (11, 12), "hip": (23, 24), "knee": (25, 26), "ankle": (27, 28), "toe": (31, 32)})
"""Joint: MediaPipe's landmarks of it, left and right."""

# Lengths as shares of the body's height (Drillis and Contini 1966, in Winter's table), hips and shoulders between the
# centres of the joints; people differ in height by a tenth (children too), in each share by a twentieth.
LENGTHS = ("hips", "shoulders", "trunk", "thigh", "shank", "foot")
SHARES = np.array([0.11, 0.20, 0.285, 0.245, 0.246, 0.115])
HEIGHT_M, HEIGHT_SD, SHARE_SD = 1.74, 0.10, 0.05  # the spreads are of natural logarithms
BONES = (
    (HIPS[1], HIPS[0], 0), (SHOULDERS[1], SHOULDERS[0], 1), *((HIPS[k], KNEES[k], 3) for k in (0, 1)),
    *((KNEES[k], ANKLES[k], 4) for k in (0, 1)), *((ANKLES[k], TOES[k], 5) for k in (0, 1)),
)  # fmt: skip
"""From one joint to the other, and which of LENGTHS that is; the trunk runs between the middles."""
ANKLE_UP_M = 0.083  # of a foot that stands

# 1 s.d. of a landmark about its joint, as a share of the body's height in the picture: on rendered bodies.
SEEN_SD = np.array([1.8, 1.8, 1.7, 1.7, 2.0, 2.0, 3.2, 2.6, 5.0, 3.0]) / 100
# How a joint's velocity may change, m/s²: the striking foot is stopped and thrown within a tenth of a second.
CHANGE = np.array([100.0, 100, 80, 80, 280, 140, 720, 240, 880, 280])
assert len(SEEN_SD) == len(CHANGE) == CORE <= len(BODY_JOINTS)


def unit(vectors: Floats) -> Floats:
    """(..., k) -> the same of length 1.

    >>> unit(np.array([3.0, 4.0]))
    array([0.6, 0.8])
    """
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def bend_deg(upper: Floats, lower: Floats) -> Floats:
    """(..., 3), (..., 3) two bones, each from its upper end to its lower -> (...) the inner angle between them.

    >>> bend_deg(np.array([0.0, 1.0]), np.array([0.0, 2.0])).round(1)
    np.float64(180.0)
    """
    cosine = (unit(upper) * unit(lower)).sum(axis=-1)
    return np.asarray(180 - np.degrees(np.arccos(np.clip(cosine, -1 + 1e-9, 1 - 1e-9))))


def trunk(joints: Floats) -> Floats:
    """(..., CORE, 3) -> (..., 3) from the middle of the hips to the middle of the shoulders."""
    return np.asarray((joints[..., 0, :] + joints[..., 1, :] - joints[..., 2, :] - joints[..., 3, :]) / 2)


def facing(to_the_right: Floats) -> Floats:
    """(..., 3) from a body's left to its right -> (..., 3) where it faces, on the ground. The axes are left-handed."""
    x, y = to_the_right[..., 0], to_the_right[..., 1]
    return unit(np.stack([y, -x, np.zeros_like(x)], axis=-1))
