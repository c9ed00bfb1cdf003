"""Two runs side by side: what may be said, the cells of their confusion, the clips behind one, both films in step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from .. import charts
from ..errors import KickyError
from ..service import answered, dividing, evaluation
from ..service.answered import Pair, Side, Versus
from .parts import in_words, refuse
from .tables import chart
from .words import FEET, HOWS, VERDICTS, moment, plain

if TYPE_CHECKING:
    from ..storage.runs import ScoredRun

TRUTHS = {"goal": "Was a goal", "no_goal": "Was none"}
CALLS = {"goal": "goal", "no_goal": "none", "unsure": "undecided"}
TAGS = ("tilted", "in_front_of_goal", "ball_hidden", "night")
CELL, CLIP = "versus_cell", "versus_clip"

Meant = Callable[[Pair], bool]
Cell = tuple[str, str, str]
"""Which run ("one", "other", "both"), what happened, what was said."""


def versus(runs: Sequence[ScoredRun], by: str, part: str) -> None:
    """Runs, the part of their clips -> two of them compared, and the clips on which they differ."""
    st.header("Two side by side", anchor=False)
    names = {run.id: f"{run.name} · {moment(run.made_at)}" for run in runs}
    left, right = st.columns(2)
    one = left.selectbox("One", list(names), format_func=names.__getitem__, key="versus_one")
    labels = {run.id: run.truth_key for run in runs}
    rest = sorted((number for number in names if number != one), key=lambda number: labels[number] != labels[one])
    if not rest:
        st.info("One run alone has nothing to be compared with: run another detector or downstream.")
        return
    other = right.selectbox("The other", rest, format_func=names.__getitem__, key="versus_other")
    moments = {run.id: str(run.made_at) for run in runs}
    try:
        found = _found(one, other, by, part, moments[one] + moments[other])
    except KickyError as error:
        st.warning(plain(str(error)), icon=":material/sync:")
        return
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in found.sentences) or "No clip here has a label for it.")
    matrices(found)
    chosen, title = behind(found)
    if chosen:
        clip = clip_list(chosen, title, found.names)
        if clip is not None:
            look(clip, found.names, one, other, evaluation.is_here(next(r.label_set for r in runs if r.id == one)))
    if any(found.curves.values()):
        chart(
            "Is P(goal) what it says?", charts.reliability(found.curves),
            "On the dotted line, of shots said to be goals with 80 %, 80 in a hundred were. Larger dots: more clips.",
        )  # fmt: skip


@st.cache_data(show_spinner=False, max_entries=40)
def _found(one: int, other: int, by: str, part: str, moments: str) -> Versus:  # noqa: ARG001 moments make it forget
    return answered.versus(one, other, by, part)


def matrices(found: Versus) -> None:
    """The cells of both runs, and the counts of where they differ; each a button that shows its clips."""
    sides: list[tuple[str, Callable[[Pair], Side]]] = [("one", lambda p: p.one), ("other", lambda p: p.other)]
    for place, name, (key, side) in zip(st.columns(2), found.names, sides, strict=True):
        counts = Counter((pair.truth, side(pair).outcome) for pair in found.pairs)
        with place.container(border=True):
            st.markdown(f"**{plain(name)}**")
            for truth, words in TRUTHS.items():
                st.caption(f"{words}, and was called")
                with st.container(horizontal=True, gap="small"):
                    for call, said in CALLS.items():
                        _cell((key, truth, call), f"**{counts[truth, call]:d}** {said}", truth == call)
    with st.container(horizontal=True, gap="small"):
        for call, title in both_sides(found.names).items():
            count = sum(meant(("both", "", call))(pair) for pair in found.pairs)
            _cell(("both", "", call), f"**{count}** {plain(title)}", False)


def both_sides(names: tuple[str, str]) -> dict[str, str]:
    """Names of two runs -> where they differ, by its key, in words."""
    return {
        "one": f"Only {names[0]} right", "other": f"Only {names[1]} right", "neither": "Neither right",
        "apart": "Verdicts differ", "all": "All clips",
    }  # fmt: skip


def _cell(cell: Cell, label: str, good: bool) -> None:
    chosen = st.session_state.get(CELL, ("both", "", "apart")) == cell
    st.button(
        label, key="cell-" + "-".join(cell), on_click=_choose, args=(cell,), type="primary" if chosen else "secondary",
        icon=":material/check:" if good else None,
    )  # fmt: skip


def _choose(cell: Cell) -> None:
    st.session_state[CELL] = cell
    st.session_state.pop(CLIP, None)


def meant(cell: Cell) -> Meant:
    """Cell -> whether a clip is in it."""
    key, truth, call = cell
    if key != "both":
        return lambda pair: (pair.truth, (pair.one if key == "one" else pair.other).outcome) == (truth, call)
    return {
        "one": lambda pair: bool(pair.truth) and pair.one.right and not pair.other.right,
        "other": lambda pair: bool(pair.truth) and pair.other.right and not pair.one.right,
        "neither": lambda pair: bool(pair.truth) and not pair.one.right and not pair.other.right,
        "apart": lambda pair: pair.one.outcome != pair.other.outcome,
        "all": lambda _: True,
    }[call]


def behind(found: Versus) -> tuple[list[Pair], str]:
    """-> the clips of the chosen cell, and what it is called."""
    key, truth, call = cell = st.session_state.get(CELL, ("both", "", "apart"))
    chosen = [pair for pair in found.pairs if meant(cell)(pair)]
    name = {"one": found.names[0], "other": found.names[1]}.get(key, "")
    title = f"{name}: {TRUTHS[truth].lower()}, called {CALLS[call]}" if name else both_sides(found.names)[call]
    if not chosen:
        st.caption(f"{plain(title)}: no clip.")
    return chosen, title


def clip_list(pairs: Sequence[Pair], title: str, names: tuple[str, str]) -> Pair | None:
    """Clips -> the one picked from their table, those the runs differ on most first."""
    import pandas as pd

    st.markdown(f"**{plain(title)}** · {len(pairs)} clip{'s' * (len(pairs) != 1)}, those they differ on most first")
    table = pd.DataFrame(
        {
            "Clip": pair.clip, "Split": pair.split,
            "Was": f"{VERDICTS.get(pair.truth, '–')} {HOWS.get(pair.how, pair.how)}".strip(),
            names[0]: _said(pair.one), names[1]: _said(pair.other), "Tags": " ".join(pair.tags),
        }
        for pair in pairs
    )  # fmt: skip
    picked = st.dataframe(
        table, hide_index=True, width="stretch", on_select="rerun", selection_mode="single-row",
        key=f"clips-{title}-{len(pairs)}", height=min(400, 38 * (len(pairs) + 1) + 2),
    )  # fmt: skip
    row = next(iter(picked["selection"]["rows"]), None)
    if row is None:
        st.caption("Click a line to see both films in step.")
        return None
    return pairs[row] if row < len(pairs) else None


def _said(side: Side) -> str:
    sure = "" if side.p_goal is None else f", P(goal) {100 * side.p_goal:.0f} %"
    return f"{VERDICTS.get(side.outcome, side.outcome)}{sure}"


def look(pair: Pair, names: tuple[str, str], one: int, other: int, own: bool) -> None:
    """A clip of two runs -> both films in step, why each says what it says, its tags."""
    with st.container(border=True, key="film-beside"):
        st.markdown(f"**{plain(pair.clip)}** · {plain(pair.session)}")
        film, _ = evaluation.side_by_side(one, other, pair.sha256)
        st.fragment(in_words(_film), run_every=None if film else 1.0)(one, other, pair.sha256)
        for place, name, side in zip(st.columns(2), names, (pair.one, pair.other), strict=True):
            place.markdown(f"**{plain(name)}: {plain(_said(side))}**  \n{plain(side.why)}")
            off = "" if side.contact_off is None else f" · contact off by {side.contact_off:+d} frames"
            place.caption(f"{FEET.get(side.foot, plain(side.foot))} foot{off}")
        if own:
            _tags(pair)


def _film(one: int, other: int, sha256: str) -> None:
    film, job = evaluation.side_by_side(one, other, sha256)
    if film is not None:
        st.video(str(film), autoplay=False, muted=True)
    elif job is not None and job.active:
        st.progress(min(max(job.progress, 0.0), 1.0), text="Both films are drawn side by side")
    elif job is not None:
        st.error(plain(job.message), icon=":material/info:")


def _tags(pair: Pair) -> None:
    now = list(dividing.tags_now().get(pair.sha256, ()))
    options = list(dict.fromkeys([*TAGS, *now]))
    key = f"tags-{pair.sha256[:12]}"
    chosen = st.multiselect(
        "Tags", options, now, format_func=lambda tag: tag.replace("_", " "), key=key, accept_new_options=True,
        help="What makes this clip hard. Scores are told per tag once the evaluation is run again.",
    )  # fmt: skip
    if set(chosen) != set(now):
        try:
            dividing.tag(pair.sha256, chosen)
        except KickyError as error:
            refuse(error)
