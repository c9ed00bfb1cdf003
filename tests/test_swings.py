"""A swing as a page draws it: curve, band, value at contact, or the reason there is none; and its figure."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kicky import charts, storage
from kicky.body.fit import fitted
from kicky.domain import Foot, How, Verdict
from kicky.errors import NotFound
from kicky.home import media
from kicky.measures import angles
from kicky.measures.ranges import RANGES
from kicky.measures.reading import ANGLES
from kicky.service import clips, sessions, shots
from kicky.storage.bodies import CurveView, RangeView
from kicky.storage.views import MeasureView
from kicky.video import open_clip

from .kicks import evidence, kick
from .pages.filled import draw, report

SIDE = fitted(evidence(kick(4, "side", "right")))


@pytest.fixture
def shot_id(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """-> a stored shot whose evidence is a kick seen from the side."""
    session = sessions.new(dt.date(2026, 11, 21))
    path = draw(own_home / "kick.mp4", 1)
    clip = clips.add(session, path.name, path)
    film = open_clip(media() / storage.clip(clip.id).file)
    number = storage.save(report(film, Verdict.GOAL, How.IN_NET, Foot.RIGHT, 80.0), clip.id, "motion")
    monkeypatch.setattr(storage, "evidence", lambda _: SIDE)
    return number


def test_the_curve_is_the_swing_and_its_band_holds_it(shot_id: int) -> None:
    view = shots.swing(shot_id)
    assert view.why_not == ""
    assert set(view.curves) == set(ANGLES)
    assert SIDE.body is not None
    curve = view.curves["kicking_knee"]
    np.testing.assert_allclose(np.array(curve.value, float), angles.curves(SIDE.body)["kicking_knee"][0])
    for value, low, high in zip(curve.value, curve.low, curve.high, strict=True):
        assert (value is None) == (low is None) == (high is None)
        if value is not None and low is not None and high is not None:
            assert low < value < high
    assert max(view.since_s) > 0 > min(view.since_s)


def test_at_contact_it_is_the_measure(shot_id: int) -> None:
    curve = shots.swing(shot_id).curves["kicking_knee"]
    measure = angles.kicking_knee(SIDE)
    assert (curve.at_contact.value, curve.at_contact.low) == pytest.approx((measure.value, measure.low))
    assert curve.usual is not None
    assert (curve.usual.low, curve.usual.high) == (RANGES["kicking_knee"].low, RANGES["kicking_knee"].high)
    assert shots.swing(shot_id).curves["hip_drive"].usual is None


def test_without_a_body_the_reason_is_told(shot_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        storage, "evidence", lambda _: replace(SIDE, body=None, body_why_not="No body was found at contact.")
    )
    view = shots.swing(shot_id)
    assert view.why_not == "No body was found at contact."
    assert not view.curves


def test_without_its_tracks_the_reason_is_told_and_no_such_shot_is_refused(
    shot_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: int) -> None:
        raise NotFound("The tracks are gone: analyse it again.")

    monkeypatch.setattr(storage, "evidence", gone)
    assert shots.swing(shot_id).why_not == "The tracks are gone: analyse it again."
    with pytest.raises(NotFound):
        shots.swing(999)


def test_a_measure_against_what_was_published() -> None:
    low = MeasureView("plant_aside", "m", 0.1, 0.05, 0.15, "by hand", "")
    told = shots.published(low)
    assert told is not None
    assert (told.low, told.high, told.flag) == (0.257, 0.397, "low")
    withheld = shots.published(replace(low, value=None, low=None, high=None, why_not="It is hidden."))
    assert withheld is not None
    assert withheld.flag == ""
    assert shots.published(replace(low, name="hip_drive")) is None


def curve(*values: float | None, usual: RangeView | None = None) -> CurveView:
    at = MeasureView("kicking_knee", "deg", 150.0, 140.0, 160.0, "by hand", "")
    return CurveView(
        values, tuple(v and v - 10 for v in values), tuple(v and v + 10 for v in values), at, usual
    )  # fmt: skip


def test_the_figure_has_a_band_for_each_stretch_and_a_gap_between() -> None:
    figure = charts.swing((-0.2, -0.1, 0.0, 0.1), curve(100.0, 120.0, None, 160.0), "Kicking knee")
    bands = [trace for trace in figure.data if trace.name == "band"]
    assert [list(band.x) for band in bands] == [[-0.2, -0.1, -0.1, -0.2], [0.1, 0.1]]
    assert list(bands[0].y) == [110.0, 130.0, 110.0, 90.0]
    line = next(trace for trace in figure.data if trace.name == "angle")
    assert list(line.y) == [100.0, 120.0, None, 160.0]
    assert line.connectgaps is False
    assert [shape.type for shape in figure.layout.shapes] == ["line"]
    assert next(trace for trace in figure.data if trace.name == "contact").y[0] == 150.0


def test_the_published_range_is_shaded_at_contact_only() -> None:
    figure = charts.swing((-0.2, 0.2), curve(100.0, 120.0, usual=RangeView(146.0, 166.0, "S")), "Kicking knee")
    box = figure.layout.shapes[0]
    assert (box.type, box.y0, box.y1) == ("rect", 146.0, 166.0)
    assert -0.1 < box.x0 < 0 < box.x1 < 0.1


def test_an_angle_never_seen_is_an_empty_curve() -> None:
    nothing = replace(
        curve(None, None), at_contact=MeasureView("kicking_knee", "deg", None, None, None, "", "It is hidden.")
    )
    assert [trace.name for trace in charts.swing((-0.1, 0.1), nothing, "Kicking knee").data] == ["angle"]
