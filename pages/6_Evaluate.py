"""How often KICKY is right: detectors held against labels, two at a time or all in a table, and the clips behind."""

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
    ui.run_form(labels, first=not runs)
    if evaluation.is_here(labels):
        ui.splits_and_tags(bool(runs))
    ui.evaluation_work()
    if runs:
        st.header("All runs", anchor=False)
        by, part = ui.choose_part(runs)
        ui.run_table(runs, by, part, ui.labels_now(labels))
        ui.versus(runs, by, part)
        ui.worth(runs)
        ui.report(runs)
except KickyError as error:
    ui.refuse(error)
