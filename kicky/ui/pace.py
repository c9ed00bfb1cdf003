"""How hard one shot was: the number as surely as it is known, its bar, and what the ball did on its way."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from .. import charts
from ..service import house
from ..speeds import Speed, Unit, at_least, between, given, number, words
from ..storage.views import MeasureView, ShotView
from .tables import NO_TOOLBAR
from .words import MEANINGS, TITLES, plain
from .words import number as rounded

STOPPED = ("saved", "short")


def speed_card(shot: ShotView) -> None:
    """Shot -> its speed with its bar; without a flight what the picture proves, or why there is nothing."""
    if (launch := shot.measures.get("speed")) is None:
        return
    unit, speed = house.speed_unit(), given(shot.measures)
    least = at_least(given(shot.measures, "speed_across"), unit)
    with st.container(border=True):
        fast = number(speed, unit) if speed is not None else least or "–"
        st.metric(TITLES["speed"], plain(fast), help=MEANINGS["speed"])
        if speed is not None:
            _drawn_bar(speed, unit)
            st.caption(plain(f"{between(speed, unit)} {unit}, nine times in ten."))
            if said := way_words(shot, unit):
                st.caption(plain(said))
            return
        proved = "Across the picture; what goes towards or away from the phone is not in it." if least else "Not given."
        st.caption(plain(f"{proved} {launch.why_not}"))


def _drawn_bar(speed: Speed, unit: Unit) -> None:
    figure = charts.speed_bar(speed, unit)
    st.plotly_chart(figure, config=NO_TOOLBAR, key="chart-speed", alt=f"Ball speed {words(speed, unit)}")


def way_words(shot: ShotView, unit: Unit) -> str:
    """Shot -> what the ball did on its way, in a sentence or two; of a ball that was stopped not how it came there."""
    measures = {name: each for name, each in shot.measures.items() if each.value is not None}
    parts = [*_there(measures, unit, shot.how not in STOPPED), _rise(measures), _curl(measures)]
    return " ".join(part for part in parts if part)


def _there(measures: Mapping[str, MeasureView], unit: Unit, came: bool) -> list[str]:
    """-> with which speed and when it came to the line, and how fast it was on average."""
    said = []
    if came and (there := given(measures, "speed_at_line")) is not None:
        said.append(f"At the goal line {words(there, unit)}{_after(measures.get('time_to_line'))}.")
    if (average := given(measures, "average_speed")) is not None:
        said.append(f"On average {words(average, unit)}.")
    return said


def _after(time: MeasureView | None) -> str:
    if time is None or time.value is None or time.low is None or time.high is None:
        return ""
    return f", {time.value:.2f} s after the kick ({time.low:.2f}–{time.high:.2f})"


def _rise(measures: Mapping[str, MeasureView]) -> str:
    rise = measures.get("rise")
    if rise is None or rise.value is None or rise.low is None or rise.high is None:
        return ""
    low, high = max(rise.low, 0.0), max(rise.high, 0.0)
    return f"Off the foot it rose at {max(rise.value, 0.0):.0f}° ({low:.0f}–{high:.0f})."


def _curl(measures: Mapping[str, MeasureView]) -> str:
    """-> how far it curled and to which side, where that is sure."""
    curl = measures.get("curl")
    if curl is None or curl.value is None or curl.low is None or curl.high is None:
        return ""
    if curl.low <= 0 <= curl.high:
        most = max(-curl.low, curl.high)
        return f"No curl that shows: {rounded(most, 1)} m at most."
    side = "right" if curl.value > 0 else "left"
    near, far = sorted((abs(curl.low), abs(curl.high)))
    return f"It curled {rounded(abs(curl.value), 1)} m to the {side} ({near:.1f}–{far:.1f})."
