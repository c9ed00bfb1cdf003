"""Challenges: what hits a target, what stays uncertain, who leads, and what a page, a film and a friend are told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kicky import charts
from kicky.challenges import (
    CORNERS,
    GAMES,
    ZONES,
    Crossing,
    Result,
    Spread,
    Try,
    chance,
    duels,
    on_target,
    strongest,
)
from kicky.challenges.rivals import score
from kicky.domain import Measure
from kicky.render.reel import Title, board_card, title_card
from kicky.service import challenges, saturdays, sharing, shots
from kicky.service.shots import correct
from kicky.speeds import Speed

from .pages.filled import NASTY, fill
from .pages.test_pages import app, texts, whole
from .test_highlights import again

HIT, MISSED, UNCERTAIN = Result
GOAL_M = (7.32, 2.44)


@pytest.fixture
def taken(own_home: Path) -> list[int]:
    """-> the shots of the filled house."""
    (own_home / "films").mkdir()
    return fill(own_home / "films")


def at(x: float, z: float, half: float = 0.1) -> Crossing:
    return Crossing(Spread(x, x - half, x + half), Spread(z, z - half, z + half))


def shot(**given: Any) -> Try:
    return replace(Try(1, 1, "Ana", "goal", "right"), **given)


def test_the_nine_zones_share_the_mouth() -> None:
    wide = at(0.4, 1.1, 0.8)
    each = sum(chance(wide, [zone], GOAL_M) for zone in ZONES.values())
    assert len(ZONES) == 9
    assert each == pytest.approx(chance(wide, list(ZONES.values()), GOAL_M))
    assert 0.9 < each < 1


@pytest.mark.parametrize(
    ("given", "result"),
    [
        ({"crossing": at(3.0, 2.1)}, HIT),
        ({"crossing": at(-3.0, 0.3)}, HIT),
        ({"crossing": at(0.0, 1.2)}, MISSED),
        ({"crossing": at(1.22, 2.1)}, UNCERTAIN),  # on the zone's edge
        ({"crossing": at(3.0, 2.1, 1.5)}, UNCERTAIN),  # it may have been anywhere
        ({"crossing": None}, UNCERTAIN),
        ({"crossing": at(9.0, 5.0)}, UNCERTAIN),  # a goal that the flight has far outside
        ({"crossing": at(3.6, 2.1)}, HIT),  # a goal is known to have been inside the post
        ({"crossing": at(3.0, 2.1), "outcome": "no_goal"}, MISSED),  # saved
        ({"crossing": at(3.0, 2.1), "outcome": "unsure"}, UNCERTAIN),
        ({"crossing": at(0.0, 1.2), "outcome": "unsure"}, MISSED),
        ({"crossing": at(1.8, 1.8), "goal_m": (5.0, 2.0)}, HIT),
        ({"crossing": at(1.8, 1.3), "goal_m": GOAL_M}, MISSED),
    ],
)
def test_a_corner_is_hit_missed_or_uncertain(given: dict[str, Any], result: Result) -> None:
    assert on_target(shot(**given), CORNERS) is result


def test_the_weak_foot_counts_its_own_shots_and_those_of_an_unsure_foot_are_uncertain() -> None:
    with_left = [shot(foot="left", outcome=outcome) for outcome in ("goal", "no_goal", "unsure")]
    mine = [*with_left, shot(foot="right"), shot(foot="unsure", outcome="no_goal")]
    assert GAMES["weak"].judge(mine, "left") == [HIT, MISSED, UNCERTAIN, None, UNCERTAIN]
    assert GAMES["weak"].judge(mine, "") == [None] * 5


def test_the_hardest_is_not_crowned_over_an_interval_that_overlaps_without_saying_so() -> None:
    ana = shot(player="Ana", speed=Speed(100, 96, 104))
    ben = shot(player="Ben", session_id=2, speed=Speed(90, 86, 94))
    sure = strongest([ana, ben])
    assert sure is not None
    assert sure.words() == "Ana, 100 km/h (96–104)."
    close = strongest([ana, replace(ben, speed=Speed(93, 88, 98))])
    assert close is not None
    assert close.words() == (
        "Most likely Ana, 100 km/h (96–104). The intervals overlap: Ben's 93 km/h (88–98) may have been as hard."
    )
    assert strongest([shot()]) is None


def test_one_phones_shots_are_held_against_each_other_without_its_lens_and_that_is_said() -> None:
    ana = shot(player="Ana", speed=Speed(100, 90, 110), alike=Speed(100, 98, 102))
    ben = shot(player="Ben", speed=Speed(92, 82, 102), alike=Speed(92, 90, 94))
    found = strongest([ana, ben])
    assert found is not None
    assert found.rivals == ()
    assert found.words().startswith("Ana, 100 km/h (90–110). The intervals overlap, but one phone filmed all")
    other_day = strongest([ana, replace(ben, session_id=2)])
    assert other_day is not None
    assert [name for name, _ in other_day.rivals] == ["Ben"]


def test_a_duel_counts_as_many_shots_of_both_and_uncertain_ones_leave_it_open() -> None:
    def day(session: int, player: str, outcomes: str) -> list[Try]:
        told = {"1": "goal", "0": "no_goal", "?": "unsure"}
        return [shot(session_id=session, player=player, outcome=told[each]) for each in outcomes]

    played = day(1, "Ana", "110") + day(1, "Ben", "0001") + day(2, "Ana", "1?") + day(2, "Ben", "10")
    played += day(3, "Ana", "10") + day(3, "Ben", "01") + day(4, "Ana", "1") + day(5, "Ana", "00") + day(5, "Ben", "1")
    found = duels(played, "Ana", "Ben")
    assert [(each.shots, each.won) for each in found] == [(3, "one"), (2, "open"), (2, "draw"), (1, "other")]
    assert score(found) == (1, 1, 1, 1)
    assert challenges.score_words(found, "Ana", "Ben") == "Ana 1, Ben 1, 1 drawn, 1 open: uncertain shots decide"


def by_key(session_id: int) -> dict[str, challenges.Board]:
    return {board.key: board for board in challenges.boards(saturdays.per_shot(session_id))}


def test_a_day_is_scored(taken: list[int]) -> None:
    found = by_key(shots.one(taken[0]).session_id)
    assert found["goals"].told == "Ana leads."
    assert [(line.player, line.place, line.words) for line in found["goals"].lines] == [("Ana", "1", "1 of 2 in")]
    assert found["corners"].lines[0].words == "0 of 1 hit, 1 uncertain"  # at 2.4 m, 1.6 m up, on the zones' edge
    assert found["weak"].lines[0].words == "no try with the left"
    assert [mark.result for mark in found["corners"].marks] == [UNCERTAIN, MISSED]


def test_two_players_and_what_is_uncertain_between_them(taken: list[int]) -> None:
    session = shots.one(taken[3]).session_id
    assert by_key(session)["goals"].told == f"{NASTY} and Ana are level."
    correct(taken[4], "outcome", "unsure")
    goals = by_key(session)["goals"]
    assert goals.told == f"Open between {NASTY} and Ana: uncertain shots decide it."
    assert {line.player: (line.place, line.words) for line in goals.lines} == {
        "Ana": ("1–2", "1 of 1 in"), NASTY: ("1", "1 of 1 in, 1 uncertain")}  # fmt: skip
    rows = challenges.of_season(saturdays.per_shot(), "2026/27")
    assert len(rows) == 6
    assert not len(challenges.of_season(saturdays.per_shot(), "2027/28"))


def test_shots_without_a_name_play_for_nobody(taken: list[int]) -> None:
    rows = saturdays.per_shot()
    assert challenges.boards(rows[rows["player"].isna()]) == []
    assert challenges.personal_bests(rows, "Nobody") == []


def test_the_zone_that_is_played_for_is_kept_and_a_made_up_one_is_not(taken: list[int]) -> None:
    challenges.aim_at("bottom right")
    assert by_key(shots.one(taken[0]).session_id)["zone"].title == "Zone: bottom right"
    challenges.aim_at("<script>")
    assert challenges.target() == "bottom right"


def test_personal_bests_say_what_may_have_been_better(taken: list[int]) -> None:
    again(taken[0], Measure("speed", "km/h", 88.0, 86.0, 90.0))
    found = {best.what: best.words for best in challenges.personal_bests(saturdays.per_shot(), "Ana")}
    assert found["Hardest shot"] == "about 95 km/h (87–140); two others may have been as hard"
    assert found["Most goals in a day"] == "1 of 2 in"
    correct(taken[1], "outcome", "unsure")
    found = {best.what: best.words for best in challenges.personal_bests(saturdays.per_shot(), "Ana")}
    assert found["Most goals in a day"].startswith("1 of 1 in")


def test_the_target_and_what_hit_it_are_drawn_to_be_told_apart(taken: list[int]) -> None:
    board = by_key(shots.one(taken[0]).session_id)["corners"]
    figure = charts.target_map(board.zones, board.marks)
    drawn = [shape for shape in figure.layout.shapes if shape.line.width == 2]
    assert len(drawn) == 4
    assert {trace.name: len(trace.x) for trace in figure.data} == {"hit": 0, "missed": 1, "uncertain": 1}
    assert len({trace.marker.symbol for trace in figure.data}) == 3
    assert max(abs(x) for trace in figure.data for x in trace.x) < 4.6


def test_a_friend_is_told_by_page_and_reel(taken: list[int]) -> None:
    alone, both = shots.one(taken[0]).session_id, shots.one(taken[3]).session_id
    assert challenges.told(alone) == []
    assert "Against each other" not in sharing.session_page(alone)
    page = sharing.session_page(both)
    assert "<h2>Against each other</h2><ul><li><strong>Most goals</strong>: &lt;b&gt;Zo&lt;/b&gt;" in page
    assert "An uncertain shot is neither a hit nor a miss" in page
    before = sharing._reel(both, *sharing.best(both))
    assert before["board"][0][0] == "Most goals"
    correct(taken[4], "outcome", "unsure")
    assert sharing._reel(both, *sharing.best(both))["board"] != before["board"]


def test_the_reels_last_picture_shows_the_board_and_keeps_to_its_edges() -> None:
    short, long = board_card([("Corners", "Ana leads.")]), board_card([(30 * "x ", 90 * "wide ")] * 9)
    assert short.shape == long.shape == title_card(Title("", "", "")).shape
    assert (short != long).any()
    assert (short[:60] == long[:60]).all()
    assert (short[-60:] == long[-60:]).all()


def test_history_lets_friends_play_and_no_name_through(taken: list[int]) -> None:
    test = whole(app("pages/4_History.py"))
    test.session_state["history_face"] = "Against each other"
    shown = texts(whole(test.run()))
    assert "Leaderboard" in shown
    assert "are level" in shown
    assert "Personal bests" in shown
    assert "<b>Zo" not in shown
    for key in ("zone", "weak", "row", "hardest"):
        test.session_state["games_challenge"] = key
        test = whole(test.run())
    assert "may have been as hard" in texts(test)
    test.session_state["games_kind"] = "A season"
    assert "Head to head" in texts(whole(test.run()))


def test_history_says_what_it_takes_to_play(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    rows = saturdays.per_shot()
    monkeypatch.setattr(saturdays, "per_shot", lambda session_id=None: rows[rows["player"].isna()])
    test = app("pages/4_History.py")
    test.session_state["history_face"] = "Against each other"
    assert "Name the shooters" in texts(whole(test.run()))
