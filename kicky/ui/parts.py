"""The page's head, the look, the refusal, the choice kept in the address, the links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Protocol, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from .. import service
from ..errors import KickyError
from ..service import SessionView, ShotView
from .door import door
from .words import plain

BALL = Path(__file__).with_name("ball.svg")  # an icon by name would be fetched from a font server
PITCH = (
    "background:repeating-linear-gradient(90deg,#1d6b3b 0 4.5rem,#1a6236 4.5rem 9rem);"
    "box-shadow:inset 0 0 0 2px #f4f7ee,inset 0 0 0 2.5rem transparent;border:0.55rem solid #1a6236;"
)
# A table's own button for CSV would write names that begin like formulas as they are; KICKY's own does not.
STYLE = f"""<style>
.block-container {{max-width: 76rem; padding-top: 3.2rem; padding-bottom: 4rem;}}
:is([class*="st-key-pitch"], [class*="st-key-dusk"], [class*="st-key-fog"]) {{
  border-radius: 0.9rem; padding: 1.5rem 1.7rem;}}
[class*="st-key-pitch"] {{{PITCH}}}
[class*="st-key-dusk"] {{background: linear-gradient(120deg, #63350f, #854615);}}
[class*="st-key-fog"] {{background: #3c4a43;}}
[class*="st-key-pitch"] :is(h1, h2, h3, p, li, label, [data-testid="stMetricValue"]),
[class*="st-key-dusk"] :is(h1, h2, h3, p), [class*="st-key-fog"] :is(h1, h2, h3, p) {{color: #fdfdf6 !important;}}
[class*="st-key-pitch"] h2 {{font-size: 1.6rem;}}
.st-key-card-upright, .st-key-card-wide {{max-width: 76rem;}}
.st-key-card-upright {{display: none;}}
.st-key-card-wide img, .st-key-card-upright img {{border-radius: 0.9rem;}}
@media (max-width: 40rem) {{.st-key-card-upright {{display: flex;}} .st-key-card-wide {{display: none;}}}}
[class*="st-key-sample"] img {{aspect-ratio: 16 / 10; object-fit: cover; object-position: 50% 46%;}}
[class*="st-key-sample"] [data-testid="stElementToolbar"] {{display: none;}}
button[aria-label="Download as CSV"] {{display: none;}}
[class*="st-key-abreast"] > div > [data-testid="stHorizontalBlock"] {{display: grid; gap: 1rem;}}
[class*="st-key-abreast-3"] > div > [data-testid="stHorizontalBlock"] {{
  grid-template-columns: repeat(auto-fill, minmax(max(9.4rem, 28%), 1fr));}}
[class*="st-key-abreast-4"] > div > [data-testid="stHorizontalBlock"] {{
  grid-template-columns: repeat(auto-fill, minmax(max(9.4rem, 21%), 1fr));}}
[class*="st-key-abreast"] > div > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"] {{
  width: auto; min-width: 0; flex: none;}}
:is([role="tab"][aria-selected="true"], [role="tab"][aria-selected="true"] *) {{color: inherit !important;}}
:is(button[data-selected="true"], button[data-selected="true"] *) {{color: inherit !important;}}
[data-testid="stSliderThumbValue"], [data-testid="stSliderThumbValue"] * {{color: inherit !important;}}
:is([data-testid="stMetricLabel"], [data-testid="stMetricValue"]) :is(div, p) {{
  white-space: normal; overflow: visible;}}
[data-testid="stCaptionContainer"] {{opacity: 0.8 !important;}}
:is(a, button, input, summary, [role="slider"], [role="tab"]):focus-visible {{
  outline: 3px solid #d9822b; outline-offset: 2px;}}
:is(canvas, iframe, [tabindex="0"]):focus-visible:not(main) {{
  outline: 3px solid #d9822b !important; outline-offset: -3px;}}
</style>"""


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


View = TypeVar("View", bound=_Numbered)
Placed = TypeVar("Placed", SessionView, ShotView)


def page(title: str, lead: str = "") -> None:
    """Title, one sentence -> the page's head; to be called first. Who has to give a password gets no further."""
    st.set_page_config(page_title=f"{title} · KICKY", page_icon=str(BALL), layout="wide")
    st.html(STYLE)
    st.logo(str(BALL), size="large")
    st.title(title)
    door()
    if lead:
        st.markdown(lead)


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
    return sorted(views, key=lambda view: view.place == service.SAMPLES)


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


def session_link(session: SessionView, label: str) -> None:
    """Session -> a link to the page where its clips are worked on."""
    st.page_link(
        "pages/1_Analyze.py",
        label=plain(label),
        icon=":material/arrow_forward:",
        query_params={"session": str(session.id)},
    )
