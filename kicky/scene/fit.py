"""Evidence -> the cameras that explain it, how surely, and from which side of the goal they look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import log_ndtr

from ..camera import LOG_FOCAL, PAN, Y, from_aim, to_aim
from ..domain import Camera, Floats, Scene
from .anchors import heights, places_m
from .evidence import HEIGHT_M, OUTLIER, Evidence
from .lens import YOU_SAID
from .solve import jacobian, least_squares

# What the pinhole leaves out: the lens's bend and a principal point off the centre (simulated: k1 .015, 8 px).
FLOOR_PX, FLOOR_LOG_FOCAL = 2.0, 0.01
HOPELESS = 30.0  # a camera this much dearer than the best is not looked at again
TOLD = 0.5  # share of the lens prior's spread below which the picture itself has told the focal length
FRONT_SIDE = 2.0  # how many to one (as a logarithm) a phone stands on the shooter's side of the goal


@dataclass(frozen=True, eq=False, slots=True)
class Fit:
    """A minimum of the evidence and its sum of squares."""

    evidence: Evidence
    parameters: Floats
    cost: float

    def float_sd(self) -> Floats:
        """-> (n,) how far each thing floats, in standard deviations."""
        if not self.evidence.things:
            return np.empty(0)
        above, _ = heights(self.parameters, self.evidence.things, self.evidence.size_wh_px)
        return np.asarray(above / self.evidence.float_m)

    def normal(self) -> Floats:
        """-> (7, 7) the inverse of the covariance."""
        slope = jacobian(self.evidence, self.parameters)
        return np.asarray(slope.T @ slope)

    def residual_px(self) -> float:
        """-> how far the corners are from where they are seen, root mean square."""
        rows = self.evidence(self.parameters[None])[0, :8].reshape(4, 2) * self.evidence.sigma_px
        return float(np.sqrt((rows**2).sum(axis=1).mean()))

    def distance(self, other: Fit) -> float:
        """-> how many standard deviations of the other lie between them."""
        gap = self.parameters - other.parameters
        return math.sqrt(gap @ other.normal() @ gap)


def guesses(scene: Scene, size_wh_px: tuple[int, int], focal_px: float) -> list[Floats]:
    """-> cameras that look at the goal from the left, from the front and from the right, as far off as it is small."""
    corners = scene.goal_corners_px
    width, height = scene.goal_size_m
    x, y = corners.T
    area = abs(float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))) / 2
    right, down = (corners.mean(axis=0) - np.array(size_wh_px) / 2) / focal_px
    starts = []
    for aside in np.radians([-50.0, 0.0, 50.0]):
        away = focal_px * math.sqrt(width * height * math.cos(aside) / area)
        pan, tilt = -aside - math.atan(right), math.atan(down) + math.atan2(height / 2 - HEIGHT_M, away)
        place = away * math.sin(aside), away * math.cos(aside), HEIGHT_M
        starts.append(np.array([math.log(focal_px), pan, tilt, 0.0, *place]))
    return starts


def search(evidence: Evidence) -> list[Fit]:
    """Evidence -> the different cameras that explain it, best first.

    First without what stands on the ground. That is then taken at its word, once all of it and once the ball alone
    (a box may hold half a body, glare or a shadow); after that what does not fit loses its say (Geman-McClure).
    """
    if evidence.prior is not None:
        starts = [evidence.prior.parameters]
    else:
        starts = guesses(evidence.scene, evidence.size_wh_px, evidence.focal[0])
    bare = replace(evidence, things=[])
    fits: list[Fit] = []
    for fit in sorted((_fit(bare, start) for start in starts), key=lambda fit: fit.cost):
        if all(fit.cost < other.cost + HOPELESS and fit.distance(other) > 0.1 for other in fits):
            fits.append(fit)
    if evidence.things:
        ball = np.array([float(thing.kind == "ball") for thing in evidence.things])
        trusted = [np.ones(len(ball)), *([ball] if 0 < ball.sum() < len(ball) else [])]
        fits = [_grounded(evidence, fit.parameters, weight) for fit in fits for weight in trusted]
    return sorted(fits, key=lambda fit: fit.cost)


def _fit(evidence: Evidence, start: Floats) -> Fit:
    """Evidence, a camera to start from -> Fit, sought where the valley of focal length and distance is straight."""
    size = evidence.size_wh_px
    aim, cost = least_squares(lambda aims: evidence(from_aim(aims, size)), to_aim(start, size))
    return Fit(evidence, from_aim(aim, size), cost)


def _grounded(evidence: Evidence, start: Floats, trusted: Floats) -> Fit:
    """Evidence with things on the ground, a camera near the answer, whose word counts at first (n,) -> Fit."""
    fit = _fit(replace(evidence.weighed_at(start), weight=trusted), start)
    for _ in range(2):
        fit = _fit(evidence.weighed_at(fit.parameters), fit.parameters)
    off, weight = fit.float_sd(), fit.evidence.weight
    bounded = OUTLIER**2 * off**2 / (OUTLIER**2 + off**2) - (off * weight) ** 2
    return replace(fit, cost=fit.cost + float(bounded.sum()))


def spread_about(fits: Sequence[Fit]) -> Floats:
    """Fits, best first -> (7, 7) covariance about the best: wider where the corners fit badly, where another
    camera explains them nearly as well, and never narrower than what a pinhole leaves out."""
    best = fits[0]
    spread = np.linalg.inv(best.normal())
    rows = best.evidence(best.parameters[None])[0]
    spread = spread * max(1.0, best.cost / (len(rows) - 7))
    apart = [fit for fit in fits[1:] if fit.distance(best) > 0.5]
    odds = np.exp([-(fit.cost - best.cost) / 2 for fit in apart])
    for fit, odd in zip(apart, odds / (1 + odds.sum()), strict=True):
        gap = fit.parameters - best.parameters
        spread = spread + odd * np.outer(gap, gap)
    return floored(np.asarray(spread), best.evidence.size_wh_px, math.exp(best.parameters[LOG_FOCAL]))


def floored(spread: Floats, size_wh_px: tuple[int, int], focal_px: float) -> Floats:
    """(7, 7) covariance -> the same with what a pinhole leaves out."""
    turn = FLOOR_PX * max(size_wh_px) / 1920 / focal_px
    return np.asarray(spread + np.diag([FLOOR_LOG_FOCAL**2, turn**2, turn**2, 0, 0, 0, 0]))


def stands_behind(fit: Fit) -> bool:
    """-> whether ball and people lie on the other side of the goal from the phone: they belong to the shooter's."""
    things = fit.evidence.things
    if not things:
        return False
    places, depth = places_m(fit.parameters, things, fit.evidence.size_wh_px)
    sure = np.array([1.0 if thing.kind == "ball" else 0.3 for thing in things])
    share = np.array([thing.share for thing in things])
    out = np.clip(places[:, 1] / (depth * share + 0.3), -4, 4)
    return bool((log_ndtr(out) - log_ndtr(-out)) @ sure < -FRONT_SIDE)


def other_side(parameters: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """A camera -> the one that sees the same from the other side of the goal: half a turn about its middle."""
    turned = parameters * np.array([1, 1, 1, 1, -1, -1, 1])
    turned[PAN] = (parameters[PAN] + 2 * math.pi) % (2 * math.pi) - math.pi
    sign = np.diag([1.0, 1, 1, 1, -1, -1, 1])
    return turned, sign @ spread @ sign


def from_the_front(camera: Camera) -> Camera:
    if camera.parameters[Y] >= 0:
        return camera
    parameters, spread = other_side(camera.parameters, camera.covariance)
    return replace(camera, parameters=parameters, covariance=spread)


def focal_from(fit: Fit, spread: Floats, words: str) -> str:
    """Fit, its covariance, the prior's words -> what the focal length rests on, once the picture itself says more."""
    if spread[LOG_FOCAL, LOG_FOCAL] > (TOLD * fit.evidence.focal[1]) ** 2:
        return words
    return "plumb lines in the picture" if len(fit.evidence.verticals) else "how the goal is seen"


def height_from(fit: Fit) -> str:
    """-> what the camera's height rests on, in words."""
    if fit.evidence.scene.camera_height_m is not None:
        return YOU_SAID
    kept = {thing.kind for thing, off in zip(fit.evidence.things, fit.float_sd(), strict=True) if abs(off) < OUTLIER}
    if "ball" in kept:
        return "the ball on the ground"
    return "people's height" if kept else "corners alone"
