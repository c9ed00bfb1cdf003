"""Lines and the spot of the pitch, clicked in the picture: with the goal they say how far all of it is."""

from __future__ import annotations

import streamlit as st

from ..service import scenes, stating
from .asked import Asked
from .canvas import dots
from .corners import Box, Corner, settle
from .parts import folded, in_words
from .words import plain

WHY = (
    "Can you see a line of the pitch, or the penalty spot? Filmed from behind, the goal alone hardly tells how far "
    "away it is; a line at a known distance makes every speed of this session far surer."
)
PARTS = {"Left": (0.0, 0.5), "All": (0.0, 1.0), "Right": (0.5, 1.0)}


def fold(session_id: int) -> str:
    """Session -> the key under which its fold is open or shut."""
    return f"marks_open_{session_id}"


def pitch_marks(asked: Asked, corners: list[Corner]) -> None:
    """A goal that is settled -> a fold to click the pitch's lines in; nothing where their distances are not known."""
    if scenes.marks_offered(asked.size_m):
        folded("Click the pitch's lines", fold(asked.session_id), ":material/line_start:", _marks, asked, corners)


def _marks(asked: Asked, corners: list[Corner]) -> None:
    offered, kept = scenes.marks_offered(asked.size_m), scenes.marks(asked.session_id, asked.picture_wh)
    st.markdown(WHY)
    kind = st.radio(
        "What you see", list(offered), key=f"marks_kind_{asked.session_id}",
        format_func=lambda name: plain(f"{offered[name].words}{' ✓' if name in kept else ''}"),
    )  # fmt: skip
    clicks = offered[kind].clicks
    state = f"mark_{asked.session_id}_{kind}"
    points = st.session_state.setdefault(state, [*kept.get(kind, [])])
    if len(points) == clicks and kind not in kept:  # it went with a goal that was clicked elsewhere
        points = st.session_state[state] = []
        _anew(kind)
    st.info(_next(len(points), clicks), icon=":material/ads_click:")
    clicked = dots(f"mark_{kind}", scenes.still(asked.clip.id, asked.frame), asked.clip, _below(asked, corners), points)
    if clicked != points:
        if len(clicked) > clicks:
            _anew(kind)
        _keep(asked, kind, settle(clicked, clicks), clicks)
        st.rerun()
    _typed(asked, kind, points, clicks)
    if kind in kept:
        st.button(
            "Remove this line" if clicks > 1 else "Remove the spot", key=f"{state}_away", icon=":material/delete:",
            on_click=in_words(_remove), args=(asked, kind),
        )  # fmt: skip


def _next(done: int, clicks: int) -> str:
    """Points so far, points wanted -> what to do next."""
    if done >= clicks:
        return "Kept for the whole session. To move a point, click where it really is."
    if clicks == 1:
        return "Click the middle of the spot."
    return f"Click point {done + 1} of 2 in the middle of the painted line, the two far apart."


def _below(asked: Asked, corners: list[Corner]) -> Box:
    """-> the part of the picture in which the pitch lies before the goal, or the half of it that was asked for."""
    part = st.segmented_control(
        "Show", list(PARTS), default="All", key=f"marks_part_{asked.session_id}", required=True,
        help="Half of the picture is shown twice as large: a finger hits a line better there.",
    )  # fmt: skip
    left, right = PARTS[part]
    wide, high = asked.picture_wh
    middle = sum(y for _, y in corners) / len(corners)  # seen from behind the goal the pitch lies beyond its feet
    return left * wide, min(middle, 0.8 * high), right * wide, float(high)


def _typed(asked: Asked, kind: str, points: list[Corner], clicks: int) -> None:
    """The same by keyboard."""
    if not st.toggle("Type the points instead", key=f"mark_type_{asked.session_id}"):
        return
    wide, high = (float(side) for side in asked.picture_wh)
    with st.form(f"mark_form_{asked.session_id}_{kind}_{len(points)}", border=False):
        typed = []
        for number in range(clicks):
            x, y = points[number] if number < len(points) else (0.0, 0.0)
            across, down = st.columns(2)
            title = f"Point {number + 1}, pixels from the"
            x = across.number_input(f"{title} left", 0.0, wide, min(round(x, 1), wide), 1.0)
            y = down.number_input(f"{title} top", 0.0, high, min(round(y, 1), high), 1.0)
            typed.append((x, y))
        if st.form_submit_button("Use these points"):
            in_words(_keep)(asked, kind, typed, clicks)
            _anew(kind)
            st.rerun()


def _keep(asked: Asked, kind: str, points: list[Corner], clicks: int) -> None:
    """Points of a mark -> the session state, and the store once there are as many as it takes."""
    st.session_state[f"mark_{asked.session_id}_{kind}"] = points
    if len(points) == clicks:
        stating.mark(asked.session_id, kind, points, asked.picture_wh)


def _remove(asked: Asked, kind: str) -> None:
    _anew(kind)
    st.session_state[f"mark_{asked.session_id}_{kind}"] = []
    stating.mark(asked.session_id, kind, None, asked.picture_wh)


def _anew(kind: str) -> None:
    """A mark whose points changed otherwise than by a click -> its canvas starts anew with them."""
    st.session_state[f"mark_{kind}_turn"] = st.session_state.get(f"mark_{kind}_turn", 0) + 1
