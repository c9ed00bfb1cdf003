"""The stage: a shot's film, large, cropped to its picture, stepped through by keys and thumbs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ..errors import KickyError
from ..service import DrawingView, ShotView, drawing
from ..service.stage import StageView, stage
from .films import reel
from .sketch import as_told, draw_here
from .stepper import Decision, stepper
from .words import plain

GONE = "The film of this shot is no longer on this computer; the numbers are."


STYLE = """<style>
/* The verdict in one band: large word, and beside it how and why. */
[class*="-verdict-"] {padding: 0.9rem 1.5rem;}
.st-key-verdict {flex-flow: row wrap; align-items: center; gap: 0.2rem 1.4rem;}
.st-key-verdict > div {width: auto; flex: 0 1 auto;}
.st-key-verdict h1 {font-size: clamp(2.2rem, 5vw, 3.2rem); line-height: 1.05; padding: 0;}
[class*="st-key-fog"] .st-key-verdict h1 {font-size: clamp(1.9rem, 4vw, 2.5rem);}
.st-key-verdict [data-testid="stMarkdownContainer"] {margin: 0;}
.st-key-verdict p {margin: 0; line-height: 1.4;}
/* What is not there yet keeps its room, and what stands below comes last: nothing jumps while the page is drawn. */
.st-key-film {container-type: inline-size;}
.st-key-film > div:not(:has([data-testid="stAlert"])) {min-height: calc(min(var(--tall), 100cqw * 9 / 16) + 13.5rem);}
.st-key-scene-upright .st-key-film > div:not(:has([data-testid="stAlert"])) {
  min-height: calc(min(var(--tall), 100cqw * 16 / 9) + 13.5rem);}
.st-key-stage {--tall: min(60vh, 36rem);}
[data-testid="stMain"]:not(:has(.st-key-see-body)) :is(.st-key-ways, .st-key-shot_tab) {animation: later 0s 4s both;}
@keyframes later {from {visibility: hidden;} to {visibility: visible;}}
/* Answers: tiles, each a button as a whole. */
.st-key-answers {display: grid; gap: 0.6rem; grid-template-columns: 1fr;}
.st-key-scene-upright .st-key-answers {grid-template-columns: 1fr 1fr;}
.st-key-scene-upright .st-key-answers > div:first-child {grid-column: 1 / -1;}
.st-key-answers > div {height: 100%;}
[class*="st-key-answer-"] {position: relative; padding: 0.6rem 0.9rem 0.7rem; height: 100%;
  justify-content: space-between;}
[class*="st-key-answer-"] [data-testid="stMarkdownContainer"] {margin: 0;}
[class*="st-key-answer-"] p {margin: 0; overflow-wrap: anywhere; line-height: 1.4;}
[class*="st-key-answer-"] p strong {font-size: 1.35rem; line-height: 1.25;}
[class*="st-key-answer-"]:hover {border-color: #2a9155;}
[class*="st-key-see-"] {position: static !important;}
[class*="st-key-see-"] button {min-height: 0; padding: 0.15rem 0 0; position: static; text-decoration: underline;
  text-underline-offset: 0.2em;}
[class*="st-key-see-"] button::after {content: ""; position: absolute; inset: 0; border-radius: inherit;}
[class*="st-key-yes-no"] {position: relative; z-index: 1;}
.st-key-shot_tab {scroll-margin-top: 4rem;}
.st-key-seek {height: 0; overflow: hidden; margin-bottom: -1rem;}
@media (max-width: 75rem) {
  .st-key-scene-wide > div > [data-testid="stHorizontalBlock"] {flex-direction: column;}
  .st-key-scene-wide > div > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"] {width: 100%; flex: 1 1 auto;}
  .st-key-scene-wide .st-key-answers {grid-template-columns: repeat(auto-fit, minmax(8.6rem, 1fr));}
  .st-key-scene-upright .st-key-answers {grid-template-columns: 1fr;}
  [class*="st-key-answer-"] p strong {font-size: 1.15rem;}
}
@media (max-width: 40rem) {
  .st-key-stage {--tall: min(52svh, 36rem);}
  :is(.st-key-scene-upright, .st-key-scene-wide) .st-key-answers {grid-template-columns: 1fr 1fr;}
  .st-key-answers > div:first-child {grid-column: 1 / -1;}
  [class*="-verdict-"] {padding: 0.8rem 1.1rem;}
  .st-key-verdict p {font-size: 0.95rem;}
}
</style>"""
SQUARE = 1.0


@contextmanager
def on_stage(shot: ShotView) -> Iterator[tuple[DeltaGenerator, DeltaGenerator]]:
    """Shot -> the places of its film and of what stands beside it; an upright film leaves more room beside it."""
    st.html(STYLE)
    view = stage(shot)
    (x0, y0, x1, y1), (wide, high) = view.picture, view.size_wh_px
    upright = (x1 - x0) * wide < SQUARE * (y1 - y0) * high
    with st.container(key="scene-upright" if upright else "scene-wide"):
        picture, beside = st.columns([4, 5] if upright else [5, 2])
        yield picture, beside


def film(shot: ShotView) -> None:
    """Shot -> its film to be watched and stepped through, or why there is none."""
    with st.container(key="film"):
        view = stage(shot)
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
        drawings = drawing.drawings(shot.id)
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
