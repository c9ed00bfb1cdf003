"""Shapes and words -> pixels: what is drawn on a picture, smooth-edged, in place. BGR throughout."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..domain import Floats
from ..video.picture import Image

Colour = tuple[int, int, int]
WHITE, INK, PITCH = (255, 255, 255), (26, 35, 21), (19, 24, 15)
GREEN, RED, AMBER, SUN, SKY = (88, 178, 52), (72, 66, 214), (48, 158, 240), (70, 214, 255), (235, 196, 120)
_SHIFT = 4  # OpenCV takes positions in sixteenths of a pixel
LEADING = 1.3  # from line to line, in the height of the letters
SMALLEST = 10  # px; smaller letters nobody reads
_FINER = 3  # sprites are drawn three times as large and shrunk: smooth corners

Sprite = tuple[Image, NDArray[np.float32]]
"""(h, w, 3) colours and (h, w, 1) opacity 0..1."""


@cache
def _font() -> Any:
    return cv2.FontFace("sans")


def text_width(text: str, size: int, weight: int) -> int:
    """Words, height of the letters' box in pixels, weight 100..900 -> width in pixels."""
    return int(cv2.getTextSize((0, 0), text, (0, 0), _font(), size, weight)[2])


def _panel(width: int, height: int, radius: int, paper: Colour, opacity: float) -> tuple[Image, Image]:
    """-> (colours, cover 0..255) of a rounded panel, three times as large as asked."""
    return np.full((height * _FINER, width * _FINER, 3), paper, np.uint8), _round(width, height, radius, opacity)


def _round(width: int, height: int, radius: int, opacity: float) -> Image:
    """-> cover 0..255 of a rounded panel, three times as large as asked."""
    w, h, r = width * _FINER, height * _FINER, radius * _FINER
    cover = np.zeros((h, w), np.uint8)
    shade = round(255 * opacity)
    cv2.rectangle(cover, (r, 0), (w - 1 - r, h - 1), shade, -1)
    cv2.rectangle(cover, (0, r), (w - 1, h - 1 - r), shade, -1)
    for x, y in ((r, r), (w - 1 - r, r), (r, h - 1 - r), (w - 1 - r, h - 1 - r)):
        cv2.circle(cover, (x, y), r, shade, -1)
    return cover


def _finished(colours: Image, cover: Image) -> Sprite:
    size = colours.shape[1] // _FINER, colours.shape[0] // _FINER
    shrunk = cv2.resize(cover, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    opacity = np.asarray(shrunk[:, :, None] / 255, np.float32)
    return np.asarray(cv2.resize(colours, size, interpolation=cv2.INTER_AREA), np.uint8), opacity


def _write(colours: Image, cover: Image, text: str, x: float, base: float, size: int, weight: int, ink: Colour) -> None:
    """Words on a sprite in the making, opaque, their baseline at `base`."""
    at = round(x * _FINER), round(base * _FINER)
    cv2.putText(colours, text, at, ink, _font(), size * _FINER, weight)
    letters = np.zeros_like(colours)
    cv2.putText(letters, text, at, WHITE, _font(), size * _FINER, weight)
    np.maximum(cover, letters[:, :, 0], out=cover)


@lru_cache(maxsize=256)
def tag(text: str, size: int, ink: Colour, paper: Colour, dot: Colour | None = None) -> Sprite:
    """Words -> a rounded label, with a coloured dot before them when asked."""
    pad, lead = round(size * 0.55), round(size * 0.75) if dot else 0
    width, height = text_width(text, size, 700) + 2 * pad + lead, round(size * 1.55)
    colours, cover = _panel(width, height, round(height * 0.36), paper, 0.86)
    if dot:
        middle = round((pad + size * 0.18) * _FINER), height * _FINER // 2
        cv2.circle(colours, middle, round(size * 0.24 * _FINER), dot, -1)
    _write(colours, cover, text, pad + lead, height / 2 + size * 0.36, size, 700, ink)
    return _finished(colours, cover)


@lru_cache(maxsize=8)
def banner(title: str, line: str, sign: str, colour: Colour, size: int, widest: int) -> Sprite:
    """Verdict, how, sign (tick, cross or query) -> the banner: the sign and the words tell it, colour only helps."""
    small = round(size * 0.48)
    while size > SMALLEST and _banner_width(title, line, size, small) > widest:
        size, small = size - 1, round((size - 1) * 0.48)
    height, pad = round(size * (1.9 if line else 1.6)), round(size * 0.35)
    disc = height - 2 * pad
    colours, cover = _panel(_banner_width(title, line, size, small), height, round(size * 0.4), PITCH, 0.9)
    centre = pad + disc / 2, height / 2
    cv2.circle(colours, _fine(centre), round(disc / 2 * _FINER), colour, -1, cv2.LINE_AA)
    _sign(colours, sign, centre, disc)
    left, base = pad * 2 + disc, height / 2 + size * (0.12 if line else 0.36)
    _write(colours, cover, title, left, base, size, 800, WHITE)
    if line:
        _write(colours, cover, line, left, base + small * 1.25, small, 500, (214, 224, 216))
    return _finished(colours, cover)


def _banner_width(title: str, line: str, size: int, small: int) -> int:
    height, pad = round(size * (1.9 if line else 1.6)), round(size * 0.35)
    return height + pad + max(text_width(title, size, 800), text_width(line, small, 500)) + pad


def _fine(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0] * _FINER), round(point[1] * _FINER)


def _sign(colours: Image, sign: str, centre: tuple[float, float], disc: float) -> None:
    strokes = {
        "tick": [[(-0.24, 0.02), (-0.07, 0.19), (0.25, -0.18)]],
        "cross": [[(-0.18, -0.18), (0.18, 0.18)], [(0.18, -0.18), (-0.18, 0.18)]],
    }
    if sign == "query":
        size = round(disc * 0.72)
        x = centre[0] - text_width("?", size, 800) / 2
        cv2.putText(colours, "?", _fine((x, centre[1] + size * 0.36)), WHITE, _font(), size * _FINER, 800)
        return
    for stroke in strokes[sign]:
        points = np.array([_fine((centre[0] + x * disc, centre[1] + y * disc)) for x, y in stroke], np.int32)
        cv2.polylines(colours, [points], False, WHITE, max(1, round(disc * 0.11 * _FINER)), cv2.LINE_AA)


def words(image: Image, text: str, x: float, base: float, size: int, weight: int, ink: Colour) -> None:
    """Words straight onto the image from x on, their baseline at `base`."""
    cv2.putText(image, text, (round(x), round(base)), ink, _font(), size, weight)


def fitting(text: str, size: int, weight: int, widest: float) -> int:
    """Words -> the size, at most `size`, at which they are no wider."""
    while size > SMALLEST and text_width(text, size, weight) > widest:
        size -= 1
    return size


def shortened(text: str, size: int, weight: int, widest: float) -> str:
    """Words -> the same, or as many of their letters as are no wider together with the dots after them."""
    if text_width(text, size, weight) <= widest:
        return text
    kept = text
    while kept and text_width(f"{kept.rstrip()}…", size, weight) > widest:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def lines(text: str, size: int, weight: int, widest: float) -> list[str]:
    """Words -> the same, broken into lines that are no wider; a word that is wider has its own."""
    broken = [""]
    for word in text.split():
        longer = f"{broken[-1]} {word}".strip()
        if broken[-1] and text_width(longer, size, weight) > widest:
            broken.append(word)
        else:
            broken[-1] = longer
    return broken


def paragraph(image: Image, text: str, box: tuple[float, float, float, float], size: int, ink: Colour) -> None:
    """Text -> all of it written into x, y, width, height, in letters of `size` or as small as that takes."""
    x, y, width, height = box
    while (broken := lines(text, size, 400, width)) and len(broken) * LEADING * size > height and size > SMALLEST:
        size -= 1
    for number, line in enumerate(broken):
        words(image, line, x, y + (1.0 + LEADING * number) * size, size, 400, ink)


def block(image: Image, box: tuple[int, int, int, int], radius: int, paper: Colour, opacity: float = 1.0) -> None:
    """x, y, width, height -> a rounded panel there."""
    x, y, width, height = box
    paste(image, rounded(np.full((height, width, 3), paper, np.uint8), radius, opacity), x, y)


def disc(sign: str, colour: Colour, size: int) -> Sprite:
    """tick, cross or query -> a coloured disc with it."""
    colours, cover = _panel(size, size, size // 2, colour, 1.0)
    _sign(colours, sign, (size / 2, size / 2), size)
    return _finished(colours, cover)


def rounded(image: Image, radius: int, opacity: float = 1.0) -> Sprite:
    """Image -> the same with round corners."""
    size = image.shape[1], image.shape[0]
    cover = _round(*size, min(radius, size[0] // 2, size[1] // 2), opacity)
    return image, np.asarray(cv2.resize(cover, size, interpolation=cv2.INTER_AREA)[:, :, None] / 255, np.float32)


def point(x: float, y: float) -> Floats:
    """-> (2,)."""
    return np.array([x, y])


def paste(image: Image, sprite: Sprite, x: float, y: float, opacity: float = 1.0) -> None:
    """Sprite onto the image with its top left corner there; what falls outside is cut off."""
    colours, cover = sprite
    left, top = round(x), round(y)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + colours.shape[1], image.shape[1]), min(top + colours.shape[0], image.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    patch = image[y0:y1, x0:x1]
    part = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
    blend = cover[part] * opacity
    patch[:] = (patch * (1 - blend) + colours[part] * blend + 0.5).astype(np.uint8)


def _fixed(points: Floats) -> NDArray[np.int32]:
    return np.rint(np.asarray(points, np.float64) * (1 << _SHIFT)).astype(np.int32)


def line(image: Image, points: Floats, colour: Colour, width: int, edge: bool = True) -> None:
    """(n, 2) points -> a smooth line, on a dark edge so that it shows on sky and shirt alike."""
    corners = [_fixed(points)]
    if edge:
        cv2.polylines(image, corners, False, INK, width + 2, cv2.LINE_AA, _SHIFT)
    cv2.polylines(image, corners, False, colour, width, cv2.LINE_AA, _SHIFT)


def ring(image: Image, centre: Floats, radius: float, colour: Colour, width: int) -> None:
    """A circle line on a dark edge."""
    at = _fixed(centre)
    middle, size = (int(at[0]), int(at[1])), int(radius * (1 << _SHIFT))
    cv2.circle(image, middle, size, INK, width + 2, cv2.LINE_AA, _SHIFT)
    cv2.circle(image, middle, size, colour, width, cv2.LINE_AA, _SHIFT)


def dot(image: Image, centre: Floats, radius: float, colour: Colour) -> None:
    """A filled disc."""
    at = _fixed(centre)
    cv2.circle(image, (int(at[0]), int(at[1])), int(radius * (1 << _SHIFT)), colour, -1, cv2.LINE_AA, _SHIFT)


def brackets(image: Image, box: Floats, colour: Colour, width: int) -> None:
    """x0 y0 x1 y1 -> the box's four corners: it says where without hiding what."""
    x0, y0, x1, y1 = (float(value) for value in box)
    arm = min(0.28 * min(x1 - x0, y1 - y0), 10.0 * width)
    for x, y, right, down in ((x0, y0, 1, 1), (x1, y0, -1, 1), (x1, y1, -1, -1), (x0, y1, 1, -1)):
        line(image, np.array([(x + right * arm, y), (x, y), (x, y + down * arm)]), colour, width)


def trail(image: Image, points: Floats, widths: Sequence[float], fades: Sequence[float], colour: Colour) -> None:
    """(n, 2) points, width and opacity of each -> a path that thins and fades towards its old end."""
    reach = max(widths, default=0) + 2
    low = np.maximum(np.floor(points.min(axis=0) - reach), 0).astype(int)
    high = np.minimum(np.ceil(points.max(axis=0) + reach) + 1, image.shape[1::-1]).astype(int)
    if (high <= low).any():
        return
    cover = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
    for start, end, width, fade in zip(points[:-1], points[1:], widths[1:], fades[1:], strict=True):
        a, b = (tuple(int(v) for v in _fixed(point - low)) for point in (start, end))
        cv2.line(cover, a, b, round(255 * fade), max(1, round(width)), cv2.LINE_AA, _SHIFT)
    patch = image[low[1] : high[1], low[0] : high[0]]
    blend = cover[:, :, None].astype(np.float32) / 255
    patch[:] = (patch * (1 - blend) + np.array(colour, np.float32) * blend + 0.5).astype(np.uint8)
