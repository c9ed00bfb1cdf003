"""What may stand in each column, so that every page can show it.

A column that is not named here may hold what its type says: words of a line or a few, whole numbers from 0, finite
numbers, days and moments of this era. What is JSON or bytes must be named (a test sees to it).
"""

from __future__ import annotations

import datetime as dt
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import JSON, Column, Date, DateTime, Float, Integer, LargeBinary

from ..domain import Foot, How, Verdict
from ..measures import MEASURES
from . import answers, labels, shapes
from .columns import Base, Whole
from .files import is_bare
from .foreign import Odd, short
from .kinds import BY_HAND, BY_LOOK, DISMISSED, EXPORTED, KEPT, PROPOSED
from .shapes import (
    BIG,
    MOST_FRAMES,
    MOST_S,
    SIDE_PX,
    Rule,
    Word,
    is_frame,
    is_pitch_place,
    is_place,
    number,
    one_of,
    shaped,
    words,
)

LEFT = {"job": "work is of the machine it was queued on"}
"""Tables whose rows are not taken over, and why."""
FIRST, LAST = dt.date(1900, 1, 1), dt.date(2200, 1, 1)
MANY: Any = dict[Word, Any]
RULES: dict[str, Rule] = {
    "session.scene": shapes.is_goal,
    "session.scene_width": number(1, SIDE_PX), "session.scene_height": number(1, SIDE_PX),
    "player.name": words(least=1),
    "clip.sha256": lambda value: len(value) == 64 and set(value) <= set("0123456789abcdef"),
    "clip.name": words(least=1), "clip.file": is_bare, "clip.browser_copy": is_bare, "clip.scene": shapes.is_goal,
    "clip.width": number(1, SIDE_PX), "clip.height": number(1, SIDE_PX), "clip.frames": number(1, MOST_FRAMES),
    "clip.duration_s": number(0, MOST_S), "clip.slow_motion": number(1e-4, 1e4),
    "film.path": lambda value: words(4096, 1)(value) and PurePosixPath(value).is_absolute(),
    "film.browser_copy": is_bare, "film.modified_ns": number(-(2**62), 2**62), "film.size_bytes": number(0, 2**62),
    "film.width": number(1, SIDE_PX), "film.height": number(1, SIDE_PX), "film.frames": number(1, MOST_FRAMES),
    "film.duration_s": number(0, MOST_S),
    "cut.state": one_of(PROPOSED, KEPT, DISMISSED, EXPORTED), "cut.thumb": shapes.is_picture,
    "shot.detector": words(200, 1), "shot.method": words(200, 1),
    "shot.outcome": one_of(*Verdict), "shot.how": one_of(*How), "shot.foot": one_of(*Foot),
    "shot.p_goal": number(0, 1), "shot.p_left": number(0, 1), "shot.player_p": number(0, 1),
    "shot.ball_sure": number(0, 1),
    "shot.player_by": one_of(BY_HAND, BY_LOOK),
    "shot.players": shaped(list[Word]), "shot.evidence": is_bare, "shot.film": is_bare, "shot.made_with": shaped(MANY),
    "shot.seconds": shaped(dict[Word, Annotated[float, Field(ge=0, le=MOST_S, allow_inf_nan=False)]]),
    "shot.notes": shaped(list[Word]),
    "measure.name": one_of(*MEASURES), "measure.unit": words(40),
    "appearance.vector": shapes.is_look,
    "label.value": words(shapes.LONGEST_LABEL),
    "drawing.frame": number(0, MOST_FRAMES), "drawing.time_s": number(0, MOST_S), "drawing.shapes": shapes.is_drawing,
    "advice.thumbs": number(-1, 1), "advice.seconds": number(0, MOST_S),
    "advice.passages": shaped(list[tuple[Word, Word] | tuple[Word, Word, bool] | tuple[Word, Word, bool, Word]]),
    "run.made_with": shaped(MANY), "run.tuned": shaped(list[Word]), "run.document": shapes.is_run,
    "run.scores": shaped(dict[Literal["split", "session", "tag"], dict[Word, shapes.Figures]]),
}  # fmt: skip
"""Table and column: what may stand there, beyond what its type says."""

BOXES = shaped(list[shapes.Thing])
FIELDS: dict[str, Rule] = {
    labels.OUTCOME: one_of(*Verdict), labels.FOOT: one_of(*Foot), labels.CONTACT_FRAME: is_frame,
    labels.BALL_PX: is_place, labels.BALL_LAY: is_pitch_place,
    labels.SPLIT: words(), answers.STARS: one_of(*"12345"), answers.CUT_KICK: is_frame,
    answers.TRUTH + "outcome": one_of(*Verdict), answers.TRUTH + "how": one_of(*How),
    answers.TRUTH + "foot": one_of(*Foot), answers.TRUTH + "contact_frame": is_frame,
    answers.TRUTH + "goal_frame": is_frame,
}  # fmt: skip
"""A label's field: what may be said of it; "" takes back whatever it was."""
SETTINGS: dict[str, Rule] = {"tuned_splits": shaped(list[Word]), "label_set:": shaped(shapes.Chosen)}
"""How a setting's name begins: what it may be set to."""


def read(table: str, column: Column[Any], value: Any) -> Any:
    """Table, column, what stands there -> the value, JSON as its text. Raises: Odd where no page could show it."""
    if value is None:
        return None
    whole = f"{table}.{column.name}"
    try:
        held = _held(column, value)
        fits = RULES.get(whole, words() if isinstance(held, str) else lambda _: True)
        if not fits(held):
            raise ValueError
    except (ValueError, TypeError, OverflowError) as error:
        raise Odd(f"in its table {table}, {column.name} is {short(value)}, which KICKY does not write there") from error
    return held


def _held(column: Column[Any], value: Any) -> Any:
    """Column, what SQLite gives -> the value, within what its type allows. Raises: ValueError, TypeError."""
    kind = column.type
    if isinstance(kind, JSON):
        if len(value) > shapes.LONGEST_JSON:
            raise ValueError
        return value
    if isinstance(kind, LargeBinary):
        return value
    whole = f"{column.table.name}.{column.name}"
    if isinstance(kind, Date):
        return _within(dt.date.fromisoformat(value), FIRST, LAST)
    if isinstance(kind, DateTime) or isinstance(getattr(kind, "impl", None), DateTime):
        moment = dt.datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            raise ValueError
        _within(moment.date(), FIRST, LAST)
        return moment
    if isinstance(kind, Float) or kind is Whole or isinstance(kind, Integer):
        least, most = (-BIG, BIG) if isinstance(kind, Float) else (0, 2**31 - 1)
        if whole not in RULES and not number(least, most)(value):
            raise ValueError
        return value
    if value in (0, 1) and not isinstance(value, str):  # true or false
        return bool(value)
    if not isinstance(value, str):
        raise TypeError
    return value


def _within(day: dt.date, first: dt.date, last: dt.date) -> dt.date:
    if not first <= day <= last:
        raise ValueError
    return day


def unnamed() -> list[str]:
    """-> the columns of JSON or bytes that have no rule."""
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    held = (
        column for column in columns if isinstance(column.type, JSON | LargeBinary) and column.table.name not in LEFT
    )
    return [name for name in (f"{column.table.name}.{column.name}" for column in held) if name not in RULES]
