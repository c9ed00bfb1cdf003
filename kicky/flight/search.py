"""Evidence, Start -> the kicks that explain most of it.

Every candidate at every believable depth is tried as the ball a moment after the kick, and the whole flight that
follows is held against all candidates (track before detect).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import camera as pinhole
from ..domain import Bools, Floats, Ints
from . import dynamics as d
from . import frame
from .evidence import Evidence
from .starts import Start

EARLY_S, LATE_S = 0.12, 0.75  # of flight at which candidates are tried
TRIED_FRAMES, TRIED_CANDIDATES, TRIED_DEPTHS = 10, 10, 9
KICK_STEP_S, TRIED_KICKS = 1 / 40, 16
DEPTHS = 0.6  # ln: how wrong the depth by a candidate's size may be
SLOWEST_MS, FASTEST_MS, STEEPEST = 3.0, 45.0, 0.75
LEAST = 4  # candidates on a flight
ENOUGH, BEYOND = 10, 0.3  # candidates that make a flight; what each further one counts, or slow things would win
MISS = 0.2  # what a frame without a candidate costs, in sightings
KEPT = 6
ALIKE_MS = 1.5
USUAL_DRAG, SLIDE_MS2 = 0.0122, 3.7
WIDE = 1.5  # how much farther off than for a fitted flight a candidate may lie
UNLIKE = 0.65  # ln: how wrong a candidate's diameter may be
SEARCHED_S = 1.2  # of flight
CHUNK = 600
FAST_MS = 4.0  # slower, a sighting proves nothing: anything may dwell there
NUISANCE = np.array([0.0, 5.0, np.log(USUAL_DRAG), 0.6, 0.72, SLIDE_MS2, 0.5, 0.0])  # spin .. swell, at its likeliest


@dataclass(frozen=True, eq=False, slots=True)
class Match:
    """Which candidate lies on each of h flights in each of n frames: `row` (h, n), -1 for none; `apart_px` (h, n, 2).

    `excused`: the ball would not be seen there. `fast`: it moves faster than legs and
    hands usually do. `score`: the candidate's own.
    """

    row: np.ndarray
    apart_px: Floats
    excused: Bools
    expected_px: Floats
    expected_diameter_px: Floats
    tolerance_px: Floats
    fast: Bools
    score: Floats

    @property
    def on(self) -> Bools:
        return self.row >= 0


def best(evidence: Evidence, start: Start) -> tuple[Floats, float]:
    """-> (h, 21) the most convincing kicks, unlike each other, best first, and how many sightings speak for the best.

    None when nothing flies from there.
    """
    after = evidence.from_(start.from_s, start.to_s - start.from_s + SEARCHED_S)
    thetas = _guesses(after, start)
    if not len(thetas):
        return thetas, 0.0
    score = np.concatenate([worth(match(thetas[k : k + CHUNK], after, WIDE), thetas[k : k + CHUNK], after)
                            for k in range(0, len(thetas), CHUNK)])  # fmt: skip
    chosen: list[int] = []
    for k in np.argsort(-score):
        if score[k] <= 0 or len(chosen) == KEPT:
            break
        apart = [np.linalg.norm(thetas[k, d.VX : d.VZ + 1] - thetas[c, d.VX : d.VZ + 1]) for c in chosen]
        if all(gap > ALIKE_MS for gap in apart):
            chosen.append(int(k))
    return np.asarray(thetas[chosen]), float(max(score.max(), 0.0))


def worth(found: Match, theta: Floats, evidence: Evidence) -> Floats:
    """(h,) sightings explained up to the best moment to stop, less the misses."""
    after = evidence.time_s[None] > theta[:, d.KICK, None] + 0.02
    near = 1 - (found.apart_px**2).sum(axis=-1) / found.tolerance_px**2
    gained = np.where(found.on & found.fast, near * (0.6 + 0.6 * found.score), np.where(found.excused, -0.05, -MISS))
    count = np.cumsum(found.on & after, axis=1)
    gained = np.where(count > ENOUGH, np.minimum(gained, BEYOND * gained), gained)
    total = np.cumsum(np.where(after, gained, 0.0), axis=1)
    return np.asarray(np.where(count >= LEAST, total, -np.inf).max(axis=1))


def match(theta: Floats, evidence: Evidence, wide: float = 1.0, unlike: Floats | float = UNLIKE) -> Match:
    """Kicks (h, 21) -> the nearest candidate of each frame that is near enough and about as large as the ball there.

    `unlike`, for all or (n, K), is by how much ln of its diameter may differ from what is expected.
    """
    place = d.positions(theta, evidence.time_s)
    px, depth = pinhole.project(frame.aligned(theta[:, d.CAMERA :]), place, evidence.camera.size_wh_px)
    diameter = np.maximum(d.diameters_px(theta, depth), 1.5)
    moved = np.linalg.norm(np.diff(px, axis=1, prepend=px[:, :1]), axis=-1)
    tolerance = wide * (2.5 + 0.1 * moved + 0.1 * diameter)
    gap = (evidence.px[None] - px[:, :, None]).astype(np.float32)
    ratio = np.abs(np.log(evidence.diameter_px[None] / diameter[..., None])).astype(np.float32)
    distance = np.hypot(gap[..., 0], gap[..., 1]) / tolerance[..., None].astype(np.float32) + 0.3 * ratio
    distance = np.where((ratio < unlike) & (depth > 0.3)[..., None], distance, np.inf)
    distance = np.where(np.isnan(distance), np.inf, distance)
    row = distance.argmin(axis=2)
    nearest = np.take_along_axis(distance, row[..., None], axis=2)[..., 0]
    apart = np.take_along_axis(gap, row[..., None, None], axis=2)[:, :, 0].astype(np.float64)
    score = np.take_along_axis(np.broadcast_to(evidence.score, distance.shape), row[..., None], axis=2)[..., 0]
    row = np.where(nearest < 1.0, row, -1)
    apart[row < 0] = np.nan
    passed_s = np.maximum(np.diff(evidence.time_s, prepend=2 * evidence.time_s[0] - evidence.time_s[1]), 1e-3)
    speed = np.linalg.norm(np.diff(place, axis=1, prepend=place[:, :1]), axis=-1) / passed_s
    return Match(row, apart, evidence.excused(px), px, diameter, tolerance, speed > FAST_MS, score)


def _guesses(after: Evidence, start: Start) -> Floats:
    """-> (h, 21) kicks that pass a candidate, one for each moment, candidate and depth tried."""
    origin = _origins(after, start)
    count = int(np.clip(round((start.to_s - start.from_s) / KICK_STEP_S), 2, TRIED_KICKS))
    thetas = [np.empty((0, d.SIZE))]
    for kick in np.linspace(start.from_s, start.to_s, count):
        rows, which = _tried(after, kick)
        if len(rows):
            point, rolls = _points(after, rows, which)
            passed_s = after.time_s[rows][:, None]
            thetas += [
                _through(o, kick, point, passed_s, rolls, frame.written(after.camera.parameters)) for o in origin
            ]
    return np.concatenate(thetas)


def _tried(after: Evidence, kick_s: float) -> tuple[Ints, Ints]:
    """-> rows of frames and their candidates that a flight from then may pass."""
    since = after.time_s - kick_s
    frames = np.flatnonzero((since > EARLY_S) & (since < LATE_S) & np.isfinite(after.diameter_px[:, 0]))
    if len(frames) > TRIED_FRAMES:
        frames = frames[np.linspace(0, len(frames) - 1, TRIED_FRAMES).round().astype(int)]
    row, which = np.nonzero(np.isfinite(after.diameter_px[frames, :TRIED_CANDIDATES]))
    return frames[row], which


def _points(after: Evidence, rows: Ints, which: Ints) -> tuple[Floats, Bools]:
    """m candidates -> (m, k, 3) where each may be in the world: by its size, nearer, farther, on the ground (rolls)."""
    camera = frame.aligned(frame.written(after.camera.parameters))
    px, diameter = after.px[rows, which], after.diameter_px[rows, which]
    ray = pinhole.rays(camera, px, after.camera.size_wh_px)
    by_size = np.exp(camera[pinhole.LOG_FOCAL]) * d.DIAMETER_M / np.maximum(diameter - 0.5, 1.0)
    depth = by_size[:, None] * np.exp(np.linspace(-DEPTHS, DEPTHS, TRIED_DEPTHS))
    with np.errstate(divide="ignore"):
        ground = (d.RADIUS_M - camera[pinhole.Z]) / ray[:, 2]
    depth = np.column_stack([depth, np.where((ground > 0.5) & (ground < 80), ground, np.nan)])
    rolls = np.zeros(depth.shape, dtype=bool)
    rolls[:, -1] = True
    return camera[pinhole.PLACE] + depth[..., None] * ray[:, None], rolls


def _origins(after: Evidence, start: Start) -> list[Floats]:
    """-> where on the ground the ball lies: by the ground under the ray, and by its size where they disagree."""
    camera = frame.aligned(frame.written(after.camera.parameters))
    ray = pinhole.rays(camera, start.px[None], after.camera.size_wh_px)[0]
    by_ground = (d.RADIUS_M - camera[pinhole.Z]) / ray[2] if ray[2] < -1e-3 else np.inf
    by_size = float(np.exp(camera[pinhole.LOG_FOCAL])) * d.DIAMETER_M / start.diameter_px
    depths = [depth for depth in (by_size, by_ground) if np.isfinite(depth) and 0.5 < depth < 80]
    if len(depths) == 2 and abs(np.log(depths[0] / depths[1])) < 0.15:
        depths = [float(np.sqrt(depths[0] * depths[1]))]
    return [camera[pinhole.PLACE] + depth * ray for depth in depths]


def _through(origin: Floats, kick: float, point: Floats, time_s: Floats, rolls: Bools, camera: Floats) -> Floats:
    """Start, kick moment, points (m, k, 3) passed at time_s (m, 1) -> the sensible ones among these kicks."""
    flown = time_s - kick
    way = point - origin
    slowed = 1 + 0.5 * USUAL_DRAG * np.hypot(way[..., 0], way[..., 1])
    velocity = way / flown[..., None] * slowed[..., None]
    velocity[..., 2] = (point[..., 2] - d.RADIUS_M) / flown * slowed + 0.475 * d.GRAVITY * flown
    velocity[rolls] += (0.5 * SLIDE_MS2 * flown / np.maximum(np.hypot(way[..., 0], way[..., 1]), 1e-6))[..., None][
        rolls
    ] * way[rolls]
    velocity[rolls, 2] = 0.0
    speed = np.linalg.norm(velocity, axis=-1)
    sensible = (speed > SLOWEST_MS) & (speed < FASTEST_MS) & (velocity[..., 2] < STEEPEST * speed)
    sensible &= (point[..., 2] > d.RADIUS_M - 0.15) & (velocity[..., 2] > -0.5)
    theta = np.empty((int(sensible.sum()), d.SIZE))
    theta[:, d.X], theta[:, d.Y] = origin[0], origin[1]
    theta[:, d.VX : d.VZ + 1] = velocity[sensible]
    theta[:, d.VZ] = np.maximum(theta[:, d.VZ], 0.0)
    theta[:, d.KICK], theta[:, d.SPIN : d.SWELL + 1], theta[:, d.CAMERA :] = kick, NUISANCE, camera
    return theta
