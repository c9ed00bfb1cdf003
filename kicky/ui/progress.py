"""A player's session against those before: goals, what is surely better or worse, and the means of the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ..service import coaching, shots
from ..shown import rough
from .parts import abreast, shot_link
from .words import BODY, GROUPS, HOWS, MEANINGS, RANGES, ROUGHLY, plain, unit_of

NOBODY = "Not named yet"
UNNAMED = "Shots without a name are not compared, with other days or people: say on the Shot page who took them."
LINKED = 12  # shots that a thing is shown by


def pick_player(session_id: int) -> str:
    """Session with shots -> the player chosen among its shooters; empty for shots without a name."""
    names = {shot.player or "" for shot in shots.listed(session_id)}
    options = sorted(names, key=lambda name: (not name, name))
    return str(
        st.selectbox("Player", options, format_func=lambda name: name or NOBODY, key=f"coach_player_{session_id}")
    )


def session_facts(session_id: int, player: str) -> None:
    """Session, player -> the tally, the changes, the means."""
    brief = coaching.session_brief(session_id, player)
    _tallies(brief)
    _costs(session_id, player)
    if not player:
        st.info(UNNAMED, icon=":material/info:")
    elif brief.before is None:
        st.info("There is no earlier session of this player to compare with yet.", icon=":material/info:")
    else:
        st.header("Against earlier sessions", anchor=False)
        _changes(brief.changes)
    if brief.facts:
        st.header("In numbers" if player else "In numbers, whoever took the shots", anchor=False)
        other = [fact.name for fact in brief.facts if fact.name not in BODY]
        for title, names in {"": other, **GROUPS}.items():
            _facts(title, [fact for name in names if (fact := brief.fact(name)) is not None])
        if any(map(_rough, brief.facts)):
            st.caption(plain(ROUGHLY))


def _costs(session_id: int, player: str) -> None:
    """Session, player -> what cost most goals, each with the shots that show it, to be seen."""
    costs = coaching.session_costs(session_id, player)
    if not costs:
        return
    st.header("What cost most goals", anchor=False)
    order = sorted(shot.clip_id for shot in shots.listed(session_id))
    for where, cost in zip(abreast(len(costs), "costs"), costs, strict=True):
        with where.container(border=True, height="stretch"):
            st.markdown(f"**{plain(cost.text)}**")
            with st.container(horizontal=True):
                for shot in sorted(cost.shots, key=lambda shot: shot.clip_id)[:LINKED]:
                    shot_link(shot.id, f"Shot {order.index(shot.clip_id) + 1}")


def _rough(fact: Any) -> bool:
    times = unit_of(fact.name, "")[1]
    return rough(fact.name, fact.low / times, fact.high / times)


def _facts(title: str, facts: Sequence[Any]) -> None:
    """A part of the body, the means of its numbers -> their cards, three abreast, under its name."""
    if not facts:
        return
    if title:
        st.subheader(plain(title), anchor=False)
    for where, fact in zip(abreast(len(facts), f"facts-{title.replace(' ', '-')}"), facts, strict=True):
        with where.container(border=True, height="stretch"):
            name, _, count = fact.title.partition(", ")
            number, _, interval = fact.text.partition(" (")
            mark = "≈ " if _rough(fact) else ""
            st.metric(plain(name), plain(f"{mark}{number}"), help=MEANINGS.get(fact.name))
            st.caption(plain(f"{count.capitalize()} shots, nine times in ten {interval.rstrip(')')}."))
            if fact.usual is not None and fact.flag:
                label, colour = RANGES[fact.flag]
                st.badge(label, color=colour, help=plain(f"{fact.note} {fact.source}"))


def _tallies(brief: Any) -> None:
    """Brief -> goals now and before, each with what its share may be, and how the rest went."""
    sides = [("Goals", brief.now)] + ([("Goals before", brief.before)] if brief.before else [])
    for where, (title, tally) in zip(abreast(len(sides), "tallies"), sides, strict=True):
        with where.container(border=True, height="stretch"):
            st.metric(plain(title), f"{tally.goals:d} of {tally.shots:d}" if tally.shots else "Not judged")
            unsure = f" {tally.unsure} more could not be judged." if tally.unsure else ""
            spread = (
                f"The true share is {100 * tally.low:.0f} to {100 * tally.high:.0f}\u00a0%, nine times in ten."
                if tally.shots
                else ""
            )
            misses = ", ".join(f"{count} × {HOWS[how]}" for how, count in tally.misses)
            st.caption(plain(f"{spread}{unsure}{f' Misses: {misses}.' if misses else ''}"))


def _line(change: Any) -> str:
    return f"- {plain(change.title)}: {plain(change.text)}"


def _changes(changes: Sequence[Any]) -> None:
    """Changes -> under what they are: surely better, surely worse, surely another, or too small to tell."""
    groups = (
        ("Improved", ":material/trending_up:", [c for c in changes if c.sure and c.better]),
        ("Got worse", ":material/trending_down:", [c for c in changes if c.sure and c.better is False]),
        ("Changed", ":material/swap_vert:", [c for c in changes if c.sure and c.better is None]),
        ("No clear change", ":material/trending_flat:", [c for c in changes if not c.sure]),
    )
    for title, icon, some in groups:
        if some:
            body = [change for change in some if change.name in BODY and not change.sure]
            st.markdown(
                "\n".join([f"{icon} **{title}**", "", *(_line(change) for change in some if change not in body)])
            )
            if body:
                with st.expander(f"Nor in {len(body)} number{'s' * (len(body) != 1)} of the body"):
                    st.markdown("\n".join(_line(change) for change in body))
    if not any(change.sure for change in changes):
        st.caption("Nothing differs from earlier sessions by more than the uncertainty of the numbers.")
