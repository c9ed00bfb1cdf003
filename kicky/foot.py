"""Shot -> FootCall: which foot struck the ball."""

from __future__ import annotations

import numpy as np

from .domain import Foot, FootCall, Shot

LEFT_ANKLE, RIGHT_ANKLE = 27, 28
SEEN = 0.3  # below this visibility MediaPipe guesses where the ankle is
SOFTNESS = 0.25  # ankles that differ in distance by this share of their sum give odds of e to 1
SURE = 0.6


def call(shot: Shot) -> FootCall:
    """Shot -> the foot whose ankle is nearer the ball at contact (source: the article)."""
    if shot.kick_frame is None:
        return FootCall(Foot.UNSURE, 0.5, shot.kick_why_not or "No kick was seen.")
    row = shot.pose.at(shot.kick_frame) if shot.pose is not None else None
    if shot.pose is None or row is None:
        return FootCall(Foot.UNSURE, 0.5, "No body was found at contact.")
    ankles = shot.pose.landmarks_px[row, [LEFT_ANKLE, RIGHT_ANKLE]]
    if shot.pose.visibility[row, [LEFT_ANKLE, RIGHT_ANKLE]].min() < SEEN:
        return FootCall(Foot.UNSURE, 0.5, "An ankle is hidden at contact.")
    spot = shot.ball.centre_px[shot.ball.nearest_seen(shot.kick_frame)]
    left, right = np.linalg.norm(ankles - spot, axis=1)
    p_left = float(1 / (1 + np.exp((left - right) / (left + right + 1e-6) / SOFTNESS)))
    if max(p_left, 1 - p_left) < SURE:
        return FootCall(Foot.UNSURE, p_left, "Both ankles are about as near the ball at contact.")
    foot = Foot.LEFT if p_left > 0.5 else Foot.RIGHT
    return FootCall(foot, p_left, f"The {foot} ankle is nearer the ball at contact.")
