"""From a number to the frames it was worked out from, and to the pixels in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from ..service import provenance
from ..service.provenance import ANSWERS, MarkView, ProvenanceView
from ..storage.views import ShotView
from .parts import folded
from .words import FEET, TITLES, VERDICTS, measured, plain

if TYPE_CHECKING:
    import pandas as pd

ASKED = {"outcome": "Goal or not", "kick": "Kick", "foot": "Foot"}


def origins(shot: ShotView) -> None:
    """Shot -> a fold in which any of its numbers is followed to the frames and pixels behind it."""
    folded("What it was decided from", f"provenance_open_{shot.id}", ":material/frame_inspect:", _trail, shot)


def _trail(shot: ShotView) -> None:
    given = [name for name, measure in shot.measures.items() if measure.value is not None]
    name = st.selectbox(
        "Number", [*ANSWERS, *given], format_func=lambda each: _said(shot, each), key=f"provenance_{shot.id}"
    )
    view = provenance.of_shot(shot.id, name)
    if name in shot.by_hand:
        st.caption("You corrected this. Below is what KICKY's own answer was based on.")
    st.markdown(plain(view.rests))
    if view.frame is None:
        return
    picture, table = st.columns([3, 2])
    with table:
        frame = _frame(f"provenance_frame_{shot.id}_{name}", view)
    with picture:
        here = [mark for mark in view.marks if mark.frame == frame]
        what = f"Frame {frame}, {here[0].time_s:.2f} s: " + ", ".join(mark.what for mark in here)
        st.image(provenance.still(shot.id, name, frame), caption=plain(what), width="stretch")


def _said(shot: ShotView, name: str) -> str:
    """Shot, number -> what the choice calls it: its title and value."""
    if name in TITLES:
        return f"{TITLES[name]}: {measured(shot.measures[name])[0]}"
    kick = "not found" if shot.kick_time_s is None else f"{shot.kick_time_s:.2f} s"
    value = {"outcome": VERDICTS.get(shot.outcome, ""), "foot": FEET.get(shot.foot, ""), "kick": kick}[name]
    return f"{ASKED[name]}: {value}"


def _frame(key: str, view: ProvenanceView) -> int:
    """Marks in a table -> the frame to show: that of the row ticked, or of those beside it by the buttons."""
    frames = sorted({mark.frame for mark in view.marks})
    st.session_state.setdefault(key, view.frame)
    if st.session_state[key] not in frames:
        st.session_state[key] = view.frame
    at = frames.index(st.session_state[key])
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, icon, to in (("Earlier", "chevron_left", at - 1), ("Later", "chevron_right", at + 1)):
            st.button(
                label, icon=f":material/{icon}:", disabled=not 0 <= to < len(frames), key=f"{key}_{label}",
                on_click=_show, args=(key, frames[min(max(to, 0), len(frames) - 1)]),
            )  # fmt: skip
        st.caption(f"{at + 1} of {len(frames)} frames")
    chosen: Any = st.dataframe(
        _rows(view.marks), hide_index=True, height=320, key=f"{key}_rows", on_select="rerun",
        selection_mode="single-cell", placeholder="–",
        column_config={name: st.column_config.NumberColumn(format="%.1f") for name in ("x", "y", "off the fit, px")},
    )  # fmt: skip
    cells = chosen["selection"]["cells"] if chosen else []
    if cells and st.session_state.get(f"{key}_cell") != cells[0]:
        st.session_state[f"{key}_cell"] = cells[0]
        st.session_state[key] = view.marks[cells[0][0]].frame
    return int(st.session_state[key])


def _rows(marks: Sequence[MarkView]) -> pd.DataFrame:
    import pandas as pd

    rows = [(mark.frame, mark.what, mark.x, mark.y, mark.off_px) for mark in marks]
    table = pd.DataFrame(rows, columns=["frame", "what", "x", "y", "off the fit, px"])
    return table.dropna(axis=1, how="all")


def _show(key: str, frame: int) -> None:
    st.session_state[key] = frame
