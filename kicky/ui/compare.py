"""A shot beside another, aligned at contact and stepped together."""

from __future__ import annotations

import streamlit as st

from ..service import comparing
from ..storage.views import ShotView
from .body import beside
from .films import reel
from .parts import in_words
from .stepper import stepper
from .words import plain


def compare(shot: ShotView) -> None:
    """Shot -> a choice of others, and the film of both, the contact in the same frame."""
    if shot.kick_frame is None:
        st.info("No kick was found here, so another shot cannot be laid beside it.", icon=":material/info:")
        return
    others = comparing.partners(shot)
    if not others:
        st.caption("There is no other shot of this session or player yet.")
        return
    other = st.selectbox(
        "Beside this shot", list(others), None, format_func=others.__getitem__, key=f"compare_{shot.id}",
        placeholder="My best, my other foot, or another of this session",
    )  # fmt: skip
    if other is None:
        return
    film, contact, _ = comparing.aligned(shot.id, other)
    if film is None:
        st.fragment(in_words(_waiting), run_every=1.0)(shot.id, other)
        return
    stepper(
        f"compare_{shot.id}_{other}", [reel(film)], shot.id * 1_000_000 + other, lambda _: "", [], start=contact,
        contact=contact, loop=[max(contact - 15, 0), contact + 15],
    )  # fmt: skip
    st.caption("`,` and `.` step both by a frame, `t` loops around the contact, `v` plays slowly, `e` goes back to it.")
    beside(shot, other)


def _waiting(one: int, other: int) -> None:
    film, _, job = comparing.aligned(one, other)
    if film is not None:
        st.rerun(scope="app")
    elif job is not None and job.active:
        st.progress(min(max(job.progress, 0.0), 1.0), text="Both are drawn, aligned at contact")
    elif job is not None:
        st.error(plain(job.message), icon=":material/info:")
