"""Clip -> Footage: where one take ends and the next begins, which frames repeat, whether the camera stood still.

anchored: how the picture goes, roughly. steadiness, registration: a camera that moved a little. repeats: new frames.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..domain import Bools, Clip, Floats, OnProgress
from ..errors import UnfitClip
from ..video import decoded
from ..video.ahead import ahead
from ..video.picture import Pictures
from ..video.steady import scaling
from . import cuts, shown
from .anchored import Anchored
from .filmed import as_filmed
from .repeats import difference, in_film, new_frames, new_number, of_new, only_new, shot_of_new
from .steadiness import steady, strays

__all__ = [
    "Footage", "as_filmed", "first_take", "in_film", "new_number", "notes", "of_new", "only_new", "shot_of_new",
    "survey",
]  # fmt: skip

Listener = Callable[[int, Any], None]
_SIDE_PX = 240


@dataclass(frozen=True, eq=False, slots=True)
class Footage:
    """What a film is made of.

    `takes`: half-open ranges of frames between hard cuts. `shift_px` (T, 2): how far the picture has
    shifted since the first frame of its take, x right and y down, in pixels of the film; NaN where
    too little texture was seen to tell; `views` (T, 3, 3) how places of the first frame lie in each, in the film's
    pixels too, roughly, NaN alike. `judged` is the take that `first_take` gives, None where none is long enough;
    `moved`: in it the camera moved, or nobody can tell. `new` (T,): which frames do not repeat the one before, None
    where none does. `blank`: pictures in which nothing is seen, or nothing moves, come before it or at its ends.
    """

    takes: tuple[tuple[int, int], ...]
    shift_px: Floats
    views: Floats
    judged: tuple[int, int] | None
    moved: bool
    new: Bools | None
    blank: bool = False


def survey(clip: Clip, on_progress: OnProgress | None = None, listener: Listener | None = None) -> Footage:
    """Clip -> Footage of the whole film, in one forward pass over small gray frames.

    `listener` is told each frame's number and the decoded frame, so that nobody decodes them again for a look.

    A picture that sags by a few pixels is no movement; `steadiness` says how far is.
    """
    count = len(clip.time_s)
    changed, turned, differs, contrast = np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count)
    shift, views = np.full((count, 2), np.nan), np.full((count, 3, 3), np.nan)
    anchored, previous, last = Anchored(), None, None
    small = Pictures(True, _SIDE_PX, clip.size_wh_px)
    for number, frame in ahead(decoded(replace(clip, take=(0, count)))):
        image = small(frame)
        if listener is not None:
            listener(number, frame)
        detail, small_wh = cuts.detail(image), (image.shape[1], image.shape[0])
        contrast[number] = image.std()
        shift[number] = anchored(image)
        views[number] = anchored.view
        if previous is not None and last is not None:
            step = np.nan_to_num(shift[number] - shift[number - 1])
            changed[number] = cuts.changed(detail, previous, step)
            turned[number] = changed[number]
            if cuts.strayed(views[number], small_wh):
                turned[number] = cuts.turned(detail, previous, views[number] @ np.linalg.inv(views[number - 1]))
            differs[number] = difference(image, last)
        previous, last = detail, image
        if on_progress:
            on_progress("footage", (number + 1) / count)
    onto = scaling(clip.size_wh_px, small_wh)
    views = np.linalg.inv(onto) @ views @ onto
    shift *= max(clip.size_wh_px) / min(_SIDE_PX, max(clip.size_wh_px))
    new = new_frames(differs)
    takes = cuts.takes(clip, cuts.Changes(changed, turned, shift, views), new)
    for start, stop in takes:
        known = np.flatnonzero(~np.isnan(shift[start:stop, 0]))
        if len(known):
            shift[start:stop] -= shift[start + known[0]]
    judged, blank = shown.judged(clip, takes, differs, contrast)
    if judged is not None and blank:  # what came before it was no picture to follow it from
        views[slice(*judged)] = _viewed(clip, judged)
    return Footage(takes, shift, views, judged, judged is not None and strays(clip, views, judged), new, blank)


def _viewed(clip: Clip, take: tuple[int, int]) -> Floats:
    """Clip, a take of it -> (n, 3, 3) how its frames lie to the first of them, in the film's pixels."""
    anchored, small, views = Anchored(), Pictures(True, _SIDE_PX, clip.size_wh_px), []
    image = None
    for _, frame in decoded(replace(clip, take=take)):
        image = small(frame)
        anchored(image)
        views.append(anchored.view)
    assert image is not None
    onto = scaling(clip.size_wh_px, (image.shape[1], image.shape[0]))
    return np.asarray(np.linalg.inv(onto) @ np.array(views) @ onto)


def first_take(clip: Clip, footage: Footage) -> Clip:
    """Clip and its footage -> the clip narrowed to its first take that may hold a shot, and steadied.

    A clip whose camera stood still has no steadying. Raises UnfitClip when no take is long enough, and where the camera
    moves so that its frames cannot be laid on one of them.
    """
    if footage.judged is None:
        length_s = clip.time_s[-1] - clip.time_s[0]
        raise UnfitClip(
            f"{clip.path.name} has no take long enough to hold a shot ({length_s:.1f} s in {len(footage.takes)}): "
            "film from the run-up until the ball has landed."
        )
    taken = replace(clip, take=footage.judged, new=footage.new)
    return steady(taken, footage.views) if footage.moved else taken


def notes(footage: Footage, clip: Clip) -> tuple[str, ...]:
    """Footage, the clip narrowed to its take -> what the player should know of it, one sentence each."""
    start, stop = clip.take
    said = _of_slow_motion(clip)
    from_s, to_s = clip.time_s[start], clip.time_s[stop - 1]
    if len(footage.takes) == 1:
        ends = f"This film was analysed from {from_s:.1f} to {to_s:.1f} s: before or after that it shows nothing."
        return (*said, ends) if footage.blank else said
    return (
        *said,
        f"This film holds {len(footage.takes)} takes: the one from {from_s:.1f} to {to_s:.1f} s was analysed.",
    )


def _of_slow_motion(clip: Clip) -> tuple[str, ...]:
    """Clip -> what its file says of slow motion, and what was made of it."""
    stated, taken = clip.stated_slow, clip.slow_motion
    if stated is None and taken == 1:
        return ("By its own data this film is in slow motion, but not how slow: say how many times slower it plays.",)
    if stated is None or stated == 1:
        return ()
    if abs(stated - taken) < 0.01 * stated:
        return (f"By its own data this film plays {stated:g} times slower than real time, and was analysed so.",)
    judged = "as if at real speed" if taken == 1 else f"as if {taken:g} times slower"
    return (f"By its own data this film plays {stated:g} times slower than real time; it was analysed {judged}.",)
