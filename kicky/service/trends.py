"""A player's Saturdays -> what changed by more than the numbers are uncertain, and what did not."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from .. import shown, speeds
from ..shares import wilson

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("speed", *shown.BODY)
LEAST_SHOTS, LEAST_SATURDAYS = 3, 2
LEVEL = 0.90  # of a share of goals, as shown
CERTAIN, Z_CERTAIN = 0.95, 1.959964  # of a change, before it is told as one
LEAST_CHANGE = dict.fromkeys(shown.DEGREES, shown.LEAST_CHANGE_DEG)
ON_TARGET = ("in_net", "saved")


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
    found += [_measured(name, *halves) for name in MEASURES if name in history]
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
