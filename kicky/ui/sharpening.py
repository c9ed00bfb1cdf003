"""Beside a speed: how hard next to the usual, and what could be told to make it surer, with what that would gain."""

from __future__ import annotations

import streamlit as st

from ..service import phones, scenes, stating
from ..service.phones import StatedView
from ..storage.views import ShotView
from .marks import fold
from .parts import in_words
from .sharper import ball_box, phone_box, zoom_box
from .words import plain
from .work import rerun_when_done

ASKED = {
    "lens": ("Say which phone and zoom", ":material/smartphone:"),
    "lines": ("Click the pitch's lines", ":material/line_start:"),
    "ball": ("Say where the ball lay", ":material/location_on:"),
}
SESSION = "Work all shots of this session out again"
ONLY_HELP = "Its ball lay elsewhere than the others'. The session is worked out again with it."


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
    known, scene = stating.said_of(shot.id), scenes.of_session(shot.session_id)
    if known is None or scene is None:
        return
    for one in stating.sharper(shot.id):
        title, icon = ASKED[one.what]
        with st.popover(f"{title}: ± {100 * one.half:.0f} %", icon=icon, width="stretch"):
            if one.what == "lens":
                _lens(shot, known)
            elif one.what == "lines":
                _lines(shot)
            else:
                _ball(shot, known, scene.goal_size_m)
    if known.ball is not None:
        whose = "this shot" if known.own else "this session"
        lay = phones.ball_words(known.ball, scene.goal_size_m)
        with st.popover(plain(f"The ball of {whose} lay at {lay}"), icon=ASKED["ball"][1], width="stretch"):
            _ball(shot, known, scene.goal_size_m)


def _lens(shot: ShotView, known: StatedView) -> None:
    """Which phone and zoom, and the button that keeps the answer for the whole session."""
    phone = phone_box(shot.session_id, known.phone or phones.yours())
    zoom = zoom_box(shot.session_id, phone, known.zoom)
    st.button(
        SESSION, key="sharpen_lens", type="primary", disabled=zoom is None, on_click=in_words(stating.state),
        args=(shot.session_id, phone, zoom, phones.stated(shot.session_id).ball),
    )  # fmt: skip


def _lines(shot: ShotView) -> None:
    """Why, and the way to the page on which the goal is clicked."""
    st.markdown("Two clicks on a line of the pitch, or one on the penalty spot, where the goal is shown.")
    if st.button("Show me where", key="sharpen_lines", type="primary"):
        st.session_state[fold(shot.session_id)] = True
        st.switch_page("pages/1_Analyze.py", query_params={"session": str(shot.session_id)})


def _ball(shot: ShotView, known: StatedView, goal_size_m: tuple[float, float]) -> None:
    """Where the ball lay, and the buttons that keep the answer for the session, or for this shot alone."""
    ball = ball_box(shot.session_id, goal_size_m, known.ball, shot.id)
    st.button(
        SESSION, key="sharpen_ball", type="primary", disabled=ball is None, on_click=in_words(stating.state),
        args=(shot.session_id, known.phone, known.zoom, ball),
        help="Shots whose ball you placed by itself keep their place.",
    )  # fmt: skip
    st.button(
        "Only this shot", key="sharpen_ball_here", disabled=ball is None or (known.own and ball == known.ball),
        on_click=in_words(stating.state_ball_of), args=(shot.id, ball), help=ONLY_HELP,
    )  # fmt: skip
    if known.own:
        st.button(
            "As in the rest of the session", key="sharpen_ball_back", on_click=in_words(stating.state_ball_of),
            args=(shot.id, None),
        )  # fmt: skip
