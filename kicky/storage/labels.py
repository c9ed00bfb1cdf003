"""What a person says is true of a clip <-> rows of labels: the newest of a field counts, and "" takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlmodel import col, func, select

from .database import found, reading, writing
from .tables import ClipRow, LabelRow, ShotRow

if TYPE_CHECKING:
    from ..domain import Said

CONTACT_FRAME = "contact_frame"
BALL_PX = "ball_px"
"""Where the ball lies before the kick, "x,y" in the film's own pixels."""
BALL_LAY = "ball_lay"
"""Where the ball of this shot alone lay on the pitch: "spot", "box", "metres:11.5" or "steps:20"."""
SPLIT = "split"
OUTCOME, FOOT = "outcome", "foot"
"""As a person put them right on the shot's page, having seen what the program thought: no ground truth."""
BOXES = "boxes:"
"""Followed by the frame: what is in it, as JSON."""


def put(clip_id: int, field: str, value: str, who: str = "") -> None:
    """Clip, field, what is true -> kept beside what was said before. Raises: NotFound."""
    with writing() as db:
        found(db, ClipRow, clip_id, "clip")
        db.add(LabelRow(clip_id=clip_id, field=field, value=value, who=who))


def get(clip_id: int, field: str) -> str:
    """Clip, field -> what was said last, "" where nothing was or it was taken back."""
    mine = select(LabelRow.value).where(LabelRow.clip_id == clip_id, LabelRow.field == field)
    with reading() as db:
        return db.exec(mine.order_by(col(LabelRow.id).desc())).first() or ""


def put_all(rows: Sequence[tuple[int, str, str, str]]) -> None:
    """(clip, field, value, who) each -> kept together or not at all; what was said last by the same stays once."""
    with writing() as db:
        for clip_id, field, value, who in rows:
            found(db, ClipRow, clip_id, "clip")
            mine = select(LabelRow.value).where(
                LabelRow.clip_id == clip_id, LabelRow.field == field, LabelRow.who == who
            )
            if db.exec(mine.order_by(col(LabelRow.id).desc())).first() != value:
                db.add(LabelRow(clip_id=clip_id, field=field, value=value, who=who))


def newest(fields: Sequence[str]) -> dict[int, dict[str, str]]:
    """Fields -> clip: each of them and what was said last; what was taken back is left out. One read for all clips."""
    mine = select(LabelRow.clip_id, LabelRow.field, LabelRow.value).where(col(LabelRow.field).in_(fields))
    said: dict[int, dict[str, str]] = {}
    with reading() as db:
        for clip_id, field, value in db.exec(mine.order_by(col(LabelRow.id))).all():
            said.setdefault(clip_id, {})[field] = value
    return {clip: kept for clip, told in said.items() if (kept := {f: v for f, v in told.items() if v})}


def most(field: str) -> dict[int, int]:
    """Field that holds numbers -> clip: the highest that anybody's last word gives it."""
    mine = select(LabelRow.clip_id, LabelRow.who, LabelRow.value).where(LabelRow.field == field)
    with reading() as db:
        last = {(clip_id, who): value for clip_id, who, value in db.exec(mine.order_by(col(LabelRow.id))).all()}
    highest: dict[int, int] = {}
    for (clip_id, _), value in last.items():
        if value.isdecimal():
            highest[clip_id] = max(highest.get(clip_id, 0), int(value))
    return highest


def labelled_clips() -> list[int]:
    """-> the clips of which anything is said."""
    with reading() as db:
        return sorted(set(db.exec(select(LabelRow.clip_id)).all()))


def untold(prefix: str, sessions: Sequence[int]) -> dict[int, tuple[int, int]]:
    """-> session: how many of its analysed clips have no field that begins so, and the first of them."""
    mine = col(ClipRow.session_id).in_(sessions)
    has_shot = select(ShotRow.id).where(ShotRow.clip_id == ClipRow.id).exists()
    told = select(LabelRow.id).where(LabelRow.clip_id == ClipRow.id, col(LabelRow.field).startswith(prefix)).exists()
    counted = select(ClipRow.session_id, func.count(), func.min(ClipRow.id)).where(mine, has_shot, ~told)
    with reading() as db:
        return {
            day: (count, first or 0) for day, count, first in db.exec(counted.group_by(col(ClipRow.session_id))).all()
        }


def contact_frame(clip_id: int) -> int | None:
    """Clip -> the kick's frame as a person set it, None where nobody did."""
    said = get(clip_id, CONTACT_FRAME)
    return int(said) if said.isdecimal() else None


def ball_px(clip_id: int) -> tuple[float, float] | None:
    """Clip -> where a person saw the ball lie before the kick, None where nobody said."""
    x, _, y = get(clip_id, BALL_PX).partition(",")
    try:
        return float(x), float(y)
    except ValueError:
        return None


def ball_lay(clip_id: int) -> tuple[str, float | None] | None:
    """Clip -> where its ball lay as a person said of it alone: the choice, what was counted; None: nobody did."""
    choice, _, number = get(clip_id, BALL_LAY).partition(":")
    return (choice, float(number) if number else None) if choice else None


def said(clip_id: int) -> Said:
    """Clip -> what a person saw of its kick."""
    from ..domain import Said  # with it comes numpy, for which no page waits

    return Said(contact_frame(clip_id), ball_px(clip_id))


def all_of(clip_id: int, prefix: str) -> dict[str, str]:
    """Clip, how a field begins -> each such field and what was said last; what was taken back is left out."""
    return {field: value for field, (_, value) in numbered(clip_id, prefix).items() if value}


def numbered(clip_id: int, prefix: str) -> dict[str, tuple[int, str]]:
    """Clip, how a field begins -> each such field, the number of what was said last and it; taken back, it is ""."""
    mine = select(LabelRow).where(LabelRow.clip_id == clip_id, col(LabelRow.field).startswith(prefix, autoescape=True))
    with reading() as db:
        return {row.field: (row.id or 0, row.value) for row in db.exec(mine.order_by(col(LabelRow.id))).all()}
