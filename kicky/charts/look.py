"""What all figures share: an empty one, and colours to be seen on chalk and on night green."""

from __future__ import annotations

import plotly.graph_objects as go

NEUTRAL = "#8a938c"
PITCH, CHALK, BALL = "#1d6b3b", "#f4f7ee", "#fdfdf6"
PATH = "#e0912f"
OUTCOMES = {"goal": "#34b258", "no_goal": "#d64248", "unsure": "#f09e30"}
"""The colours of the verdict on the film, too."""


def empty(title_y: str = "") -> go.Figure:
    """-> an empty figure, see-through, with room for thumbs and without a toolbar's clutter."""
    figure = go.Figure()
    figure.update_layout(
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", height=320,
        margin={"l": 8, "r": 8, "t": 30, "b": 8}, showlegend=False, dragmode=False, hovermode="closest",
        uirevision="as it was left",  # turned, or a name switched off: a page that is drawn again does not undo it
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    )  # fmt: skip
    figure.update_yaxes(title=title_y, automargin=True, zeroline=False)
    figure.update_xaxes(automargin=True, zeroline=False, showgrid=False)
    return figure


def plan(across: tuple[float, float], up: tuple[float, float], height: int) -> go.Figure:
    """What must be seen of the two axes in metres -> an empty figure to scale; a wider page shows more around it.

    An axis whose first number is the larger one runs the other way; room to spare is added at the top.
    """
    figure = empty()
    figure.update_layout(height=height, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    figure.update_xaxes(range=across, visible=False, fixedrange=True, automargin=False)
    figure.update_yaxes(range=up, visible=False, fixedrange=True, automargin=False, scaleanchor="x", scaleratio=1)
    figure.update_yaxes(constraintoward="bottom")
    return figure


def tint(colour: str, opacity: float) -> str:
    """'#rrggbb' -> the same, let through.

    >>> tint("#34b258", 0.5)
    'rgba(52,178,88,0.5)'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
