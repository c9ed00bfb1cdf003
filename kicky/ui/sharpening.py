"""Beside a speed: how hard next to the usual, and what could be told to make it surer, with what that would gain."""

from __future__ import annotations

import streamlit as st

from ..service import phones, scenes
from ..service.phones import Sharper
from ..storage.views import ShotView
from .parts import in_words
from .sharper import ball_box, phone_box, zoom_box
from .words import plain
from .work import rerun_when_done

ASKED = {
    "lens": ("Say which phone and zoom", ":material/smartphone:"),
    "ball": ("Say where the ball lay", ":material/location_on:"),
}


def sharpen(shot: ShotView) -> None:
    """Shot with a speed -> what makes it more telling; looked at each second while its session is worked out anew."""
    speed = shot.measures.get("speed")
    if speed is None or speed.value is None:
        return
    if (harder := phones.next_to_usual(shot.id)) is not None:
        st.markdown(f":material/compare_arrows: {plain(harder.words()[:1].upper() + harder.words()[1:])}")
        st.caption(
            plain(
                f"Compared with {shot.player}'s other shots by this phone. They share one lens, so this is surer than "
                "the speed itself."
            )
        )
    job = phones.refining(shot.session_id)
    st.fragment(in_words(_asked), run_every=1.0 if job and job.active else None)(shot)


def _asked(shot: ShotView) -> None:
    """What can still be told of the session's phone and ball; or that it is being worked out."""
    job = phones.refining(shot.session_id)
    active = bool(job and job.active)
    rerun_when_done(active, f"sharpening_{shot.session_id}")
    if job is not None and active:
        st.progress(min(max(job.progress, 0.0), 1.0), "Working out this session's shots again …")
        return
    if job is not None and job.state == "failed" and job.message:
        st.caption(plain(job.message))
    for one in phones.sharper(shot.id):
        title, icon = ASKED[one.what]
        with st.popover(f"{title}: ± {100 * one.half:.0f} %", icon=icon, width="stretch"):
            _tell(shot, one)


def _tell(shot: ShotView, one: Sharper) -> None:
    """The questions, and the button that keeps the answers for the whole session."""
    known, scene = phones.said_of(shot.id), scenes.of_session(shot.session_id)
    if known is None or scene is None:
        return
    phone, zoom, ball = known.phone or phones.yours(), known.zoom, known.ball
    if one.what == "lens":
        phone = phone_box(shot.session_id, phone)
        zoom = zoom_box(shot.session_id, phone, zoom)
    else:
        ball = ball_box(shot.session_id, scene.goal_size_m, ball)
    st.button(
        "Work all shots of this session out again", key=f"sharpen_{one.what}", type="primary",
        disabled=(zoom if one.what == "lens" else ball) is None,
        on_click=in_words(phones.state), args=(shot.session_id, phone, zoom, ball),
    )  # fmt: skip
