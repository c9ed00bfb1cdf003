"""Shots -> the table that charts are drawn from, and what changed over the Saturdays by more than it is uncertain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import shown, speeds
from ..measures import MEASURES
from ..shares import wilson
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
FOLLOWED = ("speed", *shown.BODY)
LEAST_SHOTS, LEAST_SATURDAYS = 3, 2
LEVEL = 0.90  # of a share of goals, as shown
CERTAIN, Z_CERTAIN = 0.95, 1.959964  # of a change, before it is told as one
LEAST_CHANGE = dict.fromkeys(shown.DEGREES, shown.LEAST_CHANGE_DEG)
ON_TARGET = ("in_net", "saved")


def per_shot(session_id: int | None = None) -> pd.DataFrame:
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


@dataclass(frozen=True, slots=True)
class Trend:
    """A number in the later half of a player's Saturdays against the earlier half.

    `low` and `high` bound the change, 19 times in 20. `sure`: it is larger than that, and than any two raters differ.
    """

    name: str
    early: float
    late: float
    low: float
    high: float
    shots: tuple[int, int]
    sure: bool

    @property
    def change(self) -> float:
        return self.late - self.early


def trends(history: pd.DataFrame) -> list[Trend]:
    """Shots of one player -> a trend for each number known in both halves of his Saturdays; goals first."""
    days = history.drop_duplicates("session_id").sort_values("date", kind="stable")["session_id"]
    if len(days) < LEAST_SATURDAYS:
        return []
    early = history["session_id"].isin(days[: len(days) // 2])
    halves = history[early], history[~early]
    found = [_goals(*halves)]
    found += [_measured(name, *halves) for name in FOLLOWED if name in history]
    return [trend for trend in found if trend is not None]


def _goals(early: pd.DataFrame, late: pd.DataFrame) -> Trend | None:
    """Both halves -> the share of goals, with Newcombe's interval of the difference."""
    counts = [(int(half["goal"].sum()), int(half["goal"].notna().sum())) for half in (early, late)]
    if min(tries for _, tries in counts) < LEAST_SHOTS:
        return None
    (was, was_n), (now, now_n) = counts
    before, after = was / was_n, now / now_n
    (l1, u1), (l2, u2) = wilson(was, was_n, CERTAIN), wilson(now, now_n, CERTAIN)
    low = after - before - sqrt((after - l2) ** 2 + (u1 - before) ** 2)
    high = after - before + sqrt((u2 - after) ** 2 + (before - l1) ** 2)
    return Trend("goals", before, after, low, high, (was_n, now_n), low * high > 0)


def _measured(name: str, early: pd.DataFrame, late: pd.DataFrame) -> Trend | None:
    """Both halves -> a measure's means; what all shots of a Saturday share does not average out within it."""
    halves = [half.dropna(subset=[name]) for half in (early, late)]
    if min(len(half) for half in halves) < LEAST_SHOTS:
        return None
    (was, was_sd), (now, now_sd) = (_mean(half, name) for half in halves)
    half_width = Z_CERTAIN * sqrt(was_sd**2 + now_sd**2)
    change = now - was
    sure = abs(change) > max(half_width, LEAST_CHANGE.get(name, 0.0))
    return Trend(name, was, now, change - half_width, change + half_width, (len(halves[0]), len(halves[1])), sure)


def _mean(rows: pd.DataFrame, name: str) -> tuple[float, float]:
    """Shots -> the mean of a measure and its s.d.: the spread of shots, and each Saturday's own camera."""
    half = (rows[f"{name}_high"] - rows[f"{name}_low"]) / (2 * 1.645)
    shared = half.groupby(rows["session_id"]).mean()
    weights = rows.groupby("session_id").size() / len(rows)
    own = float(np.sqrt(((weights * shared) ** 2).sum()))
    spread = float(rows[name].std(ddof=1)) / sqrt(len(rows))
    return float(rows[name].mean()), sqrt(own**2 + spread**2)


def summary(history: pd.DataFrame) -> pd.DataFrame:
    """Shots -> a row a player: shots, goals, went in with its interval, on target, feet, weak foot, speed, plant.

    `speed` is the middle one's, `hardest` that of the shot most likely to be it, None where none is known; `as_hard` is
    how many others may have been as hard. All shots of a phone are off together: so is the middle one.
    `weak_foot` is how many goals in a hundred fewer the foot used less scores, missing below five shots with either.
    """
    import pandas as pd

    rows = [_player(str(name), shots) for name, shots in history.groupby(history["player"].fillna(""), sort=True)]
    table = pd.DataFrame(rows)
    return table.sort_values(["goals", "shots"], ascending=False, ignore_index=True) if len(table) else table


def _player(name: str, shots: pd.DataFrame) -> dict[str, object]:
    decided = shots["goal"].dropna()
    hits, tries = int(decided.sum()), len(decided)
    low, high = wilson(hits, tries, LEVEL)
    on_target = shots["how"].isin(ON_TARGET) & shots["goal"].notna()
    feet = {foot: shots[shots["foot"] == foot] for foot in ("right", "left")}
    strong, weak = sorted(feet, key=lambda foot: -len(feet[foot]))
    plant, hardest = shots["plant_aside"].dropna(), speeds.hardest_shot(shots)
    middle = shots[["speed", "speed_low", "speed_high"]].median()
    return {
        "player": name, "shots": len(shots), "proposed": int(shots["proposed"].sum()), "goals": hits,
        "conversion": 100 * hits / tries if tries else None, "low": 100 * low, "high": 100 * high,
        "on_target": 100 * int(on_target.sum()) / tries if tries else None,
        "right": len(feet["right"]), "left": len(feet["left"]),
        "weak_foot": _deficit(feet[strong]["goal"].dropna(), feet[weak]["goal"].dropna()),
        "speed": speeds.known(*middle), "hardest": hardest.speed if hardest else None,
        "as_hard": hardest.others if hardest else 0,
        "plant_spread": 100 * float(plant.std(ddof=1)) if len(plant) > 4 else None,
    }  # fmt: skip


def _deficit(strong: pd.Series[bool], weak: pd.Series[bool]) -> float | None:
    """Goals with either foot -> how many in a hundred fewer the weaker one scores."""
    if min(len(strong), len(weak)) < 5:
        return None
    return 100 * (float(strong.mean()) - float(weak.mean()))
