"""Detectors held against labels: what to run, the table of all runs, the report."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import streamlit as st

from ..errors import KickyError
from ..service import dividing, evaluation, work
from ..storage.views import JobView
from .able import can_run, offered
from .parts import in_words, refuse
from .words import moment, plain

if TYPE_CHECKING:
    import pandas as pd

    from ..storage.runs import ScoredRun

OVERALL, STALE = "overall", "labels changed since"
BY = {"split": "Split", "session": "Session", "view": "View", "light": "Light", "tag": "Tag"}
MAIN = ("Run", "Clips", "Goal", "… of decided", "Decided", "Brier", "Foot", "Body found", "Contact ±1", "Made")


def choose_labels() -> str | None:
    """-> the label set asked about; None, and what to do, where there is none."""
    sets = evaluation.label_sets()
    if not sets:
        st.info(
            "There is nothing to hold a detector against yet. Say of a dozen clips whether they were goals, "
            "which foot, and when the ball was struck; then come back."
        )
        st.page_link("pages/3_Label.py", label="Label clips", icon=":material/arrow_forward:")
        return None
    if len(sets) == 1:
        if not evaluation.is_here(sets[0]):
            st.caption(f"Labels: {plain(_short(sets[0]))}")
        return sets[0]
    return str(st.selectbox("Labels", sets, format_func=_short, key="evaluate_labels"))


def _short(label_set: str) -> str:
    return label_set if evaluation.is_here(label_set) else str(Path(label_set).parent)


def run_form(label_set: str, first: bool) -> None:
    """What to run on these labels; open where nothing was run yet."""
    with st.expander("Run detectors", expanded=first, icon=":material/play_arrow:"):
        known = evaluation.testable()
        chosen = st.multiselect(
            "Detectors", known, known[:1], format_func=offered, key="evaluate_detectors",
            help="Motion is always in the comparison.",
        )  # fmt: skip
        about = evaluation.downstreams()
        names = st.multiselect(
            "How the answers are decided", list(about), list(about)[:2], key="evaluate_downstreams",
            format_func=lambda name: f"{name}: {about[name]}",
            help="The whole of KICKY and the article's rules are always in the comparison.",
        )  # fmt: skip
        parts = st.checkbox("Leave out each part in turn: what is it worth?", key="evaluate_ablations")
        st.caption("Each film is looked at once; what was worked out before is not worked out again.")
        able = can_run(chosen)
        if st.button("Run", type="primary", icon=":material/play_arrow:", key="evaluate_run", disabled=not able):
            try:
                evaluation.start(chosen, names, parts, label_set)
                st.rerun()
            except KickyError as error:
                refuse(error)


def evaluation_work() -> None:
    """What is under way or went wrong last, drawn again each second while it lasts."""
    active = any(job.active for job in evaluation.evaluations())
    st.fragment(in_words(_work), run_every=1.0 if active else None)()


def _work() -> None:
    jobs = evaluation.evaluations()
    was, st.session_state["evaluate_active"] = st.session_state.get("evaluate_active"), any(j.active for j in jobs)
    if was and not st.session_state["evaluate_active"]:
        st.rerun(scope="app")
    for job in [job for job in jobs if job.active] or jobs[:1]:
        _line(job)


def _line(job: JobView) -> None:
    if job.active:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(min(max(job.progress, 0.0), 1.0), text=f"{plain(job.stage) or 'Waiting'} · {job.progress:.0%}")
            st.button("Stop", key=f"stop-{job.id}", on_click=in_words(work.cancel), args=(job.id,))
    elif job.state != "done":
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(plain(job.message or "The evaluation was stopped; what was done is kept."))
            st.button("Go on", key=f"again-{job.id}", on_click=in_words(work.run_again), args=(job.id,))


def choose_part(runs: Sequence[ScoredRun]) -> tuple[str, str]:
    """Runs -> how to divide their clips, and the part asked about."""
    parts = [("split", OVERALL)] + [
        (by, name)
        for by in BY
        for name in dict.fromkeys(name for run in runs for name in run.scores.get(by, {}))
        if name != OVERALL
    ]
    chosen = set(dividing.tuned())

    def called(part: tuple[str, str]) -> str:
        by, name = part
        if name == OVERALL:
            return "All clips"
        return f"{BY[by]}: {name}" + (" (something was chosen on it)" if by == "split" and name in chosen else "")

    return tuple(st.selectbox("Which clips", parts, format_func=called, key="evaluate_part"))  # type: ignore[return-value]


def run_table(runs: Sequence[ScoredRun], by: str, part: str, now: str) -> None:
    """Runs, the part of their clips, the labels' key as it is now -> the table, with the article's lines below ours."""
    shown = evaluation.rows(runs, by, part)
    there = [run for run in runs if part in run.scores.get(by, {})]
    for line, run in zip(shown, there, strict=True):
        line["Made"] = f"{moment(run.made_at)}" + (f" · {STALE}" if run.truth_key != now else "")
    theirs = st.toggle("With the article's figures, on its own clips", value=True, key="evaluate_theirs")
    reference, ladder = evaluation.reference()
    lines = shown + [line | {"Made": "", "Run": f"{line['Run']}, {line['Split']}"} for line in reference if theirs]
    every = st.toggle("All figures", key="evaluate_every")
    st.dataframe(
        _told(lines, None if every else MAIN), hide_index=True, width="stretch",
        column_config={"Run": st.column_config.TextColumn(pinned=True, width=150)},
    )  # fmt: skip
    st.caption(
        "Each share with its 95 % interval and the clips it rests on; undecided counts as wrong under Goal. "
        "Two figures whose intervals overlap widely may well be the same."
    )
    if theirs:
        st.caption(plain(ladder))
    _warnings(there, by, part, now)


def _told(lines: Sequence[Mapping[str, str]], wanted: Sequence[str] | None) -> pd.DataFrame:
    """Lines -> the table of these columns (None: all), those in which nothing stands left out."""
    import pandas as pd

    table = pd.DataFrame(lines).fillna("–")
    table = table[[name for name in table if wanted is None or name in wanted]]
    empty = [name for name in table if (table[name] == "–").all()]
    return table.drop(columns=empty)


def _warnings(runs: Sequence[ScoredRun], by: str, part: str, now: str) -> None:
    """What keeps these figures from being more than they are."""
    if by == "split" and part in dividing.tuned():
        st.warning("Something was chosen on this split: its figures are no test.", icon=":material/tune:")
    for run in runs:
        figures = run.scores[by][part]
        for clip, why in figures["failed"]:
            words = f"{run.name} failed on {clip}, which counts as undecided: {why}"
            st.warning(plain(words), icon=":material/error:")
        taught = run.made_with.get("taught", {})
        if taught:
            words = f"{run.detector} learned from {len(taught)} of these clips: its figures on them are no test."
            st.warning(plain(words), icon=":material/school:")
    goals = {(run.scores[by][part]["recall"]["n"], run.scores[by][part]["goal"]["n"]) for run in runs}
    if goals and all(goal == 0 < judged for goal, judged in goals):
        st.warning("There is no goal among these clips: precision and recall say nothing.", icon=":material/info:")
    fresh = {(run.detector, run.downstream) for run in runs if run.truth_key == now}
    stale = [run for run in runs if (run.detector, run.downstream) not in fresh]
    if stale and now:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(
                f"{len(stale)} of these runs were made on other labels, splits or clips.", icon=":material/sync:"
            )
            st.button("Run them again", key="evaluate_refresh", on_click=in_words(evaluation.refresh),
                      args=(stale[0].label_set,))  # fmt: skip


def labels_now(label_set: str) -> str:
    """Label set -> the key of its labels as they are now; a folder's is read again only when its table was written."""
    if evaluation.is_here(label_set):
        return evaluation.labels_key(label_set)
    table = Path(label_set)
    return _key(label_set, table.stat().st_mtime_ns if table.exists() else 0)


@st.cache_data(show_spinner="Reading the labels", max_entries=20)
def _key(label_set: str, written: int) -> str:  # noqa: ARG001 written is what makes the cache forget
    return evaluation.labels_key(label_set)


def worth(runs: Sequence[ScoredRun]) -> None:
    """What each part is worth, where runs without it were made."""
    import pandas as pd

    lines = _worth(tuple((run.id, str(run.made_at)) for run in runs), runs)
    if lines:
        st.header("What each part is worth", anchor=False)
        st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")
        st.caption("Lost: clips that only the whole gets right. Gained: clips that are right only without the part.")


@st.cache_data(show_spinner=False, max_entries=20)
def _worth(
    made: tuple[tuple[int, str], ...],  # noqa: ARG001 it is what makes the cache forget
    _runs: Sequence[ScoredRun],
) -> list[dict[str, str]]:
    return evaluation.worth(_runs)


def report(runs: Sequence[ScoredRun]) -> None:
    """A button that makes the report of these runs, and one that saves it."""
    st.header("Report", anchor=False)
    names = {run.id: f"{run.name} · {moment(run.made_at)}" for run in runs}
    newest = list({(run.detector, run.downstream): run.id for run in reversed(runs)}.values())[::-1]
    chosen = st.multiselect("Runs in it", list(names), newest[:8], format_func=names.__getitem__, key="report_runs")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.multiselect("Figures by", list(BY), ["split"], format_func=BY.__getitem__, key="report_by", width=320)
        if st.button("Make the report", icon=":material/description:", disabled=not chosen, key="report_make"):
            try:
                with st.spinner("Drawing the clips that went wrong"):
                    st.session_state["report_made"] = _made(chosen, by or ["split"])
            except KickyError as error:
                refuse(error)
        made: Any = st.session_state.get("report_made")
        if made:
            st.download_button("Save report.html", made["report.html"], "report.html", "text/html", type="primary")
            st.download_button("Save all of it", made["all"], "kicky-report.zip", "application/zip")


def _made(run_ids: Sequence[int], by: Sequence[str]) -> dict[str, bytes]:
    with TemporaryDirectory() as folder:
        files = evaluation.report(run_ids, Path(folder), work.silent, by)
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.name)
        return {"report.html": (Path(folder) / "report.html").read_bytes(), "all": held.getvalue()}
