"""Putting a shot right: what it was, which foot; what a person says goes before what the program thinks."""

from __future__ import annotations

import streamlit as st

from ..errors import KickyError
from ..service import truth
from ..service.shots import correct
from ..storage.views import ShotView
from .parts import label_link
from .words import FEET, VERDICTS, plain

REFUSAL = "correct_refusal"
NAMES = {"outcome": VERDICTS, "foot": FEET}


def put_right(shot: ShotView) -> None:
    """Shot -> its outcome and foot as buttons; the one that holds is marked, another sets it right."""
    with st.container(border=True):
        st.markdown("**Not right? Correct it**")
        for field, title in (("outcome", "It was"), ("foot", "With the")):
            now: str = getattr(shot, field)
            key = f"right-{field}-{shot.id}-{now}-{field in shot.by_hand}"
            st.segmented_control(
                title, list(NAMES[field]), default=now, format_func=NAMES[field].__getitem__, key=key,
                on_change=_said, args=(shot, field, key),
            )  # fmt: skip
            if field in shot.by_hand:
                thought = NAMES[field].get(shot.thought[field], plain(shot.thought[field]))
                back = f"Undo: KICKY thought {thought.lower()}"
                st.button(back, key=f"back-{field}-{shot.id}", on_click=_take_back, args=(shot.id, field),
                          icon=":material/undo:")  # fmt: skip
        st.caption("Your answer counts everywhere, and the film is drawn again.")
        _label(shot)
    if why := st.session_state.pop(REFUSAL, ""):
        st.error(plain(why))


def _label(shot: ShotView) -> None:
    """Shot -> a link to what its clip's labels say; and that the verdict is another, where it is."""
    was = truth.of_clip(shot.clip_id).get("outcome", "")
    if was and was != shot.outcome:
        st.warning(f"Its label says: {VERDICTS.get(was, plain(was)).lower()}.", icon=":material/help:")
    label_link(shot.clip_id, "See its label" if was else "Label it: how, when and by whom")


def _said(shot: ShotView, field: str, key: str) -> None:
    value = st.session_state[key]
    if value is not None and value != getattr(shot, field):
        _keep(shot.id, field, value)


def _take_back(shot_id: int, field: str) -> None:
    _keep(shot_id, field, "")


def _keep(shot_id: int, field: str, value: str) -> None:
    try:
        correct(shot_id, field, value)
    except KickyError as error:
        st.session_state[REFUSAL] = str(error)
