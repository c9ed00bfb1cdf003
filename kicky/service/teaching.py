"""Clips -> labelled pictures -> a student: what the Teach page and the command line ask for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import jobs as queue
from .. import packages, storage, weights
from ..errors import BadDataset
from ..storage.kinds import AUTOLABEL, TRAIN
from ..storage.views import JobView
from .judging import films_at
from .taught import ClipChoice, DatasetView, LabellerView, RunView

if TYPE_CHECKING:
    import pandas as pd

    from ..domain import OnProgress

MEASURES = (
    "Costs: seconds a clip that is analysed, nothing to fetch. Gains: boxes of the ball where it lies and flies, of "
    "moving bodies and of the goal you marked, enough for a first student. A second ball, or one who stands still, "
    "is not labelled."
)
TEACHES = (
    "Costs: 3.5 GB and a graphics card with 8 GB; without one about 100 s a picture. Gains: outlines of every ball, "
    "person and goal, also of those that do not move: the better labels where balls lie about."
)
SIZES = {"nano": 312, "small": 384, "medium": 432, "large": 504, "xlarge": 624, "2xlarge": 768}
"""A student's size and the pixels it was made for."""


def labellers() -> list[LabellerView]:
    """-> who can label, the one that needs nothing first."""
    there, run = weights.state("sam3") == "here", packages.here()
    helper = any(weights.state(name) == "here" for name in ("locate-anything-3b", "locate-anything-gguf"))
    with_it = "SAM 3, helped by LocateAnything" if helper else "SAM 3 alone (LocateAnything is not here)"
    lacking = () if there else ("sam3",)
    why_not = "SAM 3 is not here yet: fetch it below." if lacking else ""
    why_not = why_not if run else "What SAM 3 runs on is not here yet: fetch it above."
    return [
        LabellerView("measured", "What KICKY measured itself", "", MEASURES),
        LabellerView("teachers", with_it, why_not, TEACHES, (*lacking, *(() if helper else ("locate-anything-3b",)))),
    ]


def teach_clips() -> list[ClipChoice]:
    """-> every clip, the newest session first."""
    place = {session.id: at for at, session in enumerate(storage.sessions())}
    rows = sorted(storage.queue_rows(None), key=lambda row: place[row.session_id])
    return [ClipChoice(row.id, row.name, row.session, bool(row.shots)) for row in rows]


def label(name: str, clip_ids: Sequence[int], by: str, every_s: float = 0.1, force: bool = False) -> int:
    """Name, clips, who labels -> the job. Raises: BadDataset, NotFound."""
    from ..teach import dataset

    dataset.new(name)
    if not clip_ids:
        raise BadDataset("There is no clip to label: choose some first.")
    for number in clip_ids:
        storage.clip(number)
    settings = {"name": name, "clip_ids": sorted(set(clip_ids)), "by": by, "every_s": every_s, "force": force}
    return queue.begin(AUTOLABEL, settings)


def train(name: str, dataset_name: str, **recipe: Any) -> int:
    """The student's name, its data set, what differs from the usual recipe -> the job.

    Raises: BadDataset when nothing can be learned from it or the name is taken, MissingWeights,
    MissingPackages, UnknownPart.
    """
    from dataclasses import asdict

    from ..teach import dataset, runs
    from ..teach.recipe import Recipe
    from ..teach.train import check, refuse_taken

    asked = Recipe(**recipe)
    runs.folder(name)
    refuse_taken(name)
    check(dataset.named(dataset_name))
    packages.need("Training")
    if asked.start:
        weights.path(asked.start)
    return queue.begin(TRAIN, {"name": name, "dataset": dataset_name, "recipe": asdict(asked)})


def starts(size: str) -> list[str]:
    """Size -> the models here that a student of it can begin with."""
    own = [name for name in weights.named("student") if weights.entry(name).get("size_name") == size]
    return [*own, *(name for name in (f"rfdetr-seg-{size}",) if weights.there(name))]


def teaching() -> list[JobView]:
    """-> labelling and training under way and past, newest first."""
    return queue.lessons()


def data_sets() -> list[str]:
    """-> the data sets there are, the newest first."""
    from ..teach import dataset

    return dataset.names()


def data_set(name: str) -> DatasetView:
    """Name -> what is in it. Raises: NotFound."""
    from ..teach import dataset
    from ..teach.train import check

    mine = dataset.named(name)
    about, no_ball = mine.about(), mine.folder / "no_ball.json"
    rows = list(json.loads(no_ball.read_text(encoding="utf-8")).values()) if no_ball.exists() else []
    made = about.get("made_with", {})
    try:
        notes = check(mine)
    except BadDataset as error:
        notes = [str(error)]
    thrown = sum(things is None for things in mine.corrections().values())
    counts = {split: dict(count) for split, count in mine.counts().items()}
    return DatasetView(
        name, str(made.get("by") or made.get("source", "")), counts, about.get("failed", {}), rows, thrown, notes
    )


def trainings() -> list[RunView]:
    """-> the trainings there were and are, newest first."""
    from ..teach import runs

    views = []
    for name in runs.names():
        about = runs.about(name)
        recipe = about["recipe"]
        judged = about.get("judged", {})
        views.append(
            RunView(
                name, about["state"], about["dataset"], recipe["size"], recipe["resolution"], recipe["epochs"],
                about.get("notes", []), judged,
            )
        )  # fmt: skip
    return views


def curves(name: str) -> pd.DataFrame:
    """Training -> a row an epoch: losses, mAP, AP of each class; empty before the first epoch is over."""
    import pandas as pd

    from ..teach import runs

    return pd.DataFrame(runs.curves(name))


def article() -> dict[str, float]:
    """-> the article's student, AP50:95 on its own validation pictures, by class and "mAP" for all."""
    from ..teach import runs

    return {**runs.ARTICLE, "mAP": runs.ARTICLE_ALL}


def bring_in(folder: Path, name: str, resplit: bool = False) -> dict[str, int]:
    """Folder of COCO, YOLO or CVAT, a name -> a data set of it; things by class. Raises: BadDataset."""
    from ..teach import dataset, foreign

    return foreign.bring_in(folder, dataset.new(name), resplit=resplit)


def label_files(
    films: Sequence[Path], name: str, by: str, on_progress: OnProgress, every_s: float = 0.1, force: bool = False,
    labels_csv: Path | None = None,
) -> DatasetView:  # fmt: skip
    """Films or folders, a data set's name, who labels -> the data set, made now in this process.

    `labels_csv` has the columns clip and split: what it says is honoured. Raises: NotFound, BadDataset,
    MissingWeights, Untrusted, TooSlow, OutOfMemory; what was labelled until then stays.
    """
    from ..jobs import teaching as work
    from ..teach import dataset
    from ..teach.autolabel import Source, autolabel
    from ..truth import boxes
    from ..weights import hashing

    splits = _splits(labels_csv) if labels_csv else {}
    sources = []
    for film in films_at(films):
        row = storage.clip_by_hash(hashing.fresh(film)) if film.is_file() else None
        said = boxes.filled(row.id or 0) if row is not None else {}
        sources.append(
            Source(film, film.stem, splits.get(film.stem, splits.get(film.stem.casefold(), "")), corrected=said)
        )
    see, made_with = work.seer(by, force)
    autolabel(dataset.new(name), sources, see, made_with, on_progress, every_s)
    return data_set(name)


def _splits(table: Path) -> dict[str, str]:
    """labels.csv -> each clip's split, by the name of its film. Raises: BadDataset."""
    from csv import Error

    from ..reading import file_named
    from ..spreadsheet import read

    try:
        rows = read(table)
    except (OSError, ValueError, Error) as error:
        raise BadDataset(f"{table} cannot be read ({error}): correct the path.") from error
    if rows and not {"clip", "split"} <= set(rows[0]):
        raise BadDataset(f"{table} has no columns clip and split: add them.")
    named = {file_named(row["clip"]).stem: row["split"] for row in rows}
    return {stem.casefold(): split for stem, split in named.items()} | named


def train_now(name: str, dataset_name: str, on_progress: OnProgress, **recipe: Any) -> dict[str, Any]:
    """The student's name, its data set -> what came of it, trained now in this process."""
    from ..teach import dataset
    from ..teach.recipe import Recipe
    from ..teach.train import train as work

    return work(dataset.named(dataset_name), name, Recipe(**recipe), on_progress)
