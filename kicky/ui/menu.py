"""The way between the pages: the players' pages first, and the workshop folded away beneath them.

Streamlit's own menu folds no part of itself and pushes the page aside when it comes, so it is off
(.streamlit/config.toml) and these links stand in its place.
"""

from __future__ import annotations

import streamlit as st

PLAYERS = (
    ("Home.py", "Home", "home"),
    ("pages/1_Analyze.py", "Add clips", "add_circle"),
    ("pages/9_Saturday.py", "Saturday", "calendar_month"),
    ("pages/5_Shot.py", "Shot", "sports_soccer"),
    ("pages/4_History.py", "History", "timeline"),
    ("pages/7_Coach.py", "Coach", "sports"),
)
WORKSHOP = (
    ("pages/2_Clips.py", "Clips", "content_cut"),
    ("pages/3_Label.py", "Label", "label"),
    ("pages/6_Evaluate.py", "Evaluate", "fact_check"),
    ("pages/8_Teach.py", "Teach", "school"),
)


def menu() -> None:
    """-> the links to all pages, in a row that a thumb can push aside; the workshop's open with a tap."""
    with st.container(key="menu", horizontal=True, vertical_alignment="center"):
        _links(PLAYERS)
        with st.popover("Workshop", type="tertiary", icon=":material/construction:"):
            _links(WORKSHOP)


def _links(pages: tuple[tuple[str, str, str], ...]) -> None:
    for path, name, icon in pages:
        st.page_link(path, label=name, icon=f":material/{icon}:")
