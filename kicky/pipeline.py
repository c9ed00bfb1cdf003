"""Clip -> Report: every stage in order, and nothing else. Read this first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from time import perf_counter

import supervision as sv

from . import foot, footage, kick, outcome, pose, tracking, weights
from .detectors import DETECTORS
from .domain import Clip, Detector, OnProgress, Report, Scene, Shot
from .measures import MEASURES
from .registry import load


def analyze(clip: Clip, detector: str, scene: Scene | None, on_progress: OnProgress) -> Report:
    """Clip, detector's name, goal (None: not in the picture) -> Report.

    Stages told to `on_progress`: footage, detect, pose, measure. Raises: UnknownPart, UnreadableClip,
    UnfitClip (the camera moves, the film is too short), MissingWeights, and whatever `on_progress`
    raises to stop the work.
    """
    detect: Detector = load(DETECTORS, detector)()
    watch = Stopwatch()
    with watch("footage"):
        seen = footage.survey(clip, on_progress)
        clip = footage.first_take(clip, seen)
    with watch("detect"):
        sighting = tracking.link(clip, _counted(clip, detect, on_progress))
    with watch("pose"):
        shot = kick.find(Shot(clip, sighting.ball, sighting.players, scene))
        shot = pose.around_contact(shot, on_progress)
    with watch("measure"):
        verdict, struck = outcome.decide(shot), foot.call(shot)
        measures = tuple(load(MEASURES, name)(shot) for name in MEASURES)
        on_progress("measure", 1.0)
    return Report(shot, verdict, struck, measures, made_with(detector), watch.seconds, footage.notes(seen, clip))


def made_with(detector: str) -> dict[str, str]:
    """Detector's name -> what a report rests on: versions, and the hash of every weight used."""
    packages = ("numpy", "opencv-python", "av", "mediapipe", "supervision")
    pose_sha256 = weights.fingerprint("pose")
    return {"detector": detector, "method": "rules2d", "pose": pose_sha256} | {name: version(name) for name in packages}


class Stopwatch:
    """Wall seconds a stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = perf_counter()
        yield
        self.seconds[stage] = perf_counter() - start


def _counted(clip: Clip, detect: Detector, on_progress: OnProgress) -> Iterator[sv.Detections]:
    """The detector's own answers, with progress told on the way."""
    total = clip.take[1] - clip.take[0]
    for count, found in enumerate(detect(clip), start=1):
        on_progress("detect", count / total)
        yield found
