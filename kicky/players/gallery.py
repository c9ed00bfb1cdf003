"""Frames around the kick, as they are decoded for the pose -> pictures of each player, and of the goal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..domain import Ints, Shot
from ..video import Image

KEPT, AROUND_S = 7, 0.3  # so many frames, spread over so long before and after the kick
MARGIN = 0.2  # of a box's height: the ground beside the feet says what light it is
GOAL_MARGIN = 0.5  # of the goal's height: a keeper stands before it


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """Part of a frame: `corner_px` (2,) is where in the film its first pixel lies."""

    frame: int
    corner_px: Ints
    image: Image


class Gallery:
    """What is kept of the frames around a shot's kick: each player in a few of them, the goal in one."""

    def __init__(self, shot: Shot) -> None:
        self._shot = shot
        self._wanted = _spread(shot)
        self.players: dict[str, list[Picture]] = {player.label: [] for player in shot.players}
        self.goal: Picture | None = None

    def keep(self, frame: int, image: Image) -> None:
        """Frame number, its picture (BGR) -> what is wanted of it is kept."""
        if frame == self._shot.kick_frame and self._shot.scene is not None:
            corners = self._shot.scene.goal_corners_px
            margin = GOAL_MARGIN * float(np.ptp(corners[:, 1]))
            self.goal = _cut(frame, image, np.concatenate([corners.min(axis=0), corners.max(axis=0)]), margin)
        if frame not in self._wanted:
            return
        for player in self._shot.players:
            box = player.box_px(frame)
            if np.isfinite(box).all():
                picture = _cut(frame, image, box, MARGIN * float(box[3] - box[1]))
                self.players[player.label] += [picture] if picture else []

    def pictures(self, shot: Shot) -> dict[str, list[Picture]]:
        """Shot -> pictures by player; one who was found standing in the goal is in the goal's picture."""
        late = {shot.keeper: [self.goal]} if shot.keeper and self.goal and shot.keeper not in self.players else {}
        return self.players | late


def _spread(shot: Shot) -> set[int]:
    """-> frames from AROUND_S before the kick to as long after it, KEPT of them; none without a kick."""
    if shot.kick_frame is None:
        return set()
    time_s = shot.clip.time_s
    near = np.flatnonzero(np.abs(time_s - time_s[shot.kick_frame]) <= AROUND_S)
    return {int(near[k]) for k in np.linspace(0, len(near) - 1, KEPT).round().astype(int)}


def _cut(frame: int, image: Image, box_px: np.ndarray, margin_px: float) -> Picture | None:
    """-> a copy of the box and its margin as far as they lie in the picture, None when none of it does."""
    size = np.array(image.shape[1::-1])
    low = np.clip(np.floor(box_px[:2] - margin_px), 0, size).astype(int)
    high = np.clip(np.ceil(box_px[2:] + margin_px), 0, size).astype(int)
    part = image[low[1] : high[1], low[0] : high[0]]
    return Picture(frame, low, part.copy()) if part.size else None
