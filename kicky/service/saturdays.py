"""Shots -> the table that the charts of the Saturdays are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..measures import MEASURES
from ..storage import history

if TYPE_CHECKING:
    import pandas as pd

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
    "by_hand": "boolean",
    "goal": "boolean",
    "how": "string",
    "foot": "string",
    "p_left": "float64",
    "stars": "int64",
}
_kept: dict[str, tuple[tuple[object, ...], pd.DataFrame]] = {}
"""The last table of all shots, while the database stays as it was."""


def table(session_id: int | None = None) -> pd.DataFrame:
    """Session (None: all) -> one row a shot, oldest Saturday first; the same columns when there are none.

    A measure is three columns, name, name_low and name_high, NaN where it was withheld; goal is
    missing where nobody could tell. What is given is not to be changed: it is given again.
    """
    if session_id is not None:
        return _table(session_id)
    now = history.stamp()
    if "all" not in _kept or _kept["all"][0] != now:
        made = _table(None)
        _kept["all"] = history.stamp(), made  # reading may itself have written: a checkpoint
    return _kept["all"][1]


def _table(session_id: int | None) -> pd.DataFrame:
    import pandas as pd

    rows, measures = history.shots(session_id)
    for row in rows:
        row["proposed"] = row["player_by"] == "look"
        row["goal"] = GOAL.get(row["outcome"])
    given = {name: pd.Series([row[name] for row in rows], dtype=kind) for name, kind in TYPES.items()}
    return pd.DataFrame(given | _columns([row["shot_id"] for row in rows], measures))


def _columns(shot_ids: list[int], measures: Sequence[Any]) -> dict[str, np.ndarray]:
    """Shots in order, (shot, name, value, low, high) each -> a column for each number of each measure."""
    place = {number: at for at, number in enumerate(shot_ids)}
    kept = [row for row in measures if row[0] in place]
    by_name: dict[str, list[tuple[float, ...]]] = {name: [] for name in MEASURES}
    for number, name, value, low, high in kept:
        by_name.setdefault(name, []).append((place[number], value, low, high))
    columns: dict[str, np.ndarray] = {}
    for name, found in by_name.items():
        numbers = np.array(found, dtype=np.float64).reshape(-1, 4)
        at = numbers[:, 0].astype(np.int64)
        for end, values in zip(("", "_low", "_high"), numbers[:, 1:].T, strict=True):
            columns[f"{name}{end}"] = np.full(len(shot_ids), np.nan)
            columns[f"{name}{end}"][at] = values
    return columns
