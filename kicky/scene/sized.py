"""Goal as clicked on a picture of some size -> the same in a film's own pixels, or why it cannot be.

A goal clicked on a smaller copy of the film lies in the grass of the film itself, and every verdict from it is wrong
without a word. A goal's file may say how large its picture was; where it does not, posts and bar tell.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..domain import Clip, Scene
from ..errors import BadScene
from .clicked import off_wood
from .refine import REACH_PX
from .woodwork import Image

SAME_SHAPE = 0.01
OUTSIDE = 0.25  # of the picture's side: a post just outside can be clicked where it would be
SCALES = (2.0, 1 / 2, 3.0, 1 / 3, 1.5, 2 / 3, 4 / 3, 3 / 4)  # from one usual size of films to another
# How far posts and bar are from the corners, as a share of how far is looked: 0.6 at most where they were clicked, on
# 20 films by day and night; at another size hardly ever less than 0.75, and mostly nothing is found at all.
NOWHERE, THERE = 0.95, 0.6


def in_film(scene: Scene, clip: Clip) -> Scene:
    """Scene -> in the clip's pixels, where it says on how large a picture it was clicked.

    Raises: BadScene when that had another shape, or corners lie far outside the clip's picture.
    """
    width, height = clip.size_wh_px
    if scene.picture_wh_px is not None:
        clicked = scene.picture_wh_px
        across, down = width / clicked[0], height / clicked[1]
        if abs(across / down - 1) > SAME_SHAPE:
            raise BadScene(
                f"{clip.path.name} is {width} × {height}, but the goal was clicked on a picture of "
                f"{clicked[0]} × {clicked[1]}: click its four corners on this film."
            )
        scene = replace(
            scene,
            goal_corners_px=scene.goal_corners_px * (across, down),
            focal_px=scene.focal_px and scene.focal_px * across,
            picture_wh_px=None,
        )
    beyond = np.maximum(-scene.goal_corners_px, scene.goal_corners_px - (width, height)) / (width, height)
    if beyond.max() > OUTSIDE:
        x, y = scene.goal_corners_px[beyond.max(axis=1).argmax()]
        raise BadScene(
            f"The goal's corner {x:.0f}, {y:.0f} is far outside the picture of {clip.path.name}, which is {width} × "
            f"{height} pixels: click the four corners on this film."
        )
    return scene


def refuse_other_size(scene: Scene, picture: Image) -> None:
    """Scene in the film's pixels, what stands still in its picture -> nothing.

    Raises: BadScene where no post or bar is near the corners, but all are were the picture of another size.
    """
    reach = REACH_PX * max(1.0, max(picture.shape) / 1280)
    corners = scene.goal_corners_px
    if off_wood(picture, corners) < NOWHERE * reach:
        return
    inside = [scale for scale in SCALES if (corners * scale < picture.shape[1::-1]).all()]
    off = {scale: off_wood(picture, corners * scale) for scale in inside}
    scale = min(off, key=lambda each: off[each], default=1.0)
    if off.get(scale, reach) < THERE * reach:
        height, width = picture.shape[:2]
        raise BadScene(
            f"The goal seems to have been clicked on a picture of {width / scale:.0f} × {height / scale:.0f}, but this "
            f"film is {width} × {height}: click its four corners on this film."
        )
