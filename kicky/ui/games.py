"""Players against each other: who leads of a day or a season, the challenges, head to head, each one's bests."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from .. import charts
from ..challenges import OPEN, ZONES, Duel
from ..service import challenges, sessions
from ..service.challenges import Board
from .history import chosen_shot, clicked
from .parts import in_words
from .words import plain

if TYPE_CHECKING:
    import pandas as pd

DAY, SEASON = "A day", "A season"
WHO_WON = {"one": 0, "other": 1}


def against_each_other(history: pd.DataFrame) -> None:
    """All shots -> the games of the day or season chosen here; without two named players, what it takes."""
    own = history[history["place"] != sessions.SAMPLES]
    rows = own if len(own) else history
    names = sorted(rows["player"].dropna().unique())
    if not names:
        st.info("Name the shooters on their shots' pages: then it is counted here who leads.")
        return
    chosen = _chosen(rows)
    found = challenges.boards(chosen)
    if not found:
        st.info("No shot of that day has a name yet: name the shooters on their shots' pages.")
    else:
        leaderboard(found)
        challenge(found)
    rivals(rows, names)
    own_bests(rows, names)
    st.caption(f"{challenges.COUNTED} {challenges.NAMED}")


def _chosen(rows: pd.DataFrame) -> pd.DataFrame:
    """All shots -> those of the day or of the season that is picked here, the newest at first."""
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    kind = left.segmented_control("Count", [DAY, SEASON], default=DAY, required=True, key="games_kind")
    if kind == SEASON:
        season = right.selectbox("Season, from July to June", challenges.seasons(rows), key="games_season")
        return challenges.of_season(rows, season)
    days = rows.drop_duplicates("session_id", keep="last").iloc[::-1]
    named = {int(row.session_id): f"{_day(row.date.date())} {row.place}".strip() for row in days.itertuples()}
    number = right.selectbox("Day", list(named), format_func=named.__getitem__, key="games_day")
    return rows[rows["session_id"] == number]


def _day(day: dt.date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def leaderboard(found: list[Board]) -> None:
    """Challenges -> a row a player: the place by goals, and what each made of every challenge."""
    import pandas as pd

    st.header("Leaderboard", anchor=False)
    first = found[0]
    if first.told and len(first.lines) > 1:
        st.markdown(f"**{plain(first.told)}**")
    words = {board.title: {line.player: line.words for line in board.lines} for board in found}
    rows = [
        {
            "Place": line.place or "–",
            "Player": line.player,
            **{title: said[line.player] for title, said in words.items()},
        }
        for line in first.lines
    ]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, width="stretch",
        column_config={
            "Place": st.column_config.TextColumn(
                width=60, help="By goals. “1–2” where uncertain shots decide between the places."
            ),
            "Player": st.column_config.TextColumn(width=110),
        },
    )  # fmt: skip


def challenge(found: list[Board]) -> None:
    """Challenges -> the one picked: its rule, its target on the goal's mouth with the shots, who leads."""
    st.header("Challenges", anchor=False)
    by_key = {board.key: board for board in found[1:]}
    key = st.segmented_control(
        "Challenge", list(by_key), format_func=lambda name: plain(by_key[name].title), default="corners", required=True,
        label_visibility="collapsed", key="games_challenge",
    )  # fmt: skip
    board = by_key[key]
    if key == "zone":
        zones = list(ZONES)
        st.selectbox(
            "Play for", zones, zones.index(challenges.target()), key="games_zone", on_change=in_words(_aim),
            help="Kept: the page to send and the film of the best shots count this zone, too.",
        )  # fmt: skip
    st.markdown(plain(board.rule))
    if board.told:
        st.markdown(f"**{plain(board.told)}**")
    st.markdown("\n".join(f"- {_line(board, place)}" for place in range(len(board.lines))))
    if board.zones or board.marks:
        figure = charts.target_map(board.zones, board.marks)
        said = "; ".join(f"{line.player}: {line.words}" for line in board.lines)
        caption = (
            "As the shooter sees the goal. A shot whose place is not known has no dot. Click a dot to open its shot."
        )
        chosen_shot(clicked(f"games_map_{key}", figure, f"{board.title}. {said}", caption))


def _line(board: Board, place: int) -> str:
    line = board.lines[place]
    number = f"{plain(line.place)} · " if line.place else ""
    return f"{number}**{plain(line.player)}**: {plain(line.words)}"


def _aim() -> None:
    challenges.aim_at(st.session_state["games_zone"])


def rivals(rows: pd.DataFrame, names: list[str]) -> None:
    """All shots, players -> two of them, day by day."""
    import pandas as pd

    st.header("Head to head", anchor=False)
    if len(names) < 2:
        st.caption("It takes two players with named shots.")
        return
    most = rows["player"].value_counts().index.tolist()
    left, right = st.columns(2)
    one = left.selectbox("One", names, names.index(most[0]), key="games_one")
    others = [name for name in names if name != one]
    likely = next(name for name in most if name != one)
    other = right.selectbox("The other", others, others.index(likely), key=f"games_other_{names.index(one)}")
    found = challenges.head_to_head(rows, one, other)
    if not found:
        st.caption("They never shot on the same day.")
        return
    st.markdown(f"**{plain(challenges.score_words(found, one, other))}**")
    days = dict(zip(rows["session_id"], rows["date"].dt.date, strict=True))
    table = [
        {"Day": days[each.session_id], "Won by": _won(each, (one, other)), "Shots each": each.shots,
         "Went in": f"{one} {each.one.words('in')}; {other} {each.other.words('in')}"}
        for each in reversed(found)
    ]  # fmt: skip
    st.dataframe(
        pd.DataFrame(table), hide_index=True, width="stretch",
        column_config={"Day": st.column_config.DateColumn(format="D MMM YYYY")},
    )  # fmt: skip
    st.caption("Each day as many shots of both, the first ones. A win stands whatever became of the uncertain shots.")


def _won(each: Duel, names: tuple[str, str]) -> str:
    if each.won in WHO_WON:
        return names[WHO_WON[each.won]]
    return "open" if each.won == OPEN else "drawn"


def own_bests(rows: pd.DataFrame, names: list[str]) -> None:
    """All shots, players -> the bests of one of them."""
    st.header("Personal bests", anchor=False)
    name = names[0] if len(names) == 1 else st.selectbox("Player", names, key="games_player")
    found = challenges.personal_bests(rows, name)
    if not found:
        st.caption("No goal and no speed yet.")
        return
    lines = [
        f"- {plain(best.what)}: **{plain(best.words)}**" + (f", {_day(best.day)}" if best.day else "") for best in found
    ]
    st.markdown("\n".join(lines))
