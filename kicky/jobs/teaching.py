"""Work of the teaching lane: clips labelled into a data set, and a student trained on one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .. import pipeline, storage, video, weights
from ..domain import Clip, OnProgress, Report
from ..errors import MissingWeights, UnknownPart
from ..scene import read
from ..storage import labels
from ..storage.tables import JobRow
from ..teach import dataset
from ..teach import train as training
from ..teach.autolabel import See, Source
from ..teach.autolabel import autolabel as label
from ..teach.ballnet import train as learn_ball
from ..teach.measured import Measured
from ..teach.recipe import Recipe
from ..truth import boxes
from .tasks import scene_of

MEASURED, TEACHERS = "measured", "teachers"
"""Labelled by what KICKY measured itself, or by SAM 3 and LocateAnything."""


def autolabel(job: JobRow, tell: OnProgress) -> None:
    """Job -> its data set holds its clips. Settings: name, clip_ids, by, every_s, force."""
    settings = job.settings
    sources = [source_of(number) for number in settings["clip_ids"]]
    see, made_with = seer(str(settings["by"]), bool(settings.get("force")))
    target = dataset.new(str(settings["name"]))
    label(target, sources, see, made_with, tell, float(settings["every_s"]))


def train(job: JobRow, tell: OnProgress) -> None:
    """Job -> a student in the model store. Settings: name, dataset, recipe."""
    recipe = Recipe(**job.settings["recipe"])
    training.train(dataset.named(str(job.settings["dataset"])), str(job.settings["name"]), recipe, tell)


def train_ballnet(folder: Path, name: str, epochs: int, tell: OnProgress) -> dict[str, Any]:
    """Folder of films, name, epochs -> a ball network in the model store, and what came of it."""
    return learn_ball(folder, name, epochs, report_of, tell)


def seer(by: str, force: bool = False) -> tuple[See, dict[str, Any]]:
    """Who labels, `measured` or `teachers` -> what sees, what it is made with. Raises: UnknownPart, MissingWeights."""
    if by == MEASURED:
        return Measured(report_of), {"by": by, **pipeline.made_with("motion")}
    if by != TEACHERS:
        raise UnknownPart(f"Nobody labels by the name of {by!r}; choose one of: {MEASURED}, {TEACHERS}.")
    from ..detectors.sam3 import NAME
    from ..teach.taught import Taught
    from ..teach.teacher import Teacher

    try:
        weights.path(NAME)
    except MissingWeights as error:
        raise MissingWeights(f"{str(error).rstrip('.')}, or label by what was measured (`--by measured`).") from error
    teacher = Teacher(force)
    return Taught(teacher), {"by": by, **teacher.made_with()}


def source_of(clip_id: int) -> Source:
    """Clip -> its film, with the split and the boxes that persons gave it. Raises: NotFound."""
    row = storage.clip(clip_id)
    return Source(
        storage.film_there(row), row.name, labels.get(clip_id, labels.SPLIT), row.slow_motion, boxes.filled(clip_id)
    )


def report_of(clip: Clip) -> Report:
    """Clip -> what the store holds of it, else a new analysis that is not kept; its goal may lie beside the film."""
    row = storage.clip_by_hash(clip.sha256)
    known = storage.clips(row.session_id) if row is not None else []
    shot_id = next((each.shot_id for each in known if row is not None and each.id == row.id), None)
    if shot_id is not None:
        return storage.report(shot_id)
    beside = clip.path.with_suffix(".scene.json")
    scene = scene_of(row) if row is not None else read(beside) if beside.exists() else None
    return pipeline.analyze(video.open_clip(clip.path, clip.slow_motion), "motion", scene, lambda *_: None)
