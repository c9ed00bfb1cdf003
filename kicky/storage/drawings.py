"""What a player drew on the frames of a clip <-> its rows, one a frame."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from ..drawings import Shape, read
from .columns import now
from .database import found, reading, writing
from .tables import ClipRow, DrawingRow
from .views import DrawingView


def keep(clip_id: int, frame: int, time_s: float, shapes: Sequence[Shape]) -> None:
    """Clip, frame, its moment, what is drawn on it -> kept in place of what was drawn there. Raises: NotFound."""
    values: dict[str, Any] = {"time_s": time_s, "shapes": [shape.to_json() for shape in shapes], "made_at": now()}
    with writing() as db:
        found(db, ClipRow, clip_id, "clip")
        mine = select(DrawingRow).where(DrawingRow.clip_id == clip_id, DrawingRow.frame == frame)
        row = db.exec(mine).first() or DrawingRow(clip_id=clip_id, frame=frame, **values)
        db.add(row.sqlmodel_update(values))


def erase(clip_id: int, frame: int) -> None:
    """Clip, frame -> nothing is drawn on it any more."""
    with writing() as db:
        db.exec(delete(DrawingRow).where(col(DrawingRow.clip_id) == clip_id, col(DrawingRow.frame) == frame))


def drawn(clip_id: int) -> tuple[DrawingView, ...]:
    """Clip -> what is drawn on its frames, in their order."""
    mine = select(DrawingRow).where(DrawingRow.clip_id == clip_id).order_by(col(DrawingRow.frame))
    with reading() as db:
        rows = db.exec(mine).all()
    return tuple(DrawingView(row.frame, row.time_s, read(row.shapes)) for row in rows)


def unname(db: Session, name: str) -> None:
    """A player's name -> no text of a drawing has it any more; what else is drawn stays."""
    named = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    for row in db.exec(select(DrawingRow)).all():
        left = [shape for shape in row.shapes if not named.search(shape["words"])]
        if not left:
            db.delete(row)
        elif len(left) < len(row.shapes):
            row.shapes = left
