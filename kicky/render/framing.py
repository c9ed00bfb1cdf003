"""A shot -> the upright part of its picture that shows ball, shooter and goal, frame by frame and without a jerk."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ..domain import Floats, Ints, Shot
from ..video import Image
from .slowly import Timeline

CLOSEST = 0.5  # of the largest part there is: closer in, a phone's film shows its squares
ROOM, BALL_ROOM = 0.10, 0.07  # of the part's width: left about all that matters, and about the ball
AROUND_KICK_S = 0.3  # the shooter is to be seen from so long before the kick until so long after
EASE_S = 0.35  # how softly the view moves
ROUNDS = 8
BLACK, BAR = 24, 0.02  # how bright a bar may be, how much of the picture it takes at least


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """The parts shown, all of one size: (n, 2) their upper left corners in the film's pixels, width and height."""

    corner_px: Floats
    size_wh_px: tuple[float, float]

    def cut(self, image: Image, place: int, clip_wide_px: int, size_wh: tuple[int, int]) -> Image:
        """A frame of the film, which picture of the timeline, the film's width -> that part, as large as wanted."""
        shrunk = image.shape[1] / clip_wide_px
        scale = size_wh[0] / self.size_wh_px[0]
        x, y = self.corner_px[place]
        onto = np.array([[scale / shrunk, 0, -scale * x], [0, scale / shrunk, -scale * y]])
        moved = cv2.warpAffine(image, onto, size_wh, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(moved, np.uint8)


def whole(shot: Shot, count: int) -> View:
    """Shot, pictures -> the picture as it was filmed, in each."""
    wide, high = shot.clip.size_wh_px
    return View(np.zeros((count, 2)), (float(wide), float(high)))


def filled(image: Image, size_wh_px: tuple[int, int]) -> Floats:
    """A frame, the film's size -> (4,) x0 y0 x1 y1 in the film's pixels: the picture without black bars on both its
    sides or above and below it, as programs put them about an upright film.
    """
    bright = image.max(axis=2) > BLACK
    edges = np.zeros(4)
    for axis, whole_px in enumerate(size_wh_px):
        lit = np.flatnonzero(bright.any(axis=axis))
        before, after = (int(lit[0]), bright.shape[1 - axis] - 1 - int(lit[-1])) if len(lit) else (0, 0)
        few = BAR * bright.shape[1 - axis]
        bars = min(before, after) > few and abs(before - after) < few
        scale = whole_px / bright.shape[1 - axis]
        edges[axis] = scale * before if bars else 0.0
        edges[axis + 2] = whole_px - (scale * after if bars else 0.0)
    return edges


def upright(shot: Shot, line: Timeline, aspect: float, within: Floats | None = None) -> View:
    """Shot, its timeline, width by height wanted, x0 y0 x1 y1 to keep to (None: the whole picture) -> what is shown.

    It stands still where all that matters fits in, as near as it may be; else it follows the ball sideways. The ball is
    in it whenever it is seen.
    """
    edges = np.array([0.0, 0.0, *shot.clip.size_wh_px]) if within is None else within
    wide, high = edges[2:] - edges[:2]
    largest = np.array([min(wide, high * aspect), min(high, wide / aspect)])
    boxes = _matters(shot, line.frames)
    if len(boxes):
        low, high_px = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        part = float(((high_px - low) / largest).max()) + 2 * ROOM
        if part <= 1 + ROOM:
            size = largest * float(np.clip(part, CLOSEST, 1.0))
            corner = np.clip((low + high_px) / 2 - size / 2, edges[:2], edges[2:] - size)
            return View(np.tile(corner, (len(line.frames), 1)), (float(size[0]), float(size[1])))
    x = _followed(shot, line, float(largest[0]), edges)
    y = np.full(len(x), (edges[1] + edges[3] - largest[1]) / 2)
    return View(np.column_stack([x, y]), (float(largest[0]), float(largest[1])))


def ball_boxes(shot: Shot, frames: Ints) -> Floats:
    """Frames -> (n, 4) x0 y0 x1 y1 of the ball in the film's own pixels, NaN where it was not seen."""
    return np.array([_box(shot, frame, shot.ball.box_px(frame)) for frame in frames.tolist()]).reshape(-1, 4)


def _box(shot: Shot, frame: int, box: Floats) -> Floats:
    """Box as the shot is told -> the same in the frame as it was filmed."""
    if shot.clip.steadying is None or not np.isfinite(box).all():
        return box
    x0, y0, x1, y1 = box
    corners = shot.clip.steadying.to_film(frame, np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]))
    return np.concatenate([corners.min(axis=0), corners.max(axis=0)])


def _goal(shot: Shot, frame: int) -> Floats:
    """-> (4,) the goal's box in that frame, NaN where it is not known."""
    if shot.scene is None:
        return np.full(4, np.nan)
    corners = shot.scene.goal_corners_px
    return _box(shot, frame, np.concatenate([corners.min(axis=0), corners.max(axis=0)]))


def _shooter(shot: Shot, frame: int) -> Floats:
    """-> (4,) the shooter's box about the kick, NaN elsewhere."""
    kick, time_s = shot.kick_frame, shot.clip.time_s
    if shot.shooter is None or kick is None or abs(time_s[frame] - time_s[kick]) > AROUND_KICK_S:
        return np.full(4, np.nan)
    return _box(shot, frame, shot.player(shot.shooter).box_px(frame))


def _matters(shot: Shot, frames: Ints) -> Floats:
    """Frames -> (k, 4) the boxes of what is to be seen, ball, goal and shooter, as far as they are known."""
    numbers = np.unique(frames)
    others = [find(shot, frame) for frame in numbers.tolist() for find in (_goal, _shooter)]
    boxes = np.vstack([ball_boxes(shot, numbers), np.array(others).reshape(-1, 4)])
    return np.asarray(boxes[np.isfinite(boxes).all(axis=1)])


def _followed(shot: Shot, line: Timeline, wide: float, edges: Floats) -> Floats:
    """Width of the part, x0 y0 x1 y1 to keep to -> (n,) its left edge: drawn to the ball and to who or what goes with
    it, eased, never past where the ball would leave it.
    """
    least, most = float(edges[0]), float(edges[2]) - wide
    ball = ball_boxes(shot, line.frames)
    seen = np.isfinite(ball).all(axis=1)
    middle = (ball[:, 0] + ball[:, 2]) / 2
    beside = np.array([_beside(shot, line, place) for place in range(len(line.frames))])
    if seen.any():
        middle = np.interp(line.shown_s, line.shown_s[seen], middle[seen])
        middle = np.where(np.isfinite(beside), (middle + beside) / 2, middle)
    else:
        middle = np.where(np.isfinite(beside), beside, shot.clip.size_wh_px[0] / 2)
    room = np.minimum(BALL_ROOM * wide, (wide - (ball[:, 2] - ball[:, 0])) / 2)
    low = np.where(seen, np.clip(ball[:, 2] + room - wide, least, most), least)
    high = np.where(seen, np.clip(ball[:, 0] - room, least, most), most)
    return _eased(np.clip(middle - wide / 2, low, high), low, high, line.shown_s)


def _beside(shot: Shot, line: Timeline, place: int) -> float:
    """Which picture -> the middle of what is looked at with the ball: shooter until the kick, goal once told."""
    told = line.shown_s[place] >= line.told_s
    box = (_goal if told else _shooter)(shot, int(line.frames[place]))
    return float(box[0] + box[2]) / 2


def _eased(x: Floats, low: Floats, high: Floats, shown_s: Floats) -> Floats:
    """(n,) a way, its bounds, when -> the same way softly, within the bounds."""
    if len(x) < 3:
        return x
    reach = max(1, round(EASE_S / float(np.median(np.diff(shown_s)))))
    bell = np.hanning(2 * reach + 3)[1:-1]
    bell /= bell.sum()
    for _ in range(ROUNDS):
        x = np.clip(np.convolve(np.pad(x, reach, mode="edge"), bell, mode="valid"), low, high)
    return x
