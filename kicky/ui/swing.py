"""The body's angles through the kick, folded away until somebody wants to see them."""

from __future__ import annotations

import streamlit as st

from .. import charts
from ..service import shots
from ..storage.views import ShotView
from .parts import folded
from .tables import drawing
from .words import MEANINGS, TITLES, measured, plain, range_words


def swing(shot: ShotView) -> None:
    """Shot -> a fold with one angle through the swing at a time, or why there is none."""
    folded("Through the swing", f"swing_open_{shot.id}", ":material/show_chart:", _curves, shot)


def _curves(shot: ShotView) -> None:
    view = shots.swing(shot.id)
    if view.why_not:
        st.info(f"No curves: {plain(view.why_not)}", icon=":material/show_chart:")
        return
    names = list(view.curves)
    name = st.selectbox("Angle", names, format_func=lambda n: TITLES.get(n, n), key=f"swing_angle_{shot.id}")
    curve, title = view.curves[name], TITLES.get(name, name)
    st.caption(plain(MEANINGS.get(name, "")))
    value, beside = measured(curve.at_contact)
    at = f"At contact {value}, {beside}." if curve.at_contact.value is not None else f"At contact: {beside}"
    words = f"{at} The band holds the true angle nine times in ten."
    if curve.usual is not None:
        words += f" Green, at contact: the published {range_words(name, curve.usual)}"
    drawing(f"{title} through the swing", charts.swing(view.since_s, curve, title), plain(words))
