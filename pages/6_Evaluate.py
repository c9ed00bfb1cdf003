"""How often KICKY is right: first a sentence, a picture and what went wrong; below it every run, two side by side."""

import streamlit as st

from kicky import ui
from kicky.errors import KickyError
from kicky.service import evaluation

ui.page("Evaluate", "How often is KICKY right? Compare detectors with your labels, and look at what they get wrong.")
try:
    labels = ui.choose_labels()
    if labels is None:
        st.stop()
    runs = evaluation.scored_runs(labels)
    ui.evaluation_work()
    if runs:
        ui.first_look(runs)
    ui.run_form(labels, first=not runs)
    if evaluation.is_here(labels):
        ui.splits_and_tags(bool(runs))
    if runs:
        with st.expander("Every run and figure, for those who build detectors", icon=":material/table_chart:"):
            st.header("All runs", anchor=False)
            by, part = ui.choose_part(runs)
            ui.run_table(runs, by, part, ui.labels_now(labels))
            ui.versus(runs, by, part)
            ui.worth(runs)
            ui.report(runs)
except KickyError as error:
    ui.refuse(error)
