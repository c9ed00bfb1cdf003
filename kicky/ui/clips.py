"""A session's film cut into shots: found or marked by two keys, their ends set in seconds, kept, exported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import streamlit as st

from ..errors import KickyError
from ..service import films, work
from ..service.films import DISMISSED, EXPORTED, KEPT, PROPOSED
from ..storage.views import CutView, FilmView
from .films import reel
from .parts import abreast, in_words
from .stepper import Decision, stepper
from .words import clock, plain

STATES = {PROPOSED: "found", KEPT: "kept", EXPORTED: "a clip now"}
WORK = {"propose": "Looking for shots", "export": "Exporting the cuts", "film_copy": "Making a copy browsers play"}
SHOWN = 12
LONG_S = 60.0  # of a shorter film nobody needs a part looked at


def cutting(film: FilmView) -> None:
    """Film -> it with its keys, and its cuts, drawn again by itself with each decision."""
    st.fragment(in_words(_cutting))(film)


def _cutting(film: FilmView) -> None:
    path, why_not = films.played(film)
    _work(film)
    cuts = films.cuts(film.id)
    time_s = films.seconds(film)
    if why_not:
        st.warning(plain(why_not), icon=":material/movie:")
        st.button("Make the copy", type="primary", on_click=in_words(films.copy_film), args=(film.id,))
    else:
        stepper(
            "clips", [reel(path)], film.id, lambda told: _decide(film, told), _groups(), start=0,
            size=(film.width, film.height), stops=[_stop(cut, time_s) for cut in cuts], seconds=True,
            jump=st.session_state.get("clips_jump"),
        )  # fmt: skip
    _stack(film, cuts, time_s)


def _stop(cut: CutView, time_s: Sequence[float]) -> dict[str, Any]:
    middle = cut.kick if cut.kick is not None else (cut.first + cut.last) // 2
    title = (
        f"{'shot' if cut.kick is not None else 'cut'} from {_from_to(time_s, cut.first, cut.last)}, {STATES[cut.state]}"
    )
    return {"id": cut.id, "frame": middle, "title": title, "open": cut.state == PROPOSED}


def _from_to(time_s: Sequence[float], first: int, last: int) -> str:
    """Each frame's second, two frames -> "0:02.4 to 0:06.0"."""
    return f"{clock(time_s[first])} to {clock(time_s[last])}"


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
        return _undo(film)
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
        word = f"It goes from {_from_to(films.seconds(film), first, last)} now, and is kept."
    else:
        return ""
    _remember(cut)
    return word


def _new(film: FilmView, first: int, last: int) -> str:
    if any((cut.first, cut.last) == (first, last) for cut in films.cuts(film.id)):
        return ""  # told again by the browser after the server was gone
    made = films.add_cut(film.id, first, last)
    _done(film.id).append(("made", made))
    return f"Cut from {_from_to(films.seconds(film), first, last)}."


def _remember(cut: CutView) -> None:
    _done(cut.film_id).append(("was", cut))


def _done(film_id: int) -> list[tuple[str, CutView]]:
    """Film -> what was done to its cuts here, to be undone from the end."""
    done: list[tuple[str, CutView]] = st.session_state.setdefault(f"clips_undo_{film_id}", [])
    return done


def _undo(film: FilmView) -> str:
    done = _done(film.id)
    if not done:
        return "There is nothing to undo."
    what, cut = done.pop()
    if what == "made":
        films.remove_cut(cut.id)
        return f"The cut from {_from_to(films.seconds(film), cut.first, cut.last)} is removed again."
    films.put_back(cut)
    return "As it was before."


def _work(film: FilmView) -> None:
    """What is being done with the film, looked at again each second while it lasts."""
    active = any(job.active for job in films.film_work(film.id))
    st.fragment(in_words(_progress), run_every=1.0 if active else None)(film)


def _progress(film: FilmView) -> None:
    task = films.film_work(film.id)
    active = any(job.active for job in task)
    was, st.session_state["clips_busy"] = st.session_state.get("clips_busy", False), active
    if was and not active:
        st.rerun(scope="app")
    for job in [job for job in task if job.active] or task[:1]:
        word = WORK.get(job.kind, plain(job.kind))
        if job.active:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.progress(min(max(job.progress, 0.0), 1.0), text=f"{word} · {job.progress:.0%}")
                st.button("Cancel", key=f"clips_stop_{job.id}", on_click=in_words(work.cancel), args=(job.id,))
        elif job.state != "done":
            st.error(f"{word}: {plain(job.state)}. {plain(job.message)}", icon=":material/info:")


def _stack(film: FilmView, cuts: Sequence[CutView], time_s: Sequence[float]) -> None:
    """The cuts so far: look for shots, look at one, export what is kept."""
    _buttons(film, cuts, _part(film))
    if refusal := st.session_state.pop("clips_refused", ""):
        st.error(plain(refusal), icon=":material/info:")
    if not cuts:
        st.caption("No cuts yet. Press I where a shot begins and O where it ends, or use “Look for shots”.")
        return
    page = min(int(st.session_state.get("clips_page", 0)), (len(cuts) - 1) // SHOWN)
    for start in range(page * SHOWN, min((page + 1) * SHOWN, len(cuts)), 4):
        row = cuts[start : min(start + 4, (page + 1) * SHOWN)]
        for place, cut in zip(abreast(4, f"cuts{start}", 4), row, strict=False):
            with place.container(border=True):
                _card(cut, time_s)
    if len(cuts) > SHOWN:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Earlier", disabled=page == 0, on_click=_turn, args=(page - 1,), key="clips_earlier")
            st.markdown(f"{page * SHOWN + 1} to {min((page + 1) * SHOWN, len(cuts))} of {len(cuts)}")
            st.button(
                "Later", disabled=(page + 1) * SHOWN >= len(cuts), on_click=_turn, args=(page + 1,), key="clips_later"
            )


def _part(film: FilmView) -> tuple[float, float]:
    """Film -> the seconds of it to look for shots in: all of it, unless warming up and talking are left out."""
    if film.duration_s < LONG_S:
        return 0.0, film.duration_s
    begin, end = st.slider(
        "The part to look at", dt.time(), _time(film.duration_s), (dt.time(), _time(film.duration_s)),
        dt.timedelta(seconds=1), "H:mm:ss", key=f"clips_part_{film.id}",
        help="Leave out warming up and what comes after the last shot: it is not looked at.",
    )  # fmt: skip
    ends_s = [each.hour * 3600.0 + each.minute * 60 + each.second for each in (begin, end)]
    return ends_s[0], film.duration_s if end == _time(film.duration_s) else ends_s[1]


def _time(second: float) -> dt.time:
    return (dt.datetime.min + dt.timedelta(seconds=int(second))).time()


def _buttons(film: FilmView, cuts: Sequence[CutView], part_s: tuple[float, float]) -> None:
    kept = [cut for cut in cuts if cut.state == KEPT]
    busy = any(job.active for job in films.film_work(film.id))
    looked = any(job.kind == "propose" and job.state == "done" for job in films.film_work(film.id))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Look for shots again" if looked else "Look for shots", type="secondary" if cuts else "primary",
            icon=":material/search:", on_click=in_words(films.find_shots), args=(film.id, *part_s), disabled=busy,
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


def _card(cut: CutView, time_s: Sequence[float]) -> None:
    begin_s, end_s = time_s[cut.first], time_s[cut.last]
    if cut.thumb is not None:
        st.image(cut.thumb, width="stretch", alt=f"The shot at {clock(begin_s)}")
    st.caption(plain(f"{_from_to(time_s, cut.first, cut.last)} · {end_s - begin_s:.1f} s · {STATES[cut.state]}"))
    if cut.state != EXPORTED:
        with st.container(horizontal=True):
            st.button("Go", key=f"cut_go_{cut.id}", on_click=_jump, args=(cut,))
            if cut.state == PROPOSED:
                st.button("Keep", key=f"cut_keep_{cut.id}", on_click=in_words(_set), args=(cut, KEPT))
            with st.popover("Ends"):
                _ends(cut, begin_s, end_s)
            st.button("Remove", key=f"cut_out_{cut.id}", on_click=in_words(_set), args=(cut, DISMISSED))


def _ends(cut: CutView, begin_s: float, end_s: float) -> None:
    """Cut, its ends in seconds of the film -> two numbers to set them by."""
    now = f"{cut.id}_{cut.first}_{cut.last}"
    for name, value in (("Begins at second", begin_s), ("Ends at second", end_s)):
        key = f"cut_{name.split()[0].lower()}_{now}"
        st.number_input(name, 0.0, None, round(value, 2), 0.1, "%.2f", key=key, on_change=_move, args=(cut, now))
    st.caption("It moves to the nearest frame, and is kept.")


def _move(cut: CutView, now: str) -> None:
    begin_s, end_s = (st.session_state[f"cut_{end}_{now}"] for end in ("begins", "ends"))
    try:
        films.set_ends(cut.id, begin_s, end_s)
        _remember(cut)
    except KickyError as error:
        st.session_state["clips_refused"] = str(error)


def _set(cut: CutView, state: str) -> None:
    films.set_cut(cut.id, state)
    _remember(cut)


def _jump(cut: CutView) -> None:
    count = int((st.session_state.get("clips_jump") or {"id": 0})["id"])
    frame = cut.kick if cut.kick is not None else cut.first
    st.session_state["clips_jump"] = {"id": count + 1, "frame": frame, "stop": cut.id}
