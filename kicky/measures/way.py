"""Shot -> its way to the goal: how fast it is at the line, how long it takes, how steeply it leaves, how it curls."""

from __future__ import annotations

import numpy as np

from ..domain import Bools, Flight, Floats, Measure, Shot
from .flown import LEAST_CROSS, SHORT, SPEEDS_WIDER, interval, why_none
from .speed import KMH

LOST = "The ball was not followed as far as the goal's plane."
STEP_S = 1 / 60  # before the line, over which the speed there is taken
# 1 s.d. of what drag, spin, lens and a goal of another size leave beyond the samples: a share of it, or in its unit.
LINE_SD, TIME_SD_S, RISE_SD_DEG, CURL_SD_M = 0.03, 0.02, 1.0, 0.15
AT_LINE = "flight: speed over the last 1/60 s before the goal's plane"
TIME = "flight: from the kick to the goal's plane"
RISE = "flight: angle of the launch above the ground"
CURL = "flight: where it crosses the goal's plane, off the straight line that the launch points along, on the ground"


def speed_at_line(shot: Shot) -> Measure:
    """Shot -> speed in km/h as the ball comes to the goal's plane."""
    flight = _crossed(shot)
    if isinstance(flight, str):
        return Measure("speed_at_line", "km/h", None, method=AT_LINE, why_not=flight)
    crosses = _crosses(flight) & (flight.crossing[:, 0] <= flight.time_s[-1])
    if flight.likely[crosses].sum() < LEAST_CROSS:
        return Measure("speed_at_line", "km/h", None, method=AT_LINE, why_not=LOST)
    at_s = flight.crossing[crosses, 0]
    x, z = flight.crossing[crosses, 1], flight.crossing[crosses, 2]
    before = _places(flight, crosses, at_s - STEP_S)
    way = np.linalg.norm(np.stack([x, np.zeros_like(x), z], axis=1) - before, axis=1)
    kmh = way / STEP_S * KMH
    value, low, high = interval(kmh, flight.likely[crosses], LINE_SD * float(np.median(kmh)), SPEEDS_WIDER)
    return Measure("speed_at_line", "km/h", value, max(low, 0.0), high, AT_LINE)


def time_to_line(shot: Shot) -> Measure:
    """Shot -> seconds from the kick to the goal's plane."""
    flight = _crossed(shot)
    if isinstance(flight, str):
        return Measure("time_to_line", "s", None, method=TIME, why_not=flight)
    crosses = _crosses(flight)
    seconds = flight.crossing[crosses, 0] - flight.kick_time_s
    value, low, high = interval(seconds, flight.likely[crosses], TIME_SD_S)
    return Measure("time_to_line", "s", value, max(low, 0.0), high, TIME)


def rise(shot: Shot) -> Measure:
    """Shot -> degrees above the ground at which the ball leaves the foot."""
    if shot.flight is None:
        return Measure("rise", "deg", None, method=RISE, why_not=why_none(shot))
    launch = shot.flight.launch_ms
    degrees = np.degrees(np.arctan2(launch[:, 2], np.hypot(launch[:, 0], launch[:, 1])))
    return Measure("rise", "deg", *interval(degrees, shot.flight.likely, RISE_SD_DEG), RISE)


def curl(shot: Shot) -> Measure:
    """Shot -> metres that the ball is aside of its straight line at the goal's plane; to the right, as the shooter
    sees it, above 0.
    """
    flight = _crossed(shot)
    if isinstance(flight, str):
        return Measure("curl", "m", None, method=CURL, why_not=flight)
    crosses = _crosses(flight)
    start = flight.samples_m[crosses, 0, :2]
    launch = flight.launch_ms[crosses, :2]
    launch = launch / np.maximum(np.linalg.norm(launch, axis=1, keepdims=True), 1e-9)
    right = np.stack([-launch[:, 1], launch[:, 0]], axis=1)
    flown = np.stack([flight.crossing[crosses, 1], np.zeros(int(crosses.sum()))], axis=1) - start
    return Measure(
        "curl", "m", *interval((flown * right).sum(axis=1), flight.likely[crosses], CURL_SD_M, SPEEDS_WIDER), CURL
    )


def _crosses(flight: Flight) -> Bools:
    """-> which samples pass the goal's plane."""
    return np.isfinite(flight.crossing[:, 0])


def _crossed(shot: Shot) -> Flight | str:
    """Shot -> its flight, where that came to the goal's plane; else why not."""
    if shot.flight is None:
        return why_none(shot)
    return shot.flight if shot.flight.likely[_crosses(shot.flight)].sum() >= LEAST_CROSS else SHORT


def _places(flight: Flight, which: Bools, time_s: Floats) -> Floats:
    """Flight, some of its samples, a moment for each -> (s, 3) where each is then."""
    paths = flight.samples_m[which]
    at = np.clip(np.searchsorted(flight.time_s, time_s), 1, len(flight.time_s) - 1)
    row = np.arange(len(paths))
    span = flight.time_s[at] - flight.time_s[at - 1]
    share = np.clip((time_s - flight.time_s[at - 1]) / span, 0.0, 1.0)[:, None]
    return np.asarray(paths[row, at - 1] * (1 - share) + paths[row, at] * share)
