"""What the player may say so that speeds get sharper: the phone, its zoom, where the ball lay. None of it need be."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ..service import phones
from ..service.phones import StatedView
from ..storage.views import ClipView
from .parts import abreast
from .words import plain

UNKNOWN, ANOTHER = "I don't know", "Another phone"
ZOOM_HELP = "The zoom the camera showed while filming. Speeds grow with it; goal or no goal hardly does."
BALL_HELP = "Where the ball was put down for most shots. With the goal this says how large everything is."
COUNTED = {"metres": ("Metres, to the ball", 0.5, 60.0, 0.5), "steps": ("Steps, to the ball", 1.0, 75.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Said:
    """The phone, the zoom, where the ball lay: each None where nobody said."""

    phone: str | None = None
    zoom: str | None = None
    ball: tuple[str, float | None] | None = None

    @property
    def lens_mm(self) -> float | None:
        lens = phones.lens(self.phone, self.zoom)
        return lens.mm if lens else None


def sharper(session_id: int, clip: ClipView, size_m: tuple[float, float]) -> Said:
    """Session, the clip shown, the goal's size -> what is said, in a fold that can be left closed."""
    kept = phones.stated(session_id)
    named, seen = phones.filmed_with(clip.id)
    if not kept.asked:
        kept = StatedView(named or phones.yours(), kept.zoom or seen, kept.ball)
    with st.expander("What makes the speed sharper", icon=":material/speed:"):
        one, two = abreast(2, "sharper", 3)
        with one:
            phone = phone_box(session_id, kept.phone)
        with two:
            zoom = zoom_box(session_id, phone, kept.zoom)
        ball = ball_box(session_id, size_m, kept.ball)
        if named and phone not in (None, named):
            st.caption(plain(f"This film was made with {named}, by its own data."))
        if lens := phones.lens(phone, zoom):
            st.caption(plain(f"{lens.words}: {lens.mm:.0f} mm ± {lens.percent:.0f} % (35 mm equivalent)."))
    return Said(phone, zoom, ball)


def same(said: Said, session_id: int) -> bool:
    """-> whether the session keeps just this."""
    kept = phones.stated(session_id)
    return kept.asked and (kept.phone, kept.zoom, kept.ball) == (said.phone, said.zoom, said.ball)


def phone_box(session_id: int, kept: str | None) -> str | None:
    """Session, the phone stated so far -> the phone chosen."""
    names = [UNKNOWN, *phones.known(), ANOTHER]
    start = names.index(kept) if kept in names else len(names) - 1 if kept else 0
    name = st.selectbox(
        "Phone", names, index=start, key=f"goal_phone_{session_id}", format_func=plain,
        help="The phone that filmed. It is remembered as yours; type to search.",
    )  # fmt: skip
    return None if name == UNKNOWN else name


def zoom_box(session_id: int, phone: str | None, kept: str | None) -> str | None:
    """Session, its phone, the zoom stated so far -> the zoom chosen, of those that phone has."""
    zooms = [UNKNOWN, *phones.zooms(phone)]
    zoom = st.selectbox(
        "Zoom", zooms, index=zooms.index(kept) if kept in zooms else 0, key=f"goal_zoom_{session_id}_{phone}",
        format_func=lambda z: "0.5× (or 0.6×, 0.7×)" if z == "0.5×" else z, help=ZOOM_HELP,
    )  # fmt: skip
    return None if zoom == UNKNOWN else zoom


def ball_box(
    session_id: int, size_m: tuple[float, float], kept: phones.Ball | None, shot_id: int | None = None
) -> phones.Ball | None:
    """Session, its goal's size, what was stated so far -> where the ball lay, None while that is not said.

    `shot_id` is the shot that is asked about, where it is one.
    """
    places = phones.ball_places(size_m)
    chosen, number = kept or (UNKNOWN, None)
    options, of = [UNKNOWN, *places], f"{session_id}_{size_m[0]:g}_{size_m[1]:g}"
    of = of if shot_id is None else f"{of}_{shot_id}"
    said = st.selectbox(
        "Where did the ball lie?", options, index=options.index(chosen) if chosen in options else 0,
        key=f"goal_ball_{of}", format_func=lambda place: places.get(place, place), help=BALL_HELP,
    )  # fmt: skip
    if said not in COUNTED:
        return None if said == UNKNOWN else (said, None)
    label, least, most, step = COUNTED[said]
    start = min(max(float(number), least), most) if number and said == chosen else None
    typed = st.number_input(
        label, least, most, start, step,
        key=f"goal_ball_{of}_{said}", placeholder="not counted yet", format="%g",
    )  # fmt: skip
    return (said, float(typed)) if typed else None
