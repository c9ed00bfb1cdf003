"""Clip -> Footage: where one take ends and the next begins, and whether the camera stood still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .domain import Clip, Floats, OnProgress
from .errors import UnfitClip
from .video import Image, decoded
from .video.ahead import ahead
from .video.picture import Pictures

Listener = Callable[[int, Any], None]
SHORTEST_TAKE_S = 0.6
"""A run-up's last step, the kick and the flight of a hard shot from close by."""
_SIDE_PX = 240
# A cut between takes from the same place changes only what moves: 1 to 3 % of the picture, but four
# times or more what the frames around it change. Glare, lamps and raindrops on the lens change it
# as much, softly: hence the high-passed picture. Measured on 52 films: cuts 3.7 and up, all other
# frames 1.5 at most.
_CHANGED_LEVELS, _LEAST_SHARE, _QUIET_SHARE, _CUT_RATIO = 8.0, 0.004, 0.0008, 2.4
# Further than this from where it began, the picture no longer fits the clicked goal nor the background.
_MOVED_SHARE, _LARGE_SHARE, _SUSTAINED_S = 0.015, 0.06, 0.3
_ENOUGH_POINTS = 12
_STEP_PX = 0.15  # a smaller step is the measurement's own noise, and shifting by it would blur


@dataclass(frozen=True, eq=False, slots=True)
class Footage:
    """What a film is made of.

    `takes`: half-open ranges of frames between hard cuts. `shift_px` (T, 2): how far the picture has
    shifted since the first frame of its take, x right and y down, in pixels of the film; NaN where
    too little texture was seen to tell. `moved`: the camera moved in the take that `first_take` gives.
    """

    takes: tuple[tuple[int, int], ...]
    shift_px: Floats
    moved: bool


def survey(clip: Clip, on_progress: OnProgress | None = None, listener: Listener | None = None) -> Footage:
    """Clip -> Footage of the whole film, in one forward pass over small gray frames.

    `listener` is told each frame's number and the decoded frame, so that nobody decodes them again for a look.

    A picture that sags by a few pixels is no movement; one that strays more than 1.5 % of its
    longer side for a third of a second, or 6 % at all, is.
    """
    count = len(clip.time_s)
    changed, shift = np.zeros(count), np.full((count, 2), np.nan)
    anchored, previous = _Anchored(), None
    small = Pictures(gray=True, max_side_px=_SIDE_PX)
    for number, frame in ahead(decoded(replace(clip, take=(0, count)))):
        image = small(frame)
        if listener is not None:
            listener(number, frame)
        detail = cv2.subtract(image.astype(np.float32), cv2.GaussianBlur(image, (0, 0), 3).astype(np.float32))
        shift[number] = anchored(image)
        if previous is not None:
            before = _carried(previous, np.nan_to_num(shift[number] - shift[number - 1]))
            changed[number] = float((cv2.absdiff(detail, before) > _CHANGED_LEVELS).mean())
        previous = detail
        if on_progress:
            on_progress("footage", (number + 1) / count)
    shift *= max(clip.size_wh_px) / min(_SIDE_PX, max(clip.size_wh_px))
    far = _MOVED_SHARE * max(clip.size_wh_px)
    jump = np.nan_to_num(np.hypot(*np.diff(shift, axis=0, prepend=shift[:1]).T))
    cuts = [c for c in _cuts(changed, clip.time_s) if jump[c] < far]  # a knock shifts all of the picture
    takes = tuple(zip([0, *cuts], [*cuts, count], strict=True))
    for start, stop in takes:
        known = np.flatnonzero(~np.isnan(shift[start:stop, 0]))
        if len(known):
            shift[start:stop] -= shift[start + known[0]]
    judged = next((take for take in takes if _long_enough(clip, take)), None)
    return Footage(takes, shift, judged is not None and _strays(clip, shift, judged, far))


def _carried(detail: Any, step_px: Floats) -> Any:
    """Picture -> the same as the camera's own step shifts it: what still differs has moved by itself."""
    if np.hypot(*step_px) < _STEP_PX:
        return detail
    step = np.array([[1, 0, step_px[0]], [0, 1, step_px[1]]])
    return cv2.warpAffine(detail, step, detail.shape[::-1], borderMode=cv2.BORDER_REPLICATE)


def first_take(clip: Clip, footage: Footage) -> Clip:
    """Clip and its footage -> the clip narrowed to its first take long enough to hold a shot.

    Raises UnfitClip when the camera moves in it or no take is long enough.
    """
    take = next((take for take in footage.takes if _long_enough(clip, take)), None)
    if take is None:
        length_s = clip.time_s[-1] - clip.time_s[0]
        raise UnfitClip(
            f"{clip.path.name} has no take long enough to hold a shot ({length_s:.1f} s in {len(footage.takes)}): "
            "film from the run-up until the ball has landed."
        )
    if footage.moved:
        raise UnfitClip("The camera moves in this clip: put the phone on a tripod or against a bag and film again.")
    return replace(clip, take=take)


def notes(footage: Footage, clip: Clip) -> tuple[str, ...]:
    """Footage, the clip narrowed to its take -> what the player should know of it, one sentence each."""
    start, stop = clip.take
    if len(footage.takes) == 1:
        return ()
    from_s, to_s = clip.time_s[start], clip.time_s[stop - 1]
    return (f"This film holds {len(footage.takes)} takes: judged is the one from {from_s:.1f} to {to_s:.1f} s.",)


def _cuts(changed: Floats, time_s: Floats) -> list[int]:
    """Share of the picture changed since the frame before -> first frames after a hard cut."""
    gaps = np.diff(time_s, prepend=2 * time_s[0] - time_s[1])
    pace = changed / np.maximum(gaps / np.median(gaps), 1)  # after a missing frame much has moved, and no cut
    cuts = []
    for frame in range(1, len(pace)):
        around = np.concatenate([pace[max(1, frame - 2) : frame], pace[frame + 1 : frame + 3]])
        usual = max(float(around.max(initial=0.0)), _QUIET_SHARE)
        if pace[frame] > _LEAST_SHARE and pace[frame] > _CUT_RATIO * usual:
            cuts.append(frame)
    return cuts


def _long_enough(clip: Clip, take: tuple[int, int]) -> bool:
    return bool(clip.time_s[take[1] - 1] - clip.time_s[take[0]] + clip.frame_s >= SHORTEST_TAKE_S)


def _strays(clip: Clip, shift: Floats, take: tuple[int, int], far: float) -> bool:
    start, stop = take
    distance = np.nan_to_num(np.hypot(*shift[start:stop].T))
    lasts_s = np.diff(clip.time_s, append=clip.time_s[-1] + clip.frame_s)[start:stop]
    away_s = float(lasts_s[distance > far].sum())
    return away_s > _SUSTAINED_S or bool((distance > far / _MOVED_SHARE * _LARGE_SHARE).any())


class _Anchored:
    """Small image -> shift since the first, as most points of the picture have it, NaN where unsure.

    Points are followed from an anchor image, not from frame to frame, so that nothing adds up; the
    anchor is renewed only once the picture has moved or changed too far to find them again.
    """

    def __init__(self) -> None:
        self._anchor: Image | None = None
        self._points: NDArray[np.float32] | None = None
        self._offset = np.zeros(2)

    def __call__(self, image: Image) -> Floats:
        """Next image -> (2,) shift in its pixels."""
        if self._anchor is None:
            self._renew(image, np.zeros(2))
            return np.zeros(2) if self._points is not None else np.full(2, np.nan)
        moved = self._median_shift(image)
        if moved is None:
            self._renew(image, self._offset)
            return np.full(2, np.nan)
        shift = self._offset + moved
        if np.hypot(*moved) > 6:
            self._renew(image, shift)
        return shift

    def _renew(self, image: Image, offset: Floats) -> None:
        self._anchor, self._offset = image, offset
        points: Any = cv2.goodFeaturesToTrack(image, maxCorners=150, qualityLevel=0.005, minDistance=6)
        self._points = points if points is not None and len(points) >= _ENOUGH_POINTS else None

    def _median_shift(self, image: Image) -> Floats | None:
        """Image -> median shift of the anchor's points, None when they are lost or do not agree."""
        if self._anchor is None or self._points is None:
            return None
        follow: Any = cv2.calcOpticalFlowPyrLK  # its stubs leave out that the fourth may be None
        found, ok, _ = follow(self._anchor, image, self._points, None, winSize=(15, 15), maxLevel=3)
        steps = (found - self._points)[ok.ravel() == 1].reshape(-1, 2)
        if len(steps) < max(_ENOUGH_POINTS, len(self._points) / 3):
            return None
        median = np.median(steps, axis=0)
        agree = np.hypot(*(steps - median).T) < 1.5
        return np.asarray(median, dtype=np.float64) if agree.mean() > 0.4 else None
