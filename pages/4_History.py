"""Every shot of all Saturdays: each player's row, what changed, where they went; or players against each other."""

import streamlit as st

from kicky import charts, ui
from kicky.errors import KickyError
from kicky.service import saturdays

FACES = ("Every shot", "Against each other")

ui.page("History", "Every shot so far, and what changes over the Saturdays.")
try:
    history = saturdays.per_shot()
    if history.empty:
        st.info("The first analysed shot starts the history. Add a clip, or try a sample on Home.")
        st.page_link("pages/1_Analyze.py", label="Add clips", icon=":material/arrow_forward:")
        st.stop()
    if st.segmented_control("Show", FACES, default=FACES[0], required=True, key="history_face") == FACES[1]:
        ui.against_each_other(history)
        st.stop()
    shown = ui.filters(history)
    st.markdown(charts.conversion_words(int(shown["goal"].dropna().sum()), int(shown["goal"].notna().sum())))
    ui.players(shown)
    ui.changes(shown)
    ui.views(shown)
    ui.all_measures()
except KickyError as error:
    ui.refuse(error)
