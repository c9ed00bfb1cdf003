"""Drawing on a still: what is kept of a shot, the frame to draw on, a picture to send."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from .. import storage
from ..drawings import Shape, read
from ..errors import BadDrawing, called
from ..storage import drawings as kept
from ..storage.views import DrawingView

LONGEST_PX, QUALITY = 1600, 88  # of the still that is drawn on


@dataclass(frozen=True, slots=True)
class Still:
    """A frame to draw on: its number, its moment in s, JPEG, the film's size in px, and what is drawn on it already.

    `frames` is how many the film has.
    """

    frame: int
    time_s: float
    picture: bytes
    size_wh_px: tuple[int, int]
    shapes: tuple[Shape, ...]
    frames: int


def of_shot(shot_id: int) -> tuple[DrawingView, ...]:
    """Shot -> what is drawn on its film, in the order of its frames. Raises: NotFound."""
    return kept.drawn(storage.shots(shot_id=shot_id)[0].clip_id)


def still(shot_id: int, frame: int | None = None) -> Still:
    """Shot, frame (None: the first that is drawn on, else the kick's) -> that frame to draw on.

    Raises: NotFound, BadDrawing when the film has no such frame, UnreadableClip.
    """
    shot = storage.shots(shot_id=shot_id)[0]
    drawn = kept.drawn(shot.clip_id)
    if frame is None and drawn:
        frame = drawn[0].frame
    bare = _bare(shot_id, storage.evidence_file(shot_id), shot.kick_frame if frame is None else frame)
    return replace(bare, shapes=next((each.shapes for each in drawn if each.frame == bare.frame), ()))


@lru_cache(maxsize=8)
def _bare(shot_id: int, evidence: Path, frame: int | None) -> Still:  # noqa: ARG001 judged anew, another file
    """Shot, its evidence, frame (None: the take's first) -> it without a drawing."""
    from .. import video
    from . import stills

    clip, row = storage.evidence(shot_id).clip, storage.clip(storage.shots(shot_id=shot_id)[0].clip_id)
    frame = clip.take[0] if frame is None else frame
    _refuse_frame(frame, len(clip.time_s))
    film = storage.film_there(row)
    with called(row.file, row.name):
        image = video.still(video.open_clip(film, row.slow_motion), frame)
    picture = stills.jpeg(stills.shrunk(image, LONGEST_PX), QUALITY)
    return Still(frame, float(clip.time_s[frame]), picture, clip.size_wh_px, (), len(clip.time_s))


def draw(shot_id: int, frame: int, shapes: object) -> None:
    """Shot, frame, the shapes as a page gives them -> kept in place of what was drawn on that frame.

    Raises: NotFound; BadDrawing for what cannot be drawn, an empty drawing, a frame that the film does not have.
    """
    shot = storage.shots(shot_id=shot_id)[0]
    time_s = storage.evidence(shot_id).clip.time_s
    _refuse_frame(frame, len(time_s))
    drawn = read(shapes)
    if not drawn:
        raise BadDrawing("Nothing is drawn: draw something, or delete the drawing.")
    kept.keep(shot.clip_id, frame, float(time_s[frame]), drawn)


def erase(shot_id: int, frame: int) -> None:
    """Shot, frame -> nothing is drawn on it any more. Raises: NotFound."""
    kept.erase(storage.shots(shot_id=shot_id)[0].clip_id, frame)


def picture(shot_id: int, frame: int) -> bytes:
    """Shot, a frame that is drawn on -> the picture with its drawing as PNG. Raises: NotFound, BadDrawing."""
    from ..render.sketch import sketched
    from . import stills

    seen = still(shot_id, frame)
    if not seen.shapes:
        raise BadDrawing(f"Nothing is drawn on frame {frame} any more: draw on it first.")
    image = stills.image(seen.picture).copy()
    sketched(image, seen.shapes, seen.size_wh_px)
    return stills.png(image)


def _refuse_frame(frame: int, frames: int) -> None:
    if not 0 <= frame < frames:
        raise BadDrawing(f"This film has {frames} frames, and no frame {frame}: choose another one to draw on.")
