"""One line under the goal: what all shots of the session say of the phone together."""

from __future__ import annotations

import streamlit as st

from ..service import clips, phones
from .parts import in_words
from .words import plain
from .work import rerun_when_done

FEWEST = 3


def session_camera(session_id: int) -> None:
    """Session -> its camera in words; looked at each second while it is worked out."""
    job = phones.refining(session_id)
    st.fragment(in_words(_line), run_every=1.0 if job and job.active else None)(session_id)


def _line(session_id: int) -> None:
    """The camera, or that it is being worked out, or why it was not, with a way to try."""
    job, camera = phones.refining(session_id), phones.camera(session_id)
    active = bool(job and job.active)
    rerun_when_done(active, "together_active")
    if camera is not None:
        st.markdown(f":material/hub: {plain(camera.words)}", help=plain(camera.more))
    if active:
        st.caption("Putting the shots of this session together …")
        return
    if job is not None and job.state != "done" and job.message:
        st.caption(plain(job.message))
    analysed = sum(clip.shot_id is not None for clip in clips.listed(session_id))
    if analysed >= FEWEST and camera is None:
        st.button(
            "Put the shots together", icon=":material/hub:", key="together_refine",
            help="Works out where the phone stands from all shots at once, and judges each of them again.",
            on_click=in_words(phones.refine), args=(session_id,),
        )  # fmt: skip
