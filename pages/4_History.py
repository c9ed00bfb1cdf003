"""The shots of all Saturdays: a table to filter, and what changes from one Saturday to the next."""

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
    chosen = ui.shot_table(shown)
    if chosen is not None:
        st.switch_page("pages/5_Shot.py", query_params={"shot": str(chosen)})
    left, right = st.columns(2)
    with left:
        ui.chart(
            "Goals",
            charts.goals_by_saturday(shown),
            "Bars: goals in a hundred shots. Lines: where the true share may lie.",
        )
        ui.chart("Which foot", charts.foot_split(shown), "Shots with each foot.")
    with right:
        ui.chart(
            "Speed",
            charts.measure_by_saturday(shown, "speed", "Ball speed", "km/h"),
            "Each dot is a shot, its line the interval. A change smaller than the lines is none you could measure.",
        )
        body = [name for name in ui.BODY if name in shown]
        if body:
            name = st.selectbox("Body", body, format_func=lambda n: ui.TITLES[n], key="history_angle")
            ui.chart(
                ui.TITLES[name],
                charts.measure_by_saturday(shown, name, ui.TITLES[name], *ui.unit_of(name, "deg")),
                "Each dot is a shot, its line the interval.",
            )
except KickyError as error:
    ui.refuse(error)
