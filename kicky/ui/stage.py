"""The stage: a shot's film, large, cropped to its picture, stepped through by keys and thumbs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ..errors import KickyError
from ..service import drawing, stage
from ..service.stage import StageView
from ..storage.views import DrawingView, ShotView
from .films import reel
from .sketch import as_told, draw_here
from .stepper import Decision, stepper
from .words import plain

GONE = "The film of this shot is no longer on this computer; the numbers are."
SQUARE = 1.0


@contextmanager
def on_stage(shot: ShotView) -> Iterator[tuple[DeltaGenerator, DeltaGenerator]]:
    """Shot -> the places of its film and of what stands beside it; an upright film leaves more room beside it."""
    view = stage.of_shot(shot)
    (x0, y0, x1, y1), (wide, high) = view.picture, view.size_wh_px
    upright = (x1 - x0) * wide < SQUARE * (y1 - y0) * high
    with st.container(key="scene-upright" if upright else "scene-wide"):
        picture, beside = st.columns([4, 5] if upright else [5, 2])
        yield picture, beside


def film(shot: ShotView) -> None:
    """Shot -> its film to be watched and stepped through, or why there is none."""
    with st.container(key="film"):
        view = stage.of_shot(shot)
        drawn, bare = (path if path is not None and path.is_file() else None for path in (shot.film, shot.copy))
        if drawn is None and bare is None:
            st.info(GONE, icon=":material/videocam_off:")
            return
        try:
            reels = [reel(drawn, view.drawn_from)] if drawn else []
            reels += [reel(bare)] if bare else []
        except KickyError as error:
            st.info(plain(error), icon=":material/videocam_off:")
            return
        drawings = drawing.of_shot(shot.id)
        stepper("shot", reels, shot.id, _decide, [], stage=True, drawings=as_told(drawings), **_shown(view, drawings))


def _decide(told: Decision) -> str:
    """The one thing that is decided on the stage: to draw on the frame shown."""
    draw_here(int(told["on"]), int(told["frame"]))
    return ""


def _shown(view: StageView, drawings: tuple[DrawingView, ...]) -> dict[str, Any]:
    """-> what the film is stepped by."""
    marks = [(view.contact, "Kick"), (view.arrival, "Goal line"), *((each.frame, "Drawing") for each in drawings)]
    return {
        "start": view.start, "contact": view.contact, "arrival": view.arrival, "loop": view.loop,
        "marks": [(frame, title) for frame, title in marks if frame is not None], "ball": view.ball, "body": view.body,
        "picture": view.picture, "size": view.size_wh_px,
    }  # fmt: skip
