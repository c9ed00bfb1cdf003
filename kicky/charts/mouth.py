"""Flight -> the goal's mouth as the shooter sees it, with the place where the ball passed."""

from __future__ import annotations

from math import cos, pi, sin, sqrt
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from .look import BALL, CHALK, NEUTRAL, OUTCOMES, PITCH, plan, tint

if TYPE_CHECKING:
    from ..storage.flights import CrossingView, FlightView

BALL_M, POST_M = 0.11, 0.12
# Nine of ten draws from a normal distribution in the plane lie within this many sigmas: sqrt(chi2(2), 0.9).
NINE_OF_TEN = 2.1460
TURN = [2 * pi * step / 48 for step in range(49)]


def goal_mouth(view: FlightView, outcome: str) -> go.Figure:
    """Flight, its outcome -> the goal to scale with its nine zones, the ball to scale, the ellipse of nine in ten.

    Without a crossing the goal stands empty.
    """
    width, height = view.goal_size_m
    crossing = view.crossing
    left, right, top = -width / 2 - 0.6, width / 2 + 0.6, height + 0.6
    outline = _ellipse(crossing) if crossing else []
    if crossing:
        across = [x for x, _ in outline]
        left, right = min(left, min(across) - 0.3), max(right, max(across) + 0.3)
        top = max(top, crossing.z_m + 0.5, *(z + 0.2 for _, z in outline))
    figure = plan((left, right), (-0.35, top), 230)
    frame(figure, width, height)
    if crossing:
        _zone(figure, crossing, (width, height), OUTCOMES.get(outcome, NEUTRAL))
        _ball(figure, crossing, outline, OUTCOMES.get(outcome, NEUTRAL))
    return figure


def frame(figure: go.Figure, width: float, height: float) -> None:
    """An empty plan -> with the goal: grass, its frame and the lines of the nine zones; widths are the inner ones."""
    half = width / 2
    figure.add_shape(type="rect", xref="paper", x0=0, x1=1, y0=-60, y1=0, fillcolor=PITCH, line_width=0, layer="below")
    dashes = {"color": NEUTRAL, "width": 1, "dash": "dot"}
    for third in (1, 2):
        x, z = -half + third * width / 3, third * height / 3
        figure.add_shape(type="line", x0=x, x1=x, y0=0, y1=height, line=dashes, layer="below")
        figure.add_shape(type="line", x0=-half, x1=half, y0=z, y1=z, line=dashes, layer="below")
    outer = half + POST_M
    for box in ((-outer, -half, 0, height), (half, outer, 0, height), (-outer, outer, height, height + POST_M)):
        x0, x1, z0, z1 = box
        edge = {"color": NEUTRAL, "width": 1}
        figure.add_shape(type="rect", x0=x0, x1=x1, y0=z0, y1=z1, fillcolor=CHALK, line=edge, layer="below")


def _zone(figure: go.Figure, crossing: CrossingView, size_m: tuple[float, float], colour: str) -> None:
    """The zone it went through, tinted."""
    if not crossing.zone:
        return
    width, height = size_m[0] / 3, size_m[1] / 3
    column = min(max(int((crossing.x_m + size_m[0] / 2) / width), 0), 2)
    row = min(max(int(crossing.z_m / height), 0), 2)
    x, z = column * width - size_m[0] / 2, row * height
    fill = tint(colour, 0.22)
    figure.add_shape(type="rect", x0=x, x1=x + width, y0=z, y1=z + height, fillcolor=fill, line_width=0, layer="below")


def _ellipse(crossing: CrossingView) -> list[tuple[float, float]]:
    """Crossing -> points about it, (x, z), that hold nine in ten of what fits."""
    a, up = crossing.sigma_m
    b, c = up * crossing.together, up * sqrt(max(1 - crossing.together**2, 0.0))
    turn = [(NINE_OF_TEN * cos(angle), NINE_OF_TEN * sin(angle)) for angle in TURN]
    return [(crossing.x_m + a * u, crossing.z_m + b * u + c * v) for u, v in turn]


def _ball(figure: go.Figure, crossing: CrossingView, outline: list[tuple[float, float]], colour: str) -> None:
    """The ball, to scale, and the ellipse; dotted and hollow where it was only heading there."""
    dash = "solid" if crossing.reached else "dot"
    figure.add_scatter(
        x=[x for x, _ in outline], y=[z for _, z in outline], mode="lines", fill="toself", hoverinfo="skip",
        fillcolor=tint(colour, 0.28), line={"color": colour, "width": 1.5, "dash": dash}, name="nine in ten",
    )  # fmt: skip
    words = f"<b>{crossing.zone or 'outside the goal'}</b><br>{crossing.z_m:.1f} m high"
    ring = [(crossing.x_m + BALL_M * cos(angle), crossing.z_m + BALL_M * sin(angle)) for angle in TURN]
    figure.add_scatter(
        x=[x for x, _ in ring], y=[z for _, z in ring],
        mode="lines", fill="toself", hoverinfo="text", text=words, hoveron="fills+points", name="ball",
        fillcolor=BALL if crossing.reached else "rgba(0,0,0,0)", line={"color": colour, "width": 2.5},
    )  # fmt: skip
