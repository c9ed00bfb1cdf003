"""Rows -> figures: what the Saturdays show.

Rows are service.saturdays.per_shot(): one a shot. `goal` is True, False or missing (nobody could tell); a
measure is three columns, name, name_low and name_high, missing where it was withheld.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from ..shares import LEVELS, wilson
from ..speeds import NAMES, Unit, column, hardest_shot, words
from .look import NEUTRAL, empty

if TYPE_CHECKING:
    import pandas as pd

NOBODY = "not named yet"
FEET = {"right": "Right", "left": "Left", "unsure": "Not sure"}
LEVEL = 0.90  # how often a share of goals lies within its interval
EACH = 300  # shots that are still told apart as dots with their intervals
LABEL_LENGTH = 24


def conversion_words(hits: int, tries: int) -> str:
    """Hits of tries -> the conversion in a sentence that does not promise more than the shots can.

    >>> conversion_words(3, 7)
    '3 of 7 went in: 43 %. With so few shots, anything from 19 % to 71 % fits, nine times in ten.'
    >>> conversion_words(0, 0)
    'No shot was decided yet.'
    """
    if tries == 0:
        return "No shot was decided yet."
    low, high = wilson(hits, tries, LEVEL)
    few = "With so few shots, anything" if tries < 30 else "Anything"
    fits = f"{few} from {low:.0%} to {high:.0%} fits, {LEVELS[LEVEL]}."
    return f"{hits} of {tries} went in: {hits / tries:.0%}. {fits}".replace("%", " %")


def by_player(history: pd.DataFrame, unit: Unit = Unit.KMH) -> pd.DataFrame:
    """Shots -> one row a player: shots, goals, conversion (of those decided), hardest shot in words; best first.

    `proposed` is how many of the shots are theirs by looks only.
    """
    import pandas as pd

    rows = []
    for player, shots in history.groupby(history["player"].fillna(NOBODY), sort=True):
        decided, hardest = shots["goal"].dropna(), hardest_shot(shots)
        rows.append(
            {
                "player": player,
                "shots": len(shots),
                "proposed": int(shots["proposed"].sum()) if "proposed" in shots else 0,
                "goals": int(decided.sum()),
                "conversion": 100 * float(decided.mean()) if len(decided) else None,
                "hardest": words(hardest.speed, unit) if hardest else None,
            }
        )
    table = pd.DataFrame(rows, columns=["player", "shots", "proposed", "goals", "conversion", "hardest"])
    return table.sort_values(["goals", "shots"], ascending=False, ignore_index=True)


def goals_by_saturday(history: pd.DataFrame) -> go.Figure:
    """Shots -> conversion each Saturday, with its Wilson interval; unsure shots are left out."""
    figure = empty("Goals per 100 shots")
    decided = history.dropna(subset=["goal"])
    days, shares, lows, highs, words = [], [], [], [], []
    for day, shots in decided.groupby("date", sort=True):
        hits, tries = int(shots["goal"].sum()), len(shots)
        low, high = wilson(hits, tries, LEVEL)
        days.append(day_words(day))
        shares.append(100 * hits / tries)
        lows.append(100 * (hits / tries - low))
        highs.append(100 * (high - hits / tries))
        words.append(f"{hits} of {tries} went in")
    figure.add_bar(
        x=days, y=shares, customdata=words, width=0.4,
        hovertemplate="<b>%{x}</b><br>%{customdata}<extra></extra>",
        error_y={"type": "data", "array": highs, "arrayminus": lows, "thickness": 2, "width": 6, "color": NEUTRAL},
    )  # fmt: skip
    figure.update_yaxes(range=[0, 105], ticksuffix=" %")
    return figure


def measure_by_saturday(history: pd.DataFrame, name: str, title: str, unit: str, times: float = 1.0) -> go.Figure:
    """Shots, a measure -> each shot with its interval, one colour a player, Saturdays along the axis.

    `times` units as shown are one of the rows'.

    The shots of one Saturday stand side by side in the order they were taken.
    """
    figure = empty(f"{title}, {unit.strip()}")
    if name not in history:
        return figure
    rows = history.assign(at=_places(history)).dropna(subset=[name])
    for player, shots in rows.groupby(rows["player"].fillna(NOBODY), sort=True):
        figure.add_scatter(
            x=shots["at"], y=times * shots[name], mode="markers", name=label(player), marker={"size": 9},
            customdata=list(
                zip(shots["shot_id"], map(label, shots["clip"]), _said(shots, name, unit, times), strict=True)
            ),
            hovertemplate="<b>%{customdata[1]}</b><br>%{customdata[2]}<extra></extra>",
            error_y={
                "type": "data", "thickness": 1.2, "width": 3,
                "array": times * (shots[f"{name}_high"] - shots[name]),
                "arrayminus": times * (shots[name] - shots[f"{name}_low"]),
            },
        )  # fmt: skip
    days = sorted(history["date"].unique())
    figure.update_xaxes(
        tickvals=list(range(len(days))),
        ticktext=[day_words(day) for day in days],
        range=[-0.6, max(len(days), 1) - 0.4],
    )
    figure.update_layout(showlegend=True)
    return figure


def _said(shots: pd.DataFrame, name: str, unit: str, times: float) -> list[str]:
    """Shots, all with that measure -> it in words, with its interval."""
    told = column(shots, name)
    if name in NAMES:
        return [words(speed, Unit(unit.strip())) if speed else "" for speed in told]
    ends = ((times * each.value, times * each.low, times * each.high) for each in told if each is not None)
    return [f"{value:.0f}{unit} ({low:.0f} to {high:.0f})".replace("-", "−") for value, low, high in ends]


def foot_split(history: pd.DataFrame) -> go.Figure:
    """Shots -> how many with which foot, one bar a player."""
    figure = empty("")
    player = history["player"].fillna(NOBODY)
    names = sorted(player.unique(), reverse=True)
    for foot, title in FEET.items():
        counts = [int(((player == name) & (history["foot"] == foot)).sum()) for name in names]
        figure.add_bar(
            x=counts, y=[label(name) for name in names], name=title, orientation="h",
            text=[count or "" for count in counts], textposition="inside", insidetextanchor="middle", textangle=0,
            hovertemplate="<b>%{y}</b><br>%{x} × %{fullData.name}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", showlegend=True, height=max(180, 90 + 46 * len(names)), bargap=0.35)
    figure.update_xaxes(title="shots", rangemode="tozero", dtick=1 if len(history) < 12 else None)
    return figure


def _places(history: pd.DataFrame) -> pd.Series:
    """Shots -> where each stands along the axis: its Saturday's number, spread over ±0.35 by its order."""
    number = history["date"].rank(method="dense") - 1
    order = history.groupby("date").cumcount()
    count = history.groupby("date")["shot_id"].transform("size")
    return number + 0.7 * ((order + 0.5) / count - 0.5)


def label(text: object) -> str:
    """What a player typed -> a label of bearable length that plotly shows letter by letter."""
    words = str(text)
    return escape(words if len(words) <= LABEL_LENGTH else words[: LABEL_LENGTH - 1] + "…", quote=False)


def day_words(day: object) -> str:
    """Date -> '7 Nov 26'."""
    import pandas as pd

    stamp = pd.Timestamp(str(day))
    return f"{stamp.day} {stamp:%b %y}"
