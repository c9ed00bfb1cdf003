"""Showing the ball by hand: a click in a still of before the kick; only saving asks for anything."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import streamlit as st

from ..errors import KickyError
from ..service import balls, kicks
from ..storage.views import ShotView
from .parts import folded, in_words
from .words import plain

HTML, CSS, JS = (
    Path(__file__).with_name(f"pointing.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")
)
_pointer = st.components.v2.component("kicky_pointing", html=HTML, css=CSS, js=JS)
NOT_MOMENT = "The right ball, but the wrong moment? **Move the kick** instead."


def which_ball(shot: ShotView) -> None:
    """Shot -> where it is not sure of its ball, an open box that asks which it was; nothing where it is."""
    if not balls.unsure(shot.kick_frame, shot.ball_sure):
        return
    with st.container(border=True, key=f"ball_asked_{shot.id}"):
        st.header("Which ball is it? Click it.", anchor=False)
        words = (
            "No kick was found. If a ball is kicked in this film, click it where it lies before that; "
            if shot.kick_frame is None
            else "More than one thing here may be the ball. Click the one that is kicked, where it lies before; "
        )
        in_words(_pointing)(shot, f"{words}everything else is worked out again.")


def show_ball(shot: ShotView) -> None:
    """Shot -> where it is sure of its ball, a fold in which another one can be shown; nothing where it asks openly."""
    if balls.unsure(shot.kick_frame, shot.ball_sure):
        return
    folded("Not this ball? Show the ball", f"ball_open_{shot.id}", ":material/ads_click:", _folded, shot)


def _folded(shot: ShotView) -> None:
    _pointing(
        shot,
        "Click the ball where it lies before the kick. Kick, flight, speed and foot are worked out again. "
        f"{NOT_MOMENT}",
    )


def _pointing(shot: ShotView, words: str) -> None:
    """Shot, what to say (ours) -> the still to click, another moment for it, the way back."""
    st.markdown(words)
    if refusal := st.session_state.pop(f"ball_refusal_{shot.id}", ""):
        st.error(plain(refusal), icon=":material/info:")
    around = st.session_state.get(f"ball_around_{shot.id}")
    still = balls.still(shot.id, around)
    key = f"ball_point_{shot.id}"
    _pointer(key=key, data=_data(shot, still), on_save_change=lambda: _save(shot.id, key))
    if still.until_s > still.from_s:
        st.slider(
            "Is the ball hidden here? Go to another moment before the kick", still.from_s, still.until_s,
            still.time_s if around is None else around, 0.1, key=f"ball_around_{shot.id}", format="%.1f s",
        )  # fmt: skip
    if still.said is not None:
        st.button(
            "Undo: let KICKY find the ball", key=f"ball_back_{shot.id}", icon=":material/undo:",
            on_click=_ask, args=(shot.id, None),
        )  # fmt: skip


def _data(shot: ShotView, still: balls.Still) -> dict[str, Any]:
    """-> what the picture is given; its ring starts anew where `shot` changes."""
    job = kicks.under_way(shot.clip_id)
    return {
        "shot": f"{shot.id}-{shot.made_at:%H%M%S%f}",
        "frame": still.frame,
        "picture": "data:image/jpeg;base64," + base64.b64encode(still.picture).decode(),
        "size": still.size_wh_px,
        "places": [
            {"x": place.x, "y": place.y, "diameter": place.diameter, "chosen": place.chosen} for place in still.places
        ],
        "said": None if still.said is None else {"x": still.said[0], "y": still.said[1]},
        "heard": st.session_state.get(f"ball_heard_{shot.id}", 0),
        "busy": job is not None and job.kind != "redraw",
    }


def _save(shot_id: int, key: str) -> None:
    place = (st.session_state.get(key) or {}).get("save")
    if place is not None:
        _ask(shot_id, (float(place["x"]), float(place["y"])), int(place["frame"]))


def _ask(shot_id: int, ball_px: tuple[float, float] | None, frame: int | None = None) -> None:
    """Shot, place (None: take it back), the frame shown -> asked for; a refusal is told where the picture is."""
    st.session_state.pop(f"ball_around_{shot_id}", None)
    st.session_state[f"ball_heard_{shot_id}"] = st.session_state.get(f"ball_heard_{shot_id}", 0) + 1
    try:
        balls.show(shot_id, ball_px, frame)
    except KickyError as error:
        st.session_state[f"ball_refusal_{shot_id}"] = str(error)
