"""A whole session's film cut into shots, and the shots rated."""

import streamlit as st

from kicky import ui
from kicky.errors import KickyError
from kicky.service import sessions

ui.page("Clips", "Cut a whole session's film into shots; rate them, so that the good ones come first.")
try:
    days = ui.own_first(sessions.listed())
    if not days or days[0].place == sessions.SAMPLES:
        st.info("First there has to be a session that the clips belong to.", icon=":material/calendar_month:")
        st.page_link("pages/1_Analyze.py", label="Create a session", icon=":material/arrow_forward:")
        st.stop()
    session = ui.choose("Session", days, ui.session_name, "session")
    mode = st.segmented_control(
        "What to do", ["Cut", "Rate"], default="Cut", key="clips_mode", label_visibility="collapsed"
    )
    if mode == "Rate":
        ui.rating(session)
    else:
        film = ui.open_film(session)
        if film is not None:
            ui.cutting(film)
        if session.clips:
            ui.session_link(session, f"On to the session's {session.clips} clips")
except KickyError as error:
    ui.refuse(error)
