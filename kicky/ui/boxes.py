"""Boxes and masks frame by frame, drawn where the film is: a click a frame for the ball, few frames for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from .. import doors
from ..errors import KickyError
from ..service import boxes, truth
from ..service.boxes import BoxesView
from . import films
from .parts import in_words
from .stepper import Decision, stepper
from .truth import turned, wait
from .words import plain

TOLD = 60  # of the newest decisions a page is told what became of them
WAYS = [
    {"key": "PageUp", "title": "Clip before", "does": "before", "moves": True},
    {"key": "PageDown", "title": "Next clip", "does": "after", "moves": True},
]


def draw_boxes(who: str, numbers: Sequence[int]) -> None:
    """Labeller, queue -> the clip it stands at, to be drawn in."""
    st.fragment(in_words(_boxes))(who, list(numbers))


def _boxes(who: str, numbers: list[int]) -> None:
    at = min(st.session_state.get("label_at", 0), len(numbers) - 1)
    view = boxes.to_draw(numbers[at])
    st.query_params["clip"] = str(view.id)
    st.markdown(f"**{plain(view.name)}** · clip {at + 1} of {len(numbers)}")
    if view.film is None:
        wait(view.id, view.work)
        return
    stepper(
        "boxes", [films.reel(view.film)], view.id, lambda told: _decide(who, numbers, told),
        [{"title": "", "keys": WAYS}], start=_start(view, who), size=view.size_wh_px,
        drawing={
            "all": doors.hand_made(("boxes", view.id), partial(boxes.everything, view.id), "application/json"),
            "film": view.sha256, "size": view.size_wh_px, "told": st.session_state.setdefault("boxes_told", []),
        },
    )  # fmt: skip
    st.caption(
        "Ball: one click a frame, and on to the next; a click near something that moves takes that. A flying ball is a "
        "streak: drag a box around all of it. Players: draw them every ten frames or so, and in between they follow "
        "(dashed). A goal that stands still is drawn once. **A** accepts what is dashed. Drag a box by its edge or its "
        "corners, or move it by the arrow keys. The wheel zooms, the right button moves the picture."
    )


def _start(view: BoxesView, who: str) -> int:
    """Clip -> the frame to begin with: the one in which the contact is thought to be."""
    known: dict[int, int] = st.session_state.setdefault("boxes_start", {})
    if view.id not in known:
        known[view.id] = truth.to_label(view.id, who).contact or 0
    return known[view.id]


def _decide(who: str, numbers: Sequence[int], told: Decision) -> str:
    """One decision of the browser -> done; the word that is shown for it. Raises: what the store refuses."""
    clip_id, does = int(told["on"]), str(told["does"])
    if does in ("after", "before"):
        return turned(numbers, clip_id, does)
    frame = int(told["frame"])
    became: dict[str, Any] = {"id": told["id"], "on": clip_id, "frame": frame}
    try:
        became["number"] = boxes.keep(
            clip_id, str(told["film"]), frame, told["value"], who, int(told["seen"]), told["earlier"]
        )
    except KickyError:
        became["number"], became["things"] = boxes.stored(clip_id, frame)
        raise
    finally:
        st.session_state["boxes_told"] = [*st.session_state.get("boxes_told", []), became][-TOLD:]
    return f"Saved: frame {frame}."
