"""Clips -> labelled pictures -> a student of one's own: label, look through, train, see what came of it."""

import streamlit as st

from kicky import ui
from kicky.errors import KickyError
from kicky.service import teaching

ui.page("Teach", "Train a detector on your own clips: label them, check the labels, train.")
try:
    ui.teaching_offer()
    st.header("1 · Label", anchor=False)
    ui.label_clips()
    ui.teaching_work()
    st.header("2 · Check the labels", anchor=False)
    chosen = ui.choose_set()
    if chosen is not None:
        ui.set_summary(chosen)
        ui.look_through(chosen.name)
        st.header("3 · Train", anchor=False)
        ui.train_form(chosen)
    trainings = teaching.trainings()
    if trainings:
        st.header("4 · Results", anchor=False)
        ui.training_results(trainings)
    if chosen is not None or trainings:
        st.header("Two beside each other, on your clips", anchor=False)
        ui.students_compared()
except KickyError as error:
    ui.refuse(error)
