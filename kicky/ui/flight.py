"""One shot in metres: at the goal, in the air, on the pitch, and what that rests on."""

from __future__ import annotations

import streamlit as st

from .. import charts
from ..storage.flights import FlightView
from ..storage.views import ShotView
from .pace import speed_card
from .places import camera_words, crossing_words, fits, near, seen_words, zone
from .sharpening import sharpen
from .tables import drawing
from .words import plain

TURNING = "Drag to turn. The thick line is the likeliest path, the faint ones fit what was seen as well; dots: seen."


def flight(shot: ShotView, view: FlightView) -> None:
    """Shot, its flight -> where it passed the goal, how fast, its path, what that rests on; or why there is none."""
    if view.why_not:
        st.info(f"The flight could not be worked out in metres: {plain(view.why_not)}", icon=":material/straighten:")
        speed_card(shot)
        return
    st.header("At the goal", anchor=False)
    mouth, cards = st.columns([3, 2])
    with mouth:
        _mouth(shot, view)
    with cards:
        speed_card(shot)
        sharpen(shot)
        _crossing(shot, view)
    above, turning = st.tabs(["From above", "In 3-D"], key="flight_view", on_change="rerun")
    if above.open:
        with above:
            drawing("The pitch from above", charts.pitch_map(view, shot.outcome), _map_words(view))
    if turning.open:
        with turning:
            drawing("The flight in 3-D", charts.flight_3d(view, shot.outcome), TURNING)
    with st.container(border=True):
        known = camera_words(view.camera) if view.camera else ""
        st.caption(f"**What this rests on.** {plain(seen_words(view))} {plain(known)}")


def _mouth(shot: ShotView, view: FlightView) -> None:
    figure = charts.goal_mouth(view, shot.outcome)
    if view.crossing is None:
        words = "As the shooter sees it. The ball did not come as far, or where it passed cannot be told."
        drawing("Goal mouth", figure, words)
        return
    words = "As the shooter sees it. The ellipse holds nine in ten of the flights that fit what was seen."
    drawing("Goal mouth", figure, words, crossing_words(view.crossing, view.goal_size_m))


def _crossing(shot: ShotView, view: FlightView) -> None:
    """Where it passed: told with the verdict as one thing, also where the likeliest path alone would say another."""
    if view.crossing is None:
        return
    crossing, size = view.crossing, view.goal_size_m
    with st.container(border=True):
        title = "At the goal line" if crossing.reached else "Was heading for"
        words = crossing_words(crossing, size)
        if fits(crossing, size, shot):
            st.metric(title, plain(zone(crossing)))
        else:
            st.metric(title, plain(near(crossing, size) or "Not as the path says"))
            words = f"The likeliest path alone: {words[:1].lower()}{words[1:]} {_other(shot)}"
        late = "" if crossing.reached else " The ball was not seen on this path as far as the goal."
        st.caption(plain(words + late))


def _other(shot: ShotView) -> str:
    """Shot -> why its verdict is not what its likeliest path says."""
    if "outcome" in shot.by_hand:
        return "You said what it was, and that counts."
    return "The chance of a goal counts all paths that fit, and what the ball did afterwards."


def _map_words(view: FlightView) -> str:
    by_the_ball = any(not place.feet for place in view.places)
    parts = [
        "From above, the goal at the top; the light wedge is what the phone sees.",
        "The shooter is drawn at the ball: the feet do not tell where they stood." if by_the_ball else "",
        view.places_why_not,
    ]
    return plain(" ".join(part for part in parts if part))
