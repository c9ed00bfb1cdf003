"""Clip -> the motion detector's balls and bodies, and a small ball network's finds in one list with its balls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import supervision as sv
from numpy.typing import NDArray

from .. import weights
from ..domain import Clip, Floats, Label
from ..errors import MissingWeights
from ..video import Image, frames
from ..video.ahead import ahead
from . import looks, tiles
from .device import Loaded, loaded
from .heat import SIDE, Heat
from .motion import Motion

KIND = "ballnet"
MOST_TILES = 16
SAME = 0.5  # of a diameter: nearer than that it is the same ball


class Ballnet:
    """Clip -> one sv.Detections a frame: the motion detector's, and what the network finds in tiles around those balls.

    Raises: MissingWeights, MissingPackages when it is made.
    """

    def __init__(self, name: str = "") -> None:
        self._heat = Heat(name or default())
        self._motion = Motion(threads=1)

    def point_at(self, ball_px: tuple[float, float]) -> None:
        """Where a person sees the ball lie, in the film's own pixels -> it is offered, whatever it looks like."""
        self._motion.point_at(ball_px)

    def __call__(self, clip: Clip) -> Iterator[sv.Detections]:
        """Clip -> a detection for each frame of its take. Memory does not grow with the clip."""
        for three, moved in zip(ahead(threes(clip)), self._motion(clip), strict=True):
            yield joined(moved, self._heat(*three, corners(moved, three[1])))

    def load(self) -> Loaded:
        """-> what was loaded."""
        return loaded(self._heat.net, side_px=SIDE)


def default() -> str:
    """-> the newest ball network of this machine's own. Raises: MissingWeights."""
    here = weights.named(KIND)
    if not here:
        raise MissingWeights(
            "No ball network is here yet: teach one with `python -m kicky train FOLDER --kind ballnet`, or choose the "
            "motion detector, which needs none."
        )
    return here[0]


def threes(clip: Clip) -> Iterator[tuple[Image, Image, Image]]:
    """Clip -> (the frame before, the frame, the frame after) for each of its take, itself beyond the ends."""
    for before, now, after in looks.threes(image for _, image in frames(clip)):
        yield now if before is None else before, now, now if after is None else after


def corners(moved: sv.Detections, image: Image) -> list[tuple[int, int]]:
    """What moved in a frame, the frame -> the tiles worth looking at: around its balls, the surest first."""
    mine = np.flatnonzero(np.asarray(moved.class_id) == Label.BALL)
    order = mine[np.argsort(-np.asarray(moved.confidence)[mine], kind="stable")]
    return tiles.choose(_centres(moved)[order], (image.shape[1], image.shape[0]), SIDE, MOST_TILES)


def joined(moved: sv.Detections, finds: Floats) -> sv.Detections:
    """What moved; the network's finds (n, 4) x y diameter score -> one list, in which all that moved stays.

    A ball that both saw is one candidate, where the motion detector has it, with the higher score.
    """
    score = np.asarray(moved.confidence, dtype=np.float64).copy()
    at, across = _centres(moved), np.asarray(moved.data["diameter_px"], dtype=np.float64)
    ball = np.asarray(moved.class_id) == Label.BALL
    new = []
    for find in finds:
        far = np.where(ball, np.hypot(*(at - find[:2]).T) / np.maximum(across, find[2]), np.inf)
        if len(far) and far.min() < SAME:
            score[far.argmin()] = max(score[far.argmin()], find[3])
        else:
            new.append(find)
    own = np.array(new).reshape(-1, 4)
    count, half = len(own), own[:, 2:3] / 2
    blank = {"at_rest": False, "rest": -1, "shown": 1.0}
    data: dict[str, NDArray[Any] | list[Any]] = {
        key: np.concatenate([values, own[:, 2] if key == "diameter_px" else np.full(count, blank[key])])
        for key, values in moved.data.items()
    }
    return sv.Detections(
        xyxy=np.vstack([moved.xyxy, np.hstack([own[:, :2] - half, own[:, :2] + half])]),
        confidence=np.concatenate([score, own[:, 3]]),
        class_id=np.concatenate([moved.class_id, np.full(count, Label.BALL)]).astype(int),
        data=data,
        metadata=moved.metadata,
    )


def _centres(found: sv.Detections) -> Floats:
    box = found.xyxy.astype(np.float64)
    return np.asarray((box[:, :2] + box[:, 2:4]) / 2)
