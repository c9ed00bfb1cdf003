"""Goal as clicked on some frame of a film whose camera moved -> where the film's reference frame has it.

A goal is clicked on whichever picture shows it best, and of a camera that stands still nobody need say on which. Here
each frame has it elsewhere: taken is the frame from which it comes to lie on posts and bar.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..domain import Clip, Floats, Scene, Steadying
from .drift import still_picture
from .refine import REACH_PX, find_edge
from .woodwork import Image, members

APART_PX, MOST = 1.5, 32  # frames that have the goal nearer together than this need not both be tried
BETTER = 0.75  # the first moments are what most people click on: another frame must fit so much better


def steadied(scene: Scene, clip: Clip) -> Scene:
    """Scene as clicked on a frame of the clip's take -> where its reference has it; itself for a still camera."""
    steadying = clip.steadying
    if steadying is None:
        return scene
    tried = _apart(steadying, clip.take, scene.goal_corners_px)
    picture = still_picture(clip)
    off = [off_wood(picture, corners) for corners in tried]
    best = int(np.argmin(off))
    return replace(scene, goal_corners_px=tried[best if off[best] < BETTER * off[0] else 0])


def _apart(steadying: Steadying, take: tuple[int, int], corners_px: Floats) -> list[Floats]:
    """Steadying, the take, corners -> where the reference has them if they were clicked on this or that frame."""
    tried: list[Floats] = []
    for frame in range(*take):
        corners = steadying.to_reference(frame, corners_px)
        if all(np.linalg.norm(corners - other, axis=1).max() > APART_PX for other in tried):
            tried.append(corners)
    kept = np.unique(np.linspace(0, len(tried) - 1, min(MOST, len(tried))).round().astype(int))
    return [tried[k] for k in kept]


def off_wood(picture: Image, corners_px: Floats) -> float:
    """Picture (H, W, 3), corners TL TR BR BL -> how far posts and bar are from there in px, as far as is looked."""
    reach = REACH_PX * max(1.0, max(picture.shape) / 1280)
    edges = [find_edge(picture, member, reach) for member in members(corners_px)]
    far = [min((abs(edge.start_px) + abs(edge.end_px)) / 2, reach) if edge else reach for edge in edges]
    return float(np.mean(far))
