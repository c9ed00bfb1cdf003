"""YOLO: data.yaml, labels/CLIP_000012.txt, and frames.csv, which says of which clip and when each is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from ... import reading, spreadsheet
from ...errors import BadLabel
from ...reading import file_named
from ...teach.foreign import yolo as foreign
from ...teach.labelled import CLASSES, Thing
from .labelled import Labelled, file_stem, number, whole
from .table import rows_of

COLUMNS = ("file", "clip", "sha256", "frame", "time_s", "width", "height", "origins")
_ORIGINS = TypeAdapter(list[dict[str, Any]])


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
    """A folder as above -> its clips. Raises: BadDataset, BadLabel, also where frames.csv is missing."""
    table = path / "frames.csv"
    if not table.exists():
        raise BadLabel(f"{path.name} has no frames.csv, so nobody knows of which clip its labels are: add it.")
    classes = foreign.classes_of(path)
    clips: dict[tuple[str, str], Labelled] = {}
    left_out: Counter[str] = Counter()
    used: set[str] = set()
    lying = {each.name for each in (path / "labels").iterdir() if each.is_file()}
    for line, row in enumerate(rows_of(table, COLUMNS[:2] + COLUMNS[3:7]), 2):
        where = f"{table.name}, line {line}"
        size = whole(row["width"], f"{where}: width"), whole(row["height"], f"{where}: height")
        frame, stated = whole(row["frame"], f"{where}: frame"), number(row["time_s"], f"{where}: time_s")
        file = path / "labels" / file_named(row["file"]).name
        if file.name not in lying:
            raise BadLabel(
                f"{where}: there is no labels/{file.name}: export it again, with a file for empty frames too."
            )
        used.add(file.name)
        found = foreign.things_of(file, classes, size, left_out)
        things = _told(found, row.get("origins") or "[]", f"{where}: origins")
        key = row["clip"], row.get("sha256") or ""
        held = clips.setdefault(key, Labelled(*key, size_wh_px=size, left_out=left_out))
        if frame in held.boxes:
            raise BadLabel(f"{where}: frame {frame} of {row['clip']} is there twice: keep one of the two.")
        if size != held.size_wh_px:
            raise BadLabel(f"{where}: {row['clip']} has two sizes, {held.size_wh_px} and {size}: correct it.")
        clips[key] = replace(held, boxes={**held.boxes, frame: things}, time_s={**held.time_s, frame: stated})
    if extra := {name for name in lying if name.endswith(".txt")} - used:
        left_out["label files that frames.csv does not name"] += len(extra)
    for first, each in enumerate(clips.values()):
        yield replace(each, left_out=Counter() if first else left_out)


def _told(found: Sequence[Thing | None], text: str, where: str) -> tuple[Thing, ...]:
    """A line's things, what the table says of their origins -> those that are ours, with them. Raises: BadLabel."""
    origins = reading.shaped(_ORIGINS, reading.parsed(text, where, BadLabel), where, BadLabel)
    return tuple(
        replace(each, origin=origins[k] if k < len(origins) else each.origin)
        for k, each in enumerate(found)
        if each is not None
    )
