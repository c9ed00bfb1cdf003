"""Flight, what followed -> the odds of goal and of each kind of miss.

Each sampled path is judged by itself: does it pass the mouth, and does the moment at which its free flight
ended (kink, or last sight) fit a net behind the mouth, open air beyond it, the frame, or a body before it.
No net is simulated: a kink may be anywhere within a net's depth, with the ball doing there what it likes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from ..domain import Flight, Floats, How
from .aftermath import NET_DEPTH_M, Aftermath

# Chosen on simulated tracks, seeds below 100000, and on real clips day <= 10 and night <= 21.
POST_GIVES_M = 0.045  # a ball whose centre passes this far inside the frame's edge still glances in (restitution 0.6)
UNMODELLED_M = 0.07  # 1 s.d. of the crossing beyond what the samples spread: lens, corners, goal's true size
SOFT_M = 0.4  # 1 s.d. of where a kink is along y, beyond what the samples spread
BEYOND_M = 12.0  # how far behind the goal a ball over or wide may meet something
BLOCKED = {True: 0.5, False: 0.01}  # share of shots that meet a body on the way: one stands there, or none is seen
BLOCK_REACH_M = 6.0
POST_REACH_M, POST_IN = 0.23, 0.25  # a centre so far outside still touches; of those that do, so many go in
BROAD = 0.1 / 20  # the share of kinks that are anywhere, per metre
# Velocity back from the goal after a kink, mean and spread: nets throw back 2 to 5 m/s or let the ball drop.
NET_MS, FRAME_MS, BODY_MS, BEYOND_MS = (1.5, 1.8), (6.0, 6.0), (3.0, 5.0), (-3.0, 7.0)
BEFORE_M, ONWARD_MS = 0.5, 3.0  # so far before the plane, and so fast towards it, nothing stopped the ball
MODEL_FAILS = 0.2  # chance that the flight is lost because the model left the ball, not because it was stopped
MOST_TRUSTED = 0.9  # of the rate at which the ball was seen: it is missed for reasons of its own near goal and net


@dataclass(frozen=True, slots=True)
class Odds:
    """P(goal), and the share of each way it may have ended; they sum to one."""

    goal: float
    parts: dict[How, float]


def margins_m(crossing: Floats, goal_size_m: tuple[float, float]) -> Floats:
    """(s, 3) time, x, z -> (s,) how far inside the frame's inner edge the ball's centre passes, negative outside."""
    width, height = goal_size_m
    return np.asarray(np.minimum(width / 2 - np.abs(crossing[:, 1]), height - crossing[:, 2]))


def weigh(flight: Flight, goal_size_m: tuple[float, float], after: Aftermath, woodwork: bool = True) -> Odds:
    """Flight, the goal's size, what followed -> Odds."""
    total = {how: float(share.mean()) for how, share in _shares(flight, goal_size_m, after, woodwork).items()}
    whole = sum(total.values())
    parts = {how: value / whole for how, value in total.items()}
    return Odds(parts[How.IN_NET], parts)


def likely(flight: Flight, goal_size_m: tuple[float, float], after: Aftermath) -> Floats:
    """Flight, the goal's size, what followed -> (s,) the share of each sampled path, however it ended.

    A ball that the net stops is there when it stops: that tells its speed better than the flight alone does.
    """
    share = np.sum(list(_shares(flight, goal_size_m, after).values()), axis=0)
    return np.asarray(share / share.sum())


def _shares(
    flight: Flight, goal_size_m: tuple[float, float], after: Aftermath, woodwork: bool = True
) -> dict[How, Floats]:
    """-> (s,) how likely each sampled path is, with each ending."""
    crossing = flight.crossing
    reaches = np.isfinite(crossing[:, 0])
    margin = np.where(reaches, margins_m(crossing, goal_size_m), -np.inf)
    inside = ndtr((margin - POST_GIVES_M) / UNMODELLED_M)
    touches = np.clip(ndtr((margin + POST_REACH_M) / UNMODELLED_M) - inside, 0.0, 1.0) * woodwork
    past = np.where(reaches, 1 - inside - touches, 0.0)
    fits = _likelihoods(flight, after)
    blocked = BLOCKED[after.near_body]
    return {
        How.IN_NET: (1 - blocked) * (inside * fits["net"] + POST_IN * touches * fits["frame_in"]),
        How.POST: (1 - blocked) * (1 - POST_IN) * touches * fits["frame"],
        How.OVER: (1 - blocked) * past * fits["beyond"],
        How.SHORT: (1 - blocked) * np.where(reaches, 0.0, 1.0) * fits["short"],
        How.SAVED: blocked * fits["body"],
    }


def _likelihoods(flight: Flight, after: Aftermath) -> dict[str, Floats]:
    """-> (s,) how well the end of the free flight, and what was seen then, fit each ending."""
    at = flight.rows(np.array([flight.until_s]))[0]
    y = flight.samples_m[:, at, 1] * np.sign(flight.samples_m[:, 0, 1])
    stays, leaves = _stays(after)
    if _went_on(after, float(np.median(y))):
        one = np.ones_like(y)
        return {"net": one * stays, "frame": one * leaves, "frame_in": one * stays, "beyond": one * leaves,
                "short": leaves * one, "body": 0.05 * one}  # fmt: skip
    if not after.kinked:
        on = _unseen(flight, after)  # it flew on to the plane and was not seen doing so
        kept = ndtr((y + NET_DEPTH_M) / SOFT_M) * 0.97 + 0.03  # still flying far behind the plane: in no net
        body = ndtr((y - 0.2) / SOFT_M) * ndtr(BLOCK_REACH_M - y)
        return {"net": on * kept * stays, "frame": on * leaves, "frame_in": on * kept * stays, "beyond": on * leaves,
                "short": on * leaves, "body": body * leaves}  # fmt: skip
    net = _rebounds(after, *NET_MS) * stays
    frame = _rebounds(after, *FRAME_MS) * leaves
    return {
        "net": (_box(y, -NET_DEPTH_M, 0.1) * 0.9 + BROAD) * net,
        "frame": (_box(y, -0.3, 0.3) * 0.9 + BROAD) * frame,
        "frame_in": (_box(y, -0.3, 0.3) * 0.9 + BROAD) * net,
        "beyond": (_box(y, -BEYOND_M, -0.5) * 0.9 + BROAD) * _rebounds(after, *BEYOND_MS) * leaves,
        "short": (_box(y, 0.0, 20.0) * 0.3 + BROAD) * _rebounds(after, *BODY_MS),
        "body": (_box(y, 0.2, BLOCK_REACH_M) * 0.9 + BROAD) * _rebounds(after, *BODY_MS) * leaves,
    }


def _went_on(after: Aftermath, y: float) -> bool:
    """-> was the ball, where its flight ended before the plane, seen to go on towards it: no more than a misfit."""
    if after.rebound_ms is None or y < BEFORE_M:
        return False
    measured, sigma = after.rebound_ms
    return measured + sigma < -ONWARD_MS


def _unseen(flight: Flight, after: Aftermath) -> Floats:
    """-> (s,) how likely a ball that goes on, to the plane or for good, is not seen to, at its usual rate."""
    plane_s = np.where(np.isfinite(flight.crossing[:, 0]), flight.crossing[:, 0], np.inf)
    count = (after.missed_s[None] < plane_s[:, None]).sum(axis=1)
    return np.asarray(np.maximum((1 - MOST_TRUSTED * after.usually) ** count, MODEL_FAILS))


def _rebounds(after: Aftermath, mean_ms: float, spread_ms: float) -> float:
    """How well the velocity after the kink fits an ending that usually gives this one."""
    if after.rebound_ms is None:
        return 1.0
    measured, sigma = after.rebound_ms
    wide = float(np.hypot(sigma, spread_ms))
    return float(np.exp(-0.5 * ((measured - mean_ms) / wide) ** 2) / wide) + 1e-3


def _stays(after: Aftermath) -> tuple[float, float]:
    """How well where it was seen afterwards fits a ball kept by the net, and one that is not."""
    return {None: (1.0, 1.0), True: (0.95, 0.45), False: (0.05, 0.55)}[after.stays]


def _box(y: Floats, low: float, high: float) -> Floats:
    """Uniform between, its edges softened by SOFT_M, per metre."""
    return np.asarray((ndtr((y - low) / SOFT_M) - ndtr((y - high) / SOFT_M)) / (high - low))
