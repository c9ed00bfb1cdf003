"""One Saturday: every shot as a picture, played one after another and put right in place; table, map and reel below."""

import streamlit as st

from kicky import service, ui
from kicky.errors import KickyError

ui.page("Saturday")
try:
    sessions = [session for session in ui.own_first(service.sessions()) if session.shots]
    if not sessions:
        st.info("No Saturday has shots yet. Add your clips first, or try a sample on the first page.")
        st.page_link("pages/1_Analyze.py", label="Add clips", icon=":material/arrow_forward:")
        st.stop()
    session = ui.choose("Day", sessions, ui.session_name, "session")
    history = service.history(session.id)
    ui.saturday_head(session, history)
    ui.saturday_shots(session)
    ui.saturday_sums(session, history)
except KickyError as error:
    ui.refuse(error)
