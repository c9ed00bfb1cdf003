"""Many shots at once: where they went in the goal's mouth, and each player's Saturdays side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..shares import wilson
from ..speeds import Speed, Unit, column, words
from .look import NEUTRAL, OUTCOMES, empty, plan
from .mouth import frame
from .saturdays import LEVEL, NOBODY, day_words, label

if TYPE_CHECKING:
    import pandas as pd

GOAL_M = (7.32, 2.44)
MOST = 500  # shots in the map: the newest
WORDS = {"goal": "goal", "no_goal": "no goal", "unsure": "not sure"}
SYMBOLS = {"goal": "circle", "no_goal": "x", "unsure": "diamond"}  # for those who cannot tell red from green
FARTHEST_M, EDGE_M = (12.0, 8.0), 0.25  # what passed farther out is drawn at the map's edge
FEW_DAYS = 6  # so many dates can stand below an axis
SLOW, FAST = 30.0, 100.0  # km/h of the smallest and of the largest dot


def shot_map(history: pd.DataFrame, unit: Unit = Unit.KMH) -> go.Figure:
    """Shots -> where each passed the goal's plane, in a full-size goal; coloured by outcome, larger the harder it
    surely was: by the lower end of its speed's interval.

    Each dot carries its shot's number. Shots without a flight are left out, and all but the newest MOST.
    """
    shown = history.dropna(subset=["crossing_x", "crossing_z"]).tail(MOST)
    wide, high = _reach(shown)
    figure = plan((-wide, wide), (-0.35, high), 320)
    frame(figure, *GOAL_M)
    for outcome, colour in OUTCOMES.items():
        shots = shown[shown["outcome"] == outcome]
        speed = shots["speed_low"].fillna(SLOW).clip(SLOW, FAST)
        figure.add_scatter(
            x=shots["crossing_x"].clip(EDGE_M - wide, wide - EDGE_M), y=shots["crossing_z"].clip(0.11, high - EDGE_M),
            mode="markers", name=WORDS[outcome],
            marker={"color": colour, "symbol": SYMBOLS[outcome], "opacity": 0.75,
                    "size": 7 + 9 * (speed - SLOW) / (FAST - SLOW), "line": {"color": "#15231a", "width": 0.6}},
            customdata=list(
                zip(shots["shot_id"], _names(shots), _hard(shots, unit), shots["crossing_z"].clip(lower=0), strict=True)
            ),
            hovertemplate="%{customdata[1]}, %{customdata[2]}<br>%{customdata[3]:.1f} m high"
            "<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.update_layout(showlegend=True)
    return figure


def _reach(shown: pd.DataFrame) -> tuple[float, float]:
    """Shots -> how far to each side and how high the map must go to hold them all, metres."""
    wide, high = FARTHEST_M
    if not len(shown):
        return 4.4, 3.2
    across, up = float(shown["crossing_x"].abs().max()), float(shown["crossing_z"].max())
    return min(max(4.4, across + 2 * EDGE_M), wide), min(max(3.2, up + 2 * EDGE_M), high)


def _names(shots: pd.DataFrame) -> list[str]:
    return [label(name) for name in shots["player"].fillna(NOBODY)]


def _hard(shots: pd.DataFrame, unit: Unit) -> list[str]:
    return ["speed not known" if speed is None else words(speed, unit) for speed in column(shots)]


def small_multiples(history: pd.DataFrame, name: str, title: str, times: float = 1.0) -> go.Figure:
    """Shots, a measure or "goal" -> a small figure a player, all on one scale: each Saturday's middle and spread
    (each month's or quarter's of very many).

    Of goals: the share each Saturday with its 90 % interval; of a measure: the median and the middle half; of the speed
    the median and its 90 % interval, for all shots of one phone are off together.
    """
    groups = list(history.groupby(history["player"].fillna(NOBODY), sort=True))
    if not groups:
        return empty(title)
    across = 2 if len(groups) > 1 else 1
    down = -(-len(groups) // across)
    figure = make_subplots(
        down, across, shared_yaxes="all", shared_xaxes=True, subplot_titles=[label(player) for player, _ in groups],
        vertical_spacing=0.28 / down, horizontal_spacing=0.05,
    )  # fmt: skip
    span = _span(history)
    for number, (_, shots) in enumerate(groups):
        shots = shots.assign(date=shots["date"].dt.to_period(span).dt.start_time) if span else shots
        days = _goals(shots) if name == "goal" else _middles(shots, name, times)
        figure.add_scatter(
            x=days["date"], y=days["value"], mode="lines+markers", line={"width": 1.2}, marker={"size": 5},
            error_y={"type": "data", "array": days["high"] - days["value"], "arrayminus": days["value"] - days["low"],
                     "color": NEUTRAL, "thickness": 1, "width": 0},
            text=days["words"], hovertemplate="%{x|%-d %b %Y}<br>%{text}<extra></extra>",
            row=number // across + 1, col=number % across + 1,
        )  # fmt: skip
    plain = empty()
    figure.update_layout(
        paper_bgcolor=plain.layout.paper_bgcolor, plot_bgcolor=plain.layout.plot_bgcolor, showlegend=False,
        height=110 + 130 * down, margin={"l": 8, "r": 8, "t": 40, "b": 8}, dragmode=False,
    )  # fmt: skip
    figure.update_xaxes(showgrid=False, zeroline=False, automargin=True, **_dates(history, span))
    figure.update_yaxes(zeroline=False, automargin=True, nticks=4, ticksuffix=" %" if name == "goal" else "")
    return figure


def _dates(history: pd.DataFrame, span: str) -> dict[str, Any]:
    """Shots, what makes a point -> the axis of dates: each of a few Saturdays by its own name."""
    import pandas as pd

    days = sorted(pd.to_datetime(history["date"].unique()))
    if span or not days or len(days) > FEW_DAYS:
        return {"tickformat": "%b %Y" if span else "%-d %b %y"}
    beside = max((days[-1] - days[0]) * 0.08, pd.Timedelta(days=2))
    return {
        "tickvals": days,
        "ticktext": [day_words(day) for day in days],
        "range": [days[0] - beside, days[-1] + beside],
    }


def _span(history: pd.DataFrame) -> str:
    """Shots -> what makes a point: a Saturday, or with very many of them a month or a quarter."""
    days = history["date"].nunique()
    return "" if days <= 40 else "M" if days <= 130 else "Q"


def _goals(shots: pd.DataFrame) -> pd.DataFrame:
    """A player's shots -> each Saturday's share of goals with its interval."""
    import pandas as pd

    decided = shots.dropna(subset=["goal"])
    counts = decided.groupby("date")["goal"].agg(["sum", "size"])
    rows = [
        (day, int(hits), int(tries), *wilson(int(hits), int(tries), LEVEL)) for day, hits, tries in counts.itertuples()
    ]
    table = pd.DataFrame(rows, columns=["date", "hits", "tries", "low", "high"])
    table["value"] = 100 * table["hits"] / table["tries"]
    table["words"] = [f"{hits} of {tries} went in" for hits, tries in zip(table["hits"], table["tries"], strict=True)]
    return table.assign(low=100 * table["low"], high=100 * table["high"])


def _middles(shots: pd.DataFrame, name: str, times: float) -> pd.DataFrame:
    """A player's shots -> each Saturday's median of a measure, with its quartiles."""
    known = shots.dropna(subset=[name]) if name in shots else shots.iloc[:0].assign(**{name: []})
    if name == "speed":
        return _fast(known, times)
    spread = known.groupby("date")[name].quantile([0.25, 0.5, 0.75]).unstack()
    spread = spread.reindex(columns=[0.25, 0.5, 0.75]) * times
    table = spread.rename(columns={0.25: "low", 0.5: "value", 0.75: "high"}).reset_index()
    return table.assign(words=[f"middle {value:.0f}" for value in table["value"]])


def _fast(known: pd.DataFrame, times: float) -> pd.DataFrame:
    """A player's shots with a speed -> each Saturday's median, and the median of its intervals' ends."""
    ends = {"speed": "value", "speed_low": "low", "speed_high": "high"}
    table = (times * known.groupby("date")[list(ends)].median()).rename(columns=ends).reset_index()
    unit = Unit.KMH if times == 1.0 else Unit.MPH
    told = zip(table["value"] / times, table["low"] / times, table["high"] / times, strict=True)
    return table.assign(words=[f"middle {words(Speed(*each), unit)}" for each in told])
