"""Light where it does not belong: lamp blobs, ghosts of lamps in the lens, a veil from the sun."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ..domain import Floats
from .solids import Colour, Image


@dataclass(frozen=True, slots=True)
class Glare:
    """One round light: where, how wide, what it adds (BGR), and how soft its rim is, a share of its radius.

    `far`: it belongs to the world behind everybody; else it lies in the lens, over all.
    """

    word: str
    x_px: float
    y_px: float
    radius_px: float
    adds: Colour
    soft: float
    far: bool


def draw_glare(rng: np.random.Generator, size_wh: tuple[int, int], horizon_px: float, night: bool) -> tuple[Glare, ...]:
    """-> none, or some: at night more often, and there as large and as bright as a ball."""
    wide = max(size_wh)
    found: list[Glare] = []
    if rng.random() < (0.6 if night else 0.25):
        found += _blobs(rng, size_wh, horizon_px, night)
    if rng.random() < (0.5 if night else 0.25):
        found += _ghosts(rng, size_wh, horizon_px)
    if rng.random() < (0.15 if night else 0.2):
        x, y = rng.uniform(0, size_wh[0]), rng.uniform(-0.1, 0.4) * size_wh[1]
        bright = rng.uniform(25, 75)
        veil = (0.85 * bright, 0.95 * bright, bright)
        found.append(Glare("veil", float(x), float(y), float(rng.uniform(0.25, 0.6) * wide), veil, 1.0, False))
    return tuple(found)


def _blobs(rng: np.random.Generator, size_wh: tuple[int, int], horizon_px: float, night: bool) -> list[Glare]:
    """-> lamps and bright windows about the horizon, from a few pixels to a ball's size."""
    blobs = []
    for _ in range(int(rng.integers(2, 9 if night else 4))):
        x = rng.uniform(0, size_wh[0])
        y = horizon_px - abs(rng.normal(0, 0.09)) * size_wh[1] - 3
        bright, warm = rng.uniform(120, 255), rng.uniform(0.75, 1.0)
        adds = (bright * warm**2, bright * warm, bright)
        blobs.append(
            Glare(
                "lamp",
                float(x),
                float(y),
                float(rng.uniform(0.0015, 0.012) * max(size_wh)),
                adds,
                float(rng.uniform(0.2, 0.8)),
                True,
            )
        )
    return blobs


def _ghosts(rng: np.random.Generator, size_wh: tuple[int, int], horizon_px: float) -> list[Glare]:
    """-> a lamp's reflections, on the line from it through the middle of the picture."""
    middle = np.array(size_wh) / 2
    lamp = np.array([rng.uniform(0, size_wh[0]), rng.uniform(0, max(horizon_px, 1.0))])
    tint = np.array([rng.uniform(0.5, 1.3), rng.uniform(0.7, 1.2), rng.uniform(0.5, 1.2)])
    ghosts = []
    for along in rng.uniform(0.4, 2.1, int(rng.integers(2, 7))):
        x, y = lamp + float(along) * (middle - lamp)
        small = rng.random() < 0.5  # small ones are sharp and bright, large ones faint
        radius = rng.uniform(0.003, 0.014) if small else rng.uniform(0.02, 0.09)
        b, g, r = tint * (rng.uniform(40, 150) if small else rng.uniform(6, 22))
        ghosts.append(
            Glare(
                "flare",
                float(x),
                float(y),
                float(radius * max(size_wh)),
                (float(b), float(g), float(r)),
                float(rng.uniform(0.15, 0.5)),
                False,
            )
        )
    return ghosts


def lay(glares: tuple[Glare, ...], size_wh: tuple[int, int], far: bool) -> list[tuple[slice, slice, Image]]:
    """-> what the far ones, or those in the lens, add to the picture: rows, columns and the light there."""
    found = []
    for one in (glare for glare in glares if glare.far == far):
        reach = one.radius_px * (1 + one.soft) + 2
        x0, y0 = (max(0, int(v - reach)) for v in (one.x_px, one.y_px))
        x1, y1 = (min(int(v + reach) + 2, s) for v, s in zip((one.x_px, one.y_px), size_wh, strict=True))
        if x1 <= x0 or y1 <= y0:
            continue
        y, x = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        away = np.hypot(x - np.float32(one.x_px), y - np.float32(one.y_px)) / np.float32(one.radius_px)
        inside = np.clip((1 + one.soft - away) / (2 * one.soft), 0, 1)
        light = (inside * inside * (3 - 2 * inside))[..., None] * np.array(one.adds, np.float32)
        found.append((slice(y0, y1), slice(x0, x1), np.asarray(np.clip(light, 0, 255), dtype=np.uint8)))
    return found


def shine(image: Image, lights: list[tuple[slice, slice, Image]]) -> None:
    """Adds the lights to the picture."""
    for rows, columns, light in lights:
        image[rows, columns] = cv2.add(image[rows, columns], light)


def horizon_px(rotation: Floats, focal_px: float, size_wh: tuple[int, int]) -> float:
    """-> the row of the horizon in the middle of the picture."""
    ahead, down = rotation[2], rotation[1]
    flat = ahead * (1, 1, 0)
    return float(size_wh[1] / 2 + focal_px * (down @ flat) / max(float(ahead @ flat), 1e-6))
