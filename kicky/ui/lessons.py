"""Teaching: choose clips and who labels, look through the labels, train, and see what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import streamlit as st

from .. import charts
from ..service import teaching, work
from ..service.taught import DatasetView, RunView
from ..storage.views import JobView
from .able import can_train
from .fetching import fetch
from .labels import SPLITS
from .parts import in_words
from .tables import drawing
from .words import plain

KINDS = {"autolabel": "Labelling", "train": "Training"}
STAGES = {
    "open": "opening the films", "label": "labelling", "tiles": "cutting tiles", "train": "learning",
    "keep": "keeping the student", "judge": "judging it",
}  # fmt: skip
CLASSES = ("ball", "player", "goal")


def label_clips() -> None:
    """The form that starts a labelling."""
    clips = {clip.id: clip for clip in teaching.teach_clips()}
    if not clips:
        st.info("Teaching needs clips. Add some first, or try a sample on Home.")
        st.page_link("pages/1_Analyze.py", label="Add clips", icon=":material/arrow_forward:")
        return
    ways = {way.name: way for way in teaching.labellers()}
    by = st.radio("Who labels", list(ways), format_func=lambda name: plain(ways[name].title), key="teach_by")
    st.caption(plain(ways[by].worth))
    if ways[by].why_not:
        st.warning(plain(ways[by].why_not), icon=":material/download:")
    for lacking in ways[by].fetches:
        fetch(lacking)
    known = [number for number, clip in clips.items() if clip.analysed]
    usual = known if by == "measured" and known else list(clips)

    def title(number: int) -> str:
        return f"{clips[number].name} · {clips[number].session}"

    chosen = st.multiselect("Clips", list(clips), usual[:200], format_func=title, key=f"teach_clips_{by}")
    name, every = st.columns([2, 1])
    called = name.text_input("Name of the data set", f"set-{dt.date.today():%Y-%m-%d}", key="teach_name", max_chars=64)
    step = every.number_input("Seconds from picture to picture", 0.03, 2.0, 0.1, 0.05, key="teach_every")
    fresh = [number for number in chosen if by == "measured" and not clips[number].analysed]
    if fresh:
        st.caption(f"{len(fresh)} of them will be analysed first.")
    word = f"Label {len(chosen)} clip{'s' * (len(chosen) != 1)}"
    if st.button(word, type="primary", disabled=not chosen or bool(ways[by].why_not), icon=":material/label:"):
        teaching.label(called.strip(), chosen, by, step)
        st.session_state["set_choice"] = called.strip()
        st.rerun()


def teaching_work() -> None:
    """What is under way or ended last, drawn again each second while it lasts."""
    active = any(job.active for job in teaching.teaching())
    st.fragment(in_words(_work), run_every=1.0 if active else None)()


def _work() -> None:
    jobs = teaching.teaching()
    shown = [job for job in jobs if job.active] or jobs[:1]
    was, st.session_state["teach_active"] = st.session_state.get("teach_active", False), any(j.active for j in jobs)
    if was and not st.session_state["teach_active"]:
        st.rerun(scope="app")
    for job in shown:
        _line(job)


def _line(job: JobView) -> None:
    title = f"{KINDS.get(job.kind, plain(job.kind))} · {plain(job.clip_name)}"
    if job.active:
        with st.container(horizontal=True, vertical_alignment="center"):
            words = STAGES.get(job.stage, "waiting")
            st.progress(min(max(job.progress, 0.0), 1.0), text=f"{title} · {words} · {job.progress:.0%}")
            st.button("Cancel", key=f"stop-{job.id}", on_click=in_words(work.cancel), args=(job.id,))
    elif job.state != "done":
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{title}**: {plain(job.state)}. {plain(job.message)}")
            st.button("Go on", key=f"again-{job.id}", on_click=in_words(work.run_again), args=(job.id,))


def choose_set() -> DatasetView | None:
    """-> the data set to look at, None while there is none."""
    names = teaching.data_sets()
    if not names:
        st.info("Nothing is labelled yet: choose clips above and let them be labelled.", icon=":material/label:")
        return None
    if st.session_state.get("set_choice") not in names:
        st.session_state["set_choice"] = names[0]
    return teaching.data_set(st.selectbox("Data set", names, key="set_choice"))


def summary(view: DatasetView) -> None:
    """Data set -> how many pictures and things, what was left out and why, where no ball was found."""
    rows = []
    for split, what in SPLITS.items():
        if not split:
            continue
        count = view.counts.get(split, {})
        rows.append({"": what, "pictures": count.get("pictures", 0), **{name: count.get(name, 0) for name in CLASSES}})
    st.dataframe(rows, hide_index=True, key="teach_counts")
    for note in view.notes:
        st.warning(plain(note), icon=":material/info:")
    if view.rejected:
        st.caption(f"{view.rejected} picture{'s' * (view.rejected != 1)} discarded by hand.")
    for name, why in view.failed.items():
        st.warning(f"**{plain(name)}** was not labelled. {plain(why)}")
    if view.no_ball:
        with st.expander("Where no ball was found", icon=":material/search_off:"):
            st.dataframe([_no_ball(row) for row in view.no_ball], hide_index=True, key="teach_no_ball")
            st.caption("In how many frames of a clip who found a ball. LocateAnything is asked where SAM 3 saw none.")


def _no_ball(row: Mapping[str, object]) -> dict[str, object]:
    titles = {
        "clip": "clip", "frames": "frames", "sam3": "SAM 3", "asked": "asked again", "recovered": "LocateAnything",
        "motion": "motion and flight", "locate_why_not": "why not LocateAnything", "sam3_why_not": "why not SAM 3",
    }  # fmt: skip
    return {title: row.get(key) for key, title in titles.items() if key in row}


def train_form(view: DatasetView) -> None:
    """Data set -> the form that starts a training."""
    sizes = list(teaching.SIZES)
    first, second, third = st.columns(3)
    size = first.selectbox("Size", sizes, sizes.index("small"), key="teach_size")
    pixels = second.number_input("Resolution", 96, 1248, teaching.SIZES[size], 24, key=f"teach_px_{size}")
    epochs = third.number_input("Epochs", 1, 200, 15, key="teach_epochs")
    begin = teaching.starts(size)
    lacking = f"rfdetr-seg-{size}"
    start = st.selectbox(
        "Begin with", [*begin, ""], format_func=lambda name: name or NOTHING, key=f"teach_start_{size}"
    )
    if lacking not in begin:
        st.caption(WEIGHTS)
        fetch(lacking)
    tiles = st.toggle("Learn the ball at native resolution, in tiles", True, key="teach_tiles")
    name = st.text_input("Name of the student", f"{view.name}-{size}"[:64], key=f"teach_student_{view.name}_{size}")
    able = can_train()
    if not able:
        st.caption(FIRST)
    if st.button("Train", type="primary", icon=":material/school:", disabled=not able):
        teaching.train(
            name.strip(), view.name, size=size, resolution=int(pixels), epochs=int(epochs), start=start, tiles=tiles
        )
        st.rerun()
    st.caption(TRAINING)


def results(runs: list[RunView]) -> None:
    """Trainings -> the chosen one's curves, and its student beside the one before."""
    names = [run.name for run in runs]
    run = runs[names.index(st.selectbox("Training", names, key="teach_run"))]
    state = {"done": "finished", "running": "not finished"}.get(run.state, plain(run.state))
    st.markdown(
        f"RF-DETR-Seg {plain(run.size)} at {run.resolution:d} px, {run.epochs:d} epochs, "
        f"from *{plain(run.dataset)}*: {state}."
    )
    for note in run.notes:
        st.caption(plain(note))
    curves, article = teaching.curves(run.name), teaching.article()
    if curves.empty:
        st.info("The first epoch is not over yet.", icon=":material/hourglass_empty:")
        return
    left, right = st.columns(2)
    with left:
        drawing("How well each class is found", charts.precision(curves, article), PRECISION)
    with right:
        drawing("Loss", charts.losses(curves), "It should fall, and go on falling on the pictures it is judged by.")
    if run.judged:
        shown = {name: dict(judged["AP"]) for name, judged in run.judged.items()}
        drawing("The new student and the one before", charts.students(shown, article), COMPARED)
        for name, judged in run.judged.items():
            if judged["ball_recall"] is not None:
                found = round(judged["ball_recall"] * judged["balls"])
                st.markdown(f"**{plain(name)}** has a candidate at {found} of {int(judged['balls'])} balls.")


NOTHING = "nothing (needs far more pictures)"
WEIGHTS = "It learns from far fewer pictures when it begins with what Roboflow taught it."
FIRST = "Training runs on packages that are not here yet: fetch them at the top of this page."
TRAINING = (
    "Costs: for a few hundred pictures minutes an epoch on a graphics card, minutes to hours on a processor; 130 MB "
    "for the student. Gains: a detector that knows your ball and your pitch, also where much else moves. Larger sizes "
    "see smaller balls and take longer. Shots do not wait for it, and it can be stopped and gone on with."
)
PRECISION = "Average precision over overlaps from 0.50 to 0.95. Dotted: the article's student on its own pictures."
COMPARED = (
    "Both on the same pictures of this data set, which the new one did not learn from; whole frames and tiles. "
    "The article's numbers are of its own pictures: a rough guide, no comparison."
)
