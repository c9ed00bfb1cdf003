"""What is worth telling of a session, confetti for a goal seen for the first time, and words while one waits."""

from __future__ import annotations

import time
from collections.abc import Sequence

import streamlit as st

from ..service import highlights
from ..service.highlights import Highlight, cheer, records_beaten
from ..storage.views import SessionView, ShotView
from .parts import abreast, shot_link
from .words import plain

LINES = (
    "Counting stepovers…", "Arguing with the linesman…", "Pumping up the ball…", "Measuring ten yards, twice…",
    "Looking for the ball behind the hedge…", "Tying a lace on the touchline…", "Asking the keeper which side…",
    "Watching the replay of the replay…", "Rolling up a sock…", "Waiting for the wall to step back…",
)  # fmt: skip
EVERY_S = 4


def session_highlights(session: SessionView) -> None:
    """Session -> its highlights as cards, three abreast; nothing where there are none."""
    _cards(highlights.of_session(session.id), "highlights")


def records(session: SessionView) -> None:
    """Session -> the records beaten in it, nothing where none was."""
    if found := records_beaten(session.id):
        st.header("Records beaten", anchor=False)
        _cards(found, "records")


def _cards(found: Sequence[Highlight], name: str) -> None:
    for place, each in zip(abreast(len(found), name) if found else [], found, strict=True):
        with place.container(border=True, height="stretch"):
            st.caption(plain(each.title))
            st.markdown(f"**{plain(each.who)}**  \n{plain(each.text)}" if each.who else plain(each.text))
            if each.shot_id is not None:
                shot_link(each.shot_id)


def confetti(shot: ShotView) -> None:
    """Shot -> confetti, where it is a goal that nobody has seen yet."""
    if shot.outcome == "goal" and cheer(shot.id):
        st.balloons()


def one_liner() -> str:
    """-> a line to read while one waits; another every few seconds."""
    return LINES[int(time.time() / EVERY_S) % len(LINES)]
