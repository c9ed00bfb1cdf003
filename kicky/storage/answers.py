"""What each labeller says is true of a clip <-> rows of labels. Nothing is overwritten: the newest counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from ..errors import Outdated
from .database import found, reading, writing
from .labels import BOXES
from .tables import ClipRow, LabelRow

TRUTH = "truth:"
"""How the fields of an answer begin; followed by what was asked."""
STARS = "stars"
CUT_KICK = "cut:kick"
"""The frame in which whoever cut a clip out of its film saw the kick: a place to look first, no answer."""
SETTLED = "settled"
"""Who speaks where two labellers did not agree."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said, when, and the number it is known by: who answers anew says which one he had seen."""

    value: str
    number: int
    made_at: dt.datetime


def say(clip_id: int, field: str, value: str, who: str, seen: int | None = None) -> int:
    """Clip, field, what is true, who says so -> the answer's number, once it is on the disk.

    `seen` is the number of this labeller's answer as it was shown, 0 for none; None asks nobody. The same said twice
    is said once. Raises: NotFound, Outdated when the labeller has answered elsewhere meanwhile.
    """
    return _say(clip_id, field, value, who, seen, shared=False)


def say_as(clip_id: int, field: str, value: str, who: str, seen: int | None = None) -> int:
    """As `say`, of a field that all labellers share: the newest counts, whoever said it."""
    return _say(clip_id, field, value, who, seen, shared=True)


def _say(clip_id: int, field: str, value: str, who: str, seen: int | None, *, shared: bool) -> int:
    with writing() as db:
        found(db, ClipRow, clip_id, "clip")
        newest = _newest(db, clip_id, field, None if shared else who)
        if newest is not None and newest.value == value:
            return newest.id or 0
        if seen is not None and seen != (newest.id if newest else 0):
            raise Outdated(f"{_named(field)} was not saved: {_said_now(newest)} Look again, and say it anew.")
        row = LabelRow(clip_id=clip_id, field=field, value=value, who=who)
        db.add(row)
        db.flush()
        return row.id or 0


def _named(field: str) -> str:
    return "What you drew" if field.startswith(BOXES) else field.removeprefix(TRUTH).replace("_", " ").capitalize()


def _said_now(newest: LabelRow | None) -> str:
    if newest is None or not newest.value:
        return "it was taken back in another window."
    if newest.field.startswith(BOXES):
        return f"{newest.who or 'somebody'} has drawn there meanwhile."
    return f"in another window it is {newest.value.replace('_', ' ')} now."


def undo(clip_id: int, who: str) -> str | None:
    """Clip, labeller -> the field whose newest answer is gone, None when there was none of his."""
    with writing() as db:
        mine = select(LabelRow).where(LabelRow.clip_id == clip_id, LabelRow.who == who, _answers())
        row = db.exec(mine.order_by(col(LabelRow.id).desc())).first()
        if row is None:
            return None
        db.delete(row)
        return row.field


def said(clip_id: int) -> dict[str, dict[str, Answer]]:
    """Clip -> labeller: field: the newest answer; what was taken back is "" and still has its number."""
    mine = select(LabelRow).where(LabelRow.clip_id == clip_id, _answers()).order_by(col(LabelRow.id))
    by_who: dict[str, dict[str, Answer]] = {}
    with reading() as db:
        for row in db.exec(mine).all():
            by_who.setdefault(row.who, {})[row.field] = Answer(row.value, row.id or 0, row.made_at)
    return by_who


def everything() -> dict[int, dict[str, dict[str, str]]]:
    """-> clip: labeller: field: what he said last; what was taken back is left out."""
    columns = select(LabelRow.clip_id, LabelRow.who, LabelRow.field, LabelRow.value).where(_answers())
    told: dict[int, dict[str, dict[str, str]]] = {}
    with reading() as db:
        for clip_id, who, field, value in db.exec(columns.order_by(col(LabelRow.id))).all():
            told.setdefault(clip_id, {}).setdefault(who, {})[field] = value
    return {clip: {who: _kept(fields) for who, fields in whos.items()} for clip, whos in told.items()}


def _kept(fields: Mapping[str, str]) -> dict[str, str]:
    return {field: value for field, value in fields.items() if value}


def _answers() -> ColumnElement[bool]:
    """-> the condition that a row answers a question or gives stars."""
    return col(LabelRow.field).startswith(TRUTH, autoescape=True) | (col(LabelRow.field) == STARS)


def _newest(db: Session, clip_id: int, field: str, who: str | None) -> LabelRow | None:
    """Clip, field, labeller (None: whoever) -> what was said last."""
    mine = select(LabelRow).where(LabelRow.clip_id == clip_id, LabelRow.field == field)
    mine = mine if who is None else mine.where(LabelRow.who == who)
    return db.exec(mine.order_by(col(LabelRow.id).desc())).first()
