"""The last Saturday at a glance, what waits, and where to start."""

from __future__ import annotations

import streamlit as st

from kicky import doors

if __name__ == "__main__":
    from kicky import ui
    from kicky.errors import KickyError
    from kicky.service import coaching, gallery, saturdays, sessions, truth, work
    from kicky.service.sessions import SessionView
else:  # Streamlit reads this file once for its server, which need not know the pages, and then runs it as one of them
    app = st.App(__file__, middleware=doors.guards(), routes=doors.routes(), lifespan=doors.opening)

NEWEST = 2  # sessions whose shots may still be told the truth of from memory


def start_here() -> None:
    """An empty house -> what the app does."""
    with st.container(key="pitch-start"):
        st.header("Film a shot. See what happened.", anchor=False)
        st.markdown(
            "1. Put the phone on a tripod and film each shot as its own clip.\n"
            "2. Add the clips, and show KICKY where the goal is, once for the whole day.\n"
            "3. See the result: goal or not, which foot, how hard, how the body stood."
        )
    ui.drop_films(None)


def last_saturday(session: SessionView) -> None:
    """The newest day -> what came of it, its shots in a row, the records beaten on it."""
    history = saturdays.per_shot(session.id)
    ui.saturday_head(session, history)
    if len(history):
        ui.strip(None, ui.in_order(session), show)
        ui.saturday_link(session, f"See all of it: {len(history)} shot{'s' * (len(history) != 1)}, table, map and film")
        ui.records(session)


def show(shot_id: int) -> None:
    """A picture was tapped -> its shot is the one to open."""
    st.session_state["home_shot"] = shot_id


def waiting(days: list[SessionView]) -> None:
    """All sessions -> what is under way or wants doing, each with its link; nothing when nothing waits."""
    tried = st.session_state.get("home_trying", (0, ""))[1]  # its progress stands in the gallery
    jobs = [job for job in work.jobs(active_only=True) if job.clip_name.rpartition(".")[0] != tried]
    ui.rerun_when_done(bool(jobs), "home_busy")
    own = [session for session in days if session.place != sessions.SAMPLES and session.clips]
    goalless = [(session, "show where the goal is") for session in own if not (session.has_scene or session.shots)]
    fresh = sessions.untried()
    left = [(s, "clips not analysed yet") for s in own if s.has_scene and s.id in fresh and not jobs]
    newest = own[:NEWEST]
    untold = truth.untold([session.id for session in newest])
    if not (jobs or goalless or left or untold):
        return
    st.header("Waiting", anchor=False)
    ui.progress_lines(jobs)
    for session, what in goalless + left:
        ui.session_link(session, f"{ui.session_name(session)}: {what}")
    for session in newest:
        if session.id in untold:
            count, clip = untold[session.id]
            ui.label_link(clip, f"{ui.session_name(session)}: check {count} shot{'s' * (count != 1)}")


def try_it(name: str) -> None:
    """Sample's name -> queues it and remembers which shot to open when it is done."""
    try:
        st.session_state["home_trying"] = (gallery.try_sample(name), name)
    except KickyError as error:
        st.session_state["home_refusal"] = str(error)


def home() -> None:
    """The page."""
    ui.page("KICKY")
    try:
        sends = coaching.server_settings().address
        leaves = "Only a coach's server that you name and ask is sent anything." if sends else "Nothing leaves it."
        st.markdown(f"Your Saturday shots, analysed on your own computer. {leaves}")
        if st.button("Add clips", type="primary", icon=":material/add_circle:", width="stretch"):
            st.switch_page("pages/1_Analyze.py")
        if shot := st.session_state.pop("home_shot", None):
            st.switch_page("pages/5_Shot.py", query_params={"shot": str(shot)})
        days, last = sessions.listed(), sessions.last()
        if last is None or last.place == sessions.SAMPLES:
            start_here()
        else:
            last_saturday(last)
        busy = bool(work.jobs(active_only=True))
        st.fragment(ui.in_words(waiting), run_every=1.0 if busy else None)(days)
        ui.saturdays(days)
        if refusal := st.session_state.pop("home_refusal", ""):
            st.error(ui.plain(refusal))
        if samples := gallery.samples():
            st.header("Try a sample shot", anchor=False)
            ui.sample_gallery(samples, try_it, "home_trying")
        ui.your_things()
        ui.on_your_phone()
    except KickyError as error:
        ui.refuse(error)


if __name__ == "__main__":
    home()
