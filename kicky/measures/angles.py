"""How the body is at contact and through the swing: read off the body in metres, each with its interval.

No view is asked for. An angle that the pictures say something about is given with all its doubt; one that they leave as
open as it was before anybody looked is withheld. The figures behind it: docs/results.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from .. import kick
from ..camera import PLACE
from ..domain import Body, Floats, Measure, Shot
from .flown import Z_90
from .reading import ANGLES, DISTANCES, Swung, swung

METHOD = "body: joints in metres at contact, fitted to MediaPipe's landmarks, the ball and the ground"
SWINGS = "body: joints in metres through the swing"
# 1 s.d. by which people differ before anybody has looked, degrees and metres: what the fit sets out from.
USUAL_SD = {
    "kicking_knee": 20.0, "support_knee": 20.0, "trunk_lean": 20.0, "trunk_side": 20.0, "hip_drive": 22.0,
    "hip_abduction": 18.0, "swing_plane": 16.0, "pelvis_tilt": 10.0, "shoulder_tilt": 14.0, "approach": 20.0,
    "plant_aside": 0.12, "plant_behind": 0.14, "follow_across": 0.25, "follow_height": 0.35, "last_step": 0.4,
}  # fmt: skip
LEARNT = 0.95  # of that: with more left open, looking has told nothing
# 1 s.d. more of a number that lies along the line of sight: a limb that leans towards the camera looks shorter,
# and whether it leans or is short is a question with two answers, which a spread about one of them does not tell.
HIDDEN = {
    **dict.fromkeys(("kicking_knee", "support_knee"), ("ahead", 6.0)),
    "trunk_lean": ("ahead", 8.0), "hip_drive": ("ahead", 14.0),
    **dict.fromkeys(("trunk_side", "hip_abduction", "swing_plane", "pelvis_tilt", "shoulder_tilt"), ("out", 8.0)),
    "plant_behind": ("ahead", 0.07), "plant_aside": ("out", 0.07),
}  # fmt: skip
LIMITS = {"kicking_knee": (0.0, 180.0), "support_knee": (0.0, 180.0)}
FLOOR = {"deg": 3.0, "m": 0.02}  # 1 s.d. of where a landmark is by its maker's own idea of a joint
NOTHING = "This view leaves it open: it does not show here."
FOLLOWS_S = 0.02  # from then on it is the follow-through
STEPS_S = (-0.26, -0.12)  # the run-up's last step
AT_LEAST_S = 0.2  # of the follow-through that must be seen


def _at_contact(name: str, unit: str, reads: Mapping[str, Callable[[Swung], Floats]]) -> Callable[[Shot], Measure]:
    def measure(shot: Shot) -> Measure:
        body = shot.body
        if body is None:
            return _withheld(name, unit, METHOD, why_none(shot))
        found = swung(body)
        values = reads[name](found)
        here = values[:, body.contact]
        moves = float(np.abs(np.gradient(values.mean(axis=0), body.since_s)[body.contact]))
        return _given(
            name, unit, METHOD, here, float(np.hypot(moves * kick.contact(shot)[1], _hidden(name, body, found)))
        )

    measure.__doc__ = f"Shot -> {name} at contact, see MEANINGS and `reading`."
    return measure


kicking_knee = _at_contact("kicking_knee", "deg", ANGLES)
support_knee = _at_contact("support_knee", "deg", ANGLES)
trunk_lean = _at_contact("trunk_lean", "deg", ANGLES)
trunk_side = _at_contact("trunk_side", "deg", ANGLES)
hip_drive = _at_contact("hip_drive", "deg", ANGLES)
hip_abduction = _at_contact("hip_abduction", "deg", ANGLES)
swing_plane = _at_contact("swing_plane", "deg", ANGLES)
pelvis_tilt = _at_contact("pelvis_tilt", "deg", ANGLES)
shoulder_tilt = _at_contact("shoulder_tilt", "deg", ANGLES)
plant_aside = _at_contact("plant_aside", "m", DISTANCES)
plant_behind = _at_contact("plant_behind", "m", DISTANCES)


def approach(shot: Shot) -> Measure:
    """Shot -> degrees between the run-up's last step and the shot's way, above 0 from the standing side."""

    def read(s: Swung, since: Floats) -> Floats:
        hips = s.middle("hip")[:, since <= STEPS_S[1]]
        way = hips[:, -1] - hips[:, 0]
        turn = np.exp(1j * np.arctan2((way * s.out[:, 0]).sum(axis=-1), (way * s.ahead[:, 0]).sum(axis=-1)))
        middle = np.angle(turn.mean())  # a turn of nearly 180° one way and the other are near each other
        return np.asarray(np.degrees(middle + np.angle(turn * np.exp(-1j * middle))))

    return _through(shot, "approach", "deg", STEPS_S, read)


def follow_across(shot: Shot) -> Measure:
    """Shot -> metres by which the kicking foot passes across the body at most after contact, towards the other side."""

    def read(s: Swung, since: Floats) -> Floats:
        foot = s.at("kicking ankle") - s.middle("hip")
        return np.asarray((-(foot * s.out).sum(axis=-1)[:, since >= FOLLOWS_S]).max(axis=1))

    return _through(shot, "follow_across", "m", (0.0, AT_LEAST_S), read)


def follow_height(shot: Shot) -> Measure:
    """Shot -> how high the kicking ankle comes after contact, metres above the ground."""

    def read(s: Swung, since: Floats) -> Floats:
        return np.asarray(s.at("kicking ankle")[:, since >= FOLLOWS_S, 2].max(axis=1))

    return _through(shot, "follow_height", "m", (0.0, AT_LEAST_S), read)


def last_step(shot: Shot) -> Measure:
    """Shot -> metres on the ground from where the kicking foot last stood to where the standing foot is planted."""

    def read(s: Swung, since: Floats) -> Floats:
        way = (s.at("standing ankle")[:, np.abs(since).argmin()] - s.at("kicking ankle")[:, 0])[:, :2]
        return np.asarray(np.linalg.norm(way, axis=1))

    return _through(shot, "last_step", "m", (-0.27, 0.0), read)


def _through(
    shot: Shot, name: str, unit: str, seen_s: tuple[float, float], read: Callable[[Swung, Floats], Floats]
) -> Measure:
    """Shot, name, unit, from when to when it must be seen, what reads it -> the measure."""
    body = shot.body
    if body is None:
        return _withheld(name, unit, SWINGS, why_none(shot))
    if body.since_s[0] > seen_s[0] + 0.02 or body.since_s[-1] < seen_s[1] - 0.02:
        when = "before the kick" if seen_s[0] < 0 else "after the kick"
        return _withheld(name, unit, SWINGS, f"The body was not seen for long enough {when}.")
    return _given(name, unit, SWINGS, read(swung(body), body.since_s), 0.0)


def _hidden(name: str, body: Body, found: Swung) -> float:
    """Number, body, the same as it is read -> 1 s.d. of what the line of sight hides of it, in its own unit."""
    axis, most = HIDDEN[name]
    sight = body.ball_m - body.camera[PLACE]
    way = np.median(getattr(found, axis)[:, 0], axis=0)
    return most * abs(float(sight @ way)) / float(np.linalg.norm(sight))


def _given(name: str, unit: str, method: str, values: Floats, more_sd: float) -> Measure:
    """Likely values, 1 s.d. of what they leave out -> the measure, or that looking told nothing."""
    value = float(np.median(values))
    sd = float(np.linalg.norm([values.std(), more_sd, FLOOR[unit]]))
    if sd > LEARNT * USUAL_SD[name]:
        return _withheld(name, unit, method, NOTHING)
    low, high = LIMITS.get(name, (-np.inf, np.inf))
    return Measure(name, unit, value, max(value - Z_90 * sd, low), min(value + Z_90 * sd, high), method)


def why_none(shot: Shot) -> str:
    """Shot without a body -> the reason."""
    return shot.body_why_not or "The body was not worked out."


def curves(body: Body) -> dict[str, tuple[Floats, Floats, Floats]]:
    """Body -> each angle through the swing: (n,) its value, and between which it lies nine times in ten."""
    read, found = swung(body), {}
    for name, angle in ANGLES.items():
        values = angle(read)
        value = np.median(values, axis=0)
        half = Z_90 * np.sqrt(values.var(axis=0) + FLOOR["deg"] ** 2 + _hidden(name, body, read) ** 2)
        low, high = LIMITS.get(name, (-np.inf, np.inf))
        found[name] = (value, np.maximum(value - half, low), np.minimum(value + half, high))
    return found


def _withheld(name: str, unit: str, method: str, why: str) -> Measure:
    return Measure(name, unit, None, method=method, why_not=why)
