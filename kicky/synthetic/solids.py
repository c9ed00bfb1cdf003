"""Solids in the eye of the camera -> shaded pixels: rounded, tapered bars and balls, each nearer one over the farther.

Nothing is traced: in a small patch of the picture each bar is drawn from the distance of a pixel to the bar's
axis, which also gives the surface's normal (for shading) and depth (for what hides what).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..domain import Floats
from .camera import Camera

Image = NDArray[np.uint8]
Raster = NDArray[np.float32]
Colour = tuple[float, float, float]
"""Blue, green, red, 0..255."""


@dataclass(frozen=True, eq=False, slots=True)
class Light:
    """The sun or the lamps: unit directions towards them with their shares, and colours of direct and sky light."""

    towards: Floats
    shares: Floats
    direct: Colour
    sky: Colour


@dataclass(frozen=True, eq=False, slots=True)
class Surface:
    """A drawn bar's pixels: share along its axis, and the outward normal right, down and towards the viewer."""

    along: Raster
    right: Raster
    down: Raster
    near: Raster

    def facing(self, eye: Floats) -> Raster:
        """Direction as Camera.eye turns it -> cosine between it and the normal."""
        right, down, ahead = eye.tolist()
        return np.asarray(self.right * right + self.down * down - self.near * ahead, dtype=np.float32)


Paint = Colour | Callable[[Surface], Raster]


class Patch:
    """A rectangle of the picture that solids are drawn into; colours are premultiplied by `alpha`."""

    def __init__(self, box: tuple[int, int, int, int]) -> None:
        self.x0, self.y0, self.x1, self.y1 = box
        shape = (max(self.y1 - self.y0, 0), max(self.x1 - self.x0, 0))
        self.colour: Raster = np.zeros((*shape, 3), np.float32)
        self.alpha: Raster = np.zeros(shape, np.float32)
        self.depth: Raster = np.full(shape, np.inf, np.float32)

    def window(self, centre: Floats, reach: Floats) -> tuple[slice, slice] | None:
        """-> the rows and columns of this patch within `reach` of points (n, 2), None when there are none."""
        low = np.floor((centre - reach[:, None]).min(axis=0) - 1).astype(int) - (self.x0, self.y0)
        high = np.ceil((centre + reach[:, None]).max(axis=0) + 2).astype(int) - (self.x0, self.y0)
        low, high = np.maximum(low, 0), np.minimum(high, self.alpha.shape[::-1])
        return None if (high <= low).any() else (slice(low[1], high[1]), slice(low[0], high[0]))


def box_around(points_px: Floats, margin_px: float, size_wh: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """(n, 2), NaN left out -> x0 y0 x1 y1 within the picture, None when nothing is in it."""
    seen = points_px[~np.isnan(points_px).any(axis=1)]
    if not len(seen):
        return None
    low = np.maximum(np.floor(seen.min(axis=0) - margin_px), 0).astype(int)
    high = np.minimum(np.ceil(seen.max(axis=0) + margin_px + 1), size_wh).astype(int)
    return None if (high <= low).any() else (int(low[0]), int(low[1]), int(high[0]), int(high[1]))


def bar(
    patch: Patch, camera: Camera, light: Light, ends_eye: Floats, radii_m: tuple[float, ...], paint: Paint,
    flat: float = 1.0,
) -> None:  # fmt: skip
    """Draws a bar from ends (2, 3), its radii evenly spaced along it; `flat` < 1 blunts its round ends."""
    if ends_eye[:, 2].min() < 0.2:
        return
    ends = camera.to_px(ends_eye)
    scale = camera.focal_px / ends_eye[:, 2]
    window = patch.window(ends, max(radii_m) * scale)
    if window is None:
        return
    axis = ends[1] - ends[0]
    length = float(np.hypot(*axis))
    ux, uy = axis / length if length > 1e-3 else (1.0, 0.0)
    length = max(length, 1e-3)
    y = np.arange(window[0].start, window[0].stop, dtype=np.float32)[:, None] + np.float32(patch.y0 - ends[0, 1])
    x = np.arange(window[1].start, window[1].stop, dtype=np.float32)[None, :] + np.float32(patch.x0 - ends[0, 0])
    run = x * np.float32(ux) + y * np.float32(uy)
    side = y * np.float32(ux) - x * np.float32(uy)
    along = np.clip(run * np.float32(1 / length), 0, 1)
    past = (run - along * np.float32(length)) * np.float32(1 / flat)
    width = _radius(along, radii_m) * (np.float32(scale[0]) + along * np.float32(scale[1] - scale[0]))
    width = np.maximum(width, np.float32(0.35))
    off = np.sqrt(side * side + past * past)
    alpha = np.clip(width - off + np.float32(0.5), 0, 1)
    inv = 1 / np.maximum(width, off)
    a, b = past * inv, side * inv
    near = np.sqrt(np.maximum(1 - a * a - b * b, 0))
    surface = Surface(along, a * np.float32(ux) - b * np.float32(uy), a * np.float32(uy) + b * np.float32(ux), near)
    depth = np.float32(ends_eye[0, 2]) + along * np.float32(ends_eye[1, 2] - ends_eye[0, 2])
    depth = depth - near * np.float32(max(radii_m))
    _blend(patch, window, alpha, depth, shade(surface, camera, light, paint))


def _radius(along: Raster, radii_m: tuple[float, ...]) -> Raster:
    if len(radii_m) == 2:
        return np.asarray(radii_m[0] + along * np.float32(radii_m[1] - radii_m[0]), dtype=np.float32)
    table = np.interp(np.linspace(0, 1, 65), np.linspace(0, 1, len(radii_m)), radii_m).astype(np.float32)
    return np.asarray(table[(along * 64).astype(np.uint8)])


def shade(surface: Surface, camera: Camera, light: Light, paint: Paint) -> Raster:
    """Surface, light -> (h, w, 3) its colour as lit."""
    lit = np.zeros_like(surface.near)
    for towards, share in zip(light.towards, light.shares, strict=True):
        lit += float(share) * np.maximum(surface.facing(camera.rotation @ towards), 0)
    up = 0.62 + 0.38 * surface.facing(camera.rotation[:, 2])
    direct, sky = np.asarray(light.direct, np.float32), np.asarray(light.sky, np.float32)
    base = np.ones(3, np.float32) if callable(paint) else np.asarray(paint, np.float32)
    lights = np.stack([lit, up], axis=-1).reshape(-1, 2) @ np.stack([base * direct, base * sky])
    colour = lights.reshape(*lit.shape, 3)
    return np.asarray(paint(surface) * colour if callable(paint) else colour, dtype=np.float32)


def _blend(patch: Patch, window: tuple[slice, slice], alpha: Raster, depth: Raster, colour: Raster) -> None:
    """Lays a solid over what is farther away in the patch; `colour` is used up."""
    behind, under, cover = patch.depth[window], patch.colour[window], patch.alpha[window]
    show = alpha * (depth < behind)
    colour -= under
    colour *= show[..., None]
    under += colour
    cover += show * (1 - cover)
    np.copyto(behind, depth, where=show > 0.5)
