"""Clips and the work on them: adding, waiting, progress, samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path
from typing import Any, BinaryIO

import streamlit as st

from ..errors import KickyError
from ..service import balls, clips, shots, work
from ..service.clips import drop
from ..service.sessions import batch
from ..storage.views import ClipView, JobView, SampleView, ShotView
from .parts import abreast, head_title, in_words, refuse, shot_link
from .praise import one_liner
from .who import name_next, refusal, who_line
from .words import STATES, VERDICTS, job_words, plain

COLOURS: dict[str, Any] = {
    "goal": "green",
    "no_goal": "orange",
    "failed": "red",
    "interrupted": "red",
    "running": "blue",
}


def add_all(
    sources: Sequence[tuple[str, BinaryIO | Path]], slow_motion: float | None, shown: int | None
) -> tuple[list[int], list[tuple[str, str]]]:
    """Names with their files, the session shown -> the sessions they are in, by their days; name and reason of each
    that was refused.
    """
    into, refused = [], []
    bar = st.progress(0.0, text="Copying and checking")
    for number, (name, source) in enumerate(sources):
        bar.progress(number / len(sources), text=f"Copying and checking {plain(name)}")
        try:
            into.append(drop(name, source, slow_motion, shown))
        except KickyError as error:
            refused.append((name, str(error)))
    bar.empty()
    return into, refused


def films_from_folder(key: str) -> list[Path]:
    """-> the films picked from a folder of this computer."""
    where = st.text_input("Folder", placeholder=str(Path.home() / "Videos"), key="folder")
    found: list[Path] = []
    try:
        found = clips.films_in(where) if where.strip() else []
    except KickyError as error:
        refuse(error)
    return st.multiselect("Films there", found, format_func=lambda path: path.name, disabled=not found, key=key)


def rerun_when_done(active: bool, key: str) -> None:
    """Whether work is under way -> reruns the whole page once, when it has just ended."""
    before = st.session_state.get(key, False)
    st.session_state[key] = active
    if before and not active:
        st.rerun(scope="app")


def watch(session_id: int) -> None:
    """Session -> its clips, one line each, drawn again each second while any is worked on."""
    active = any(clip.job and clip.job.active for clip in clips.listed(session_id))
    st.fragment(in_words(_work_list), run_every=1.0 if active else None)(session_id)


def _work_list(session_id: int) -> None:
    """One line a clip: progress with a way to stop it, or the result, or what went wrong."""
    filmed = clips.listed(session_id)
    taken = {shot.id: shot for shot in shots.listed(session_id)}
    _whole(session_id)
    rerun_when_done(any(clip.job and clip.job.active for clip in filmed), "work_active")
    name_next(list(taken.values()))
    refusal()
    with st.container(height=520 if len(filmed) > 8 else "content", border=False):
        for clip in filmed:
            with st.container(border=True, key=f"clip-{clip.id}"):
                _clip_line(clip, taken.get(clip.shot_id or 0))


def _whole(session_id: int) -> None:
    """Session -> how far its work is as a whole, on the page and in the tab's title; a sign there once it is done."""
    now = batch(session_id)
    if now is not None:
        st.session_state["work_done"] = session_id
        words = f"{now.done:d} of {now.total:d}"
        head_title(f"{words} done")
        st.progress(
            now.done / now.total, text=words + (f", {left_words(now.left_s)}" if now.left_s is not None else "")
        )
    elif st.session_state.get("work_done") == session_id:
        head_title("✓ Done")


def left_words(seconds: float) -> str:
    """Seconds that are left -> 'about 40 s', 'about 3 min'.

    >>> left_words(38), left_words(3), left_words(170)
    ('about 40 s', 'about 10 s', 'about 3 min')
    """
    return f"about {max(10 * ceil(seconds / 10), 10):d} s" if seconds <= 90 else f"about {round(seconds / 60):d} min"


def _clip_line(clip: ClipView, shot: ShotView | None) -> None:
    job = clip.job
    with st.container(horizontal=True, vertical_alignment="center"):
        slow = f" · {clip.slow_motion:g}× slow motion" if clip.slow_motion != 1 else ""
        st.markdown(f"**{plain(clip.name)}**  \n:gray[{clip.duration_s:.1f} s · {clip.width} × {clip.height}{slow}]")
        if job is not None and job.state != "done":
            st.badge(STATES.get(job.state, "Not known"), color=COLOURS.get(job.state, "gray"))
        elif shot is not None:
            outcome = shot.outcome
            st.badge(VERDICTS.get(outcome, "Done"), color=COLOURS.get(outcome, "gray"))
        else:
            st.badge("Not analysed yet", color="gray")
        if shot is not None:
            who_line(shot)
            shot_link(shot.id)
        if job is not None and job.active:
            st.button(
                "Cancel",
                key=f"stop-{job.id}",
                on_click=in_words(work.cancel),
                args=(job.id,),
                icon=":material/close:",
            )
        elif job is not None and job.state != "done":
            st.button(
                "Run again",
                key=f"again-{job.id}",
                on_click=in_words(work.run_again),
                args=(job.id,),
                icon=":material/replay:",
            )
    asks = shot is not None and balls.unsure(shot.kick_frame, shot.ball_sure)
    if shot is not None and asks and not (job is not None and job.active):
        shot_link(
            shot.id, "Which ball was it? Show it" if shot.kick_frame is not None else "No kick found: show the ball"
        )
    if job is not None and job.state == "running":
        progress_lines([job], named=False)
    elif job is not None and job.message and job.state != "done":
        st.caption(plain(job.message))


def progress_lines(jobs: Sequence[JobView], named: bool = True) -> None:
    """Jobs under way -> one bar each, with the clip's name where it is not plain from its place."""
    for job in jobs:
        name = f"{plain(job.clip_name)} · " if named else ""
        st.progress(min(max(job.progress, 0.0), 1.0), text=name + plain(job_words(job)))
    if any(job.state == "running" for job in jobs):
        st.caption(one_liner())


def sample_gallery(samples: Sequence[SampleView], on_try: Callable[[str], Any], key: str) -> None:
    """Sample shots (at least one) -> stills, three abreast, each with a button that calls on_try(name).

    While session_state[key] is (session, name), that sample's progress stands in its button's place.
    """
    trying = st.session_state.get(key, (0, ""))[1]
    for place, sample in zip(abreast(len(samples), "samples"), samples, strict=True):
        with place.container(border=True, height="stretch", key=f"sample-{sample.name}"):
            st.image(str(sample.still), width="stretch", alt=f"Still of the sample shot {sample.title}")
            if sample.name == trying:
                st.fragment(in_words(_follow), run_every=0.7)(key)
            st.button(
                plain(sample.title), key=f"try-{sample.name}", on_click=on_try, args=(sample.name,),
                width="stretch", icon=":material/play_arrow:", disabled=sample.name == trying,
            )  # fmt: skip


def _follow(key: str) -> None:
    """session_state[key] = (session, sample's name) -> its progress; opens its shot when there is one."""
    if key not in st.session_state:
        return
    session_id, name = st.session_state[key]
    clip = next((clip for clip in clips.listed(session_id) if Path(clip.name).stem == name), None)
    if clip is not None and clip.job is not None and clip.job.active:
        progress_lines([clip.job], named=False)
        return
    if clip is not None and clip.shot_id is not None:
        del st.session_state[key]
        st.switch_page("pages/5_Shot.py", query_params={"shot": str(clip.shot_id)})
    st.error(plain(clip.job.message if clip and clip.job else "The sample is gone: try another one."))
