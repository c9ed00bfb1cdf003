"""A session's shots against all before -> what friends talk about on the way home, as far as the numbers bear it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import speeds, storage
from ..errors import StorageFailed
from ..speeds import Unit
from ..storage import labels, settings
from .saturdays import per_shot

if TYPE_CHECKING:
    import pandas as pd

LEAST_STREAK, CHEERED = 2, "cheered"
BEST = "Personal best"


@dataclass(frozen=True, slots=True)
class Highlight:
    """A title, who, and what he did; `shot_id` is the shot it is about, None where it is about several."""

    title: str
    who: str
    text: str
    shot_id: int | None = None


def of_session(session_id: int) -> list[Highlight]:
    """Session -> who scored most, the hardest shot, the best streak, the weak foot, personal bests beaten.

    Shots whose shooter nobody named count for nobody. A best is beaten only where the intervals say so, nine times in
    ten or surer: two shots within what the speeds may be off are about as hard.
    """
    rows, unit = per_shot(session_id), settings.speed_unit()
    named = rows[rows["player"].notna()]
    found = [_most(named), _hardest(rows, unit), _streak(named), _weak_foot(named)]
    return [each for each in found if each is not None] + _bests(named, per_shot(), session_id, unit)


def records_beaten(session_id: int) -> list[Highlight]:
    """Session -> what was never so good before: a player's hardest shot, surely; his most goals on one day."""
    rows, history = per_shot(session_id), per_shot()
    named = rows[rows["player"].notna()]
    if not len(named):
        return []
    hardest = [each for each in _bests(named, history, session_id, settings.speed_unit()) if each.title == BEST]
    earlier = _earlier(history, session_id, rows)
    before = earlier.groupby(["player", "session_id"])["goal"].sum().groupby("player").max()
    goals = named.groupby("player")["goal"].sum()
    return hardest + [
        Highlight(
            "Most goals on one day",
            str(player),
            f"{count:d} goal{'' if count == 1 else 's'}, before {before[player]:d}",
        )
        for player, count in goals.items()
        if count > before.get(player, count)
    ]


def _earlier(history: pd.DataFrame, session_id: int, rows: pd.DataFrame) -> pd.DataFrame:
    return history[(history["session_id"] != session_id) & (history["date"] <= rows["date"].iloc[0])]


def _most(rows: pd.DataFrame) -> Highlight | None:
    goals = rows.groupby("player")["goal"].sum()
    if not len(goals) or goals.max() == 0:
        return None
    best = sorted(goals[goals == goals.max()].index)
    count = int(goals.max())
    return Highlight("Most goals", " and ".join(map(str, best)), f"{count} goal{'s' * (count != 1)}")


def _hardest(rows: pd.DataFrame, unit: Unit) -> Highlight | None:
    import pandas as pd

    found = speeds.hardest_shot(rows)
    if found is None:
        return None
    row = rows.iloc[found.row]
    who = "" if pd.isna(row["player"]) else str(row["player"])
    return Highlight("Hardest shot", who, found.words(unit), int(row["shot_id"]))


def _streak(rows: pd.DataFrame) -> Highlight | None:
    """The most goals in a row by one player; a shot that could not be told neither adds to it nor ends it."""
    best, who = 0, ""
    for player, shots in rows.dropna(subset=["goal"]).groupby("player", sort=True):
        length = 0
        for goal in shots["goal"]:
            length = length + 1 if goal else 0
            best, who = (length, str(player)) if length > best else (best, who)
    return Highlight("Best streak", who, f"{best} in a row") if best >= LEAST_STREAK else None


def _weak_foot(rows: pd.DataFrame) -> Highlight | None:
    """Of those who shot with both feet: who scored most with the one he uses less."""
    best: Highlight | None = None
    most = 0
    for player, shots in rows.groupby("player", sort=True):
        counts = shots["foot"].value_counts()
        if not {"left", "right"} <= set(counts.index):
            continue
        weak = min(("left", "right"), key=lambda foot: counts[foot])
        goals = int(shots.loc[shots["foot"] == weak, "goal"].sum())
        if goals > most:
            most = goals
            best = Highlight("Weak foot", str(player), f"{goals} of {counts[weak]} with the {weak}")
    return best


def _bests(rows: pd.DataFrame, history: pd.DataFrame, session_id: int, unit: Unit) -> list[Highlight]:
    """Each player's hardest shot here, where it is surely harder than any before this session, or about as hard."""
    if not len(rows):
        return []
    earlier = _earlier(history, session_id, rows)
    found = []
    for player, shots in rows.groupby("player", sort=True):
        theirs = earlier[earlier["player"] == player]
        best, before = speeds.hardest_shot(shots), speeds.hardest_shot(theirs)
        if best is None or before is None:
            continue
        text = f"{speeds.words(best.speed, unit)}, before {speeds.words(before.speed, unit)}"
        shot_id = int(shots["shot_id"].iloc[best.row])
        if speeds.beats(best.speed, [speed for speed in speeds.column(theirs) if speed is not None]):
            found.append(Highlight(BEST, str(player), text, shot_id))
        elif best.speed.value >= before.speed.value:
            found.append(Highlight("About as hard as the best so far", str(player), text, shot_id))
    return found


def cheer(shot_id: int) -> bool:
    """Shot -> is it a goal that is shown for the first time; from then on it is not.

    Where that cannot be kept none is: each look would be the first.
    """
    shot = storage.shots(shot_id=shot_id)[0]
    if shot.outcome != "goal" or labels.get(shot.clip_id, CHEERED):
        return False
    try:
        labels.put(shot.clip_id, CHEERED, "1")
    except StorageFailed:
        return False
    return True
