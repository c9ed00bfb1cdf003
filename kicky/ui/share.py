"""A session's page to send, and the measures of all shots as files."""

from __future__ import annotations

import streamlit as st

from ..errors import KickyError
from ..service import SessionView, sharing
from .parts import refuse


def send(session: SessionView) -> None:
    """Session with shots -> a button that makes its page, and one that saves it."""
    key = f"page_{session.id}_{session.shots}_{session.goals}"
    with st.container(horizontal=True):
        if st.button("Make a page to send", icon=":material/share:", key=f"make_{key}"):
            try:
                with st.spinner("Drawing the best shots"):
                    st.session_state[key] = sharing.session_page(session.id)
            except KickyError as error:
                refuse(error)
        if made := st.session_state.get(key):
            st.download_button(
                "Save the page", made, f"kicky-{session.date:%Y-%m-%d}.html", "text/html", type="primary",
                help="One file with everything in it; for a PDF, open it and print.",
            )  # fmt: skip


def all_measures() -> None:
    """Two buttons: every shot with every measure, for other programs."""
    with st.container(horizontal=True):
        if st.toggle("All measures as a file", key="share_measures"):
            st.download_button("Save CSV", sharing.measures_csv(), "kicky-shots.csv", "text/csv")
            st.download_button("Save Parquet", sharing.measures_parquet(), "kicky-shots.parquet")
