"""A training's rows, an epoch each -> figures: what it loses, how well it finds each class, beside the article's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from .look import NEUTRAL, PATH, empty

if TYPE_CHECKING:
    import pandas as pd

CLASSES = {"ball": PATH, "player": "#3b82c4", "goal": "#34b258"}
ALL = "mAP"


def losses(curves: pd.DataFrame) -> go.Figure:
    """Epochs -> what the student loses on the pictures it learns from, and on those it is judged by where known."""
    figure = empty("Loss")
    for column, name, colour in (("train_loss", "Learned from", PATH), ("val_loss", "Judged by", "#3b82c4")):
        if column in curves and curves[column].notna().any():
            figure.add_scatter(
                x=curves["epoch"], y=curves[column], name=name, mode="lines+markers", line={"color": colour},
                hovertemplate="epoch %{x}: %{y:.3g}<extra>" + name + "</extra>",
            )  # fmt: skip
    figure.update_xaxes(title="Epoch", tickformat="d")
    figure.update_layout(showlegend=True)
    return figure


def precision(curves: pd.DataFrame, article: Mapping[str, float]) -> go.Figure:
    """Epochs, the article's figures -> AP50:95 of each class and of all, the article's as dotted lines."""
    figure = empty("AP50:95")
    for name, colour in {**CLASSES, ALL: NEUTRAL}.items():
        column = ALL if name == ALL else f"AP_{name}"
        shown = "all" if name == ALL else name
        if column in curves and curves[column].notna().any():
            figure.add_scatter(
                x=curves["epoch"], y=curves[column], name=shown, mode="lines+markers", line={"color": colour},
                hovertemplate="epoch %{x}: %{y:.2f}<extra>" + shown + "</extra>",
            )  # fmt: skip
        if name in article:
            figure.add_hline(
                y=article[name], line={"color": colour, "dash": "dot", "width": 1.5},
                annotation_text=f"article, {shown} {article[name]:.2f}",
                annotation_position="bottom right" if name == "ball" else "top left",
                annotation_font_color=colour,
            )  # fmt: skip
    figure.update_xaxes(title="Epoch", tickformat="d")
    figure.update_yaxes(range=[0, 1])
    figure.update_layout(showlegend=True)
    return figure


def students(judged: Mapping[str, Mapping[str, float]], article: Mapping[str, float]) -> go.Figure:
    """Student: AP50:95 by class -> bars side by side, the article's student last."""
    figure = empty("AP50:95")
    colours: Sequence[str] = (PATH, "#3b82c4", "#34b258", NEUTRAL)
    rows = {**judged, "article (its own pictures)": {name: article[name] for name in CLASSES if name in article}}
    for colour, (student, values) in zip(colours, rows.items(), strict=False):
        name = escape(student, quote=False)  # Plotly shows some HTML
        known = [label for label in CLASSES if label in values]
        heights = [values[label] for label in known]
        figure.add_bar(
            x=known, y=heights, name=name, marker={"color": colour}, text=[f"{v:.2f}" for v in heights],
            hovertemplate="%{x}: %{y:.2f}<extra>" + name + "</extra>",
        )  # fmt: skip
    figure.update_yaxes(range=[0, 1.05])
    figure.update_layout(showlegend=True, barmode="group")
    return figure
