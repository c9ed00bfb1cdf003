"""Ground truth: what was true of each shot, said by who saw it; boxes in its frames; in and out of other programs."""

import streamlit as st

from kicky import ui
from kicky.errors import KickyError
from kicky.service import clips

ui.page("Label", "Label what really happened in each clip. KICKY is measured by your labels, and learns from them.")
try:
    if not clips.are_here():
        st.info("Labelling needs clips. Add some, or cut them out of a session's film.", icon=":material/upload:")
        st.page_link("pages/1_Analyze.py", label="Add clips", icon=":material/arrow_forward:")
        st.page_link("pages/2_Clips.py", label="Cut a film", icon=":material/content_cut:")
        st.stop()
    modes = ["Answers", "Boxes", "Agreement", "Import and export"]
    mode = st.segmented_control("What to do", modes, default=modes[0], key="label_mode", label_visibility="collapsed")
    if mode == "Agreement":
        ui.agreement()
    elif mode == "Import and export":
        ui.in_and_out()
    else:
        who, numbers = ui.label_queue()
        if not who:
            st.info("Enter your name to begin with the first clip.", icon=":material/person:")
            st.stop()
        if mode == "Boxes":
            ui.draw_boxes(who, numbers)
        else:
            ui.answering(who, numbers)
except KickyError as error:
    ui.refuse(error)
