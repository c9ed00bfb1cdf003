"""Camera -> the still world: mown grass with its lines, sky, trees, fence and floodlights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from ..domain import Bools, Floats
from .camera import Camera
from .physics import Goal
from .solids import Colour, Light, Raster

TILE = 512


@dataclass(frozen=True, eq=False, slots=True)
class Weather:
    """The look of one afternoon or evening."""

    night: bool
    light: Light
    grass: Colour
    sky_high: Colour
    sky_low: Colour
    cloud: float
    seed: int


def draw_weather(
    rng: np.random.Generator, night: bool, sun_deg: float | None = None, turf: Colour | None = None
) -> Weather:  # fmt: skip
    """-> a day or a night by chance; the sun's height and the grass are drawn unless they are given."""
    around = rng.uniform(0, 2 * math.pi)
    seed = int(rng.integers(1 << 31))
    if night:
        angles = around + np.array([0, 1.7, 3.3, 4.8])
        towards = np.stack([0.75 * np.cos(angles), 0.75 * np.sin(angles), np.full(4, 0.66)], axis=1)
        light = Light(towards, np.array([0.4, 0.28, 0.3, 0.2]), (1.0, 1.04, 1.06), (0.3, 0.28, 0.27))
        grass = (rng.uniform(58, 74), rng.uniform(100, 114), rng.uniform(76, 92))
        return Weather(True, light, turf or grass, (28, 18, 16), (62, 46, 44), rng.uniform(0.1, 0.5), seed)
    drawn_deg = rng.uniform(28, 60)
    height = math.radians(drawn_deg if sun_deg is None else sun_deg)
    sun = np.array([[math.cos(height) * math.cos(around), math.cos(height) * math.sin(around), math.sin(height)]])
    light = Light(sun, np.array([1.0]), (0.6, 0.68, 0.73), (0.6, 0.55, 0.52))
    grass = (rng.uniform(54, 74), rng.uniform(112, 130), rng.uniform(80, 100))
    return Weather(False, light, turf or grass, (212, 152, 92), (238, 222, 205), rng.uniform(0.15, 0.75), seed)


def paint_world(camera: Camera, goal: Goal, weather: Weather) -> Raster:
    """-> (H, W, 3) float32 BGR 0..255 without the goal, people or ball."""
    w, h = camera.size_wh_px
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    dx, dy, dz = (part.astype(np.float32) for part in camera.rays(x, y))
    slope = (dz / np.hypot(dx, dy)).astype(np.float32)
    rng = np.random.default_rng(weather.seed)
    image = _sky(dx, dy, slope, weather, rng)
    _trees(image, np.arctan2(dx, -dy).astype(np.float32), slope, camera, weather, rng)
    _fence(image, camera, weather)
    under = dz < -1e-4
    far = np.asarray(under * float(camera.position_m[2]) / np.maximum(-dz, 1e-4), dtype=np.float32)
    ground = _grass(camera, far, (dx, dy), weather, rng)
    _lines(ground, camera, far, (dx, dy), goal)
    haze = np.clip((far - 25) / 160, 0, 0.45)[..., None]
    tint = np.asarray(weather.sky_low, np.float32) * (0.5 if weather.night else 0.85)
    # The last metres before the horizon are softened, so that the grass has no hard edge.
    np.copyto(image, ground * (1 - haze) + tint * haze, where=(under & (far < 140))[..., None])
    if weather.night:
        _lamps(image, camera, weather, rng)
    return image


def tile(rng: np.random.Generator, rough: float = 0.55, coarse: int = 7) -> Raster:
    """-> (TILE, TILE) cloudy noise without seams, mean 0, deviation 1."""
    out = np.zeros((TILE, TILE), np.float32)
    for octave in range(1, coarse + 1):
        cells = 2 ** (octave + 1)
        noise = rng.normal(0, 1, (cells, cells)).astype(np.float32)
        noise = np.pad(noise, 2, mode="wrap")
        step = TILE // cells
        grown = cv2.resize(noise, None, fx=step, fy=step, interpolation=cv2.INTER_CUBIC)
        out += rough**octave * grown[2 * step : 2 * step + TILE, 2 * step : 2 * step + TILE]
    out -= out.mean()
    return np.asarray(out / out.std(), dtype=np.float32)


def _look_up(texture: Raster, u: Floats | Raster, v: Floats | Raster) -> Raster:
    """Texture repeated without end, coordinates in tiles -> its values."""
    last = np.float32(texture.shape[0] - 1)
    columns, rows = ((c - np.floor(c)).astype(np.float32) * last for c in (u, v))
    return np.asarray(cv2.remap(texture, columns, rows, cv2.INTER_LINEAR), dtype=np.float32)


def _smooth(low: float, high: float, v: Raster) -> Raster:
    t = np.clip((v - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def _sky(dx: Raster, dy: Raster, slope: Raster, weather: Weather, rng: np.random.Generator) -> Raster:
    """Blue to pale at the horizon, with clouds on a ceiling far above; dark with a glow at night."""
    rise = np.clip(slope, 0, 2)
    mix = np.exp(-rise * (2.6 if weather.night else 3.2))[..., None]
    image = np.asarray(weather.sky_low, np.float32) * mix + np.asarray(weather.sky_high, np.float32) * (1 - mix)
    ceiling = 1 / np.maximum(slope + 0.07, 0.05)
    norm = np.hypot(dx, dy)
    u, v = dx / norm * ceiling * 0.05, dy / norm * ceiling * 0.05
    clouds = _look_up(tile(rng, 0.58), u + 0.13, v) + 0.5 * _look_up(tile(rng, 0.7), u * 3.1, v * 2.3)
    cover = _smooth(0.9 - 1.6 * weather.cloud, 2.4 - 1.2 * weather.cloud, clouds) * _smooth(0.0, 0.12, slope)
    if weather.night:
        return np.asarray(image + cover[..., None] * np.array([16, 12, 13], np.float32), dtype=np.float32)
    under = 1 - 0.16 * _smooth(0.6, 2.6, clouds)
    white = np.array([250, 248, 246], np.float32) * under[..., None]
    return np.asarray(image * (1 - 0.85 * cover[..., None]) + white * 0.85 * cover[..., None], dtype=np.float32)


def _trees(
    image: Raster, bearing: Raster, slope: Raster, camera: Camera, weather: Weather, rng: np.random.Generator
) -> None:
    """Two rows of trees around the pitch, the farther paler."""
    leaves, edge = tile(rng, 0.72), tile(rng, 0.7)
    for far, low, tall, colour in ((95, 5, 5.5, (92, 122, 98)), (62, 1.2, 5.5, (44, 82, 60))):
        profile = np.interp(np.linspace(0, 1, 2048), np.linspace(0, 1, 97), rng.normal(0, 1, 97))
        profile = np.convolve(np.tile(profile, 3), np.hanning(60) / 30, "same")[2048:4096]
        row = profile[((bearing / (2 * math.pi) + 0.5) * 2047).astype(np.int32)]
        across = np.asarray(bearing * np.float32(far), dtype=np.float32)
        up = np.asarray(slope * np.float32(far) + np.float32(camera.position_m[2]), dtype=np.float32)
        ragged = _look_up(edge, across / 26, up / 26) * 0.9 + _look_up(edge, across / 5, up / 5) * 0.3
        top = low + np.maximum(row + 0.7, 0) * tall * 0.6 + ragged
        mask = _smooth(-0.15, 0.15, (top - up).astype(np.float32)) * (up > -3)
        light = 0.86 + 0.13 * _look_up(leaves, across / 14, up / 11) + 0.05 * np.clip(up / 6, 0, 1.5)
        light += 0.1 * _look_up(leaves, across / 4.2 + 0.4, up / 3.6)
        shade = np.asarray(colour, np.float32) * np.clip(light, 0.35, 1.5)[..., None]
        shade *= 0.2 if weather.night else 1.0
        image[:] = image * (1 - mask[..., None]) + shade * mask[..., None]


def _fence(image: Raster, camera: Camera, weather: Weather) -> None:
    """Posts and rails around the ground, wire between them."""
    ring = np.array([[-34, -24], [34, -24], [34, 48], [-34, 48], [-34, -24]], dtype=float)
    grey = np.array([120, 122, 120], np.float32) * (0.34 if weather.night else 1.0)
    wire = np.zeros(image.shape[:2], np.float32)
    posts = np.zeros_like(wire)
    for a, b in pairwise(ring):
        spots = np.linspace(a, b, int(np.linalg.norm(b - a) / 3) + 1)
        foot = camera.eye(np.column_stack([spots, np.zeros(len(spots))]))
        head = camera.eye(np.column_stack([spots, np.full(len(spots), 2.4)]))
        near = (foot[:, 2] > 3) & (head[:, 2] > 3)
        for i in np.flatnonzero(near):
            ends = camera.to_px(np.stack([foot[i], head[i]]))
            _stroke(posts, ends, 0.07 * camera.focal_px / foot[i, 2])
            if i + 1 < len(spots) and near[i + 1]:
                quad = camera.to_px(np.stack([foot[i], head[i], head[i + 1], foot[i + 1]]))
                cv2.fillConvexPoly(wire, np.round(quad * 16).astype(np.int32), 0.16, cv2.LINE_8, 4)
                _stroke(posts, quad[1:3], 0.05 * camera.focal_px / foot[i, 2])
    cover = np.maximum(wire, posts)[..., None]
    image[:] = image * (1 - cover) + grey * cover


def _stroke(mask: Raster, ends_px: Floats, width_px: float) -> None:
    """A line of true width: thinner than a pixel means fainter."""
    if np.abs(ends_px).max() > 20000:
        return
    a, b = np.round(ends_px * 16).astype(int)
    cv2.line(mask, a, b, min(width_px, 1.0), max(1, round(width_px)), cv2.LINE_AA, 4)


@lru_cache(maxsize=1)
def _blades() -> Raster:
    """-> (TILE, TILE) upright strokes, some light and some dark, without seams; the same for every shot."""
    rng = np.random.default_rng(11)
    room = 48
    wide = np.zeros((TILE + 2 * room, TILE + 2 * room), np.float32)
    for x, y, lean, tall, value in zip(
        rng.uniform(0, TILE, 3000), rng.uniform(0, TILE, 3000), rng.normal(0, 7, 3000), rng.uniform(12, 34, 3000),
        rng.normal(0, 1, 3000), strict=True,
    ):  # fmt: skip
        for dx in (0, TILE if x < room else -TILE if x > TILE - room else 0):
            for dy in (0, TILE if y < room else -TILE if y > TILE - room else 0):
                a = (round((x + dx + room) * 16), round((y + dy + room) * 16))
                b = (round((x + dx + lean + room) * 16), round((y + dy - tall + room) * 16))
                cv2.line(wide, a, b, float(value), 2, cv2.LINE_AA, 4)
    soft = np.asarray(cv2.GaussianBlur(wide, (0, 0), 0.8)[room : room + TILE, room : room + TILE])
    return np.asarray((soft - soft.mean()) / soft.std(), dtype=np.float32)


def _upright(blades: Raster, camera: Camera, far: Raster, size_m: float) -> Raster:
    """Blades that stand up wherever they are seen: rows of them, each row as large as its distance makes it."""
    rows = np.log(np.maximum(far, 0.25)) * np.float32(6 * camera.position_m[2] / size_m)
    column = np.arange(far.shape[1], dtype=np.float32)[None, :] - np.float32(far.shape[1] / 2)
    out = np.zeros_like(far)
    for shift in (0.0, 0.5):
        row = np.floor(rows + np.float32(shift))
        middle = np.exp((row + np.float32(0.5 - shift)) * np.float32(size_m / (6 * camera.position_m[2])))
        weight = 1 - np.abs(2 * (rows + np.float32(shift) - row) - 1)
        across = column * middle * np.float32(1 / (camera.focal_px * size_m)) + row * np.float32(0.377)
        out += weight * _look_up(blades, across, rows * np.float32(-1 / 6) + np.float32(shift * 0.7))
    return out


def _grass(
    camera: Camera, far: Raster, ray: tuple[Raster, Raster], weather: Weather, rng: np.random.Generator
) -> Raster:
    """Mown stripes, patches and blades; each grain fades where a pixel covers more than it."""
    x = np.asarray(float(camera.position_m[0]) + far * ray[0], dtype=np.float32)
    y = np.asarray(float(camera.position_m[1]) + far * ray[1], dtype=np.float32)
    long = far * far / np.float32(camera.focal_px * max(camera.position_m[2], 0.2)) + far / np.float32(camera.focal_px)
    clouds = tile(rng, 0.6)
    light = np.ones_like(far)
    for size, depth in ((26.0, 0.05), (5.0, 0.05), (1.3, 0.045), (0.35, 0.05)):
        fade = np.clip(size * 0.12 / np.maximum(long, 1e-4), 0, 1)
        light += depth * fade * _look_up(clouds, x / size + 0.31 * size, y / size)
    stripe = np.tanh(np.sin(math.pi * (y + 0.4) / 4.6) * 7)
    light += 0.045 * stripe
    blades = _blades()
    light += 0.16 * np.clip(4.5 / np.maximum(far, 0.5), 0, 1) * _upright(blades, camera, far, 0.7)
    light += 0.11 * np.clip(9 / np.maximum(far, 1), 0, 1) ** 1.5 * _upright(blades[:, ::-1], camera, far, 1.9)
    light += rng.normal(0, 0.028, far.shape).astype(np.float32)
    warm = 0.022 * _look_up(clouds, x / 11, y / 11 + 0.5)
    base = np.asarray(weather.grass, np.float32) * (0.86 if weather.night else 1.0)
    tint = np.stack([1 - warm, np.ones_like(warm), 1 + warm], axis=-1)
    if weather.night:
        light *= 0.85 + 0.5 * np.exp(-((np.hypot(x, y - 8) / 24) ** 2))
    return np.asarray(base * tint * np.clip(light, 0.25, 2)[..., None], dtype=np.float32)


def _lines(ground: Raster, camera: Camera, far: Raster, ray: tuple[Raster, Raster], goal: Goal) -> None:
    """Goal line, both areas, spot and arc, scaled to the goal; each as wide as it would be seen."""
    x = np.asarray(float(camera.position_m[0]) + far * ray[0], dtype=np.float32)
    y = np.asarray(float(camera.position_m[1]) + far * ray[1], dtype=np.float32)
    k = goal.width_m / 7.32
    deep = far * far / np.float32(camera.focal_px * camera.position_m[2])
    wide = np.maximum(far, np.float32(0.1)) / np.float32(camera.focal_px)
    view = np.abs(np.asarray([camera.rotation[2, 0], camera.rotation[2, 1]])) / np.hypot(*camera.rotation[2, :2])
    pixel_x = wide * view[1] + deep * view[0]
    pixel_y = wide * view[0] + deep * view[1]
    cover = np.zeros_like(far)

    def band(distance: Any, pixel: Raster, inside: Bools | bool = True, half: float = 0.055) -> None:
        value = np.clip((half - np.abs(distance)) / pixel + 0.5, 0, np.minimum(1, 2 * half / pixel)) * inside
        np.maximum(cover, value, out=cover)

    band(y, pixel_y, np.abs(x) < 24 * k)
    for half, out in ((9.16 * k, 5.5 * k), (20.16 * k, 16.5 * k)):
        band(y - out, pixel_y, np.abs(x) < half)
        band(np.abs(x) - half, pixel_x, (y > 0) & (y < out))
    from_spot = np.hypot(x, y - 11 * k)
    band(from_spot - 9.15 * k, np.maximum(pixel_x, pixel_y), y > 16.5 * k)
    band(from_spot, np.maximum(pixel_x, pixel_y), True, 0.11)
    worn = 0.85 + 0.05 * _look_up(tile(np.random.default_rng(5), 0.8), x / 0.9, y / 0.9)
    cover = (cover * np.clip(worn, 0.6, 1))[..., None]
    brightness = ground.mean(axis=2, keepdims=True)
    chalk = np.clip(130 + brightness * 1.0, 0, 245) * (0.8 if brightness.mean() < 75 else 1.0)
    ground[:] = ground * (1 - cover) + chalk * cover


def _lamps(image: Raster, camera: Camera, weather: Weather, rng: np.random.Generator) -> None:
    """Floodlights on masts, burnt out and with a halo."""
    glow = np.zeros(image.shape[:2], np.float32)
    for x, y in ((-30, -20), (30, -22), (-32, 12), (32, 14), (-28, 44), (28, 46)):
        spot = np.array([x + rng.uniform(-4, 4), y + rng.uniform(-3, 3)])
        tall = rng.uniform(10, 13)
        eye = camera.eye(np.array([[*spot, 0], [*spot, tall]]))
        if eye[:, 2].min() < 4:
            continue
        foot, head = camera.to_px(eye)
        mast = np.zeros_like(glow)
        _stroke(mast, np.stack([foot, head]), 0.25 * camera.focal_px / eye[0, 2])
        image[:] = image * (1 - mast[..., None]) + 26 * mast[..., None]
        for off in (-0.75, -0.25, 0.25, 0.75):
            centre = head + np.array([off * camera.focal_px / eye[1, 2], 0])
            if np.abs(centre).max() < 8000:
                radius = max(2.0, 0.3 * camera.focal_px / eye[1, 2])
                cv2.circle(glow, np.round(centre * 16).astype(int), int(radius * 16), 1.0, -1, cv2.LINE_AA, 4)
    w = image.shape[1] / 1920
    halo = glow * 520
    small = cv2.resize(glow, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    for blur, gain in ((2.5, 260), (9, 420), (34, 900)):
        soft = cv2.GaussianBlur(small, (0, 0), max(blur * w, 0.8))
        halo += gain * cv2.resize(soft, glow.shape[::-1], interpolation=cv2.INTER_LINEAR)
    image += halo[..., None] * np.array([1.0, 0.97, 0.93], np.float32) * (0.9 + 0.1 * weather.cloud)
