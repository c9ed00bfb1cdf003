"""The pitch's marks as a player clicks them: they lie where the Laws have them, and tie the ground to the picture.

From behind, four corners and a ball hardly tell a long lens from a far phone; a line at a known distance from the goal
line does, even nearly edge-on. docs/decisions/speeds.md has what it is worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..camera import LEAST_DEPTH_M, LOG_FOCAL, PLACE, Y, project, rays, rotation
from ..domain import Camera, Floats, PitchMark
from ..errors import BadScene
from .solve import jacobian

Clicked = dict[str, list[tuple[float, float]]]
"""A mark of the pitch: its points in the picture its goal was clicked on."""
MOST_POINTS = 4
SPOT_M, DRAWN = 0.15, 41  # a spot is drawn so wide to either side, a line through so many points
SEEN, TRIED = 0.9, 7  # how much of a line may be seen, at how many points it is tried
CLICKS = 2.0  # a lens bends lines that run to the picture's edge by as much again as a click is off


@dataclass(frozen=True, slots=True)
class Kind:
    """A mark: in words, how far from the goal line and 1 s.d. of that in m, half its length, clicks it takes."""

    words: str
    away_m: float
    sd_m: float
    half_m: float
    clicks: int

    def points_m(self, camera: Camera, half_m: float, count: int) -> Floats:
        """-> (n, 3) places along it, so far to either side, on the side of the goal that the camera is on."""
        side = 1.0 if camera.parameters[Y] >= 0 else -1.0
        return np.array([[x, side * self.away_m, 0.0] for x in np.linspace(-half_m, half_m, count)])


# Laws of the Game, Law 1; how far off they are painted on amateurs' pitches is a guess.
KINDS = {
    "goal_area": Kind("Front of the goal area (5.5 m)", 5.5, 0.1, 9.16, 2),
    "box": Kind("Front of the box (16.5 m)", 16.5, 0.15, 20.16, 2),
    "spot": Kind("Penalty spot (11 m)", 11.0, 0.15, 0.0, 1),
}
FULL_SIZE = (7.32, 2.44)


def offered(goal_size_m: tuple[float, float]) -> dict[str, Kind]:
    """Goal -> the marks before it whose places are known; none but a full-size goal has such."""
    return KINDS if tuple(goal_size_m) == FULL_SIZE else {}


def read(values: Mapping[str, Any]) -> tuple[PitchMark, ...]:
    """Scene's values -> the marks clicked in it, relative to its corners. Raises: BadScene.

    >>> goal = {"goal_corners_px": [[100, 50], [200, 50], [200, 90], [100, 90]]}
    >>> read(goal | {"marks": {"spot": [[150, 170]]}})
    (PitchMark(kind='spot', at=((0.0, 1.0),)),)
    """
    found = []
    for kind, points in (values.get("marks") or {}).items():
        if kind not in KINDS:
            raise BadScene(f"The scene marks {str(kind)[:40]!r} on the pitch: known are {', '.join(KINDS)}.")
        at = np.asarray(points, dtype=float)
        if at.ndim != 2 or at.shape[1] != 2 or not KINDS[kind].clicks <= len(at) <= MOST_POINTS:
            raise BadScene(f'The scene\'s mark "{kind}" is {KINDS[kind].clicks} to {MOST_POINTS} points [x, y].')
        if not np.isfinite(at).all():
            raise BadScene(f'The scene\'s mark "{kind}" has a point that is nowhere: click it again.')
        middle, wide = _goal(np.asarray(values["goal_corners_px"], dtype=float))
        found.append(PitchMark(kind, tuple((float(x), float(y)) for x, y in (at - middle) / wide)))
    return tuple(found)


def written(marks: Sequence[PitchMark], corners_px: Floats) -> dict[str, list[list[float]]]:
    """Marks, the goal's corners -> what `read` takes back."""
    return {mark.kind: placed(mark, corners_px).round(2).tolist() for mark in marks}


def scaled(clicked: Clicked, across: float, down: float) -> Clicked:
    """Marks as a scene's values keep them, how much larger another picture is -> the same in that picture."""
    return {kind: [(x * across, y * down) for x, y in points] for kind, points in clicked.items()}


def placed(mark: PitchMark, corners_px: Floats) -> Floats:
    """Mark, (4, 2) the goal's corners -> (n, 2) its points in their picture."""
    middle, wide = _goal(corners_px)
    return middle + wide * np.array(mark.at)


def off(
    parameters: Floats, marks: Sequence[PitchMark], corners_px: Floats, size_wh_px: tuple[int, int], click_px: float
) -> Floats:
    """(k, 7), marks, the corners they were clicked beside -> (k, m) s.d. by which their points lie off them."""
    rows = [np.empty((len(parameters), 0))]
    for mark in marks:
        kind, points = KINDS[mark.kind], placed(mark, corners_px)
        ray = rays(parameters, np.broadcast_to(points, (len(parameters), *points.shape)), size_wh_px)
        there, moved = (_from_across(parameters, ray, away_m) for away_m in (kind.away_m, kind.away_m + kind.sd_m))
        rows.append(there / np.hypot(CLICKS * click_px, np.abs(moved) - np.abs(there)))
        if kind.clicks == 1:
            rows.append(_from_middle(parameters, ray) / (CLICKS * click_px))
    return np.concatenate(rows, axis=-1)


def drawn_px(camera: Camera, marks: Sequence[PitchMark]) -> list[Floats]:
    """Camera, marks clicked -> (n, 2) the way each takes in the picture, where the camera has the whole mark."""
    ways = []
    for kind in (KINDS[mark.kind] for mark in marks):
        points = kind.points_m(camera, kind.half_m or SPOT_M, DRAWN)
        px, depth = project(camera.parameters, points, camera.size_wh_px)
        ways.append(px[depth > LEAST_DEPTH_M])
    return ways


def worth(camera: Camera, click_px: float) -> float:
    """Camera -> 1 s.d. of the logarithm of its focal length, were all marks clicked that its picture shows."""
    known, size = np.linalg.inv(camera.covariance), camera.size_wh_px
    corners = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])  # a goal one pixel wide about 0, 0
    clicked = []
    for name, kind in KINDS.items():
        px, depth = project(camera.parameters, kind.points_m(camera, SEEN * kind.half_m, TRIED), size)
        seen = px[(depth > 1) & (px > 0).all(axis=1) & (px < size).all(axis=1)]
        if len(seen) >= kind.clicks:
            clicked.append(PitchMark(name, tuple((float(x), float(y)) for x, y in seen[[0, -1][: kind.clicks]])))
    slope = jacobian(lambda parameters: off(parameters, clicked, corners, size, click_px), camera.parameters)
    return float(np.sqrt(np.linalg.inv(known + slope.T @ slope)[LOG_FOCAL, LOG_FOCAL]))


def _from_across(parameters: Floats, ray: Floats, away_m: float) -> Floats:
    """(k, 7), (k, n, 3) -> (k, n) px from the line on the ground so far from the goal line, on the nearer side."""
    x, y, height = np.moveaxis(parameters[:, PLACE], 1, 0)
    flat = np.zeros_like(x)
    sides = [_from_plane(parameters, ray, np.stack([flat, height, way * away_m - y], axis=-1)) for way in (1, -1)]
    return np.where(np.abs(sides[0]) < np.abs(sides[1]), *sides)


def _from_middle(parameters: Floats, ray: Floats) -> Floats:
    """(k, 7), (k, n, 3) -> (k, n) px from the line on the ground through the goal's middle."""
    x, _, height = np.moveaxis(parameters[:, PLACE], 1, 0)
    return _from_plane(parameters, ray, np.stack([height, np.zeros_like(x), -x], axis=-1))


def _from_plane(parameters: Floats, ray: Floats, normal: Floats) -> Floats:
    """(k, 7), (k, n, 3), (k, 3) normal of a plane through the lens -> (k, n) px from that plane in the picture."""
    ahead = (normal * rotation(parameters)[:, 2]).sum(axis=-1)
    wide = np.sqrt(np.maximum((normal**2).sum(axis=-1) - ahead**2, 1e-12))
    return np.asarray(np.exp(parameters[:, LOG_FOCAL, None]) * (ray @ normal[..., None])[..., 0] / wide[:, None])


def _goal(corners_px: Floats) -> tuple[Floats, float]:
    """(4, 2) TL TR BR BL -> its middle (2,), how wide it is, px."""
    return corners_px.mean(axis=0), max(float(np.hypot(*(corners_px[1] - corners_px[0]))), 1.0)
