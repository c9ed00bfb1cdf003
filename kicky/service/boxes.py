"""Boxes and masks frame by frame: what is drawn, by whom, and what the program saw there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import storage
from ..errors import BadLabel
from ..storage import answers, labels
from . import stage
from .truth import film_of, named

if TYPE_CHECKING:
    from ..domain import Clip, Floats, Shot
    from ..storage.views import JobView
    from ..teach.labelled import Thing

Drawn = tuple[str, tuple[float, float, float, float], tuple[tuple[float, ...], ...]]
"""Class, box x0 y0 x1 y1 and outlines x y x y …, in the film's pixels."""


@dataclass(frozen=True, slots=True)
class BoxesView:
    """A clip to be drawn in: its film as a browser plays it (None while it is made), and how many frames are drawn."""

    id: int
    name: str
    sha256: str
    film: Path | None
    size_wh_px: tuple[int, int]
    labelled: int
    work: JobView | None = None


def to_draw(clip_id: int) -> BoxesView:
    """Clip -> what the page shows. Raises: NotFound, BadLabel where boxes would come to lie on other frames."""
    clip, row = _clip(clip_id), storage.clip(clip_id)
    film, work = film_of(clip_id)
    shown = len(stage.times(film)) // stage.BYTES if film is not None else row.frames
    if not len(clip.time_s) == row.frames == shown:
        counts = sorted({len(clip.time_s), row.frames, shown})
        raise BadLabel(
            f"{row.name} has {counts[0]} frames in one place and {counts[-1]} in another, so boxes would lie on other "
            "frames: delete the clip and add its film again."
        )
    said = labels.all_of(clip_id, labels.BOXES)
    return BoxesView(clip_id, row.name, clip.sha256, film, clip.size_wh_px, len(said), work)


def everything(clip_id: int) -> bytes:
    """Clip -> JSON of all its frames: what is drawn with its number, what the newest analysis saw, what moved there."""
    drawn = {
        int(field.removeprefix(labels.BOXES)): (number, _drawn(value))
        for field, (number, value) in labels.numbered(clip_id, labels.BOXES).items()
    }
    seen, moving = _seen(clip_id)
    return json.dumps({"drawn": drawn, "seen": seen, "moving": moving}).encode()


def stored(clip_id: int, frame: int) -> tuple[int, list[Drawn] | None]:
    """Clip, frame -> the number of what is drawn in it, and that; 0 and None where nobody has looked."""
    field = labels.BOXES + str(frame)
    number, value = labels.numbered(clip_id, field).get(field, (0, ""))
    return number, _drawn(value)


def _drawn(value: str) -> list[Drawn] | None:
    from ..teach.labelled import BASE, thing_from_json

    if not value:
        return None
    things = [thing_from_json(each) for each in json.loads(value)]
    return [(BASE.get(thing.label, thing.label), thing.box_px, thing.outline_px) for thing in things]


def keep(
    clip_id: int, film: str, frame: int, drawn: Sequence[Drawn] | None, who: str, seen: int,
    earlier: Sequence[Sequence[Drawn] | None] = (),
) -> int:  # fmt: skip
    """Clip, the hash of the film shown, frame, everything in it (None: as if nobody had looked), who -> its number.

    `seen` is the number this window was shown, `earlier` what it has said of the frame since: what is stored may be
    that, its confirmation lost with the server. Raises: BadLabel, NotFound, Outdated.
    """
    if film != _clip(clip_id).sha256:
        raise BadLabel(
            "The film of this clip was replaced since you opened it, so nothing was saved: load the page again."
        )
    number, now = stored(clip_id, frame)
    if number != seen and any(_alike(clip_id, now, each) for each in earlier):
        seen = number
    if drawn is None:
        return answers.say_as(clip_id, labels.BOXES + str(frame), "", named(who), seen)
    return draw(clip_id, frame, drawn, who, seen)


def _alike(clip_id: int, now: Sequence[Drawn] | None, said: Sequence[Drawn] | None) -> bool:
    if now is None or said is None:
        return now is said
    return now == [(thing.label, thing.box_px, thing.outline_px) for thing in _things(_clip(clip_id), said)]


def draw(clip_id: int, frame: int, drawn: Sequence[Drawn], who: str, seen: int | None = None) -> int:
    """Clip, frame, everything in it, who says so -> its number; nothing drawn is an answer too: nothing is there.

    Raises: BadLabel, NotFound, Outdated.
    """
    from ..teach.autolabel import from_person

    clip = _clip(clip_id)
    if not 0 <= frame < len(clip.time_s):
        raise BadLabel(f"There is no frame {frame}: the clip has the frames 0 to {len(clip.time_s) - 1}.")
    kept = [thing_values(thing) for thing in from_person(_things(clip, drawn), named(who))]
    return answers.say_as(clip_id, labels.BOXES + str(frame), json.dumps(kept), named(who), seen)


def _things(clip: Clip, drawn: Sequence[Drawn]) -> list[Thing]:
    """What was drawn -> it, cut off at the picture's edge; the box of what has a mask is the box around that."""
    from ..teach.labelled import CLASSES, Thing
    from ..truth import boxes

    width, height = clip.size_wh_px
    things = []
    for label, box, outline in drawn:
        if label not in CLASSES:
            raise BadLabel(f"There is no class {label!r}: use one of {', '.join(CLASSES)}.")
        if any(len(part) < 6 or boxes.crosses_itself(part) for part in outline):
            raise BadLabel(f"The edges of that {label}'s mask cross: move its points until they do not.")
        inside = tuple(
            tuple(min(max(float(v), 0.0), float((width, height)[k % 2])) for k, v in enumerate(part))
            for part in outline
        )
        x0, y0, x1, y1 = boxes.hull(inside) if inside else box
        x0, x1 = max(min(x0, x1), 0.0), min(max(x0, x1), float(width))
        y0, y1 = max(min(y0, y1), 0.0), min(max(y0, y1), float(height))
        if x1 - x0 < 1 or y1 - y0 < 1:
            raise BadLabel(f"That {label} is smaller than a pixel, or outside the picture: draw it again.")
        things.append(Thing(label, (x0, y0, x1, y1), inside))
    return things


def clear(clip_id: int, frame: int, who: str) -> None:
    """Clip, frame -> as if nobody had drawn in it. Raises: NotFound."""
    labels.put(clip_id, labels.BOXES + str(frame), "", named(who))


def of_clip(clip_id: int) -> dict[int, tuple[Thing, ...]]:
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


def _seen(clip_id: int) -> tuple[dict[int, list[Drawn]], dict[int, list[list[float]]]]:
    """Clip -> frame: ball, players and goal as the newest analysis saw them; frame: x, y, diameter of what moved."""
    import numpy as np

    shot = _evidence(clip_id)
    if shot is None:
        return {}, {}
    found: dict[int, list[Drawn]] = {}
    for label, track in [("ball", shot.ball), *(("player", player) for player in shot.players)]:
        for frame in range(len(shot.clip.time_s)):
            box = np.round(track.box_px(frame), 1)
            if np.isfinite(box).all():
                x0, y0, x1, y1 = (float(value) for value in box)
                found.setdefault(frame, []).append((label, (x0, y0, x1, y1), ()))
    if shot.scene is not None:
        from ..truth import boxes

        corners = tuple(np.round(np.asarray(shot.scene.goal_corners_px), 1).ravel().tolist())
        for frame in range(len(shot.clip.time_s)):
            found.setdefault(frame, []).append(("goal", boxes.hull((corners,)), (corners,)))
    moving: dict[int, list[list[float]]] = {}
    if shot.candidates is not None:
        rows = np.column_stack([shot.candidates.centre_px, shot.candidates.diameter_px]).round(1).tolist()
        for frame, row in zip(shot.candidates.frame.tolist(), rows, strict=True):
            moving.setdefault(frame, []).append(row)
    return found, moving


def _evidence(clip_id: int) -> Shot | None:
    shot_id = storage.newest_shot(clip_id)
    if shot_id is None:
        return None
    from ..footage import as_filmed

    return as_filmed(storage.evidence(shot_id))


def _clip(clip_id: int) -> Clip:
    """Clip -> its film. Raises: NotFound, BadLabel where another one lies in its place."""
    row = storage.clip(clip_id)
    path = storage.film_there(row)
    about = path.stat()
    clip = _opened(path, row.slow_motion, about.st_size, about.st_mtime_ns)
    if clip.sha256 != row.sha256:
        raise BadLabel(
            f"Another film lies where that of {row.name} was, so its boxes may not fit: put the old one back, or "
            "delete the clip and add the new film."
        )
    return clip


@lru_cache(maxsize=8)
def _opened(path: Path, slow_motion: float, _size: int, _modified: int) -> Clip:
    from .. import video

    return video.open_clip(path, slow_motion)
