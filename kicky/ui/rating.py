"""Clips one after the other, five to one stars by key; then all of them by stars."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ..service import truth
from ..storage.views import SessionView
from .films import reel
from .parts import in_words, session_link
from .stepper import Decision, stepper
from .truth import look_again
from .words import plain


def rating(session: SessionView) -> None:
    """Session -> its clips one after the other, five to one stars by key; then all of them by stars."""
    st.fragment(in_words(_rating))(session)


def _rating(session: SessionView) -> None:
    who = st.query_params.get("who", "") or "me"
    found = truth.items(who, session.id)
    if not found:
        st.info("There are no clips in this session yet: export some first.", icon=":material/star:")
        session_link(session, "Or add clips")
        return
    left, right = st.columns(2)
    least = left.segmented_control("Show", [0, 1, 2, 3, 4, 5], default=0, format_func=_least, key="rate_least") or 0
    order = right.segmented_control(
        "Order", ["As they came", "Best first", "Worst first"], default="As they came", key="rate_order"
    )
    shown = [item for item in found if item.stars >= least]
    if order != "As they came":
        shown = sorted(shown, key=lambda item: -item.stars if order == "Best first" else item.stars)
    if not shown:
        st.info("No clip has that many stars.", icon=":material/star:")
        return
    numbers = [item.id for item in shown]
    if st.session_state.get("rate_at") not in numbers:
        st.session_state["rate_at"] = next((item.id for item in shown if not item.stars), numbers[0])
    item = shown[numbers.index(st.session_state["rate_at"])]
    done = sum(1 for each in found if each.stars)
    st.markdown(f"**{plain(item.name)}** · {_stars(item.stars)} · {done} of {len(found)} rated")
    film, work = truth.film_of(item.id)
    if film is None:
        st.progress(work.progress if work else 0.0, text="Making the film ready")
        st.fragment(look_again, run_every=1.0)(item.id)
    else:
        keys = [
            {
                "key": str(k),
                "title": "★" * k,
                "does": "rate",
                "value": str(k),
                "pressed": item.stars == k,
                "moves": True,
            }
            for k in range(5, 0, -1)
        ]
        ways = [
            {"key": "Backspace", "title": "Clip before", "does": "before", "moves": True},
            {"key": "Enter", "title": "Next clip", "does": "after", "moves": True},
        ]
        stepper(
            "rate", [reel(film)], item.id, lambda told: _rate(who, numbers, told),
            [{"title": "Stars", "keys": keys}, {"title": "", "keys": ways}], start=0,
        )  # fmt: skip
    table = [{"Clip": each.name, "Stars": _stars(each.stars), "Labelled": each.labelled} for each in shown]
    st.dataframe(table, hide_index=True, key="rate_table", height=min(38 * len(table) + 40, 420))


def _least(stars: int) -> str:
    return f"{stars}★{'+' if stars < 5 else ''}" if stars else "All"  # all six in one row of a phone


def _stars(count: int) -> str:
    return "★" * count + "☆" * (5 - count) if count else "not rated"


def _rate(who: str, numbers: Sequence[int], told: Decision) -> str:
    clip_id, at = int(told["on"]), list(numbers).index(int(told["on"]))
    if told["does"] == "rate":
        truth.rate(clip_id, int(str(told["value"])), who)
    step = -1 if told["does"] == "before" else 1
    st.session_state["rate_at"] = numbers[min(max(at + step, 0), len(numbers) - 1)]
    return f"{'★' * int(str(told['value']))} kept." if told["does"] == "rate" else ""
