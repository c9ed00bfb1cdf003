"""The first look at an evaluation: a sentence, one picture, and the clips that went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from .. import charts
from ..errors import NotFound
from ..service import answered, stage
from ..service.answered import WrongClip
from .parts import label_link, shot_link
from .tables import drawing
from .words import VERDICTS, plain

if TYPE_CHECKING:
    from ..storage.runs import ScoredRun

ARTICLE = "https://huggingface.co/spaces/build-small-hackathon/kicky-ai"
DIVIDED = {"All clips": "", "By session": "session", "By view": "view", "By light": "light", "By split": "split"}
SHOWN = 6
READ = (
    "Out of all clips: what was not answered is not right. A speed or a knee is right where its interval holds the "
    "truth; of most films nobody knows that."
)


def first_look(runs: Sequence[ScoredRun]) -> None:
    """Runs -> how often KICKY is right, in a sentence and a picture, and what it got wrong."""
    run = answered.newest(runs)
    if run is None:
        return
    if words := answered.headline(runs):
        st.markdown(f"**{plain(words)}**")
    st.caption(
        f"The article is [Building KICKY AI]({ARTICLE}), whose rules look at the ball's way in the picture alone. "
        "The link leads out of the app."
    )
    if note := answered.by_correction(run):
        st.caption(plain(note))
    _bars(run)
    _wrong(answered.went_wrong(run))


def _bars(run: ScoredRun) -> None:
    divided = {title: by for title, by in DIVIDED.items() if not by or len(run.scores.get(by, {})) > 2}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.selectbox("Show", list(divided), key="answered_by", width=220)
        by = divided[title]
        asked = st.selectbox("Question", list(answered.questions()), key="answered_question", width=220) if by else ""
    rows = answered.by_part(run, by, answered.questions()[asked]) if by else answered.bars(run, "split", "overall")
    if not rows:
        st.info("Nothing is counted yet for this. Run the detectors again to see it.", icon=":material/sync:")
        return
    content = " ".join(f"{name}: {counts['right']} right, {counts['wrong']} wrong, {counts['none']} not answered."
                       for name, counts in rows)  # fmt: skip
    drawing(f"Answered and right, {title.lower()}", charts.answered_bars(rows), READ, content)


def _wrong(clips: Sequence[WrongClip]) -> None:
    """Clips that went wrong -> their pictures, each with what it was, what was said, and where to look."""
    if not clips:
        st.success("Every clip was called right.", icon=":material/check:")
        return
    st.subheader(f"Wrong or not decided ({len(clips)})", anchor=False)
    more = st.toggle(f"Show all {len(clips)}", key="answered_all") if len(clips) > SHOWN else False
    shown = clips if more else clips[:SHOWN]
    with st.container(horizontal=True, gap="small", key="wrong-clips"):
        for number, clip in enumerate(shown):
            _card(number, clip)


def _card(number: int, clip: WrongClip) -> None:
    with st.container(border=True, width=250, key=f"wrong-{number}"):
        if clip.shot_id is not None:
            with suppress(NotFound):  # the film is gone: the clip is told of without its picture
                st.image(stage.thumb(clip.shot_id), width="stretch")
        said = "not decided" if clip.said == "unsure" else f"called {VERDICTS.get(clip.said, clip.said).lower()}"
        st.markdown(f"**{plain(clip.clip)}**  \n{plain(VERDICTS.get(clip.was, clip.was))}, {plain(said)}.")
        st.caption(plain(clip.why))
        if clip.shot_id is not None:
            shot_link(clip.shot_id)
        if clip.clip_id is not None:
            label_link(clip.clip_id, "See its label")
