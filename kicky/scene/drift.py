"""How the goal moved in the picture from the clip it was clicked on to another clip of the session.

A phone in the grass or on a tripod sags by a few pixels over a session: the goal is taken along. One that was
picked up, or turned, shows another picture: the goal has to be clicked again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..domain import Clip, Floats, Scene
from ..video import frames
from ..video.picture import median
from .edges import content
from .woodwork import Image

MOVED = 0.015  # of the picture's longer side: the 40 clips of two sessions sag by at most 0.004
TURNED, GROWN = 0.02, 0.02  # radians, and share of the size
AROUND = 0.7  # of the goal's width on each side, and twice its height: what stands still near the goal
POINTS, FEWEST, AGREE = 400, 15, 0.4
THERE_AND_BACK_PX, OFF_PX = 0.5, 1.2
WINDOW = (21, 21)
STILLS, STILL_S = 7, 0.6

AGAIN = "The phone was moved since the goal was clicked: click the goal again for this clip."


@dataclass(frozen=True, eq=False, slots=True)
class Drift:
    """The goal's way in the picture: (2, 3) similarity that takes places of the reference to places now.

    `shift_px` (2,) is how far its middle went. `sure` is False where too little of the picture was found again.
    """

    similarity: Floats
    shift_px: Floats
    sure: bool
    moved: bool

    def carry(self, points_px: Floats) -> Floats:
        """(n, 2) in the reference -> (n, 2) now."""
        return np.asarray(points_px @ self.similarity[:, :2].T + self.similarity[:, 2])


def drift(reference: Image, picture: Image, corners_px: Floats) -> Drift:
    """Two pictures of one size, the goal's corners in the first -> how it moved to the second."""
    corners = np.asarray(corners_px, dtype=float)
    before, after = _even(reference), _even(picture)
    nowhere = Drift(np.eye(2, 3), np.zeros(2), sure=False, moved=True)
    if before.shape != after.shape:
        return nowhere
    start = _points(before, corners, _solid(reference))
    if len(start) < FEWEST:
        return nowhere
    old, new = _followed(before, after, start)
    if len(old) < max(FEWEST, AGREE * len(start)):
        return nowhere
    estimate: Any = cv2.estimateAffinePartial2D
    matrix, kept = estimate(old, new, method=cv2.RANSAC, ransacReprojThreshold=OFF_PX, maxIters=4000, confidence=0.999)
    if matrix is None or kept.sum() < max(FEWEST, AGREE * len(start)):
        return nowhere
    similarity = np.asarray(matrix, dtype=float)
    now = corners @ similarity[:, :2].T + similarity[:, 2]
    grown, turned = np.hypot(matrix[0, 0], matrix[1, 0]) - 1, np.arctan2(matrix[1, 0], matrix[0, 0])
    far = np.linalg.norm(now - corners, axis=1).max() > MOVED * max(before.shape)
    moved = bool(far or abs(turned) > TURNED or abs(grown) > GROWN)
    return Drift(similarity, (now - corners).mean(axis=0), sure=True, moved=moved)


def inherit(scene: Scene, reference: Image, picture: Image) -> Scene | None:
    """Scene as clicked on the reference, another clip's picture -> the scene there, None when the phone was moved."""
    went = drift(reference, picture, scene.goal_corners_px)
    if went.moved or not went.sure:
        return None
    return replace(
        scene, goal_corners_px=went.carry(scene.goal_corners_px), source="inherited", camera=None, camera_why_not=""
    )


def follow(scene: Scene, reference: Image, clip: Clip) -> tuple[Scene | None, str]:
    """Scene in the clip's pixels, the picture it was clicked on, the clip -> the scene there, and "" or what to do.

    The scene is None when the phone was moved: no goal may be judged by corners that lie elsewhere.
    """
    size = clip.size_wh_px
    before = reference if reference.shape[1::-1] == size else cv2.resize(reference, size, interpolation=cv2.INTER_AREA)
    moved = inherit(scene, np.asarray(before, dtype=np.uint8), still_picture(clip))
    return (moved, "") if moved else (None, AGAIN)


def still_picture(clip: Clip) -> Image:
    """Clip -> what stands still in its first moments, BGR: the median of a few frames."""
    start, stop = clip.take
    until = int(np.searchsorted(clip.time_s, clip.time_s[start] + STILL_S))
    stop = max(min(until, stop), start + 1)
    wanted = set(np.linspace(start, stop - 1, STILLS).astype(int).tolist())
    first = replace(clip, take=(start, stop))
    pictures = [image for _, image in frames(first, only=wanted)]
    if len(pictures) % 2:
        return median(pictures)
    return np.asarray(np.median(np.stack(pictures), axis=0), dtype=np.uint8)


def _even(picture: Image) -> Image:
    """-> gray with like contrast everywhere, so that a cloud before the sun changes little."""
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture
    return np.asarray(cv2.createCLAHE(3.0, (8, 8)).apply(gray), dtype=np.uint8)


def _solid(picture: Image) -> tuple[int, int, int, int]:
    return content(picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2))


def _points(gray: Image, corners: Floats, inside: tuple[int, int, int, int]) -> NDArray[np.float32]:
    """-> (n, 1, 2) places around the goal that can be found again."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    spare = np.array([AROUND, 2.0]) * (high - low)
    edge = 6
    left, top = np.maximum(low - spare, np.array(inside[:2]) + edge).astype(int)
    right, bottom = np.minimum([high[0] + spare[0], high[1] + 0.1 * spare[1]], np.array(inside[2:]) - edge).astype(int)
    mask = np.zeros_like(gray)
    mask[top : max(bottom, top), left : max(right, left)] = 255
    find: Any = cv2.goodFeaturesToTrack
    points = find(gray, maxCorners=POINTS, qualityLevel=0.01, minDistance=5, mask=mask)
    return np.zeros((0, 1, 2), np.float32) if points is None else np.asarray(points, dtype=np.float32)


def _followed(before: Image, after: Image, start: NDArray[np.float32]) -> tuple[Floats, Floats]:
    """-> (n, 2) places and where they are now: only those that are found back from there."""
    follow_points: Any = cv2.calcOpticalFlowPyrLK
    there, ok, _ = follow_points(before, after, start, None, winSize=WINDOW, maxLevel=4)
    back, ok_back, _ = follow_points(after, before, there, None, winSize=WINDOW, maxLevel=4)
    near = np.linalg.norm((back - start)[:, 0], axis=1) < THERE_AND_BACK_PX
    kept = near & (ok[:, 0] == 1) & (ok_back[:, 0] == 1)
    return start[kept, 0].astype(float), there[kept, 0].astype(float)
