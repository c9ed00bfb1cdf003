"""Who the shooter is: what looks propose, one tap to say yes or no, and a name for whoever is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from ..errors import KickyError
from ..service import players
from ..storage.views import ShotView
from .parts import in_words
from .words import percent, plain, who_words

REFUSAL = "who_refusal"


def who_shot(shot: ShotView) -> None:
    """Shot -> its shooter's name: as given, or as proposed; and a way to give one."""
    if shot.shooter is None and shot.shooter_why_not:
        st.caption(plain(shot.shooter_why_not))
    if shot.player_by == "look":
        st.markdown(
            f"{plain(shot.shooter)} looks like **{plain(shot.player)}**, {percent(shot.player_p or 0.0)} sure. "
            "Is that right? Say so above, or give a name."
        )
    named = shot.player if shot.player_by == "hand" else None
    known = players.names()
    # Another name, another field: the old one would keep the focus, and the keys meant for the film would type into it.
    key = f"shot_player_{shot.id}_{shot.player_by or ''}_{named or ''}"
    st.selectbox(
        f"Who is {plain(shot.shooter or 'the shooter')}?", known, index=known.index(named) if named in known else None,
        key=key, on_change=_picked, args=(shot.id, key), accept_new_options=True,
        placeholder="Or type or pick a name" if shot.player_by == "look" else "Type a name, or pick one",
    )  # fmt: skip
    refusal()


def who_line(shot: ShotView) -> None:
    """Shot of a list -> its shooter in a few words, with one tap for a proposal."""
    st.markdown(f":gray[{who_words(shot)}]")
    yes_or_no(shot)


def name_next(shots: Sequence[ShotView]) -> None:
    """Shots of a session -> a name for the first shooter nobody is proposed for, and one tap for all proposals.

    Once somebody is named here, whoever looks the same is proposed; then the next one who does not is asked for.
    """
    seen = sorted((shot for shot in shots if shot.shooter), key=lambda shot: shot.clip_id)
    by_hand = any(shot.player_by == "hand" for shot in seen)
    asked = next((shot for shot in seen if shot.player is None or not by_hand), None)
    if asked is not None:
        key = f"next_player_{asked.id}"
        st.selectbox(
            f"Who is {plain(asked.shooter)} in {plain(asked.clip_name)}?", players.names(), index=None, key=key,
            on_change=_picked, args=(asked.id, key), accept_new_options=True, placeholder="Type a name, or pick one",
            help="Name one, and whoever looks the same in the other clips is proposed to you.",
        )  # fmt: skip
    proposed = [shot for shot in seen if shot.player_by == "look"]
    if by_hand and len(proposed) > 1:
        counts = Counter(str(shot.player) for shot in proposed)
        told = ", ".join(f"{plain(name)} {count:d}" for name, count in counts.most_common())
        st.button(
            f"Yes to all {len(proposed)}: {told}", type="secondary" if asked else "primary", key="who_yes_to_all",
            icon=":material/done_all:",
            on_click=in_words(players.confirm_all), args=({shot.id: str(shot.player) for shot in proposed},),
        )  # fmt: skip


def refusal() -> None:
    """What the last tap was refused for, said once."""
    if why := st.session_state.pop(REFUSAL, ""):
        st.error(plain(why))


def yes_or_no(shot: ShotView) -> None:
    """Shot whose shooter looks propose -> one tap to say yes or no; nothing for any other."""
    if shot.player_by != "look":
        return
    with st.container(horizontal=True, key=f"yes-no-{shot.id}"):
        yes, no = f"Yes, {plain(shot.player)}", "No"
        st.button(yes, key=f"yes-{shot.id}", icon=":material/check:", on_click=_said, args=(shot.id, True))
        st.button(no, key=f"no-{shot.id}", icon=":material/close:", on_click=_said, args=(shot.id, False))


def _said(shot_id: int, yes: bool) -> None:
    """Yes or no was tapped -> kept; the rest is proposed anew."""
    try:
        (players.confirm if yes else players.deny)(shot_id)
    except KickyError as error:
        st.session_state[REFUSAL] = str(error)


def _picked(shot_id: int, key: str) -> None:
    """Shot, the choice's key -> what was typed or picked there is the shooter's name, kept."""
    name = (st.session_state[key] or "").strip()
    if name:
        try:
            players.name(shot_id, name)
        except KickyError as error:
            st.session_state[REFUSAL] = str(error)
