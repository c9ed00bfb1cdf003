"""Labelled pictures a page at a time: looked through, thrown out, taken back, put right on a canvas."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ..service import looking
from ..service.taught import PictureView
from .parts import abreast, in_words
from .words import plain

COLOURS = {"ball": "#e0912f", "player": "#3b82c4", "goal": "#34b258"}
SPLITS = {"": "all", "train": "to learn from", "valid": "to judge by, each epoch", "test": "to judge by, at the end"}
SHOWN = 12
SMALL, WIDTH = 480, 900
DOUBTFUL = (
    "The doubtful ones come first: unsure, of unusual size, or unlike the pictures just before and after. Discard what "
    "shows anything else boxed than a ball, a player or the goal, or leaves one out."
)


def look_through(name: str) -> None:
    """Data set -> its pictures with what is labelled in them, the doubtful first: many at once, or one by one."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        split = st.segmented_control(
            "Pictures", list(SPLITS), default="", format_func=SPLITS.__getitem__, key="teach_split"
        )
        singly = bool(st.session_state.get("teach_alone"))  # a switch would keep the keys to itself, a button does not
        way = "Many at once" if singly else "One by one, by keys"
        st.button(way, key="teach_singly", on_click=_look_at, args=(not singly,))
    st.caption(DOUBTFUL)
    page = int(st.session_state.get("teach_at" if singly else "teach_page", 0))
    shown, total = looking.pictures(name, split or "", page, 1 if singly else SHOWN)
    if not shown and page:
        st.session_state["teach_at"] = st.session_state["teach_page"] = 0
        st.rerun()
    if not shown:
        st.info("There are no pictures in this part of the data set.", icon=":material/image_not_supported:")
        return
    chosen = next((p for p in shown if p.file == st.session_state.get("teach_correcting")), None)
    if chosen is not None:
        _correct(name, chosen)
    elif singly:
        _alone(name, shown[0], page, total)
    else:
        _many(name, shown)
        _pages(page, total)


def _look_at(singly: bool) -> None:
    st.session_state["teach_alone"] = singly


def _many(name: str, shown: list[PictureView]) -> None:
    for start in range(0, len(shown), 4):
        for place, picture in zip(abreast(4, f"labels{start}", 4), shown[start : start + 4], strict=False):
            with place.container(border=True, key=f"label-{start}-{picture.file.replace('/', '-')}"):
                _one(name, picture)


def _alone(name: str, picture: PictureView, at: int, total: int) -> None:
    """One picture, large: a key throws it out and shows the next."""
    with st.container(horizontal=True, vertical_alignment="center", key="teach-alone"):
        asked = (name, picture, at, total)
        if picture.rejected:
            st.button("Take back", shortcut="z", key="alone-back", on_click=in_words(_take_back), args=(name, picture))
        else:
            st.button("Discard", shortcut="x", key="alone-out", on_click=in_words(_throw_out), args=asked)
            st.button("Fix", shortcut="f", key="alone-fix", on_click=_begin, args=(picture.file,))
        st.button(
            "Next", shortcut="right", key="alone-on", disabled=at + 1 >= total, on_click=_stand, args=(at + 1,),
            type="primary",
        )  # fmt: skip
        st.button("Before", shortcut="left", key="alone-before", disabled=at == 0, on_click=_stand, args=(at - 1,))
        st.markdown(f"{at + 1} of {total}")
    _about(picture)
    data = _still(str(picture.path), str(picture.things), WIDTH, picture)
    st.image(data, width="stretch", alt=f"Picture with {_counts(picture)}")


def _stand(at: int) -> None:
    st.session_state["teach_at"] = at


def _throw_out(name: str, picture: PictureView, at: int, total: int) -> None:
    looking.correct(name, picture.file, None)
    _stand(min(at + 1, total - 1))


def _take_back(name: str, picture: PictureView) -> None:
    looking.correct(name, picture.file, [(thing.label, thing.box_px) for thing in picture.things])


def _pages(page: int, total: int) -> None:
    last = (total - 1) // SHOWN
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Earlier", disabled=page == 0, on_click=_go, args=(page - 1,), icon=":material/arrow_back:")
        st.markdown(f"{page * SHOWN + 1} to {min(total, (page + 1) * SHOWN)} of {total}")
        st.button("Later", disabled=page >= last, on_click=_go, args=(page + 1,), icon=":material/arrow_forward:")


def _go(page: int) -> None:
    st.session_state["teach_page"] = page


def _one(name: str, picture: PictureView) -> None:
    data = _still(str(picture.path), str(picture.things), SMALL, picture)
    st.image(data, width="stretch", alt=f"Picture with {_counts(picture)}")
    _about(picture)
    with st.container(horizontal=True):
        if picture.rejected:
            back = (name, picture)
            st.button("Take back", key=f"back-{picture.file}", on_click=in_words(_take_back), args=back)
        else:
            away = (name, picture.file, None)
            st.button("Discard", key=f"out-{picture.file}", on_click=in_words(looking.correct), args=away)
            st.button("Fix", key=f"fix-{picture.file}", on_click=_begin, args=(picture.file,))


def _counts(picture: PictureView) -> str:
    return ", ".join(f"{len([t for t in picture.things if t.label == c])} {c}" for c in COLOURS)


def _about(picture: PictureView) -> None:
    """Picture -> of which clip it is, what was done to it, and why to look at it."""
    marks = " · :orange[discarded]" * picture.rejected + " · corrected" * (picture.corrected and not picture.rejected)
    doubt = f"  \n{plain(picture.doubt)}" if picture.doubt else ""
    st.caption(f"{plain(picture.clip)}, frame {picture.frame:d}{marks}{doubt}")


@st.cache_data(max_entries=96, show_spinner=False)
def _still(path: str, things: str, width: int, _picture: PictureView) -> bytes:
    """Where a picture lies and its labels, which tell it from others; width; itself -> JPEG with its boxes."""
    del path, things
    return looking.labelled_still(_picture, width=width)


def _begin(file: str) -> None:
    st.session_state["teach_correcting"] = file


def _correct(name: str, picture: PictureView) -> None:
    """One picture on a canvas: draw a box, move one, take one away."""
    from streamlit_drawable_canvas import st_canvas  # it registers itself with the running app when imported

    st.header(f"{plain(picture.clip)}, frame {picture.frame:d}", anchor=False)
    scale = min(WIDTH, picture.size_wh_px[0]) / picture.size_wh_px[0]
    size = round(picture.size_wh_px[0] * scale), round(picture.size_wh_px[1] * scale)
    label = st.segmented_control("Box of", list(COLOURS), default="ball", key="teach_kind") or "ball"
    result = st_canvas(
        fill_color="rgba(0,0,0,0)", stroke_width=2, stroke_color=COLOURS[label],
        drawing_mode="rect",
        background_image=looking.labelled_still(picture, boxes=False, width=size[0]),
        initial_drawing={"objects": [_rect(thing.label, thing.box_px, scale) for thing in picture.things]},
        width=size[0], height=size[1], key=f"teach_canvas_{picture.file}",
    )  # fmt: skip
    st.caption("Draw around the streak of a ball that flies. The pencil over the picture moves boxes and deletes them.")
    with st.container(horizontal=True):
        if st.button("Keep", type="primary", icon=":material/check:"):
            drawn = (result.json_data or {}).get("objects", [])
            looking.correct(name, picture.file, boxes(drawn, scale))
            del st.session_state["teach_correcting"]
            st.rerun()
        if st.button("Back"):
            del st.session_state["teach_correcting"]
            st.rerun()


def _rect(label: str, box: tuple[float, float, float, float], scale: float) -> dict[str, object]:
    """Class, box in pixels -> the canvas's rectangle of it."""
    x0, y0, x1, y1 = (value * scale for value in box)
    base = {"ball_in_goal": "ball", "player_with_ball": "player"}.get(label, label)
    return {
        "type": "Rect", "left": x0, "top": y0, "originX": "left", "originY": "top", "width": x1 - x0,
        "height": y1 - y0, "fill": "rgba(0,0,0,0)", "stroke": COLOURS[base], "strokeWidth": 2,
    }  # fmt: skip


def boxes(drawn: list[dict[str, Any]], scale: float) -> list[tuple[str, tuple[float, float, float, float]]]:
    """The canvas's rectangles -> class (by its colour) and box in the picture's pixels, each.

    >>> boxes([{"type": "Rect", "left": 10, "top": 20, "width": 5, "height": 6, "scaleX": 2, "stroke": "#e0912f"}], 0.5)
    [('ball', (20.0, 40.0, 40.0, 52.0))]
    """
    names = {colour: label for label, colour in COLOURS.items()}
    found = []
    for each in drawn:
        if str(each.get("type")).lower() != "rect" or each.get("stroke") not in names:
            continue
        width, height = each["width"] * each.get("scaleX", 1), each["height"] * each.get("scaleY", 1)
        x0, y0 = each["left"], each["top"]
        if width > 1 and height > 1:
            corners = (x0 / scale, y0 / scale, (x0 + width) / scale, (y0 + height) / scale)
            found.append((names[each["stroke"]], (*(float(value) for value in corners),)))
    return found  # type: ignore[return-value] # four values make a box
