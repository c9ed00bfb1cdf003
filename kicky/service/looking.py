"""Labelled pictures looked through: which there are, the doubtful first; thrown out, taken back, put right."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from .. import storage
from ..errors import BadDataset
from ..storage import labels
from .taught import PictureView, ThingView

if TYPE_CHECKING:
    from ..teach.doubt import Doubt
    from ..teach.labelled import Picture, Thing

PAGE = 12
TOLD = 0.3  # how doubtful a picture is of which it is said why


def pictures(name: str, split: str = "", page: int = 0, size: int = PAGE) -> tuple[list[PictureView], int]:
    """Data set, split ("": all), page -> its pictures, the doubtful first, and how many there are in all.

    One that is thrown out or put right keeps its place. Raises: NotFound.
    """
    from ..teach import dataset

    mine = dataset.named(name)
    stamp = tuple((shard.name, shard.stat().st_mtime_ns, shard.stat().st_size) for shard in mine.shards())
    ranked = [(file, doubt) for file, part, doubt in _ranked(mine.folder, stamp) if not split or part == split]
    chosen = dict(ranked[page * size : (page + 1) * size])
    names = {sha: str(entry["name"]) for sha, entry in mine.about().get("clips", {}).items()}
    said = mine.corrections()
    views = {
        picture.file: _view(picture, names.get(picture.clip, picture.clip), mine.folder, said, chosen[picture.file])
        for picture in mine.pictures(rejected=True)
        if picture.file in chosen
    }
    return [views[file] for file in chosen if file in views], len(ranked)


@lru_cache(maxsize=2)
def _ranked(folder: Path, stamp: tuple[object, ...]) -> list[tuple[str, str, Doubt]]:  # noqa: ARG001 it makes it forget
    """Data set's folder, when its labels were written -> each picture's file, split and doubt, the worst first."""
    from ..teach.dataset import Dataset
    from ..teach.doubt import doubts

    rows = [(picture.file, picture.split, doubt) for picture, doubt in doubts(Dataset(folder).labelled())]
    return sorted(rows, key=lambda row: -row[2].score)


def _view(
    picture: Picture, clip: str, folder: Path, said: Mapping[str, tuple[Thing, ...] | None], doubt: Doubt
) -> PictureView:
    """Picture as it is now, its clip's name, what persons said of the set's -> what a page is told of it."""
    things = tuple(ThingView(thing.label, thing.box_px, _said_by(thing)) for thing in picture.things)
    corrected, rejected = picture.file in said, said.get(picture.file, ()) is None
    told = doubt.score >= TOLD and (rejected or not corrected)
    return PictureView(
        picture.file, folder / picture.file, clip, picture.frame, picture.split, picture.size_wh_px, things,
        rejected, corrected, doubt.why if told else "",
    )  # fmt: skip


def _said_by(thing: Thing) -> str:
    origin = thing.origin
    score = origin.get("score")
    return " ".join(str(part) for part in (origin.get("source"), origin.get("model"), score) if part not in (None, ""))


def labelled_still(picture: PictureView, boxes: bool = True, width: int = 480) -> bytes:
    """A data set's picture -> JPEG of it at that width, with its boxes in their classes' colours. Raises: NotFound."""
    from ..render.labels import still

    return still(picture.path, [(thing.label, thing.box_px) for thing in picture.things] if boxes else [], width)


def correct(name: str, file: str, things: Sequence[tuple[str, tuple[float, ...]]] | None, who: str = "") -> None:
    """Data set, picture, what is really in it (class and box each; None: do not learn from it) -> kept.

    It overrides whoever labelled it, here and whenever its clip is labelled again. Raises: NotFound, BadDataset.
    """
    from ..teach import dataset
    from ..teach.autolabel import from_person
    from ..teach.dataset import plain
    from ..teach.labelled import BASE, Thing

    mine = dataset.named(name)
    picture = next((each for each in mine.pictures(rejected=True) if each.file == file), None)
    if picture is None:
        raise BadDataset(f"There is no picture {file} in {name}: it may have been labelled anew; look again.")
    if things is None:
        mine.correct(file, None, who)
        return
    for label_, box in things:
        if label_ not in BASE or len(box) != 4 or not (box[0] < box[2] and box[1] < box[3]):
            raise BadDataset("A box needs a class and two corners: draw it again.")
    kept = {(thing.label, _rounded(thing.box_px)): thing for thing in picture.things}
    drawn = [(str(label_), _rounded(box)) for label_, box in things]
    new = tuple(kept.get(key) or from_person([Thing(key[0], key[1])], who)[0] for key in drawn)
    mine.correct(file, new, who)
    row = storage.clip_by_hash(picture.clip)
    if row is not None:
        value = json.dumps([plain(thing) for thing in new])
        labels.put(row.id or 0, f"{labels.BOXES}{picture.frame}", value, who)


def _rounded(box: Sequence[float]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (round(float(value), 1) for value in box)
    return x0, y0, x1, y1
