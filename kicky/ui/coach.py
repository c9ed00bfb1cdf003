"""The coach: which one, asking him, his advice as it comes, thumbs, and what was said before.

What a model says comes when the page has been drawn, into the place that was kept for it. Streamlit stops a page at
its next call: each piece that a coach sends makes one, so that who leaves the page or presses anything stops the coach,
too.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from time import monotonic

import streamlit as st

from ..errors import KickyError
from ..service import coaching
from ..service.coaching import CoachView
from ..storage.views import AdviceView, PassageView, ShotView
from .fetching import fetch
from .parts import in_words, refuse
from .words import leaving, plain, replaced, said_by

Ask = Callable[[str, Callable[[str], None]], Generator[PassageView, None, None]]
TICK_S = 0.3
HEADINGS = {"Fix 1": "First", "Fix 2": "Then"}  # where nothing was measured, there is nothing to fix
AT_ONCE = "rules"  # needs no model: it is asked without a button


@dataclass(frozen=True, slots=True)
class About:
    """What is advised on: its key on the page, what was said of it, how to ask; whether pictures go with the facts."""

    key: str
    said: Sequence[AdviceView]
    ask: Ask
    pictures: bool


def shot_coach(shot: ShotView) -> None:
    """Shot -> the coach's panel."""
    try:
        with st.container(border=True, key=f"coach-shot-{shot.id}"):
            panel(About(f"shot-{shot.id}", coaching.advice(shot.id), partial(coaching.advise, shot.id), True))()
    except KickyError as error:
        refuse(error)


def session_coach(session_id: int, player: str) -> Callable[[], None]:
    """Session, player -> the coach's panel; to be called at the page's end: what a model says that was just asked."""
    try:
        said = coaching.session_advice(session_id, player)
        ask = partial(coaching.advise_session, session_id, player)
        with st.container(border=True, key=f"coach-session-{session_id}"):
            return in_words(panel(About(f"session-{session_id}-{player}", said, ask, False)))
    except KickyError as error:
        refuse(error)
        return _nothing


def _nothing() -> None:
    """-> nothing is left to say."""


def panel(about: About) -> Callable[[], None]:
    """About -> the choice of coach, the newest he said or a way to ask him, and all that was said before.

    What is there at once is drawn at once, so that nothing below moves; what is given back draws an answer that takes
    its time, in the place kept for it.
    """
    st.header("Coach", anchor=False)
    coach = _choice(about)
    newest = next((view for view in about.said if view.coach == coach.name), None)
    current = newest is not None and coaching.holds(newest)
    if not coach.ready:
        st.info(plain(coach.missing), icon=":material/info:")
        for lacking in coach.fetches:
            fetch(lacking)
    if coach.newer:
        with st.expander("A newer model for this coach", icon=":material/new_releases:"):
            fetch(coach.newer)
    asked = coach.ready and _button(about, coach, newest)
    place = st.container()

    def rest() -> None:
        told, holds = newest, current
        with place:
            if asked or (coach.ready and coach.name == AT_ONCE and not current):
                told, holds = _asked(about, coach), True
            elif told is not None:
                for passage in told.passages:
                    _passage(passage, told.coach)
            if told is not None:
                _foot(told, holds)
            _earlier([view for view in about.said if told is None or view.id != told.id])

    if asked:
        return rest
    rest()
    return _nothing


def _choice(about: About) -> CoachView:
    """-> the coach chosen; at first the one who spoke last."""
    coaches = {coach.name: coach for coach in coaching.coaches()}
    last = next((view.coach for view in about.said if view.coach in coaches), AT_ONCE)
    name = st.segmented_control(
        "Coach", list(coaches), default=last, format_func=lambda n: plain(coaches[n].title), key=f"coach_{about.key}",
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    return coaches[name or last]


def _button(about: About, coach: CoachView, newest: AdviceView | None) -> bool:
    """-> whether the coach is asked now; before that, what to expect and where facts and pictures go."""
    if coach.sends_to:
        st.warning(plain(leaving(coach, about.pictures)), icon=":material/cloud_upload:")
    elif coach.warning:
        st.warning(plain(coach.warning), icon=":material/hourglass_top:")
    if coach.name == AT_ONCE:
        return False  # of the same facts it says the same
    label = "Ask again" if newest is not None else "Ask this coach"
    label += f" (sends to {plain(coach.sends_to)})" if coach.sends_to else ""
    return st.button(label, key=f"ask_{coach.name}_{about.key}", icon=":material/sports:")


def _asked(about: About, coach: CoachView) -> AdviceView | None:
    """About, coach -> his passages drawn as they come; the advice as it was stored, None when he failed."""
    written, under = st.container(), st.empty()
    # One who answers at once is not waited for: what says so would come and go, and move what stands below.
    tick = _ticker(under, f"stop_{about.key}") if coach.name != AT_ONCE else _untold
    try:
        with closing(about.ask(coach.name, tick)) as passages, written:
            for passage in passages:
                _passage(passage, coach.name)
    except KickyError as error:
        refuse(error)
        return None
    finally:
        under.empty()
    return _newest(about)


def _untold(_: str) -> None:
    """Piece -> nothing is said of it."""


def _ticker(under: st.delta_generator.DeltaGenerator, key: str) -> Callable[[str], None]:
    """Place -> what is called for each piece: it says there what the coach is doing, at most each TICK_S."""
    with under.container(horizontal=True, vertical_alignment="center"):
        line = st.empty()
        line.caption("Reading the facts …")
        st.button("Stop", key=key, icon=":material/stop:", help="Nothing of this answer is kept.")
    start_s = monotonic()
    state = {"pieces": 0, "next_s": start_s + TICK_S}

    def tick(piece: str) -> None:
        state["pieces"] += bool(piece)
        now_s = monotonic()
        if now_s < state["next_s"]:
            return
        state["next_s"] = now_s + TICK_S
        if state["pieces"]:
            line.caption(f"Writing … {state['pieces']:.0f} words or so. Each part is checked before it is shown.")
        else:
            line.caption(f"Loading, reading or thinking … {now_s - start_s:.0f} s.")

    return tick


def _newest(about: About) -> AdviceView:
    """About -> the advice just stored."""
    kind, number, *player = about.key.split("-", 2)
    said = coaching.advice(int(number)) if kind == "shot" else coaching.session_advice(int(number), player[0])
    return said[0]


def _passage(passage: PassageView, coach: str) -> None:
    """Passage, who was asked -> its title and text; marked where it is not that coach's own."""
    st.markdown(f"**{plain(HEADINGS.get(passage.title, passage.title))}.** {plain(passage.text)}")
    if passage.replaced and coach != AT_ONCE:
        st.caption(f":material/swap_horiz: {plain(replaced(passage))}")


def _foot(view: AdviceView, current: bool) -> None:
    """Advice -> by whom and when, thumbs, and whether the facts are others by now."""
    if not current:
        st.info("The facts have changed since this was said: ask again.", icon=":material/update:")
    with st.container(horizontal=True, vertical_alignment="center"):
        thumbs = {True: 1, False: 0}.get(view.thumbs) if view.thumbs is not None else None
        key = f"thumb_{view.id}"
        st.feedback("thumbs", key=key, default=thumbs, on_change=_thumbed, args=(view.id, key))
        st.caption(plain(said_by(view)))
    if refusal := st.session_state.pop("thumb_refusal", ""):
        st.error(plain(refusal))


def _thumbed(advice_id: int, key: str) -> None:
    """A thumb was pressed, or pressed again to take it back -> kept."""
    pressed = st.session_state[key]
    try:
        coaching.thumb(advice_id, None if pressed is None else pressed == 1)
    except KickyError as error:
        st.session_state["thumb_refusal"] = str(error)


def _earlier(said: Sequence[AdviceView]) -> None:
    """Advice, newest first -> folded away, each with coach, model and time."""
    if not said:
        return
    with st.expander(f"Said before ({len(said)})", icon=":material/history:"):
        for view in said:
            thumb = (
                {True: " · thumb up", False: " · thumb down"}.get(view.thumbs, "") if view.thumbs is not None else ""
            )
            st.caption(plain(said_by(view) + thumb))
            for passage in view.passages:
                _passage(passage, view.coach)
