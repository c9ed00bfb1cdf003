"""Shots in tables and figures: the tally of a session, the filters, the list, the charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from .. import charts, speeds
from ..service import house, sessions
from .parts import abreast
from .words import BODY, FEET, HOWS, TITLES, VERDICTS, plain, unit_of

if TYPE_CHECKING:
    import pandas as pd

BEGIN_WITH = ("kicking_knee", "support_knee", "trunk_lean", "plant_aside")
SPEED_RANGE = "In brackets: where the speed lies nine times in ten."
TO_CONFIRM = "Shots named by looks only: confirm or correct them on their pages."
NO_TOOLBAR = {"displayModeBar": False, "scrollZoom": False}


def tally(history: pd.DataFrame) -> None:
    """Shots of one session -> shots, goals, conversion in words, the hardest shot, and each player's row."""
    import pandas as pd

    decided = history["goal"].dropna()
    hits, tries = int(decided.sum()), len(decided)
    unsure = len(history) - tries
    with st.container(key="tally", horizontal=True, vertical_alignment="center", gap="large"):
        st.metric("Shots", len(history), width="content")
        st.metric("Goals", hits, width="content")
        st.markdown(charts.conversion_words(hits, tries) + (f" {unsure} could not be told." if unsure else ""))
    if (best := speeds.hardest_shot(history)) is not None:
        name, unit = history["player"].iloc[best.row], house.speed_unit()
        who = "" if pd.isna(name) else f" by {plain(name)}"
        rest = plain(f"; {speeds.others(best.others)}" if best.others else "")
        st.markdown(f"Hardest shot: **{plain(speeds.words(best.speed, unit))}**{who}{rest}.")


def player_table(history: pd.DataFrame) -> None:
    """Shots -> each player's row; how many are theirs by looks only is told where there are any."""
    rows = charts.by_player(history, house.speed_unit())
    st.dataframe(
        rows if rows["proposed"].any() else rows.drop(columns="proposed"), hide_index=True, placeholder="–",
        column_config={
            "player": st.column_config.TextColumn("Player", width=110), "shots": "Shots", "goals": "Goals",
            "proposed": st.column_config.NumberColumn("To confirm", help=TO_CONFIRM),
            "conversion": st.column_config.ProgressColumn("Went in", format="%.0f %%", min_value=0, max_value=100),
            "hardest": st.column_config.TextColumn("Hardest", help=SPEED_RANGE, width=190),
        },
    )  # fmt: skip


def filters(history: pd.DataFrame) -> pd.DataFrame:
    """Shots -> those that the player's choices leave."""
    shown = history
    samples = history["place"] == sessions.SAMPLES
    if samples.any() and not samples.all() and not st.toggle("With the sample shots", key="history_samples"):
        shown = history = history[~samples]
    days = {
        row.session_id: f"{row.date.day} {row.date:%b %Y} {row.place}".strip()
        for row in history.drop_duplicates("session_id").itertuples()
    }
    boxes = (
        ("player", "Player", {name: name for name in sorted(history["player"].dropna().unique())}),
        ("place", "Place", {place: place for place in sorted(history["place"].unique()) if place}),
        ("session_id", "Session", days),
        ("foot", "Foot", FEET),
        ("outcome", "Outcome", VERDICTS),
    )
    *places, last = abreast(len(boxes) + 1, "filters", 4)
    for place, (column, label, names) in zip(places, boxes, strict=True):
        picked = place.multiselect(
            label, list(names), format_func=names.__getitem__, key=f"history_{column}", placeholder="All"
        )
        if picked:
            shown = shown[shown[column].isin(picked)]
    stars = last.selectbox("Stars", [0, 1, 2, 3, 4, 5], format_func=_stars, key="history_stars")
    return shown[shown["stars"] >= stars] if stars else shown


def _stars(least: int) -> str:
    return "All" if not least else f"{least} or more" if least < 5 else "5"


def shot_table(history: pd.DataFrame) -> int | None:
    """Shots -> a table, newest first; the id of the shot whose row was clicked."""
    import pandas as pd

    rows = history.sort_values(["date", "shot_id"], ascending=False)
    known = [name for name in BODY if name in rows and rows[name].notna().any()]
    body = known if len(known) <= len(BEGIN_WITH) else _chosen(known)
    columns: dict[str, Any] = {
        "Day": rows["date"], "Player": _marked(rows), "Result": rows["outcome"].map(VERDICTS),
        "How": rows["how"].map(HOWS), "Foot": rows["foot"].map(FEET),
    }  # fmt: skip
    if "speed" in rows:
        columns |= {**_fast(rows), "Clip": rows["clip"], "Place": rows["place"]}
    for name in body:
        if name in rows:
            columns[TITLES[name]] = rows[name] * unit_of(name, "")[1]
    formats: dict[str, Any] = {
        "Day": st.column_config.DateColumn(format="D MMM YYYY"),
        "Player": st.column_config.TextColumn(width=110),
        "90 % range": st.column_config.TextColumn(help="Where the speed lies nine times in ten."),
    }
    formats |= {
        TITLES[name]: st.column_config.NumberColumn(
            format=f"%.0f{unit_of(name, 'km/h' if name == 'speed' else 'deg')[0]}"
        )
        for name in ("speed", *BODY)
    }
    event = st.dataframe(
        pd.DataFrame(columns), hide_index=True, on_select="rerun", selection_mode="single-row", key="history_table",
        placeholder="–", column_config=formats,
    )  # fmt: skip
    marked = " A name with ? was proposed by looks." if rows["proposed"].fillna(False).any() else ""
    st.caption(f"{len(rows)} shots. Tick a row to open its shot.{marked}")
    chosen = event["selection"]["rows"]
    return int(rows["shot_id"].iloc[chosen[0]]) if chosen else None


def _fast(rows: pd.DataFrame) -> dict[str, Any]:
    """Shots -> the middle of each speed, no finer than it is known, and its interval or what is proved instead."""
    unit = house.speed_unit()
    fast, across = speeds.column(rows), speeds.column(rows, "speed_across")
    may_be = [
        speeds.between(speed, unit) if speed else speeds.at_least(least, unit) or None
        for speed, least in zip(fast, across, strict=True)
    ]
    return {TITLES["speed"]: [speeds.middle(speed, unit) if speed else None for speed in fast], "90 % range": may_be}


def _chosen(known: Sequence[str]) -> list[str]:
    """Numbers of the body that any shot has -> those to show, in their order: a few, until the player asks for more."""
    picked = st.multiselect(
        "Numbers of the body", known, [name for name in known if name in BEGIN_WITH], format_func=TITLES.__getitem__,
        key="history_columns", placeholder="None",
    )  # fmt: skip
    return [name for name in known if name in picked]


def _marked(rows: pd.DataFrame) -> pd.Series:
    """Shots -> their players' names, with a question mark where looks propose them."""
    names = rows["player"].fillna("–")
    return names.where(~rows["proposed"].fillna(False).astype(bool), names + " ?")


def chart(title: str, figure: Any, caption: str) -> None:
    """Figure -> the chart under its title, with the sentence that says how to read it."""
    st.header(title, anchor=False)
    drawing(title, figure, caption)


def drawing(title: str, figure: Any, caption: str, content: str = "") -> None:
    """Figure, its sentence as Markdown -> the chart without a title; `content` is read out to who cannot see it."""
    st.plotly_chart(figure, config=NO_TOOLBAR, key=f"chart-{title}", alt=f"{title}. {content} {caption}")
    st.caption(caption)
