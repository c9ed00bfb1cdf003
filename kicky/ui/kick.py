"""Moving the kick by hand: frame by frame with two keys or two buttons; only saving asks the page again."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import streamlit as st

from ..errors import KickyError
from ..service import kicks, work
from ..storage.views import ShotView
from .parts import folded, in_words
from .words import plain
from .work import progress_lines, rerun_when_done

HTML, CSS, JS = (Path(__file__).with_name(f"kick.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
ASKED = ("restrike", "analyze")  # the work that a word on this page asks for
_stepper = st.components.v2.component("kicky_kick", html=HTML, css=CSS, js=JS)


def kick_work(shot: ShotView) -> None:
    """Shot -> the work that changes it, watched each second until it is done; then the page shows what came of it."""
    active = kicks.under_way(shot.clip_id) is not None
    st.fragment(in_words(_progress), run_every=1.0 if active else None)(shot)


def _progress(shot: ShotView) -> None:
    job = kicks.under_way(shot.clip_id)
    rerun_when_done(job is not None and job.kind != "redraw", f"kick_busy_{shot.id}")
    rerun_when_done(job is not None, f"film_busy_{shot.id}")
    if job is not None:
        progress_lines([job], named=False)
        return
    newest = next((job for job in work.jobs(shot.session_id) if job.clip_id == shot.clip_id), None)
    if newest is not None and newest.kind in ASKED and newest.state != "done" and newest.message:
        st.error(plain(newest.message), icon=":material/info:")


def move_kick(shot: ShotView) -> None:
    """Shot -> a fold with its frames around the kick; opened, one can be saved as the kick, or that be taken back."""
    folded("Move the kick", f"kick_open_{shot.id}", ":material/footprint:", _moving, shot)


def _moving(shot: ShotView) -> None:
    hand = kicks.by_hand(shot.clip_id)
    st.markdown(
        "Go to the last frame in which the ball still lies where it is struck, then save. "
        "Flight, speed, foot and angles are worked out again from there. "
        "Was another ball taken for the one that was kicked? **Show the ball** instead."
    )
    if refusal := st.session_state.pop(f"kick_refusal_{shot.id}", ""):
        st.error(plain(refusal), icon=":material/info:")
    around = st.session_state.get(f"kick_around_{shot.id}")
    strip = kicks.strip(shot.id, around)
    key = f"kick_step_{shot.id}"
    _stepper(key=key, data=_data(shot, strip, hand), on_save_change=lambda: _save(shot.id, key))
    if strip.first < strip.frames[0] or strip.last > strip.frames[-1]:
        middle = strip.time_s[len(strip.time_s) // 2]
        st.slider(
            "The kick is elsewhere? Show the frames around this second of the film", strip.from_s, strip.until_s,
            middle if around is None else around, 0.1, key=f"kick_around_{shot.id}", format="%.1f s",
        )  # fmt: skip
    if hand is not None:
        st.button(
            "Undo: let KICKY find the kick", key=f"kick_back_{shot.id}", icon=":material/undo:",
            on_click=_ask, args=(shot.id, None),
        )  # fmt: skip


def _data(shot: ShotView, strip: kicks.Strip, hand: int | None) -> dict[str, Any]:
    """-> what the stepper is given; it starts anew where `strip` changes."""
    job = kicks.under_way(shot.clip_id)
    return {
        "strip": f"{shot.made_at:%H%M%S%f}-{strip.frames[0]}",
        "frames": strip.frames,
        "times": [f"{second:.2f} s" for second in strip.time_s],
        "pictures": ["data:image/jpeg;base64," + base64.b64encode(picture).decode() for picture in strip.pictures],
        "kick": strip.kick_frame,
        "hand": hand is not None and hand == strip.kick_frame,
        "busy": job is not None and job.kind != "redraw",
    }


def _save(shot_id: int, key: str) -> None:
    frame = (st.session_state.get(key) or {}).get("save")
    if frame is not None:
        _ask(shot_id, int(frame))


def _ask(shot_id: int, frame: int | None) -> None:
    """Shot, frame (None: take it back) -> asked for; a refusal is told where the frames are."""
    st.session_state.pop(f"kick_around_{shot_id}", None)
    try:
        kicks.move(shot_id, frame)
    except KickyError as error:
        st.session_state[f"kick_refusal_{shot_id}"] = str(error)
