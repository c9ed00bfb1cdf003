"""The body as a figure to turn: a moment at a time, from where one likes, with another shot beside it."""

from __future__ import annotations

import streamlit as st

from .. import charts
from ..service import comparing, shots
from ..storage.bodies import BodyView
from ..storage.views import ShotView
from .parts import in_words
from .tables import drawing
from .words import TITLES, measured, plain

FEET = {True: "left", False: "right"}


def body(shot: ShotView) -> None:
    """Shot -> its body in 3-D, or why there is none."""
    st.header("The body in 3-D", anchor=False)
    with st.spinner("Working out the body", show_time=False):
        view = shots.body(shot.id)
    if view.why_not:
        st.caption(f"No figure: {plain(view.why_not)}")
        return
    st.fragment(in_words(_figure))(shot, view)


def _figure(shot: ShotView, view: BodyView) -> None:
    key = f"body_{shot.id}"
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        seen = st.segmented_control(
            "Look from", charts.VIEWS, default=charts.VIEWS[0], key=f"{key}_view", required=True,
        )  # fmt: skip
    with right:
        others = comparing.models(shot)
        other = st.selectbox(
            "Beside it", list(others), None, format_func=others.__getitem__, key=f"{key}_other",
            placeholder="Nobody" if others else "No other shot yet", disabled=not others,
        )  # fmt: skip
    ghost, words = (None, "") if other is None else _ghost(view, other, key)
    rows = _moments(view)
    moment = st.segmented_control(
        "Seconds from contact",
        list(rows),
        default=view.contact,
        format_func=rows.__getitem__,
        key=f"{key}_moment",
        required=True,
    )
    figure = charts.body(view, view.contact if moment is None else moment, seen or charts.VIEWS[0], ghost)
    drawing("The body in 3-D", figure, plain(f"{_legend(view)} {words}"), _content(view))


def _moments(view: BodyView) -> dict[int, str]:
    """Body -> rows about contact that a button goes to, and what it is called."""
    off = {round(since, 2): row for row, since in enumerate(view.since_s)}
    words = {-0.2: "−0.2", -0.1: "−0.1", 0.0: "contact", 0.1: "+0.1", 0.2: "+0.2"}
    return {off[since]: text for since, text in words.items() if since in off}


def beside(shot: ShotView, other: int) -> None:
    """Shot, another -> both bodies in one figure at contact; nothing where either has none."""
    view = shots.body(shot.id)
    if view.why_not:
        return
    ghost, words = _ghost(view, other, f"beside_{shot.id}_{other}")
    if ghost is not None:
        drawing(
            "Both bodies in 3-D", charts.body(view, view.contact, charts.VIEWS[0], ghost), plain(words), _content(view)
        )


def _ghost(view: BodyView, other: int, key: str) -> tuple[charts.Ghost | None, str]:
    """Body, another shot -> that one's body, mirrored if wanted, and what is to be said of it."""
    theirs = shots.body(other)
    if theirs.why_not:
        return None, f"The other shot has no figure: {theirs.why_not}"
    words = "Pink: the other shot, laid over this one by its ball, its way and its contact."
    if theirs.kicks_left == view.kicks_left:
        return charts.Ghost(theirs, False), words
    foot = FEET[view.kicks_left]
    turned = st.toggle("Mirror the other", True, key=f"{key}_mirror", help=f"So that both kick with the {foot} foot.")
    if turned:
        words += f" Mirrored so that both kick with the {foot} foot."
    return charts.Ghost(theirs, turned), words


def _legend(view: BodyView) -> str:
    foot = FEET[view.kicks_left]
    return (
        f"Orange kicks, with the {foot} foot; blue stands. Thin lines at contact: other bodies that fit the film as "
        "well. The arrow: where the ball goes. Half a metre from line to line. Arms and head are a guess. Drag to turn."
    )


def _content(view: BodyView) -> str:
    """Body -> what the figure shows at contact, for who cannot see it."""
    given = [measure for measure in view.angles.values() if measure.value is not None]
    told = [f"{TITLES.get(m.name, m.name)} {', '.join(measured(m))}" for m in given]
    return f"At contact: {'; '.join(told)}." if told else ""
