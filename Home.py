"""The last Saturday at a glance, what waits, and where to start."""

import streamlit as st

from kicky import service, ui
from kicky.errors import KickyError


def start_here() -> None:
    """An empty house -> what the app does and the first thing to press."""
    with st.container(key="pitch-start"):
        st.header("Film a shot. See what happened.", anchor=False)
        st.markdown(
            "1. Put the phone on a tripod and film each shot as its own clip.\n"
            "2. Show KICKY where the goal is: four clicks for the whole session.\n"
            "3. Read it off: goal or not, which foot, how hard, how the body stood."
        )
    if st.button("Start with your own clips", type="primary", icon=":material/arrow_forward:", icon_position="right"):
        st.switch_page("pages/1_Analyze.py")


def last_saturday(session: service.SessionView) -> None:
    """The newest session -> its shots in one block, and each player's row."""
    history = service.history()
    history = history[history["session_id"] == session.id]
    with st.container(key="pitch-last"):
        st.header(ui.plain(ui.session_name(session)), anchor=False)
        if len(history):
            ui.tally(history)
        else:
            st.markdown(f"{session.clips} clips, none analysed yet.")
    if len(history):
        ui.player_table(history)


def waiting(sessions: list[service.SessionView]) -> None:
    """All sessions -> what is under way or wants doing, each with its link; nothing when nothing waits."""
    jobs = service.jobs(active_only=True)
    ui.rerun_when_done(bool(jobs), "home_busy")
    goalless = [s for s in sessions if s.clips and not s.has_scene]
    left = [s for s in sessions if s.clips > s.shots and s not in goalless]
    if not (jobs or goalless or left):
        return
    st.subheader("Waiting", anchor=False)
    if jobs:
        ui.progress_lines(jobs)
    for session, what in [(s, "show where the goal is") for s in goalless] + [
        (s, "clips not analysed yet") for s in left
    ]:
        ui.session_link(session, f"{ui.session_name(session)}: {what}")


def try_it(name: str) -> None:
    """Sample's name -> queues it and remembers which shot to open when it is done."""
    try:
        st.session_state["home_trying"] = (service.try_sample(name), name)
    except KickyError as error:
        st.session_state["home_refusal"] = str(error)


ui.page("KICKY", "Your Saturday shots, read by your own computer. Nothing leaves it.")
try:
    sessions = service.sessions()
    last = service.last_session()
    if last is None:
        start_here()
    else:
        last_saturday(last)
    busy = bool(service.jobs(active_only=True))
    st.fragment(waiting, run_every=1.0 if busy else None)(sessions)
    samples = service.samples()
    if samples:
        st.subheader("Try a sample shot", anchor=False)
    trying = st.session_state.get("home_trying") is not None
    st.fragment(ui.follow_sample, run_every=0.5 if trying else None)("home_trying")
    if refusal := st.session_state.pop("home_refusal", ""):
        st.error(ui.plain(refusal))
    ui.sample_gallery(samples, try_it)
except KickyError as error:
    ui.refuse(error)
