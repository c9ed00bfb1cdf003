"""How often a question is answered, and rightly, out of all clips: what is not answered is not right."""

from dataclasses import replace

import pytest

from kicky.evaluation.answered import answered
from kicky.evaluation.nouns import NO_SHOT, answer_from_json, run_from_json
from kicky.evaluation.scores import groups, scores

from .made import G, N, U, case, run


def told(cases) -> dict:
    return {each.question: (each.right, each.wrong, each.given, each.none) for each in answered(cases)}


def test_what_is_not_answered_is_not_right() -> None:
    cases = [case(0, G, G), case(1, N, G), case(2, G, U), case(3, N, N, foot="right")]
    assert told(cases)["goal"] == (2, 1, 0, 1)
    assert next(each for each in answered(cases) if each.question == "goal").share.k == 2


def test_a_number_is_right_where_its_interval_holds_the_truth_and_only_given_where_nobody_knows_it() -> None:
    cases = [
        case(0, G, G, speed_kmh=(80.0, 110.0)),
        case(1, G, G, speed_kmh=(60.0, 70.0)),
        case(2, G, G),
        case(3, G, G, speed_kmh=(60.0, 70.0)),
    ]
    cases = [with_truth(one, speed_kmh=90.0) for one in cases[:3]] + cases[3:]
    found = {each.question: each for each in answered(cases)}["speed"]
    assert (found.right, found.wrong, found.given, found.none) == (1, 1, 1, 1)
    assert (found.share.k, found.share.n) == (1, 3)
    assert "nobody knows the truth" in found.words


def with_truth(one, **values):
    return replace(one, truth=replace(one.truth, **values))


def test_nothing_is_asked_of_a_film_without_a_shot_nor_where_the_labeller_was_not_sure() -> None:
    assert told([case(0, "", N, tags=(NO_SHOT,))]) == {}
    assert "goal" not in told([case(0, G, G, sure=False)])
    assert "foot" not in told([with_truth(case(0, G, G), foot="")])


def test_clips_are_divided_by_view_and_by_light_where_any_is_by_night() -> None:
    cases = [case(0, G, G, view="side"), case(1, G, G, view="behind", tags=("night",)), case(2, G, G)]
    assert [*groups(cases, "view")] == ["side", "behind", "view not known", "overall"]
    assert {name: len(part) for name, part in groups(cases, "light").items()} == {"day": 2, "night": 1, "overall": 3}
    assert [*groups(cases[:1], "light")] == ["overall"]


def test_a_run_written_before_these_were_known_is_read() -> None:
    made = run([G], [G]).to_json()
    for name in ("speed_kmh", "knee_deg", "view"):
        del made["cases"][0]["answer"][name]
    assert run_from_json(made).cases[0].answer.speed_kmh is None
    assert answer_from_json(made["cases"][0]["answer"] | {"speed_kmh": [1.0, 2.0]}).speed_kmh == (1.0, 2.0)


def test_scores_tell_it_in_plain_values() -> None:
    (goal, foot, *_) = scores([case(0, G, N), case(1, N, N)]).to_json()["answered"]
    assert (goal["question"], goal["right"], goal["wrong"]) == ("goal", 1, 1)
    assert foot["right"] == pytest.approx(2)
