"""Where the standing foot stands from the ball at contact: beside it, and behind it along the shot's way.

The ball that lies there is the ruler: it is as far from the camera as the foot. Beside shows from behind or in front,
behind shows from the side; what the other one hides in the view is taken from people's usual stance.
"""

from __future__ import annotations

import numpy as np

from ..domain import Foot, Measure, Shot
from ..foot import BEHIND_M, BESIDE_M, aside_m, call
from ..heading import heading
from ..kick import struck_at
from ..legs import legs
from ..rules2d import BALL_M
from .flown import Z_90

LEAST_SHOWN = 0.7  # of a length: less of it than this lies across the picture
STANCE_SD_M = 0.08  # how people vary in what the view hides (Scurr & Hall 2009)
FOOT_SD_M = 0.05  # the middle of a foot by ankle, heel and toe, and where in the ball's width it is
LEAST_BALL_PX, BALL_SD_PX = 6.0, 0.7
METHOD = "MediaPipe's standing foot beside the lying ball, the ball as ruler"


def plant_aside(shot: Shot) -> Measure:
    """Shot -> metres from the ball's middle to the standing foot's, across the shot's way."""
    return _plant(shot, "plant_aside")


def plant_behind(shot: Shot) -> Measure:
    """Shot -> metres by which the standing foot is behind the ball along the shot's way; negative is ahead of it."""
    return _plant(shot, "plant_behind")


def _plant(shot: Shot, name: str) -> Measure:
    foot, way = call(shot), heading(shot)
    found = legs(shot)
    if foot.foot is Foot.UNSURE or found is None or shot.kick_frame is None:
        return _withheld(name, foot.why)
    if way is None:
        return _withheld(name, "The ball was not seen to leave, so the way of the shot is not known.")
    spot = struck_at(shot)
    ball_px = spot.diameter_px
    if ball_px < LEAST_BALL_PX:
        return _withheld(name, f"The ball is {ball_px:.0f} pixels wide: too few to measure by.")
    turn = np.radians(way.turn_deg)
    shown, hidden = np.cos(turn), np.sin(turn)
    if name == "plant_behind":
        shown, hidden = hidden, shown
    if abs(shown) < LEAST_SHOWN:
        return _withheld(name, f"It does not show from here: film from {SEEN_FROM[name]} to have it.")
    # Across the picture: behind * -sin(turn), and beside * cos(turn), to the left for a right foot's kick.
    side = 1.0 if foot.foot is Foot.LEFT else -1.0
    across = aside_m(shot, found)
    if name == "plant_aside":
        value, other = side * (across + BEHIND_M * hidden) / shown, BEHIND_M
    else:
        value, other = -(across - side * BESIDE_M * hidden) / shown, BESIDE_M
    parts = (
        FOOT_SD_M / shown,
        spot.sigma_px / ball_px * BALL_M / shown,
        STANCE_SD_M * hidden / shown,
        value * BALL_SD_PX / ball_px,
        other * np.radians(way.sigma_deg) / shown,
    )
    half = Z_90 * float(np.linalg.norm(parts))
    return Measure(name, "m", float(value), float(value) - half, float(value) + half, METHOD)


SEEN_FROM = {"plant_aside": "behind or in front", "plant_behind": "the side"}


def _withheld(name: str, why: str) -> Measure:
    return Measure(name, "m", None, method=METHOD, why_not=why)
