"""A session's shots as a row of pictures, what became of each in a word: a tap goes to that shot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from .. import doors
from ..service import ShotView
from ..service.stage import thumb
from .words import verdict

CSS, JS = (Path(__file__).with_name(f"strip.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
HTML = '<div class="strip" role="group" aria-label="Shots of this session"></div>'
_component = st.components.v2.component("kicky_strip", html=HTML, css=CSS, js=JS)
SIGNS = {"goal": "✓", "no_goal": "✕", "unsure": "?"}


def strip(shot: ShotView, shots: Sequence[ShotView], go: Callable[[int], None]) -> None:
    """The shot shown, all of its session, what goes to another -> the row, the one shown marked."""
    key = "shot_strip"
    rows = [
        {"id": each.id, "outcome": each.outcome, "word": _word(each), "name": _name(at, each), "thumb": _thumb(each)}
        for at, each in enumerate(shots, 1)
    ]

    def went() -> None:
        to = (st.session_state.get(key) or {}).get("go")
        if to in {each.id for each in shots}:
            go(int(to))

    with st.container(key="strip"):
        _component(key=key, data={"shots": rows, "current": shot.id}, on_go_change=went)


def _word(shot: ShotView) -> str:
    """Shot -> sign and word of what became of it: not told by colour alone."""
    sign = "" if shot.body_only else SIGNS.get(shot.outcome, "")
    return f"{sign} {verdict(shot)}".strip()


def _name(number: int, shot: ShotView) -> str:
    """Its place in the session, the shot -> '3 · Ana', its film's name where nobody is named."""
    return f"{number} · {shot.player or shot.clip_name}"


def _thumb(shot: ShotView) -> str:
    return doors.hand_made(("thumb", shot.id, shot.made_at), partial(thumb, shot.id), "image/jpeg")
