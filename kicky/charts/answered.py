"""How often each question was answered, and rightly: a bar a question, out of all clips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go

from .look import NEUTRAL, OUTCOMES, empty, tint

KINDS = {
    "right": ("right", OUTCOMES["goal"], ""),
    "wrong": ("wrong", OUTCOMES["no_goal"], "x"),
    "given": ("answered, truth not known", "#3b82c4", ""),
    "none": ("not answered", tint(NEUTRAL, 0.35), ""),
}
"""What became of a question: in words, its colour, and a pattern for those who do not see the colour."""
PATTERN = {"fillmode": "overlay", "fgcolor": "#ffffff", "fgopacity": 0.55, "solidity": 0.12}
BAR_PX, AROUND_PX = 46, 70


def answered_bars(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> go.Figure:
    """What each bar is called, its counts of right, wrong, given and none -> the figure, the first on top."""
    figure = empty()
    names = [escape(name, quote=False) for name, _ in rows]  # Plotly shows some HTML
    for kind, (word, colour, pattern) in KINDS.items():
        counts = [row[kind] for _, row in rows]
        if not any(counts):
            continue
        figure.add_bar(
            y=names, x=counts, orientation="h", name=word,
            marker={"color": colour, "pattern": PATTERN | {"shape": pattern}},
            text=[str(count) if count else "" for count in counts], textposition="inside", insidetextanchor="middle",
            hovertemplate="%{y}: %{x} " + word + "<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", showlegend=True, height=AROUND_PX + BAR_PX * len(rows), bargap=0.3)
    figure.update_yaxes(autorange="reversed", fixedrange=True)
    figure.update_xaxes(visible=False, fixedrange=True)
    return figure
