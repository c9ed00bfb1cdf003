"""Labelled pictures made elsewhere (COCO, YOLO, CVAT) -> a data set of ours. Pictures are linked, never moved."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ...errors import BadDataset
from ...storage.database import told
from ..dataset import Dataset, split_by_clip
from ..labelled import Box, Picture
from . import coco, cvat, yolo
from .found import Found, refuse_strays, size_of


def bring_in(folder: Path, dataset: Dataset, *, resplit: bool = False) -> dict[str, int]:
    """Folder of COCO, YOLO or CVAT, a new data set -> its things by class, and "left out": those of unknown classes.

    The folder's own splits are honoured; a clip that is in two of them is refused, or with `resplit` all clips are
    dealt out anew. Raises: BadDataset.
    """
    if dataset.about():
        raise BadDataset(f"There is a data set {dataset.name} already: give the new one another name.")
    if not folder.is_dir():
        raise BadDataset(f"There is no folder {folder}: correct the path.")
    refuse_strays(folder)
    left_out: Counter[str] = Counter()
    try:
        found = list(_reader(folder)(folder, left_out))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RecursionError) as error:
        raise BadDataset(f"{folder} has labels that are not whole ({error!r}): export them again.") from error
    if not any(picture.things for picture in found):
        classes = f" (it has {', '.join(sorted(left_out)[:8])})" if left_out else ""
        raise BadDataset(
            f"No ball, player or goal is labelled in {folder}{classes}: name the classes so and try again."
        )
    _proved(found)
    by_clip: dict[str, list[Found]] = {}
    for picture in found:
        by_clip.setdefault(picture.clip, []).append(picture)
    shards: dict[Path, str] = {}
    for clip in by_clip:
        if (other := shards.setdefault(dataset.shard(clip), clip)) != clip:
            raise BadDataset(f"The clips {other} and {clip} would get files of one name: rename one of the two.")
    with _whole_or_nothing(dataset.folder):
        _write(by_clip, _splits(found, resplit), dataset, folder, left_out)
    kinds = Counter(thing.label for picture in found for thing in picture.things)
    return dict(kinds) | {"left out": left_out.total()}


def _write(
    by_clip: Mapping[str, list[Found]], splits: Mapping[str, str], dataset: Dataset, folder: Path,
    left_out: Mapping[str, int],
) -> None:  # fmt: skip
    for clip, pictures in by_clip.items():
        dataset.add(clip, _linked(dataset, pictures, splits[clip]))
    clips = {clip: {"name": clip, "split": splits[clip], "pictures": len(them)} for clip, them in by_clip.items()}
    made_with = {"source": "import", "folder": str(folder), "left_out": dict(left_out)}
    dataset.describe({"made_with": made_with, "clips": clips, "failed": {}})
    dataset.write_coco()


@contextmanager
def _whole_or_nothing(folder: Path) -> Iterator[None]:
    """A new data set's folder -> a block after whose failure nothing of it is left."""
    there = folder.exists()
    try:
        yield
    except BaseException:
        if not there:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _proved(found: Sequence[Found]) -> None:
    """Pictures -> nothing. Raises: BadDataset for one of another size than its labels say, or labelled twice."""
    seen: set[Path] = set()
    for picture in found:
        if picture.path in seen:
            raise BadDataset(f"{picture.path.name} is labelled twice in the folder: keep one of the two.")
        seen.add(picture.path)
        size = size_of(picture.path)
        if all(picture.size_wh_px) and picture.size_wh_px != size:
            stated, real = (f"{wide} × {high}" for wide, high in (picture.size_wh_px, size))
            raise BadDataset(
                f"{picture.path.name} is {real} px, and its labels are of a picture of {stated}: export both together."
            )


def _reader(folder: Path) -> Callable[[Path, Counter[str]], Iterator[Found]]:
    """Folder -> what reads its format. Raises: BadDataset."""
    if any(coco.is_coco(file) for file in sorted(folder.rglob("*.json"))):
        return coco.read
    if any(folder.glob("*.y*ml")):
        return yolo.read
    if any(cvat.is_cvat(file) for file in sorted(folder.rglob("*.xml"))):
        return cvat.read
    raise BadDataset(
        f"{folder} holds no COCO, YOLO or CVAT labels: choose the folder with their json, yaml or xml file."
    )


def _splits(found: Sequence[Found], resplit: bool) -> dict[str, str]:
    """Pictures -> each clip's split. Raises: BadDataset when the folder has one clip in two."""
    given: dict[str, str] = {}
    for picture in () if resplit else found:
        if picture.split and given.setdefault(picture.clip, picture.split) != picture.split:
            raise BadDataset(
                f"Frames of {picture.clip} are in {given[picture.clip]} and in {picture.split}, so a student would be "
                "judged on what it learned: deal the clips out anew (--resplit)."
            )
    return split_by_clip(sorted({picture.clip for picture in found}), given)


def _linked(dataset: Dataset, pictures: Sequence[Found], split: str) -> Iterator[Picture]:
    """Pictures -> in the data set's own folder, linked where the disk allows it, copied otherwise."""
    folder = dataset.folder / split
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for number, picture in enumerate(pictures):
            name = f"{re.sub(r'[^A-Za-z0-9._-]', '_', picture.clip)[:60]}_{number:06d}{picture.path.suffix.lower()}"
            target = folder / name
            target.unlink(missing_ok=True)
            try:
                os.link(picture.path.resolve(), target)
            except OSError:
                shutil.copyfile(picture.path, target)
            size_wh = size_of(picture.path)
            width, height = picture.size_wh_px if all(picture.size_wh_px) else size_wh
            things = tuple(replace(thing, box_px=_inside(thing.box_px, width, height)) for thing in picture.things)
            yield Picture(f"{split}/{name}", split, picture.clip, picture.frame, 0.0, (width, height), things)


def _inside(box: Box, width: int, height: int) -> Box:
    """Box -> as far as it lies in the picture."""
    x0, y0, x1, y1 = box
    return (max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height)))
