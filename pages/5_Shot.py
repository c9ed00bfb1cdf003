"""One shot: its film on a stage, five answers at a glance, and behind tabs what they rest on."""

import streamlit as st

from kicky import ui
from kicky.errors import KickyError
from kicky.service import kicks, sessions, shots
from kicky.service.shots import FlightView, ShotView


def step(shot_id: int) -> None:
    """Prev or next was pressed -> the page moves there."""
    st.session_state["shot_choice"] = shot_id


def chosen() -> tuple[ShotView, list[ShotView]]:
    """-> the shot asked for, by the address or the boxes, and all of its session, in the order they came."""
    days = [session for session in ui.own_first(sessions.listed()) if session.shots]
    if not days:
        st.info("No shot has been analysed yet. Add a clip first, or try a sample on Home.")
        st.page_link("pages/1_Analyze.py", label="Add clips", icon=":material/arrow_forward:")
        st.stop()
    asked = st.session_state.get("shot_choice") or st.query_params.get("shot", "")
    home = shots.session_of(str(asked))
    if home is not None and st.session_state.get("shot_seen") != asked:
        st.session_state["shot_session_choice"] = home
    left, right = st.columns(2)
    with left:
        session = ui.choose("Session", days, ui.session_name, "shot_session")
    taken = sorted(shots.listed(session.id), key=lambda shot: shot.clip_id)
    with right:
        shot = ui.choose("Shot", taken, lambda shot: shot.clip_name, "shot")
    st.session_state["shot_seen"] = shot.id
    return shot, taken


def neighbours(shot: ShotView, taken: list[ShotView]) -> None:
    """Shot, all of its session -> two buttons to the one before and after it."""
    row = [other.id for other in taken]
    at = row.index(shot.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Previous", icon=":material/chevron_left:", disabled=at == 0, on_click=step, args=(row[at - 1],))
        after = row[min(at + 1, len(row) - 1)]
        st.button("Next", icon=":material/chevron_right:", disabled=at == len(row) - 1, on_click=step, args=(after,))
        st.caption(f"Shot {at + 1} of {len(row)} in this session")


def body(shot: ShotView) -> None:
    """Which foot struck the ball, the body in 3-D, its numbers, its angles through the swing."""
    with st.container(border=True):
        known = shot.foot != "unsure" and shot.p_left is not None
        sure = f"{ui.percent(max(shot.p_left, 1 - shot.p_left))} sure. " if known else ""
        st.metric("Foot", ui.FEET.get(shot.foot, "–"))
        st.caption(sure + ui.plain(shot.foot_why))
    ui.body(shot)
    ui.measure_cards(shot)
    ui.swing(shot)


def card(shot: ShotView) -> None:
    """What is there to be kept and to be sent."""
    ui.strike_card(shot)
    ui.send_shot(shot)


def correct(shot: ShotView) -> None:
    """What a person may know better: what it was, who, when the ball was struck, which ball."""
    ui.put_right(shot)
    ui.who_shot(shot)
    with st.container(border=True):
        st.metric("Kick", "Not found" if shot.kick_time_s is None else f"at {shot.kick_time_s:.2f} s")
        hand = ", set by hand" if kicks.by_hand(shot.clip_id) == shot.kick_frame else ""
        frame = f"Frame {shot.kick_frame} of the film{hand}."
        st.caption(ui.plain(shot.kick_why_not) if shot.kick_frame is None else frame)
    ui.move_kick(shot)
    ui.show_ball(shot)


def details(shot: ShotView) -> None:
    """What it was decided from and made with."""
    ui.origins(shot)
    ui.fine_print(shot)


def tabs(shot: ShotView, flight: FlightView) -> None:
    """What the answers rest on, a tab each; only the one that is open is drawn."""
    draws = {
        "Ball": lambda: ui.flight(shot, flight),
        "Replay": lambda: ui.replay(shot),
        "Draw": lambda: ui.drawn(shot),
        "Body": lambda: body(shot),
        "Coach": lambda: ui.shot_coach(shot),
        "Share": lambda: card(shot),
        "Correct": lambda: correct(shot),
        "Compare": lambda: ui.compare(shot),
        "Details": lambda: details(shot),
    }
    for name, place in zip(ui.TABS, st.tabs(ui.TABS, key=ui.TAB, on_change="rerun"), strict=True):
        if place.open:
            with place:
                draws[name]()


ui.page("Shot")
stage, ways = st.container(key="stage"), st.container(key="ways")
try:
    with ways:
        row, choice = st.container(), st.container()
    with choice:
        shot, taken = chosen()
    with stage:
        flight = shots.flight(shot.id)
        ui.confetti(shot)
        ui.verdict_banner(shot, weighed=not flight.why_not)
        with ui.on_stage(shot) as (picture, beside):
            with picture:
                ui.film(shot)
            with beside:
                ui.answers(shot, flight)
        ui.kick_work(shot)
        ui.which_ball(shot)
    with row:
        ui.strip(shot, taken, step)
        neighbours(shot, taken)
    tabs(shot, flight)
except KickyError as error:
    ui.refuse(error)
