"""Many shots on the History page: each player's row, the map, what changed, the Saturdays side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from .. import charts
from ..service import house
from ..service.saturdays import Trend, summary, trends
from ..speeds import Speed, words
from .share import send_saturday
from .tables import NO_TOOLBAR, SPEED_RANGE, TO_CONFIRM, shot_table
from .words import BODY, TITLES, number, unit_of

if TYPE_CHECKING:
    import pandas as pd

NOBODY = "Not named yet"
CHANGED = {"goals": "Goals"} | TITLES


def players(history: pd.DataFrame) -> None:
    """Shots -> each player's row: goals with their interval, on target, feet, speed, the standing foot's spread."""
    import pandas as pd

    rows = summary(history)
    if rows.empty:
        return
    between = [f"{low:.0f}–{high:.0f} %" for low, high in zip(rows["low"], rows["high"], strict=True)]
    shown = pd.DataFrame(
        {
            "Player": rows["player"].where(rows["player"] != "", NOBODY), "Shots": rows["shots"],
            "Goals": rows["goals"], "Went in": rows["conversion"],
            "90 % range": between, "On target": rows["on_target"], "Right": rows["right"],
            "Left": rows["left"], "Weak foot": -rows["weak_foot"].astype(float), "Middle speed": _told(rows["speed"]),
            "Hardest": _told(rows["hardest"]), "Standing foot spread": rows["plant_spread"],
            "To confirm": rows["proposed"],
        }
    )  # fmt: skip
    percent, fast = st.column_config.NumberColumn(format="%.0f %%"), st.column_config.TextColumn(help=SPEED_RANGE)
    st.dataframe(
        shown.dropna(axis=1, how="all"), hide_index=True, placeholder="–",
        column_config={
            "Went in": st.column_config.ProgressColumn(format="%.0f %%", min_value=0, max_value=100),
            "90 % range": st.column_config.TextColumn(help="Where the true share lies nine times in ten."),
            "On target": percent,
            "Weak foot": st.column_config.NumberColumn(
                format="%+.0f %%", help="Goals in a hundred more with the foot used less; from five shots each."
            ),
            "Middle speed": fast, "Hardest": fast,
            "Standing foot spread": st.column_config.NumberColumn(
                format="± %.0f cm", help="Where beside the ball the standing foot is set: its spread from shot to shot."
            ),
            "To confirm": st.column_config.NumberColumn(help=TO_CONFIRM),
        },
    )  # fmt: skip


def _told(fast: Sequence[object]) -> list[str | None]:
    """Speeds, missing where none is known -> each in words."""
    unit = house.speed_unit()
    return [words(speed, unit) if isinstance(speed, Speed) else None for speed in fast]


def shot_map(history: pd.DataFrame) -> int | None:
    """Shots -> their map; the number of the shot whose dot was clicked."""
    known = int(history[["crossing_x", "crossing_z"]].notna().all(axis=1).sum())
    if not known:
        st.caption("No flight was worked out yet that says where a ball crossed the goal's plane.")
        return None
    newest = f", the newest {charts.MOST}" if known > charts.MOST else ""
    others = "; where the others passed is not known" if known < len(history) else ""
    caption = (
        f"{known} of {len(history)} shots{newest}{others}. The larger a dot, the harder the shot was at least. Goals "
        "of other sizes are drawn into this one. Click a dot to open its shot."
    )
    figure = charts.shot_map(history, house.speed_unit())
    return clicked("history_map", figure, f"Where {known} shots crossed the goal's plane", caption)


def clicked(key: str, figure: Any, title: str, caption: str) -> int | None:
    """Figure whose dots carry their shot's number -> the one clicked."""
    event: Any = st.plotly_chart(
        figure, config=NO_TOOLBAR, key=key, on_select="rerun", selection_mode="points", alt=f"{title}. {caption}"
    )
    st.caption(caption)
    points = event["selection"]["points"] if event else []
    numbers = [point["customdata"][0] for point in points if point.get("customdata")]
    return int(numbers[0]) if numbers else None


def changes(history: pd.DataFrame) -> None:
    """Shots of one player, or of one chosen here -> what changed over his Saturdays, and what cannot be told."""
    names = sorted(history["player"].dropna().unique())
    if not names:
        return
    st.header("What changed", anchor=False)
    name = names[0] if len(names) == 1 else st.selectbox("Player", names, key="history_player_trend")
    found = trends(history[history["player"] == name])
    if not found:
        st.caption("It takes two Saturdays with three shots each to say what changed.")
        return
    sure, unsure = [t for t in found if t.sure], [t for t in found if not t.sure]
    lines = [f"- {_words(trend)}" for trend in sure]
    lines += [f"- {_unchanged(trend)}" for trend in unsure if trend.name not in BODY]
    st.markdown("\n".join(lines))
    body = [trend for trend in unsure if trend.name in BODY]
    if body:
        with st.expander(f"{len(body)} number{'s' * (len(body) != 1)} of the body without a change you could measure"):
            st.markdown("\n".join(f"- {_unchanged(trend)}" for trend in body))
    st.caption(
        "The later half of the Saturdays against the earlier half. A change counts only where it is larger than the "
        "numbers are uncertain, 19 times in 20; of an angle less than 10° is none even between people who look."
    )


def _unchanged(trend: Trend) -> str:
    return f"**{CHANGED[trend.name]}**: no change you could measure ({_numbers(trend)})."


def _words(trend: Trend) -> str:
    better = {"goals": "more", "speed": "faster"}.get(trend.name)
    icon = ":material/trending_up:" if trend.change > 0 else ":material/trending_down:"
    said = f" {better}" if better and trend.change > 0 else ""
    return f"{icon} **{CHANGED[trend.name]}**{said}: {_numbers(trend)}."


def _numbers(trend: Trend) -> str:
    unit, times = unit_of(trend.name, "deg")
    if trend.name == "goals":
        unit, times = "\u00a0%", 100.0
    early, late, low, high = (times * value for value in (trend.early, trend.late, trend.low, trend.high))
    shots = f"{trend.shots[0]:d} and {trend.shots[1]:d} shots"
    between = f"{low:+.0f} to {high:+.0f}".replace("-", "−")
    return f"{number(early, 0)} → {number(late, 0)}{unit}, a change of {between}, {shots}"


def saturdays(history: pd.DataFrame) -> None:
    """Shots -> a small figure a player, of goals or of a measure chosen here."""
    known = ["goal", *(name for name in ("speed", *BODY) if name in history and history[name].notna().any())]
    name = st.selectbox(
        "Number", known, format_func=lambda each: "Goals" if each == "goal" else TITLES[each], key="history_what"
    )
    times = 1.0 if name == "goal" else unit_of(name, "deg")[1]
    title = "Goals in a hundred shots" if name == "goal" else TITLES[name]
    caption = (
        "The share of each Saturday (of many: month, quarter), with where the true one lies nine times in ten."
        if name == "goal"
        else "The middle of each Saturday's shots (of many: month's, quarter's), with where it lies nine times in ten."
        if name == "speed"
        else "The middle of each Saturday's shots (of many: month's, quarter's), and the middle half of them."
    )
    figure = charts.small_multiples(history, name, title, times)
    st.plotly_chart(figure, config=NO_TOOLBAR, key="history_small", alt=f"{title}, a figure for each player. {caption}")
    st.caption(f"{title}. {caption}")
    send_saturday()


def each_shot(history: pd.DataFrame) -> int | None:
    """Shots -> each with its interval, of a measure chosen here; the number of the shot that was clicked."""
    known = [name for name in ("speed", *BODY) if name in history and history[name].notna().any()]
    if not known:
        st.caption("No speed and no angle was measured yet.")
        return None
    name = st.selectbox("Number", known, format_func=TITLES.__getitem__, key="history_angle")
    rows = history.dropna(subset=[name]).tail(charts.EACH)
    figure = charts.measure_by_saturday(rows, name, TITLES[name], *unit_of(name, "deg"))
    newest = f" The newest {charts.EACH} are shown." if len(rows) == charts.EACH else ""
    caption = f"Each dot is a shot, its line where it lies nine times in ten.{newest} Click one to open it."
    return clicked(f"history_each_{name}", figure, TITLES[name], caption)


def views(history: pd.DataFrame) -> None:
    """Shots -> a tab a way to look at them; only the one that is open is drawn, for there may be very many."""
    ways = {"Where they went": shot_map, "Saturdays": saturdays, "Shot by shot": each_shot, "All shots": shot_table}
    tabs = st.tabs(list(ways), key="history_view", on_change="rerun")
    for tab, way in zip(tabs, ways.values(), strict=True):
        if tab.open:
            with tab:
                chosen_shot(way(history))


def chosen_shot(shot_id: int | None) -> None:
    """A shot that was clicked -> its page."""
    if shot_id is not None:
        st.switch_page("pages/5_Shot.py", query_params={"shot": str(shot_id)})
