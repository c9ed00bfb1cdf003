"""Every entry of every register keeps its socket's promise; a new plug-in is tested by being listed."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import supervision as sv

from benchmarks.replies import briefs
from kicky import detectors, jobs, registry, tracking, video, weights
from kicky.coaches import COACHES
from kicky.coaches.guard import guard
from kicky.coaches.prompt import SECTIONS
from kicky.detectors import DEFAULTS, DETECTORS
from kicky.domain import Clip, Detector, Label, Measure, Shot, Track
from kicky.errors import KickyError, MissingWeights, UnknownPart
from kicky.measures import MEASURES

from .detectors import tiny


def nothing_seen(clip: Clip) -> Shot:
    count = len(clip.time_s)
    nan = np.full((count, 2), np.nan)
    ball = Track("ball", nan, nan, np.zeros(count), np.zeros(count, bool))
    return Shot(clip, ball, kick_why_not="No kick was seen.")


WEIGHTS: dict[str, Callable[[Path, Path], object]] = {
    "rfdetr": lambda _, passing: weights.add("tiny", tiny.student(passing / "tiny.pth")),
    "ballnet": lambda _, passing: weights.add("tiny-ball", tiny.ballnet(passing / "ball.pth"), kind="ballnet"),
    "sam3": lambda models, _: tiny.sam3(models / "sam3"),
    "locate": lambda models, passing: tiny.locate(models / "locate-anything-3b", ANSWER, passing / "ran"),
}
ANSWER = "<ref>ball</ref><box><500><500><550><550></box><ref>person</ref><box><100><100><300><900></box>"


@pytest.fixture(params=DETECTORS)
def detector(
    request: pytest.FixtureRequest,
    own_home: Path,
    tmp_path: Path,
    make_film: Callable[..., Path],
    rendered: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[Detector, Clip]:
    """-> each detector, with small random weights where it holds any, and a clip for it."""
    name = request.param
    if name not in DEFAULTS:
        return detectors.make(name), video.open_clip(rendered)
    WEIGHTS[name](own_home / "models", tmp_path)
    if name == "locate":
        tiny.beside(monkeypatch)
        weights.trust("locate-anything-3b")
    return detectors.make(name, force=True), video.open_clip(make_film(count=44))


def test_a_detector_gives_one_answer_for_each_frame_of_the_take(detector: tuple[Detector, Clip]) -> None:
    detect, clip = detector
    answers = list(detect(replace(clip, take=(4, 14))))
    assert len(answers) == 10
    for found in answers:
        assert isinstance(found, sv.Detections)
        assert found.xyxy.shape == (len(found), 4)
        assert found.class_id is not None
        assert found.confidence is not None
        assert set(found.class_id.tolist()) <= set(Label)
        assert ((found.confidence >= 0) & (found.confidence <= 1)).all()
        assert {"at_rest", "diameter_px"} <= set(found.data) or not len(found)
        assert (found.xyxy[:, 2:] >= found.xyxy[:, :2]).all()
    assert sum(len(found) for found in answers) > 0


def test_a_detector_gives_the_same_answers_twice(detector: tuple[Detector, Clip]) -> None:
    detect, clip = detector
    clip = replace(clip, take=(0, 8))
    first, second = list(detect(clip)), list(detect(clip))
    assert all(np.array_equal(a.xyxy, b.xyxy) for a, b in zip(first, second, strict=True))


def test_what_a_detector_sees_can_be_linked(detector: tuple[Detector, Clip]) -> None:
    detect, clip = detector
    clip = replace(clip, take=(0, 10))
    sighting = tracking.link(clip, detect(clip))
    assert len(sighting.candidates.frame) <= 10 * tracking.MOST


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_detector_without_its_weights_says_how_to_get_them(name: str) -> None:
    with pytest.raises(MissingWeights, match=r"models pull|train FOLDER --kind ballnet"):
        detectors.make(name)
    with pytest.raises(MissingWeights):
        weights.fingerprint(detectors.weights_of(name))


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_answers_to_its_name_and_gives_a_reason_when_nothing_was_seen(name: str, rendered: Path) -> None:
    measured = registry.load(MEASURES, name)(nothing_seen(video.open_clip(rendered)))
    assert isinstance(measured, Measure)
    assert (measured.name, measured.value) == (name, None)
    assert measured.why_not.endswith(".")
    assert measured.unit in {"km/h", "deg", "m", "m/s", "s"}


@pytest.mark.parametrize("name", COACHES)
@pytest.mark.parametrize("brief", ["goal_bare", "unsure_bare", "week_first"])
def test_a_coach_gives_four_sections_or_says_what_to_do_first(
    name: str, brief: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KICKY_HOME", str(tmp_path / "bare"))  # no weights, no server
    told = briefs()[brief]
    answer = guard(registry.load(COACHES, name)()(told, []), told)
    if name == "rules":
        passages = list(answer)
        assert [passage.title for passage in passages] == list(SECTIONS[told.kind])
        assert all(passage.text for passage in passages)
    else:
        with pytest.raises(KickyError, match=r"[:,] .+\.$"):
            list(answer)


REGISTERS = {"detectors": DETECTORS, "measures": MEASURES, "jobs": jobs.HANDLERS, "coaches": COACHES}


@pytest.mark.parametrize("register", REGISTERS.values(), ids=REGISTERS)
def test_every_entry_leads_somewhere_and_says_what_it_does(register: dict[str, str]) -> None:
    for name in register:
        assert (inspect.getdoc(registry.load(register, name)) or "").partition("->")[1], name


@pytest.mark.parametrize("register", [DETECTORS, MEASURES, COACHES], ids=["detectors", "measures", "coaches"])
def test_an_unknown_name_is_told_the_known_ones(register: dict[str, str]) -> None:
    with pytest.raises(UnknownPart, match=next(iter(register))):
        registry.load(register, "nope")
