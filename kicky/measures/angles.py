"""How the body stands at contact: joint angles in the plane of the picture, each with its interval.

What a picture shows of a bend is right when the leg swings across it and wrong when it swings towards the camera, so
an interval widens with the angle between the camera and the plane of motion; with how few pixels tall the player is;
and with how fast the joint turns while the moment of contact is known to a part of a frame only. The figures behind
it: docs/results.md (rendered film), above a floor that no single camera has gone under (6.4° against inertial
sensors with the body side-on: Cosoli 2026).
"""

from __future__ import annotations

import numpy as np

from ..domain import Foot, Measure, Shot
from ..foot import call
from ..swing import Swing, swing
from .flown import Z_90

UNFIT_DEG = 50.0  # farther than this from side-on a picture says little about a bend
LEAST_PX = 60.0  # a grown-up less tall than this in the picture has no joints to measure
FLOOR_DEG = 6.4
SEEN = 0.5  # MediaPipe's own visibility below which a joint is a guess
LIMITS = {
    "kicking_knee": (0.0, 180.0),
    "support_knee": (0.0, 180.0),
    "trunk_lean": (-90.0, 90.0),
    "hip_drive": (-180.0, 180.0),
}
METHOD = "MediaPipe landmarks in the picture's plane at contact"


def kicking_knee(shot: Shot) -> Measure:
    """Shot -> inner angle hip-knee-ankle of the kicking leg at contact; 180 is straight."""
    return _at_contact(shot, "kicking_knee")


def support_knee(shot: Shot) -> Measure:
    """Shot -> inner angle hip-knee-ankle of the standing leg at contact; 180 is straight."""
    return _at_contact(shot, "support_knee")


def trunk_lean(shot: Shot) -> Measure:
    """Shot -> how far mid-shoulders are forward of mid-hips at contact, against the vertical; negative leans back."""
    return _at_contact(shot, "trunk_lean")


def hip_drive(shot: Shot) -> Measure:
    """Shot -> how far the kicking thigh has swung forward of straight down at contact; negative is still behind."""
    return _at_contact(shot, "hip_drive")


def _at_contact(shot: Shot, name: str) -> Measure:
    swung = told(shot)
    return _withheld(name, swung) if isinstance(swung, str) else at_contact(swung, name)


def at_contact(swung: Swing, name: str) -> Measure:
    """Swing, angle -> what it is at contact; withheld where no frame about it shows the joints."""
    value, rate = swung.at_contact(name)
    if not np.isfinite(value):
        return _withheld(name, "The joints that this angle needs were not seen at contact.")
    return Measure(name, "deg", value, *interval(swung, name, value, rate), METHOD)


def interval(swung: Swing, name: str, value: float, rate_deg_s: float) -> tuple[float, float]:
    """Swing, angle, its value, how fast it turns -> where the true one is nine times in ten, degrees."""
    half = Z_90 * deviation(swung, name, rate_deg_s)
    lowest, highest = LIMITS[name]
    return max(value - half, lowest), min(value + half, highest)


def told(shot: Shot) -> Swing | str:
    """Shot -> its swing, or why no angle can be read off it."""
    foot = call(shot)
    if foot.foot is Foot.UNSURE:
        return foot.why
    swung = swing(shot)
    if swung is None:
        return "The body was seen in too few frames around contact."
    if swung.person_px < LEAST_PX:
        return f"The player is about {swung.person_px:.0f} pixels tall: film from nearer, or use the longer lens."
    if swung.way is None:
        return "The ball was not seen to leave, so the angle between the camera and the swing is not known."
    if swung.way.off_deg > UNFIT_DEG:
        where = "behind" if swung.way.away > 0 else "the front"
        return f"Filmed from {where}, where a bend hardly shows: film from the side to have the angles."
    return swung


def deviation(swung: Swing, name: str, rate_deg_s: float) -> float:
    """Swing, angle, how fast it turns at contact -> 1 s.d. in degrees of what the picture says."""
    assert swung.way is not None
    base, per_off, pixels = DEVIATION[name]
    off = np.hypot(swung.way.off_deg, swung.way.sigma_deg)
    parts = (base, per_off * off, pixels / swung.person_px, rate_deg_s * swung.contact_sd_s)
    return max(FLOOR_DEG, float(np.linalg.norm(parts)))


# Degrees side-on, degrees a degree off it, degrees times pixels of a grown-up's height. Fitted on 96 rendered shots.
DEVIATION = {
    "kicking_knee": (7.0, 0.2, 600.0),
    "support_knee": (9.0, 0.25, 600.0),
    "trunk_lean": (5.0, 0.15, 400.0),
    "hip_drive": (12.0, 0.5, 600.0),
}


def _withheld(name: str, why: str) -> Measure:
    return Measure(name, "deg", None, method=METHOD, why_not=why)
