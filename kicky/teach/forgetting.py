"""Data sets and trainings -> without a clip's pictures, or without a person's name, as if neither had been there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from ..drafts import write_whole
from ..home import runs as trainings
from ..storage.database import told
from . import dataset, runs
from .dataset import SPLITS, Dataset
from .labelled import PERSON

COCO = "_annotations.coco.json"


def holding(clips: Collection[str]) -> list[str]:
    """Clips' hashes -> the data sets with pictures of any of them. Raises: StorageFailed."""
    return [name for name in dataset.names() if any(_holds(dataset.named(name), clip) for clip in clips)]


def forget_clips(clips: Collection[str]) -> None:
    """Clips' hashes -> their pictures and what was said of them are in no data set, and no training keeps copies.

    What a student has learned from them stays in it. Raises: StorageFailed.
    """
    names = holding(clips)
    for name in names:
        _without(dataset.named(name), clips)
    for name in runs.names():
        if runs.about(name).get("dataset") in names and (data := trainings() / name / "data").is_dir():
            with told(data):
                shutil.rmtree(data)  # made anew where a training goes on


def forget_person(who: str) -> None:
    """Name -> it stands in no data set: what that person drew or threw out there is nobody's. Raises: StorageFailed."""
    for name in dataset.names():
        mine = dataset.named(name)
        changed = [_rewritten(file, lambda line: _unsigned(line, who)) for file in _lines(mine)]
        if any(changed):
            _write_coco(mine)


def _holds(mine: Dataset, clip: str) -> bool:
    return mine.has(clip) or any(_pictures(mine, clip))


def _pictures(mine: Dataset, clip: str) -> list[Path]:
    """-> a clip's pictures; also those of a labelling that did not come to its end."""
    folders = [mine.folder / split for split in SPLITS if (mine.folder / split).is_dir()]
    return [path for folder in folders for path in folder.iterdir() if path.name.startswith(f"{clip[:16]}_")]


def _without(mine: Dataset, clips: Collection[str]) -> None:
    about, beginnings = mine.about(), tuple(f"{clip[:16]}_" for clip in clips)
    gone = {clip: entry["name"] for clip, entry in about.get("clips", {}).items() if clip in clips}
    with told(mine.folder):
        for clip in clips:
            for path in _pictures(mine, clip):
                path.unlink(missing_ok=True)
            mine.shard(clip).unlink(missing_ok=True)
        _rewritten(
            mine.folder / "corrections.jsonl",
            lambda line: None if Path(line["file"]).name.startswith(beginnings) else line,
        )
        unseen = mine.folder / "no_ball.json"
        if unseen.exists():
            rest = {clip: line for clip, line in json.loads(unseen.read_bytes()).items() if clip not in clips}
            write_whole(unseen, json.dumps(rest, indent=1).encode())
    for part, left in (("clips", set(clips)), ("failed", set(gone.values()))):
        about[part] = {key: value for key, value in about.get(part, {}).items() if key not in left}
    mine.describe(about)
    _write_coco(mine)


def _write_coco(mine: Dataset) -> None:
    """The data set's COCO files, where there are any -> as its pictures are now."""
    old = [file for split in SPLITS if (file := mine.folder / split / COCO).exists()]
    if old and next(mine.pictures(), None) is not None:
        mine.write_coco()
        return
    with told(mine.folder):
        for file in old:
            file.unlink()


def _lines(mine: Dataset) -> list[Path]:
    return [*sorted((mine.folder / "clips").glob("*.jsonl")), mine.folder / "corrections.jsonl"]


def _rewritten(file: Path, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> bool:
    """File of a value a line, what becomes of one (None: it goes) -> whether anything did. Raises: StorageFailed."""
    if not file.exists():
        return False
    with told(file):
        before = file.read_text(encoding="utf-8").splitlines()
        kept = [change(json.loads(line)) for line in before]
        after = [json.dumps(line) for line in kept if line is not None]
        if after != before:
            write_whole(file, "".join(f"{line}\n" for line in after).encode())
    return after != before


def _unsigned(line: dict[str, Any], who: str) -> dict[str, Any]:
    """A picture's line, or a correction's -> without that person's name."""
    if line.get("who") == who:
        line["who"] = ""
    for thing in line.get("things") or ():
        origin = thing.get("origin", {})
        if origin.get("source") == PERSON and origin.get("who") == who:
            origin["who"] = ""
    return line
