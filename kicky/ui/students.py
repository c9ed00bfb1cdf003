"""Two detectors beside each other on one's own clips: the picture at the kick, who was right, the doubtful first."""

from __future__ import annotations

from functools import partial

import streamlit as st

from .. import doors
from ..errors import KickyError
from ..service import students
from ..service.students import Saw, TwoSaw
from .able import detector_name
from .parts import abreast
from .words import VERDICTS, plain

SHOWN = 8
NONE_YET = (
    "To see two detectors beside each other on your own clips, run them on the Evaluate page: it looks at each clip "
    "once and keeps what was seen."
)


def students_compared() -> None:
    """Two detectors that were run over the clips labelled here -> the clips on which they differ, with pictures."""
    runs = students.comparable()
    if len(runs) < 2:
        st.caption(NONE_YET)
        st.page_link("pages/6_Evaluate.py", label="Evaluate", icon=":material/arrow_forward:")
        return
    left, right = st.columns(2)
    newest = sorted(runs, key=lambda name: runs[name].made_at, reverse=True)
    one = left.selectbox("One detector", newest, format_func=detector_name, key="students_one")
    rest = [name for name in newest if name != one]
    other = right.selectbox("Another", rest, format_func=detector_name, key="students_other")
    try:
        clips = students.compared(runs[one].id, runs[other].id)
    except KickyError as error:
        st.warning(plain(error), icon=":material/sync:")
        return
    names = detector_name(one), detector_name(other)
    st.markdown(_sum(clips, names))
    st.caption(
        f"Each clip at the moment of the kick: what {plain(names[0])} saw is framed in :orange[orange], what "
        f"{plain(names[1])} saw in :blue[blue]. Those on which they differ come first. Both films in step are on the "
        "Evaluate page."
    )
    more = st.toggle(f"Show all {len(clips)}", key="students_all") if len(clips) > SHOWN else False
    shown = clips if more else clips[:SHOWN]
    for start in range(0, len(shown), 4):
        for place, clip in zip(abreast(4, f"students{start}", 4), shown[start : start + 4], strict=False):
            with place.container(border=True, key=f"students-{clip.sha256[:16]}"):
                _card(clip, (one, other), names)


def _sum(clips: list[TwoSaw], names: tuple[str, str]) -> str:
    """Clips, who looked -> on how many each was right."""
    judged = [clip for clip in clips if clip.one.goal is not None]
    footed = [clip for clip in clips if clip.one.foot is not None]
    balls = sum(clip.one.balls for clip in clips)
    lines = []
    for name, saws in zip(names, ([c.one for c in clips], [c.other for c in clips]), strict=True):
        told = [f"goal or not right on {sum(bool(saw.goal) for saw in saws)} of {len(judged)}"] if judged else []
        told += [f"foot on {sum(bool(saw.foot) for saw in saws)} of {len(footed)}"] if footed else []
        told += [f"{sum(saw.found for saw in saws)} of {balls} balls found"] if balls else []
        lines.append(f"- **{plain(name)}**: {', '.join(told) or 'no label to hold it against'}")
    return "\n".join(lines)


def _card(clip: TwoSaw, detectors: tuple[str, str], names: tuple[str, str]) -> None:
    """A clip -> its picture, what it was, what each said of it."""
    make = partial(students.at_contact, detectors, clip.sha256, clip.frame)
    url = doors.hand_made(("contact", *detectors, clip.sha256, clip.frame), make, "image/jpeg")
    st.markdown(f"![{plain(clip.clip)} at the kick]({url})")
    was = f" · {VERDICTS[clip.was]}" if clip.was in VERDICTS else ""
    st.markdown(f"**{plain(clip.clip)}**{plain(was)}")
    for name, saw in zip(names, (clip.one, clip.other), strict=True):
        st.caption(f"**{plain(name)}**: {plain(_said(saw))}")
    if not clip.apart:
        st.caption("They agree.")


def _said(saw: Saw) -> str:
    """What one made of a clip -> in words."""
    if saw.failed:
        return saw.failed
    marks = {True: "right", False: "wrong", None: "not labelled"}
    said = "undecided" if saw.outcome == "unsure" else f"{VERDICTS.get(saw.outcome, saw.outcome).lower()}"
    words = [f"{said}, {marks[saw.goal]}", f"foot {marks[saw.foot]}"]
    if saw.balls:
        words.append(f"{saw.found} of {saw.balls} balls")
    return "; ".join(words) + "."
