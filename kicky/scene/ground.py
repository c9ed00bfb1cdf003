"""Camera -> the ground as it sees it, drawn back into the picture for the eye to check."""

from __future__ import annotations

import numpy as np

from ..camera import LEAST_DEPTH_M, project
from ..domain import Camera, Floats

SIDE_M, LONG_M, EVERY_M = 10.0, 20.0, 2.5
PIECES = 24  # a line that passes under the camera is drawn only where it is ahead


def ground_grid_px(camera: Camera) -> list[Floats]:
    """Camera -> (2, 2) segments of a grid on the ground before the goal, only those in front of the lens."""
    away = LONG_M * (1 if camera.parameters[5] >= 0 else -1)
    across, out = np.arange(-SIDE_M, SIDE_M + 0.1, EVERY_M), np.linspace(0, away, round(LONG_M / EVERY_M) + 1)
    lines = [((x, 0.0), (x, away)) for x in across] + [((-SIDE_M, y), (SIDE_M, y)) for y in out]
    steps = np.linspace(0, 1, PIECES + 1)[:, None]
    segments: list[Floats] = []
    for start, end in lines:
        flat = np.array(start) + steps * (np.array(end) - np.array(start))
        px, depth = project(camera.parameters, np.column_stack([flat, np.zeros(len(flat))]), camera.size_wh_px)
        ahead = depth > 2 * LEAST_DEPTH_M
        segments += [px[i : i + 2] for i in range(PIECES) if ahead[i] and ahead[i + 1]]
    return segments
