"""One shot's verdict, numbers and fine print."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ..service import shots
from ..shown import rough
from ..speeds import NAMES
from ..storage.views import MeasureView, ShotView
from .parts import abreast
from .words import (
    BODY,
    GROUPS,
    HOWS,
    MEANINGS,
    METHODS,
    RANGES,
    ROUGHLY,
    TITLES,
    chance,
    measured,
    moment,
    plain,
    range_words,
    verdict,
)

# Numbers that the flight shows, or its absence explains: no cards of their own.
FLOWN = (*NAMES, "time_to_line", "rise", "curl", "crossing_x", "crossing_z")
GROUND = {"goal": "pitch", "no_goal": "dusk", "unsure": "fog"}


def verdict_banner(shot: ShotView, weighed: bool) -> None:
    """Shot, whether its chance was weighed from a flight -> the answer in large letters, how sure, and why."""
    with st.container(key=f"{GROUND.get(shot.outcome, 'fog')}-verdict-{shot.id}"), st.container(key="verdict"):
        st.title(verdict(shot), anchor=False)
        if shot.body_only:
            st.markdown("**No goal in the picture: foot, body and how hard are read.**")
            return
        how = HOWS.get(shot.how, plain(shot.how))
        # A rule's 1 or 0 is no probability, nor is the half that stands for "not known".
        told = weighed and shot.method != "rules2d" and shot.p_goal is not None
        sure = f" · {chance(shot.outcome, shot.p_goal or 0.0)}" if told else ""
        st.markdown(f"**{how[:1].upper()}{how[1:]}{sure}**" + (f"  \n{plain(shot.why)}" if shot.why else ""))


def measure_cards(shot: ShotView) -> None:
    """Shot -> cards in the body's order, each with its interval; what lacks in one line."""
    measures = [measure for name, measure in shot.measures.items() if name not in FLOWN]
    if not measures:
        return
    st.header("In numbers", anchor=False)
    by_name = {measure.name: measure for measure in measures if measure.value is not None}
    other = [name for name in by_name if name not in BODY]
    for title, names in {"": other, **GROUPS}.items():
        _group(title, [by_name[name] for name in names if name in by_name])
    if any(rough(measure.name, measure.low, measure.high) for measure in by_name.values()):
        st.caption(plain(ROUGHLY))
    _withheld([measure for measure in measures if measure.value is None])


def _group(title: str, given: Sequence[MeasureView]) -> None:
    """A part of the body, its numbers -> their cards, three or four abreast, under its name."""
    if not given:
        return
    if title:
        st.subheader(plain(title), anchor=False)
    places = abreast(len(given), f"measures-{title.replace(' ', '-')}", 4 if len(given) == 4 else 3)
    for where, measure in zip(places, given, strict=True):
        with where.container(border=True, height="stretch"):
            card(measure)


def _withheld(measures: Sequence[MeasureView]) -> None:
    """Measures without a value -> one quiet line: each reason once, after all that it withholds."""
    reasons: dict[str, list[str]] = {}
    for measure in sorted(measures, key=lambda each: BODY.index(each.name) if each.name in BODY else -1):
        reasons.setdefault(measure.why_not, []).append(TITLES.get(measure.name, measure.name))
    told = []
    for why, titles in reasons.items():
        names = ", ".join([titles[0], *(title[:1].lower() + title[1:] for title in titles[1:])])
        told.append(plain(f"{names}. {why}"))
    if told:
        st.caption(f"**Not given:** {' '.join(told)}")


def card(measure: MeasureView) -> None:
    """Measure -> its title, number and interval, or why it is not given."""
    value, beside = measured(measure)
    st.metric(TITLES.get(measure.name, plain(measure.name)), plain(value), help=MEANINGS.get(measure.name))
    st.caption(plain(beside) if measure.value is not None else f"Not given. {plain(beside)}")
    usual = shots.published(measure) if measure.value is not None else None
    if usual is not None and usual.flag:
        label, colour = RANGES[usual.flag]
        why = "The interval is too wide to tell. " if usual.flag == "unclear" else ""
        st.badge(label, color=colour, help=plain(f"{why}Published range: {range_words(measure.name, usual)}"))


def fine_print(shot: ShotView) -> None:
    """Shot -> how it was decided, what to bear in mind, what it was made with."""
    st.caption(f"Decided by {METHODS.get(shot.method, plain(shot.method))}; ball found by “{plain(shot.detector)}”.")
    for note in shot.notes:
        st.info(plain(note), icon=":material/info:")
    with st.expander("How this was made", icon=":material/receipt_long:"):
        total = sum(shot.seconds.values())
        st.markdown(f"Analysed {moment(shot.made_at)} in {total:.1f} s.")
        stages, parts = st.columns(2)
        stages.dataframe([{"stage": k, "seconds": round(v, 2)} for k, v in shot.seconds.items()], hide_index=True)
        parts.dataframe([{"part": k, "version": str(v)} for k, v in shot.made_with.items()], hide_index=True)
        for measure in shot.measures.values():
            st.caption(f"{TITLES.get(measure.name, plain(measure.name))}: {plain(measure.method)}")
