"""Two shots side by side: each at life's own speed, the contact in the same frame, whatever their frame rates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kicky import jobs, storage, video
from kicky.domain import Report
from kicky.errors import UnfitClip
from kicky.render.aligned import timeline
from kicky.service import comparing, players, shots
from kicky.service.shots import correct

from .pages.filled import NASTY, fill
from .pages.test_pages import shot_page, whole

MakeReport = Callable[..., Report]


@pytest.fixture
def taken(own_home: Path) -> list[int]:
    """-> the shots of the filled house."""
    (own_home / "films").mkdir()
    return fill(own_home / "films")


def at(report: Report, frame_s: float, kick: int, first: int = 0) -> Report:
    """Report, its frames' distance, its kick -> the same with those."""
    count = len(report.shot.clip.time_s)
    clip = replace(report.shot.clip, time_s=np.arange(count) * frame_s + 5.0, take=(first, count))
    return replace(report, shot=replace(report.shot, clip=clip, kick_frame=kick))


def test_the_contact_is_the_same_frame_in_both(make_report: MakeReport) -> None:
    slow, fast = at(make_report(count=60), 1 / 30, 20), at(make_report(count=120), 1 / 60, 70)
    moments, (left, right) = timeline([slow, fast])
    contact = int(np.abs(moments).argmin())
    assert (left[contact], right[contact]) == (20, 70)
    assert np.diff(moments) == pytest.approx(1 / 60)
    assert right[contact + 6] == 76
    assert left[contact + 6] == 23  # of the one with fewer frames each stands for two
    assert moments[0] == pytest.approx(-20 / 30)  # as far back as both go
    assert moments[-1] <= 49 / 60 + 1e-9


def test_a_take_is_kept_to(make_report: MakeReport) -> None:
    _, (left, _) = timeline([at(make_report(count=60), 1 / 30, 20, first=15), at(make_report(count=60), 1 / 30, 30)])
    assert left.min() == 15


def test_without_a_kick_nothing_is_aligned(make_report: MakeReport) -> None:
    lost = make_report()
    lost = replace(lost, shot=replace(lost.shot, kick_frame=None))
    with pytest.raises(UnfitClip, match=r"No kick was found in kick\.mp4: set it by hand"):
        timeline([make_report(), lost])


def test_the_best_comes_first_then_the_other_foot(taken: list[int]) -> None:
    players.name(taken[3], "Ana")  # a goal with the left
    found = comparing.partners(shots.one(taken[0]))
    assert list(found)[:2] == [taken[5], taken[3]]
    assert found[taken[5]].startswith("Ana's best: clip_6.mp4")
    assert found[taken[3]].startswith("With the other foot: ")
    assert set(found) == {taken[5], taken[3], taken[1], taken[2]}
    assert NASTY not in str(found)
    assert list(comparing.partners(shots.one(taken[2]))) == [taken[0], taken[1]]  # nobody's: of this session


def test_both_are_drawn_into_one_film(taken: list[int]) -> None:
    film, _, job = comparing.aligned(taken[0], taken[5])
    assert film is None
    assert job is not None
    jobs.work(0.01, "evaluate")
    film, contact, job = comparing.aligned(taken[0], taken[5])
    assert (job, contact) == (None, 6)
    made = video.open_clip(film)
    assert made.size_wh_px[1] == 516
    assert len(made.time_s) == 24
    correct(taken[0], "outcome", "no_goal")
    assert comparing.aligned(taken[0], taken[5])[0] is None  # put right: drawn anew


def test_a_film_that_is_gone_is_told(taken: list[int]) -> None:
    from kicky.home import media

    (media() / storage.clip(shots.one(taken[5]).clip_id).file).unlink()
    comparing.aligned(taken[0], taken[5])
    jobs.work(0.01, "evaluate")
    _, _, job = comparing.aligned(taken[0], taken[5])
    assert job is not None
    assert job.state == "failed"
    assert job.message.endswith(".")


def test_the_shots_page_offers_it(taken: list[int]) -> None:
    test = whole(shot_page(taken[0], "Compare"))
    box = next(each for each in test.selectbox if each.key == f"compare_{taken[0]}")
    assert len(box.options) == 3
    assert box.value is None
