"""One Saturday: every shot as a picture, played one after another and put right in place; table, map and reel below."""

import streamlit as st

from kicky import ui
from kicky.errors import KickyError
from kicky.service import saturdays, sessions

ui.page("Saturday")
try:
    days = [session for session in ui.own_first(sessions.listed()) if session.shots]
    if not days:
        st.info("No Saturday has shots yet. Add your clips first, or try a sample on Home.")
        st.page_link("pages/1_Analyze.py", label="Add clips", icon=":material/arrow_forward:")
        st.stop()
    session = ui.choose("Day", days, ui.session_name, "session")
    history = saturdays.per_shot(session.id)
    ui.saturday_head(session, history)
    ui.saturday_shots(session)
    ui.saturday_sums(session, history)
except KickyError as error:
    ui.refuse(error)
