"""What the camera has to explain: the goal's corners, the lens, the height, things on the ground, plumb lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..camera import LOG_FOCAL, ROLL, Z, aimed, project, rotation, to_aim
from ..domain import Camera, Floats, Scene, Told
from . import marks
from .anchors import Anchor, heights, places_m

CLICK_PX = 2.0  # in a picture 1920 px long
ROLL_SD = 0.3
# A phone stands on grass, a bag, a tripod, a fence: 0.1 to 3 m are two standard deviations of the log-normal.
HEIGHT_M, HEIGHT_LOG_SD = 0.55, 0.85
STATED_HEIGHT_SD_M = 0.1
PLUMB_SD_DEG, PLUMB_PX = 0.5, 1.0  # how far posts and poles lean, how well an end of a line is seen
PLUMB_LINES = 6  # lines on one fence lean alike: together they say no more than this many
# What a phone on a tripod moves between two shots of a session: radians of pan, tilt and roll.
NUDGE_RAD = 0.01
OUTLIER = 3.0  # standard deviations at which a thing on the ground loses half its say


def clicked_px(size_wh_px: tuple[int, int]) -> float:
    """Picture's size -> standard deviation of a clicked corner in px."""
    return CLICK_PX * max(size_wh_px) / 1920


def goal_corners_m(goal_size_m: tuple[float, float]) -> Floats:
    """Inner width and height -> (4, 3) the corners TL TR BR BL as the shooter sees them."""
    half, height = goal_size_m[0] / 2, goal_size_m[1]
    return np.array([[-half, 0, height], [half, 0, height], [half, 0, 0], [-half, 0, 0]], dtype=float)


@dataclass(frozen=True, eq=False, slots=True)
class Evidence:
    """What the camera has to explain; called with (k, 7) parameters it gives (k, m) standard deviations.

    Rows: eight of the corners, lens, roll and height, then things on the ground
    (with the standard deviations and weights that `weighed_at` freezes), how far from the goal line the balls lay,
    the pitch's marks, plumb lines, the session's camera.
    """

    scene: Scene
    size_wh_px: tuple[int, int]
    sigma_px: float
    focal: tuple[float, float]
    things: Sequence[Anchor] = ()
    verticals: Floats = field(default_factory=lambda: np.empty((0, 2, 2)))
    prior: Camera | None = None
    float_m: Floats = field(default_factory=lambda: np.empty(0))
    weight: Floats = field(default_factory=lambda: np.empty(0))

    def __call__(self, parameters: Floats) -> Floats:
        seen, _ = project(parameters, goal_corners_m(self.scene.goal_size_m), self.size_wh_px)
        off = (seen - self.scene.goal_corners_px) / self.sigma_px
        rows = [off.reshape(*off.shape[:-2], 8), self._expected(parameters)]
        if self.things:
            rows.append(heights(parameters, self.things, self.size_wh_px)[0] / self.float_m * self.weight)
            rows.append(from_goal_line(parameters, self.things, self.size_wh_px))
        if self.scene.marks:
            rows.append(self.off_marks(parameters))
        if len(self.verticals):
            rows.append(_off_plumb(parameters, self.verticals, self.size_wh_px))
        if self.prior is not None:
            middle, spread = aimed(self.prior)
            nudge = NUDGE_RAD * self.prior.focal_px
            root = np.linalg.cholesky(spread + np.diag([0, nudge**2, nudge**2, NUDGE_RAD**2, 0, 0, 0]))
            rows.append(np.linalg.solve(root, (to_aim(parameters, self.size_wh_px) - middle).T).T)
        return np.concatenate(rows, axis=-1)

    def off_marks(self, parameters: Floats) -> Floats:
        """(k, 7) -> (k, m) standard deviations by which the clicks lie off the pitch's marks."""
        click_px, corners = clicked_px(self.size_wh_px), self.scene.goal_corners_px
        return marks.off(parameters, self.scene.marks, corners, self.size_wh_px, click_px)

    def _expected(self, parameters: Floats) -> Floats:
        """(k, 7) -> (k, 3) how far lens, roll and height are from what one would expect."""
        height, stated_m = parameters[..., Z], self.scene.camera_height_m
        high = (
            np.log(height / HEIGHT_M) / HEIGHT_LOG_SD if stated_m is None else (height - stated_m) / STATED_HEIGHT_SD_M
        )
        lens = (parameters[..., LOG_FOCAL] - math.log(self.focal[0])) / self.focal[1]
        return np.stack([lens, parameters[..., ROLL] / ROLL_SD, high], axis=-1)

    def weighed_at(self, parameters: Floats) -> Evidence:
        """-> the same with each thing's standard deviation as seen from there, and what does not fit made light."""
        if not self.things:
            return self
        above, sigma = heights(parameters, self.things, self.size_wh_px)
        return replace(self, float_m=sigma, weight=1 / (1 + (above / sigma / OUTLIER) ** 2))


def with_told(things: Sequence[Anchor], told: Told | None) -> list[Anchor]:
    """Things on the ground, how far from the goal line their balls lay -> the same, the balls knowing it."""
    return [replace(thing, told=told) if thing.kind == "ball" else thing for thing in things]


def places_told(things: Sequence[Anchor]) -> list[Told]:
    """Things on the ground -> each place that was told of any of them, once."""
    return list(dict.fromkeys(thing.told for thing in things if thing.told is not None))


def from_goal_line(
    parameters: Floats, things: Sequence[Anchor], size_wh_px: tuple[int, int], bias_px: Floats | float = 0.0
) -> Floats:
    """(k, 7), what stands on the ground -> (k, m) s.d. by which balls lie off each of the m places told.

    Balls of one place share its error. A ball's place is that of its size, on either side of the goal.
    """
    rows = [np.empty((len(parameters), 0))]
    for told in places_told(things):
        balls = [thing for thing in things if thing.told == told]
        places, depth = places_m(parameters, balls, size_wh_px, bias_px)
        away = np.abs(places[..., 1]).mean(axis=-1, keepdims=True)
        share = np.sqrt(np.mean([ball.share**2 for ball in balls]) / len(balls))
        rows.append((away - told.value) / np.hypot(told.sd, depth.mean(axis=-1, keepdims=True) * share))
    return np.concatenate(rows, axis=-1)


def _off_plumb(parameters: Floats, verticals: Floats, size_wh_px: tuple[int, int]) -> Floats:
    """(k, 7), (n, 2, 2) segments -> (k, n) how far their ends are from the plumb line through their middle."""
    half = (verticals[:, 1] - verticals[:, 0]) / 2
    focal = np.exp(parameters[:, LOG_FOCAL, None])
    middle = (verticals.mean(axis=1) - np.array(size_wh_px) / 2) / focal[..., None]
    up = rotation(parameters)[:, None, :, 2]
    along = up[..., :2] - middle * up[..., 2:]
    along = along / np.linalg.norm(along, axis=-1, keepdims=True)
    off = along[..., 0] * half[:, 1] - along[..., 1] * half[:, 0]
    together = math.sqrt(max(1.0, len(verticals) / PLUMB_LINES))
    return np.asarray(off / np.hypot(PLUMB_PX, math.radians(PLUMB_SD_DEG) * np.linalg.norm(half, axis=1)) / together)
