"""Shot -> FootCall: which foot struck the ball.

Two things tell, and neither is the nearest ankle. The leg that swings has a label, left or right, in each frame, and
labels are wrong now and then. And the standing foot stands beside the ball: left of the way the shot goes when the
right foot strikes. Seen from behind or in front that side is plain in the picture whatever the labels say.
"""

from __future__ import annotations

import numpy as np

from .domain import Foot, FootCall, Pose, Shot
from .heading import ROUGH_DEG, Heading, heading
from .kick import struck_at
from .legs import ANKLES, Legs, legs
from .rules2d import BALL_M

# Where the standing foot is from the ball, beside the shot's way and behind it, in metres, and how that varies:
# Scurr & Hall 2009 give 0.33 and 0.10 m; the middle of ankle, heel and toe lies a hand's breadth nearer the ball.
BESIDE_M, BEHIND_M, SPREAD_M = 0.34, 0.05, 0.11
MOST_BALLS = 4.0  # farther from the ball than this nobody stands who strikes it
VOTES, ENOUGH_VOTES = 3.0, 6.0  # log odds of all frames agreeing on a label, once so many frames' worth have voted
MOST_SIDE = 5.0  # log odds that the standing foot's side may give
AGAINST, DOUBTED_SIDE = 0.1, 2.0
SURE = 0.8


def call(shot: Shot) -> FootCall:
    """Shot -> the foot that swung, by its label and by the side of the ball on which the other foot stood."""
    found = _legs(shot)
    if isinstance(found, str):
        return FootCall(Foot.UNSURE, 0.5, found)
    voted = VOTES * (2 * found.votes_left / found.votes - 1) * min(1.0, found.votes / ENOUGH_VOTES)
    stood = _side(shot, found, heading(shot))
    p_left = float(1 / (1 + np.exp(-voted - stood)))
    if max(p_left, 1 - p_left) < SURE:
        return FootCall(Foot.UNSURE, p_left, "The legs hide each other: which one swung cannot be told from this side.")
    foot, other, sign = (Foot.LEFT, "right", 1) if p_left > 0.5 else (Foot.RIGHT, "left", -1)
    if stood * sign > 1:
        return FootCall(foot, p_left, f"The {other} foot stands beside the ball and the {foot} leg swings past it.")
    return FootCall(foot, p_left, f"The {foot} leg swings while the {other} foot stands.")


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


def _legs(shot: Shot) -> Legs | str:
    """Shot -> its legs, or why the foot cannot be told."""
    if shot.kick_frame is None:
        return shot.kick_why_not or "No kick was seen."
    if shot.pose is None or not _seen(shot.pose):
        return "No body was found at contact."
    found = legs(shot)
    if found is None:
        return "The body was seen in too few frames around contact, or no foot of it stands still."
    spot = struck_at(shot)
    if np.linalg.norm(found.plant_px - spot.px) > MOST_BALLS * spot.diameter_px:
        return "Nobody is seen to stand beside the ball at contact."
    if found.votes == 0:
        return "The legs are never seen apart around contact."
    return found


def _seen(pose: Pose) -> bool:
    return bool(np.isfinite(pose.landmarks_px).any())


def _side(shot: Shot, found: Legs, way: Heading | None) -> float:
    """-> log odds for the left foot, by where the other one stands; 0 where that cannot be seen."""
    if way is None or shot.kick_frame is None:
        return 0.0
    across = aside_m(shot, found)
    turn = np.radians(way.turn_deg)
    behind = -BEHIND_M * np.sin(turn)
    left, right = behind + BESIDE_M * np.cos(turn), behind - BESIDE_M * np.cos(turn)
    spot = struck_at(shot)
    doubts = (SPREAD_M, BESIDE_M * np.sin(turn) * np.radians(way.sigma_deg), spot.sigma_px / spot.diameter_px * BALL_M)
    spread = np.linalg.norm(doubts)
    odds = ((across - right) ** 2 - (across - left) ** 2) / (2 * spread**2)
    # A way read off the ball alone may be the wrong way round; a body that is seen to face against it says so.
    doubted = way.sigma_deg >= ROUGH_DEG and found.right_of_left * way.away < -AGAINST
    most = DOUBTED_SIDE if doubted else MOST_SIDE
    return float(np.clip(odds, -most, most))


def aside_m(shot: Shot, found: Legs) -> float:
    """Shot, its legs -> metres from the lying ball to the standing foot across the picture, positive to the right."""
    spot = struck_at(shot)
    return float(found.plant_px[0] - spot.px[0]) / spot.diameter_px * BALL_M
