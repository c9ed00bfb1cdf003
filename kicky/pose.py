"""Shot -> its shooter's pose: MediaPipe's landmarks in the frames around contact."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from . import video, weights
from .domain import Clip, Floats, Ints, OnProgress, Pose, Shot, Track
from .errors import MissingWeights

AROUND_S = 0.3  # a swing lasts about 0.1 s; the run-up's last step and the follow-through are wanted too
MARGIN = 0.45  # the kicking leg swings outside the player's box
BALLS_AROUND = 14.0  # without a box: about 1.5 m to every side of the ball
BODY_PX = 520  # the landmarker's own input is 256 px; more than twice that only costs time


def around_contact(shot: Shot, on_progress: OnProgress) -> Shot:
    """Shot -> the same with the pose of the shooter, or of whoever is nearest the ball at the kick.

    Without a kick there is no pose; frames where no body is found hold NaN.
    Raises: MissingWeights when the pose model is not set up.
    """
    if shot.kick_frame is None:
        return shot
    body = shot.player(shot.shooter) if shot.shooter is not None else None
    frames = _window(shot.clip, shot.kick_frame)
    corner, size = _crop(shot, body, frames)
    target = _target(shot, body)
    landmarks = np.full((len(frames), 33, 2), np.nan)
    world = np.full((len(frames), 33, 3), np.nan)
    visibility = np.full((len(frames), 33), np.nan)
    window = replace(shot.clip, take=(frames[0], frames[-1] + 1))
    with _landmarker() as landmarker:
        for row, (frame, image) in enumerate(video.frames(window)):
            crop = image[corner[1] : corner[1] + size[1], corner[0] : corner[0] + size[0]]
            found = _detect(landmarker, crop, float(shot.clip.time_s[frame]))
            nearest = _nearest(found, target, corner, size)
            if nearest is not None:
                points = found.pose_landmarks[nearest]
                landmarks[row] = [corner + (p.x, p.y) * size for p in points]
                world[row] = [(p.x, p.y, p.z) for p in found.pose_world_landmarks[nearest]]
                visibility[row] = [p.visibility for p in points]
            on_progress("pose", (row + 1) / len(frames))
    return replace(shot, pose=Pose(np.array(frames), landmarks, world, visibility))


def _window(clip: Clip, kick_frame: int) -> list[int]:
    near = np.abs(clip.time_s - clip.time_s[kick_frame]) <= AROUND_S
    return [int(frame) for frame in np.flatnonzero(near) if clip.take[0] <= frame < clip.take[1]]


def _crop(shot: Shot, body: Track | None, frames: list[int]) -> tuple[Ints, Ints]:
    """One crop for all the frames, so that the landmarker can follow the body: its corner and its size."""
    spot, width = shot.ball.centre_px[shot.kick_frame], float(np.max(shot.ball.size_px[shot.kick_frame]))
    boxes = np.array([body.box_px(frame) for frame in frames]) if body is not None else np.full((1, 4), np.nan)
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    if len(boxes):
        low = np.minimum(boxes[:, :2].min(axis=0), spot - width)
        high = np.maximum(boxes[:, 2:].max(axis=0), spot + width)
        margin = MARGIN * float(high[1] - low[1]) / 2
    else:
        low = high = spot
        margin = BALLS_AROUND * width
    picture = np.array(shot.clip.size_wh_px)
    corner = np.clip(low - margin, 0, picture - 2).astype(int)
    return corner, np.clip(np.ceil(high + margin).astype(int), corner + 2, picture) - corner


def _target(shot: Shot, body: Track | None) -> Floats:
    """Where the shooter's hips should be: the box's centre at the kick, else at the ball."""
    if body is not None and np.isfinite(body.centre_px[shot.kick_frame]).all():
        return np.asarray(body.centre_px[shot.kick_frame])
    return np.asarray(shot.ball.centre_px[shot.kick_frame])


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


def _nearest(found: Any, target_px: Floats, corner_px: Ints, size_px: Ints) -> int | None:
    """Of the bodies found, the one whose hips are nearest the target; None when there is none."""
    hips = [(np.array([(b[23].x + b[24].x) / 2, (b[23].y + b[24].y) / 2])) for b in found.pose_landmarks]
    gaps = [float(np.linalg.norm(corner_px + hip * size_px - target_px)) for hip in hips]
    return int(np.argmin(gaps)) if gaps else None
