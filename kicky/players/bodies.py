"""Shot, pictures of its players -> the same without those who are none: glare, a shadow, a hole where somebody stood.

A player moves as a body does, or looks like one to the pose model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from ..body.pose import GREY
from ..domain import Shot, Track
from ..video import Image
from .gallery import Picture
from .standing import INPUT_PX, detect, landmarker

GOES = 0.25  # of its own height: what never went so far, its ends left out, has not been seen to walk
LOOKED_AT = 2  # pictures of one player, from the middle of what was kept


def only_bodies(shot: Shot, pictures: dict[str, list[Picture]]) -> Shot:
    """Shot told of its shooter and keeper, pictures by player -> without players who neither move nor look like one.

    Of whom there is no picture stays. Raises: MissingWeights when the pose model is not set up.
    """
    told = {shot.shooter, shot.keeper}
    doubted = [p for p in shot.players if p.label not in told and not _walks(p) and pictures.get(p.label)]
    if not doubted:
        return shot
    with landmarker() as model:
        none = {p.label for p in doubted if not any(_body(model, one.image) for one in _few(pictures[p.label]))}
    return replace(shot, players=tuple(p for p in shot.players if p.label not in none))


def _walks(player: Track) -> bool:
    """-> whether it was seen to go somewhere: its middle nine tenths' spread, as single boxes jump."""
    centre = player.centre_px[player.measured]
    low, high = np.percentile(centre, (5, 95), axis=0)
    return bool(np.hypot(*(high - low)) > GOES * np.median(player.size_px[player.measured, 1]))


def _few(pictures: Sequence[Picture]) -> Sequence[Picture]:
    first = max((len(pictures) - LOOKED_AT) // 2, 0)
    return pictures[first : first + LOOKED_AT]


def _body(model: object, image: Image) -> bool:
    """-> whether the pose model finds a body in it."""
    height, width = image.shape[:2]
    side = max(height, width)
    square = np.full((side, side, 3), GREY, np.uint8)
    square[(side - height) // 2 :, (side - width) // 2 :][:height, :width] = image
    small = np.asarray(cv2.resize(square, (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return bool(detect(model, small).pose_landmarks)
