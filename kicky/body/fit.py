"""Shot -> its shooter's body in metres, by everything that is known of it at once: see docs/decisions/body.md."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .. import camera as lens
from ..domain import Body, Floats, Shot
from . import splines
from .descent import Solution, best
from .evidence import Evidence, gathered
from .skeleton import MARKS

SINCE_S = np.linspace(-0.32, 0.32, 33)
BEYOND_S = 0.01  # the first and last frame that show the body
SAMPLES, SPREAD = 64, 1.15  # by how much the intervals are wider than the curvature says: on the even drawn clips
ODDS_SHARE, MOST_ODDS = 0.35, 3.0  # what a squared deviation less is worth in log odds: looks err together


def fitted(shot: Shot) -> Shot:
    """Shot with its pose -> the same with the shooter's body, or why there is none.

    Both feet are tried as the striking one, from each way the shot may go; how much better one explains the pictures,
    and what the landmarks are called, is P(left).
    """
    told = gathered(shot)
    if isinstance(told, str):
        return replace(shot, body=None, body_why_not=told)
    right, left = best(told)
    if not np.isfinite(right.cost + left.cost):
        return replace(shot, body=None, body_why_not="What was seen of the body does not fit together.")
    odds = float(np.clip(ODDS_SHARE * (right.cost - left.cost), -MOST_ODDS, MOST_ODDS)) + told.label_odds
    p_left = float(1 / (1 + np.exp(-odds)))
    return replace(shot, body=_body(shot, told, left if odds > 0 else right, p_left), body_why_not="")


def with_body(shot: Shot) -> Shot:
    """Shot -> the same with its body, fitted now where an older program left it out."""
    return shot if shot.body is not None or shot.body_why_not else fitted(shot)


def _body(shot: Shot, told: Evidence, found: Solution, p_left: float) -> Body:
    moments = SINCE_S[(told.since_s[0] - BEYOND_S <= SINCE_S) & (told.since_s[-1] + BEYOND_S >= SINCE_S)]
    likely, free = found.samples(moments, SAMPLES, SPREAD)
    ahead, _ = found.residuals.ways(free[:, 6])
    whole = np.concatenate([found.joints(moments), _arms(shot, told, found, moments)], axis=1)
    return Body(moments, whole, likely, np.arctan2(ahead[:, 1], ahead[:, 0]), told.ball_m, told.camera, p_left)


ARMS = ((13, 14), (15, 16), (7, 8))
"""Landmarks of elbows, wrists and ears, left and right."""


def _arms(shot: Shot, told: Evidence, found: Solution, moments: Floats) -> Floats:
    """-> (n, 5, 3) elbows, wrists and head: on their lines of sight, as much deeper than the hips as is guessed."""
    assert shot.pose is not None
    side = np.where(told.upper_left, 0, 1)
    marks = np.stack([np.array(pair)[of] for pair in ARMS for of in (side, 1 - side)], axis=1)
    px, deep = shot.pose.landmarks_px[told.rows[:, None], marks], shot.pose.world_m[told.rows[:, None], marks, 2]
    hips = shot.pose.world_m[told.rows][:, list(MARKS["hip"]), 2].mean(axis=1, keepdims=True)
    forward = lens.rotation(told.camera)[2]
    base = (found.joints(told.since_s)[:, 2:4].mean(axis=1) - told.camera[lens.PLACE]) @ forward
    depth = base[:, None] + found.residuals.mirror * (deep - hips)
    rays = lens.rays(np.broadcast_to(told.camera, (len(px), 7)), px, told.size_wh_px)
    places = told.camera[lens.PLACE] + depth[..., None] * rays
    curves = splines.through(told.since_s, told.weight, places.reshape(len(px), -1))
    both = (splines.rows(moments) @ curves).reshape(len(moments), 6, 3)
    return np.concatenate([both[:, :4], both[:, 4:].mean(axis=1, keepdims=True)], axis=1)
