"""Kicks found by the search -> those that fit best, each with how surely: Levenberg and Marquardt on all at once.

Residuals: candidates on the flight (robust), their diameters, where the ball lay, and a prior for every
quantity that one camera cannot see. Which candidates count, and when the free flight ends, is decided anew
between rounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .. import camera as pinhole
from ..domain import Bools, Floats, Ints
from . import dynamics as d
from . import frame
from .evidence import Evidence
from .search import BEYOND, LEAST, NUISANCE, Match, match
from .starts import Start

ROUNDS, STEPS = 4, 4
DAMPINGS = (0.1, 1.0, 10.0)  # lengths of a step that are tried
CAP = 9.0  # squared deviations beyond which a candidate counts no more (Geman and McClure)
SIZE_CAP = 4.0
SIZE_SHARE, SIZE_PX, SIZE_WEIGHT = 0.09, 1.0, 0.6
PX, PX_OF_BALL, PX_OF_MOTION = 1.2, 0.05, 0.04  # 1 s.d. of a candidate's centre
UNSEEN, EARLY = 2.0, 12  # price of a frame with no candidate on the flight when hardly any are missed; frames that tell
UNEXPLAINED, SLOW_UNEXPLAINED = 4.0, 0.5  # what a candidate on it earns at most, when the ball is fast and when slow
SPREAD = np.array([45.0, 30.0, 0.2, 0.1, 0.1, 0.9, 1.0, 0.1])  # 1 s.d. of the nuisances, spin .. swell
SPEED_MS, SPEED_SPREAD_MS = 18.0, 10.0
# No parameter moves further in one step: place, velocity, kick, spin, nuisances, camera.
LONGEST = np.array(
    [3.0] * 2 + [10.0] * 3 + [0.2] + [60.0] * 2 + [0.4] * 3 + [2.0] * 2 + [0.2] + [500.0] * 3 + [0.5] * 4
)
FOOT_BALLS = 2.0  # from the middle of somebody's feet to the ball, 1 s.d. in its diameters
EARLY_S, FAR_PX = 0.5, 10.0  # of the path in the picture that is believed at first, and how roughly
ENOUGH = -36.0  # about ten clean sightings: more are worth less, or slow things that stay in view would win
RISES = 1.5  # price of the one more number that a ball has which does not roll from the start
DELTA = np.array([1e-3] * 5 + [1e-4, 1e-2, 1e-2] + [1e-3] * 6 + [1e-2] * 3 + [1e-5] * 2 + [1e-6, 1e-4])


@dataclass(frozen=True, eq=False, slots=True)
class Modes:
    """h fitted kicks: theta (h, 21), cost (h,), last row of the evidence in free flight (h,).

    `seen` and `believed` (h, 21, 21) are the normal matrices of what was measured and of the priors.
    """

    theta: Floats
    seen: Floats
    believed: Floats
    cost: Floats
    last: Ints
    found: Match


@dataclass(frozen=True, eq=False, slots=True)
class _Problem:
    """What the residuals of h kicks are measured against, for one choice of candidates (n frames each)."""

    evidence: Evidence
    start: Start
    whiten: Floats
    px: Floats
    diameter_px: Floats
    sigma_px: Floats
    used: Bools
    rolls: Bools

    def moved(self, theta: Floats) -> Iterator[tuple[Floats, Floats, Floats]]:
        """(h, 21) -> its residuals, then those with each parameter in turn moved by its DELTA, all flown at once.

        What belongs to the camera needs no flight of its own.
        """
        thetas = theta[None] + np.concatenate([np.zeros((1, d.SIZE)), np.diag(DELTA)])[:, None]
        flown = d.positions(thetas[: d.BIAS + 1].reshape(-1, d.SIZE), self.evidence.time_s)
        flights = flown.reshape(d.BIAS + 1, len(theta), -1, 3)
        for k in range(d.SIZE + 1):
            yield self.of(thetas[k], flights[k if k <= d.BIAS else 0])

    def of(self, theta: Floats, place: Floats) -> tuple[Floats, Floats, Floats]:
        """(h, 21), (h, n, 3) -> residuals of place (h, n, 2), of size (h, n), of priors (h, r)."""
        px, depth = pinhole.project(frame.aligned(theta[:, d.CAMERA :]), place, self.evidence.camera.size_wh_px)
        off = np.where(self.used[..., None], (px - self.px) / self.sigma_px[..., None], 0.0)
        size = d.diameters_px(theta, depth)
        measured = np.where(self.used, self.diameter_px, size)
        width = np.hypot(SIZE_SHARE, SIZE_PX / measured) / SIZE_WEIGHT
        return off, np.log(measured / size) / width, _priors(self, theta)


def fit(evidence: Evidence, start: Start, thetas: Floats) -> Modes | None:
    """Kicks (h, 21) -> the fitted ones, None when none keeps enough candidates."""
    whiten = np.linalg.inv(np.linalg.cholesky(frame.spread(evidence.camera) + 1e-12 * np.eye(7)))
    after = evidence.from_(start.from_s)
    # The best kick is tried once more with the candidates of the picture's own path, however far off they are yet.
    theta = np.concatenate([thetas, thetas[:1]])
    rolls = theta[:, d.VZ] < d.ROLLS_MS
    found, last = _choose(theta, after, 1.5)
    sigma_px = _sigma_px(found)
    found.row[-1], last[-1], sigma_px[-1] = after.tracked, int((after.time_s < start.to_s + EARLY_S).sum()) - 1, FAR_PX
    for wide in [1.2] + [1.0] * (ROUNDS - 1):
        problem = _problem(after, start, whiten, found, last, rolls, sigma_px)
        theta, seen, believed, cost = _descend(problem, theta)
        found, last = _choose(theta, after, wide)
        sigma_px = _sigma_px(found)
    good = last >= 0
    if not good.any():
        return None
    total = cost + _explained(theta, after, found, last)
    total = np.where(total < ENOUGH, ENOUGH + BEYOND * (total - ENOUGH), total)
    total += start.price + np.where(rolls, 0.0, RISES)
    kept = np.flatnonzero(good)[np.argsort(total[good])]
    return Modes(theta[kept], seen[kept], believed[kept], total[kept], last[kept], _rows(found, kept))


def _choose(theta: Floats, after: Evidence, wide: float) -> tuple[Match, Ints]:
    """Kicks -> their candidates, and the row at which the free flight is best taken to end (-1: too few candidates)."""
    found = match(theta, after, wide)
    flying = after.time_s[None] > theta[:, d.KICK, None] + 0.01
    total = np.cumsum(np.where(flying, _price(found, flying), 0.0), axis=1)
    count = np.cumsum(found.on & flying, axis=1)
    total = np.where((count >= LEAST) & found.on, total, np.inf)
    return found, np.where(np.isfinite(total.min(axis=1)), total.argmin(axis=1), -1)


def _price(found: Match, flying: Bools) -> Floats:
    """(h, n) what each frame costs beyond ending the flight before it; negative: it speaks for the flight."""
    sigma2 = _sigma_px(found) ** 2
    squares = (found.apart_px**2).sum(axis=-1) / sigma2
    seen = CAP * squares / (CAP + squares) - _earned(found)
    return np.where(found.on, seen, np.where(found.excused, 0.05, _unseen(found, flying)))


def _earned(found: Match) -> Floats:
    """(h, n) what a candidate on the flight earns at most: more when it looks like a ball, little when it is slow."""
    return np.where(found.fast, UNEXPLAINED * (0.5 + 0.75 * found.score), SLOW_UNEXPLAINED)


def _unseen(found: Match, flying: Bools) -> Floats:
    """(h, 1) price of a frame without a candidate: the less, the oftener the ball was missed early on its way."""
    early = np.cumsum(flying, axis=1) <= EARLY
    seen = (found.on & flying & early).sum(axis=1) + 2.0
    looked = (flying & early & (found.on | ~found.excused)).sum(axis=1) + 2.5
    return np.asarray(UNSEEN * (seen / looked)[:, None] ** 2)


def _sigma_px(found: Match) -> Floats:
    moved = np.linalg.norm(np.diff(found.expected_px, axis=1, prepend=found.expected_px[:, :1]), axis=-1)
    return np.asarray(np.sqrt(PX**2 + (PX_OF_BALL * found.expected_diameter_px) ** 2 + (PX_OF_MOTION * moved) ** 2))


def _problem(
    after: Evidence, start: Start, whiten: Floats, found: Match, last: Ints, rolls: Bools, sigma_px: Floats
) -> _Problem:
    count = max(int(last.max(initial=0)) + 1, LEAST)  # what comes after every flight's end need not be flown
    frame = np.arange(count)[None]
    row = np.maximum(found.row[:, :count], 0)
    used = found.on[:, :count] & (frame <= last[:, None])
    px = np.where(used[..., None], after.px[frame, row], 0.0)
    diameter = np.where(used, after.diameter_px[frame, row], 1.0)
    return _Problem(after.first(count), start, whiten, px, diameter, sigma_px[:, :count], used, rolls)


def _priors(problem: _Problem, theta: Floats) -> Floats:
    """(g, 21) -> (g, r) deviations from what is believed beforehand."""
    camera, start = problem.evidence.camera, problem.start
    likeliest = frame.written(camera.parameters)
    lies = np.concatenate([theta[:, [d.X, d.Y]], np.full((len(theta), 1), d.RADIUS_M)], axis=1)[:, None]
    px, depth = pinhole.project(frame.aligned(theta[:, d.CAMERA :]), lies, camera.size_wh_px)
    parts = [
        (theta[:, d.SPIN : d.SWELL + 1] - NUISANCE) / SPREAD,
        (theta[:, d.CAMERA :] - likeliest) @ problem.whiten.T,
        (np.linalg.norm(theta[:, d.VX : d.VZ + 1], axis=1, keepdims=True) - SPEED_MS) / SPEED_SPREAD_MS,
        (theta[:, d.KICK, None] - np.clip(theta[:, d.KICK, None], start.from_s, start.to_s)) / start.soft_s,
        np.minimum(theta[:, d.VZ, None], 0.0) / 0.1,
    ]
    # A lying ball's circle is fitted to its rim: it knows no bias of blobs in flight, and has a scatter of its own.
    focal = np.maximum(theta[:, d.CAMERA, None], frame.LEAST_FOCAL_PX)
    diameter = focal * d.DIAMETER_M / np.maximum(depth, 0.3)
    if np.isnan(start.diameter_px):
        parts.append((px[:, 0] - start.px) / (start.sigma_px + FOOT_BALLS * diameter))
    else:
        parts.append((px[:, 0] - start.px) / start.sigma_px)
        parts.append(np.log(start.diameter_px / diameter) / np.hypot(0.06, 0.6 / start.diameter_px))
    return np.concatenate(parts, axis=1)


def _descend(problem: _Problem, theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """-> (theta, both normal matrices, robust cost) after STEPS steps, each the best of several lengths, or none."""
    damping = np.full(len(theta), 1e-2)
    for _ in range(STEPS):
        cost, gradient, seen, believed = _linear(problem, theta)
        normal = seen + believed
        diagonal = np.einsum("hii->hi", normal)
        tried = [theta]
        for factor in DAMPINGS:
            damped = normal + np.eye(d.SIZE) * ((factor * damping)[:, None] * diagonal + 1e-9)[:, None]
            step = np.linalg.solve(damped, gradient[..., None])[..., 0]
            tried.append(theta - np.clip(np.nan_to_num(step), -LONGEST, LONGEST))
        costs = np.nan_to_num(np.stack([cost, *_costs(problem, tried[1:])]), nan=np.inf)
        best = costs.argmin(axis=0)
        theta = np.stack(tried)[best, np.arange(len(theta))]
        damping = np.clip(damping * np.array([30.0, *DAMPINGS])[best], 1e-6, 1e4)
    cost, _, seen, believed = _linear(problem, theta)
    return theta, seen, believed, cost


def _costs(problem: _Problem, thetas: list[Floats]) -> list[Floats]:
    """Several (h, 21) -> the robust cost (h,) of each, all flown at once."""
    flown = d.positions(np.concatenate(thetas), problem.evidence.time_s)
    flights = flown.reshape(len(thetas), len(thetas[0]), -1, 3)
    return [_cost(problem, *problem.of(theta, place)) for theta, place in zip(thetas, flights, strict=True)]


def _cost(problem: _Problem, place: Floats, size: Floats, priors: Floats) -> Floats:
    """Residuals -> robust cost (h,)."""
    squares, square = (place**2).sum(axis=-1), size**2
    sized = CAP / (CAP + squares) * SIZE_CAP * square / (SIZE_CAP + square)
    cost = ((CAP * squares / (CAP + squares) + sized) * problem.used).sum(axis=1)
    return np.asarray(cost + (priors**2).sum(axis=1))


def _linear(problem: _Problem, theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """-> cost (h,), gradient (h, 21), normal matrices (h, 21, 21) of what was seen and believed.

    The squares are reweighted so that they are as robust as the cost.
    """
    count = len(theta)
    free = np.ones((count, d.SIZE))
    free[problem.rolls, d.VZ] = 0.0
    flown = problem.moved(theta)
    place, size, priors = next(flown)
    cost = _cost(problem, place, size, priors)
    near = CAP / (CAP + (place**2).sum(axis=-1)) * problem.used
    alike = SIZE_CAP / (SIZE_CAP + size**2) * np.sqrt(near)

    def whole(place: Floats, size: Floats, priors: Floats) -> Floats:
        return np.concatenate([(place * near[..., None]).reshape(count, -1), size * alike, priors], axis=1)

    residual = whole(place, size, priors)
    jacobian = np.empty((count, d.SIZE, residual.shape[1]))
    for k, parts in enumerate(flown):
        jacobian[:, k] = (whole(*parts) - residual) / DELTA[k] * free[:, k, None]
    gradient = np.einsum("hpr,hr->hp", jacobian, residual)
    seen, believed = np.split(jacobian, [residual.shape[1] - priors.shape[1]], axis=2)
    return cost, gradient, seen @ np.swapaxes(seen, 1, 2), believed @ np.swapaxes(believed, 1, 2)


def _explained(theta: Floats, after: Evidence, found: Match, last: Ints) -> Floats:
    """(h,) what the frames say that the cost of the used candidates does not: sightings earn, misses cost."""
    frame = np.arange(len(after.time_s))[None]
    flying = (after.time_s[None] > theta[:, d.KICK, None] + 0.01) & (frame <= last[:, None])
    price = np.where(found.on, -_earned(found), np.where(found.excused, 0.05, _unseen(found, flying)))
    return np.asarray(np.where(flying, price, 0.0).sum(axis=1))


def _rows(found: Match, kept: Ints) -> Match:
    return Match(*(getattr(found, name)[kept] for name in Match.__slots__))
