"""Shot -> FootCall: which foot struck the ball.

The body in metres tells: with each foot as the striking one it is fitted to the pictures, and how much better one
explains them is P(left). See `kicky.body`.
"""

from __future__ import annotations

import numpy as np

from ..domain import Foot, FootCall, Shot
from ..kick import struck_at
from .legs import ANKLES

SURE = 0.8


def call(shot: Shot) -> FootCall:
    """Shot with its body -> the foot that struck; unsure where both explain the pictures, or none was seen."""
    body = shot.body
    if body is None:
        return FootCall(Foot.UNSURE, 0.5, shot.body_why_not or "The body was not worked out.")
    if max(body.p_left, 1 - body.p_left) < SURE:
        why = "Either foot explains what is seen: a swing of the left leg from here looks like one of the right."
        return FootCall(Foot.UNSURE, body.p_left, why)
    foot, other = (Foot.LEFT, "right") if body.p_left > 0.5 else (Foot.RIGHT, "left")
    return FootCall(foot, body.p_left, f"The {foot} leg swings through the ball while the {other} foot stands.")


def nearer(shot: Shot) -> Foot:
    """Shot -> the foot whose ankle is nearer the ball at contact: the article's rule, kept to compare with."""
    pose, kick = shot.pose, shot.kick_frame
    row = pose.at(kick) if pose is not None and kick is not None else None
    if pose is None or kick is None or row is None:
        return Foot.UNSURE
    spot = struck_at(shot).px
    # Contact falls between the last frame at rest and the next, so both count.
    ankles = pose.landmarks_px[row : row + 2, list(ANKLES)]
    left, right = np.nanmean(np.linalg.norm(ankles - spot, axis=2), axis=0)
    return Foot.LEFT if left < right else Foot.RIGHT
