"""The goal's picture at the kick -> the keeper who stands so still that motion does not show them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from .. import roles, weights
from ..domain import Floats, Pose, Shot, Track
from ..errors import MissingWeights
from ..video import Image
from .describing import body_box
from .gallery import AROUND_S, Picture

TILE, STEP = 1.5, 0.5  # a square to look in: of the goal's height; how far to the next, of its own side
BELOW = 0.12  # of the goal's height that a tile's middle lies below the goal's: keepers stand before the line
INPUT_PX = 256  # the landmarker's own
SAME, SIZE = 0.6, 0.6  # of the smaller of two boxes that the other holds, and the shorter's height: one body's


def keeper(shot: Shot, goal: Picture | None) -> tuple[Shot, Pose | None]:
    """Shot told of its shooter, the goal's picture at the kick -> the same with its keeper, and the keeper's pose.

    Somebody who moves is a player already; somebody who stands becomes one, placed in the frames around the kick.
    Raises: MissingWeights when the pose model is not set up.
    """
    if shot.scene is None or shot.kick_frame is None or goal is None:
        return shot, None
    scene, kick = shot.scene, shot.kick_frame
    # One who was measured once only was put there by this, at a kick that may have been moved since.
    shot = replace(shot, players=tuple(player for player in shot.players if player.measured.sum() != 1))
    shot = roles.assigned(shot)
    best: tuple[float, Floats, Floats, Any] | None = None
    striker = shot.player(shot.shooter).box_px(kick) if shot.shooter else np.full(4, np.nan)
    for landmarks, body in _bodies(shot, goal):
        box = body_box(landmarks)
        gap = roles.before_line(scene, box)
        if gap is not None and not _same(striker, box) and (best is None or gap < best[0]):
            best = (gap, box, landmarks, body)
    if best is None:
        return shot, None
    _, box, landmarks, body = best
    pose = Pose(
        np.array([shot.kick_frame]), landmarks[None],
        np.array([[(p.x, p.y, p.z) for p in body[1]]]), np.array([[p.visibility for p in body[0]]]),
    )  # fmt: skip
    return _with_keeper(shot, box), pose


def _with_keeper(shot: Shot, box: Floats) -> Shot:
    """Shot, where its keeper stands -> the same, the keeper being the player there or a new one."""
    assert shot.kick_frame is not None
    for player in shot.players:
        if player.label != shot.shooter and _same(player.box_px(shot.kick_frame), box):
            return replace(shot, keeper=player.label)
    new = _standing(f"P{len(shot.players) + 1}", shot, box)
    return replace(shot, players=(*shot.players, new), keeper=new.label)


def _standing(label: str, shot: Shot, box: Floats) -> Track:
    """-> a player measured at the kick only, and there in the frames around it."""
    time_s, count = shot.clip.time_s, len(shot.clip.time_s)
    around = np.abs(time_s - time_s[shot.kick_frame]) <= AROUND_S
    around &= (np.arange(count) >= shot.clip.take[0]) & (np.arange(count) < shot.clip.take[1])
    centre = np.where(around[:, None], (box[:2] + box[2:]) / 2, np.nan)
    size = np.where(around[:, None], box[2:] - box[:2], np.nan)
    measured = np.arange(count) == shot.kick_frame
    return Track(label, centre, size, np.where(measured, 1.0, np.nan), measured)


def _bodies(shot: Shot, goal: Picture) -> list[tuple[Floats, Any]]:
    """-> (33, 2) landmarks in the film's pixels, and the landmarker's own, of each body found; some of them twice."""
    found = []
    assert shot.scene is not None
    with landmarker() as model:
        for x, y, side in _tiles(shot.scene.goal_corners_px):
            scale = INPUT_PX / side
            corner = np.array([x, y]) - goal.corner_px
            matrix = np.array([[scale, 0, -corner[0] * scale], [0, scale, -corner[1] * scale]])
            tile = np.asarray(cv2.warpAffine(goal.image, matrix, (INPUT_PX, INPUT_PX), flags=cv2.INTER_AREA))
            seen = detect(model, np.asarray(tile, dtype=np.uint8))
            for points, world in zip(seen.pose_landmarks, seen.pose_world_landmarks, strict=True):
                found.append((np.array([(p.x, p.y) for p in points]) * side + (x, y), (points, world)))
    return found


def _tiles(corners_px: Floats) -> list[tuple[float, float, float]]:
    """Goal's corners -> left, top and side of the squares that cover its mouth and what is before it."""
    low, high = corners_px.min(axis=0), corners_px.max(axis=0)
    height = float(high[1] - low[1])
    side = TILE * height
    top = float((low[1] + high[1]) / 2) + BELOW * height - side / 2
    first, last = float(low[0]) - 0.3 * height, float(high[0]) + 0.3 * height - side
    if last <= first:
        return [((first + last) / 2, top, side)]
    count = int(np.ceil((last - first) / (STEP * side))) + 1
    return [(float(left), top, side) for left in np.linspace(first, last, count)]


def _same(one: Floats, other: Floats) -> bool:
    """Two boxes -> whether they are of one body: mostly the same place, and about as tall."""
    shared = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    if not (shared > 0).all():
        return False
    sizes = [box[2:] - box[:2] for box in (one, other)]
    tall = sorted(float(size[1]) for size in sizes)
    return bool(np.prod(shared) > SAME * min(np.prod(size) for size in sizes) and tall[0] > SIZE * tall[1])


def landmarker() -> Any:
    """-> the pose model for single pictures, up to two bodies in each. Raises: MissingWeights."""
    from mediapipe.tasks.python import BaseOptions, vision  # takes a second to import: only when used

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(weights.path("pose"))), running_mode=vision.RunningMode.IMAGE,
        num_poses=2, min_pose_detection_confidence=0.3,
    )  # fmt: skip
    try:
        return vision.PoseLandmarker.create_from_options(options)
    except (RuntimeError, OSError) as error:
        raise MissingWeights(
            "The pose model does not start: run `python -m kicky doctor` to see which system library is missing."
        ) from error


def detect(model: Any, tile: Image) -> Any:
    """The pose model, a picture (H, W, 3) BGR -> MediaPipe's result."""
    import mediapipe
    from mediapipe import ImageFormat

    return model.detect(mediapipe.Image(image_format=ImageFormat.SRGB, data=np.ascontiguousarray(tile[:, :, ::-1])))
