"""Goal in the picture, what is known of the lens, things on the ground -> the camera, and how surely.

The unknowns are those of `domain.Camera`. Four corners give eight equations, but a goal seen from the front
hardly tells focal length from distance, nor how the ground lies; the lens's prior and what stands on the ground
decide those. The covariance carries what stays open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import log_ndtr

from ..camera import project, rotation
from ..domain import Camera, Clip, Floats, Scene
from . import lens
from .anchors import Anchor, anchors, heights, places_m
from .solve import jacobian, least_squares

__all__ = ["Anchor", "anchors", "calibrate", "goal_corners_m"]

CLICK_PX = 2.0  # standard deviation of a clicked corner in a picture 1920 px long
ROLL_SD = 0.3
# A phone stands on grass, a bag, a tripod, a fence: 0.1 to 3 m are two standard deviations of the log-normal.
HEIGHT_M, HEIGHT_LOG_SD, LOWEST_M = 0.55, 0.85, 0.03
STATED_HEIGHT_SD_M = 0.1
PLUMB_SD_DEG, PLUMB_PX = 0.5, 1.0  # how far posts and poles lean, how well an end of a line is seen
# What the pinhole leaves out: the lens's bend and a principal point off the centre (simulated: k1 .015, 8 px).
FLOOR_PX, FLOOR_LOG_FOCAL = 2.0, 0.01
# What a phone on a tripod moves between two shots of a session: radians of pan, tilt and roll.
NUDGE_RAD = 0.01
OUTLIER = 3.0  # standard deviations at which a thing on the ground loses half its say
NO_GOAL, NO_PRIOR, NO_GROUND = 3.0, 4.0, 6.0  # standard deviations beyond which there is no camera
FRONT_SIDE = 2.0  # how many to one (as a logarithm) a phone stands on the shooter's side of the goal

NO_FIT = (
    "The four corners fit no goal of {} × {} m that stands upright: correct its size, or click the inner corners "
    "again, where the posts meet bar and ground."
)
NO_HEIGHT = (
    "The goal is seen from about {} m above the ground, not from {} m: correct the height you gave, or leave it out."
)
NO_BALL = (
    "The corners put the lying ball far {} the ground: correct the goal's size or the camera's height, or click the "
    "corners again; a goal that leans cannot be used."
)


@dataclass(frozen=True, eq=False, slots=True)
class Evidence:
    """What the camera has to explain; called with (k, 7) parameters it gives (k, m) standard deviations.

    Rows: eight of the corners, two of the lens and the roll, one or two of the height, then things on the ground
    (with the standard deviations and weights frozen here), plumb lines, the session's camera.
    """

    scene: Scene
    size_wh_px: tuple[int, int]
    sigma_px: float
    focal: tuple[float, float]
    things: list[Anchor]
    verticals: Floats
    prior: Camera | None
    float_m: Floats
    weight: Floats

    def __call__(self, parameters: Floats) -> Floats:
        seen, _ = project(parameters, goal_corners_m(self.scene.goal_size_m), self.size_wh_px)
        off = (seen - self.scene.goal_corners_px) / self.sigma_px
        rows = [off.reshape(*off.shape[:-2], 8), self._expected(parameters)]
        if self.things:
            rows.append(heights(parameters, self.things, self.size_wh_px)[0] / self.float_m * self.weight)
        if len(self.verticals):
            rows.append(_off_plumb(parameters, self.verticals, self.size_wh_px))
        if self.prior is not None:
            spread = self.prior.covariance + np.diag([0.0, *[NUDGE_RAD**2] * 3, 0.0, 0.0, 0.0])
            rows.append(np.linalg.solve(np.linalg.cholesky(spread), (parameters - self.prior.parameters).T).T)
        return np.concatenate(rows, axis=-1)

    def _expected(self, parameters: Floats) -> Floats:
        """(k, 7) -> (k, 3 or 4) how far lens, roll and height are from what one would expect."""
        height = parameters[..., 6]
        low = np.maximum(height, LOWEST_M)  # below it the logarithm goes on as its tangent
        expected = [
            (parameters[..., 0] - math.log(self.focal[0])) / self.focal[1],
            parameters[..., 3] / ROLL_SD,
            (np.log(low / HEIGHT_M) + (height - low) / LOWEST_M) / HEIGHT_LOG_SD,
        ]
        if self.scene.camera_height_m is not None:
            expected.append((height - self.scene.camera_height_m) / STATED_HEIGHT_SD_M)
        return np.stack(expected, axis=-1)

    def weighed_at(self, parameters: Floats) -> Evidence:
        """-> the same with each thing's standard deviation as seen from there, and what does not fit made light."""
        if not self.things:
            return self
        above, sigma = heights(parameters, self.things, self.size_wh_px)
        return replace(self, float_m=sigma, weight=1 / (1 + (above / sigma / OUTLIER) ** 2))


@dataclass(frozen=True, eq=False, slots=True)
class Fit:
    """A minimum of the evidence: `float_sd` is how far each thing floats, in standard deviations."""

    evidence: Evidence
    parameters: Floats
    cost: float
    float_sd: Floats

    def normal(self) -> Floats:
        """-> (7, 7) the inverse of the covariance."""
        slope = jacobian(self.evidence, self.parameters)
        return np.asarray(slope.T @ slope)

    def distance(self, other: Fit) -> float:
        """-> how many standard deviations of the other lie between them."""
        gap = self.parameters - other.parameters
        return math.sqrt(gap @ other.normal() @ gap)


def calibrate(
    scene: Scene,
    clip: Clip,
    anchors: Sequence[Anchor],
    prior: Camera | None = None,
    verticals: Floats | None = None,
    *,
    sigma_px: float | None = None,
    picture_wh_px: tuple[int, int] | None = None,
) -> Scene:
    """Scene, its film, things on the ground -> Scene with its camera, or with the reason why there is none.

    `prior` is the session's camera, `verticals` (n, 2, 2) segments in the picture that are plumb in the world.
    `sigma_px` is how well the corners are known (None: as clicked), `picture_wh_px` the picture without black bars.
    The corners look alike from both sides of the goal: the ball and the people tell which it is, and without
    them it is the shooter's.
    """
    focal_px, log_sd, focal_from = lens.prior(clip, scene, picture_wh_px)
    things, size = list(anchors), clip.size_wh_px
    sigma = sigma_px or CLICK_PX * max(size) / 1920
    lines = np.empty((0, 2, 2)) if verticals is None else np.asarray(verticals, dtype=float)
    behind = prior is not None and prior.parameters[5] < 0
    session = _seen_from_the_front(prior) if prior is not None else None
    none = np.ones(len(things))
    evidence = Evidence(scene, size, sigma, (focal_px, log_sd), things, lines, session, none, none)
    starts = [session.parameters] if session is not None else _starts(scene, size, focal_px)
    fits = sorted((_fit(evidence, start) for start in starts), key=lambda fit: fit.cost)
    best = fits[0]
    why_not = _refusal(best)
    if why_not:
        return replace(scene, camera=None, camera_why_not=why_not)
    parameters, spread = best.parameters, _spread(fits) if session is None else _moved(session, sigma)
    seen, _ = project(parameters, goal_corners_m(scene.goal_size_m), size)
    residual = float(np.sqrt(((seen - scene.goal_corners_px) ** 2).sum(axis=-1).mean()))
    if behind or (prior is None and _behind(best)):
        parameters, spread = _other_side(parameters, spread)
    lens_words = prior.focal_from if prior is not None else focal_from
    camera = Camera(parameters, spread, size, residual, _height_from(best, prior), lens_words)
    return replace(scene, camera=camera, camera_why_not="")


def goal_corners_m(goal_size_m: tuple[float, float]) -> Floats:
    """Inner width and height -> (4, 3) the corners TL TR BR BL as the shooter sees them."""
    half, height = goal_size_m[0] / 2, goal_size_m[1]
    return np.array([[-half, 0, height], [half, 0, height], [half, 0, 0], [-half, 0, 0]], dtype=float)


def _starts(scene: Scene, size_wh_px: tuple[int, int], focal_px: float) -> list[Floats]:
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


def _fit(evidence: Evidence, start: Floats) -> Fit:
    """Evidence, a camera to start from -> Fit: first without what stands on the ground, then with it.

    Things that do not fit lose their say (Geman-McClure), but only once the others have had theirs.
    """
    parameters, cost = least_squares(replace(evidence, things=[]), start)
    for trust in (True, False, False) if evidence.things else ():
        evidence = evidence.weighed_at(parameters)
        if trust:
            evidence = replace(evidence, weight=np.ones(len(evidence.things)))
        parameters, cost = least_squares(evidence, parameters)
    float_sd = heights(parameters, evidence.things, evidence.size_wh_px)[0] / evidence.float_m if evidence.things else 0
    bounded = OUTLIER**2 * float_sd**2 / (OUTLIER**2 + float_sd**2) - (float_sd * evidence.weight) ** 2
    return Fit(evidence, parameters, cost + float(np.sum(bounded)), np.atleast_1d(np.asarray(float_sd, dtype=float)))


def _refusal(fit: Fit) -> str:
    """-> why no camera explains the corners, in words, "" when one does."""
    scene = fit.evidence.scene
    width, height = (f"{side:g}" for side in scene.goal_size_m)
    rows = fit.evidence(fit.parameters[None])[0]
    if math.sqrt(np.mean(rows[:8] ** 2)) > NO_GOAL or np.abs(rows[8:11]).max() > NO_PRIOR:
        return NO_FIT.format(width, height)
    if scene.camera_height_m is not None and abs(rows[11]) > NO_PRIOR:
        return NO_HEIGHT.format(f"{fit.parameters[6]:.1f}", f"{scene.camera_height_m:g}")
    for thing, off in zip(fit.evidence.things, fit.float_sd, strict=False):
        if thing.kind == "ball" and abs(off) > NO_GROUND:
            return NO_BALL.format("above" if off > 0 else "below")
    return ""


def _spread(fits: Sequence[Fit]) -> Floats:
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
    turn = FLOOR_PX * max(best.evidence.size_wh_px) / 1920 / math.exp(best.parameters[0])
    return np.asarray(spread + np.diag([FLOOR_LOG_FOCAL**2, turn**2, turn**2, 0, 0, 0, 0]))


def _moved(session: Camera, sigma_px: float) -> Floats:
    """The session's camera -> its covariance with what a nudge leaves open; the same clicks do not count twice."""
    turn = sigma_px / 2 / session.focal_px
    return np.asarray(session.covariance + np.diag([0, turn**2, turn**2, 0, 0, 0, 0]))


def _behind(fit: Fit) -> bool:
    """-> whether ball and people lie on the other side of the goal from the phone: they belong to the shooter's."""
    things = fit.evidence.things
    if not things:
        return False
    places, depth = places_m(fit.parameters, things, fit.evidence.size_wh_px)
    sure = np.array([1.0 if thing.kind == "ball" else 0.3 for thing in things])
    share = np.array([thing.share for thing in things])
    out = np.clip(places[:, 1] / (depth * share + 0.3), -4, 4)
    return bool((log_ndtr(out) - log_ndtr(-out)) @ sure < -FRONT_SIDE)


def _other_side(parameters: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """A camera -> the one that sees the same from the other side of the goal: half a turn about its middle."""
    turned = parameters * np.array([1, 1, 1, 1, -1, -1, 1])
    turned[1] = (parameters[1] + 2 * math.pi) % (2 * math.pi) - math.pi
    sign = np.diag([1.0, 1, 1, 1, -1, -1, 1])
    return turned, sign @ spread @ sign


def _seen_from_the_front(camera: Camera) -> Camera:
    if camera.parameters[5] >= 0:
        return camera
    parameters, spread = _other_side(camera.parameters, camera.covariance)
    return replace(camera, parameters=parameters, covariance=spread)


def _height_from(fit: Fit, prior: Camera | None) -> str:
    """-> what the camera's height rests on, in words."""
    if fit.evidence.scene.camera_height_m is not None:
        return "you said"
    if prior is not None:
        return prior.height_from
    kept = {thing.kind for thing, off in zip(fit.evidence.things, fit.float_sd, strict=False) if abs(off) < OUTLIER}
    if "ball" in kept:
        return "the ball on the ground"
    return "people's height" if kept else "corners alone"


def _off_plumb(parameters: Floats, verticals: Floats, size_wh_px: tuple[int, int]) -> Floats:
    """(k, 7), (n, 2, 2) segments -> (k, n) how far their ends are from the plumb line through their middle."""
    half = (verticals[:, 1] - verticals[:, 0]) / 2
    focal = np.exp(parameters[:, :1])
    middle = (verticals.mean(axis=1) - np.array(size_wh_px) / 2) / focal[..., None]
    up = rotation(parameters)[:, None, :, 2]
    along = up[..., :2] - middle * up[..., 2:]
    along = along / np.linalg.norm(along, axis=-1, keepdims=True)
    off = along[..., 0] * half[:, 1] - along[..., 1] * half[:, 0]
    return np.asarray(off / np.hypot(PLUMB_PX, math.radians(PLUMB_SD_DEG) * np.linalg.norm(half, axis=1)))
