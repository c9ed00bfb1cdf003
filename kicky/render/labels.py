"""A labelled picture -> a small JPEG of it, each thing in its class's colour."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from ..errors import NotFound

COLOURS_BGR = {"ball": (47, 145, 224), "player": (196, 130, 59), "goal": (88, 178, 52)}
BASE = {"player_with_ball": "player", "ball_in_goal": "ball"}
LEAST_PX = 5  # a box smaller than that on the small picture is drawn larger, or nobody would see it


def still(file: Path, things: Sequence[tuple[str, Sequence[float]]], width: int) -> bytes:
    """Picture, (class, box x0 y0 x1 y1 in its pixels) each, width -> JPEG. Raises: NotFound."""
    image = cv2.imread(str(file))
    if image is None:
        raise NotFound(f"{file.name} cannot be read any more: label its clip anew.")
    scale = min(1.0, width / image.shape[1])
    small = np.ascontiguousarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    for label, box in things:
        x0, y0, x1, y1 = (float(value) * scale for value in box)
        spare_x, spare_y = max(0.0, LEAST_PX - (x1 - x0)) / 2 + 1, max(0.0, LEAST_PX - (y1 - y0)) / 2 + 1
        corner, other = (round(x0 - spare_x), round(y0 - spare_y)), (round(x1 + spare_x), round(y1 + spare_y))
        cv2.rectangle(small, corner, other, COLOURS_BGR[BASE.get(label, label)], 2, cv2.LINE_AA)
    _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 88])
    return data.tobytes()
