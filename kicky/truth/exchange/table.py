"""CSV, a line for each labeller of a clip; and JSON lines, a line for each clip with everything."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, TypeAdapter

from ... import reading, spreadsheet
from ...errors import BadLabel
from ...teach.labelled import Thing
from ..questions import FIELDS, FRAMES
from .labelled import Labelled, number, whole

COLUMNS = ("clip", "sha256", "who", *FIELDS, *(field.replace("_frame", "_time_s") for field in FRAMES))


def write_csv(clips: Sequence[Labelled], folder: Path) -> list[Path]:
    """Clips, folder -> labels.csv there: answers only."""
    target = folder / "labels.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        spreadsheet.write(file, COLUMNS, ([row.get(name, "") for name in COLUMNS] for row in _rows(clips)))
    return [target]


def _rows(clips: Sequence[Labelled]) -> Iterator[dict[str, str]]:
    for clip in clips:
        for who, said in clip.answers.items():
            row = {"clip": clip.clip, "sha256": clip.sha256, "who": who, **said}
            for field in FRAMES:
                if said.get(field):
                    row[field.replace("_frame", "_time_s")] = f"{clip.time_s[int(said[field])]:.6f}"
            yield row


def is_csv(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() == ".csv" and not path.name.startswith("frames")


def read_csv(path: Path) -> Iterator[Labelled]:
    """A CSV with at least a column clip -> a clip for each line; columns of other names are not read."""
    for line, row in enumerate(rows_of(path, ("clip",)), 2):
        where = f"{path.name}, line {line}"
        if not row["clip"].strip():
            raise BadLabel(f"{where}: no clip is named: name it, or take the line out.")
        said = {field: (row.get(field) or "").strip() for field in FIELDS}
        said = {field: value for field, value in said.items() if value}
        times = {}
        for field in FRAMES:
            stated = (row.get(field.replace("_frame", "_time_s")) or "").strip()
            if stated and field in said:
                frame = whole(said[field], f"{where}: {field}")
                times[frame] = number(stated, f"{where}: the time of {row['clip']}'s {field}")
        yield Labelled(row["clip"], row.get("sha256") or "", answers={(row.get("who") or "import"): said}, time_s=times)


def rows_of(path: Path, needed: Sequence[str]) -> list[dict[str, str]]:
    """A table, the columns it cannot do without -> its rows. Raises: BadLabel."""
    try:
        rows = spreadsheet.read(path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadLabel(f"{path.name} is no CSV in UTF-8 ({error}): export it again.") from error
    if rows and (missing := [name for name in needed if name not in rows[0]]):
        raise BadLabel(
            f"{path.name} has no column called {', '.join(missing)}: name the columns so, with commas between."
        )
    return rows


def write_lines(clips: Sequence[Labelled], folder: Path) -> list[Path]:
    """Clips, folder -> labels.jsonl there, with everything."""
    target = folder / "labels.jsonl"
    with target.open("w", encoding="utf-8") as file:
        for clip in clips:
            boxes = {str(frame): [asdict(thing) for thing in things] for frame, things in clip.boxes.items()}
            line = {
                "clip": clip.clip, "sha256": clip.sha256, "frames": clip.frames, "size_wh_px": clip.size_wh_px,
                "answers": clip.answers, "boxes": boxes, "time_s": {str(k): t for k, t in clip.time_s.items()},
            }  # fmt: skip
            file.write(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n")
    return [target]


def is_lines(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in (".jsonl", ".ndjson")


class _Thing(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)
    label: str
    box_px: tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat]
    outline_px: list[list[FiniteFloat]] = []
    origin: dict[str, Any] = {}


class _Line(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)
    clip: str = Field(min_length=1)
    sha256: str = ""
    frames: int = 0
    size_wh_px: tuple[int, int] = (0, 0)
    answers: dict[str, dict[str, str]] = {}
    boxes: dict[Annotated[int, Field(ge=0)], list[_Thing]] = {}
    time_s: dict[Annotated[int, Field(ge=0)], FiniteFloat] = {}


_LINE = TypeAdapter(_Line)


def read_lines(path: Path) -> Iterator[Labelled]:
    """JSON lines as `write_lines` writes them -> the clips."""
    for place, line in enumerate(reading.text_of(path, BadLabel).splitlines(), 1):
        if not line.strip():
            continue
        where = f"Line {place} of {path.name}"
        values = reading.shaped(_LINE, reading.parsed(line, where, BadLabel), where, BadLabel)
        boxes = {frame: tuple(_thing(each) for each in things) for frame, things in values.boxes.items()}
        yield Labelled(
            values.clip, values.sha256, values.frames, values.size_wh_px, values.answers, boxes, values.time_s
        )


def _thing(each: _Thing) -> Thing:
    return Thing(each.label, each.box_px, tuple(tuple(part) for part in each.outline_px), each.origin)
