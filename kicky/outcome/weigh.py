"""Flight, what followed -> the odds of goal and of each kind of miss.

Each sampled path is judged by itself: does it pass the mouth, and does the moment at which its free flight
ended (kink, or last sight) fit a net behind the mouth, open air beyond it, the frame, or a body before it.
No net is simulated: a kink may be anywhere within a net's depth, with the ball doing there what it likes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..domain import Flight, Floats, How
from .aftermath import NET_DEPTH_M, Aftermath

# Chosen on simulated tracks, seeds below 100000, and on real clips day <= 10 and night <= 21.
POST_GIVES_M = 0.045  # a ball whose centre passes this far inside the frame's edge still glances in (restitution 0.6)
UNMODELLED_M = 0.07  # 1 s.d. of the crossing beyond what the samples spread: lens, corners, goal's true size
SOFT_M = 0.4  # 1 s.d. of where a kink is along y, beyond what the samples spread
BEYOND_M = 12.0  # how far behind the goal a ball over or wide may meet something
BLOCKED = {True: 0.35, False: 0.01}  # share of shots that meet a body on the way: ends at one in the picture, or not
BLOCK_REACH_M = 6.0


@dataclass(frozen=True, slots=True)
class Odds:
    """P(goal), and the share of each way it may have ended; they sum to one."""

    goal: float
    parts: dict[How, float]


def margins_m(crossing: Floats, goal_size_m: tuple[float, float]) -> Floats:
    """(s, 3) time, x, z -> (s,) how far inside the frame's inner edge the ball's centre passes, negative outside."""
    width, height = goal_size_m
    return np.asarray(np.minimum(width / 2 - np.abs(crossing[:, 1]), height - crossing[:, 2]))


def weigh(flight: Flight, goal_size_m: tuple[float, float], after: Aftermath) -> Odds:
    """Flight, the goal's size, what followed -> Odds."""
    crossing = flight.crossing
    reaches = np.isfinite(crossing[:, 0])
    margin = np.where(reaches, margins_m(crossing, goal_size_m), -np.inf)
    inside = _phi((margin - POST_GIVES_M) / UNMODELLED_M)
    frame = np.clip(_phi((margin + 0.23) / UNMODELLED_M) - inside, 0.0, 1.0)  # touches it and is turned away
    y = _y_at(flight, flight.until_s)
    likely = _likelihoods(y, after)
    stays = _stays(after)
    share = {
        How.IN_NET: inside * likely["net"] * stays["net"],
        How.POST: frame * likely["frame"] * stays["frame"],
        How.OVER: np.where(reaches, 1 - inside - frame, 0.0) * likely["beyond"] * stays["beyond"],
        How.SHORT: np.where(reaches, 0.0, 1.0) * likely["short"],
    }
    blocked = BLOCKED[after.near_body]
    total = {how: float(weights.mean()) * (1 - blocked) for how, weights in share.items()}
    total[How.SAVED] = blocked * float((likely["body"] * stays["frame"]).mean())
    whole = sum(total.values())
    parts = {how: value / whole for how, value in total.items()}
    return Odds(parts[How.IN_NET], parts)


def _y_at(flight: Flight, moment_s: float) -> Floats:
    """-> (s,) how far from the plane each path was then, positive on the side it was struck from."""
    at = int(np.clip(np.searchsorted(flight.time_s, moment_s), 0, len(flight.time_s) - 1))
    side = np.sign(flight.samples_m[:, 0, 1])
    return np.asarray(flight.samples_m[:, at, 1] * side)


def _likelihoods(y: Floats, after: Aftermath) -> dict[str, Floats]:
    """How well the place at which the free flight ended fits each ending, per metre."""
    broad = 0.15 / 20
    if not after.kinked:
        # Lost from sight: says little, but a ball still flying freely far behind the plane is in no net.
        seen_past = _phi((y + NET_DEPTH_M) / SOFT_M) * 0.97 + 0.03
        one = np.ones_like(y)
        return {"net": seen_past, "frame": _phi((y + 0.3) / SOFT_M) * 0.9 + 0.1, "beyond": one, "short": one,
                "body": _phi(y / SOFT_M) * 0.5}  # fmt: skip
    return {
        "net": _box(y, -NET_DEPTH_M, 0.1) * 0.85 + broad,
        "frame": _box(y, -0.3, 0.3) * 0.85 + broad,
        "beyond": _box(y, -BEYOND_M, -0.5) * 0.85 + broad,
        "short": np.full_like(y, broad) + _box(y, 0.0, 20.0) * 0.3,
        "body": _box(y, 0.2, BLOCK_REACH_M) * 0.85 + broad,
    }


def _stays(after: Aftermath) -> dict[str, float]:
    """How well what was seen afterwards fits each ending: a net keeps the ball, a frame or a body sends it off."""
    if after.stays is None:
        return {"net": 1.0, "frame": 1.0, "beyond": 1.0}
    if after.stays:
        return {"net": 0.95, "frame": 0.4, "beyond": 0.45}
    return {"net": 0.05, "frame": 0.6, "beyond": 0.55}


def _box(y: Floats, low: float, high: float) -> Floats:
    """Uniform between, its edges softened by SOFT_M, per metre."""
    return (_phi((y - low) / SOFT_M) - _phi((y - high) / SOFT_M)) / (high - low)


def _phi(z: Floats) -> Floats:
    """Standard normal distribution."""
    from scipy.special import ndtr

    return np.asarray(ndtr(z))
