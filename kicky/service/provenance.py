"""A number of a shot -> the frames and pixels it rests on, and the picture of each."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .. import storage
from ..errors import NotFound, called
from ..storage import files

ANSWERS = ("outcome", "kick", "foot")
DRAWN = 1  # goes up when the pictures are drawn differently


@dataclass(frozen=True, slots=True)
class MarkView:
    """`what` was seen at x, y in pixels of that frame; `off_px` is how far off the fit is, None without one."""

    frame: int
    time_s: float
    what: str
    x: float
    y: float
    off_px: float | None


@dataclass(frozen=True, slots=True)
class ProvenanceView:
    """What a number rests on, in words and mark by mark; `frame` is the one to show first, None where there is none."""

    rests: str
    marks: tuple[MarkView, ...]
    frame: int | None


def of_shot(shot_id: int, name: str) -> ProvenanceView:
    """Shot, one of ANSWERS or a measure -> what it rests on. Raises: NotFound."""
    from .. import provenance as trail

    report = storage.report(shot_id)
    found, time_s = trail.provenance(report, name), report.shot.clip.time_s
    marks = tuple(
        MarkView(mark.frame, float(time_s[mark.frame]), mark.what, float(mark.px[0]), float(mark.px[1]),
                 None if math.isnan(mark.off_px) else mark.off_px)
        for mark in found.marks
    )  # fmt: skip
    wanted = report.outcome.frame if name == "outcome" else report.shot.kick_frame
    frames = [mark.frame for mark in marks]
    return ProvenanceView(found.rests, marks, min(frames, key=lambda at: abs(at - (wanted or 0)), default=None))


def still(shot_id: int, name: str, frame: int) -> bytes:
    """Shot, number, one of its frames -> the part of that frame with its marks, as JPEG, kept beside the evidence.

    Raises: NotFound, UnreadableClip, StorageFailed.
    """
    path = files.beside(storage.evidence_file(shot_id), f"{name}-{frame}-{DRAWN}.jpg")
    return files.kept(path, lambda: _drawn(shot_id, name, frame))


def _drawn(shot_id: int, name: str, frame: int) -> bytes:
    """Shot, number, frame -> the picture. Raises: NotFound, UnreadableClip."""
    from .. import provenance as trail
    from ..render.marks import marked
    from . import stills

    report, row = storage.report(shot_id), storage.clip(storage.shots(shot_id=shot_id)[0].clip_id)
    marks = trail.provenance(report, name).marks
    if frame not in {mark.frame for mark in marks}:
        raise NotFound(f"Nothing that this number rests on was seen in frame {frame}.")
    storage.film_there(row)
    with called(row.file, row.name):
        return stills.jpeg(marked(report.shot, marks, frame))
