"""Speed -> a bar on the one scale that all speeds are drawn on: how fast, and how surely."""

from __future__ import annotations

import plotly.graph_objects as go

from ..speeds import Speed, Unit, scale, words
from .look import NEUTRAL, PATH, empty, tint

TICKS = {Unit.KMH: (0, 50, 100), Unit.MPH: (0, 30, 60, 90)}  # few: the bar is narrow


def speed_bar(speed: Speed, unit: Unit = Unit.KMH) -> go.Figure:
    """Speed, unit -> its 90 % interval as a thick bar from 0 to the scale's end, its middle marked."""
    low, value, high = (unit.of(edge) for edge in (speed.low, speed.value, speed.high))
    end = scale(unit)
    figure = empty()
    hover = f"{words(speed, unit)}<extra></extra>"
    figure.add_scatter(
        x=[0, end], y=[0, 0], mode="lines", line={"width": 4, "color": tint(NEUTRAL, 0.45)}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=[low, min(high, end)], y=[0, 0], mode="lines", line={"width": 16, "color": PATH}, hovertemplate=hover
    )
    figure.add_scatter(
        x=[min(value, end)], y=[0], mode="markers", hovertemplate=hover,
        marker={"symbol": "line-ns", "size": 15, "line": {"width": 3, "color": "#15231a"}},
    )  # fmt: skip
    figure.update_xaxes(range=[0, end], tickvals=TICKS[unit], tickangle=0, fixedrange=True, automargin=False)
    figure.update_yaxes(visible=False, range=[-1, 1], fixedrange=True)
    figure.update_layout(height=64, margin={"l": 10, "r": 14, "t": 4, "b": 22})
    return figure
