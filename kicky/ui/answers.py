"""The five answers of a shot at a glance: goal, who, foot, how hard, body; each opens the tab that explains it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ..service import house, shots
from ..shown import rough
from ..speeds import at_least, between, given, number
from ..storage.flights import FlightView
from ..storage.views import MeasureView, ShotView
from .places import fits, zone
from .who import yes_or_no
from .words import BODY, FEET, HOWS, TITLES, measured, percent, plain, verdict

TABS = ("Ball", "Replay", "Draw", "Body", "Coach", "Share", "Correct", "Compare", "Details")
TAB, SEEK = "shot_tab", "shot_seek"
RANK = {"low": 0, "high": 0, "in": 1, "unclear": 2}
LEANS = 0.6  # of an unsure foot: from here on the likelier one is told
OUTSIDE = ", outside the published range"
USUAL = {"low": "below the published range", "in": "in range", "high": "above the published range"}
SEEK_JS = """export default function({data}) {
  if (!data.seek || data.seek === window.kickySought) return;
  window.kickySought = data.seek;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const tabs = () => document.querySelector(".st-key-shot_tab");
  const go = (behavior) => tabs()?.scrollIntoView({block: "start", behavior});
  go(calm ? "instant" : "smooth");
  // What is drawn meanwhile can stop a smooth scroll half way: looked at again, unless a hand scrolls.
  let moved = false;
  for (const by of ["wheel", "touchmove", "keydown"]) {
    addEventListener(by, () => { moved = true; }, {once: true, passive: true});
  }
  for (const ms of [900, 1800, 3600]) {
    setTimeout(() => {
      const top = tabs()?.getBoundingClientRect().top ?? 0;
      if (!moved && (top < 0 || top > innerHeight * 0.6)) go("instant");
    }, ms);
  }
}"""


def answers(shot: ShotView, flight: FlightView) -> None:
    """Shot, its flight -> the five answers, each a tile to tap."""
    with st.container(key="answers"):
        _tile("goal", "Goal or not", _goal(shot, flight), "Where it went", "Ball")
        _tile("who", "Who", _who(shot), "Name the shooter", "Correct", lambda: yes_or_no(shot))
        _tile("foot", "Foot", _foot(shot), "Why this foot", "Body")
        _tile("hard", "How hard", how_hard(shot), "How fast, and why", "Ball")
        _tile("body", "Body", _body(shot), "All of the body", "Body")
    seek = st.components.v2.component("kicky_seek", html="<i></i>", js=SEEK_JS)
    with st.container(key="seek"):
        seek(key="shot_seeker", data={"seek": st.session_state.get(SEEK, 0)})


def _tile(
    name: str, title: str, told: tuple[str, str], more: str, tab: str, within: Callable[[], None] | None = None
) -> None:
    """Key, title, answer and what stands under it, what a tap leads to -> the tile."""
    value, under = told
    with st.container(key=f"answer-{name}", border=True, gap=None):
        st.markdown(f":small[{plain(title)}]  \n**{plain(value)}**" + (f"  \n{plain(under)}" if under else ""))
        if within is not None:
            within()
        st.button(more, key=f"see-{name}", type="tertiary", on_click=open_tab, args=(tab,))


def open_tab(tab: str) -> None:
    """Tab -> it is open, and scrolled to; in a callback."""
    st.session_state[TAB] = tab
    st.session_state[SEEK] = st.session_state.get(SEEK, 0) + 1


def _goal(shot: ShotView, flight: FlightView) -> tuple[str, str]:
    """-> the verdict; its chance and the place on the goal, where the two say the same."""
    if shot.body_only:
        return "Not in the picture", "only body and kick are read"
    where = zone(flight.crossing) if flight.crossing and fits(flight.crossing, flight.goal_size_m, shot) else ""
    how = HOWS.get(shot.how, shot.how) if shot.how != "unclear" else ""
    told = [_chance(shot, flight), where.lower() if shot.outcome == "goal" else how]
    return verdict(shot), ", ".join(part for part in told if part)


def _chance(shot: ShotView, flight: FlightView) -> str:
    """-> how sure; a rule's 1 or 0 is no probability, nor is the half that stands for "not known"."""
    if "outcome" in shot.by_hand:
        return "you said so"
    if flight.why_not or shot.method == "rules2d" or shot.p_goal is None:
        return ""
    if shot.outcome == "unsure":
        return f"{percent(shot.p_goal)} a goal"
    return f"{percent(shot.p_goal if shot.outcome == 'goal' else 1 - shot.p_goal)} sure"


def _who(shot: ShotView) -> tuple[str, str]:
    if shot.shooter is None and shot.player is None:
        return "Nobody seen", ""
    if shot.player is None:
        return shot.shooter or "", "not named yet"
    if shot.player_by == "look":
        return shot.player, f"by looks, {percent(shot.player_p or 0.0)} sure"
    return shot.player, ""


def _foot(shot: ShotView) -> tuple[str, str]:
    if "foot" in shot.by_hand:
        return FEET.get(shot.foot, "–"), "you said so"
    if shot.foot == "unsure" or shot.p_left is None:
        return FEET.get(shot.foot, "–"), _leans(shot.p_left)
    return FEET.get(shot.foot, "–"), f"{percent(max(shot.p_left, 1 - shot.p_left))} sure"


def _leans(p_left: float | None) -> str:
    """-> which foot is the likelier one, and how much; nothing where both are about as likely."""
    if p_left is None or not max(p_left, 1 - p_left) >= LEANS:
        return ""
    return f"more likely {'left' if p_left > 0.5 else 'right'}, {percent(max(p_left, 1 - p_left))}"


def how_hard(shot: ShotView) -> tuple[str, str]:
    """Shot -> its speed, else what is proved of it, else a dash; and what stands under it."""
    unit, speed = house.speed_unit(), given(shot.measures)
    if speed is not None:
        return number(speed, unit), f"{between(speed, unit)} {unit}"
    least = at_least(given(shot.measures, "speed_across"), unit)
    return (least, "across the picture") if least else ("–", "cannot be told")


def _body(shot: ShotView) -> tuple[str, str]:
    """-> the number of the body that tells most: out of its published range and surest, else within it, else surest."""
    found = _telling(shot)
    if found is None:
        return "–", "no number of it is sure"
    usual = shots.published(found)
    if found.name == "plant_behind" and (found.value or 0.0) < 0:  # "−12 cm behind" is a riddle
        outside = OUTSIDE if usual is not None and usual.flag == "low" else ""
        return measured(found)[0].replace("−", ""), f"Standing foot ahead of the ball{outside}"
    said = [TITLES.get(found.name, found.name), USUAL.get(usual.flag, "") if usual is not None else ""]
    return measured(found)[0], ", ".join(part for part in said if part)


def _telling(shot: ShotView) -> MeasureView | None:
    """Shot -> the measure of its body to show first, None where there is none."""
    given_ = [each for name in BODY if (each := shot.measures.get(name)) is not None and each.value is not None]

    def rank(measure: MeasureView) -> tuple[int, bool, float]:
        usual, wide = shots.published(measure), (measure.high or 0.0) - (measure.low or 0.0)
        if usual is None:
            return 3, rough(measure.name, measure.low, measure.high), wide
        return RANK.get(usual.flag, 2), False, wide / (usual.high - usual.low)

    return min(given_, key=rank, default=None)
