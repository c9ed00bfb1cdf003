"""What is asked of a goal beside its corners: which picture, how large, where the phone stands and what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from ..service import scenes
from ..storage.views import ClipView
from .parts import abreast
from .sharper import UNKNOWN, Said, sharper

OWN_SIZE = "Another size"
TRIPOD = "On a tripod or wall: type the height"
PLACES: dict[str, float | None] = {UNKNOWN: None, "In the grass (15 cm)": 0.15, "On a bag or a box (40 cm)": 0.4}


@dataclass(frozen=True, slots=True)
class Asked:
    """Where the corners belong and what else was said of the goal."""

    session_id: int
    clip: ClipView
    frame: int
    size_m: tuple[float, float]
    height_m: float | None
    said: Said

    @property
    def picture_wh(self) -> tuple[int, int]:
        return self.clip.width, self.clip.height


def ask(session_id: int, clips: Sequence[ClipView]) -> Asked:
    """Session, its clips -> the answers, as they stand."""
    one, two, three, four = abreast(4, "goal", 3)
    clip = one.selectbox("Picture from", clips, format_func=lambda c: c.name, key=f"goal_clip_{session_id}")
    last = max(clip.frames - 1, 1)
    frame = two.slider("Moment to show", 0, last, 0, key=f"goal_frame_{clip.id}")
    with three:
        size_m = _size(session_id)
    with four:
        height_m = _height(session_id)
    said = sharper(session_id, clip, size_m)
    return Asked(session_id, clip, min(frame, clip.frames - 1), size_m, height_m, said)


def _size(session_id: int) -> tuple[float, float]:
    """-> inner width and height in metres, from the list or typed."""
    sizes = scenes.goal_sizes()
    scene = scenes.of_session(session_id)
    kept = scene.goal_size_m if scene else next(iter(sizes.values()))
    start = next((i for i, size in enumerate(sizes.values()) if size == tuple(kept)), len(sizes))
    name = st.selectbox(
        "Goal, metres", [*sizes, OWN_SIZE], index=start, key=f"goal_size_{session_id}",
        format_func=lambda n: n if n == OWN_SIZE else f"{n} {sizes[n][0]:g}×{sizes[n][1]:g}",
    )  # fmt: skip
    if name != OWN_SIZE:
        return sizes[name]
    return (
        st.number_input("Inner width, m", 0.5, 12.0, float(kept[0]), 0.01, key=f"goal_wide_{session_id}"),
        st.number_input("Inner height, m", 0.5, 12.0, float(kept[1]), 0.01, key=f"goal_high_{session_id}"),
    )


def _height(session_id: int) -> float | None:
    """-> how high the lens stands over the ground in metres, None when nobody knows."""
    scene = scenes.of_session(session_id)
    kept = scene.camera_height_m if scene else None
    start = next((i for i, height in enumerate(PLACES.values()) if height == kept), len(PLACES))
    place = st.selectbox(
        "Where does the phone stand?", [*PLACES, TRIPOD], index=start, key=f"goal_place_{session_id}",
        help="When you don't know, the height is worked out from the ball and the people in the clips.",
    )  # fmt: skip
    if place in PLACES:
        return PLACES[place]
    typed = st.number_input(
        "Lens over the ground, cm", 5, 1000, round(100 * kept) if kept else None, 5,
        key=f"goal_height_{session_id}", placeholder="not measured yet",
    )  # fmt: skip
    return typed / 100 if typed else None
