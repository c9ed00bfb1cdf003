"""A player's drawing -> pixels, as the page draws it: lines, arrows, angles in degrees, circles, words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..domain import Floats
from ..drawings import ANGLE, ARROW, CIRCLE, TEXT, Shape, degrees
from ..video import Image
from . import brush
from .brush import INK, SUN, WHITE

THICK, LETTERS, LEAST_LETTERS = 1 / 160, 1 / 22, 14  # of the picture's shorter side; px
HEAD, WING = 6.0, 0.42  # an arrow's head: its length in widths of the line, half its opening in radians
BOW = 0.35  # an angle's bow, of its shorter leg


def sketched(
    image: Image, shapes: Sequence[Shape], size_wh_px: tuple[int, int], corner_px: Floats | None = None,
    scale: float | None = None,
) -> None:  # fmt: skip
    """A still or a part of it, the shapes, the film's size -> drawn, in place.

    `corner_px` is where the part begins in the film's pixels (None: at 0, 0), `scale` the still's pixels to one of the
    film's (None: the still is as wide as the whole film).
    """
    corner = np.zeros(2) if corner_px is None else corner_px
    by = image.shape[1] / size_wh_px[0] if scale is None else scale
    width = max(2, round(THICK * min(image.shape[:2])))
    letters = max(LEAST_LETTERS, round(LETTERS * min(image.shape[:2])))
    for shape in sorted(shapes, key=lambda each: each.kind == TEXT):  # words lie over lines
        points = (np.array(shape.points) * size_wh_px - corner) * by
        if shape.kind == TEXT:
            _words(image, shape.words, points[0], letters)
        elif shape.kind == CIRCLE:
            brush.ring(image, points[0], float(np.hypot(*(points[1] - points[0]))), SUN, width)
        elif shape.kind == ANGLE:
            _angle(image, points, f"{degrees(shape.points, size_wh_px):.0f}°", width, letters)
        else:
            brush.line(image, points, SUN, width)
            if shape.kind == ARROW:
                brush.line(image, _head(points, HEAD * width), SUN, width)


def _head(points: Floats, length: float) -> Floats:
    """(2, 2) from, to -> (3, 2) the head's wing, tip and other wing; no longer than half the arrow."""
    along = points[0] - points[1]
    length = min(length, float(np.hypot(*along)) / 2)
    turned = np.arctan2(along[1], along[0]) + np.array([-WING, WING])
    wings = points[1] + length * np.column_stack([np.cos(turned), np.sin(turned)])
    return np.array([wings[0], points[1], wings[1]])


def _angle(image: Image, points: Floats, told: str, width: int, letters: int) -> None:
    """(3, 2) leg, corner, leg -> both legs, the bow between them, and beside it how many degrees."""
    brush.line(image, points, SUN, width)
    legs = points[[0, 2]] - points[1]
    away = BOW * float(np.hypot(*legs.T).min())
    first, last = np.unwrap(np.arctan2(legs[:, 1], legs[:, 0]))
    turned = np.linspace(first, last, 24)
    brush.line(image, points[1] + away * np.column_stack([np.cos(turned), np.sin(turned)]), WHITE, max(2, width - 1))
    middle = (first + last) / 2
    at = points[1] + (away + 1.4 * letters) * np.array([np.cos(middle), np.sin(middle)])
    _words(image, told, at, letters)


def _words(image: Image, text: str, middle: Floats, letters: int) -> None:
    """Words on a dark label about that place, moved and made smaller as far as it takes to be all in the picture."""
    height, width = image.shape[:2]
    widest = width - 2.5 * letters
    size = brush.fitting(text, letters, 700, widest)
    sprite = brush.tag(brush.shortened(text, size, 700, widest), size, WHITE, INK)
    high, wide = sprite[0].shape[:2]
    x, y = middle - np.array([wide, high]) / 2
    brush.paste(image, sprite, float(np.clip(x, 0, max(width - wide, 0))), float(np.clip(y, 0, max(height - high, 0))))
