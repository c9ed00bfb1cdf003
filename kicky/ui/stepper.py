"""The frame stepper that Shot, Clips and Label share: the browser plays and steps, Python hears of decisions alone."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from ..errors import KickyError
from .words import plain


def _text(*names: str) -> str:
    return "\n".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in names)


HTML, CSS, JS = _text("stepper.html"), _text("stepper.css"), _text("sketched.js", "stepper.js")
_component = st.components.v2.component("kicky_stepper", html=HTML, css=CSS, js=JS)
_drawn_in = st.components.v2.component(
    "kicky_drawn_in", html=HTML, css=_text("stepper.css", "drawing.css"),
    js=_text("sketched.js", "stepper.js", "guessing.js", "overlay.js", "drawing.js"),
)  # fmt: skip
REMEMBERED = 200
Decision = Mapping[str, Any]
"""id, on (what was shown), does, value, frame, time_s, and where they apply stop, first, seen."""


def stepper(
    place: str, reels: Sequence[Mapping[str, Any]], on: int, decide: Callable[[Decision], str],
    groups: Sequence[Mapping[str, Any]], **more: Any,
) -> None:  # fmt: skip
    """Where it stands, the film (see `films.reel`), what it is of, what takes a decision -> the film with its keys.

    `decide` gives back a word to show; a decision it refuses is told where the film is, and is not tried again.
    `groups`: title and keys, each with key, title, does, value, here where the frame shown is meant (the others do not
    wait for the film), and pressed where it answers something. A second reel is the same film without its drawing.
    `more`: start, contact, arrival, loop, marks, ball, body, picture and size as a `StageView` has them, stops, jump,
    seconds where the moment shown is told without its frame, stage where it is there to be watched with the drawings on
    its frames, and drawing where things are drawn over it.
    """
    key = f"stepper_{place}"
    server = st.session_state.setdefault("stepper_server", secrets.token_hex(4))
    if refusal := st.session_state.pop(f"{key}_refused", ""):
        st.error(plain(refusal), icon=":material/info:")
    data = {
        "place": place, "films": list(reels), "on": on, "server": server, "groups": list(groups),
        "acked": st.session_state.get(f"{key}_acked", []),
        "notice": st.session_state.get(f"{key}_notice", ""), **more,
    }  # fmt: skip
    component = _drawn_in if "drawing" in more else _component
    component(key=key, data=data, on_decided_change=lambda: _take(key, decide))


def _take(key: str, decide: Callable[[Decision], str]) -> None:
    """What the browser still has waiting -> each decided once, in order, and said to be so."""
    acked: list[str] = st.session_state.setdefault(f"{key}_acked", [])
    for told in (st.session_state.get(key) or {}).get("decided") or []:
        if told["id"] in acked:
            continue
        try:
            st.session_state[f"{key}_notice"] = decide(told)
        except KickyError as error:
            st.session_state[f"{key}_refused"] = str(error)
            st.session_state[f"{key}_notice"] = ""
        acked.append(told["id"])
    st.session_state[f"{key}_acked"] = acked[-REMEMBERED:]
