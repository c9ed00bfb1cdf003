"""Seen -> the kicks that explain most of it: each candidate is tried as the ball, and all others held against it."""

from __future__ import annotations

import numpy as np

from ..domain import Bools, Floats, Ints
from ..flight import dynamics as d
from ..flight.search import (
    FASTEST_MS,
    MISS,
    NUISANCE,
    SLIDE_MS2,
    SLOWEST_MS,
    STEEPEST,
    WIDE,
    Match,
    match,
)  # fmt: skip
from . import kicks as k
from .seen import Seen

TRIED_S, TRIED_FRAMES, TRIED_CANDIDATES, TRIED_KICKS = 0.45, 10, 8, 4
WIDTHS = (-0.3, 0.0, 0.3)  # ln: how wrong a candidate's width may be
NEARLY_S = 1e-3
LEAST = 2  # sightings beside the lying ball
GONE = 1.0  # diameters from where it lay: what stays there was not struck
ON_BODY = 0.3  # what is left of a sighting on somebody's body: legs and hands look like balls
TRACKED = 0.8  # what a sighting is worth more when the path in the picture goes through it
STEEP_RAD = 0.3  # no phone is tilted more
LATER = 0.5  # what counts of the frames after the best moment to stop: something may have stopped the ball
KEPT, ALIKE = 3, 0.15


def best(seen: Seen) -> tuple[Floats, Bools]:
    """-> (h, 16) the most convincing kicks, unlike each other, best first; which of them roll. None when none flies."""
    phi, rolls = _guesses(seen)
    if not len(phi):
        return phi, rolls
    theta = flown(phi, rolls, seen)
    speed = np.linalg.norm(theta[:, d.VX : d.VZ + 1], axis=1)
    sensible = (speed > SLOWEST_MS) & (speed < FASTEST_MS) & (theta[:, d.VZ] > -0.5)
    sensible &= theta[:, d.VZ] < STEEPEST * speed
    phi, rolls, theta = phi[sensible], rolls[sensible], theta[sensible]
    if not len(phi):
        return phi, rolls
    score = worth(match(theta, seen.after, WIDE, seen.unlike), theta, seen)
    chosen: list[int] = []
    for row in np.argsort(-score):
        if score[row] <= 0 or len(chosen) == KEPT:
            break
        if all(_unlike(phi[row], phi[c]) for c in chosen):
            chosen.append(int(row))
    return np.asarray(phi[chosen]), np.asarray(rolls[chosen])


def flown(phi: Floats, rolls: Bools, seen: Seen) -> Floats:
    """(h, 16), (h,) -> (h, 21) for `flight.dynamics`, those that roll without any speed upwards."""
    theta = k.thetas(phi, seen.start, seen.size_wh_px)
    theta[rolls, d.VZ] = 0.0
    theta[~rolls, d.VZ] = np.maximum(theta[~rolls, d.VZ], d.ROLLS_MS + NEARLY_S)
    return theta


def tracked(found: Match, seen: Seen) -> Bools:
    """-> (h, n) where the candidate on the kick is the one that the path in the picture goes through."""
    return np.asarray(found.on & (found.row == seen.after.tracked[None]))


def weight(found: Match, seen: Seen) -> Floats:
    """-> (h, n) what a candidate on the kick tells of it: nothing where the ball lay, less on somebody's body."""
    place = found.expected_px + np.nan_to_num(found.apart_px)
    gone = np.linalg.norm(place - seen.start.px, axis=-1) > GONE * seen.start.diameter_px
    told = np.where(tracked(found, seen), 1.0 + TRACKED, 1.0)
    return np.asarray(told * np.where(found.excused, ON_BODY, 1.0) * (found.on & gone))


def worth(found: Match, theta: Floats, seen: Seen) -> Floats:
    """(h,) sightings explained up to the best moment to stop, less the misses."""
    after = seen.after.time_s[None] > theta[:, d.KICK, None] + NEARLY_S
    near = 1 - (found.apart_px**2).sum(axis=-1) / found.tolerance_px**2
    told = near * (0.6 + 0.6 * found.score) * weight(found, seen)
    gained = np.where(found.on & found.fast, told, np.where(found.excused, -0.05, -MISS))
    count = np.cumsum(found.on & after, axis=1)
    total = np.cumsum(np.where(after, gained, 0.0), axis=1)
    total = total + LATER * (total[:, -1:] - total)
    return np.asarray(np.where(count >= LEAST, total, -np.inf).max(axis=1))


def _unlike(one: Floats, other: Floats) -> bool:
    ways = one[[k.ACROSS, k.DOWN]] - other[[k.ACROSS, k.DOWN]]
    fast = max(float(np.hypot(*other[[k.ACROSS, k.DOWN]])), 50.0)
    return float(np.hypot(*ways)) > ALIKE * fast or abs(float(one[k.RATE] - other[k.RATE])) > 0.5


def _guesses(seen: Seen) -> tuple[Floats, Bools]:
    """-> (h, 16) kicks that pass a candidate, one for each moment, candidate, width and whether it rolls; which do."""
    start = seen.start
    parts = []
    for kick_s in np.linspace(start.from_s, start.to_s, TRIED_KICKS):
        rows, which = _tried(seen, kick_s)
        since = (seen.after.time_s[rows] - kick_s)[:, None]
        ratio = start.diameter_px / seen.after.diameter_px[rows, which][:, None] * np.exp(np.array(WIDTHS))
        ratio = np.concatenate([ratio, np.ones((len(rows), 1))], axis=1)  # across, however wide it looks
        rate = (ratio - 1) / since
        way = (seen.after.px[rows, which] - start.px)[:, None] * (ratio / since)[..., None]
        parts += [_kicks(seen, kick_s, way, rate, since, rolls) for rolls in (False, True)]
    rolls = np.concatenate([np.full(len(part), n % 2 == 1) for n, part in enumerate(parts)])
    return np.concatenate(parts), rolls


def _tried(seen: Seen, kick_s: float) -> tuple[Ints, Ints]:
    """-> rows of frames and their candidates that a kick then may pass: the best, and the path's own."""
    after = seen.after
    since = after.time_s - kick_s
    frames = np.flatnonzero((since > 0.02) & (since < TRIED_S) & np.isfinite(after.diameter_px[:, 0]))
    if len(frames) > TRIED_FRAMES:
        frames = frames[np.linspace(0, len(frames) - 1, TRIED_FRAMES).round().astype(int)]
    rank = np.arange(after.diameter_px.shape[1])[None]
    wanted = (rank < TRIED_CANDIDATES) | (rank == after.tracked[frames, None])
    row, which = np.nonzero(np.isfinite(after.diameter_px[frames]) & wanted)
    return frames[row], which


def _kicks(seen: Seen, kick_s: float, way: Floats, rate: Floats, since: Floats, rolls: bool) -> Floats:
    """Moment, (m, w, 2) px/s, (m, w) rates of depth, (m, 1) s, whether it rolls -> (h, 16) the kicks that are so."""
    phi = likeliest(seen, rate.size).reshape(*rate.shape, k.SIZE)
    phi[..., k.ACROSS], phi[..., k.DOWN], phi[..., k.RATE], phi[..., k.KICK] = way[..., 0], way[..., 1], rate, kick_s
    if not rolls:
        phi[..., k.DOWN] -= 0.5 * seen.fall_px_s2 * since
        return phi.reshape(-1, k.SIZE)
    # What rolls keeps its height: the phone is tilted so that the way in the picture is one along the ground.
    focal = np.exp(phi[..., k.FOCAL])
    middle = seen.start.px[1] - seen.size_wh_px[1] / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        horizon = np.where(np.abs(rate) > 0.05, middle + way[..., 1] / rate, 0.0)
    phi[..., k.TILT] = np.arctan(horizon / focal)
    slowed = 1 + 0.25 * SLIDE_MS2 * since / np.maximum(
        np.hypot(*np.moveaxis(way, 2, 0)) * 0.22 / seen.start.diameter_px, 2.0
    )
    phi[..., [k.ACROSS, k.DOWN, k.RATE]] *= slowed[..., None]
    return np.asarray(phi[np.abs(phi[..., k.TILT]) < STEEP_RAD])


def likeliest(seen: Seen, count: int) -> Floats:
    """-> (count, 16) with all that is not yet known at its likeliest."""
    phi = np.zeros((count, k.SIZE))
    phi[:, k.FOCAL] = seen.lenses[0, 0]
    phi[:, k.SPIN], phi[:, k.BACKSPIN], phi[:, k.DRAG] = NUISANCE[:3]
    phi[:, k.SLIDE], phi[:, k.BIAS], phi[:, k.SWELL] = NUISANCE[5:]
    return phi
