"""A model, or packages, that are lacking: what it is, how large, under which licence, and a button that fetches it."""

from __future__ import annotations

import streamlit as st

from ..service import house, work
from ..service.house import ModelView, size_words
from ..storage.kinds import INSTALLING
from ..storage.views import JobView
from .parts import in_words
from .words import plain
from .work import rerun_when_done

TRUST = (
    "It brings program code of its own, which could do whatever you can do on this computer. So it does not run before "
    "you have looked at it and said that you trust it, with `python -m kicky models trust` and its name:"
)
INSTALLS = "Installing what it needs: this takes some minutes"


def fetch(name: str) -> None:
    """Model -> a box to fetch it from; nothing once it is here. Looked at each second while it is on its way."""
    view = house.model(name)
    active = view.job is not None and view.job.active
    st.fragment(in_words(_box), run_every=1.0 if active else None)(name)


def _box(name: str) -> None:
    view = house.model(name)
    active = view.job is not None and view.job.active
    rerun_when_done(active, f"fetching_{name}")
    if view.here and not active:
        return
    with st.container(border=True, key=f"fetch-{name}"):
        size = size_words(view.size)
        st.markdown(f"**{plain(view.what)}**")
        free = f"{size_words(view.free)} are free on this disk"
        room = f", {size_words(view.room)} on the disk" if view.room > view.size else ""
        size = f"about {size}" if view.estimated else size
        st.caption(
            plain(f"{size[0].upper()}{size[1:]} from {view.source}, once{room}. Licence: {view.licence}. {free}.")
        )
        if view.own_code:
            st.caption(f"{TRUST} {plain(view.name)}.")
        if view.job is not None and active:
            _under_way(view, view.job)
        else:
            _offered(view, size)


def _under_way(view: ModelView, job: JobView) -> None:
    share = min(max(job.progress, 0.0), 1.0)
    words = plain(f"Fetching · {share:.0%}" if job.state == "running" else "Waiting")
    words = INSTALLS if job.stage == INSTALLING and job.state == "running" else words
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(share, text=words)
        stop = in_words(work.cancel)
        st.button("Cancel", key=f"fetch_stop_{view.name}", icon=":material/close:", on_click=stop, args=(job.id,))


def _offered(view: ModelView, size: str) -> None:
    """What stands in the way, and the button; what broke off is gone on with."""
    if view.ask_at:
        st.markdown(
            f"Its makers give it only to whom they know. Ask for access at {plain(view.ask_at)}, and log in on this "
            "computer once: `.venv/bin/hf auth login`. Then fetch it."
        )
    if view.job is not None and view.job.message and view.job.state != "done":
        st.error(plain(view.job.message), icon=":material/info:")
    if not view.fits:
        st.warning(
            plain(f"It needs {size_words(view.room)}, and the disk has no room for it: make room first."),
            icon=":material/disc_full:",
        )
    again = view.job is not None and view.job.state in ("failed", "cancelled", "interrupted")
    label = plain(f"Go on fetching ({size})" if again else f"Fetch it ({size})")
    if st.button(label, key=f"fetch_go_{view.name}", icon=":material/download:", disabled=not view.fits):
        house.fetch(view.name)
        st.rerun(scope="app")
