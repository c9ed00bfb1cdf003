"""Where corners are and which part of a picture shows them: no widgets."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import streamlit as st
from PIL import Image

Corner = tuple[float, float]
Box = tuple[float, float, float, float]

RADIUS_PX, STROKE_PX = 5, 2
DOT_FILL, DOT_STROKE = "rgba(255,150,30,0.2)", "#ff8c1a"  # a ring: the corner must be seen through it
DOTS: dict[str, Any] = {  # as the canvas is told of them
    "fill_color": DOT_FILL, "stroke_color": DOT_STROKE, "stroke_width": STROKE_PX, "point_display_radius": RADIUS_PX,
}  # fmt: skip
MARGIN = 0.35  # of the goal's width and height, shown around it in the close-up


def settle(clicks: Sequence[Corner], most: int = 4) -> list[Corner]:
    """Clicks in order -> so many points at most: after the last, a click moves the nearest one to itself.

    >>> settle([(0, 0), (9, 0), (9, 5), (0, 5), (8, 1)])
    [(0, 0), (8, 1), (9, 5), (0, 5)]
    """
    corners = list(clicks[:most])
    for x, y in clicks[most:]:
        nearest = min(range(most), key=lambda i: (corners[i][0] - x) ** 2 + (corners[i][1] - y) ** 2)
        corners[nearest] = (x, y)
    return corners


def closeup(corners: Sequence[Corner], size_wh: tuple[int, int]) -> Box:
    """Four corners, picture's size -> the part of the picture around the goal: left, top, right, bottom."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    spare_x, spare_y = MARGIN * max(wide, high, 40), MARGIN * max(high, wide / 2, 40)
    return (
        max(0.0, min(xs) - spare_x), max(0.0, min(ys) - spare_y),
        min(float(size_wh[0]), max(xs) + spare_x), min(float(size_wh[1]), max(ys) + spare_y),
    )  # fmt: skip


def ground(corners: Sequence[Corner], size_wh: tuple[int, int]) -> Box:
    """Four corners, picture's size -> the part of the picture with the goal and the ground before it."""
    left, top, right, _ = closeup(corners, size_wh)
    wide = max(right - left, 0.45 * size_wh[0])
    middle = min(max((left + right) / 2, wide / 2), size_wh[0] - wide / 2)
    high = min(0.75 * wide, size_wh[1] - top)
    return middle - wide / 2, top, middle + wide / 2, top + high


@st.cache_data(max_entries=24, show_spinner=False)
def cut(picture: bytes, box: Box, size_wh: tuple[int, int]) -> bytes:
    """JPEG of the whole picture -> JPEG of the part, enlarged where it is small."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    k = whole.width / size_wh[0]
    part = whole.crop((round(box[0] * k), round(box[1] * k), round(box[2] * k), round(box[3] * k)))
    if part.width < 1060:
        part = part.resize((1060, max(1, round(part.height * 1060 / part.width))), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    part.save(out, "JPEG", quality=88)
    return out.getvalue()


def dot_at(x: float, y: float) -> dict[str, object]:
    """Place on the canvas -> the dot the canvas itself would draw there."""
    return {
        "type": "Circle", "left": x - RADIUS_PX - STROKE_PX / 2, "top": y, "originX": "left", "originY": "center",
        "radius": RADIUS_PX, "strokeWidth": STROKE_PX, "stroke": DOT_STROKE, "fill": DOT_FILL,
    }  # fmt: skip


def centre(dot: dict[str, float]) -> Corner:
    """The canvas's dot -> where it was clicked."""
    return (dot["left"] + dot.get("radius", RADIUS_PX) + dot.get("strokeWidth", STROKE_PX) / 2, dot["top"])
