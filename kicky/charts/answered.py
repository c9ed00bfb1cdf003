"""How often each question was answered, and rightly: a bar a question, out of all clips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go

from .look import CHALK, OUTCOMES, empty

INK = "#10201a"
KINDS = {
    "right": ("right", OUTCOMES["goal"], INK, ""),
    "wrong": ("wrong", OUTCOMES["no_goal"], CHALK, "x"),
    "given": ("answered, truth not known", "#2f6da8", CHALK, ""),
    "none": ("not answered", "#b9c0ba", INK, ""),
}
"""What became of a question: in words, its colour, that of its count, a pattern for those who do not see the colour."""
PATTERN = {"fillmode": "overlay", "fgcolor": "#ffffff", "fgopacity": 0.55, "solidity": 0.12}
BAR_PX, AROUND_PX = 46, 70


def answered_bars(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> go.Figure:
    """What each bar is called, its counts of right, wrong, given and none -> the figure, the first on top."""
    figure = empty()
    names = [escape(name, quote=False) for name, _ in rows]  # Plotly shows some HTML
    for kind, (word, colour, ink, pattern) in KINDS.items():
        counts = [row[kind] for _, row in rows]
        if not any(counts):
            continue
        figure.add_bar(
            y=names, x=counts, orientation="h", name=word,
            marker={"color": colour, "pattern": PATTERN | {"shape": pattern}},
            text=[str(count) if count else "" for count in counts], textposition="inside", insidetextanchor="middle",
            insidetextfont={"color": ink},
            hovertemplate="%{y}: %{x} " + word + "<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", showlegend=True, height=AROUND_PX + BAR_PX * len(rows), bargap=0.3)
    figure.update_yaxes(autorange="reversed", fixedrange=True)
    figure.update_xaxes(visible=False, fixedrange=True)
    return figure
