"""A session's shots as pictures, what became of each in a word: in a row or as a grid; a tap goes to that shot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

import streamlit as st

from .. import doors
from ..service.stage import thumb
from ..storage.views import ShotView
from .answers import how_hard
from .words import FEET, verdict

CSS, JS = (Path(__file__).with_name(f"strip.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
HTML = '<div class="strip" role="group" aria-label="Shots of this session"></div>'
_row = st.components.v2.component("kicky_strip", html=HTML, css=CSS, js=JS)
# A grid from the first: what scrolls sideways and then does not counts as moved, all of it.
_grid = st.components.v2.component("kicky_grid", html=HTML.replace('"strip"', '"strip grid"'), css=CSS, js=JS)
SIGNS = {"goal": "✓", "no_goal": "✕", "unsure": "?"}
MOST_ROWS = 4  # of two cards, for which look.css keeps room while they are not drawn yet


def strip(shot: ShotView | None, shots: Sequence[ShotView], go: Callable[[int], None]) -> None:
    """The shot shown, all of its session, what goes to another -> the row, the one shown marked."""
    rows = [_card(at, each) for at, each in enumerate(shots, 1)]
    with st.container(key="strip"):
        _draw(_row, "shot_strip", rows, go, shot.id if shot else None)


def grid(numbered: Sequence[tuple[int, ShotView]], go: Callable[[int], None]) -> None:
    """Shots with their places in the session, what opens one -> all of them at once, with foot and speed."""
    rows = [_card(at, each) | {"more": _more(each)} for at, each in numbered]
    with st.container(key=f"grid-{min(ceil(len(rows) / 2), MOST_ROWS)}"):
        _draw(_grid, "shot_grid", rows, go, None)


def _draw(
    component: Any, key: str, rows: list[dict[str, object]], go: Callable[[int], None], current: int | None
) -> None:
    def went() -> None:
        to = (st.session_state.get(key) or {}).get("go")
        if isinstance(to, int) and to in {row["id"] for row in rows}:
            go(to)

    component(key=key, data={"shots": rows, "current": current}, on_go_change=went)


def _card(number: int, shot: ShotView) -> dict[str, object]:
    name = titled(number, shot)
    return {"id": shot.id, "outcome": shot.outcome, "word": word(shot), "name": name, "thumb": _thumb(shot)}


def word(shot: ShotView) -> str:
    """Shot -> sign and word of what became of it: not told by colour alone."""
    sign = "" if shot.body_only else SIGNS.get(shot.outcome, "")
    return f"{sign} {verdict(shot)}".strip()


def titled(number: int, shot: ShotView) -> str:
    """Its place in the session, the shot -> '3 · Ana', its film's name where nobody is named."""
    return f"{number} · {shot.player or shot.clip_name}"


def _more(shot: ShotView) -> str:
    """Shot -> 'Right · 88 km/h', as far as it is known."""
    foot = FEET.get(shot.foot, "") if shot.foot != "unsure" else ""
    hard, _ = how_hard(shot)
    return " · ".join(part for part in (foot, hard if hard != "–" else "") if part) or "–"


def _thumb(shot: ShotView) -> str:
    return doors.hand_made(("thumb", shot.id, shot.made_at), partial(thumb, shot.id), "image/jpeg")
