"""A shot replayed in three dimensions: built in the browser from its scene, in step with the film above it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from .. import doors
from ..errors import KickyError
from ..service import comparing, shots, stage
from ..storage.views import ShotView
from .share import send_view
from .words import plain

HERE = Path(__file__).parent
HTML, CSS, JS = (HERE.joinpath(f"replay.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
_component = st.components.v2.component("kicky_replay", html=HTML, css=CSS, js=JS)
SCRIPT = "text/javascript"
CORE, THREE, DRAWN = (
    HERE / "three" / "three.core.min.js",
    HERE / "three" / "three.module.min.js",
    HERE / "replay_drawn.js",
)
INSIDE = b"./three.core.min.js"
"""What three.js's second file calls its first one, which the browser knows by another name."""


def replay(shot: ShotView) -> None:
    """Shot -> its replay, or why there is none."""
    try:
        scene = shots.replay(shot.id)
    except KickyError as error:
        st.info(plain(error), icon=":material/info:")
        return
    if scene["why_not"]:
        st.info(f"There is no replay of this shot. {plain(scene['why_not'])}", icon=":material/info:")
        return
    for part in ("ball", "shooter"):
        if why := scene[part]["why_not"]:
            st.caption(plain(f"{LEFT_OUT[part]} {why}"))
    other = _beside(shot)
    _component(key="replay", data={
        "scene": scene, "beside": other, "on": shot.id, "stamp": f"{shot.made_at}/{st.session_state.get(_key(shot))}",
        "picture": stage.of_shot(shot).picture, **_three(),
        "drawn": doors.hand_made("replay_drawn", DRAWN.read_bytes, SCRIPT),
    })  # fmt: skip
    if other is not None:
        st.caption(plain(f"{GHOST} {other['note']}".strip()))
    st.caption(plain(LEGEND + (f" {scene['others_why_not']}" if scene["others_why_not"] else "")))
    send_view(shot, _views(scene))
    st.download_button(
        "For Blender (glTF)", partial(_gltf, shot.id), f"shot-{shot.id}.gltf", "model/gltf+json", on_click="ignore",
        icon=":material/deployed_code:", type="tertiary",
    )  # fmt: skip


GHOST = "Blue and half transparent: the other shot, both struck at the same moment."
LEFT_OUT = {"ball": "Without the ball's flight:", "shooter": "Without the body:"}
LEGEND = (
    "In step with the film above: scrub one, and the other follows. Pale limbs are a guess, grey was not measured. The "
    "fan holds the ball's likely paths; dots show where it was seen. People whose place alone is known are drawn as "
    "plain figures. How deep the net hangs is not measured. Drag to turn; two fingers move and zoom."
)


def _key(shot: ShotView) -> str:
    return f"replay_beside_{shot.id}"


def _beside(shot: ShotView) -> dict[str, Any] | None:
    """Shot -> a choice of others, and what the viewer needs of the one chosen; why there is none of that."""
    others = comparing.ghosts(shot)
    if not others:
        return None
    chosen = st.selectbox(
        "Beside this shot", list(others), None, format_func=others.__getitem__, key=_key(shot),
        placeholder="None: a best, or another of this session, as a ghost",
    )  # fmt: skip
    if chosen is None:
        return None
    from ..service.replays import beside

    try:
        return beside(shot.id, chosen)
    except KickyError as error:
        st.info(plain(error), icon=":material/info:")
        return None


def _gltf(shot_id: int) -> str:
    from ..service.replays import gltf  # brings NumPy with it, for which no page waits

    return gltf(shot_id)


def _views(scene: dict[str, Any]) -> dict[str, str]:
    from ..service.replays import views

    return views(scene)


def _three() -> dict[str, str]:
    """-> the paths of three.js, which finds its own first file, core, by the path that is handed out for it.

    Both are named, for a browser to fetch them at the same time.
    """
    core = doors.hand_made("three.core", CORE.read_bytes, SCRIPT)
    return {"core": core, "three": doors.hand_made("three", partial(_linked, core), SCRIPT)}


def _linked(core: str) -> bytes:
    return THREE.read_bytes().replace(INSIDE, core.encode())
