"""One shot: the verdict, the film, the numbers with their intervals, and what they rest on."""

import streamlit as st

from kicky import service, ui
from kicky.errors import KickyError


def step(shot_id: int) -> None:
    """Prev or next was pressed -> the page moves there."""
    st.session_state["shot_choice"] = shot_id


def chosen() -> tuple[service.ShotView, list[service.ShotView]]:
    """-> the shot asked for, by the address or the boxes, and all of its session, in the order they came."""
    sessions = [session for session in ui.own_first(service.sessions()) if session.shots]
    if not sessions:
        st.info("No shot has been analysed yet. Add a clip first, or try a sample on the first page.")
        st.page_link("pages/1_Analyze.py", label="Analyze clips", icon=":material/arrow_forward:")
        st.stop()
    asked = st.session_state.get("shot_choice") or st.query_params.get("shot", "")
    home = service.session_of(str(asked))
    if home is not None and st.session_state.get("shot_seen") != asked:
        st.session_state["shot_session_choice"] = home
    left, right = st.columns(2)
    with left:
        session = ui.choose("Session", sessions, ui.session_name, "shot_session")
    shots = sorted(service.shots(session.id), key=lambda shot: shot.clip_id)
    with right:
        shot = ui.choose("Shot", shots, lambda shot: shot.clip_name, "shot")
    st.session_state["shot_seen"] = shot.id
    return shot, shots


def neighbours(shot: service.ShotView, shots: list[service.ShotView]) -> None:
    """Shot, all of its session -> two buttons to the one before and after it."""
    row = [other.id for other in shots]
    at = row.index(shot.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Previous", icon=":material/chevron_left:", disabled=at == 0, on_click=step, args=(row[at - 1],))
        after = row[min(at + 1, len(row) - 1)]
        st.button("Next", icon=":material/chevron_right:", disabled=at == len(row) - 1, on_click=step, args=(after,))
        st.caption(f"Shot {at + 1} of {len(row)} in this session")


def shooter(shot: service.ShotView) -> None:
    """Who struck the ball, which foot, when: and a name for the shooter."""
    with st.container(border=True):
        known = shot.foot != "unsure" and shot.p_left is not None
        sure = f"{ui.percent(max(shot.p_left, 1 - shot.p_left))} sure. " if known else ""
        st.metric("Foot", ui.FEET.get(shot.foot, "–"))
        st.caption(sure + ui.plain(shot.foot_why))
    with st.container(border=True):
        st.metric("Kick", "Not found" if shot.kick_time_s is None else f"at {shot.kick_time_s:.2f} s")
        hand = ", set by hand" if service.kick_by_hand(shot.clip_id) == shot.kick_frame else ""
        frame = f"Frame {shot.kick_frame} of the film{hand}."
        st.caption(ui.plain(shot.kick_why_not) if shot.kick_frame is None else frame)
        ui.kick_work(shot)
    ui.who_shot(shot)


ui.page("Shot")
try:
    shot, shots = chosen()
    neighbours(shot, shots)
    flight = service.flight(shot.id)
    ui.confetti(shot)
    ui.verdict_banner(shot, weighed=not flight.why_not)
    ui.which_ball(shot)
    film, facts = st.columns([3, 2])
    with film.container(key="film"):
        ui.films(shot)
    with facts:
        ui.put_right(shot)
        shooter(shot)
    ui.move_kick(shot)
    ui.show_ball(shot)
    ui.compare(shot)
    coach = st.container()
    ui.flight(shot, flight)
    ui.body(shot)
    ui.measure_cards(shot)
    ui.swing(shot)
    ui.provenance(shot)
    ui.strike_card(shot)
    ui.send_shot(shot)
    ui.fine_print(shot)
    with coach:
        ui.shot_coach(shot)  # last: what was measured does not wait for it
except KickyError as error:
    ui.refuse(error)
