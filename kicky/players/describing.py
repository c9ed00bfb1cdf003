"""Pictures of the players around the kick, the shooter's pose -> what each of them looks like."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ..domain import Appearance, Bools, Floats, Pose, Shot, Track
from ..roles import BALL_M, ball_at_kick, standing
from .colours import histogram, linear
from .gallery import Picture

SHOULDERS, HIPS, KNEES, ANKLES = (11, 12), (23, 24), (25, 26), (27, 28)
PARTS = ("shirt", "shorts", "socks")
THICK = {"shirt": 0.34, "shorts": 0.2, "socks": 0.1}  # of the trunk's length: how broad a stroke stays on the cloth
SHORTS, SOCKS = (0.12, 0.62), (0.5, 0.85)  # shares of the thigh and of the shank that they cover in any case
# Without a pose: rows and columns of the box, as shares of its height and width.
BOX = {"shirt": ((0.22, 0.45), (0.32, 0.68)), "shorts": ((0.5, 0.62), (0.32, 0.68)), "socks": ((0.74, 0.9), (0.2, 0.8))}
FOREGROUND = 0.08  # linear RGB: a sock's pixel differs at least so much from the ground beside it
GROUND = (0.85, 1.05)  # rows of the ground beside a body, as shares of its box
MOST_PIXELS = 4000
WHOLE_S, TALL = 0.5, 75.0  # about the kick; percentile of the heights seen in it: a body crouches, none stretches
HEIGHTS_M = (0.8, 2.25)
SLIM = 1.2  # height to width of a box that holds one body, and no other's besides
HEAD, FEET = 0.09, 0.02  # of a body's height: above the eyes, below the heels
LEAST_TRUNK_PX = 6.0


def described(shot: Shot, pictures: dict[str, list[Picture]], keeper: Pose | None = None) -> tuple[Appearance, ...]:
    """Shot with its pose, pictures of its players, the keeper's pose -> an Appearance of each who was seen."""
    poses = {label: pose for label, pose in ((shot.keeper, keeper), (shot.shooter, shot.pose)) if label and pose}
    looks = []
    for player in shot.players:
        seen = pictures.get(player.label, [])
        if seen:
            pose = _of_player(player, poses.get(player.label))
            pixels = _pixels(player, seen, pose)
            colours = {part: histogram(_thinned(found)) for part, found in pixels.items()}
            looks.append(Appearance(player.label, **colours, build=_build(shot, player, pose)))
    return tuple(looks)


def _of_player(player: Track, pose: Pose | None) -> Pose | None:
    """Player, the pose looked for in their place -> what of it is theirs: the hips in their box; None where nothing is.

    Where two people are close, the landmarker may have followed the other one.
    """
    if pose is None:
        return None
    hips = pose.landmarks_px[:, list(HIPS)].mean(axis=1)
    theirs = player.away_px(pose.frames, hips) == 0
    if not theirs.any():
        return None
    return Pose(pose.frames[theirs], pose.landmarks_px[theirs], pose.world_m[theirs], pose.visibility[theirs])


def _thinned(pixels: Floats) -> Floats:
    return pixels[:: max(len(pixels) // MOST_PIXELS, 1)]


def _pixels(player: Track, pictures: Sequence[Picture], pose: Pose | None) -> dict[str, Floats]:
    """-> (n, 3) BGR of each part, out of all pictures; by the body's joints where they are known."""
    found: dict[str, list[Floats]] = {part: [] for part in PARTS}
    for picture in pictures:
        row = pose.at(picture.frame) if pose is not None else None
        box = player.box_px(picture.frame)
        if pose is not None and row is not None:
            masks = _by_pose(picture, pose.landmarks_px[row])
        elif pose is None and np.isfinite(box).all():
            masks = _by_box(picture, box)
        else:
            continue
        for part, mask in masks.items():
            found[part].append(picture.image[mask].astype(np.float64))
    return {part: np.concatenate(parts) if parts else np.empty((0, 3)) for part, parts in found.items()}


def _by_pose(picture: Picture, landmarks_px: Floats) -> dict[str, Bools]:
    """Picture, (33, 2) -> where in it the clothes are, by strokes along trunk, thighs and shanks."""
    at = landmarks_px - picture.corner_px
    chest, hips = at[list(SHOULDERS)].mean(axis=0), at[list(HIPS)].mean(axis=0)
    trunk = float(np.hypot(*(chest - hips)))
    nothing = {part: np.zeros(picture.image.shape[:2], dtype=bool) for part in PARTS}
    if not np.isfinite(trunk) or trunk < LEAST_TRUNK_PX:
        return nothing
    strokes = {"shirt": [(chest + 0.15 * (hips - chest), chest + 0.8 * (hips - chest))], "shorts": [], "socks": []}
    for hip, knee, ankle in zip(HIPS, KNEES, ANKLES, strict=True):
        for part, (start, end), span in (("shorts", (hip, knee), SHORTS), ("socks", (knee, ankle), SOCKS)):
            strokes[part].append(tuple(at[start] + share * (at[end] - at[start]) for share in span))
    masks = {}
    for part, lines in strokes.items():
        mask = np.zeros(picture.image.shape[:2], np.uint8)
        for one, other in lines:
            ends = [tuple(int(v) for v in np.round(end)) for end in (one, other)]
            cv2.line(mask, ends[0], ends[1], 1, max(1, round(THICK[part] * trunk)))
        masks[part] = mask > 0
    return masks


def _by_box(picture: Picture, box_px: Floats) -> dict[str, Bools]:
    """Picture, box -> where in it the clothes of most who stand or run upright are, socks less the ground."""
    (x0, y0), (width, height) = box_px[:2] - picture.corner_px, box_px[2:] - box_px[:2]
    ground = _ground(picture, box_px)
    masks = {}
    for part, ((top, bottom), (left, right)) in BOX.items():
        mask = np.zeros(picture.image.shape[:2], dtype=bool)
        rows = slice(max(round(y0 + top * height), 0), max(round(y0 + bottom * height), 0))
        columns = slice(max(round(x0 + left * width), 0), max(round(x0 + right * width), 0))
        mask[rows, columns] = True
        if part == "socks" and len(ground):
            unlike = np.abs(linear(picture.image.astype(np.float64)) - np.median(linear(ground), axis=0)).max(axis=-1)
            mask &= unlike > FOREGROUND
        masks[part] = mask
    return masks


def _ground(picture: Picture, box_px: Floats) -> Floats:
    """-> (n, 3) BGR of the ground to both sides of the feet, as far as the picture shows it."""
    (x0, y0), (x1, y1) = box_px[:2] - picture.corner_px, box_px[2:] - picture.corner_px
    rows = slice(*(max(round(y0 + share * (y1 - y0)), 0) for share in GROUND))
    left, right = picture.image[rows, : max(round(x0), 0)], picture.image[rows, max(round(x1), 0) :]
    return np.concatenate([left.reshape(-1, 3), right.reshape(-1, 3)]).astype(np.float64)


def _build(shot: Shot, player: Track, pose: Pose | None) -> Floats:
    """-> (3,) height in metres, shoulders and legs as shares of the trunk."""
    return np.array([_height_m(shot, player, pose), *_proportions(pose)])


def _height_m(shot: Shot, player: Track, pose: Pose | None) -> float:
    """-> how tall the body is where it is seen nearly at its tallest about the kick; NaN where that cannot be told.

    Where the feet stand on the ground gives it, by the camera. Where the ground is seen too nearly edge-on, the ball
    does, which the shooter stands beside.
    """
    boxes = _whole(shot, player, pose)
    if shot.kick_frame is None or not len(boxes):
        return float("nan")
    tall_px = boxes[:, 3] - boxes[:, 1]
    if shot.scene is not None and shot.scene.camera is not None:
        found = [standing(shot.scene.camera, box) for box in boxes]
        tall_m = [tall for ground, tall in found if ground is not None]
        if len(tall_m) > len(boxes) / 2:
            return _likely(float(np.percentile(tall_m, TALL)))
    if player.label != shot.shooter:
        return float("nan")
    return _likely(float(np.percentile(tall_px, TALL) * BALL_M / ball_at_kick(shot)[1]))


def _likely(height_m: float) -> float:
    """-> the same, NaN where nobody is so tall or so small: two bodies in one box, or a ball's width misjudged."""
    return height_m if HEIGHTS_M[0] < height_m < HEIGHTS_M[1] else float("nan")


def _whole(shot: Shot, player: Track, pose: Pose | None) -> Floats:
    """-> (n, 4) boxes about the kick that hold the whole body, by its joints where they are known."""
    if pose is not None:
        boxes = np.array([body_box(one) for one in pose.landmarks_px])
    else:
        time_s, kick = shot.clip.time_s, shot.kick_frame or 0
        frames = np.flatnonzero(player.measured & (np.abs(time_s - time_s[kick]) <= WHOLE_S))
        boxes = np.array([player.box_px(int(frame)) for frame in frames]).reshape(-1, 4)
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    inside = (boxes[:, :2] > 2).all(axis=1) & (boxes[:, 2:] < np.array(shot.clip.size_wh_px) - 2).all(axis=1)
    upright = boxes[:, 3] - boxes[:, 1] > SLIM * (boxes[:, 2] - boxes[:, 0])
    return np.asarray(boxes[inside & upright])


def body_box(landmarks_px: Floats) -> Floats:
    """(33, 2) -> x0 y0 x1 y1 of the whole body: landmarks end at the eyes and at the heels."""
    low, high = landmarks_px.min(axis=0), landmarks_px.max(axis=0)
    tall = high[1] - low[1]
    return np.concatenate([low - [0.0, HEAD * tall], high + [0.0, FEET * tall]])


def _proportions(pose: Pose | None) -> tuple[float, float]:
    """-> shoulders and legs as shares of the trunk, the middle of all frames; NaN without a body."""
    if pose is None or np.isnan(pose.world_m).all():
        return float("nan"), float("nan")
    at = pose.world_m[np.isfinite(pose.world_m).all(axis=(1, 2))]

    def length(one: tuple[int, int], other: tuple[int, int]) -> Floats:
        return np.asarray(np.linalg.norm(at[:, list(one)] - at[:, list(other)], axis=2).mean(axis=1))

    trunk = length(SHOULDERS, HIPS)
    across = np.linalg.norm(at[:, SHOULDERS[0]] - at[:, SHOULDERS[1]], axis=1)
    legs = length(HIPS, KNEES) + length(KNEES, ANKLES)
    return float(np.median(across / trunk)), float(np.median(legs / trunk))
