"""Names by hand and by looks: what is proposed, what is never overwritten, what a correction does to the rest."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kicky import storage
from kicky.domain import Appearance, Report
from kicky.errors import NotFound
from kicky.service import clips, players, saturdays, sessions, shots
from kicky.storage.names import packed, unpacked

from .players.looks import BLUE, RED, WHITE, look

pytestmark = pytest.mark.stores

ADA, BEN = look(RED), look(BLUE, WHITE)


@pytest.fixture
def add(make_film: Callable[..., Path], make_report: Callable[..., Report]) -> Callable[..., int]:
    """-> what stores a shot whose shooter looks so, in a session of its own day."""
    days: dict[int, int] = {}

    def store(seen: Appearance | None, seed: int, day: int = 7) -> int:
        session = days.setdefault(day, 0) or sessions.new(dt.date(2026, 11, day))
        days[day] = session
        clip = clips.add(session, f"{seed}.mp4", make_film(f"{seed}.mp4", seed))
        return storage.save(looking(make_report(f"{seed:02d}" * 32), seen), clip.id, "motion")

    return store


def looking(report: Report, seen: Appearance | None) -> Report:
    return replace(report, shot=replace(report.shot, looks=(seen,) if seen else ()))


def names(*taken: int) -> list[tuple[str | None, str | None]]:
    return [(shots.one(number).player, shots.one(number).player_by) for number in taken]


def test_naming_one_proposes_the_rest_that_look_like_them(add: Callable[..., int]) -> None:
    one, two, other = add(ADA, 1), add(look(RED, seed=1), 2), add(BEN, 3)
    assert names(one, two, other) == [(None, None)] * 3
    players.name(one, "Ada")
    assert names(one, two, other) == [("Ada", "hand"), ("Ada", "look"), (None, None)]
    seen = shots.one(two)
    assert seen.player_p is not None
    assert 0.8 <= seen.player_p < 1
    assert shots.one(one).player_p is None


def test_a_shot_analysed_later_is_proposed_at_once(add: Callable[..., int]) -> None:
    players.name(add(ADA, 1), "Ada")
    assert names(add(look(RED, seed=1), 2)) == [("Ada", "look")]


def test_a_correction_proposes_the_rest_anew(add: Callable[..., int]) -> None:
    one, two, three = add(ADA, 1), add(look(RED, seed=1), 2), add(look(RED, seed=2), 3)
    players.name(one, "Adaa")
    assert names(two, three) == [("Adaa", "look")] * 2
    players.name(one, "Ada")
    assert names(one, two, three) == [("Ada", "hand"), ("Ada", "look"), ("Ada", "look")]
    assert players.names() == ["Ada"]


def test_a_name_by_hand_is_never_overwritten(add: Callable[..., int]) -> None:
    """Twins: what a person says stands, however alike the looks are."""
    one, twin = add(ADA, 1), add(look(RED, seed=1), 2)
    players.name(twin, "Cem")
    players.name(one, "Ada")
    assert names(one, twin) == [("Ada", "hand"), ("Cem", "hand")]


def test_yes_makes_a_proposal_a_name_by_hand(add: Callable[..., int]) -> None:
    one, two = add(ADA, 1), add(look(RED, seed=1), 2)
    players.name(one, "Ada")
    players.confirm(two)
    assert names(two) == [("Ada", "hand")]
    players.name(one, "Ben")
    assert names(two) == [("Ada", "hand")]


def test_no_is_remembered_until_the_name_is_given_after_all(add: Callable[..., int]) -> None:
    one, two = add(ADA, 1), add(look(RED, seed=1), 2)
    players.name(one, "Ada")
    players.deny(two)
    assert names(two) == [(None, None)]
    assert shots.one(two).not_players == ("Ada",)
    players.name(one, "Ada")
    assert names(two) == [(None, None)]
    players.name(two, "Ada")
    assert names(two) == [("Ada", "hand")]
    assert shots.one(two).not_players == ()


@pytest.mark.parametrize("say", [players.confirm, players.deny])
def test_yes_or_no_to_nothing_is_refused(add: Callable[..., int], say: Callable[[int], Any]) -> None:
    one = add(ADA, 1)
    with pytest.raises(NotFound, match="Nobody is proposed"):
        say(one)
    players.name(one, "Ada")
    with pytest.raises(NotFound, match="Nobody is proposed"):
        say(one)
    with pytest.raises(NotFound, match="no shot"):
        say(999)


def test_a_name_taken_back_takes_its_proposals_back(add: Callable[..., int]) -> None:
    one, two = add(ADA, 1), add(look(RED, seed=1), 2)
    players.name(one, "Ada")
    players.name(one, "")
    assert names(one, two) == [(None, None)] * 2
    assert players.names() == []


def test_a_new_analysis_keeps_names_and_denials(add: Callable[..., int], make_report: Callable[..., Report]) -> None:
    one, two = add(ADA, 1), add(look(RED, seed=1), 2)
    players.name(one, "Ada")
    players.deny(two)
    for number, seen in ((one, ADA), (two, look(RED, seed=1))):
        clip = shots.one(number).clip_id
        assert storage.save(looking(make_report(f"{number:02d}" * 32), seen), clip, "motion") == number
    assert names(one, two) == [("Ada", "hand"), (None, None)]
    players.confirm(add(look(RED, seed=3), 4))


def test_a_shot_judged_anew_from_its_evidence_looks_the_same(add: Callable[..., int]) -> None:
    one, two = add(ADA, 1), add(look(RED, seed=1), 2)
    players.name(one, "Ada")
    storage.replace_report(two, storage.report(two))
    assert names(one, two) == [("Ada", "hand"), ("Ada", "look")]


def test_a_shot_without_looks_or_with_another_shooter_is_not_proposed(add: Callable[..., int]) -> None:
    players.name(add(ADA, 1), "Ada")
    assert names(add(None, 2), add(replace(ADA, label="P2"), 3)) == [(None, None)] * 2


def test_another_saturdays_shots_are_proposed_less_surely(add: Callable[..., int]) -> None:
    today, later = add(ADA, 1), add(look(RED, seed=1), 2, day=14)
    twin = add(look(RED, seed=1), 3)
    players.name(today, "Ada")
    same_day = shots.one(twin).player_p
    assert same_day is not None
    assert (shots.one(later).player_p or 0.0) < same_day


def test_the_history_counts_proposals_and_says_so(add: Callable[..., int]) -> None:
    one, _ = add(ADA, 1), add(look(RED, seed=1), 2)
    players.name(one, "Ada")
    table = saturdays.per_shot()
    assert table["player"].tolist() == ["Ada", "Ada"]
    assert table["proposed"].tolist() == [False, True]


def test_what_is_packed_comes_back() -> None:
    back = unpacked("P1", packed(ADA))
    assert back.shirt == pytest.approx(ADA.shirt, abs=1e-3)
    assert back.build == pytest.approx(ADA.build, abs=1e-2)
    assert (back.label, len(back.socks)) == ("P1", len(ADA.socks))
