"""What was said of P(goal) -> how often it was one: a curve on the diagonal means what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go

from .look import NEUTRAL, PATH, empty

COLOURS = (PATH, "#3b82c4", "#34b258", "#b0569d")


def reliability(curves: Mapping[str, Sequence[Mapping[str, Any]]]) -> go.Figure:
    """Run: its stretches of P(goal), each with the share that were goals -> the figure, with 95 % intervals."""
    figure = empty("Were goals")
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": NEUTRAL, "dash": "dot"}, hoverinfo="skip", showlegend=False
    )
    for colour, (run, bins) in zip(COLOURS, curves.items(), strict=False):
        name = escape(run, quote=False)  # Plotly shows some HTML
        shares = [each["share"] for each in bins]
        figure.add_scatter(
            x=[each["p"] for each in bins], y=[share["value"] for share in shares], name=name, mode="lines+markers",
            line={"color": colour, "width": 1.5}, marker={"size": [7 + min(share["n"], 60) / 5 for share in shares]},
            error_y={
                "type": "data", "symmetric": False, "thickness": 1,
                "array": [share["high"] - share["value"] for share in shares],
                "arrayminus": [share["value"] - share["low"] for share in shares],
            },
            text=[f"{share['k']} of {share['n']}" for share in shares],
            hovertemplate="said %{x:.0%}, were %{y:.0%} (%{text})<extra>" + name + "</extra>",
        )  # fmt: skip
    figure.update_xaxes(title="Said: P(goal)", range=[-0.03, 1.03], tickformat=".0%")
    figure.update_yaxes(range=[-0.03, 1.03], tickformat=".0%")
    figure.update_layout(showlegend=True)
    return figure
