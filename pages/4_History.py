"""The shots of all Saturdays: each player's row, where they went, what changed, and a table to filter."""

import streamlit as st

from kicky import charts, service, ui
from kicky.errors import KickyError

ui.page("History", "Every shot so far, and what changes over the Saturdays.")
try:
    history = service.history()
    if history.empty:
        st.info("The first analysed shot starts the history. Bring in a clip, or try a sample on the first page.")
        st.page_link("pages/1_Analyze.py", label="Analyze clips", icon=":material/arrow_forward:")
        st.stop()
    shown = ui.filters(history)
    st.markdown(charts.conversion_words(int(shown["goal"].dropna().sum()), int(shown["goal"].notna().sum())))
    ui.players(shown)
    ui.chosen_shot(ui.shot_map(shown))
    ui.changes(shown)
    ui.saturdays(shown)
    ui.chosen_shot(ui.each_shot(shown))
    st.subheader("All shots", anchor=False)
    ui.chosen_shot(ui.shot_table(shown))
    ui.all_measures()
except KickyError as error:
    ui.refuse(error)
