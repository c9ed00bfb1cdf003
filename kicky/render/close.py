"""Shot -> close-ups of its kick: which frames, which part of the picture, and the picture itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ..domain import Floats, Shot
from ..video import Image, frames

BESIDE_S = 0.1  # before and after contact
ROOM = 0.16  # left about the shooter, as a share of the shooter's height
HAIR = 0.08  # of the body's height, above its landmarks
LEAST_PX = 60
SHARPEST = 8.0  # a picture is enlarged no further


@dataclass(frozen=True, eq=False, slots=True)
class CloseUp:
    """A still cut out of frame `number`; film pixels less `offset`, times `scale`, are its own."""

    image: Image
    number: int
    offset: tuple[int, int]
    scale: float

    def px(self, points: Floats) -> Floats:
        """Pixels of the film -> pixels of the still."""
        return np.asarray((points - np.array(self.offset, dtype=float)) * self.scale)


def moments(shot: Shot) -> tuple[int, ...]:
    """Shot -> the frames before, at and after contact, as far as the take goes; its first frame without a kick."""
    first, stop = shot.clip.take
    if shot.kick_frame is None:
        return (first,)
    time_s = shot.clip.time_s[first:stop]
    wanted = shot.clip.time_s[shot.kick_frame] + np.array([-BESIDE_S, 0.0, BESIDE_S])
    return tuple(int(first + np.abs(time_s - moment).argmin()) for moment in wanted)


def stills(shot: Shot, numbers: Sequence[int]) -> dict[int, Image]:
    """Shot, frame numbers -> those frames (BGR), decoded in one go. Raises: UnreadableClip."""
    wanted = set(numbers)
    span = replace(shot.clip, take=(min(wanted), max(wanted) + 1))
    return {number: image for number, image in frames(span) if number in wanted}


def cut(shot: Shot, image: Image, number: int, suits: Sequence[int], size_wh: tuple[int, int]) -> CloseUp:
    """Shot, a frame, the frames that the cut is to suit -> that frame filled with the shooter, of the size asked."""
    height, width = image.shape[:2]
    low, high = _extent(shot, suits) or (np.zeros(2), np.array([width, height], dtype=float))
    return about(image, number, low, high, size_wh, LEAST_PX, ROOM)


def about(
    image: Image, number: int, low: Floats, high: Floats, size_wh: tuple[int, int], least_px: float, room: float
) -> CloseUp:
    """A frame, (2,) (2,) what is to be seen, the size asked -> the cut about that, `room` of its height left on each
    side; at least `least_px` high."""
    height, width = image.shape[:2]
    middle, aspect = (low + high) / 2, size_wh[0] / size_wh[1]
    tall = max(float(high[1] - low[1]), least_px) * (1 + 2 * room)
    tall = max(tall, float(high[0] - low[0]) * (1 + 2 * room) / aspect, size_wh[1] / SHARPEST)
    tall = min(tall, height, width / aspect)
    wide = tall * aspect
    x = float(np.clip(middle[0] - wide / 2, 0, width - wide))
    y = float(np.clip(middle[1] - tall / 2, 0, height - tall))
    x0, y0 = int(x), int(y)
    scale = size_wh[1] / tall
    # An affine warp, so that pixels and drawing agree to a fraction of a pixel.
    onto = np.array([[scale, 0, -x0 * scale], [0, scale, -y0 * scale]])
    shrunk = _softened(image, scale)
    close = cv2.warpAffine(shrunk, onto, size_wh, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return CloseUp(np.asarray(close, dtype=np.uint8), number, (x0, y0), scale)


def _softened(image: Image, scale: float) -> Image:
    """-> blurred as much as shrinking needs, or grass would glitter."""
    if scale >= 1:
        return image
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 0.4 / scale), dtype=np.uint8)


def _extent(shot: Shot, about: Sequence[int]) -> tuple[Floats, Floats] | None:
    """Shot, frames -> the corners of what is to be seen: the body, and the ball at contact; None where neither is."""
    points = [np.empty((0, 2))]
    for number in about:
        row = shot.pose.at(number) if shot.pose is not None else None
        if shot.pose is not None and row is not None:
            body = shot.pose.landmarks_px[row]
            tall = np.nanmax(body[:, 1]) - np.nanmin(body[:, 1])
            points += [body, np.nanmin(body, axis=0, keepdims=True) - [0.0, HAIR * tall]]
        else:
            mine = (player for player in shot.players if player.label == shot.shooter)
            points += [player.box_px(number).reshape(2, 2) for player in mine]
    if shot.kick_frame is not None:
        points.append(shot.ball.box_px(shot.kick_frame).reshape(2, 2))
    seen = np.concatenate(points)
    seen = seen[np.isfinite(seen).all(axis=1)]
    return (seen.min(axis=0), seen.max(axis=0)) if len(seen) else None
