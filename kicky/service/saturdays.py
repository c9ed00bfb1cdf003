"""Shots -> the table that the charts of the Saturdays are drawn from."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..measures import MEASURES
from ..storage.views import ShotView

GOAL = {"goal": True, "no_goal": False}
TYPES = {
    "shot_id": "int64",
    "session_id": "int64",
    "date": "datetime64[s]",
    "place": "string",
    "clip": "string",
    "player": "string",
    "proposed": "boolean",
    "outcome": "string",
    "goal": "boolean",
    "how": "string",
    "foot": "string",
    "p_left": "float64",
}


def table(shots: Sequence[ShotView]) -> pd.DataFrame:
    """Shots -> one row each, oldest Saturday first; the same columns and types also when there are none.

    A measure is three columns, name, name_low and name_high, NaN where it was withheld; goal is
    missing where nobody could tell.
    """
    rows = [_row(shot) for shot in sorted(shots, key=lambda shot: (shot.date, shot.session_id, shot.clip_id))]
    names = dict.fromkeys([*MEASURES, *(name for shot in shots for name in shot.measures)])
    types = TYPES | {f"{name}{end}": "float64" for name in names for end in ("", "_low", "_high")}
    return pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=kind) for name, kind in types.items()})


def _row(shot: ShotView) -> dict[str, object]:
    row: dict[str, object] = {
        "shot_id": shot.id,
        "session_id": shot.session_id,
        "date": pd.Timestamp(shot.date),
        "place": shot.place,
        "clip": shot.clip_name,
        "player": shot.player,
        "proposed": shot.player_by == "look",
        "outcome": shot.outcome,
        "goal": GOAL.get(shot.outcome),
        "how": shot.how,
        "foot": shot.foot,
        "p_left": shot.p_left,
    }
    for name, measure in shot.measures.items():
        row |= {name: measure.value, f"{name}_low": measure.low, f"{name}_high": measure.high}
    return row
