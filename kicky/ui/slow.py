"""How many times slower than life a clip plays: what its film said, and a way to put it right."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ..service import clips
from ..storage.views import ClipView
from .parts import in_words
from .words import plain

SLOWEST = 64.0


def slow_motion(filmed: Sequence[ClipView]) -> None:
    """A session's clips -> a form that says of one of them how slow it plays; its shot is then judged again."""
    slowed = sum(clip.slow_motion != 1 for clip in filmed)
    counted = f" ({slowed} clip{'s' * (slowed != 1)})" if slowed else ""
    with st.expander(f"Slow motion{counted}", icon=":material/slow_motion_video:"):
        which, how = st.columns(2)
        clip = which.selectbox(
            "Clip", filmed, format_func=lambda clip: f"{plain(clip.name)} · {clip.slow_motion:g}×", key="slow_clip"
        )
        factor = how.number_input(
            "Times slower than real time",
            1.0,
            SLOWEST,
            max(1.0, clip.slow_motion),
            1.0,
            format="%g",
            key=f"slow_{clip.id}",
        )
        busy = clip.job is not None and clip.job.active
        st.button(
            "Take it so", disabled=factor == clip.slow_motion or busy, on_click=in_words(clips.set_slow_motion),
            args=(clip.id, factor),
        )  # fmt: skip
