"""What is a player's own: in one file and back, a name changed, a clip, a session or a person gone for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from ..errors import KickyError
from ..service import clips, house, players, sessions, work
from ..speeds import Unit
from .parts import own_first, refuse
from .server import server_offer
from .words import plain, session_name

DONE = "keeping_done"
GONE = "Deleted. Backups made before still contain it, and KICKY cannot reach them: delete those yourself."


def your_things() -> None:
    """Back up, restore, rename, delete; each says what it did."""
    with st.expander("Settings: units, back up, restore, rename, delete", icon=":material/inventory_2:"):
        if done := st.session_state.pop(DONE, ""):
            st.success(plain(done), icon=":material/check:")
        server_offer()
        _speeds_in()
        what = st.segmented_control("What to do", ["Back up", "Restore", "Rename", "Delete"], key="keeping_what")
        if what == "Back up":
            _back_up()
        elif what == "Restore":
            _restore()
        elif what == "Rename":
            _rename()
        elif what == "Delete":
            _delete()


def _speeds_in() -> None:
    """km/h or mph, for all that is shown from now on."""
    now = str(house.speed_unit())
    chosen = st.segmented_control(
        "Speeds in", ["km/h", "mph"], default=now, key="keeping_unit",
        help="On every page, chart, card and report, and what the coach says. Films drawn before keep theirs.",
    )  # fmt: skip
    if chosen and chosen != now:
        _do(lambda: house.set_speed_unit(Unit(chosen)), f"Speeds are told in {chosen} now.")


def _back_up() -> None:
    usual = Path.home() / f"kicky-{dt.date.today():%Y-%m-%d}.kicky"
    target = st.text_input("File on this computer", str(usual), key="keeping_target")
    st.caption("Sessions, films, labels and settings in one file; models and data sets are not in it.")
    if st.button("Back up", type="primary", icon=":material/save:", key="keeping_backup"):
        _do(lambda: f"{house.backup(Path(target), _bar('Copying')) / 1e6:,.0f} MB are in {target}.")


def _restore() -> None:
    usual = str(Path.home() / "saturdays.kicky")
    source = st.text_input("Backup on this computer", placeholder=usual, key="keeping_source")
    st.caption("What is here stays; clips that are here already are not added twice.")
    ready = bool(source.strip())
    if st.button("Restore", type="primary", icon=":material/restore:", disabled=not ready, key="keeping_restore"):
        _do(lambda: _came(house.restore(Path(source.strip()), _bar("Reading"))))


def _came(came: dict[str, int]) -> str:
    return f"{came['clips']} clips with {came['shots']} shots restored, {came['sessions']} of the sessions new."


def _rename() -> None:
    names = players.names()
    if not names:
        st.caption("Nobody is named yet.")
        return
    name = st.selectbox("Player", names, key="keeping_name")
    new = st.text_input("New name (a name already in use merges both players)", max_chars=200, key="keeping_new")
    if st.button("Rename", type="primary", disabled=not new.strip(), key="keeping_rename"):
        _do(lambda: players.rename(name, new), f"{name} is {new} now.")


def _delete() -> None:
    kind = st.radio("What", ["A clip", "A session", "A person's name and looks"], horizontal=True, key="keeping_kind")
    days = own_first(sessions.listed())
    sure = "It is overwritten on the disk, also in data sets. A student that was taught with it keeps what it learned."
    act: Callable[[], object] | None = None
    if kind == "A person's name and looks":
        names = players.names()
        name = st.selectbox("Player", names, key="keeping_forget")
        st.caption("Deletes the name, the looks and every label by or about this person. Shots and films stay.")
        act = partial(players.forget, name) if name is not None else None
    elif days:
        ids = {session.id: session_name(session) for session in days}
        session = st.selectbox("Session", list(ids), format_func=ids.__getitem__, key="keeping_session")
        act = partial(sessions.remove, session)
        if kind == "A clip":
            filmed = {clip.id: clip.name for clip in clips.listed(session)}
            clip = st.selectbox("Clip", list(filmed), format_func=filmed.__getitem__, key="keeping_clip")
            act = partial(clips.remove, clip) if clip is not None else None
    agreed = st.checkbox(f"Yes, for good. {sure}", key="keeping_sure")
    if st.button("Delete", icon=":material/delete:", disabled=not (agreed and act), key="keeping_delete") and act:
        _do(act, GONE)


def _bar(words: str) -> work.OnProgress:
    bar = st.progress(0.0, text=words)

    def tell(_stage: str, share: float) -> None:
        bar.progress(min(max(share, 0.0), 1.0), text=words)

    return tell


def _do(act: Callable[[], object], said: str = "") -> None:
    """What to do, what to say then (what it gives, if that is words) -> done and said, or refused."""
    try:
        given = act()
    except KickyError as error:
        refuse(error)
        return
    st.session_state[DONE] = said or str(given)
    st.session_state.pop("keeping_sure", None)
    st.rerun()
