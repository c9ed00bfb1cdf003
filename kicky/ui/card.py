"""The strike card on the page, and as a picture to keep."""

from __future__ import annotations

import re

import streamlit as st

from ..errors import KickyError
from ..service import shots
from ..storage.views import ShotView
from .words import plain, verdict

WIDE_PX = 1600  # as it is drawn, at most: of any other width or kind it would be made again at each look


def strike_card(shot: ShotView) -> None:
    """Shot -> its strike card, upright where the screen is narrow, and a button that saves the upright one."""
    st.header("Strike card", anchor=False)
    try:
        with st.spinner("Drawing the card", show_time=False):
            wide, upright = (shots.card(shot.id, phone) for phone in (False, True))
    except KickyError as error:
        st.info(plain(error), icon=":material/info:")
        return
    about = f"Strike card: {verdict(shot)}, before, at and after contact, with the angles in numbers"
    with st.container(key="card-wide"):
        st.image(wide, width=WIDE_PX, output_format="PNG", alt=about)
    with st.container(key="card-upright"):
        st.image(upright, width="stretch", output_format="PNG", alt=about)
    st.download_button(
        "Save for your phone", upright, file_name(shot), "image/png", key=f"card_{shot.id}",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip


def file_name(shot: ShotView) -> str:
    """Shot -> what its card is called when it is saved: player, day, number; only letters that every phone takes."""
    who = re.sub(r"\W+", "-", shot.player or "").strip("-").lower()
    return "-".join(part for part in ("kicky", who, f"{shot.date:%Y-%m-%d}", str(shot.id)) if part) + ".png"
