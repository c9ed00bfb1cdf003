"""One session of one player: how it went, what cost goals, what to train next, and the coaches who say it."""

import streamlit as st

from kicky import ui
from kicky.errors import KickyError
from kicky.service import sessions

ui.page("Coach", "A whole session of one player: how it went, what cost goals, and what to train next.")
try:
    days = [session for session in ui.own_first(sessions.listed()) if session.shots]
    if not days:
        st.info("The coach needs analysed shots. Add a clip first, or try a sample on Home.")
        st.page_link("pages/1_Analyze.py", label="Add clips", icon=":material/arrow_forward:")
    else:
        which, who = st.columns([3, 2])
        with which:
            session = ui.choose("Session", days, ui.session_name, "session")
        with who:
            player = ui.pick_player(session.id)
        advise = ui.session_coach(session.id, player)
        ui.session_facts(session.id, player)
        ui.send(session)
    st.header("Coaches", anchor=False)
    ui.server_settings()
    ui.models_memory()
    if days:
        advise()  # last: what was measured does not wait for a model
except KickyError as error:
    ui.refuse(error)
