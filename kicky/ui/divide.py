"""Which clip is in which split, what makes it hard, and which splits something was chosen on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ..errors import KickyError
from ..service import dividing, evaluation
from .parts import refuse

if TYPE_CHECKING:
    import pandas as pd


def splits_and_tags(runs: bool) -> None:
    """A table of the clips labelled here to divide and tag them; whole sessions at once above it."""
    import pandas as pd

    clips = dividing.clips_here()
    with st.expander("Splits and tags", icon=":material/call_split:"):
        st.caption(
            "Without a split a clip's session is its split: nothing is tuned on one Saturday and tested on it too. "
            "A split on which you chose anything, a threshold or which detector to keep, must be named below."
        )
        sessions = list(dict.fromkeys(session for _, _, session, _, _ in clips))
        with st.form("divide_session", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            session = st.selectbox("Whole session", sessions, width=300, key="divide_session_which")
            split = st.selectbox("goes to", ["train", "val", "test", ""], format_func=lambda name: name or "no split",
                                 accept_new_options=True, width=200, key="divide_session_to")  # fmt: skip
            if st.form_submit_button("Put there"):
                _save({number: str(split or "") for number, _, where, _, _ in clips if where == session}, {}, runs)
        table = pd.DataFrame(clips, columns=["id", "Clip", "Session", "Split", "Tags"]).set_index("id")
        edited = st.data_editor(
            table, width="stretch", hide_index=True, disabled=["Clip", "Session"], key=f"divide_{hash(tuple(clips))}",
            height=min(420, 36 * (len(clips) + 1) + 3),
        )  # fmt: skip
        changed = {column: _changes(table[column], edited[column]) for column in ("Split", "Tags")}
        if st.button("Save", type="primary", disabled=not any(changed.values()), key="divide_save"):
            _save(changed["Split"], changed["Tags"], runs)
        known = sorted({split or session for _, _, session, split, _ in clips})
        before = [split for split in dividing.tuned() if split in known]
        tuned = st.multiselect("Something was chosen on", known, before, key="divide_tuned")
        if set(tuned) != set(before):
            try:
                dividing.choose_on(tuned)
                _again(runs)
            except KickyError as error:
                refuse(error)


def _changes(before: pd.Series[str], after: pd.Series[str]) -> dict[int, str]:
    told = after.fillna("").astype(str)
    return {int(number): told[number] for number in before.index if told[number] != before[number]}


def _save(splits: dict[int, str], tags: dict[int, str], runs: bool) -> None:
    try:
        dividing.divide(splits, tags)
        _again(runs)
    except KickyError as error:
        refuse(error)


def _again(runs: bool) -> None:
    """Runs there are follow the new division at once: their answers are known."""
    if runs:
        evaluation.refresh(evaluation.label_sets()[0])
    st.rerun()
