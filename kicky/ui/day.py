"""The day of a session: what its clips say of it, and a way to put day and place right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from ..service import sessions
from ..storage.views import ClipView, SessionView
from .parts import in_words
from .words import day_words, plain

NAMED = 3  # clips told by name


def session_day(session: SessionView, clips: Sequence[ClipView]) -> None:
    """Session, its clips -> a word where they tell another day, one tap to take it; a form for day and place."""
    known = Counter(clip.filmed_on for clip in clips if clip.filmed_on)
    others = [clip for clip in clips if clip.filmed_on not in (None, session.date)]
    if len(known) == 1 and others:
        (day,) = known
        st.warning(
            f"The clips say they were filmed on {day_words(day)}; this session is kept as {day_words(session.date)}.",
            icon=":material/event:",
        )
        st.button(
            f"Move the session to {day_words(day)}",
            on_click=in_words(sessions.change),
            args=(session.id, day, session.place),
        )
    elif others:
        names = ", ".join(f"{plain(clip.name)} ({day_words(clip.filmed_on)})" for clip in others[:NAMED])
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        st.caption(f"Filmed on another day, if their files are right: {names}{more}.")
    with (
        st.expander("Change day or place", icon=":material/edit_calendar:"),
        st.form(f"day_{session.id}", border=False),
    ):
        left, right = st.columns(2)
        date = left.date_input(
            "Filmed on", session.date, format="DD/MM/YYYY", key=f"day_on_{session.id}_{session.date}"
        )
        place = right.text_input("Where", session.place, max_chars=80, key=f"day_place_{session.id}_{session.place}")
        if st.form_submit_button("Keep day and place"):
            sessions.change(session.id, date, place)
            st.rerun()
