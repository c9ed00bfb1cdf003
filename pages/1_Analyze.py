"""Clips in, verdicts out: the session, its clips, the goal in the picture, and the work watched."""

import datetime as dt

import streamlit as st

from kicky import service, ui
from kicky.errors import KickyError

FILMS = ["mp4", "mov", "m4v", "avi", "mkv", "webm", "3gp"]
ui.page("Analyze", "Add your clips, show the goal once, and get a verdict on each shot.")


def pick_session() -> service.SessionView:
    """-> the session to work on; a new one where asked for, and always when there is none."""
    sessions = ui.own_first(service.sessions())
    none_yet = not sessions or sessions[0].place == service.SAMPLES
    with st.expander("New session", expanded=none_yet, icon=":material/add:"), st.form("analyze_new", border=False):
        day, place = st.columns(2)
        today = dt.date.today()
        saturday = today - dt.timedelta(days=(today.weekday() - 5) % 7)
        date = day.date_input("Day", saturday, format="DD/MM/YYYY")
        where = place.text_input("Place", placeholder="Where you played", max_chars=80)
        if st.form_submit_button("Create the session", type="primary" if none_yet else "secondary"):
            st.session_state["session_choice"] = service.new_session(date, where.strip())
            st.rerun()
    if not sessions:
        st.stop()
    return ui.choose("Session", sessions, ui.session_name, "session")


def bring_in(session: service.SessionView) -> None:
    """Files from the browser or from a folder -> clips of the session; each refusal is told beside its name."""
    slow = st.number_input(
        "Slow motion: how many times slower than real time", 1.0, 64.0, None, 1.0, format="%g",
        placeholder="As each film says; most say nothing and play at real speed",
    )  # fmt: skip
    upload, folder = st.tabs(["From this device", "From a folder on this computer"])
    turn = st.session_state.setdefault("analyze_turn", 0)
    sent = upload.file_uploader("Clips, one shot each", FILMS, accept_multiple_files=True, key=f"analyze_upload_{turn}")
    with folder:
        picked = ui.films_from_folder(f"analyze_films_{turn}")
    new = [(file.name, file) for file in sent] + [(path.name, path) for path in picked]
    if new and st.button(f"Add {len(new)} clip{'s' * (len(new) > 1)}", type="primary", icon=":material/add:"):
        st.session_state["analyze_refused"] = ui.add_all(session.id, new, slow)
        st.session_state["analyze_turn"] = turn + 1  # an uploader is emptied only by being another one
        st.rerun()
    for name, why in st.session_state.pop("analyze_refused", []):
        st.error(f"**{ui.plain(name)}**: {ui.plain(why)}")


try:
    st.header("1 · Session", anchor=False)
    session = pick_session()
    st.header("2 · Clips", anchor=False)
    bring_in(session)
    clips = service.clips(session.id)
    if not clips:
        st.info("Add the first clips above; the next step is to show where the goal is.", icon=":material/upload:")
        st.stop()
    if session.place != service.SAMPLES:
        ui.session_day(session, clips)
        ui.slow_motion(clips)
    st.header("3 · Goal", anchor=False)
    if session.place == service.SAMPLES:
        st.info("Each sample carries its own goal.", icon=":material/info:")
    ready = session.place == service.SAMPLES or ui.goal_editor(session, clips)
    if session.place != service.SAMPLES:
        ui.session_camera(session.id)
    st.header("4 · Go", anchor=False)
    detector = ui.pick_detector()
    todo = [clip.id for clip in clips if clip.shot_id is None and not (clip.job and clip.job.active)]
    label = f"Analyze {len(todo)} clip{'s' * (len(todo) != 1)}" if todo else "Analyze all again"
    under_way = not todo and any(clip.job and clip.job.active for clip in clips)
    if st.button(label, type="primary", disabled=not ready or under_way, icon=":material/sports_soccer:"):
        service.analyze(todo or [clip.id for clip in clips], detector)
        st.rerun()
    ui.watch(session.id)
    if session.shots and not (todo or under_way):
        ui.send(session, loud=True)
except KickyError as error:
    ui.refuse(error)
