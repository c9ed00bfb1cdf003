"""Shot -> its shooter's pose: MediaPipe's landmarks in the frames around contact."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from . import video, weights
from .domain import Clip, Floats, Ints, OnProgress, Pose, Shot
from .errors import MissingWeights

AROUND_S = 0.3  # a swing lasts about 0.1 s; the run-up's last step and the follow-through are wanted too
MARGIN = 0.45  # the kicking leg swings outside the player's box
BALLS_AROUND = 14.0  # without a box: about 1.5 m to every side of the ball
BALLS_TALL = (4.0, 14.0)  # a kicker's box: at least a child's, at most a grown-up's who runs up nearer the camera
ASIDE, ABOVE = 0.45, 0.2  # of the box's height: so far beside and above it what is seen may be the shooter's
GREY = 114
BODY_PX = 520  # the landmarker's own input is 256 px; more than twice that only costs time


def around_contact(shot: Shot, on_progress: OnProgress) -> Shot:
    """Shot -> the same with the pose of the shooter, or of whoever is nearest the ball at the kick.

    Without a kick there is no pose; frames where no body is found hold NaN.
    Raises: MissingWeights when the pose model is not set up.
    """
    if shot.kick_frame is None:
        return shot
    frames = _window(shot.clip, shot.kick_frame)
    crop = _crop(shot, frames)
    landmarks = np.full((len(frames), 33, 2), np.nan)
    world = np.full((len(frames), 33, 3), np.nan)
    visibility = np.full((len(frames), 33), np.nan)
    window = replace(shot.clip, take=(frames[0], frames[-1] + 1))
    with _landmarker() as landmarker:
        for row, (frame, image) in enumerate(video.frames(window)):
            found = _detect(landmarker, crop.cut(image, row), float(shot.clip.time_s[frame]))
            if found.pose_landmarks:
                points = found.pose_landmarks[0]
                landmarks[row] = crop.corner_px + crop.side_px * np.array([(p.x, p.y) for p in points])
                world[row] = [(p.x, p.y, p.z) for p in found.pose_world_landmarks[0]]
                visibility[row] = [p.visibility for p in points]
            on_progress("pose", (row + 1) / len(frames))
    return replace(shot, pose=Pose(np.array(frames), landmarks, world, visibility))


@dataclass(frozen=True, eq=False, slots=True)
class Crop:
    """One square of the picture for all the frames, and within it where the shooter is in each, `around_px` (n, 4).

    One square, so that the landmarker can follow the body and its aspect is right; what lies beyond the
    picture's edge, or too far from the shooter's box to be theirs, is grey. A box that is NaN hides nothing.
    """

    corner_px: Ints
    side_px: int
    around_px: Floats

    def cut(self, image: video.Image, row: int) -> video.Image:
        """Picture, which of the n frames it is -> (side, side, 3)."""
        x, y = self.corner_px
        height, width = image.shape[:2]
        low, high = np.array([x, y, x, y]), np.array([width, height, width, height])
        seen = np.array([0, 0, width, height]) if np.isnan(self.around_px[row]).any() else self.around_px[row]
        edges = np.clip(seen.astype(int), [0, 0, 0, 0], high)
        x0, y0, x1, y1 = np.clip(edges, low, low + self.side_px)
        square = np.full((self.side_px, self.side_px, 3), GREY, np.uint8)
        square[y0 - y : y1 - y, x0 - x : x1 - x] = image[y0:y1, x0:x1]
        return square


def _window(clip: Clip, kick_frame: int) -> list[int]:
    near = np.abs(clip.time_s - clip.time_s[kick_frame]) <= AROUND_S
    return [int(frame) for frame in np.flatnonzero(near) if clip.take[0] <= frame < clip.take[1]]


def _crop(shot: Shot, frames: list[int]) -> Crop:
    """Shot, frames -> a generous square around the shooter's boxes, or around the ball when nobody was found."""
    assert shot.kick_frame is not None
    seen = shot.ball.nearest_seen(shot.kick_frame)
    spot, width = shot.ball.centre_px[seen], float(np.max(shot.ball.size_px[seen]))
    around = np.full((len(frames), 4), np.nan)
    if shot.shooter is not None:
        around = np.array([shot.player(shot.shooter).box_px(frame) for frame in frames])
        balls = (around[:, 3] - around[:, 1]) / width
        around[~((balls > BALLS_TALL[0]) & (balls < BALLS_TALL[1]))] = np.nan
    if np.isfinite(around).any():
        low = np.minimum(np.nanmin(around[:, :2], axis=0), spot - width)
        high = np.maximum(np.nanmax(around[:, 2:], axis=0), spot + width)
        margin = MARGIN * float(high[1] - low[1]) / 2
        tall = (around[:, 3] - around[:, 1])[:, None]
        around += np.array([-ASIDE, -ABOVE, ASIDE, ABOVE]) * tall
    else:
        low = high = spot
        margin = BALLS_AROUND * width
    side = int(np.ceil((high - low).max() + 2 * margin))
    return Crop(np.floor((low + high - side) / 2).astype(int), side, around)


@contextmanager
def _landmarker() -> Iterator[Any]:
    from mediapipe.tasks.python import BaseOptions, vision  # takes a second to import: only when used

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(weights.path("pose"))),
        running_mode=vision.RunningMode.VIDEO,
        num_poses=1,
        min_pose_detection_confidence=0.3,
    )
    try:
        landmarker = vision.PoseLandmarker.create_from_options(options)
    except (RuntimeError, OSError) as error:
        raise MissingWeights(
            "The pose model does not start: run `python -m kicky doctor` to see which system library is missing."
        ) from error
    with landmarker:
        yield landmarker


def _detect(landmarker: Any, crop: video.Image, time_s: float) -> Any:
    from mediapipe import Image, ImageFormat

    scale = min(1.0, BODY_PX / max(crop.shape[:2]))
    small = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else crop
    rgb = np.ascontiguousarray(small[:, :, ::-1])
    return landmarker.detect_for_video(Image(image_format=ImageFormat.SRGB, data=rgb), round(time_s * 1000))
