"""The goal in the picture: four corners by mouse, finger or keyboard, and the goal drawn back for checking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from ..errors import KickyError
from ..service import scenes
from ..storage.views import ClipView, SceneView, SessionView
from .asked import Asked, ask
from .canvas import dots
from .corners import Box, Corner, closeup, cut, ground, settle
from .marks import pitch_marks
from .parts import in_words, refuse
from .sharper import same
from .words import plain

if TYPE_CHECKING:
    from ..service.goals import Clicked, GoalCheck

NAMES = ("top left", "top right", "bottom right", "bottom left")
WHERE = (
    "inside edge, where post and bar meet",
    "inside edge, where post and bar meet",
    "inside edge, where the post stands on the ground",
    "inside edge, where the post stands on the ground",
)


def goal_editor(session: SessionView, clips: Sequence[ClipView]) -> bool:
    """Session, its clips (at least one) -> whether the goal is settled; every change is kept at once."""
    if st.session_state.get("goal_session") != session.id:
        st.session_state["goal_session"] = session.id
        for key in ("goal_corners", "goal_box", "goal_guess", "goal_offered"):
            st.session_state.pop(key, None)
    if not session.has_scene and st.checkbox("The goal is not in the picture", key=f"goal_absent_{session.id}"):
        st.info("Then only foot and body are analysed; no goal is judged.", icon=":material/info:")
        return True
    asked = ask(session.id, clips)
    try:
        return _click(asked)
    except KickyError as error:
        refuse(error)
        _again(asked)
    return False


def _click(asked: Asked) -> bool:
    """The canvas, the numbers for the keyboard, the goal drawn back -> whether there is a goal."""
    corners = _corners(asked)
    if not corners and (guess := _guess(asked)):
        st.session_state["goal_corners"] = [(x / asked.clip.width, y / asked.clip.height) for x, y in guess]
        st.session_state["goal_guess"] = True
        corners = _corners(asked)
    guessed = len(corners) == 4 and bool(st.session_state.get("goal_guess"))
    near = len(corners) == 4 and st.toggle("Close-up of the goal", key=f"goal_near_{asked.session_id}")
    if guessed:
        _offer(asked, corners)
    else:
        _next_click(len(corners), near)
    box = _shown(asked, corners, near)
    clicked = dots("goal", scenes.still(asked.clip.id, asked.frame), asked.clip, box, corners)
    if clicked != corners:
        _keep(asked, settle(clicked), redraw=len(clicked) > 4)
    _by_number(asked, corners)
    if len(corners) == 4:
        _check(asked, corners, guessed)
        if not guessed:
            pitch_marks(asked, corners)
    return len(corners) == 4 and not guessed


def _guess(asked: Asked) -> list[Corner] | None:
    """-> the goal as the picture shows it, offered once for each clip, None unless it stands out."""
    offered = st.session_state.setdefault("goal_offered", [])
    if asked.clip.id in offered or scenes.of_session(asked.session_id) is not None:
        return None
    with st.spinner("Looking for the goal in the picture …"):
        found = scenes.propose(asked.clip.id)
    offered.append(asked.clip.id)
    return [(x, y) for x, y in found] if found else None


def _offer(asked: Asked, corners: list[Corner]) -> None:
    """The goal that was found -> kept, or put away, by one click."""
    st.info("We think the goal is here. Keep it, or click where a corner really is.", icon=":material/search_check:")
    take = in_words(_take)
    with st.container(horizontal=True):
        st.button(
            "Keep this goal", type="primary", icon=":material/check:", key="goal_accept",
            on_click=take, args=(asked, corners, False),
        )  # fmt: skip
        st.button(
            "Click it myself", icon=":material/ads_click:", key="goal_decline", on_click=take, args=(asked, [], True)
        )


def _shown(asked: Asked, corners: list[Corner], near: bool) -> Box:
    """-> the part of the picture to click in; the close-up stays put while corners move in it."""
    wide, high = asked.picture_wh
    if not near:
        st.session_state.pop("goal_box", None)
        return 0.0, 0.0, float(wide), float(high)
    if "goal_box" not in st.session_state:
        left, top, right, bottom = closeup(corners, asked.picture_wh)
        st.session_state["goal_box"] = (left / wide, top / high, right / wide, bottom / high)
    left, top, right, bottom = st.session_state["goal_box"]
    return left * wide, top * high, right * wide, bottom * high


def _corners(asked: Asked) -> list[Corner]:
    """-> the corners in this clip's pixels: those being clicked, else those stored."""
    if "goal_corners" not in st.session_state:
        scene = scenes.of_session(asked.session_id)
        wide, high = scene.size_wh_px if scene else (1, 1)
        st.session_state["goal_corners"] = [(x / wide, y / high) for x, y in scene.corners] if scene else []
    return [(x * asked.clip.width, y * asked.clip.height) for x, y in st.session_state["goal_corners"]]


def _keep(asked: Asked, corners: list[Corner], redraw: bool) -> None:
    """Corners -> the session state, and the store once there are four; draws the page anew, the canvas if told."""
    _take(asked, corners, redraw)
    st.rerun()


def _take(asked: Asked, corners: list[Corner], redraw: bool) -> None:
    """The same, for a button's callback: a click must not be lost when the page is drawn anew meanwhile."""
    _hold(asked, corners, redraw)
    if len(corners) == 4:
        ordered = list(scenes.corners_in_order(corners))
        _hold(asked, ordered, redraw=ordered != corners)
        _store(asked, ordered)


def _hold(asked: Asked, corners: list[Corner], redraw: bool) -> None:
    """Corners -> the session state; a canvas that is drawn anew shows them in their order."""
    st.session_state["goal_corners"] = [(x / asked.clip.width, y / asked.clip.height) for x, y in corners]
    st.session_state["goal_turn"] = st.session_state.get("goal_turn", 0) + int(redraw)
    st.session_state["goal_guess"] = False


def _store(asked: Asked, corners: list[Corner]) -> None:
    scenes.keep(
        asked.session_id, corners, asked.size_m, asked.height_m,
        size_wh=asked.picture_wh, clip_id=asked.clip.id,
        phone=asked.said.phone, zoom=asked.said.zoom, ball=asked.said.ball,
    )  # fmt: skip


def _next_click(done: int, near: bool) -> None:
    """Corners so far -> what to do next, in one line."""
    if done < 4:
        st.info(
            f"Click corner {done + 1} of 4: **{NAMES[done]}** ({WHERE[done]}). Any order will do.",
            icon=":material/ads_click:",
        )
    elif near:
        st.info("To move a corner, click where it really is: the nearest one moves there.", icon=":material/ads_click:")
    else:
        st.success(
            "Goal kept for the whole session. For an exact one, turn on the close-up and click the corners again."
        )


def _by_number(asked: Asked, corners: list[Corner]) -> None:
    """The same by keyboard: eight numbers."""
    turn = st.session_state.get("goal_turn", 0)
    wide, high = float(asked.clip.width), float(asked.clip.height)
    with (
        st.expander("Type the corners instead", icon=":material/keyboard:"),
        st.form(f"goal_form_{asked.session_id}_{asked.clip.id}_{turn}_{len(corners)}", border=False),
    ):
        typed = []
        for number, name in enumerate(NAMES):
            x, y = corners[number] if number < len(corners) else (0.0, 0.0)
            across, down = st.columns(2)
            title = name.capitalize()
            typed.append(
                (
                    across.number_input(f"{title}, pixels from the left", 0.0, wide, min(round(x, 1), wide), 1.0),
                    down.number_input(f"{title}, pixels from the top", 0.0, high, min(round(y, 1), high), 1.0),
                )
            )
        if st.form_submit_button("Use these corners"):
            _keep(asked, typed, redraw=True)


def _check(asked: Asked, corners: list[Corner], guessed: bool) -> None:
    """Four corners -> goal and ground as the program sees them; what else was said is kept where it was changed."""
    scene = scenes.of_session(asked.session_id)
    if not guessed and (scene is None or _differs(scene, asked)):
        _store(asked, corners)
    check = _checked(
        scenes.still(asked.clip.id, asked.frame), asked, corners, scenes.marks(asked.session_id, asked.picture_wh)
    )
    whole, near = st.columns(2, vertical_alignment="top")
    wide, high = asked.picture_wh
    near.image(
        cut(check.still, closeup(corners, asked.picture_wh), asked.picture_wh), width="stretch",
        caption="The lines should lie on the inner edges of posts and bar.",
        alt="Close-up of the still with the goal's frame drawn over it",
    )  # fmt: skip
    whole.image(
        cut(check.still, ground(corners, (wide, high)), asked.picture_wh), width="stretch",
        caption="The grid should lie flat on the grass, a square every metre.",
        alt="The still with the goal's frame and a grid on the ground drawn over it",
    )  # fmt: skip
    if check.sound:
        st.markdown(
            f":material/straighten: {plain(check.words)} If that is far off, correct the goal's size or its corners."
        )
    else:
        st.warning(plain(check.words), icon=":material/warning:")
    _again(asked, corners)


@st.cache_data(max_entries=16, show_spinner=False, hash_funcs={Asked: repr})
def _checked(picture: bytes, asked: Asked, corners: list[Corner], marks: Clicked) -> GoalCheck:  # noqa: ARG001
    """The picture, which makes a clip's number mean one film, and what was asked -> the goal checked, once."""
    known = asked.said.lens_mm, asked.frame, marks
    return scenes.check(asked.clip.id, corners, asked.size_m, asked.height_m, *known)


def _differs(scene: SceneView, asked: Asked) -> bool:
    """-> whether what was said of the goal beside its corners is not what is stored."""
    kept = (tuple(scene.goal_size_m), scene.camera_height_m)
    return kept != (tuple(asked.size_m), asked.height_m) or not same(asked.said, asked.session_id)


def _again(asked: Asked, corners: list[Corner] | None = None) -> None:
    """What can still be done with the corners: settle them, or start again without."""
    with st.container(horizontal=True):
        if corners:
            st.button(
                "Snap to the posts", icon=":material/center_focus_strong:", key="goal_settle",
                help="Moves each corner by a few pixels at most, onto the inner edges of posts and bar.",
                on_click=in_words(_settle), args=(asked, corners),
            )  # fmt: skip
        clear = in_words(_clear)
        st.button("Clear the goal", icon=":material/restart_alt:", key="goal_again", on_click=clear, args=(asked,))


def _settle(asked: Asked, corners: list[Corner]) -> None:
    settled, _ = scenes.settle(asked.clip.id, corners)
    _take(asked, list(settled), redraw=True)


def _clear(asked: Asked) -> None:
    scenes.forget(asked.session_id)
    st.session_state.setdefault("goal_offered", []).append(asked.clip.id)
    _take(asked, [], redraw=True)
