"""Films dropped, or picked from a folder: added at once, to the day they were filmed on; refusals stay until read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from ..service import sessions, work
from ..service.clips import untried
from ..service.sessions import last_saturday
from ..storage.views import ClipView, SessionView
from .parts import choose, in_words
from .words import day_words, plain, session_name
from .work import add_all, films_from_folder

FILMS = ["mp4", "mov", "m4v", "avi", "mkv", "webm", "3gp"]
REFUSED, TURN, DROPPED, FORM = "add_refused", "add_turn", "add_dropped", "add_form"
ADD, NEXT, UNSETTLED = "pages/1_Analyze.py", "add_next", "add_unsettled"


def drop_films(shown: SessionView | None) -> None:
    """The session for films that do not tell their day, None: the last Saturday's -> a place to drop films; they are
    added as soon as they are there.
    """
    turn = st.session_state.setdefault(TURN, 0)
    sent = st.file_uploader(
        "Drop your films here, one shot each", FILMS, accept_multiple_files=True, key=f"add_upload_{turn}",
    )  # fmt: skip
    if sent:
        _add([(file.name, file) for file in sent], shown)
    day = session_name(shown) if shown else day_words(last_saturday())
    st.caption(f"Each goes to the day it was filmed on; where a film does not say, to {plain(day)}.")
    refusals()


def pick_session(days: Sequence[SessionView]) -> tuple[SessionView, SessionView | None]:
    """Sessions, newest first -> the one to show, and the one for films that do not tell their day: it too, where
    somebody asked for it or it is of these days; else none.
    """
    if "session_choice" not in st.session_state:  # just arrived: by a link to a session, or by the menu
        st.session_state["add_asked"] = "session" in st.query_params
    if NEXT in st.session_state:
        st.session_state["session_choice"] = st.session_state.pop(NEXT)
    session = choose("Session", days, session_name, "session")
    if session.place == sessions.SAMPLES:
        return session, None
    recent = session.date >= last_saturday()
    return session, session if st.session_state["add_asked"] or recent or session.id != days[0].id else None


def other_ways(shown: SessionView | None) -> None:
    """As for `drop_films` -> folded away: films of a folder, slow motion, a session made by hand."""
    turn = st.session_state.setdefault(TURN, 0)
    with st.expander("From a folder, slow motion, new session", icon=":material/tune:", key=f"add_more_{turn}"):
        st.number_input(
            "Slow motion: how many times slower than real time", 1.0, 64.0, None, 1.0, format="%g", key="add_slow",
            placeholder="As each film says; most say nothing and play at real speed",
        )  # fmt: skip
        picked = films_from_folder(f"add_films_{turn}")
        many = f"Add {len(picked)} clip{'s' * (len(picked) > 1)}"
        if picked and st.button(many, type="primary", icon=":material/add:"):
            _add([(path.name, path) for path in picked], shown)
        _new_session()


def _new_session() -> None:
    """A form -> the session of that day and place, made unless it is there; the fold it stands in closes."""
    with st.form(FORM, border=False):
        day, place = st.columns(2)
        date = day.date_input("Day", last_saturday(), format="DD/MM/YYYY", key="add_day")
        where = place.text_input("Place", placeholder="Where you played", max_chars=80, key="add_place")
        if st.form_submit_button("Create the session"):
            st.session_state[NEXT] = sessions.on(date, where)
            st.session_state[TURN] += 1
            st.rerun()


def _add(films: Sequence[tuple[str, BinaryIO | Path]], shown: SessionView | None) -> None:
    """Films -> clips of their days; the page goes on with the day of the last one."""
    into, refused = add_all(films, st.session_state.get("add_slow"), shown.id if shown else None)
    st.session_state[REFUSED] = [*st.session_state.get(REFUSED, []), *refused]
    st.session_state[DROPPED] = sorted({*st.session_state.get(DROPPED, []), *into})
    st.session_state[TURN] += 1  # an uploader is emptied only by being another one
    if into:
        st.session_state[NEXT] = into[-1]
        st.switch_page(ADD)
    st.rerun()


def refusals() -> None:
    """-> what was not added and why, until it was read."""
    refused = st.session_state.get(REFUSED, [])
    for name, why in refused:
        st.error(f"**{plain(name)}**: {plain(why)}")
    if refused:
        st.button("I have read it", key="add_read", icon=":material/done:", on_click=_read)


def _read() -> None:
    st.session_state[REFUSED] = []


def begin(session: SessionView, clips: Sequence[ClipView], detector: str, ready: bool) -> None:
    """Session, its clips, who sees, whether its goal is settled -> what was dropped, or waited for the goal, is
    analysed without a further word; a button for what lay here before, and for doing all again.
    """
    fresh = untried(clips)
    if not ready:
        st.session_state[UNSETTLED] = session.id
    waited = session.id in (st.session_state.get(UNSETTLED), *st.session_state.get(DROPPED, []))
    if ready and fresh and waited:
        work.analyze(fresh, detector)
        st.rerun()
    busy = any(clip.job is not None and clip.job.active for clip in clips)
    label = f"Analyze {len(fresh)} clip{'s' * (len(fresh) != 1)}" if fresh else "Analyze all again"
    st.button(
        label, type="primary" if fresh else "secondary", disabled=not ready or (busy and not fresh),
        icon=":material/sports_soccer:", on_click=in_words(work.analyze),
        args=(fresh or [clip.id for clip in clips], detector),
    )  # fmt: skip
