"""Scores are those of scikit-learn on random runs; what failed or is not known is never lost on the way."""

import json

import numpy as np
import pytest

from kicky.evaluation import OVERALL, Frame, run_from_json, scores

from .made import G, N, U, case, run


@pytest.mark.parametrize("seed", range(12))
def test_scores_are_those_of_scikit_learn(seed: int) -> None:
    from sklearn.metrics import accuracy_score, precision_score, recall_score

    rng = np.random.default_rng(seed)
    truths, said = rng.choice([G, N], 60), rng.choice([G, N, U], 60)
    found = scores.scores(run(truths.tolist(), said.tolist()).cases)
    assert found.goal.value == pytest.approx(accuracy_score(truths, said), abs=1e-9)
    expected = {"average": "macro", "labels": [G], "zero_division": 0}
    assert found.precision.value == pytest.approx(precision_score(truths, said, **expected), abs=1e-9)
    assert found.recall.value == pytest.approx(recall_score(truths, said, **expected), abs=1e-9)
    decided = said != U
    assert found.coverage.value == pytest.approx(decided.mean(), abs=1e-9)
    assert found.goal_of_decided.value == pytest.approx(accuracy_score(truths[decided], said[decided]), abs=1e-9)


def test_a_clip_that_failed_is_undecided_and_named() -> None:
    failed = case(1, G, U, failed="The film is gone.", p_goal=None, posed=False, foot="unsure", kick_frame=None)
    found = scores.scores([case(0, G, G), failed])
    assert (found.goal.k, found.goal.n, found.coverage.k, found.pose.k) == (1, 2, 1, 1)
    assert found.failed == (("clip_1", "The film is gone."),)
    assert found.brier.value == pytest.approx((0.01 + 0.25) / 2)
    assert (found.contact_1.k, found.contact_1.n) == (1, 2)


def test_what_the_labeller_was_not_sure_of_is_left_out() -> None:
    found = scores.scores([case(0, G, N, sure=False), case(1, "", N), case(2, N, N)])
    assert (found.goal.k, found.goal.n, found.foot.n) == (1, 1, 3)


def test_a_split_with_no_goal_has_no_recall() -> None:
    found = scores.scores([case(0, N, N), case(1, N, N)])
    assert (found.recall.value, found.recall.n, found.goal.value) == (None, 0, 1.0)


def test_no_clip_at_all_is_no_figure() -> None:
    found = scores.scores([])
    assert (found.goal.value, found.ms, found.memory_mb, found.contact_off, found.brier.value) == (None,) * 5


def test_the_ball_is_found_within_half_a_ball_or_four_pixels() -> None:
    off = ((3.0, 4.0), (5.0, 12.0), (None, 12.0), (2.0, None))
    found = scores.scores([case(0, G, G, ball_off=off)])
    assert (found.ball_half.k, found.ball_half.n) == (1, 3)  # 5 of 6 px; no size is no half
    assert (found.ball_4px.k, found.ball_4px.n) == (2, 4)


def test_the_contact_is_late_or_early_alike() -> None:
    found = scores.scores(
        [case(0, G, G, kick_frame=28), case(1, G, G, kick_frame=31), case(2, G, G, contact_frame=None)]
    )
    assert (found.contact_1.k, found.contact_2.k, found.contact_2.n, found.contact_off[0]) == (1, 2, 2, 1.5)


def test_groups_by_split_session_and_tag() -> None:
    cases = [case(0, G, G, split="train", tags=("night", "tilted")), case(1, G, G, session="sunday", split="")]
    assert {name: len(each) for name, each in scores.groups(cases, "split").items()} == {
        "train": 1, scores.NO_SPLIT: 1, OVERALL: 2,
    }  # fmt: skip
    assert list(scores.groups(cases, "session")) == ["day", "sunday", OVERALL]
    assert list(scores.groups(cases, "tag")) == ["night", "tilted", OVERALL]


def test_every_judged_clip_is_in_one_cell() -> None:
    made = run([G, G, N, N, G], [G, U, G, N, N]).cases
    table = scores.confusion([*made, case(9, "", G)])
    assert {key: len(each) for key, each in table.items()} == {
        (G, G): 1, (G, U): 1, (G, N): 1, (N, G): 1, (N, N): 1, (N, U): 0,
    }  # fmt: skip
    assert sum(bin_.share.n for bin_ in scores.curve(made)) == 5


def test_a_run_outlives_being_written_down() -> None:
    frame = Frame(3, ((1.0, 2.0, 3.0, 4.0, 0.0),), ((1.0, 2.0, 3.0, 4.0, 0.5, 0.0),))
    made = run([G, N], [G, U])
    whole = type(made)(**{**made.to_json(), "cases": (case(0, G, G, frames=(frame,), ball_off=((1.0, None),)),)})
    assert run_from_json(json.loads(json.dumps(whole.to_json()))).cases == whole.cases
