"""One angle through the kick, in seconds from contact, with its band and what was published for contact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from .look import NEUTRAL, OUTCOMES, PATH, empty, tint

if TYPE_CHECKING:
    from ..storage.bodies import CurveView

USUAL_S = 0.05  # the published range is of the moment of contact: its box is as wide as can be seen, no wider


def swing(since_s: tuple[float, ...], curve: CurveView, title: str) -> go.Figure:
    """Seconds from contact, the angle's curve, its name -> band, curve, contact; where it was not seen, a gap."""
    figure = empty(f"{title}, °")
    if curve.usual is not None:
        figure.add_shape(
            type="rect", x0=-USUAL_S, x1=USUAL_S, y0=curve.usual.low, y1=curve.usual.high, layer="below",
            fillcolor=tint(OUTCOMES["goal"], 0.28), line={"width": 0}, name="published",
        )  # fmt: skip
    for rows in _stretches(curve):
        times = [since_s[row] for row in rows]
        figure.add_scatter(
            x=[*times, *reversed(times)], y=[*(curve.high[r] for r in rows), *(curve.low[r] for r in reversed(rows))],
            mode="lines", fill="toself", fillcolor=tint(PATH, 0.2), line={"width": 0}, hoverinfo="skip", name="band",
        )  # fmt: skip
    figure.add_scatter(
        x=since_s, y=curve.value, mode="lines+markers", line={"color": PATH, "width": 3}, marker={"size": 5},
        connectgaps=False, name="angle", hovertemplate="%{x:+.2f} s: <b>%{y:.0f}°</b><extra></extra>",
    )  # fmt: skip
    figure.add_vline(x=0.0, line={"color": NEUTRAL, "width": 2, "dash": "dot"})
    figure.add_annotation(x=0.0, y=1.0, yref="paper", yanchor="bottom", text="contact", showarrow=False)
    at = curve.at_contact
    if at.value is not None:
        figure.add_scatter(
            x=[0.0], y=[at.value], mode="markers", marker={"color": PATH, "size": 12, "line": {"width": 2}},
            name="contact", hovertemplate="at contact: <b>%{y:.0f}°</b><extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="seconds from contact", tickformat=".1f")
    return figure


def _stretches(curve: CurveView) -> Iterator[list[int]]:
    """Curve -> the rows of each stretch that was seen without a gap."""
    rows: list[int] = []
    for row, value in enumerate((*curve.value, None)):
        if value is not None:
            rows.append(row)
        elif rows:
            yield rows
            rows = []
