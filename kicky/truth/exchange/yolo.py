"""YOLO: data.yaml, labels/CLIP_000012.txt, and frames.csv, which says of which clip and when each is."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ... import spreadsheet
from ...errors import BadDataset, BadLabel
from ...teach.foreign import yolo as foreign
from ...teach.labelled import CLASSES, Thing
from .labelled import Labelled, file_stem, number

COLUMNS = ("file", "clip", "sha256", "frame", "time_s", "width", "height", "origins")


def write(clips: Sequence[Labelled], folder: Path) -> list[Path]:
    """Clips, folder -> data.yaml, labels/ and frames.csv there: boxes and masks."""
    about, table = folder / "data.yaml", folder / "frames.csv"
    about.write_text("names:\n" + "".join(f"  {k}: {name}\n" for k, name in enumerate(CLASSES)), encoding="utf-8")
    (folder / "labels").mkdir(exist_ok=True)
    written = [about, table]
    rows = []
    for place, clip in enumerate(clips):
        for frame, things in clip.boxes.items():
            target = folder / "labels" / f"{file_stem(clip.clip)}_{place:05d}_{frame:06d}.txt"
            target.write_text("".join(_line(thing, clip.size_wh_px) for thing in things), encoding="utf-8")
            written.append(target)
            origins = json.dumps([dict(thing.origin) for thing in things], ensure_ascii=False)
            time_s = repr(clip.time_s[frame])
            rows.append((target.name, clip.clip, clip.sha256, frame, time_s, *clip.size_wh_px, origins))
    with table.open("w", encoding="utf-8", newline="") as file:
        spreadsheet.write(file, COLUMNS, rows)
    return written


def _line(thing: Thing, size_wh: tuple[int, int]) -> str:
    """Thing -> its line: a polygon where it has one outline, else a box."""
    width, height = size_wh
    if len(thing.outline_px) == 1:
        points = thing.outline_px[0]
        values = [v / (height if k % 2 else width) for k, v in enumerate(points)]
    else:
        x0, y0, x1, y1 = thing.box_px
        values = [(x0 + x1) / 2 / width, (y0 + y1) / 2 / height, (x1 - x0) / width, (y1 - y0) / height]
    return " ".join([str(CLASSES.index(thing.label)), *(repr(value) for value in values)]) + "\n"


def knows(path: Path) -> bool:
    return path.is_dir() and any(path.glob("*.y*ml")) and (path / "labels").is_dir()


def read(path: Path) -> Iterator[Labelled]:
    """A folder as above -> its clips. Raises: BadLabel, also where frames.csv is missing."""
    table = path / "frames.csv"
    if not table.exists():
        raise BadLabel(f"{path.name} has no frames.csv, so nobody knows of which clip its labels are: add it.")
    try:
        classes = foreign.classes_of(path)
    except BadDataset as error:
        raise BadLabel(str(error)) from error
    clips: dict[tuple[str, str], Labelled] = {}
    left_out: Counter[str] = Counter()
    try:
        rows = spreadsheet.read(table)
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadLabel(f"{table.name} is no CSV in UTF-8 ({error}): export it again.") from error
    for row in rows:
        size = int(number(row["width"], "A width")), int(number(row["height"], "A height"))
        frame, stated = int(number(row["frame"], "A frame")), number(row["time_s"], "A time")
        file = path / "labels" / Path(row["file"]).name
        lines = (
            [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()] if file.exists() else []
        )
        origins = json.loads(row.get("origins") or "[]")
        try:
            found = [foreign.thing(line, classes, size, file, left_out) for line in lines]
        except BadDataset as error:
            raise BadLabel(str(error)) from error
        things = tuple(
            replace(each, origin=origins[k] if k < len(origins) else each.origin)
            for k, each in enumerate(found)
            if each is not None
        )
        key = row["clip"], row.get("sha256") or ""
        held = clips.setdefault(key, Labelled(*key, size_wh_px=size, left_out=left_out))
        clips[key] = replace(held, boxes={**held.boxes, frame: things}, time_s={**held.time_s, frame: stated})
    yield from clips.values()
