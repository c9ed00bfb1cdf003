"""A picture to click points in, with the points so far; a rerun does no harm here."""

from __future__ import annotations

import streamlit as st

from ..storage.views import ClipView
from .corners import DOTS, Box, Corner, centre, cut, dot_at

WIDTH_JS = """export default function({parentElement, setStateValue, data}) {
  const tell = () => {
    const width = Math.floor(parentElement.getBoundingClientRect?.().width || parentElement.host?.clientWidth || 0);
    if (width > 0 && Math.abs(width - data.known) > 24) { data.known = width; setStateValue("width", width); }
  };
  const eye = new ResizeObserver(() => requestAnimationFrame(tell));
  eye.observe(parentElement.host ?? parentElement); tell();
  return () => eye.disconnect();
}"""


def dots(name: str, picture: bytes, clip: ClipView, box: Box, points: list[Corner]) -> list[Corner]:
    """What is clicked, picture, the part to show, points so far -> those after the clicks, in the clip's pixels.

    The session state counts in `NAME_turn` how often the canvas is to start anew.
    """
    from streamlit_drawable_canvas import st_canvas  # it registers itself with the running app when imported

    wide, high = box[2] - box[0], box[3] - box[1]
    width = int(min(_room_px(name), 1060, 620 * wide / high))
    height = max(1, round(high * width / wide))
    per_x, per_y = width / wide, height / high
    one = f"{name}_canvas_{clip.id}_{st.session_state.get(f'{name}_turn', 0)}_{int(box[0])}_{int(box[2])}"
    known, key, at_width = st.session_state.get(f"{name}_canvas", ("", "", 0))
    # What a canvas starts with must not change while it is clicked, and its dots know one width only: another
    # part of the picture, or another width once there are dots, is another canvas. An empty one just grows.
    # One that comes back with its page has forgotten its clicks.
    if known != one or (points and at_width != width) or key not in st.session_state:
        key = f"{one}_{width}"
        st.session_state[f"{name}_start"] = [((x - box[0]) * per_x, (y - box[1]) * per_y) for x, y in points]
    st.session_state[f"{name}_canvas"] = (one, key, width)
    result = st_canvas(
        **DOTS, drawing_mode="point", background_image=cut(picture, box, (clip.width, clip.height)),
        width=width, height=height, key=key,
        initial_drawing={"objects": [dot_at(x, y) for x, y in st.session_state[f"{name}_start"]]},
    )  # fmt: skip
    dots = [dot for dot in (result.json_data or {}).get("objects", []) if str(dot.get("type")).lower() == "circle"]
    clicks = [(x / per_x + box[0], y / per_y + box[1]) for x, y in map(centre, dots)]
    same = len(clicks) == len(points) and all(
        abs(a - b) * per_x < 0.1
        for one, other in zip(clicks, points, strict=True)
        for a, b in zip(one, other, strict=True)
    )
    return points if same else clicks


def _room_px(name: str) -> int:
    """-> the width there is for the picture; the canvas cannot find out by itself."""
    ruler = st.components.v2.component("kicky_ruler", html="<div></div>", js=WIDTH_JS)
    known = st.session_state.get(f"{name}_room_px", 680)
    told = ruler(key=f"{name}_ruler", data={"known": known}, on_width_change=lambda: None, height=1).get("width")
    if told:
        st.session_state[f"{name}_room_px"] = int(told)
    return max(240, int(told or known))
