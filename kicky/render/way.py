"""Report -> one picture that shows the ball's whole way."""

from __future__ import annotations

import cv2
import numpy as np

from ..domain import Report
from ..video import Image, still
from . import brush
from .artist import LONGEST_PX
from .brush import GREEN, RED, SUN, WHITE
from .onfilm import on_film


def way_still(report: Report) -> Image:
    """Report -> the frame in which it was decided (BGR), with where the ball was seen, its flight, and the goal.

    Without an outcome's frame, the last in which the ball was seen. Raises: UnreadableClip.
    """
    shot, clip = report.shot, report.shot.clip
    seen = np.flatnonzero(np.isfinite(shot.ball.centre_px[:, 0]))
    last = int(seen[-1]) if len(seen) else clip.take[1] - 1
    number = report.outcome.frame if report.outcome.frame is not None else last
    image = still(clip, int(np.clip(number, clip.take[0], clip.take[1] - 1)))
    scale = min(1.0, LONGEST_PX / max(image.shape[:2]))
    small: Image = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    width = max(1, round(max(small.shape[:2]) / 640))
    if shot.scene is not None:
        corners = shot.scene.goal_corners_px
        brush.line(small, np.vstack([corners, corners[:1]]) * scale, SUN, width)
    flown = on_film(shot, report.outcome.how)
    if flown is not None:
        brush.line(small, flown.path_px * scale, GREEN, width)
    first = shot.kick_frame if shot.kick_frame is not None else clip.take[0]
    for frame in seen[seen >= first]:
        where = WHITE if shot.ball.measured[frame] else RED
        brush.ring(small, shot.ball.centre_px[frame] * scale, 3.0 * width, where, width)
    return small
