"""Small images of a film -> where one take ends and the next begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from ..domain import Bools, Clip, Floats, carried
from ..video import Image
from .registration import corners_of

# A cut between takes from the same place changes only what moves: 1 to 3 % of the picture, but four
# times or more what the frames around it change. Glare, lamps and raindrops on the lens change it
# as much, softly: hence the high-passed picture. Measured on 52 films: cuts 3.7 and up, all other
# frames 1.5 at most.
CHANGED_LEVELS, LEAST_SHARE, QUIET_SHARE, CUT_RATIO = 8.0, 0.004, 0.0008, 2.4
MOVED_SHARE = 0.015  # of the longer side: a picture that went further between two frames is the same, elsewhere
STEP_PX = 0.15  # a smaller step is the measurement's own noise, and shifting by it would blur
AROUND, MOVING_SHARE = 7, 0.0015  # frames; how far a hand goes in them, and a phone on a tripod does not
_THREE = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, eq=False, slots=True)
class Changes:
    """Of each frame: the share that changed since the one before by `changed` and by `turned`, (T,); where the picture
    is, `shift_px` (T, 2) and `views` (T, 3, 3), in the film's pixels."""

    changed: Floats
    turned: Floats
    shift_px: Floats
    views: Floats


def detail(image: Image) -> Any:
    """Small image -> its fine structure, float32: what light and glare leave alone."""
    return cv2.subtract(image.astype(np.float32), cv2.GaussianBlur(image, (0, 0), 3).astype(np.float32))


def changed(now: Any, before: Any, step_px: Floats) -> float:
    """Two pictures' details, how far the camera shifted between them -> the share that moved by itself."""
    if np.hypot(*step_px) >= STEP_PX:
        step = np.array([[1, 0, step_px[0]], [0, 1, step_px[1]]])
        before = cv2.warpAffine(before, step, before.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    return float((cv2.absdiff(now, before) > CHANGED_LEVELS).mean())


def strayed(view: Floats, size_wh: tuple[int, int]) -> bool:
    """(3, 3) where the first picture lies now, its size -> whether further than one from a tripod ever does."""
    corners = corners_of(size_wh)
    return not np.hypot(*(carried(view, corners) - corners).T).max() < MOVING_SHARE * max(size_wh)


def turned(now: Any, before: Any, turn: Floats) -> float:
    """Two pictures' details, how the camera turned between them -> the share that moved by itself, a pixel forgiven.

    A warped picture is softer than the next, the more so the further between pixels it lies.
    """
    if np.isfinite(turn).all():
        before = cv2.warpAffine(before, turn[:2], before.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    over, under = cv2.subtract(now, cv2.dilate(before, _THREE)), cv2.subtract(cv2.erode(before, _THREE), now)
    return float((cv2.max(over, under) > CHANGED_LEVELS / 2).mean())


def takes(clip: Clip, changes: Changes, new: Bools | None) -> tuple[tuple[int, int], ...]:
    """Clip, what changed in it, which frames are new (None: all) -> ranges of frames between hard cuts."""
    shift = changes.shift_px
    jump = np.nan_to_num(np.hypot(*np.diff(shift, axis=0, prepend=shift[:1]).T))
    count = len(clip.time_s)
    kept = np.arange(count) if new is None else np.flatnonzero(new)
    found = [int(kept[cut]) for cut in _cuts(changes.changed[kept], clip.time_s[kept])]
    sure = {int(kept[cut]) for cut in _cuts(changes.turned[kept], clip.time_s[kept])}
    # A knock shifts all of the picture.
    found = [cut for cut in found if jump[cut] < MOVED_SHARE * max(clip.size_wh_px)]
    found = [cut for cut in found if cut in sure or not _moving_about(clip, changes.views, cut)]
    return tuple(zip([0, *found], [*found, count], strict=True))


def _moving_about(clip: Clip, views: Floats, cut: int) -> bool:
    """Clip, its views, a frame -> whether the camera moves before it or from it on."""
    corners = corners_of(clip.size_wh_px)
    for start, stop in ((max(cut - AROUND, 0), cut - 1), (cut, min(cut + AROUND, len(views)) - 1)):
        if stop > start and np.isfinite(views[[start, stop]]).all():
            went = carried(views[stop] @ np.linalg.inv(views[start]), corners) - corners
            if np.hypot(*went.T).max() > MOVING_SHARE * max(clip.size_wh_px):
                return True
    return False


def _cuts(changed: Floats, time_s: Floats) -> list[int]:
    """Share of the picture changed since the frame before -> first frames after a hard cut."""
    gaps = np.diff(time_s, prepend=2 * time_s[0] - time_s[1])
    pace = changed / np.maximum(gaps / np.median(gaps), 1)  # after a missing frame much has moved, and no cut
    cuts = []
    for frame in range(1, len(pace)):
        around = np.concatenate([pace[max(1, frame - 2) : frame], pace[frame + 1 : frame + 3]])
        usual = max(float(around.max(initial=0.0)), QUIET_SHARE)
        if pace[frame] > LEAST_SHARE and pace[frame] > CUT_RATIO * usual:
            cuts.append(frame)
    return cuts
