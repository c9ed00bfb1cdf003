"""The coach without a model, for shots and for sessions."""

import pytest

from benchmarks.replies import briefs
from kicky.coaches.brief import shot_brief
from kicky.coaches.costs import costs
from kicky.coaches.fixes import _words, drills, fixes
from kicky.coaches.prompt import prompt
from kicky.coaches.rules import Rules, sections
from kicky.coaches.saturday import session_brief, tally
from kicky.domain import Brief, Foot, How, Measure, Verdict

MISS = {How.OVER: "rope|low", How.WIDE_LEFT: "right of the middle", How.WIDE_RIGHT: "left of the middle"}


def shot(verdict: Verdict = Verdict.GOAL, how: How = How.IN_NET, *measures: Measure, player: str = "") -> Brief:
    return shot_brief(verdict, how, Foot.RIGHT, measures, player=player)


def speed(value: float, half: float = 4) -> Measure:
    return Measure("speed", "km/h", value, value - half, value + half)


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize("foot", Foot)
def test_there_are_always_four_sections_without_a_gap(verdict: Verdict, how: How, foot: Foot) -> None:
    told = sections(shot_brief(verdict, how, foot, []))
    assert len(told) == 4
    assert all(len(text) > 8 and "{" not in text for text in told)
    assert told[1] != told[2]


def test_the_same_brief_is_told_the_same_and_others_otherwise() -> None:
    assert list(Rules()(shot())) == list(Rules()(shot()))
    openings = {sections(shot(player=name))[0].split("!")[0].replace(name, "") for name in "ABCDEFGHIJ"}
    assert len(openings) > 1


def test_the_drill_goes_with_the_first_fix_and_a_miss_comes_first() -> None:
    near = Measure("plant_aside", "m", 0.12, 0.10, 0.14)
    told = fixes(shot(Verdict.NO_GOAL, How.OVER, near))
    assert "over" in " ".join(told[0].texts)
    assert "12 cm (10–14)" in told[1].texts[0]
    assert sections(shot(Verdict.NO_GOAL, How.OVER, near))[3] in told[0].drills


@pytest.mark.parametrize(("how", "drill"), MISS.items())
def test_a_miss_is_answered_by_its_own_drill(how: How, drill: str) -> None:
    told = sections(shot(Verdict.NO_GOAL, how))[3].lower()
    assert any(word in told for word in drill.split("|"))


def test_what_is_unclear_is_no_ground_for_a_fix() -> None:
    wide = Measure("kicking_knee", "deg", 140, 100, 180)
    assert not any("kicking knee" in text for fix in fixes(shot(Verdict.GOAL, How.IN_NET, wide)) for text in fix.texts)


def test_when_little_was_measured_it_says_how_to_film() -> None:
    hidden = Measure("kicking_knee", "deg", None, why_not="Hidden.")
    assert any("Film" in text or "camera" in text for text in fixes(shot(Verdict.GOAL, How.IN_NET, hidden))[0].texts)


@pytest.mark.parametrize("verdict", Verdict)
def test_with_any_number_of_the_body_it_never_says_how_to_film(verdict: Verdict) -> None:
    hidden = Measure("kicking_knee", "deg", None, why_not="Hidden.")
    told = fixes(shot(verdict, How.UNCLEAR, hidden, Measure("last_step", "m", 1.2, 0.8, 1.6)))
    assert not any("Film the next" in text or "camera" in text for fix in told for text in fix.texts)
    assert any("Film the next" in text for fix in fixes(shot(verdict, How.UNCLEAR, speed(80))) for text in fix.texts)


@pytest.mark.parametrize(("name", "low", "inside", "high"), [
    ("approach", 5.0, 30.0, 70.0), ("hip_abduction", 2.0, 20.0, 50.0), ("pelvis_tilt", -8.0, 7.0, 25.0),
])  # fmt: skip
def test_each_ranged_angle_has_its_fix_either_way(name: str, low: float, inside: float, high: float) -> None:
    def first(value: float) -> tuple[str, ...]:
        return fixes(shot(Verdict.GOAL, How.IN_NET, Measure(name, "deg", value, value - 3, value + 3)))[0].texts

    assert all("°" in text for value in (low, high) for text in first(value))
    assert first(low) != first(high)
    assert not any("°" in text for text in first(inside))


def test_a_short_last_step_is_held_against_the_players_own() -> None:
    step = Measure("last_step", "m", 0.5, 0.4, 0.6)
    usual = {"last_step": [1.3, 1.4, 1.5, 1.4, 1.3, 1.5, 1.4, 1.4]}
    brief = shot_brief(Verdict.GOAL, How.IN_NET, Foot.RIGHT, [step], earlier=usual)
    assert "shorter than it mostly is: 50 cm (40–60)" in fixes(brief)[0].texts[0]
    few = shot_brief(Verdict.GOAL, How.IN_NET, Foot.RIGHT, [step], earlier={"last_step": [1.4] * 7})
    assert not any("shorter" in text for fix in fixes(few) for text in fix.texts)


def test_a_change_of_an_angle_under_ten_degrees_is_none() -> None:
    def angled(value: float) -> list[Brief]:
        tilted = Measure("shoulder_tilt", "deg", value, value - 1, value + 1)
        return [shot(Verdict.GOAL, How.IN_NET, tilted) for _ in range(8)]

    def sure(now: float) -> bool:
        brief = session_brief("", angled(now), angled(0.0))
        return next(change.sure for change in brief.changes if change.name == "shoulder_tilt")

    assert not sure(8.0)
    assert sure(14.0)


def test_many_numbers_without_a_change_are_counted_and_few_are_named() -> None:
    def told(*names: str) -> str:
        measures = [Measure(name, "deg", 20.0, 10.0, 30.0) for name in names]
        some = [shot(Verdict.GOAL, How.IN_NET, *measures) for _ in range(4)]
        return sections(session_brief("", some, some))[1]

    assert "goals, swing plane and shoulder tilt." in told("swing_plane", "shoulder_tilt")
    many = told("swing_plane", "shoulder_tilt", "pelvis_tilt", "approach")
    assert "goals and 4 numbers of the body." in many
    assert "swing plane" not in many


def test_a_rough_number_is_told_as_one() -> None:
    brief = shot(Verdict.GOAL, How.IN_NET, Measure("kicking_knee", "deg", 142, 121, 163))
    assert brief.facts[0].note.startswith("A rough number. ")
    assert "rough" not in shot(Verdict.GOAL, How.IN_NET, Measure("kicking_knee", "deg", 142, 130, 154)).facts[0].note


def test_every_text_can_be_filled() -> None:
    for kind in ("flagged", "own"):
        for by_flag in _words()[kind].values():
            for told in by_flag.values():
                for text in told["texts"]:
                    assert "{" not in text.format(text="1 km/h (0–2)", usual="0–2 km/h", own="0–2 km/h")


def shots(goals: int, misses: int, kmh: float) -> list[Brief]:
    return [shot(Verdict.GOAL, How.IN_NET, speed(kmh + n % 3)) for n in range(goals)] + [
        shot(Verdict.NO_GOAL, How.OVER, speed(kmh - n % 3)) for n in range(misses)
    ]


def test_a_sure_change_is_named_and_one_within_the_noise_is_not() -> None:
    faster = session_brief("Adam", shots(5, 5, 95), shots(5, 5, 75))
    assert "Ball speed is surely better" in sections(faster)[0]
    same = session_brief("Adam", shots(5, 5, 80), shots(6, 4, 78))
    assert "Nothing has surely changed" in sections(same)[0]
    assert "goals" in sections(same)[1]


def test_slower_is_told_as_the_wrong_way() -> None:
    slower = session_brief("Adam", shots(5, 5, 70), shots(5, 5, 95))
    assert "got worse" in sections(slower)[1]
    assert "better" not in sections(slower)[0].replace("for the better", "")


def test_many_more_goals_are_a_change_and_a_few_are_not() -> None:
    def changed(goals: int) -> bool:
        brief = session_brief("", shots(goals, 20 - goals, 80), shots(5, 15, 80))
        return next(change.sure for change in brief.changes if change.name == "goals")

    assert changed(17)
    assert not changed(7)


def test_a_habit_in_the_misses_is_trained_next() -> None:
    assert "over the bar" in sections(session_brief("", shots(2, 4, 80), []))[2]


def missing(*hows: How) -> list[Brief]:
    return [shot(Verdict.NO_GOAL, how) for how in hows]


@pytest.mark.parametrize(
    ("hows", "told"),
    [
        ([How.OVER, How.SAVED, How.OVER, How.SAVED, How.OVER, How.SHORT], [("over", (0, 2, 4)), ("saved", (1, 3))]),
        ([How.OVER, How.SAVED, How.OVER, How.SHORT], [("over", (0, 2))]),  # nothing says which of the others cost more
        ([How.OVER, How.SAVED], [("over", (0,)), ("saved", (1,))]),
        ([How.OVER, How.SAVED, How.SHORT], []),
        ([How.UNCLEAR, How.UNCLEAR], []),
        ([], []),
    ],
)
def test_what_cost_most_goals_is_told_with_its_shots(hows: list[How], told: list[tuple[str, tuple[int, ...]]]) -> None:
    found = costs([*missing(*hows), shot(Verdict.GOAL, How.IN_NET)])
    assert [(cost.name, cost.shots) for cost in found] == told


def test_a_body_cost_goals_where_it_was_so_in_misses_and_hardly_in_goals() -> None:
    bent, straight = (Measure("kicking_knee", "deg", value, value - 8, value + 8) for value in (115, 156))
    misses = [shot(Verdict.NO_GOAL, how, bent) for how in (How.OVER, How.SAVED, How.SHORT)]
    good = [shot(Verdict.GOAL, How.IN_NET, straight) for _ in range(3)]
    brief = session_brief("Adam", misses + good, [])
    (cost,) = brief.costs
    assert (cost.name, cost.flag, cost.shots) == ("kicking_knee", "low", (0, 1, 2))
    assert cost.text.startswith("3 of 3 misses: kicking knee below the published 146–166°, as in 0 of 3 goals")
    assert cost.text in sections(brief)[2]
    assert cost.text in prompt(brief)[1]
    assert sections(brief)[3] in drills(cost)
    as_often = [shot(Verdict.GOAL, How.IN_NET, bent) for _ in range(3)]
    assert costs(misses + as_often) == ()
    assert costs(misses) == ()  # without a goal nobody knows what the body does in one


def test_one_session_alone_is_compared_with_nothing() -> None:
    first = session_brief("Adam", shots(2, 4, 80), [])
    assert first.changes == ()
    assert "first session" in sections(first)[0]
    assert "Nothing went backwards" not in sections(session_brief("Adam", shots(20, 0, 80), []))[1]
    unnamed = sections(session_brief("", shots(2, 4, 80), []))[0]
    assert "have no name, so they are not compared" in unnamed
    assert not unnamed.startswith("You")


def test_shots_nobody_could_judge_are_counted_apart() -> None:
    counted = tally([*shots(1, 1, 80), shot(Verdict.UNSURE, How.UNCLEAR)])
    assert (counted.shots, counted.goals, counted.unsure) == (2, 1, 1)
    alone = session_brief("", [shot(Verdict.UNSURE, How.UNCLEAR)], [])
    assert "none could be judged" in sections(alone)[0]


def test_no_shot_makes_no_session() -> None:
    with pytest.raises(ValueError, match="at least one shot"):
        session_brief("", [], [])


@pytest.mark.parametrize("name", briefs())
def test_every_section_is_short(name: str) -> None:
    assert all(len(text.split()) <= 60 for text in sections(briefs()[name]))
