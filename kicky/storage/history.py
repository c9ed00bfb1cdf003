"""Every clip's newest analysis as columns, read at once: five years of Saturdays must not wait for objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Date, text
from sqlmodel import select

from . import corrected, engines, labels
from .answers import STARS
from .database import reading
from .tables import SessionRow

SHOTS = """
SELECT shot.id AS shot_id, clip.session_id, session.date, session.place, clip.id AS clip_id, clip.name AS clip,
       player.name AS player, shot.player_by, shot.outcome, shot.how, shot.foot, shot.p_left
FROM clip
JOIN shot ON shot.id = (SELECT id FROM shot WHERE clip_id = clip.id ORDER BY made_at DESC, id DESC LIMIT 1)
JOIN session ON session.id = clip.session_id
LEFT JOIN player ON player.id = shot.player_id
WHERE CAST(:session AS INTEGER) IS NULL OR session.id = :session
ORDER BY session.date, session.id, clip.id
"""
MEASURES = """
SELECT measure.shot_id, measure.name, measure.value, measure.low, measure.high
FROM measure JOIN shot ON shot.id = measure.shot_id JOIN clip ON clip.id = shot.clip_id
WHERE measure.value IS NOT NULL AND (CAST(:session AS INTEGER) IS NULL OR clip.session_id = :session)
"""


def goal_sizes() -> dict[int, tuple[float, float]]:
    """-> width and height in metres of each session's goal, where it is known."""
    with reading() as db:
        rows = db.exec(select(SessionRow.id, SessionRow.scene)).all()
    sizes = ((number, scene.get("goal_size_m")) for number, scene in rows if number is not None and scene)
    return {number: (float(size[0]), float(size[1])) for number, size in sizes if size}


def stamp() -> tuple[object, ...]:
    """-> what changes whenever anything in the database does, or another is used."""
    return engines.present().stamp()


def shots(session_id: int | None = None) -> tuple[list[dict[str, Any]], Sequence[Any]]:
    """Session (None: all) -> a row for each clip that was analysed, oldest first; (shot, name, value, low, high) each.

    `outcome` and `foot` are as a person put them right, where one did; `stars` is the most anybody gave, 0 for none.
    """
    with reading() as db:
        asked = {"session": session_id}
        rows = [dict(row) for row in db.connection().execute(text(SHOTS).columns(date=Date), asked).mappings()]
        measures = db.connection().execute(text(MEASURES), asked).fetchall()
    said = corrected.said()
    stars = labels.most(STARS)
    for row in rows:
        mine = said.get(row["clip_id"], {})
        row["by_hand"] = labels.OUTCOME in mine
        if labels.OUTCOME in mine:
            row |= {"outcome": mine[labels.OUTCOME], "how": corrected.how(mine[labels.OUTCOME], row["how"])}
        row["foot"] = mine.get(labels.FOOT, row["foot"])
        row["stars"] = stars.get(row["clip_id"], 0)
    return rows, measures
