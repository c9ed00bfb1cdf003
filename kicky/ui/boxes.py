"""Boxes and masks frame by frame on a canvas: one click for the ball, few keyframes for players and goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ..service import boxes as store
from ..service import truth
from ..service.boxes import Drawn, FrameView
from .labels import COLOURS
from .parts import in_words
from .words import plain

WIDTH = 800
NEAR_PX = 4.0  # on the canvas: what comes back from it is rounded, and half a stroke off
TOOLS = {
    "ball": ("Ball: one click", "1", "point"), "player": ("Player", "2", "rect"), "goal": ("Goal", "3", "rect"),
    "corners": ("Goal's corners", "4", "polygon"), "mask": ("Mask of player", "5", "polygon"),
}  # fmt: skip
STEPS = ((-5, "−5", "Shift+left"), (-1, "−1", "left"), (1, "+1", "right"), (5, "+5", "Shift+right"))
CLASS_OF = {"corners": "goal", "mask": "player"}


def boxes(who: str, numbers: Sequence[int]) -> None:
    """Labeller, queue -> the clip it stands at, frame by frame."""
    st.fragment(in_words(_boxes))(who, list(numbers))


def _boxes(who: str, numbers: list[int]) -> None:
    at = min(st.session_state.get("label_at", 0), len(numbers) - 1)
    clip_id = numbers[at]
    frame = st.session_state.setdefault("boxes_frame", {}).get(clip_id)
    if frame is None:
        contact = truth.to_label(clip_id, who).contact
        frame = 0 if contact is None else contact
    view = store.frame_boxes(clip_id, frame)
    _head(view, numbers, at)
    tool = _tools()
    _canvas(view, tool, who)
    _actions(view, who)


def _head(view: FrameView, numbers: Sequence[int], at: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        for by, title, key in STEPS:
            st.button(title, key=f"boxes_step_{by}", shortcut=key, on_click=_go, args=(view, by))
        st.markdown(f"**Frame {view.frame:d}** of {view.frames:d} · {view.time_s:.2f} s · {view.labelled:d} drawn")
        st.button("Clip before", key="boxes_before", disabled=at == 0, on_click=_clip, args=(at - 1,))
        st.button("Next clip", key="boxes_after", disabled=at + 1 >= len(numbers), on_click=_clip, args=(at + 1,))


def _go(view: FrameView, by: int) -> None:
    st.session_state["boxes_frame"][view.clip_id] = min(max(view.frame + by, 0), view.frames - 1)


def _clip(at: int) -> None:
    st.session_state["label_at"] = at


def _tools() -> str:
    """-> what is being drawn; chosen by button or key."""
    tool: str = st.session_state.setdefault("boxes_tool", "ball")
    with st.container(horizontal=True):
        for name, (title, key, _) in TOOLS.items():
            kind: Any = "primary" if name == tool else "secondary"
            st.button(title, key=f"boxes_tool_{name}", shortcut=key, type=kind, on_click=_choose, args=(name,))
    return tool


def _choose(name: str) -> None:
    st.session_state["boxes_tool"] = name


def _canvas(view: FrameView, tool: str, who: str) -> None:
    """The frame with what is drawn in it; whatever is drawn anew is kept at once."""
    from streamlit_drawable_canvas import st_canvas  # it registers itself with the running app when imported

    scale = min(WIDTH, view.size_wh_px[0]) / view.size_wh_px[0]
    size = round(view.size_wh_px[0] * scale), round(view.size_wh_px[1] * scale)
    given = [_object(thing, scale) for thing in view.drawn]
    colour = COLOURS[CLASS_OF.get(tool, tool if tool in COLOURS else "ball")]
    result = st_canvas(
        fill_color="rgba(0,0,0,0)", stroke_width=2, stroke_color=colour, drawing_mode=TOOLS[tool][2],
        background_image=_shown(view, size[0]), initial_drawing={"objects": given}, width=size[0], height=size[1],
        point_display_radius=4, key=f"boxes_{view.clip_id}_{view.frame}_{view.number}",
    )  # fmt: skip
    if result.json_data is None:
        return
    now = result.json_data.get("objects", [])
    click = next(((float(o["left"]), float(o["top"])) for o in now if str(o.get("type")).lower() == "circle"), None)
    if click is not None and tool == "ball":
        x, y = _centre(next(o for o in now if str(o.get("type")).lower() == "circle"))
        store.click_ball(view.clip_id, view.frame, (x / scale, y / scale), who)
        _go(view, 1)
        st.rerun(scope="fragment")
    things = drawn_things(now, scale)
    after = _after(view, things, NEAR_PX / scale)
    if after is not None:
        store.draw(view.clip_id, view.frame, after, who, view.number)
        st.rerun(scope="fragment")


def _after(view: FrameView, things: Sequence[Drawn], near_px: float) -> list[Drawn] | None:
    """What is kept, what the canvas holds -> what is to be kept now, None where nothing has changed.

    A canvas tells that it is empty before it has drawn what it was given: nothing counts as deleted until it has shown
    all of that.
    """
    added = [thing for thing in things if not any(_alike(thing, kept, near_px) for kept in view.drawn)]
    missing = [kept for kept in view.drawn if not any(_alike(thing, kept, near_px) for thing in things)]
    shown = f"boxes_shown_{view.clip_id}_{view.frame}_{view.number}"
    if not missing:
        st.session_state[shown] = True
    gone = missing if st.session_state.get(shown, False) else []
    return [*(kept for kept in view.drawn if kept not in gone), *added] if added or gone else None


def _alike(one: Drawn, other: Drawn, near_px: float) -> bool:
    return one[0] == other[0] and max(abs(p - q) for p, q in zip(one[1], other[1], strict=True)) < near_px


def _centre(circle: Mapping[str, Any]) -> tuple[float, float]:
    """The canvas's circle -> its middle; which corner `left` and `top` mean it says itself."""
    left, top, radius = float(circle["left"]), float(circle["top"]), float(circle.get("radius", 0))
    x = left + (radius if circle.get("originX") == "left" else 0.0)
    y = top + (radius if circle.get("originY") == "top" else 0.0)
    return x, y


@st.cache_data(max_entries=60, show_spinner=False)
def _picture(film: str, frame: int, width: int, _clip_id: int) -> bytes:
    """A film's hash, frame, width, its clip -> JPEG; a clip's number alone is given again once its clip is deleted."""
    del film
    return store.frame_picture(_clip_id, frame, width)


def _shown(view: FrameView, width: int) -> Any:
    """Frame -> its picture with what is likely there, dashed."""
    import io

    from PIL import Image, ImageDraw

    picture = Image.open(io.BytesIO(_picture(view.film, view.frame, width, view.clip_id))).convert("RGB")
    scale = picture.width / view.size_wh_px[0]
    pen = ImageDraw.Draw(picture)
    for label, box, _ in (*view.likely, *(view.proposed if not view.drawn and not view.likely else ())):
        x0, y0, x1, y1 = (value * scale for value in box)
        for start in range(int(x0), int(x1), 8):
            pen.line([(start, y0), (min(start + 4, x1), y0)], COLOURS[label])
            pen.line([(start, y1), (min(start + 4, x1), y1)], COLOURS[label])
        for start in range(int(y0), int(y1), 8):
            pen.line([(x0, start), (x0, min(start + 4, y1))], COLOURS[label])
            pen.line([(x1, start), (x1, min(start + 4, y1))], COLOURS[label])
    return picture


def _object(thing: Drawn, scale: float) -> dict[str, object]:
    """Thing -> the canvas's rectangle, or its path where it has an outline."""
    label, box, outline = thing
    base = {"ball_in_goal": "ball", "player_with_ball": "player"}.get(label, label)
    look: dict[str, object] = {"fill": "rgba(0,0,0,0)", "stroke": COLOURS[base], "strokeWidth": 2}
    x0, y0, x1, y1 = (value * scale for value in box)
    size = {"width": x1 - x0, "height": y1 - y0}
    if not outline:
        return {"type": "Rect", "left": x0, "top": y0, "originX": "left", "originY": "top", **size, **look}
    points = [value * scale for value in outline[0]]
    corners = [{"x": x, "y": y} for x, y in zip(points[::2], points[1::2], strict=True)]
    middle = {"left": (x0 + x1) / 2, "top": (y0 + y1) / 2, "originX": "center", "originY": "center"}
    return {"type": "Polygon", **middle, **size, **look, "points": corners}


def drawn_things(objects: Sequence[Mapping[str, Any]], scale: float) -> list[Drawn]:
    """The canvas's rectangles and polygons -> class (by its colour), box and outline in the film's pixels, each.

    >>> points = [{"x": 10, "y": 10}, {"x": 20, "y": 10}, {"x": 20, "y": 30}]
    >>> thing = {"type": "Polygon", "stroke": "#34b258", "points": points, "left": 15, "top": 20, "originX": "center",
    ...     "originY": "center", "width": 10, "height": 20}
    >>> drawn_things([thing], 0.5)
    [('goal', (20.0, 20.0, 40.0, 60.0), ((20.0, 20.0, 40.0, 20.0, 40.0, 60.0),))]
    """
    names = {colour: label for label, colour in COLOURS.items()}
    found: list[Drawn] = []
    for each in objects:
        kind, label = str(each.get("type")).lower(), names.get(str(each.get("stroke")))
        if label is None or kind not in ("rect", "polygon"):
            continue
        width = float(each["width"]) * float(each.get("scaleX", 1))
        height = float(each["height"]) * float(each.get("scaleY", 1))
        x0 = float(each["left"]) - (width / 2 if each.get("originX") == "center" else 0.0)
        y0 = float(each["top"]) - (height / 2 if each.get("originY") == "center" else 0.0)
        if width < 1 or height < 1:
            continue
        box = (x0 / scale, y0 / scale, (x0 + width) / scale, (y0 + height) / scale)
        found.append((label, box, _outline(each["points"], box) if kind == "polygon" else ()))
    return found


def _outline(points: Sequence[Mapping[str, float]], box: Sequence[float]) -> tuple[tuple[float, ...], ...]:
    """A polygon's corners, wherever their origin is, and the box it is in now -> its corners there."""
    xs, ys = [float(point["x"]) for point in points], [float(point["y"]) for point in points]
    wide, tall = max(max(xs) - min(xs), 1e-6), max(max(ys) - min(ys), 1e-6)
    x0, y0, x1, y1 = box
    corners: list[float] = []
    for x, y in zip(xs, ys, strict=True):
        corners += [x0 + (x - min(xs)) / wide * (x1 - x0), y0 + (y - min(ys)) / tall * (y1 - y0)]
    return (tuple(round(value, 6) for value in corners),)


def _actions(view: FrameView, who: str) -> None:
    """Accept the suggestions, copy to the next frame, start the frame anew; what the dashes mean."""
    likely = (*view.likely, *(view.proposed if not view.drawn and not view.likely else ()))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Accept the suggestions", key="boxes_accept", shortcut="a", disabled=not likely,
            on_click=in_words(_accept), args=(view, likely, who),
        )  # fmt: skip
        st.button(
            "Copy to the next frame", key="boxes_copy", shortcut="n", disabled=not view.drawn,
            on_click=in_words(_copy), args=(view, who),
        )  # fmt: skip
        st.button(
            "Nothing in this frame", key="boxes_none", disabled=bool(view.drawn), on_click=in_words(_draw),
            args=(view, (), who),
        )  # fmt: skip
        st.button("Clear this frame", key="boxes_clear", on_click=in_words(_clear), args=(view, who))
    counts = ", ".join(f"{len([t for t in view.drawn if t[0] == label])} {label}" for label in COLOURS)
    st.caption(
        f"Here: {counts}. A flying ball is a streak: its box goes around all of it, its point is the middle. One click "
        "snaps to a moving thing near it and goes on to the next frame. Draw players and goal every ten frames or so; "
        "in between they follow (dashed). A polygon is closed by a click on its first corner. The pencil over the "
        "picture moves and deletes."
    )
    st.caption(plain("Dashed: suggestions from the newest analysis, until something is drawn."))


def _accept(view: FrameView, likely: Sequence[Drawn], who: str) -> None:
    store.draw(view.clip_id, view.frame, [*view.drawn, *likely], who, view.number)


def _copy(view: FrameView, who: str) -> None:
    if view.frame + 1 < view.frames:
        ahead = store.frame_boxes(view.clip_id, view.frame + 1)
        store.draw(view.clip_id, ahead.frame, view.drawn, who, ahead.number)
        _go(view, 1)


def _draw(view: FrameView, things: Sequence[Drawn], who: str) -> None:
    store.draw(view.clip_id, view.frame, things, who, view.number)


def _clear(view: FrameView, who: str) -> None:
    store.clear(view.clip_id, view.frame, who)
