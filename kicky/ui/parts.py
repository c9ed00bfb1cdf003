"""The page's head, the refusal, the choice kept in the address, the links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Protocol, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ..errors import KickyError
from ..service import sessions
from ..storage.views import SessionView, ShotView
from .door import door
from .menu import menu
from .words import plain

BALL = Path(__file__).with_name("ball.svg")  # an icon by name would be fetched from a font server


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


View = TypeVar("View", bound=_Numbered)
Placed = TypeVar("Placed", SessionView, ShotView)


def page(title: str, lead: str = "") -> None:
    """Title, one sentence -> the page's head; to be called first. Who has to give a password gets no further."""
    head_title(title)
    st.logo(str(BALL), size="large")
    menu()
    st.title(title)
    door()
    if lead:
        st.markdown(lead)


def head_title(title: str) -> None:
    """Title -> what the browser's tab says."""
    st.set_page_config(page_title=f"{title} · KICKY", page_icon=str(BALL), layout="wide")


def abreast(count: int, name: str, most: int = 3) -> list[DeltaGenerator]:
    """How many, whose -> as many places, `most` (3 or 4) in a row where there is room and two on a phone."""
    with st.container(key=f"abreast-{most}-{name}"):
        return st.columns(count)


def refuse(error: KickyError) -> None:
    """Error -> its sentence on the page, whatever marks a file's name carries."""
    st.error(plain(error), icon=":material/info:")


def in_words(ask: Callable[..., Any]) -> Callable[..., None]:
    """What asks the service -> the same, with refusals told: for fragments and callbacks, which no page's try holds."""

    @wraps(ask)
    def told(*asked: Any) -> None:
        try:
            ask(*asked)
        except KickyError as error:
            refuse(error)

    return told


def folded(label: str, key: str, icon: str, draw: Callable[..., Any], *asked: Any) -> None:
    """A fold's label, key, icon, what draws it -> the fold, drawn once it is open; refusals are told in it."""
    fold = st.expander(label, key=key, icon=icon, on_change="rerun")
    if fold.open:
        with fold:
            in_words(draw)(*asked)


def choose(label: str, views: Sequence[View], name: Callable[[View], str], param: str) -> View:
    """Views (newest first, at least one) -> the one chosen; it is in the address, so a reload keeps it.

    To move on from a button, set session_state[f"{param}_choice"] in its callback.
    """
    by_id = {view.id: view for view in views}
    key, asked = f"{param}_choice", st.query_params.get(param, "")
    if st.session_state.get(key) not in by_id:
        st.session_state[key] = int(asked) if asked.isdecimal() and int(asked) in by_id else views[0].id
    chosen = st.selectbox(label, list(by_id), format_func=lambda number: name(by_id[number]), key=key)
    st.query_params[param] = str(chosen)
    return by_id[chosen]


def own_first(views: Sequence[Placed]) -> list[Placed]:
    """Sessions or shots -> the same, the samples last."""
    return sorted(views, key=lambda view: view.place == sessions.SAMPLES)


def shot_link(shot_id: int, label: str = "See the shot") -> None:
    """Shot -> a link to its page."""
    st.page_link(
        "pages/5_Shot.py", label=plain(label), icon=":material/play_circle:", query_params={"shot": str(shot_id)}
    )


def label_link(clip_id: int, label: str) -> None:
    """Clip -> a link to the page where what was true of it is said."""
    st.page_link(
        "pages/3_Label.py", label=plain(label), icon=":material/arrow_forward:", query_params={"clip": str(clip_id)}
    )


def saturday_link(session: SessionView, label: str, icon: str | None = ":material/arrow_forward:") -> None:
    """Session with shots -> a link to the page where they all stand."""
    st.page_link("pages/9_Saturday.py", label=plain(label), icon=icon, query_params={"session": str(session.id)})


def session_link(session: SessionView, label: str) -> None:
    """Session -> a link to the page where its clips are worked on."""
    st.page_link(
        "pages/1_Analyze.py",
        label=plain(label),
        icon=":material/arrow_forward:",
        query_params={"session": str(session.id)},
    )
