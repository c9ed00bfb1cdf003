"""Shot -> its shooter's pose: MediaPipe's landmarks in the frames around contact."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from .. import video, weights
from ..domain import Clip, Floats, Ints, OnProgress, Pose, Shot
from ..errors import MissingWeights
from ..kick import struck_at
from ..video.ahead import ahead
from .legs import strikes, to_ball

AROUND_S = 0.3  # a swing lasts about 0.1 s; the run-up's last step and the follow-through are wanted too
DENSE_S, SLOWEST_HZ = 0.1, 60.0  # about contact each frame counts; farther off, so many a second are enough
MARGIN = 0.45  # the kicking leg swings outside the player's box
BALLS_AROUND = 14.0  # without a box: about 1.5 m to every side of the ball
OnFrame = Callable[[int, video.Image], None]
BALLS_TALL = (4.0, 14.0)  # a kicker's box: at least a child's, at most a grown-up's who runs up nearer the camera
ASIDE, ABOVE = 0.45, 0.2  # of the box's height: so far beside and above it what is seen may be the shooter's
GREY = 114
AHEAD = 2  # pictures made ready while the model looks
BODY_PX = 520  # the landmarker's own input is 256 px; more than twice that only costs time
GAMMA, LEAST_SPREAD = 0.7, 80.0  # a picture flatter than this many grey levels is fog, not dusk
AT_BALL, FARTHEST = 3.0, 3.0  # weight of the foot's way to the ball at contact, against jumps; both in trunks, at most
CONTACT_S = 0.05
ENOUGH = 0.75  # share of the frames in which the body is seen; with less it is looked for again
BELIEVING, HARDLY, NEARER = 0.5, 0.1, 0.7  # the landmarker's own bar and a low one; a share of the crop's side


def around_contact(shot: Shot, on_progress: OnProgress, look: OnFrame | None = None) -> Shot:
    """Shot -> the same with the pose of the shooter, or of whoever is nearest the ball at the kick.

    Without a kick there is no pose; frames where no body is found hold NaN. `look` is shown each frame around the kick.
    Raises: MissingWeights when the pose model is not set up.
    """
    if shot.kick_frame is None:
        return shot
    frames = _window(shot.clip, shot.kick_frame)
    crop = _crop(shot, frames)
    tries: list[Shot] = []
    # It may follow a friend: of two at a time, slower and less steady, one may be right. Or it sees nobody in the dark,
    # in front of a lamp, behind a net: then nearer, and believing less.
    for people, where in ((1, crop), (2, crop), (1, crop.nearer()), (2, crop.nearer())):
        found = _look(shot, frames, where, people, on_progress, None if tries else look)
        posed = replace(shot, pose=_pose(frames, _follow(found, shot, frames)))
        if strikes(posed) and _share(posed) >= ENOUGH:
            return posed
        # What it hardly believes may be nobody at all, unless a foot of it is at the ball.
        if where is crop or strikes(posed):
            tries.append(posed)
    return max(tries, key=lambda one: (strikes(one), _share(one)))


def _share(posed: Shot) -> float:
    """Shot with its pose -> in which share of its frames the body is seen."""
    assert posed.pose is not None
    return float(np.isfinite(posed.pose.landmarks_px[:, 0, 0]).mean())


def _look(
    shot: Shot, frames: Sequence[int], crop: Crop, people: int, on_progress: OnProgress, look: OnFrame | None = None
) -> list[list[Body]]:
    """Shot, frames, where to look, for how many -> the bodies found in each frame."""
    rows = {frame: row for row, frame in enumerate(frames)}
    bodies: list[list[Body]] = [[] for _ in frames]
    window = replace(shot.clip, take=(frames[0], frames[-1] + 1))
    with _landmarker(people, crop.believing) as landmarker:
        for frame, image in ahead(video.frames(window), AHEAD):
            if look is not None:
                look(frame, image)
            if (row := rows.get(frame)) is not None:
                square = lit(crop.cut(image, row))
                bodies[row] = _detect(landmarker, crop, square, float(shot.clip.time_s[frame]))
                on_progress("pose", (row + 1) / len(frames))
    return bodies


def lit(square: video.Image) -> video.Image:
    """(h, w, 3) with GREY where nothing is shown -> the same as if well lit: a dark shirt at night has its edges."""
    brightest: Any = cv2.max(cv2.max(square[:, :, 0], square[:, :, 1]), square[:, :, 2])
    shown = cv2.bitwise_not(cv2.inRange(square, (GREY,) * 3, (GREY,) * 3))
    counts = cv2.calcHist([brightest], [0], shown, [256], [0, 256]).ravel().astype(int)
    if not counts.any():
        return square
    dark, bright = (_percentile(counts, share) for share in (0.01, 0.98))
    scale = np.clip((np.arange(256) - dark) / max(bright - dark, LEAST_SPREAD), 0, 1) ** GAMMA
    return np.asarray(cv2.LUT(square, np.round(255 * scale).astype(np.uint8)))


def _percentile(counts: Ints, share: float) -> float:
    """How often each grey level is there, share -> the level below which so many are, as numpy's percentile has it.

    >>> _percentile(np.array([0, 1, 0, 1]), 0.25), float(np.percentile([1, 3], 25))
    (1.5, 1.5)
    """
    place = share * (int(counts.sum()) - 1)
    low, high = np.searchsorted(counts.cumsum(), [int(place), int(np.ceil(place))], side="right").tolist()
    return float(low + (high - low) * (place - int(place)))


@dataclass(frozen=True, eq=False, slots=True)
class Body:
    """One body in one frame: (33, 2) in the picture, (33, 3) metres, (33,) visibility."""

    px: Floats
    world_m: Floats
    visibility: Floats

    @property
    def hips(self) -> Floats:
        return np.asarray(self.px[23:25].mean(axis=0))

    @property
    def trunk_px(self) -> float:
        return max(float(np.linalg.norm(self.px[11:13].mean(axis=0) - self.hips)), 1.0)


@dataclass(frozen=True, eq=False, slots=True)
class Crop:
    """One square of the picture for all the frames, and in it what is left visible of each.

    One square, so that the landmarker can follow the body and its aspect is right. What lies beyond the
    picture's edge, too far from the shooter's box to be theirs (`around_px` (n, 4)), or in somebody else's box
    (`others_px` (k, n, 4)) and outside their own (`box_px` (n, 4)) is grey. A box that is NaN hides nothing.
    `believing` is how sure the landmarker must be of a body.
    """

    corner_px: Ints
    side_px: int
    around_px: Floats
    box_px: Floats
    others_px: Floats
    believing: float = BELIEVING

    def nearer(self) -> Crop:
        """-> its middle, in which a body is larger; the landmarker is to say also what it hardly believes."""
        side = int(NEARER * self.side_px)
        return replace(self, corner_px=self.corner_px + (self.side_px - side) // 2, side_px=side, believing=HARDLY)

    def cut(self, image: video.Image, row: int) -> video.Image:
        """Picture, which of the n frames it is -> (side, side, 3)."""
        shown = image
        mine = self.box_px[row]
        if np.isfinite(mine).all():
            shown = np.full_like(image, GREY)
            _copy(image, shown, self.around_px[row])
            for other in self.others_px[:, row]:
                if np.isfinite(other).all() and _overlap(mine, other) < 0.5:
                    _paint(shown, other)
            _copy(image, shown, mine)
        (x, y), side = self.corner_px, self.side_px
        inside = shown[max(y, 0) : max(y + side, 0), max(x, 0) : max(x + side, 0)]
        top, left = max(-y, 0), max(-x, 0)
        bottom, right = side - top - inside.shape[0], side - left - inside.shape[1]
        grey = (GREY, GREY, GREY)
        return np.asarray(cv2.copyMakeBorder(inside, top, bottom, left, right, cv2.BORDER_CONSTANT, value=grey))


def _window(clip: Clip, kick_frame: int) -> list[int]:
    """-> the frames looked at: all that matter, no more of a slow-motion film than of another."""
    away = np.abs(clip.time_s - clip.time_s[kick_frame])
    apart = max(1, round(1 / SLOWEST_HZ / clip.frame_s))
    near = [int(frame) for frame in np.flatnonzero(away <= AROUND_S) if clip.take[0] <= frame < clip.take[1]]
    densest = max(1, apart // 2)
    return [f for f in near if (f - kick_frame) % (densest if away[f] <= DENSE_S else apart) == 0]


def _crop(shot: Shot, frames: Sequence[int]) -> Crop:
    """Shot, frames -> a generous square around the shooter's boxes, or around the ball when nobody was found."""
    assert shot.kick_frame is not None
    struck = struck_at(shot)
    spot, width = struck.px, struck.diameter_px
    boxes = {player.label: np.array([player.box_px(frame) for frame in frames]) for player in shot.players}
    nothing = np.full((len(frames), 4), np.nan)
    box = boxes.pop(shot.shooter, nothing) if shot.shooter is not None else nothing
    tall = box[:, 3] - box[:, 1]
    whole = (tall > BALLS_TALL[0] * width) & (tall < BALLS_TALL[1] * width)
    contact = np.abs(np.array(frames) - shot.kick_frame) <= 1
    # A box that is no body's when it matters is something else that was followed: better none than that.
    box = np.where((whole & whole[contact].all())[:, None], box, np.nan)
    if np.isfinite(box).any():
        low = np.minimum(np.nanmin(box[:, :2], axis=0), spot - width)
        high = np.maximum(np.nanmax(box[:, 2:], axis=0), spot + width)
        margin = MARGIN * float(high[1] - low[1]) / 2
    else:
        low = high = spot
        margin = BALLS_AROUND * width
    around = box + np.array([-ASIDE, -ABOVE, ASIDE, ABOVE]) * tall[:, None]
    side = int(np.ceil((high - low).max() + 2 * margin))
    others = np.array(list(boxes.values())).reshape(-1, len(frames), 4)
    return Crop(np.floor((low + high - side) / 2).astype(int), side, around, box, others)


def _part(image: video.Image, box: Floats) -> tuple[slice, slice]:
    height, width = image.shape[:2]
    x0, y0, x1, y1 = np.clip(box, 0, [width, height, width, height]).astype(int)
    return slice(y0, y1), slice(x0, x1)


def _copy(source: video.Image, target: video.Image, box: Floats) -> None:
    target[_part(source, box)] = source[_part(source, box)]


def _paint(target: video.Image, box: Floats) -> None:
    target[_part(target, box)] = GREY


def _overlap(mine: Floats, other: Floats) -> float:
    """Two boxes -> the share of mine that the other covers."""
    sides = np.minimum(mine[2:], other[2:]) - np.maximum(mine[:2], other[:2])
    return float(np.prod(np.maximum(sides, 0)) / max(float(np.prod(mine[2:] - mine[:2])), 1.0))


@contextmanager
def _landmarker(people: int, believing: float) -> Iterator[Any]:
    from mediapipe.tasks.python import BaseOptions, vision  # takes a second to import: only when used

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(weights.path("pose"))),
        running_mode=vision.RunningMode.VIDEO,
        num_poses=people,
        min_pose_detection_confidence=min(believing, 0.3),
        min_pose_presence_confidence=believing,
        min_tracking_confidence=believing,
    )
    try:
        landmarker = vision.PoseLandmarker.create_from_options(options)
    except (RuntimeError, OSError) as error:
        raise MissingWeights(
            "The pose model does not start: run `python -m kicky doctor` to see which system library is missing."
        ) from error
    with landmarker:
        yield landmarker


def _detect(landmarker: Any, crop: Crop, square: video.Image, time_s: float) -> list[Body]:
    """The square cut from a frame -> the bodies in it, in the picture's pixels."""
    from mediapipe import Image, ImageFormat

    scale = min(1.0, BODY_PX / crop.side_px)
    small = cv2.resize(square, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else square
    rgb = np.ascontiguousarray(small[:, :, ::-1])
    found = landmarker.detect_for_video(Image(image_format=ImageFormat.SRGB, data=rgb), round(time_s * 1000))
    return [
        Body(
            crop.corner_px + crop.side_px * np.array([(p.x, p.y) for p in points]),
            np.array([(p.x, p.y, p.z) for p in world]),
            np.array([p.visibility for p in points]),
        )
        for points, world in zip(found.pose_landmarks, found.pose_world_landmarks, strict=True)
    ]


def _follow(bodies: Sequence[Sequence[Body]], shot: Shot, frames: Sequence[int]) -> dict[int, Body]:
    """Bodies of each frame -> row: the shooter's, where there are any: one body all along, whose foot is at the ball.

    The best path: each step costs how far the hips jump, each frame at contact how far the nearer foot is from
    where the ball lay; lengths in trunks.
    """
    assert shot.kick_frame is not None
    since = shot.clip.time_s[list(frames)] - shot.clip.time_s[shot.kick_frame]
    spot = struck_at(shot).px
    rows = [row for row, found in enumerate(bodies) if found]
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for step, row in enumerate(rows):
        reached = []
        for k, body in enumerate(bodies[row]):
            own = AT_BALL * _to_ball(body, spot) if -CONTACT_S <= since[row] <= CONTACT_S else 0.0
            before = bodies[rows[step - 1]] if step else []
            ways = [(cost + (_jump(before[path[-1]], body) if path else 0.0), path) for cost, path in best]
            cost, path = min(ways, key=lambda way: way[0])
            reached.append((cost + own, (*path, k)))
        best = reached
    _, chosen = min(best, key=lambda way: way[0])
    return {row: bodies[row][k] for row, k in zip(rows, chosen, strict=True)}


def _to_ball(body: Body, spot: Floats) -> float:
    return min(to_ball(body.px, spot), FARTHEST)


def _jump(one: Body, other: Body) -> float:
    trunk = max(one.trunk_px, other.trunk_px)
    size = abs(np.log(one.trunk_px / other.trunk_px))
    return min(float(np.linalg.norm(one.hips - other.hips)) / trunk + float(size), FARTHEST)


def _pose(frames: Sequence[int], chosen: dict[int, Body]) -> Pose:
    landmarks = np.full((len(frames), 33, 2), np.nan)
    world = np.full((len(frames), 33, 3), np.nan)
    visibility = np.full((len(frames), 33), np.nan)
    for row, body in chosen.items():
        landmarks[row], world[row], visibility[row] = body.px, body.world_m, body.visibility
    return Pose(np.array(frames), landmarks, world, visibility)
