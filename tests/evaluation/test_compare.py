"""Two runs on the same clips: the counts, and a sentence that claims no more than they bear."""

from dataclasses import replace

import pytest

from kicky.errors import BadLabel
from kicky.evaluation.compare import compare, disagreement, paired
from kicky.evaluation.reference import LADDER, fitting, ladder, references

from .made import G, N, U, case, run

TWELVE = [G] * 6 + [N] * 6


def said(right: int, of: int = 12) -> list[str]:
    """How many right, of how many -> the calls; the last are wrong."""
    truths = TWELVE * 20
    return [truth if k < right else U for k, truth in enumerate(truths[:of])]


def test_nine_against_ten_of_twelve_is_no_difference() -> None:
    """The article's own table."""
    found = compare(run(TWELVE, said(9), "student"), run(TWELVE, said(10), "teacher"))
    assert found.sentence == "One clip apart (outcome, 9 against 10 of 12): no difference you could tell (p = 1)."
    assert found.told.endswith("Of a hundred clips the second gets 8 more right (0 to 25).")
    assert (found.both, found.only_one, found.only_other, found.neither, found.n) == (9, 0, 1, 2, 12)
    assert found.difference.low == 0.0
    assert found.difference.high > 0.1


def test_a_difference_that_chance_hardly_gives_is_told() -> None:
    truths = [G] * 40
    worse, better = run(truths, [U] * 20 + [G] * 20), run(truths, [G] * 39 + [U], "teacher")
    found = compare(worse, better)
    assert found.p < 0.001
    assert found.sentence.startswith("teacher + flight is better (outcome, 20 against 39 of 40): 20 clips only it gets")
    assert compare(better, worse).sentence.startswith("teacher + flight is better (outcome, 39 against 20 of 40)")


def test_identical_runs_are_called_so() -> None:
    one = run(TWELVE, said(9))
    assert compare(one, one).told == "Identical runs: the same answer on all 12 clips."


def test_the_same_clips_right_by_other_numbers() -> None:
    one = run([G, N], [G, U])
    other = replace(one, cases=(case(0, G, G, p=0.8), case(1, N, U)))
    assert (
        compare(one, other).sentence
        == "Right and wrong on the same 2 clips (outcome, 1 against 1 of 2): no difference."
    )


def test_as_many_right_but_others() -> None:
    found = compare(run([G, G, G], [G, U, G]), run([G, G, G], [U, G, G]))
    assert (
        found.sentence == "As many right (outcome, 2 against 2 of 3), not the same ones: no difference you could tell."
    )


@pytest.mark.parametrize("question", ["foot", "pose", "contact"])
def test_other_questions_are_compared_too(question: str) -> None:
    one = run([G, N], [G, N])
    other = replace(one, cases=(one.cases[0], case(1, N, N, foot="right", posed=False, kick_frame=35)))
    found = compare(one, other, question)
    assert (found.both, found.only_one, found.n) == (1, 1, 2)


def test_runs_of_other_labels_are_not_compared() -> None:
    with pytest.raises(BadLabel, match="clip_0 had other labels when one of these was run"):
        compare(run([G], [G]), run([N], [N]))


def test_runs_without_a_clip_in_common_are_not_compared() -> None:
    with pytest.raises(BadLabel, match="No clip that both runs saw has a label for the outcome"):
        compare(run([G], [G]), run([], []))
    with pytest.raises(BadLabel, match="No clip"):
        compare(run([G], [G]), run([G], [G]), split=["another"])


def test_disagreement_puts_opposite_verdicts_first() -> None:
    one, other = run([G] * 4, [G, G, U, G]), run([G] * 4, [N, U, U, G])
    apart = [disagreement(a, b) for a, b in paired(one, other)]
    assert apart[0] > apart[1] > apart[2] == apart[3] == 0.0
    assert disagreement(case(0, G, U, p_goal=None, failed="broken"), case(0, G, U)) == 0.0


def test_the_article_s_tables_add_up() -> None:
    """Its overall foot, 75 %, is the sum of the counts that its splits' per cents let be told: 51 of 68."""
    lines = {(line.detector, line.split): line for line in references()}
    splits = [line for (detector, split), line in lines.items() if detector.startswith("SAM") and split != "overall"]
    k, n = sum(line.foot.k for line in splits), sum(line.foot.n for line in splits)
    assert (k, n, round(100 * k / n)) == (51, 68, 75)
    assert sum(line.goal.k for line in splits) == 51
    assert lines["SAM 3 + LocateAnything", "overall"].goal.k == 51


def test_the_ladder_is_told_with_its_n() -> None:
    assert "7/12 → 9/12 → 10/12 → 11/12" in ladder()
    with pytest.raises(ValueError, match="no count of up to 3 clips makes 58 %"):
        fitting(LADDER[0], 3)
