"""Our few statistics are those of scipy, statsmodels and scikit-learn, on tables drawn at random."""

import warnings

import numpy as np
import pytest
from scipy import stats

from kicky.evaluation import statistics
from kicky.truth.agreement import kappa

EXACT = 1e-9
RANDOM = np.random.default_rng(7)


def tables(count: int, most: int) -> list[tuple[int, int]]:
    sizes = RANDOM.integers(1, most, count)
    return [(int(RANDOM.integers(0, n + 1)), int(n)) for n in sizes] + [(0, 1), (1, 1), (0, 40), (40, 40)]


@pytest.mark.parametrize(("k", "n"), tables(60, 500))
def test_wilson_is_that_of_statsmodels_and_scipy(k: int, n: int) -> None:
    from statsmodels.stats.proportion import proportion_confint

    found = statistics.share(k, n)
    assert (found.low, found.high) == pytest.approx(proportion_confint(k, n, method="wilson"), abs=EXACT)
    theirs = stats.binomtest(k, n).proportion_ci(0.95, "wilson")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=EXACT)


def test_wilson_of_nothing_is_no_figure() -> None:
    assert statistics.share(0, 0).value is None
    with pytest.raises(ValueError, match="3 of 2"):
        statistics.share(3, 2)


@pytest.mark.parametrize(("b", "c"), [tuple(map(int, RANDOM.integers(0, 40, 2))) for _ in range(60)] + [(0, 0), (0, 9)])
def test_mcnemar_is_that_of_statsmodels(b: int, c: int) -> None:
    from statsmodels.stats.contingency_tables import mcnemar

    theirs = mcnemar([[11, b], [c, 5]], exact=True).pvalue if b + c else 1.0
    assert statistics.mcnemar(b, c) == pytest.approx(theirs, abs=EXACT)


@pytest.mark.parametrize("seed", range(8))
def test_the_bootstrap_is_that_of_its_own_draws(seed: int) -> None:
    """scipy's percentile interval, redrawn here by hand with the same generator."""
    rng = np.random.default_rng(seed)
    one, other = rng.integers(0, 2, (2, int(rng.integers(5, 90)))).astype(float)
    if np.ptp(other - one) == 0:
        other[0] = 1 - other[0]
    found = statistics.paired_bootstrap(one, other)
    difference = other - one
    drawn = np.random.default_rng(statistics.SEED).integers(0, len(one), (statistics.RESAMPLES, len(one)))
    means = np.sort(difference[drawn].mean(axis=1))
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(means, [2.5, 97.5])), abs=EXACT)
    assert found.value == pytest.approx(difference.mean(), abs=EXACT)


def test_the_bootstrap_of_no_difference_is_none() -> None:
    same = np.array([1.0, 0, 1, 1])
    assert statistics.paired_bootstrap(same, same).high == 0.0
    assert statistics.paired_bootstrap(same[:1], same[:1]).low is None


@pytest.mark.parametrize("seed", range(12))
def test_brier_and_reliability_are_those_of_scikit_learn(seed: int) -> None:
    from sklearn.calibration import calibration_curve
    from sklearn.metrics import brier_score_loss

    rng = np.random.default_rng(seed)
    p = rng.random(int(rng.integers(3, 300))).round(int(rng.integers(1, 4)))
    happened = (rng.random(len(p)) < p).astype(int)
    happened[:2] = 0, 1
    assert statistics.brier(p, happened).value == pytest.approx(brier_score_loss(happened, p), abs=EXACT)
    true, mean = calibration_curve(happened, p, n_bins=statistics.BINS)
    ours = statistics.reliability(p, happened)
    assert [each.share.value for each in ours] == pytest.approx(true.tolist(), abs=EXACT)
    assert [each.p for each in ours] == pytest.approx(mean.tolist(), abs=EXACT)
    assert sum(each.share.n for each in ours) == len(p)


@pytest.mark.parametrize("seed", range(12))
def test_the_mean_has_the_interval_of_statsmodels(seed: int) -> None:
    from statsmodels.stats.weightstats import DescrStatsW

    values = np.random.default_rng(seed).random(5 + 7 * seed)
    found = statistics.mean(values)
    assert (found.low, found.high) == pytest.approx(DescrStatsW(values).zconfint_mean(0.05), abs=EXACT)


@pytest.mark.parametrize("seed", range(12))
def test_kappa_is_that_of_scikit_learn(seed: int) -> None:
    from sklearn.metrics import cohen_kappa_score

    one, other = np.random.default_rng(seed).choice(["goal", "no_goal", "unsure"], (2, 40 + seed))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = cohen_kappa_score(one, other)
    assert kappa(list(zip(one, other, strict=True))) == pytest.approx(theirs, abs=EXACT)
