"""Goal -> its frame and net as layers of the picture, each knowing what it hides; the net gives where the ball hits."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ..domain import Floats
from .camera import Camera
from .physics import BALL_RADIUS_M, POST_RADIUS_M, Flight, Goal, Vector
from .solids import Light, Patch, Raster, bar, box_around

MESH_M, CORD_M = 0.12, 0.003
_RING_S, _RING_HZ = 0.28, 2.0


@dataclass(frozen=True, eq=False, slots=True)
class Layer:
    """One flat part of the goal in the picture; `colour` is premultiplied by `alpha`."""

    normal: Vector
    offset: float
    alpha: Raster
    colour: Raster

    def hides(self, camera: Camera, point_m: Floats) -> bool:
        """-> does this part stand between the lens and the point (where it has any threads)."""
        normal = np.array(self.normal)
        return bool((normal @ camera.position_m - self.offset) * (normal @ point_m - self.offset) < 0)


@dataclass(frozen=True, slots=True)
class Dent:
    """Which panel is pushed out, where and how far."""

    panel: int
    centre_m: Vector
    depth_m: float


class Netting:
    """The goal as seen by one camera. `box` is its rectangle in the picture, None when it is not in it."""

    def __init__(self, camera: Camera, goal: Goal, light: Light) -> None:
        self.camera, self.goal = camera, goal
        self.panels = goal.panels()
        half, deep = goal.width_m / 2 + 0.3, goal.depth_m + 0.6
        corners = np.array([[x, y, z] for x in (-half, half) for y in (0.3, -deep) for z in (0, goal.height_m + 0.3)])
        self.box = box_around(camera.project(corners), 4, camera.size_wh_px)
        self.cords = [_cords(goal, panel) for panel in range(len(self.panels))]
        bright = 225 * (light.direct[1] * float(light.shares.max()) * 0.5 + light.sky[1])
        self.cord_colour = np.array([bright * 1.02, bright, bright * 0.98], np.float32)
        self.frame = self._frame(light)
        self.still = [self._panel(number, None) for number in range(len(self.panels))]

    def layers(self, dent: Dent | None) -> list[Layer]:
        """-> the parts from the farthest to the nearest."""
        parts = list(self.still)
        if dent is not None:
            parts[dent.panel] = self._panel(dent.panel, dent)
        middle = np.array([0.0, -self.goal.depth_m / 3, self.goal.height_m / 2])
        near = [part for part in parts if part.hides(self.camera, middle)]
        far = [part for part in parts if not part.hides(self.camera, middle)]
        return [*far, self.frame, *near] if self.camera.position_m[1] > 0 else [self.frame, *far, *near]

    def _frame(self, light: Light) -> Layer:
        patch = Patch(self.box or (0, 0, 0, 0))
        post, top = self.goal.width_m / 2 + POST_RADIUS_M, self.goal.height_m + POST_RADIUS_M
        left, right, up = np.array([-post, 0.0, 0.0]), np.array([post, 0.0, 0.0]), np.array([0.0, 0.0, top])
        for a, b, flat in ((left, left + up, 0.05), (right, right + up, 0.05), (left + up, right + up, 1.0)):
            ends = self.camera.eye(np.stack([a, b]))
            bar(patch, self.camera, light, ends, (POST_RADIUS_M, POST_RADIUS_M), (248, 248, 248), flat)
        return Layer((0.0, 1.0, 0.0), 0.0, patch.alpha, patch.colour)

    def _panel(self, number: int, dent: Dent | None) -> Layer:
        normal, offset = self.panels[number]
        x0, y0, x1, y1 = self.box or (0, 0, 0, 0)
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        for line in self.cords[number]:
            points = line
            if dent is not None:
                away = np.sum((line - dent.centre_m) ** 2, axis=1)
                points = line + (dent.depth_m * np.exp(-away / (2 * 0.5**2)))[:, None] * np.array(normal)
            eye = self.camera.eye(points)
            px = self.camera.to_px(eye) - (x0, y0)
            if eye[:, 2].min() < 0.3 or np.abs(px).max() > 30000:
                continue
            width = CORD_M * self.camera.focal_px / float(eye[:, 2].mean())
            value = int(255 * min(0.85, max(width, 0.14)))
            thread = np.round(px * 16).astype(np.int32)
            cv2.polylines(mask, [thread], False, value, max(1, round(width)), cv2.LINE_AA, 4)
        alpha = (mask * np.float32(1 / 255)).astype(np.float32)
        return Layer(normal, offset, alpha, alpha[..., None] * self.cord_colour)


def _cords(goal: Goal, panel: int) -> list[Floats]:
    """Goal, panel (back, -x side, +x side, roof) -> its threads, each (n, 3) with a point every quarter metre."""
    half, high, roof, deep = goal.width_m / 2, goal.height_m, goal.roof_m, goal.depth_m
    ends: list[tuple[Vector, Vector]] = []

    def steps(length: float) -> Floats:
        return np.linspace(0, 1, max(2, round(length / MESH_M)))

    if panel in (0, 3):
        low, top = ((-deep, 0.0), (-roof, high)) if panel == 0 else ((-roof, high), (0.0, high))
        along = float(np.hypot(top[0] - low[0], top[1] - low[1]))
        for s in steps(2 * half):
            x = -half + 2 * half * float(s)
            ends.append(((x, *low), (x, *top)))
        for s in steps(along):
            y, z = low[0] + (top[0] - low[0]) * float(s), low[1] + (top[1] - low[1]) * float(s)
            ends.append(((-half, y, z), (half, y, z)))
    else:
        x = -half if panel == 1 else half
        for s in steps(high):
            ends.append(((x, 0.0, high * float(s)), (x, -(deep + (roof - deep) * float(s)), high * float(s))))
        for s in steps(deep):
            y = -deep * float(s)
            ends.append(((x, y, 0.0), (x, y, high * min(1.0, (deep + y) / (deep - roof)))))
    return [
        np.linspace(a, b, max(2, int(np.linalg.norm(np.subtract(b, a)) / 0.25) + 1))
        for a, b in ends
        if np.linalg.norm(np.subtract(b, a)) > 0.05
    ]


def dent_at(goal: Goal, flight: Flight, since_s: float, step_s: float) -> Dent | None:
    """Seconds from the launch -> how the net is pushed out then: by the ball, or still swinging from it."""
    if flight.net_s is None or since_s < flight.net_s:
        return None
    row = min(int(since_s / step_s), len(flight.xyz_m) - 1)
    first = int(flight.net_s / step_s)
    path = flight.xyz_m[first : row + 1]
    if not len(path):
        return None
    deep = np.stack([path @ np.array(n) - c + BALL_RADIUS_M for n, c in goal.panels()], axis=1)
    if flight.goal_s is None:  # struck from outside: pushed in by whichever side gave way
        deep = np.where(deep < 2 * BALL_RADIUS_M, deep - 2 * BALL_RADIUS_M, 0)
        deep[:, np.arange(4) != int(np.argmin(np.abs(deep[0])))] = 0
    peak = int(np.argmax(np.abs(deep).max(axis=1)))
    panel = int(np.argmax(np.abs(deep[peak])))
    late = (len(path) - 1 - peak) * step_s
    swing = deep[peak, panel] * np.exp(-late / _RING_S) * np.cos(2 * np.pi * _RING_HZ * late)
    now = deep[-1, panel]
    inside = flight.goal_s is not None
    depth = float(max(now, swing) if inside else min(now, swing))
    if abs(depth) < 0.008:
        return None
    x, y, z = path[peak] if late > 0.12 else path[-1]
    return Dent(panel, (float(x), float(y), float(z)), float(np.clip(depth, -0.6, 0.9)))
