"""Shot -> its shooter's pose: MediaPipe's landmarks in the frames around contact."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
OnFrame = Callable[[int, video.Image], None]
BODY_PX = 520  # the landmarker's own input is 256 px; more than twice that only costs time


def around_contact(shot: Shot, on_progress: OnProgress, look: OnFrame | None = None) -> Shot:
    """Shot -> the same with the pose of the shooter, or of whoever is nearest the ball at the kick.

    Without a kick there is no pose; frames where no body is found hold NaN. `look` is shown each frame looked at.
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
            if look is not None:
                look(frame, image)
            found = _detect(landmarker, crop.cut(image), float(shot.clip.time_s[frame]))
            nearest = _nearest(found, crop)
            if nearest is not None:
                points = found.pose_landmarks[nearest]
                landmarks[row] = crop.corner_px + crop.side_px * np.array([(p.x, p.y) for p in points])
                world[row] = [(p.x, p.y, p.z) for p in found.pose_world_landmarks[nearest]]
                visibility[row] = [p.visibility for p in points]
            on_progress("pose", (row + 1) / len(frames))
    return replace(shot, pose=Pose(np.array(frames), landmarks, world, visibility))


@dataclass(frozen=True, eq=False, slots=True)
class Crop:
    """One square of the picture for all the frames, and where in the picture the shooter's hips should be.

    One square, so that the landmarker can follow the body and its aspect is right; what lies beyond
    the picture's edge is black.
    """

    corner_px: Ints
    side_px: int
    hips_px: Floats

    def cut(self, image: video.Image) -> video.Image:
        (x, y), side = self.corner_px, self.side_px
        inside = image[max(y, 0) : max(y + side, 0), max(x, 0) : max(x + side, 0)]
        top, left = max(-y, 0), max(-x, 0)
        bottom, right = side - top - inside.shape[0], side - left - inside.shape[1]
        return np.asarray(cv2.copyMakeBorder(inside, top, bottom, left, right, cv2.BORDER_CONSTANT))


def _window(clip: Clip, kick_frame: int) -> list[int]:
    near = np.abs(clip.time_s - clip.time_s[kick_frame]) <= AROUND_S
    return [int(frame) for frame in np.flatnonzero(near) if clip.take[0] <= frame < clip.take[1]]


def _crop(shot: Shot, frames: list[int]) -> Crop:
    """Shot, frames -> a generous square around the shooter's boxes, or around the ball when nobody was found."""
    assert shot.kick_frame is not None
    seen = shot.ball.nearest_seen(shot.kick_frame)
    spot, width = shot.ball.centre_px[seen], float(np.max(shot.ball.size_px[seen]))
    boxes = np.empty((0, 4))
    if shot.shooter is not None:
        boxes = np.array([shot.player(shot.shooter).box_px(frame) for frame in frames])
        boxes = boxes[np.isfinite(boxes).all(axis=1)]
    if len(boxes):
        low = np.minimum(boxes[:, :2].min(axis=0), spot - width)
        high = np.maximum(boxes[:, 2:].max(axis=0), spot + width)
        margin = MARGIN * float(high[1] - low[1]) / 2
        hips = (boxes[:, :2] + boxes[:, 2:]).mean(axis=0) / 2
    else:
        low = high = hips = spot
        margin = BALLS_AROUND * width
    side = int(np.ceil((high - low).max() + 2 * margin))
    return Crop(np.floor((low + high - side) / 2).astype(int), side, np.asarray(hips))


@contextmanager
def _landmarker() -> Iterator[Any]:
    from mediapipe.tasks.python import BaseOptions, vision  # takes a second to import: only when used

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(weights.path("pose"))),
        running_mode=vision.RunningMode.VIDEO,
        num_poses=2,  # a keeper or a friend may stand in the crop: the nearest to the shooter's box is taken
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


def _nearest(found: Any, crop: Crop) -> int | None:
    """Of the bodies found, the one whose hips are nearest where they should be; None when there is none."""
    hips = np.array([[(b[23].x + b[24].x) / 2, (b[23].y + b[24].y) / 2] for b in found.pose_landmarks])
    if not len(hips):
        return None
    return int(np.linalg.norm(crop.corner_px + hips * crop.side_px - crop.hips_px, axis=1).argmin())
