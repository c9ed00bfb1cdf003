"""A challenge's target on the goal's mouth, and each shot as what it made of it."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from ..challenges import Result, Zone
from ..challenges.targets import Mark
from .look import BALL, plan, tint
from .many import GOAL_M
from .mouth import frame
from .saturdays import label

AIM = "#e0912f"
LOOKS = {
    Result.HIT: ("hit", "#34b258", "circle"),
    Result.MISSED: ("missed", "#d64248", "x"),
    Result.UNCERTAIN: ("uncertain", "#f09e30", "diamond-open"),
}
"""In words, colour and sign: they are told apart by each alone."""
WIDE_M, HIGH_M, EDGE_M = 4.6, 3.3, 0.15


def target_map(zones: Sequence[Zone], marks: Sequence[Mark]) -> go.Figure:
    """Zones to aim at, shots -> the goal as the shooter sees it; goals of other sizes are drawn into a full-size one.

    Each dot carries its shot's number. A shot that passed farther out is drawn at the edge.
    """
    width, height = GOAL_M
    figure = plan((-WIDE_M, WIDE_M), (-0.35, HIGH_M), 280)
    frame(figure, width, height)
    for zone in zones:
        figure.add_shape(
            type="rect", x0=(zone.left - 0.5) * width, x1=(zone.right - 0.5) * width, y0=zone.low * height,
            y1=zone.high * height, fillcolor=tint(AIM, 0.30), line={"color": AIM, "width": 2}, layer="below",
        )  # fmt: skip
    for result, (words, colour, symbol) in LOOKS.items():
        shots = [mark for mark in marks if mark.result is result]
        figure.add_scatter(
            x=[min(max((mark.across - 0.5) * width, EDGE_M - WIDE_M), WIDE_M - EDGE_M) for mark in shots],
            y=[min(max(mark.up * height, 0.11), HIGH_M - EDGE_M) for mark in shots], mode="markers", name=words,
            marker={"color": colour, "symbol": symbol, "size": 12, "line": {"color": BALL, "width": 1}},
            customdata=[(mark.shot_id, label(mark.player)) for mark in shots],
            hovertemplate="%{customdata[1]}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.update_layout(showlegend=True)
    return figure
