"""A session's page to send, and the measures of all shots as files: each made when it is asked for."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ..service import SessionView, sharing


def send(session: SessionView, loud: bool = False) -> None:
    """Session with shots -> a button that makes its page and saves it; `loud` where it is what to do next."""
    st.download_button(
        "Save a page to send", partial(sharing.session_page, session.id), f"kicky-{session.date:%Y-%m-%d}.html",
        "text/html", key=f"send_{session.id}", on_click="ignore", icon=":material/share:",
        type="primary" if loud else "secondary",
        help="Table, shot map, best shots and the coach's words in one file; for a PDF, open it and print.",
    )  # fmt: skip


def all_measures() -> None:
    """Two buttons: every shot with every measure, for other programs."""
    with st.container(horizontal=True):
        st.download_button(
            "All measures as CSV", sharing.measures_csv, "kicky-shots.csv", "text/csv", on_click="ignore"
        )
        st.download_button(
            "All measures as Parquet", sharing.measures_parquet, "kicky-shots.parquet", on_click="ignore"
        )
