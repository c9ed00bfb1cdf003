"""Shot -> its ball: where it lay, its likeliest path, where that was seen, and other paths that fit as well."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..body.limbs import BALL_RADIUS_M
from ..domain import Flight, Floats, Ints, Shot
from .phone import DIGITS, axes, on_film

MOST_PATHS, MOST_ROWS, MOST_STEPS = 24, 240, 40


def ball(shot: Shot, contact_s: float, body_ball_m: Floats | None) -> dict[str, Any]:
    """Shot, when it was struck, where its body's ball lay -> the ball; without a flight only where it lay.

    `t` are seconds from contact. `at` is where it lay until the first of them, and where the path ends from the last.
    """
    flight = shot.flight
    told: dict[str, Any] = {
        "radius": BALL_RADIUS_M, "t": [], "at": [], "sigma": [], "seen": [], "until": 0.0, "likely_t": [], "likely": [],
        "likely_on_film": [], "reaches": False, "why_not": "",
    }  # fmt: skip
    if flight is None:
        why = shot.flight_why_not or "The ball's way was not worked out."
        told["why_not"] = why
        if body_ball_m is not None:
            told |= {"t": [0.0], "at": axes(body_ball_m[None]), "sigma": [0.0], "seen": [1]}
        return told
    time_s, at, sigma = path(flight)
    seen = np.isin(np.round(time_s, 6), np.round(shot.clip.time_s[flight.seen], 6))
    rows = _thinned(len(time_s), MOST_ROWS)
    likely_t, likely, cameras = _likely(flight, float(time_s[-1]))
    seen_so = on_film(likely, cameras, flight.cameras[0])
    return told | {
        "t": _seconds(time_s[rows] - contact_s), "at": axes(at[rows]),
        "sigma": np.round(np.linalg.norm(sigma[rows], axis=1), DIGITS).tolist(), "seen": [int(s) for s in seen[rows]],
        "until": round(flight.until_s - contact_s, 4), "likely_t": _seconds(likely_t - contact_s),
        "likely": axes(likely), "likely_on_film": axes(seen_so),
        "reaches": bool(np.isfinite(flight.crossing[:1, 0]).any()),
    }  # fmt: skip


def path(flight: Flight) -> tuple[Floats, Floats, Floats]:
    """Flight -> (n,) moments, (n, 3) where the ball is, (n, 3) 1 s.d.: from the kick to the goal's plane or its end."""
    crossed, x, z = flight.crossing[0].tolist() if len(flight.crossing) else (np.nan,) * 3
    end_s = max(crossed, flight.until_s) if np.isfinite(crossed) else flight.until_s
    kick_s = flight.kick_time_s
    inner = flight.time_s[(flight.time_s > kick_s) & (flight.time_s < end_s)]
    extra = [crossed] if np.isfinite(crossed) and crossed < end_s else []
    times = np.unique(np.concatenate([[kick_s], inner, extra, [end_s]]))
    at, sigma = (
        np.column_stack([np.interp(times, flight.time_s, axis) for axis in table.T])
        for table in (flight.xyz_m, flight.sigma_m)
    )
    before = max(int(np.searchsorted(flight.time_s, kick_s, side="right")) - 1, 0)
    at[0], sigma[0] = flight.xyz_m[before], flight.sigma_m[before]  # it lay there until the kick, between two frames
    if np.isfinite(crossed):
        at[int(np.searchsorted(times, crossed))] = x, 0.0, z
    return times, at, sigma


def _likely(flight: Flight, end_s: float) -> tuple[Floats, Floats, Floats]:
    """Flight, its end -> (m,) moments, (s, m, 3) paths as many as they are likely, (s, 7) each one's camera."""
    first = max(int(np.searchsorted(flight.time_s, flight.kick_time_s, side="right")) - 1, 0)
    last = int(np.searchsorted(flight.time_s, end_s + 1e-6, side="right"))
    rows = first + _thinned(last - first, MOST_STEPS)
    steps = (np.arange(MOST_PATHS) + 0.5) / MOST_PATHS
    chosen = np.searchsorted(np.cumsum(flight.likely), steps * flight.likely.sum())
    times = np.maximum(flight.time_s[rows], flight.kick_time_s)
    chosen = np.minimum(chosen, len(flight.samples_m) - 1)
    return times, flight.samples_m[chosen][:, rows], flight.cameras[chosen]


def _thinned(count: int, most: int) -> Ints:
    """-> at most so many of `count` rows, the first and the last among them."""
    return np.unique(np.linspace(0, max(count - 1, 0), min(count, most)).round().astype(np.int64))


def _seconds(times: Floats) -> list[float]:
    return list((np.round(times, 4) + 0.0).tolist())
