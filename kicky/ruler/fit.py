"""Kicks found by the search -> those that fit best, and likely ones drawn around them: Levenberg and Marquardt.

Residuals: candidates on the way (robust), their widths, and a prior for every quantity that the picture leaves open.
Which candidates count is decided anew between rounds; every lens that a phone may have is fitted for itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .. import camera as pinhole
from ..domain import Bools, Floats
from ..flight import dynamics as d
from ..flight import frame
from ..flight.refine import (
    CAP,
    DAMPINGS,
    PX,
    PX_OF_BALL,
    PX_OF_MOTION,
    SIZE_CAP,
    SIZE_PX,
    SIZE_SHARE,
    SPREAD,
    UNEXPLAINED,
)  # fmt: skip
from ..flight.search import FASTEST_MS, NUISANCE, Match, match
from . import kicks as k
from .search import NEARLY_S, flown, weight
from .seen import Seen

SIZE_WEIGHT = 0.8
SPEED_MS, SPEED_SPREAD_MS = 20.0, 10.0
INFLATED = 1.25  # what is seen is off in one direction for several frames: a blur's middle, a limb beside the ball
ROUNDS, STEPS = 3, 3
TILT_SD, ROLL_SD = 0.175, 0.087
LOWEST_M, HIGHEST_M = (0.12, 0.1), (2.2, 0.8)  # a lens lower, or higher, and 1 s.d. beyond
RISES_MS, LEVEL_MS = (0.3, 0.1), 0.1  # the least of what flies, 1 s.d. below it; 1 s.d. upwards of what rolls
OPEN_MS = 15.0  # how far apart the speeds upwards of what flies lie
BLURRED = 3.0  # times as far off is what is seen on a body: half a ball, or a boot with it
MISSED = 0.6  # price of a frame in which nothing is seen where the ball should be
SLOW_MS = 3.0
DRAWN, SAMPLES = 1200, 400
OTHERS = np.array([k.SPIN, k.BACKSPIN, k.DRAG, k.SLIDE, k.BIAS, k.SWELL])
USUAL, OTHERS_SD = NUISANCE[[0, 1, 2, 5, 6, 7]], SPREAD[[0, 1, 2, 5, 6, 7]]
DELTA = np.array([0.1, 0.1, 1e-4, 1e-5, 1e-2, 1e-2] + [1e-4] * 4 + [1e-2] * 2 + [1e-3] * 4)
LONGEST = np.array([500.0, 500.0, 1.5, 0.05, 3.0, 3.0, 0.1, 0.3, 0.15, 0.15, 60.0, 60.0, 0.4, 0.5, 0.2, 2.0])


@dataclass(frozen=True, eq=False, slots=True)
class Modes:
    """h fitted kicks, best first: phi (h, 16), whether each rolls, spread (h, 16, 16), how likely each is."""

    phi: Floats
    rolls: Bools
    spread: Floats
    share: Floats
    found: Match


@dataclass(frozen=True, eq=False, slots=True)
class _Problem:
    """What the residuals of h kicks are measured against, for one choice of candidates."""

    seen: Seen
    rolls: Bools
    lens: Floats
    px: Floats
    diameter_px: Floats
    sigma_px: Floats
    used: Bools

    def of(self, phi: Floats) -> tuple[Floats, Floats, Floats]:
        """(h, 16) -> residuals of place (h, n, 2), of width (h, n), of priors (h, r)."""
        theta = flown(phi, self.rolls, self.seen)
        place = d.positions(theta, self.seen.after.time_s)
        px, depth = pinhole.project(frame.aligned(theta[:, d.CAMERA :]), place, self.seen.size_wh_px)
        off = np.where(self.used[..., None], (px - self.px) / self.sigma_px[..., None], 0.0)
        size = d.diameters_px(theta, depth)
        measured = np.where(self.used, self.diameter_px, size)
        width = np.hypot(SIZE_SHARE, SIZE_PX / measured) / SIZE_WEIGHT
        return off, np.log(measured / size) / width, self._priors(phi, theta)

    def moved(self, phi: Floats) -> Iterator[tuple[Floats, Floats, Floats]]:
        """(h, 16) -> its residuals, then those with each parameter in turn moved by its DELTA, all flown at once."""
        count = len(phi)
        many = (phi[None] + np.concatenate([np.zeros((1, k.SIZE)), np.diag(DELTA)])[:, None]).reshape(-1, k.SIZE)
        parts = self.again(k.SIZE + 1).of(many)
        for row in range(k.SIZE + 1):
            yield tuple(part[row * count : (row + 1) * count] for part in parts)  # type: ignore[misc]

    def again(self, times: int) -> _Problem:
        """-> the same for so many batches one after the other."""
        many = (np.concatenate([part] * times) for part in (self.rolls, self.lens, self.px, self.diameter_px,
                                                            self.sigma_px, self.used))  # fmt: skip
        return _Problem(self.seen, *many)

    def _priors(self, phi: Floats, theta: Floats) -> Floats:
        """-> (h, r) deviations from what is believed beforehand."""
        start, seen = self.seen.start, self.seen
        aloft, _ = k.launches_ms(phi, start, seen.size_wh_px)
        up = -aloft[:, 1] * np.cos(phi[:, k.TILT]) + aloft[:, 2] * np.sin(phi[:, k.TILT])
        low = np.minimum(up - RISES_MS[0], 0.0) / RISES_MS[1]
        height = theta[:, d.CAMERA + frame.HEIGHT]
        span = start.to_s - start.from_s
        return np.column_stack([
            (phi[:, k.KICK] - (start.from_s + start.to_s) / 2) / np.hypot(span / 12**0.5, start.soft_s / 2),
            phi[:, [k.BESIDE, k.BELOW]] / seen.spot_sd_px,
            phi[:, k.WIDTH] / seen.width_sd,
            (phi[:, k.FOCAL] - self.lens[:, 0]) / self.lens[:, 1],
            phi[:, k.TILT] / TILT_SD,
            phi[:, k.ROLL] / ROLL_SD,
            (phi[:, OTHERS] - USUAL) / OTHERS_SD,
            (np.linalg.norm(aloft, axis=1) - SPEED_MS) / SPEED_SPREAD_MS,
            np.where(self.rolls, up / LEVEL_MS, low),
            np.minimum(height - LOWEST_M[0], 0.0) / LOWEST_M[1],
            np.maximum(height - HIGHEST_M[0], 0.0) / HIGHEST_M[1],
        ])  # fmt: skip


def fit(seen: Seen, guesses: Floats, rolls: Bools) -> Modes:
    """Kicks (h, 16), which roll -> the fitted ones of every lens."""
    count = len(seen.lenses)
    lens = np.repeat(seen.lenses, len(guesses), axis=0)
    phi, rolls = np.concatenate([guesses] * count), np.concatenate([rolls] * count)
    for _ in range(ROUNDS):
        found = match(flown(phi, rolls, seen), seen.after, 1.2, seen.unlike)
        phi, cost, normal = _descend(_problem(seen, rolls, lens, found, phi), phi)
    found = match(flown(phi, rolls, seen), seen.after, 1.0, seen.unlike)
    cost = cost + _unexplained(found, phi, seen)
    spread = np.asarray(np.linalg.inv(normal), dtype=np.float64)
    likely = np.log(lens[:, 2] / lens[:, 1]) - np.where(rolls, np.log(LEVEL_MS * 2.5), np.log(OPEN_MS))
    likely = likely - cost / 2 + np.linalg.slogdet(spread)[1] / 2
    order = np.argsort(-likely)
    order = order[_apart(phi[order], lens[order], rolls[order])]
    share = np.exp(likely[order] - likely[order[0]])
    rows = Match(*(getattr(found, name)[order] for name in Match.__slots__))
    return Modes(phi[order], rolls[order], spread[order], share / share.sum(), rows)


def draw(modes: Modes, seen: Seen) -> Floats:
    """-> (s, 3) likely velocities off the foot as the phone has them: right, down, forward."""
    rng = np.random.default_rng(1863)
    number = rng.choice(len(modes.share), size=DRAWN, p=modes.share)
    values, vectors = np.linalg.eigh(modes.spread)
    root = vectors * np.sqrt(np.maximum(values, 0.0))[:, None]
    phi = modes.phi[number] + (root[number] @ rng.normal(size=(DRAWN, k.SIZE, 1)))[..., 0]
    velocity, _ = k.launches_ms(phi, seen.start, seen.size_wh_px)
    speed = np.linalg.norm(velocity, axis=1)
    # More velocities are fast than slow, only because space is wide: that is no reason to believe in them.
    likely = np.where(speed < FASTEST_MS, 1.0, 1e-6) / (speed + SLOW_MS)
    kept = rng.choice(DRAWN, size=SAMPLES, p=likely / likely.sum())
    return velocity[kept]


def _apart(phi: Floats, lens: Floats, rolls: Bools) -> list[int]:
    """Kicks, the likeliest first -> those that are not one more time the same."""
    kept: list[int] = []
    for row in range(len(phi)):
        same = [
            c for c in kept
            if rolls[c] == rolls[row] and lens[c, 1] == lens[row, 1]
            and np.abs(phi[c, :2] - phi[row, :2]).max() < 20 and abs(phi[c, k.RATE] - phi[row, k.RATE]) < 0.1
        ]  # fmt: skip
        if not same:
            kept.append(row)
    return kept


def _unexplained(found: Match, phi: Floats, seen: Seen) -> Floats:
    """-> (h,) what the frames say that the residuals do not: sightings earn, misses cost."""
    flying = seen.after.time_s[None] > phi[:, k.KICK, None] + NEARLY_S
    earned = UNEXPLAINED * (0.5 + 0.75 * found.score) * weight(found, seen) * found.fast
    missed = np.where(found.excused, 0.0, MISSED)
    return np.asarray((np.where(found.on, -earned, missed) * flying).sum(axis=1))


def _problem(seen: Seen, rolls: Bools, lens: Floats, found: Match, phi: Floats) -> _Problem:
    after = seen.after
    row, at = np.maximum(found.row, 0), np.arange(len(after.time_s))[None]
    used = found.on & (after.time_s[None] > phi[:, k.KICK, None] + NEARLY_S)
    moved = np.linalg.norm(np.diff(found.expected_px, axis=1, prepend=found.expected_px[:, :1]), axis=-1)
    sigma = np.sqrt(PX**2 + (PX_OF_BALL * found.expected_diameter_px) ** 2 + (PX_OF_MOTION * moved) ** 2)
    sigma = sigma * np.where(found.excused, BLURRED, 1.0)
    px = np.where(used[..., None], after.px[at, row], 0.0)
    return _Problem(seen, rolls, lens, px, np.where(used, after.diameter_px[at, row], 1.0), sigma, used)


def _descend(problem: _Problem, phi: Floats) -> tuple[Floats, Floats, Floats]:
    """-> (phi, robust cost, normal matrix) after STEPS steps, each the best of several lengths, or none."""
    damping = np.full(len(phi), 1e-2)
    for _ in range(STEPS):
        cost, gradient, seen, believed = _linear(problem, phi)
        normal = seen + believed
        diagonal = np.einsum("hii->hi", normal)
        tried = [phi]
        for factor in DAMPINGS:
            damped = normal + np.eye(k.SIZE) * ((factor * damping)[:, None] * diagonal + 1e-9)[:, None]
            step = np.linalg.solve(damped, gradient[..., None])[..., 0]
            tried.append(phi - np.clip(np.nan_to_num(step), -LONGEST, LONGEST))
        parts = problem.again(len(DAMPINGS)).of(np.concatenate(tried[1:]))
        used = np.concatenate([problem.used] * len(DAMPINGS))
        costs = np.nan_to_num(np.concatenate([cost, _cost(used, *parts)]).reshape(-1, len(phi)), nan=np.inf)
        best = costs.argmin(axis=0)
        phi = np.stack(tried)[best, np.arange(len(phi))]
        damping = np.clip(damping * np.array([30.0, *DAMPINGS])[best], 1e-6, 1e4)
    cost, _, seen, believed = _linear(problem, phi)
    return phi, cost, seen / INFLATED**2 + believed + 1e-9 * np.eye(k.SIZE)


def _cost(used: Bools, place: Floats, size: Floats, priors: Floats) -> Floats:
    """Residuals -> robust cost (h,)."""
    squares, square = (place**2).sum(axis=-1), size**2
    sized = CAP / (CAP + squares) * SIZE_CAP * square / (SIZE_CAP + square)
    cost = ((CAP * squares / (CAP + squares) + sized) * used).sum(axis=1)
    return np.asarray(cost + (priors**2).sum(axis=1))


def _linear(problem: _Problem, phi: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """-> cost (h,), gradient (h, 16), normal matrices (h, 16, 16) of what was seen and believed."""
    moved = problem.moved(phi)
    place, size, priors = next(moved)
    near = CAP / (CAP + (place**2).sum(axis=-1)) * problem.used
    alike = SIZE_CAP / (SIZE_CAP + size**2) * np.sqrt(near)

    def whole(place: Floats, size: Floats, priors: Floats) -> Floats:
        return np.concatenate([(place * near[..., None]).reshape(len(phi), -1), size * alike, priors], axis=1)

    residual = whole(place, size, priors)
    jacobian = np.stack([(whole(*parts) - residual) / delta for parts, delta in zip(moved, DELTA, strict=True)], axis=1)
    gradient = np.einsum("hpr,hr->hp", jacobian, residual)
    seen, believed = np.split(jacobian, [residual.shape[1] - priors.shape[1]], axis=2)
    cost = _cost(problem.used, place, size, priors)
    return cost, gradient, seen @ np.swapaxes(seen, 1, 2), believed @ np.swapaxes(believed, 1, 2)
