"""The goal in the picture: four corners by mouse, finger or keyboard, and the goal drawn back for checking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from .. import service
from ..errors import KickyError
from ..service import ClipView, SessionView
from .corners import Box, Corner, closeup, cut, settle
from .parts import abreast, refuse

NAMES = ("top left", "top right", "bottom right", "bottom left")
WHERE = (
    "inside edge, where post and bar meet",
    "inside edge, where post and bar meet",
    "inside edge, where the post stands on the ground",
    "inside edge, where the post stands on the ground",
)
OWN_SIZE = "Another size"
RADIUS_PX, STROKE_PX = 5, 2
DOT_FILL, DOT_STROKE = "rgba(255,150,30,0.2)", "#ff8c1a"  # a ring: the corner must be seen through it

WIDTH_JS = """export default function({parentElement, setStateValue, data}) {
  const tell = () => {
    const width = Math.floor(parentElement.getBoundingClientRect?.().width || parentElement.host?.clientWidth || 0);
    if (width > 0 && Math.abs(width - data.known) > 24) { data.known = width; setStateValue("width", width); }
  };
  const eye = new ResizeObserver(() => requestAnimationFrame(tell));
  eye.observe(parentElement.host ?? parentElement); tell();
  return () => eye.disconnect();
}"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Where the corners belong and what else was said of the goal."""

    session_id: int
    clip: ClipView
    size_m: tuple[float, float]
    height_m: float | None

    @property
    def picture_wh(self) -> tuple[int, int]:
        return self.clip.width, self.clip.height


def goal_editor(session: SessionView, clips: Sequence[ClipView]) -> bool:
    """Session, its clips (at least one) -> whether the goal is settled; every change is kept at once."""
    if st.session_state.get("goal_session") != session.id:
        st.session_state["goal_session"] = session.id
        st.session_state.pop("goal_corners", None)
        st.session_state.pop("goal_box", None)
    if not session.has_scene and st.checkbox("The goal is not in the picture", key=f"goal_absent_{session.id}"):
        st.info("Then foot and body are read, and no goal is claimed.", icon=":material/info:")
        return True
    one, two, three, four = abreast(4, "goal", 4)
    clip = one.selectbox("Picture from", clips, format_func=lambda c: c.name, key=f"goal_clip_{session.id}")
    last = max(clip.frames - 1, 1)
    frame = two.slider("Moment to show", 0, last, 0, key=f"goal_frame_{clip.id}")
    with three:
        size_m = _size(session.id)
    with four:
        asked = _Asked(session.id, clip, size_m, _height(session.id))
    try:
        return _click(asked, min(frame, clip.frames - 1))
    except KickyError as error:
        refuse(error)
        _again(asked)
    return False


def _click(asked: _Asked, frame: int) -> bool:
    """The canvas, the numbers for the keyboard, the goal drawn back -> whether there is a goal."""
    corners = _corners(asked)
    near = len(corners) == 4 and st.toggle("Close-up of the goal", key=f"goal_near_{asked.session_id}")
    _next_click(len(corners), near)
    box = _shown(asked, corners, near)
    clicked = _canvas(service.still(asked.clip.id, frame), asked.clip, box, corners)
    if clicked != corners:
        _keep(asked, settle(clicked), redraw=len(clicked) > 4)
    _by_number(asked, corners)
    if len(corners) == 4:
        _check(asked, corners)
    return len(corners) == 4


def _shown(asked: _Asked, corners: list[Corner], near: bool) -> Box:
    """-> the part of the picture to click in; the close-up stays put while corners move in it."""
    wide, high = asked.picture_wh
    if not near:
        st.session_state.pop("goal_box", None)
        return 0.0, 0.0, float(wide), float(high)
    if "goal_box" not in st.session_state:
        left, top, right, bottom = closeup(corners, asked.picture_wh)
        st.session_state["goal_box"] = (left / wide, top / high, right / wide, bottom / high)
    left, top, right, bottom = st.session_state["goal_box"]
    return left * wide, top * high, right * wide, bottom * high


def _corners(asked: _Asked) -> list[Corner]:
    """-> the corners in this clip's pixels: those being clicked, else those stored."""
    if "goal_corners" not in st.session_state:
        scene = service.scene(asked.session_id)
        wide, high = scene.size_wh_px if scene else (1, 1)
        st.session_state["goal_corners"] = [(x / wide, y / high) for x, y in scene.corners] if scene else []
    return [(x * asked.clip.width, y * asked.clip.height) for x, y in st.session_state["goal_corners"]]


def _keep(asked: _Asked, corners: list[Corner], redraw: bool) -> None:
    """Corners -> the session state, and the store once there are four; draws the page anew, the canvas if told."""
    st.session_state["goal_corners"] = [(x / asked.clip.width, y / asked.clip.height) for x, y in corners]
    st.session_state["goal_turn"] = st.session_state.get("goal_turn", 0) + int(redraw)
    if len(corners) == 4:
        _store(asked, corners)
    st.rerun()


def _store(asked: _Asked, corners: list[Corner]) -> None:
    service.set_scene(asked.session_id, corners, asked.size_m, asked.height_m, size_wh=asked.picture_wh)


def _size(session_id: int) -> tuple[float, float]:
    """-> inner width and height in metres, from the list or typed."""
    sizes = service.goal_sizes()
    scene = service.scene(session_id)
    kept = scene.goal_size_m if scene else next(iter(sizes.values()))
    start = next((i for i, size in enumerate(sizes.values()) if size == tuple(kept)), len(sizes))
    name = st.selectbox(
        "Goal, metres", [*sizes, OWN_SIZE], index=start, key=f"goal_size_{session_id}",
        format_func=lambda n: n if n == OWN_SIZE else f"{n} {sizes[n][0]:g}×{sizes[n][1]:g}",
    )  # fmt: skip
    if name != OWN_SIZE:
        return sizes[name]
    return (
        st.number_input("Inner width, m", 0.5, 12.0, float(kept[0]), 0.01, key=f"goal_wide_{session_id}"),
        st.number_input("Inner height, m", 0.5, 12.0, float(kept[1]), 0.01, key=f"goal_high_{session_id}"),
    )


def _height(session_id: int) -> float | None:
    """-> how high the phone stood in metres, None when nobody knows."""
    scene = service.scene(session_id)
    return st.number_input(
        "Phone's height, m", 0.05, 10.0, scene.camera_height_m if scene else None, 0.05,
        key=f"goal_height_{session_id}", placeholder="not known",
    )  # fmt: skip


def _next_click(done: int, near: bool) -> None:
    """Corners so far -> what to do next, in one line."""
    if done < 4:
        st.info(f"Click corner {done + 1} of 4: **{NAMES[done]}** ({WHERE[done]}).", icon=":material/ads_click:")
    elif near:
        st.info("Click where a corner really is: the nearest one moves there.", icon=":material/ads_click:")
    else:
        st.success(
            "Goal kept for the whole session. For an exact one, turn on the close-up and click the corners again."
        )


def _canvas(picture: bytes, clip: ClipView, box: Box, corners: list[Corner]) -> list[Corner]:
    """Picture, the part to show, corners so far -> the corners after the clicks, in the clip's pixels."""
    from streamlit_drawable_canvas import st_canvas  # it registers itself with the running app when imported

    wide, high = box[2] - box[0], box[3] - box[1]
    width = int(min(_room_px(), 1060, 620 * wide / high))
    height = max(1, round(high * width / wide))
    per_x, per_y = width / wide, height / high
    name = f"goal_canvas_{clip.id}_{st.session_state.get('goal_turn', 0)}_{int(box[0])}_{int(box[2])}"
    known, key, at_width = st.session_state.get("goal_canvas", ("", "", 0))
    # What a canvas starts with must not change while it is clicked, and its dots know one width only: another
    # part of the picture, or another width once there are dots, is another canvas. An empty one just grows.
    if known != name or (corners and at_width != width):
        key = f"{name}_{width}"
        st.session_state["goal_start"] = [((x - box[0]) * per_x, (y - box[1]) * per_y) for x, y in corners]
    st.session_state["goal_canvas"] = (name, key, width)
    result = st_canvas(
        fill_color=DOT_FILL, stroke_color=DOT_STROKE, stroke_width=STROKE_PX, drawing_mode="point",
        point_display_radius=RADIUS_PX, background_image=cut(picture, box, (clip.width, clip.height)),
        width=width, height=height, key=key,
        initial_drawing={"objects": [_dot(x, y) for x, y in st.session_state["goal_start"]]},
    )  # fmt: skip
    dots = [dot for dot in (result.json_data or {}).get("objects", []) if str(dot.get("type")).lower() == "circle"]
    clicks = [(x / per_x + box[0], y / per_y + box[1]) for x, y in map(_centre, dots)]
    same = len(clicks) == len(corners) and all(
        abs(a - b) * per_x < 0.1
        for one, other in zip(clicks, corners, strict=True)
        for a, b in zip(one, other, strict=True)
    )
    return corners if same else clicks


def _dot(x: float, y: float) -> dict[str, object]:
    """Place on the canvas -> the dot the canvas itself would draw there."""
    return {
        "type": "Circle", "left": x - RADIUS_PX - STROKE_PX / 2, "top": y, "originX": "left", "originY": "center",
        "radius": RADIUS_PX, "strokeWidth": STROKE_PX, "stroke": DOT_STROKE, "fill": DOT_FILL,
    }  # fmt: skip


def _centre(dot: dict[str, float]) -> Corner:
    """The canvas's dot -> where it was clicked."""
    return (dot["left"] + dot.get("radius", RADIUS_PX) + dot.get("strokeWidth", STROKE_PX) / 2, dot["top"])


def _room_px() -> int:
    """-> the width there is for the picture; the canvas cannot find out by itself."""
    ruler = st.components.v2.component("kicky_ruler", html="<div></div>", js=WIDTH_JS)
    known = st.session_state.get("goal_room_px", 680)
    told = ruler(key="goal_ruler", data={"known": known}, on_width_change=lambda: None, height=1).get("width")
    if told:
        st.session_state["goal_room_px"] = int(told)
    return max(240, int(told or known))


def _by_number(asked: _Asked, corners: list[Corner]) -> None:
    """The same by keyboard: eight numbers."""
    turn = st.session_state.get("goal_turn", 0)
    wide, high = float(asked.clip.width), float(asked.clip.height)
    with (
        st.expander("Type the corners instead", icon=":material/keyboard:"),
        st.form(f"goal_form_{asked.session_id}_{asked.clip.id}_{turn}_{len(corners)}", border=False),
    ):
        typed = []
        for number, name in enumerate(NAMES):
            x, y = corners[number] if number < len(corners) else (0.0, 0.0)
            across, down = st.columns(2)
            title = name.capitalize()
            typed.append(
                (
                    across.number_input(f"{title}, pixels from the left", 0.0, wide, min(round(x, 1), wide), 1.0),
                    down.number_input(f"{title}, pixels from the top", 0.0, high, min(round(y, 1), high), 1.0),
                )
            )
        if st.form_submit_button("Use these corners"):
            _keep(asked, typed, redraw=True)


def _check(asked: _Asked, corners: list[Corner]) -> None:
    """Four corners -> the goal as the program sees it; its size is kept where it was changed."""
    scene = service.scene(asked.session_id)
    if scene is None or tuple(scene.goal_size_m) != tuple(asked.size_m) or scene.camera_height_m != asked.height_m:
        _store(asked, corners)
    seen = service.scene_still(asked.clip.id, corners, asked.size_m)
    st.image(
        cut(seen, closeup(corners, asked.picture_wh), asked.picture_wh), width="stretch",
        caption="The goal as KICKY sees it: the lines should lie on the posts and the bar.",
        alt="Close-up of the still with the goal's frame drawn over it",
    )  # fmt: skip
    _again(asked)


def _again(asked: _Asked) -> None:
    if st.button("Start the corners again", icon=":material/restart_alt:", key="goal_again"):
        _keep(asked, [], redraw=True)
