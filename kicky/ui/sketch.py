"""Drawing on a still of a shot: lines, arrows, angles, circles, words; kept as they are drawn."""

from __future__ import annotations

import base64
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from ..drawings import LONGEST, MOST
from ..errors import KickyError
from ..service import drawing
from ..storage.views import DrawingView, ShotView
from .answers import open_tab
from .card import file_name
from .parts import in_words
from .words import plain

HTML, CSS = (Path(__file__).with_name(f"sketch.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
SKETCHED, JS = (Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("sketched.js", "sketch.js"))
_sketch = st.components.v2.component("kicky_sketch", html=HTML, css=CSS, js=f"{SKETCHED}\n{JS}")


def drawn(shot: ShotView) -> None:
    """Shot -> a frame of its film to draw on, the drawings it has, and the picture to save."""
    in_words(_drawn)(shot)


def draw_here(shot_id: int, frame: int) -> None:
    """Shot, the frame its film shows -> the tab is opened with that frame to draw on; in a callback."""
    st.session_state[_at(shot_id)] = frame
    open_tab("Draw")


def as_told(drawings: tuple[DrawingView, ...]) -> list[dict[str, Any]]:
    """Drawings -> as the page's scripts are given them."""
    return [{"frame": each.frame, "shapes": [shape.to_json() for shape in each.shapes]} for each in drawings]


def _at(shot_id: int) -> str:
    return f"draw_frame_{shot_id}"


def _drawn(shot: ShotView) -> None:
    st.header("Draw on a picture", anchor=False)
    st.markdown(
        "What you draw is kept at once, shown when the film stands on this frame, and held for a moment in the film "
        "you send. Degrees are those of the picture."
    )
    if refusal := st.session_state.pop(f"draw_refusal_{shot.id}", ""):
        st.error(plain(refusal), icon=":material/info:")
    still = drawing.still(shot.id, st.session_state.get(_at(shot.id)))
    _others(shot, drawing.of_shot(shot.id), still.frame)
    if still.frames > 1:
        st.session_state[_at(shot.id)] = still.frame
        st.slider("Frame", 0, still.frames - 1, key=_at(shot.id), format=f"%d, {since(shot, still.time_s)}")
    key = f"draw_on_{shot.id}"
    _sketch(key=key, data=_data(shot.id, still), on_save_change=lambda: _save(shot.id, key))
    if still.shapes:
        with st.container(horizontal=True):
            name = file_name(shot).removesuffix(".png")
            st.download_button(
                "Save this picture", partial(drawing.picture, shot.id, still.frame),
                f"{name}-{still.frame}.png", "image/png", key=f"draw_save_{shot.id}", icon=":material/download:",
                on_click="ignore",
            )  # fmt: skip
            st.button(
                "Delete this drawing", key=f"draw_delete_{shot.id}", icon=":material/delete:", on_click=_erase,
                args=(shot.id, still.frame),
            )  # fmt: skip


def _others(shot: ShotView, kept: tuple[DrawingView, ...], frame: int) -> None:
    """The drawings kept -> a button to each, where there is another one than that shown."""
    if {each.frame for each in kept} <= {frame}:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Drawings:")
        for each in kept:
            st.button(
                since(shot, each.time_s), key=f"draw_go_{shot.id}_{each.frame}", disabled=each.frame == frame,
                on_click=st.session_state.__setitem__, args=(_at(shot.id), each.frame),
            )  # fmt: skip


def since(shot: ShotView, time_s: float) -> str:
    """Shot, a moment of its film -> it in words, told from the kick where there is one."""
    if shot.kick_time_s is None:
        return f"at {time_s:.2f} s"
    apart = time_s - shot.kick_time_s
    if abs(apart) < 5e-4:  # the very frame
        return "the kick"
    return f"{abs(apart):.2f} s {'before' if apart < 0 else 'after'} the kick"


def _data(shot_id: int, still: drawing.Still) -> dict[str, Any]:
    """-> what the picture is given; what is drawn begins anew from what is kept where `of` changes."""
    return {
        "of": f"{shot_id}-{still.frame}-{st.session_state.get(f'draw_anew_{shot_id}', 0)}",
        "frame": still.frame,
        "picture": "data:image/jpeg;base64," + base64.b64encode(still.picture).decode(),
        "size": still.size_wh_px,
        "shapes": [shape.to_json() for shape in still.shapes],
        "longest": LONGEST,
        "most": MOST,
    }


def _save(shot_id: int, key: str) -> None:
    """What was drawn -> kept, or gone where all of it was taken back; a refusal is told where the picture is."""
    told = (st.session_state.get(key) or {}).get("save")
    if told is None:
        return
    try:
        if told["shapes"]:
            drawing.draw(shot_id, int(told["frame"]), told["shapes"])
        else:
            drawing.erase(shot_id, int(told["frame"]))
    except KickyError as error:
        st.session_state[f"draw_refusal_{shot_id}"] = str(error)
        _anew(shot_id)


def _erase(shot_id: int, frame: int) -> None:
    try:
        drawing.erase(shot_id, frame)
    except KickyError as error:
        st.session_state[f"draw_refusal_{shot_id}"] = str(error)
    _anew(shot_id)


def _anew(shot_id: int) -> None:
    st.session_state[f"draw_anew_{shot_id}"] = st.session_state.get(f"draw_anew_{shot_id}", 0) + 1
