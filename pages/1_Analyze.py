"""Films in, verdicts out: they are dropped, the goal is shown once for a day, and the work begins by itself."""

import streamlit as st

from kicky import ui
from kicky.errors import KickyError
from kicky.service import clips, sessions

ui.page("Add clips", "Drop your films. Show the goal once. The rest goes by itself.")
try:
    days = ui.own_first(sessions.listed())
    place = st.container()
    session, into = ui.pick_session(days) if days else (None, None)
    with place:
        ui.drop_films(into)
        ui.other_ways(into)
    filmed = clips.listed(session.id) if session else []
    if session is None or not filmed:
        st.info("Add the first clips above; the next step is to show where the goal is.", icon=":material/upload:")
        st.stop()
    own = session.place != sessions.SAMPLES
    if own:
        ui.session_day(session, filmed)
        ui.slow_motion(filmed)
    st.header("Goal", anchor=False)
    if not own:
        st.info("Each sample carries its own goal.", icon=":material/info:")
    ready = not own or ui.goal_editor(session, filmed)
    if own:
        ui.session_camera(session.id)
    st.header("Shots", anchor=False)
    detector = ui.pick_detector()
    ui.begin(session, filmed, detector, ui.can_run([detector]) and ready)
    ui.watch(session.id)
    if session.shots and not any(clip.job and clip.job.active for clip in filmed):
        ui.saturday_link(session, "See the whole day")
        ui.send(session, loud=True)
except KickyError as error:
    ui.refuse(error)
