"""Every entry of every register keeps its socket's promise; a new plug-in is tested by being listed."""

import inspect
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import supervision as sv

from kicky import jobs, registry, video
from kicky.detectors import DETECTORS
from kicky.domain import Clip, Label, Measure, Shot, Track
from kicky.errors import UnknownPart
from kicky.measures import MEASURES


def nothing_seen(clip: Clip) -> Shot:
    count = len(clip.time_s)
    nan = np.full((count, 2), np.nan)
    ball = Track("ball", nan, nan, np.zeros(count), np.zeros(count, bool))
    return Shot(clip, ball, kick_why_not="No kick was seen.")


@pytest.mark.parametrize("name", DETECTORS)
def test_a_detector_gives_one_answer_for_each_frame_of_the_take(name: str, rendered: Path) -> None:
    clip = replace(video.open_clip(rendered), take=(4, 34))
    answers = list(registry.load(DETECTORS, name)()(clip))
    assert len(answers) == 30
    for found in answers:
        assert isinstance(found, sv.Detections)
        assert found.xyxy.shape == (len(found), 4)
        assert found.class_id is not None
        assert found.confidence is not None
        assert set(found.class_id.tolist()) <= set(Label)
        assert ((found.confidence >= 0) & (found.confidence <= 1)).all()
        assert {"at_rest", "diameter_px"} <= set(found.data) or not len(found)
        assert (found.xyxy[:, 2:] >= found.xyxy[:, :2]).all()


@pytest.mark.parametrize("name", DETECTORS)
def test_a_detector_gives_the_same_answers_twice(name: str, rendered: Path) -> None:
    clip = replace(video.open_clip(rendered), take=(0, 30))
    detector = registry.load(DETECTORS, name)()
    first, second = list(detector(clip)), list(detector(clip))
    assert all(np.array_equal(a.xyxy, b.xyxy) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_answers_to_its_name_and_gives_a_reason_when_nothing_was_seen(name: str, rendered: Path) -> None:
    measured = registry.load(MEASURES, name)(nothing_seen(video.open_clip(rendered)))
    assert isinstance(measured, Measure)
    assert (measured.name, measured.value) == (name, None)
    assert measured.why_not.endswith(".")
    assert measured.unit in {"km/h", "deg", "m", "m/s"}


@pytest.mark.parametrize("register", [DETECTORS, MEASURES, jobs.HANDLERS], ids=["detectors", "measures", "jobs"])
def test_every_entry_leads_somewhere_and_says_what_it_does(register: dict[str, str]) -> None:
    for name in register:
        assert (inspect.getdoc(registry.load(register, name)) or "").partition("->")[1], name


@pytest.mark.parametrize("register", [DETECTORS, MEASURES], ids=["detectors", "measures"])
def test_an_unknown_name_is_told_the_known_ones(register: dict[str, str]) -> None:
    with pytest.raises(UnknownPart, match=next(iter(register))):
        registry.load(register, "nope")
