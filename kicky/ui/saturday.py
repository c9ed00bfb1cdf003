"""One Saturday: its shots as a grid, filtered by chips, played one after another, and put right where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from .. import doors
from ..errors import KickyError
from ..service import sessions, shots
from ..storage.views import SessionView, ShotView
from .correct import put_right
from .history import chosen_shot, shot_map
from .parts import abreast, folded, refuse, saturday_link, session_link, shot_link
from .praise import session_highlights
from .share import send
from .strip import grid, titled, word
from .tables import player_table, tally
from .who import who_shot
from .words import FEET, VERDICTS, day_words, plain, session_name

CSS, JS = (Path(__file__).with_name(f"reel.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
HTML = """<div class="reel"><video controls playsinline muted></video><p class="told" aria-live="polite"></p>
<div class="moves"><button type="button" class="back">‹ Shot before</button>
<button type="button" class="on">Next shot ›</button></div></div>"""
_player = st.components.v2.component("kicky_reel", html=HTML, css=CSS, js=JS)
NEWEST = 6  # days shown as cards
OPEN, SHOWN, PLAY = "saturday_open", "saturday_shown", "saturday_play"
FIELDS: dict[str, Any] = {"outcome": VERDICTS, "player": {}, "foot": FEET}
Numbered = tuple[int, ShotView]


def saturday_head(session: SessionView, history: Any) -> None:
    """Session, the table of its shots -> day, place and what came of it, in one block."""
    with st.container(key="pitch-last"):
        st.header(plain(session_name(session)), anchor=False)
        if len(history):
            tally(history)
        else:
            st.markdown(f"{session.clips:d} clip{'s' * (session.clips != 1)}, none analysed yet.")


def saturday_shots(session: SessionView) -> None:
    """Session with shots -> chips to choose by, a button that plays them, and the grid; a tap opens a shot."""
    taken = in_order(session)
    shown = _chosen(session, list(enumerate(taken, 1)))
    which = "all" if len(shown) == len(taken) else "these"
    st.button(
        f"Play {which} {len(shown)}" if len(shown) != 1 else "Play it", type="primary", icon=":material/play_arrow:",
        disabled=not shown, on_click=_ask, args=(PLAY, True),
    )  # fmt: skip
    if shown:
        grid(shown, _open)
    else:
        st.info("No shot is like that: take a choice back.", icon=":material/filter_alt_off:")
    if st.session_state.pop(PLAY, False):
        _play_all(shown)
    elif st.session_state.pop(OPEN, None) is not None:
        _one(shown)


def in_order(session: SessionView) -> list[ShotView]:
    """Session -> its shots in the order their clips came."""
    return sorted(shots.listed(session.id), key=lambda shot: shot.clip_id)


def _chosen(session: SessionView, taken: Sequence[Numbered]) -> list[Numbered]:
    """Shots -> those that the chips leave: of one kind any, of several kinds all."""
    chips = [
        (field, value)
        for field in FIELDS
        if len(values := sorted({str(getattr(shot, field) or "") for _, shot in taken} - {""})) > 1
        for value in values
    ]
    if not chips:
        return list(taken)
    picked = st.pills("Show only", chips, selection_mode="multi", format_func=_chip, key=f"saturday_chips_{session.id}")
    wanted = {field: {value for kind, value in picked if kind == field} for field, _ in picked}
    return [each for each in taken if all(getattr(each[1], field) in values for field, values in wanted.items())]


def _chip(chip: tuple[str, str]) -> str:
    field, value = chip
    name = FIELDS[field].get(value, value)
    return plain(f"{name} foot" if field == "foot" and value != "unsure" else
                 "Foot not sure" if field == "foot" else name)  # fmt: skip


def _ask(key: str, value: object) -> None:
    st.session_state[key] = value


def _open(shot_id: int) -> None:
    st.session_state[OPEN] = st.session_state[SHOWN] = shot_id


@st.dialog("All shots", width="large")
def _play_all(taken: Sequence[Numbered]) -> None:
    """Shots -> their films one after another in one player; those whose films are gone are told."""
    films = [film for each in taken if (film := _film(each))]
    if films:
        _player(key="saturday_player", data={"films": films})
    if gone := len(taken) - len(films):
        st.caption(f"{gone} of {len(taken)} films {'is' if gone == 1 else 'are'} no longer on this computer.")


@st.dialog("Shot", width="large", on_dismiss="rerun")
def _one(taken: Sequence[Numbered]) -> None:
    """Shots shown -> the one tapped, with its film, its name and what it was, each to be put right here."""
    try:
        at = next((place for place, (_, shot) in enumerate(taken) if shot.id == st.session_state.get(SHOWN)), 0)
        number, before = taken[at]
        shot = shots.one(before.id)
        if film := _film((number, shot)):
            _player(key=f"saturday_film_{shot.id}", data={"films": [film]})
        else:
            st.info("The film of this shot is no longer on this computer.", icon=":material/videocam_off:")
        with st.container(horizontal=True):
            for label, icon, to in (("Previous", "chevron_left", at - 1), ("Next", "chevron_right", at + 1)):
                there = 0 <= to < len(taken)
                st.button(
                    label, icon=f":material/{icon}:", disabled=not there, key=f"saturday_{label}",
                    on_click=_ask, args=(SHOWN, taken[to][1].id if there else shot.id),
                )  # fmt: skip
            shot_link(shot.id, "All about this shot")
        who_shot(shot)
        put_right(shot)
    except KickyError as error:
        refuse(error)


def _film(numbered: Numbered) -> dict[str, str] | None:
    """Shot with its place -> its film for the player, None where it is gone."""
    number, shot = numbered
    film = next((path for path in (shot.film, shot.copy) if path is not None and path.is_file()), None)
    title = f"{titled(number, shot)} · {word(shot)}"
    return {"src": doors.hand_film(film), "title": title} if film else None


def saturday_sums(session: SessionView, history: Any) -> None:
    """Session, the table of its shots -> what is below the shots: players, the goal's mouth, what can be sent."""
    session_highlights(session)
    st.header("Players", anchor=False)
    player_table(history)
    st.header("Where they went", anchor=False)
    chosen_shot(shot_map(history))
    st.header("Send it", anchor=False)
    send(session)
    session_link(session, "Add clips to this day" if session.place != sessions.SAMPLES else "The sample clips")


def saturdays(all_days: Sequence[SessionView]) -> None:
    """All sessions, newest first -> each day with shots as a card that leads to it; the older ones folded away."""
    days = [session for session in all_days if session.shots and session.place != sessions.SAMPLES]
    if not days:
        return
    st.header("All Saturdays", anchor=False)
    for place, session in zip(abreast(len(days[:NEWEST]), "days"), days[:NEWEST], strict=True):
        with place.container(border=True, height="stretch", gap=None):
            saturday_link(session, day_words(session.date), icon=None)
            st.caption(f"{plain(session.place)}  \n{_counted(session)}" if session.place else _counted(session))
    if older := days[NEWEST:]:
        folded(f"{len(older)} more", "home_days", ":material/calendar_month:", _older, older)


def _older(days: Sequence[SessionView]) -> None:
    rows = [{"Day": day.date, "Place": day.place, "Shots": day.shots, "Goals": day.goals} for day in days]
    event: Any = st.dataframe(
        rows, hide_index=True, on_select="rerun", selection_mode="single-row", key="home_older",
        column_config={"Day": st.column_config.DateColumn(format="ddd D MMM YYYY")},
    )  # fmt: skip
    st.caption("Tick a row to open its day.")
    if chosen := event["selection"]["rows"]:
        st.switch_page("pages/9_Saturday.py", query_params={"session": str(days[chosen[0]].id)})


def _counted(session: SessionView) -> str:
    taken = f"{session.shots:d} shot{'s' * (session.shots != 1)}"
    return f"{taken}, {session.goals:d} goal{'s' * (session.goals != 1)}"
