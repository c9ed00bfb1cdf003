"""The film to cut: sent in pieces from the device that shows the page, or opened where it lies on this computer."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from .. import doors
from ..arrivals import FILM_ENDINGS, size_words
from ..errors import KickyError
from ..service import clips, films
from ..service.films import ArrivalView
from ..storage.views import FilmView, SessionView
from .parts import in_words, refuse
from .words import clock, plain

HTML, CSS, JS = (
    Path(__file__).with_name(f"upload.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")
)
_component = st.components.v2.component("kicky_upload", html=HTML, css=CSS, js=JS)
CHOSEN = "clips_film"


def open_film(session: SessionView) -> FilmView | None:
    """Session -> the film chosen to be cut, None until one is."""
    known = films.listed(session.id)
    with st.expander(
        "Another film" if known else "The film of the whole session", expanded=not known, icon=":material/movie:",
        key=f"clips_open_{bool(known)}",
    ):  # fmt: skip
        _send(session)
        _from_folder(session)
    if not known:
        return None
    by_id = {film.id: film for film in known}
    if st.session_state.get(CHOSEN) not in by_id:
        st.session_state[CHOSEN] = known[0].id
    with st.container(horizontal=True, vertical_alignment="bottom"):
        film = by_id[
            st.selectbox("Film being cut", list(by_id), format_func=lambda k: _film_name(by_id[k]), key=CHOSEN)
        ]
        with st.popover("Done with it", icon=":material/delete:"):
            _remove(film)
    return film


def _remove(film: FilmView) -> None:
    """Film -> a button that removes it, and what goes with it."""
    goes = f"The {size_words(film.size_bytes)} that were sent here" if films.sent_here(film) else "Only the cuts"
    stays = "" if films.sent_here(film) else " The film stays in its folder."
    st.markdown(plain(f"{goes} are deleted; clips that were exported stay.{stays}"))
    st.button("Remove this film", key="clips_remove", on_click=in_words(films.remove_film), args=(film.id,))


def _from_folder(session: SessionView) -> None:
    """Session -> a film that lies on this computer, opened there; a folder with one film leaves no choice."""
    where = st.text_input(
        "Or the folder it lies in, on the computer that KICKY runs on", placeholder=str(Path.home() / "Videos"),
        key="clips_folder", help="The film stays where it is; only the shots you export are copied.",
    )  # fmt: skip
    if not where.strip():
        return
    try:
        found = clips.films_in(where)
    except KickyError as error:
        refuse(error)
        return
    if not found:
        st.info("There is no film in this folder: name the one that the film lies in.", icon=":material/info:")
        return
    picked: Path | None = found[0]
    label = f"Open {plain(found[0].name)}"
    if len(found) > 1:
        picked = st.selectbox("Film", found, format_func=lambda path: path.name, index=None, key="clips_pick")
        label = "Open the film"
    if st.button(label, key="clips_open_film", disabled=picked is None) and picked is not None:
        st.session_state[CHOSEN] = films.open_film(session.id, picked).id
        st.rerun()


def _film_name(film: FilmView) -> str:
    return f"{film.path.name} · {clock(film.duration_s)} · {film.width} × {film.height}"


def _send(session: SessionView) -> None:
    """Session -> a button to choose a film on this device; once all of it is here, it is the one being cut."""
    endings = ",".join(("video/*", *FILM_ENDINGS))
    data = {"path": doors.take_films(films.take_film), "on": str(session.id), "endings": endings}
    _component(key="clips_upload", data=data, on_arrived_change=_arrived, on_rested_change=_rested)
    st.caption(
        "Hours and gigabytes go up in pieces. What breaks off goes on where it stopped; if this page was closed "
        "meanwhile, choose the same film again."
    )
    for arrival in films.arrivals_left():
        _left(session, arrival)


def _arrived() -> None:
    film = (st.session_state.get("clips_upload") or {}).get("arrived")
    if isinstance(film, int):
        st.session_state[CHOSEN] = film


def _rested() -> None:
    """Nothing is decided: the page is drawn anew, and says what is here."""


def _left(session: SessionView, arrival: ArrivalView) -> None:
    """A film that was sent and is not being cut -> how far it is, a button to open it, one to delete it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if arrival.whole:
            st.markdown(f"**{plain(arrival.name)}** is here, {plain(size_words(arrival.size_bytes))}.")
            st.button(
                "Open it", key=f"arrival_open_{arrival.file}", on_click=in_words(_open),
                args=(session.id, arrival.file),
            )  # fmt: skip
        else:
            so_far = f"{size_words(arrival.have_bytes)} of {size_words(arrival.size_bytes)}"
            st.markdown(f"**{plain(arrival.name)}**: {plain(so_far)} are here. To go on, choose the same film again.")
        st.button(
            "Delete", key=f"arrival_delete_{arrival.file}", icon=":material/delete:",
            on_click=in_words(films.drop_arrival), args=(arrival.file,),
        )  # fmt: skip


def _open(session_id: int, file: str) -> None:
    st.session_state[CHOSEN] = films.open_arrival(session_id, file)
