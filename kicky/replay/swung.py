"""Shot -> its shooter: the body's joints through the swing where the film has them, and which of them are a guess."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..body.evidence import Evidence
from ..body.skeleton import CORE
from ..domain import BODY_JOINTS, Bools, Floats, Shot
from .phone import DIGITS, axes, moved

CLEARLY, NEAR_S = 0.5, 0.05  # visibility from which on a joint counts as seen, and how near in time to the moment
LIKELY = 6


def placed(shot: Shot, phone: Floats, ball_m: Floats) -> Floats:
    """Shot with its body, the replay's camera, where that has the ball -> (n, 15, 3) the body beside that ball."""
    assert shot.body is not None
    return moved(shot.body.joints_m, shot.body.camera, shot.body.ball_m, phone, ball_m)


def shooter(shot: Shot, phone: Floats, ball_m: Floats, told: Evidence | None) -> dict[str, Any]:
    """Shot, the camera, the ball, what was seen of the body -> its joints, how sure, and which were seen."""
    body = shot.body
    nothing: dict[str, Any] = {
        "t": [], "joints": [], "sigma": [], "seen": [], "likely": [], "kicks_left": False, "why_not": ""
    }  # fmt: skip
    if body is None:
        return nothing | {"why_not": shot.body_why_not or "The body was not worked out."}
    joints = placed(shot, phone, ball_m)
    drawn = body.samples_m[np.unique(np.linspace(0, len(body.samples_m) - 1, LIKELY).round().astype(int)), body.contact]
    sigma = np.linalg.norm(body.samples_m.std(axis=0), axis=2)
    return nothing | {
        "t": np.round(body.since_s, 4).tolist(), "joints": axes(joints),
        "sigma": np.round(sigma, DIGITS).tolist(), "seen": seen(body.since_s, told).astype(int).tolist(),
        "likely": axes(moved(drawn, body.camera, body.ball_m, phone, ball_m)), "kicks_left": body.p_left > 0.5,
    }  # fmt: skip


def seen(since_s: Floats, told: Evidence | None) -> Bools:
    """(n,) moments, what was seen -> (n, 15) whether each joint was; how deep arms and head lie is a guess."""
    found = np.zeros((len(since_s), len(BODY_JOINTS)), dtype=bool)
    if told is None:
        return found
    nearest = np.abs(since_s[:, None] - told.since_s).argmin(axis=1)
    near = np.abs(since_s - told.since_s[nearest]) <= NEAR_S
    found[:, :CORE] = (told.shown[nearest] >= CLEARLY) & near[:, None]
    return found
