"""Joint angles at contact, from MediaPipe's world landmarks.

Interval: the error of one camera against a goniometer or inertial sensors is 6.4° (1 s.d.) with the
body side-on and 15.1° when it is turned by 45° or more; ours widens from one to the other with the
turn of the hips (research: Cosoli 2026; JMIR preprint 102399).
"""

from __future__ import annotations

import numpy as np

from ..domain import Floats, Foot, Measure, Shot
from ..foot import call

HIP, KNEE, ANKLE, SHOULDER, HEEL, TOE = (23, 25, 27, 11, 29, 31)  # the left side's landmarks; right is one more
SIDE_ON_SD_DEG, TURNED_SD_DEG = 6.4, 15.1
TO_90_PERCENT = 1.645
LIMITS = {
    "kicking_knee": (0.0, 180.0),
    "support_knee": (0.0, 180.0),
    "trunk_lean": (0.0, 180.0),
    "hip_drive": (-180.0, 180.0),
}
SEEN = 0.5  # MediaPipe's own visibility below which a joint is a guess


def kicking_knee(shot: Shot) -> Measure:
    """Shot -> inner angle hip-knee-ankle of the kicking leg at contact; 180 is straight."""
    return _knee(shot, "kicking_knee", kicking=True)


def support_knee(shot: Shot) -> Measure:
    """Shot -> inner angle hip-knee-ankle of the standing leg at contact; 180 is straight."""
    return _knee(shot, "support_knee", kicking=False)


def trunk_lean(shot: Shot) -> Measure:
    """Shot -> angle of the line from mid-hip to mid-shoulder against the vertical at contact."""
    body = _body(shot, SHOULDER, SHOULDER + 1, HIP, HIP + 1)
    if isinstance(body, str):
        return _withheld("trunk_lean", body)
    trunk = body[[SHOULDER, SHOULDER + 1]].mean(axis=0) - body[[HIP, HIP + 1]].mean(axis=0)
    return _given("trunk_lean", _angle(trunk, np.array([0.0, -1.0, 0.0])), body)


def hip_drive(shot: Shot) -> Measure:
    """Shot -> angle of the kicking thigh against straight down at contact, positive when it swings forward."""
    side = _side(shot, kicking=True)
    if isinstance(side, str):
        return _withheld("hip_drive", side)
    body = _body(shot, HIP + side, KNEE + side, HEEL, TOE, HEEL + 1, TOE + 1)
    if isinstance(body, str):
        return _withheld("hip_drive", body)
    thigh = body[KNEE + side] - body[HIP + side]
    standing = 1 - side
    forward = (body[TOE + standing] - body[HEEL + standing]) * [1.0, 0.0, 1.0]
    size = _angle(thigh, np.array([0.0, 1.0, 0.0]))
    return _given("hip_drive", size if float(thigh @ forward) >= 0 else -size, body)


def _knee(shot: Shot, name: str, *, kicking: bool) -> Measure:
    side = _side(shot, kicking=kicking)
    if isinstance(side, str):
        return _withheld(name, side)
    body = _body(shot, HIP + side, KNEE + side, ANKLE + side)
    if isinstance(body, str):
        return _withheld(name, body)
    thigh, shank = body[HIP + side] - body[KNEE + side], body[ANKLE + side] - body[KNEE + side]
    return _given(name, _angle(thigh, shank), body)


def _side(shot: Shot, *, kicking: bool) -> int | str:
    """0 for the left leg, 1 for the right, or why it cannot be told."""
    foot = call(shot)
    if foot.foot is Foot.UNSURE:
        return foot.why
    return int((foot.foot is Foot.RIGHT) == kicking)


def _body(shot: Shot, *needed: int) -> Floats | str:
    """(33, 3) metres at contact, or why there is none."""
    if shot.kick_frame is None:
        return shot.kick_why_not or "No kick was seen."
    row = shot.pose.at(shot.kick_frame) if shot.pose is not None else None
    if shot.pose is None or row is None:
        return "No body was found at contact."
    if shot.pose.visibility[row, list(needed)].min() < SEEN:
        return "A joint that this angle needs is hidden at contact."
    return np.asarray(shot.pose.world_m[row])


def _angle(a: Floats, b: Floats) -> float:
    cosine = float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def _given(name: str, value: float, body: Floats) -> Measure:
    hips = body[HIP + 1] - body[HIP]
    # 0: the hips' line points at the camera, so the swing is seen from the side; 1: seen from front or behind.
    turned = abs(float(hips[0])) / max(float(np.hypot(hips[0], hips[2])), 1e-6)
    half = TO_90_PERCENT * (SIDE_ON_SD_DEG + (TURNED_SD_DEG - SIDE_ON_SD_DEG) * min(1.0, turned / np.sin(np.pi / 4)))
    lowest, highest = LIMITS[name]
    low, high = max(value - half, lowest), min(value + half, highest)
    return Measure(name, "deg", value, low, high, "MediaPipe world landmarks at contact")


def _withheld(name: str, why: str) -> Measure:
    return Measure(name, "deg", None, method="MediaPipe world landmarks at contact", why_not=why)
