"""Shots -> who leads of a day or a season, what the challenges came to, head to head, each player's bests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import speeds
from ..challenges import GAMES, IN_A_ROW, ZONES, Crossing, Duel, Game, Result, Spread, Try
from ..challenges import duels as duelled
from ..challenges.games import weak_foot, zone_game
from ..challenges.rivals import score
from ..challenges.standings import Strongest, bests, counted, leaders, places, strongest
from ..challenges.targets import Mark, Zone, marked
from ..challenges.tries import at_least_most, longest, tally
from ..storage import history, settings
from .saturdays import per_shot
from .sessions import SAMPLES

if TYPE_CHECKING:
    import pandas as pd

GOAL_M = (7.32, 2.44)
SEASON_BEGINS = 7
"""A season is from 1 July to 30 June."""
NAMED = "Shots that nobody named count for nobody; those named by looks only count, too."
COUNTED = (
    "“7 of 9” is of the shots that could be told, uncertain ones stand beside them. A shot is uncertain where the "
    "verdict is, or where its place in the goal is nine times in ten neither inside nor outside the target."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A player in a challenge: the place, "1–2" where uncertain shots decide, "" where there is none; and the words."""

    player: str
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Board:
    """A challenge as it stands: title, rule, who leads in words, each player's line, the target and shots to draw."""

    key: str
    title: str
    rule: str
    told: str
    lines: tuple[Line, ...]
    zones: tuple[Zone, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Best:
    """A player's best of something: what, how much in words, when; `shot_id` where it is one shot's."""

    what: str
    words: str
    day: dt.date | None = None
    shot_id: int | None = None


def season(day: dt.date) -> str:
    """Day -> its season.

    >>> season(dt.date(2026, 11, 7)), season(dt.date(2027, 6, 30)), season(dt.date(2027, 7, 1))
    ('2026/27', '2026/27', '2027/28')
    """
    first = day.year - (day.month < SEASON_BEGINS)
    return f"{first}/{(first + 1) % 100:02d}"


def seasons(rows: pd.DataFrame) -> list[str]:
    """Shots -> the seasons they are of, newest first."""
    return sorted({season(day.date()) for day in rows["date"].drop_duplicates()}, reverse=True)


def of_season(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Shots, a season -> those of it, without the samples."""
    mine = {day: season(day.date()) == name for day in rows["date"].drop_duplicates()}
    return rows[rows["date"].map(mine).astype(bool) & (rows["place"] != SAMPLES)]


def target() -> str:
    """-> the zone that is played for. Raises: StorageFailed."""
    chosen = settings.target()
    return chosen if chosen in ZONES else "top left"


def aim_at(zone: str) -> None:
    """One of the nine zones -> played for from now on. Raises: StorageFailed."""
    if zone in ZONES:
        settings.set_target(zone)


def boards(rows: pd.DataFrame) -> list[Board]:
    """Shots of a day or a season -> every challenge as it stands; none without a shot whose player is known."""
    shots = tries(rows)
    if not shots:
        return []
    weak = _weak_feet()
    games = GAMES | {"zone": zone_game(target())}
    found = [_board(key, game, shots, weak) for key, game in games.items()]
    return [*found[:-1], _hardest(shots), found[-1]]


def told(session_id: int) -> list[tuple[str, str]]:
    """Session -> what its challenges came to, titles and sentences, for what is sent; none where one plays alone.

    A challenge that nobody can have hit is left out.
    """
    rows = per_shot(session_id)
    found = boards(rows)
    if not found or len(found[0].lines) < 2:
        return []
    lines = [(board.title, _sentence(board)) for board in found if board.told]
    by_looks = int(rows["proposed"].fillna(False).sum())
    return lines + [("To confirm", f"{by_looks} shots are named by looks only.")] * bool(lines and by_looks)


def head_to_head(rows: pd.DataFrame, one: str, other: str) -> list[Duel]:
    """Shots, two players -> a duel for each day both shot: goals in as many shots of each, the day's first ones."""
    return duelled(tries(rows), one, other)


def score_words(found: Sequence[Duel], one: str, other: str) -> str:
    """Duels -> how they stand, in words."""
    mine, theirs, draw, still_open = score(found)
    rest = [f"{draw} drawn"] * bool(draw) + [f"{still_open} open: uncertain shots decide"] * bool(still_open)
    return ", ".join([f"{one} {mine}, {other} {theirs}", *rest])


def personal_bests(rows: pd.DataFrame, player: str) -> list[Best]:
    """Shots, a player -> the hardest shot, and of one day: most goals, longest streak, most corners."""
    shots = [shot for shot in tries(rows) if shot.player == player]
    if not shots:
        return []
    days = dict(zip(rows["session_id"], rows["date"].dt.date, strict=True))
    found = [_own_hardest(shots, days)]
    by_day: dict[int, list[Try]] = {}
    for shot in shots:
        by_day.setdefault(shot.session_id, []).append(shot)
    for what, key in (("Most goals in a day", "goals"), ("Most corners in a day", "corners")):
        counts = {number: tally(GAMES[key].judge(day, "")) for number, day in by_day.items()}
        each = {number: (one.hit, one.at_most, one.words(GAMES[key].verb)) for number, one in counts.items()}
        found.append(_best_day(what, each, days))
    results = {number: GAMES["row"].judge(day, "") for number, day in by_day.items()}
    runs = {number: (longest(day), at_least_most(day)[1]) for number, day in results.items()}
    each = {number: (run.hit, most, run.words()) for number, (run, most) in runs.items()}
    found.append(_best_day("Longest streak", each, days))
    return [best for best in found if best is not None]


def _own_hardest(shots: Sequence[Try], days: dict[int, dt.date]) -> Best | None:
    best = next(iter(bests(shots).values()), None)
    if best is None or best.speed is None:
        return None
    close = sum(
        shot is not best and shot.speed is not None and shot.speed.high >= best.speed.low for shot in shots
    )  # the intervals overlap: said, never passed over
    words = "; ".join(part for part in (speeds.words(best.speed, settings.speed_unit()), speeds.others(close)) if part)
    return Best("Hardest shot", words, days[best.session_id], best.shot_id)


def _best_day(what: str, by_day: dict[int, tuple[int, int, str]], days: dict[int, dt.date]) -> Best | None:
    """By day the hits, how many there may have been, the words -> the best day; None where nothing was hit."""
    number = max(by_day, key=lambda day: by_day[day][:1])
    least, _, words = by_day[number]
    more = any(most > least for day, (_, most, _) in by_day.items() if day != number)
    also = "; another day may have been better, its uncertain shots decide" if more else ""
    return Best(what, f"{words}{also}", days[number]) if least else None


def tries(rows: pd.DataFrame) -> list[Try]:
    """Shots -> those whose player is known, as the games see them, in the order they were taken."""
    sizes = history.goal_sizes()
    named = rows[rows["player"].notna()]
    fast, alike = speeds.column(named), speeds.column(named, speeds.ONE_LENS)
    across, up = _spreads(named, "crossing_x"), _spreads(named, "crossing_z")
    return [
        Try(
            int(row.shot_id), int(row.session_id), str(row.player), str(row.outcome), str(row.foot),
            Crossing(x, z) if x and z else None, speed, same, sizes.get(int(row.session_id), GOAL_M),
        )
        for row, speed, same, x, z in zip(named.itertuples(), fast, alike, across, up, strict=True)
    ]  # fmt: skip


def _spreads(rows: pd.DataFrame, name: str) -> list[Spread | None]:
    numbers = zip(*(rows[f"{name}{end}"] for end in ("", "_low", "_high")), strict=True)
    return [None if value != value else Spread(value, low, high) for value, low, high in numbers]


def _weak_feet() -> dict[str, str]:
    rows = per_shot()
    known = rows[rows["player"].notna() & (rows["place"] != SAMPLES)]
    by_player: dict[str, list[Try]] = {}
    for number, player, foot in zip(known["shot_id"], known["player"], known["foot"], strict=True):
        by_player.setdefault(str(player), []).append(Try(int(number), 0, str(player), "", str(foot)))
    return {player: weak_foot(shots) for player, shots in by_player.items()}


def _board(key: str, game: Game, shots: Sequence[Try], weak: dict[str, str]) -> Board:
    scores: dict[str, tuple[int, int]] = {}
    words: dict[str, str] = {}
    marks: list[Mark] = []
    for player in sorted({shot.player for shot in shots}):
        mine = [shot for shot in shots if shot.player == player]
        results = game.judge(mine, weak.get(player, ""))
        marks += marked(mine, results)
        if game.row:
            scores[player], words[player] = _streak(mine, results)
        else:
            found = tally(results)
            scores[player], words[player] = counted(found), found.words(game.verb)
        if key == "weak":
            words[player] += f" with the {weak[player]}" if weak.get(player) else ": both feet used alike so far"
    lines = _lines(scores, words)
    return Board(key, game.title, game.rule, leaders(scores), lines, game.zones, tuple(marks))


def _lines(scores: dict[str, tuple[int, int]], words: dict[str, str]) -> tuple[Line, ...]:
    """Players' hits, at least and at most, and in words -> their lines, the first first; no place without a hit."""
    found = places(scores)
    order = sorted(scores, key=lambda name: (found[name].best, found[name].worst, name))
    return tuple(Line(name, found[name].words() if scores[name][1] else "", words[name]) for name in order)


def _streak(shots: Sequence[Try], results: Sequence[Result | None]) -> tuple[tuple[int, int], str]:
    """A player's shots, what each was -> the longest run of one day at least and at most, and in words."""
    by_day: dict[int, list[Result | None]] = {}
    for shot, result in zip(shots, results, strict=True):
        by_day.setdefault(shot.session_id, []).append(result)
    bounds = [at_least_most(day) for day in by_day.values()]
    best = max((longest(day) for day in by_day.values()), key=lambda run: (run.hit, -run.uncertain))
    done = ": done!" if best.hit >= IN_A_ROW and not best.uncertain else ""
    return (max(low for low, _ in bounds), max(high for _, high in bounds)), best.words() + done


def _hardest(shots: Sequence[Try]) -> Board:
    unit, found = settings.speed_unit(), strongest(shots)
    mine = bests(shots)
    close = {name for name, _ in found.rivals} | {found.shot.player} if found else set()
    order = sorted(mine.values(), key=lambda shot: (shot.player not in close, -(shot.speed.value if shot.speed else 0)))
    lines = [
        Line(shot.player, _rank(place, shot, found, len(close)), speeds.words(shot.speed, unit))
        for place, shot in enumerate(order, start=1)
        if shot.speed
    ]
    lines += [Line(name, "", "no speed known") for name in sorted({shot.player for shot in shots} - set(mine))]
    rule = "Each player's hardest shot. Where intervals overlap, nobody is crowned without saying so."
    return Board("hardest", "Hardest shot", rule, found.words(unit) if found else "", tuple(lines))


def _rank(place: int, shot: Try, found: Strongest | None, close: int) -> str:
    """-> '1' or '1–2' among those who may be first; further down no place is told, for intervals overlap there, too."""
    if found is None or place > close:
        return ""
    return "1" if close == 1 and shot.player == found.shot.player else f"1–{close}"


def _sentence(board: Board) -> str:
    if board.key == "hardest":
        return board.told
    each = "; ".join(f"{line.player} {line.words}" for line in board.lines)
    return f"{board.told} {each}."
