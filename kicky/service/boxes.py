"""Boxes and masks frame by frame: what is drawn, what is likely, and one click on the ball."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .. import storage
from ..errors import BadLabel
from ..storage import answers, labels
from .truth import named

if TYPE_CHECKING:
    from ..domain import Clip, Floats, Shot
    from ..teach.labelled import Thing

Drawn = tuple[str, tuple[float, float, float, float], tuple[tuple[float, ...], ...]]
"""Class, box x0 y0 x1 y1 and outlines x y x y …, in the film's pixels."""


@dataclass(frozen=True, slots=True)
class FrameView:
    """One frame: what was drawn in it, what follows from frames around it, what the program saw (to be accepted)."""

    clip_id: int
    film: str  # what the film's bytes hash to
    frame: int
    frames: int
    time_s: float
    size_wh_px: tuple[int, int]
    drawn: tuple[Drawn, ...]
    likely: tuple[Drawn, ...]
    proposed: tuple[Drawn, ...]
    number: int
    labelled: int


def frame_boxes(clip_id: int, frame: int) -> FrameView:
    """Clip, frame -> its boxes. Raises: NotFound, BadLabel when there is no such frame."""
    from ..truth import boxes

    clip = _clip(clip_id)
    if not 0 <= frame < len(clip.time_s):
        raise BadLabel(f"There is no frame {frame}: the clip has the frames 0 to {len(clip.time_s) - 1}.")
    said = boxes_of(clip_id)
    drawn = said.get(frame, ())
    likely = list(boxes.between(said, frame, clip.time_s))
    ahead = boxes.ball_ahead(said, frame, clip.time_s)
    there = {thing.label for thing in drawn}
    likely_ = [(thing.label, thing.box_px, thing.outline_px) for thing in likely if thing.label not in there]
    if ahead is not None and "ball" not in there:
        likely_.append(("ball", ahead, ()))
    return FrameView(
        clip_id, clip.sha256, frame, len(clip.time_s), float(clip.time_s[frame]), clip.size_wh_px,
        tuple((thing.label, thing.box_px, thing.outline_px) for thing in drawn), tuple(likely_),
        tuple(_proposed(clip_id, frame)), labels.newest_number(clip_id, labels.BOXES + str(frame)), len(said),
    )  # fmt: skip


def frame_picture(clip_id: int, frame: int, width: int) -> bytes:
    """Clip, frame, width -> JPEG of the frame as wide as that. Raises: NotFound, UnreadableClip."""
    from .. import video
    from . import stills

    return stills.jpeg(stills.shrunk(video.still(_clip(clip_id), frame), width), 88)


def draw(clip_id: int, frame: int, drawn: Sequence[Drawn], who: str, seen: int | None = None) -> int:
    """Clip, frame, everything in it, who says so -> its number; nothing drawn is an answer too: nothing is there.

    Raises: BadLabel, NotFound, Outdated.
    """
    from ..teach.autolabel import from_person
    from ..teach.labelled import CLASSES, Thing

    clip = _clip(clip_id)
    width, height = clip.size_wh_px
    things = []
    for label, box, outline in drawn:
        x0, y0, x1, y1 = box
        x0, x1 = max(min(x0, x1), 0.0), min(max(x0, x1), float(width))
        y0, y1 = max(min(y0, y1), 0.0), min(max(y0, y1), float(height))
        if label not in CLASSES:
            raise BadLabel(f"There is no class {label!r}: use one of {', '.join(CLASSES)}.")
        if x1 - x0 < 1 or y1 - y0 < 1:
            raise BadLabel(f"That {label} is smaller than a pixel, or outside the picture: draw it again.")
        things.append(Thing(label, (x0, y0, x1, y1), tuple(outline)))
    kept = [thing_values(thing) for thing in from_person(things, named(who))]
    return answers.say_as(clip_id, labels.BOXES + str(frame), json.dumps(kept), named(who), seen)


def clear(clip_id: int, frame: int, who: str) -> None:
    """Clip, frame -> as if nobody had drawn in it. Raises: NotFound."""
    labels.put(clip_id, labels.BOXES + str(frame), "", named(who))


def click_ball(clip_id: int, frame: int, click: tuple[float, float], who: str) -> Drawn:
    """Clip, frame, where was clicked -> the ball that is kept there, drawn to a moving thing near the click."""
    from ..truth import boxes

    clip, said = _clip(clip_id), boxes_of(clip_id)
    ahead = boxes.ball_ahead({key: things for key, things in said.items() if key != frame}, frame, clip.time_s)
    box = boxes.ball_at(click, _candidates(clip_id, frame), ahead)
    others = [(t.label, t.box_px, t.outline_px) for t in said.get(frame, ()) if t.label != "ball"]
    ball: Drawn = ("ball", box, ())
    draw(clip_id, frame, [*others, ball], who)
    return ball


def boxes_of(clip_id: int) -> dict[int, tuple[Thing, ...]]:
    """Clip -> frame: what persons drew in it, as they drew it."""
    from ..truth import boxes

    return boxes.drawn(clip_id)


def thing_values(thing: Thing) -> dict[str, Any]:
    """Thing -> plain values, as `thing_from_json` reads them."""
    from dataclasses import asdict

    return asdict(thing)


def clip_times(clip_id: int) -> Floats:
    """Clip -> (T,) s at which its frames were taken. Raises: NotFound."""
    return _clip(clip_id).time_s


def _proposed(clip_id: int, frame: int) -> list[Drawn]:
    """Clip, frame -> ball, players and goal as the newest analysis saw them; nothing where there is none."""
    import numpy as np

    seen = _evidence(clip_id)
    if seen is None:
        return []
    found: list[Drawn] = []
    for label, track in [("ball", seen.ball), *(("player", player) for player in seen.players)]:
        box = track.box_px(frame)
        if np.isfinite(box).all():
            x0, y0, x1, y1 = (float(value) for value in box)
            found.append((label, (x0, y0, x1, y1), ()))
    if seen.scene is not None:
        corners = np.asarray(seen.scene.goal_corners_px)
        (x0, y0), (x1, y1) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
        found.append(("goal", (x0, y0, x1, y1), (tuple(corners.ravel().tolist()),)))
    return found


def _candidates(clip_id: int, frame: int) -> Floats:
    """Clip, frame -> (n, 3) x, y, diameter of what moved there and may be the ball."""
    import numpy as np

    seen = _evidence(clip_id)
    if seen is None or seen.candidates is None:
        return np.zeros((0, 3))
    here = seen.candidates.frame == frame
    return np.column_stack([seen.candidates.centre_px[here], seen.candidates.diameter_px[here]])


def _evidence(clip_id: int) -> Shot | None:
    shot_id = storage.newest_shot(clip_id)
    if shot_id is None:
        return None
    from ..footage import as_filmed

    return as_filmed(storage.evidence(shot_id))


def _clip(clip_id: int) -> Clip:
    row = storage.clip(clip_id)
    return _opened(str(storage.film_there(row)), row.slow_motion)


@lru_cache(maxsize=8)
def _opened(path: str, slow_motion: float) -> Clip:
    """Our own copy of a film never changes: it is named by its bytes."""
    from pathlib import Path

    from .. import video

    return video.open_clip(Path(path), slow_motion)
