"""Body -> out of the picture before and after: comes in with the ball, lays it down; goes after it, carries it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..domain import Floats
from .camera import Camera
from .physics import BALL_RADIUS_M, STEP_S
from .player import ANKLE, JOINT, Arm, Body, Curve, Leg, curve
from .waiting import before, stepping

BEAT_S, JOG_M, BACK_M = 0.3, 0.85, 0.4  # a step; how far one goes with it, jogging and walking backwards
BESIDE_M = 0.62  # from the ball to the pelvis of who lays it down or picks it up
DOWN_BEATS, LOW = 4, 0.36  # down at the ball; the pelvis then, as a share of the body's height
PASSES_S = 0.35  # from the hand to the ground or back
OUT_M = 1.2  # so far beyond the picture's edge nothing of a body is seen


@dataclass(frozen=True, eq=False, slots=True)
class Carried:
    """A body, from when to when it is in the picture (s from its zero), and the ball's places in its hand.

    `rows_m` (n, 3) follow each other each STEP_S; they end at `until_s` or begin there.
    """

    body: Body
    at_s: float
    rows_m: Floats


def outside(camera: Camera, spot_m: Floats) -> Floats:
    """A place on the ground -> the nearest as far off the phone that the picture does not show."""
    right, _, deep = camera.eye(spot_m)
    half = deep * camera.size_wh_px[0] / 2 / camera.focal_px + OUT_M
    return np.asarray(spot_m + camera.rotation[0] * ((half if right >= 0 else -half) - right))


def comes(body: Body, camera: Camera, ball_m: Floats, stays_s: float) -> Carried:
    """Body that stands still before `stays_s`, where the ball will lie -> comes in with it, lays it down, walks back.

    `at_s` is when it is outside yet, `rows_m` end at the body's zero.
    """
    centre, ball = before_xy(body, stays_s), _local(body, ball_m)
    near = _beside(ball, centre)
    back = _steps(centre, near, BACK_M)
    into = _steps(near, _local(body, outside(camera, ball_m)), JOG_M)
    spots = [centre, *back, *[near] * (DOWN_BEATS - 1), *into]
    laid_s = stays_s - BEAT_S * len(back)
    down_s = laid_s - BEAT_S * DOWN_BEATS
    came = stepping(body, stays_s, stays_s, spots, BEAT_S)
    yaw = float(body.yaw_deg(np.array([stays_s]))[0])
    turned = [(laid_s - BEAT_S, yaw), (down_s - BEAT_S, _yaw_deg(near - into[-1]))]
    came = replace(
        came,
        pelvis=_dipped(came.pelvis, down_s, laid_s, LOW * body.height_m),
        yaw_deg=before(body.yaw_deg, stays_s, turned),
        shoulder_yaw_deg=before(body.shoulder_yaw_deg, stays_s, turned),
        lean_deg=before(body.lean_deg, stays_s, _bow(down_s, laid_s)),
    )
    at_s = stays_s - BEAT_S * len(spots)
    return Carried(came, at_s, _in_hand(came, np.arange(at_s, 0.0, STEP_S), ball_m, laid_s - 2 * BEAT_S, lays=True))


def goes(body: Body, camera: Camera, ball_m: Floats | None, stays_s: float, not_before_s: float) -> Carried:
    """Body that stands still after `stays_s`, where the ball lies (None: out of sight) -> out, with the ball in hand.

    It is there `not_before_s`. `at_s` is when it is outside, `rows_m` begin at `not_before_s`.
    """
    centre = before_xy(body, stays_s)
    fetch = [] if ball_m is None else _steps(centre, _beside(_local(body, ball_m), centre), JOG_M)
    last = fetch[-1] if fetch else centre
    leave = _steps(last, _local(body, outside(camera, _world(body, last))), JOG_M)
    waits_s = max(stays_s, not_before_s - BEAT_S * len(fetch))
    spots = [centre, *fetch, *([last] * DOWN_BEATS if fetch else []), *leave]
    there_s = waits_s + BEAT_S * len(fetch)
    turned = [(waits_s + BEAT_S, _yaw_deg(fetch[-1] - centre))] if fetch else []
    turned.append((there_s + BEAT_S * (DOWN_BEATS + 1 if fetch else 1), _yaw_deg(leave[-1] - last)))
    went = _onward(body, waits_s, spots)
    if fetch:
        rises_s = there_s + DOWN_BEATS * BEAT_S
        went = replace(
            went,
            pelvis=_dipped(went.pelvis, there_s, rises_s, LOW * body.height_m),
            lean_deg=_after(body.lean_deg, waits_s, _bow(there_s, rises_s)),
        )
    went = replace(
        went,
        yaw_deg=_after(body.yaw_deg, waits_s, turned),
        shoulder_yaw_deg=_after(body.shoulder_yaw_deg, waits_s, turned),
    )
    at_s = waits_s + BEAT_S * len(spots)
    rows = np.zeros((0, 3))
    if ball_m is not None:
        rows = _in_hand(went, np.arange(not_before_s, at_s, STEP_S), ball_m, there_s + 2 * BEAT_S, lays=False)
    return Carried(went, at_s, rows)


def before_xy(body: Body, at_s: float) -> Floats:
    """Body, second -> where its pelvis is over the ground, in its own frame."""
    return np.asarray(body.pelvis(np.array([at_s]))[0, :2])


def _local(body: Body, spot_m: Floats) -> Floats:
    off = np.asarray(spot_m)[:2] - body.origin_m[:2]
    return np.array([off @ body.ahead[:2], off @ [-body.ahead[1], body.ahead[0]] * body.side])


def _world(body: Body, spot: Floats) -> Floats:
    aside = np.array([-body.ahead[1], body.ahead[0], 0.0]) * body.side
    return np.asarray(body.origin_m + spot[0] * body.ahead + spot[1] * aside)


def _yaw_deg(way: Floats) -> float:
    return float(np.degrees(np.arctan2(way[1], way[0])))


def _beside(ball: Floats, stand: Floats) -> Floats:
    """-> the place at the ball for who comes from, or goes back to, that stand."""
    way = stand - ball
    return np.asarray(ball + way * BESIDE_M / max(float(np.linalg.norm(way)), BESIDE_M))


def _steps(here: Floats, there: Floats, step_m: float) -> list[Floats]:
    """-> the places between, the last included, a step apart."""
    count = max(1, round(float(np.linalg.norm(there - here)) / step_m))
    return [here + (there - here) * (k + 1) / count for k in range(count)]


def _bow(down_s: float, up_s: float) -> list[tuple[float, ...]]:
    return [(down_s - BEAT_S, 6.0), (down_s + BEAT_S, 60.0), (up_s - BEAT_S, 60.0), (up_s, 4.0)]


def _dipped(part: Curve, down_s: float, up_s: float, low_m: float) -> Curve:
    """Path of the pelvis -> the same, low in between."""
    keys = np.column_stack([part.key_s, part(part.key_s)])
    keys = keys[(keys[:, 0] <= down_s + 1e-6) | (keys[:, 0] >= up_s - 1e-6)]
    times = np.array([down_s + BEAT_S, up_s - BEAT_S])
    low = np.column_stack([times, part(times)])
    low[:, 3] = low_m
    return curve(*map(tuple, np.vstack([keys, low]).tolist()))


def _after(part: Curve, at_s: float, keys: Sequence[tuple[float, ...]]) -> Curve:
    """Curve, keys -> the curve up to `at_s`, the keys after."""
    held = [(t, *np.atleast_1d(part(np.array([t]))[0]).tolist()) for t in (*part.key_s[part.key_s < at_s], at_s)]
    return curve(*held, *(key for key in keys if key[0] > at_s + 1e-6))


def _onward(body: Body, at_s: float, spots: list[Floats]) -> Body:
    """Places of the pelvis, a beat apart -> the body jogs along them from then on."""
    low, up = ANKLE * body.height_m, float(body.pelvis(np.array([at_s]))[0, 2])
    legs: list[Leg] = []
    for which, leg in enumerate((body.kick_leg, body.support_leg)):
        foot = leg.ankle(np.array([at_s]))[0, :2]
        rest = 0.12 * np.array([0.0, 1 - 2 * which])
        keys: list[tuple[float, ...]] = []
        for k in range(which, len(spots), 2):
            to = spots[min(k + 1, len(spots) - 1)] + rest
            begin_s = at_s + BEAT_S * k
            keys += [
                (begin_s + 0.05, *foot, low), (begin_s + 0.5 * BEAT_S, *(0.5 * (foot + to)), low + 0.15),
                (begin_s + BEAT_S, *to, low),
            ]  # fmt: skip
            foot = to
        legs.append(Leg(_after(leg.ankle, at_s, keys), leg.point_deg))
    pelvis = [(at_s + BEAT_S * (k + 1), *spot, up) for k, spot in enumerate(spots)]
    swing = [(at_s + BEAT_S * (k + 1), 18.0 if k % 2 else -18.0) for k in range(len(spots))]
    arms = [
        Arm(_after(arm.forward_deg, at_s, [(t, sign * a) for t, a in swing]), arm.outward_deg, arm.elbow_deg)
        for arm, sign in ((body.kick_arm, 1.0), (body.support_arm, -1.0))
    ]
    return replace(
        body, pelvis=_after(body.pelvis, at_s, pelvis), kick_leg=legs[0], support_leg=legs[1], kick_arm=arms[0],
        support_arm=arms[1],
    )  # fmt: skip


def _in_hand(body: Body, time_s: Floats, ball_m: Floats, passes_s: float, lays: bool) -> Floats:
    """Body, times, where the ball lies, when it passes to or from the hand -> (n, 3) the ball."""
    names = ("right_wrist", "left_wrist") if body.side > 0 else ("left_wrist", "right_wrist")
    hand = body.joints(time_s)[:, JOINT[names[0]]] - [0, 0, BALL_RADIUS_M]
    share = np.clip((time_s - passes_s) / PASSES_S + 0.5, 0, 1)[:, None]
    on_ground = share if lays else 1 - share
    return np.asarray(hand * (1 - on_ground) + np.asarray(ball_m) * on_ground)
