"""The strike card shows the body from the side where the film does not, in its size, and says what the drawing is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kicky.domain import Clip, Report
from kicky.render import close, joints, sideview
from kicky.render.brush import SUN

from .figures import JOINTS_M, seen, shown
from .test_card import FIELD, MEASURES, drawn, standing, written
from .test_render import KICK, plain, report_on

__all__ = ["plain", "written"]
SIZE_WH = (620, 800)


def still(report: Report) -> close.CloseUp:
    return close.cut(report.shot, FIELD, KICK, (KICK,), SIZE_WH)


def filmed(clip: Clip, way_deg: float = -90.0, left: bool = False) -> Report:
    """Clip, where the ball goes, which foot -> a report whose film looks towards the goal."""
    report = standing(report_on(clip, measures=MEASURES))
    return replace(report, shot=shown(report.shot, seen(way_deg, left)))


@pytest.mark.parametrize("phone", [False, True])
def test_a_card_of_a_film_from_behind_shows_the_side_and_says_so(plain: Clip, written: list[str], phone: bool) -> None:
    drawn(filmed(plain), phone)
    assert {*sideview.MARK, "50 cm"} <= set(written)


@pytest.mark.parametrize("way_deg", [0.0, 180.0, 25.0])
def test_a_film_from_the_side_needs_no_drawing(plain: Clip, written: list[str], way_deg: float) -> None:
    report = filmed(plain, way_deg)
    view = still(report)
    before = view.image.copy()
    assert sideview.draw(view, report, 36) == []
    assert (view.image == before).all()
    assert written == []


def test_without_a_body_nothing_is_drawn(plain: Clip, written: list[str]) -> None:
    report = standing(report_on(plain, measures=MEASURES))
    assert sideview.draw(still(report), report, 36) == []
    assert written == []
    drawn(report)
    assert not set(sideview.MARK) & set(written)


def test_from_the_side_is_along_the_way_and_up() -> None:
    flat, likely = sideview.from_side(seen(-60.0))
    np.testing.assert_allclose(flat, JOINTS_M[:, 1:], atol=1e-9)
    assert [each.shape for each in likely] == [(10, 2)] * sideview.LIKELY


def test_a_left_footer_is_seen_from_the_left() -> None:
    flat, _ = sideview.from_side(seen(left=True))
    np.testing.assert_allclose(flat, JOINTS_M[:, 1:] * (-1, 1), atol=1e-9)


@pytest.mark.parametrize("left", [False, True])
def test_the_drawing_lies_in_a_corner_off_the_body_and_keeps_its_place(plain: Clip, left: bool) -> None:
    report = filmed(plain, left=left)
    view = still(report)
    before = view.image.copy()
    kept = np.array(sideview.draw(view, report, 36))
    changed = np.argwhere(np.abs(view.image.astype(int) - before).max(axis=2) > 30)[:, ::-1]
    assert (changed >= kept.min(axis=0) - 2).all()
    assert (changed <= kept.max(axis=0) + 2).all()
    assert (kept >= 0).all()
    assert (kept <= SIZE_WH).all()
    assert not (kept < (0.4 * SIZE_WH[0], 0.1 * SIZE_WH[1])).all(axis=1).any(), "the label's corner is left alone"
    assert (np.abs(view.image.astype(int) - SUN).max(axis=2) < 20).sum() > 100, "the kicking leg is in colour"


def test_a_number_beside_a_joint_gives_way_to_it(plain: Clip) -> None:
    report = filmed(plain)
    view = still(report)
    off = sideview.draw(view, report, 36)
    before = view.image.copy()
    joints.draw(view, report, 41, off)
    low, high = (np.round(edge(np.array(off), axis=0)).astype(int) for edge in (np.min, np.max))
    inside = np.s_[low[1] : high[1], low[0] : high[0]]
    assert (np.abs(view.image[inside].astype(int) - before[inside]).max(axis=2) > 30).mean() < 0.02
