"""A session's film cut into shots: found or marked by two keys, kept, exported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from .. import service
from ..errors import KickyError
from ..service import SessionView, films
from ..service.films import DISMISSED, EXPORTED, KEPT, PROPOSED, CutView, FilmView
from .films import reel
from .parts import abreast, in_words, refuse
from .stepper import Decision, stepper
from .words import plain

STATES = {PROPOSED: "found", KEPT: "kept", EXPORTED: "a clip now"}
WORK = {"propose": "Looking for shots", "export": "Exporting the cuts", "film_copy": "Making a copy browsers play"}
SHOWN = 12


def open_film(session: SessionView) -> FilmView | None:
    """Session -> the film chosen to be cut, None until one is."""
    known = films.films(session.id)
    with st.expander("Open a film from a folder on this computer", expanded=not known, icon=":material/folder_open:"):
        where = st.text_input(
            "Folder", placeholder=str(Path.home() / "Videos"), key="clips_folder",
            help="The film stays where it is; only the shots you export are copied.",
        )  # fmt: skip
        try:
            found = service.films_in(where) if where.strip() else []
        except KickyError as error:
            found = []
            refuse(error)
        if found:
            picked = st.selectbox("Film", found, format_func=lambda path: path.name, index=None, key="clips_pick")
            if st.button("Open the film", type="primary" if not known else "secondary", disabled=picked is None):
                film = films.open_film(session.id, Path(str(picked)))
                st.session_state["clips_film"] = film.id
                st.rerun()
    if not known:
        return None
    by_id = {film.id: film for film in known}
    if st.session_state.get("clips_film") not in by_id:
        st.session_state["clips_film"] = known[0].id
    return by_id[
        st.selectbox("Film being cut", list(by_id), format_func=lambda k: _film_name(by_id[k]), key="clips_film")
    ]


def _film_name(film: FilmView) -> str:
    return f"{film.path.name} · {film.duration_s / 60:.0f} min · {film.width} × {film.height}"


def cutting(film: FilmView) -> None:
    """Film -> it with its keys, and its cuts, drawn again by itself with each decision."""
    st.fragment(in_words(_cutting))(film)


def _cutting(film: FilmView) -> None:
    path, why_not = films.played(film)
    _work(film)
    cuts = films.cuts(film.id)
    if why_not:
        st.warning(plain(why_not), icon=":material/movie:")
        st.button("Make the copy", type="primary", on_click=in_words(films.copy_film), args=(film.id,))
    else:
        stepper(
            "clips", [reel(path)], film.id, lambda told: _decide(film, told), _groups(), start=0,
            size=(film.width, film.height), stops=[_stop(cut) for cut in cuts], jump=st.session_state.get("clips_jump"),
        )  # fmt: skip
    _stack(film, cuts)


def _stop(cut: CutView) -> dict[str, Any]:
    middle = cut.kick if cut.kick is not None else (cut.first + cut.last) // 2
    title = f"{'shot' if cut.kick is not None else 'cut'} from {cut.first} to {cut.last}, {STATES[cut.state]}"
    return {"id": cut.id, "frame": middle, "title": title, "open": cut.state == PROPOSED}


def _groups() -> list[dict[str, Any]]:
    mark = [
        {"key": "i", "title": "In: begins here", "does": "in", "here": True},
        {"key": "o", "title": "Out: ends here", "does": "out", "here": True},
        {"key": "Escape", "cap": "Esc", "title": "Leave the shot", "does": "leave"},
    ]
    found = [
        {"key": "Enter", "title": "Keep", "does": "keep", "needs": "stop", "advances": True},
        {"key": "x", "title": "No shot", "does": "dismiss", "needs": "stop", "advances": True},
        {"key": "z", "title": "Undo", "does": "undo"},
    ]
    return [{"title": "Cut", "keys": mark}, {"title": "The shot at hand", "keys": found}]


def _decide(film: FilmView, told: Decision) -> str:
    """One decision of the browser -> done, and kept for undo."""
    does, frame, stop = str(told["does"]), int(told["frame"]), told.get("stop")
    if does == "undo":
        return _undo()
    if stop is None:
        return _new(film, int(told["first"]), frame) if does == "out" and told.get("first") is not None else ""
    cut = next((each for each in films.cuts(film.id) if each.id == int(stop)), None)
    if cut is None:
        return "That shot no longer exists."
    if does in ("keep", "dismiss"):
        films.set_cut(cut.id, KEPT if does == "keep" else DISMISSED)
        word = "Kept." if does == "keep" else "Removed."
    elif does in ("in", "out"):
        first, last = (frame, cut.last) if does == "in" else (cut.first, frame)
        films.move_cut(cut.id, first, last)
        word = f"It goes from {first} to {last} now, and is kept."
    else:
        return ""
    _remember(cut)
    return word


def _new(film: FilmView, first: int, last: int) -> str:
    if any((cut.first, cut.last) == (first, last) for cut in films.cuts(film.id)):
        return ""  # told again by the browser after the server was gone
    made = films.add_cut(film.id, first, last)
    st.session_state.setdefault("clips_undo", []).append(("made", made))
    return f"Cut from {first} to {last}."


def _remember(cut: CutView) -> None:
    st.session_state.setdefault("clips_undo", []).append(("was", cut))


def _undo() -> str:
    done: list[tuple[str, CutView]] = st.session_state.setdefault("clips_undo", [])
    if not done:
        return "There is nothing to undo."
    what, cut = done.pop()
    if what == "made":
        films.remove_cut(cut.id)
        return f"The cut from {cut.first} to {cut.last} is removed again."
    films.put_back(cut)
    return "As it was before."


def _work(film: FilmView) -> None:
    """What is being done with the film, looked at again each second while it lasts."""
    active = any(job.active for job in films.film_work(film.id))
    st.fragment(in_words(_progress), run_every=1.0 if active else None)(film)


def _progress(film: FilmView) -> None:
    work = films.film_work(film.id)
    active = any(job.active for job in work)
    was, st.session_state["clips_busy"] = st.session_state.get("clips_busy", False), active
    if was and not active:
        st.rerun(scope="app")
    for job in [job for job in work if job.active] or work[:1]:
        word = WORK.get(job.kind, plain(job.kind))
        if job.active:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.progress(min(max(job.progress, 0.0), 1.0), text=f"{word} · {job.progress:.0%}")
                st.button("Cancel", key=f"clips_stop_{job.id}", on_click=in_words(service.cancel), args=(job.id,))
        elif job.state != "done":
            st.error(f"{word}: {plain(job.state)}. {plain(job.message)}", icon=":material/info:")


def _stack(film: FilmView, cuts: Sequence[CutView]) -> None:
    """The cuts so far: look for shots, look at one, export what is kept."""
    _buttons(film, cuts)
    if not cuts:
        st.caption("No cuts yet. Press I where a shot begins and O where it ends, or use “Look for shots”.")
        return
    page = min(int(st.session_state.get("clips_page", 0)), (len(cuts) - 1) // SHOWN)
    for start in range(page * SHOWN, min((page + 1) * SHOWN, len(cuts)), 4):
        row = cuts[start : min(start + 4, (page + 1) * SHOWN)]
        for place, cut in zip(abreast(4, f"cuts{start}", 4), row, strict=False):
            with place.container(border=True):
                _card(film, cut)
    if len(cuts) > SHOWN:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Earlier", disabled=page == 0, on_click=_turn, args=(page - 1,), key="clips_earlier")
            st.markdown(f"{page * SHOWN + 1} to {min((page + 1) * SHOWN, len(cuts))} of {len(cuts)}")
            st.button(
                "Later", disabled=(page + 1) * SHOWN >= len(cuts), on_click=_turn, args=(page + 1,), key="clips_later"
            )


def _buttons(film: FilmView, cuts: Sequence[CutView]) -> None:
    kept = [cut for cut in cuts if cut.state == KEPT]
    busy = any(job.active for job in films.film_work(film.id))
    looked = any(job.kind == "propose" and job.state == "done" for job in films.film_work(film.id))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Look for shots again" if looked else "Look for shots", type="secondary" if cuts else "primary",
            icon=":material/search:", on_click=in_words(films.find_shots), args=(film.id,), disabled=busy,
            help="Finds where a ball flies towards the goal; a film of an hour takes several minutes. "
            "Mark the session's goal first if you can: it then knows which way a shot goes.",
        )  # fmt: skip
        open_ = [cut for cut in cuts if cut.state == PROPOSED]
        if open_:
            st.button(
                f"Keep all {len(open_)} found", icon=":material/done_all:", on_click=in_words(_keep_all), args=(open_,)
            )
        st.button(
            f"Export {len(kept)} cut{'s' * (len(kept) != 1)} as clips", type="primary" if kept else "secondary",
            icon=":material/content_cut:", disabled=busy or not kept, on_click=in_words(films.export_cuts),
            args=(film.id,),
        )  # fmt: skip


def _turn(page: int) -> None:
    st.session_state["clips_page"] = page


def _keep_all(cuts: Sequence[CutView]) -> None:
    for cut in cuts:
        films.set_cut(cut.id, KEPT)
        _remember(cut)


def _card(film: FilmView, cut: CutView) -> None:
    at = cut.first / max(film.frames - 1, 1) * film.duration_s
    if cut.thumb is not None:
        st.image(cut.thumb, width="stretch", alt=f"The shot at {at / 60:.0f} minutes")
    st.caption(f"{int(at // 60)}:{at % 60:04.1f} · {(cut.last - cut.first + 1)} frames · {STATES[cut.state]}")
    if cut.state != EXPORTED:
        with st.container(horizontal=True):
            st.button("Go", key=f"cut_go_{cut.id}", on_click=_jump, args=(cut,))
            if cut.state == PROPOSED:
                st.button("Keep", key=f"cut_keep_{cut.id}", on_click=in_words(_set), args=(cut, KEPT))
            st.button("Remove", key=f"cut_out_{cut.id}", on_click=in_words(_set), args=(cut, DISMISSED))


def _set(cut: CutView, state: str) -> None:
    films.set_cut(cut.id, state)
    _remember(cut)


def _jump(cut: CutView) -> None:
    count = int((st.session_state.get("clips_jump") or {"id": 0})["id"])
    frame = cut.kick if cut.kick is not None else cut.first
    st.session_state["clips_jump"] = {"id": count + 1, "frame": frame, "stop": cut.id}
