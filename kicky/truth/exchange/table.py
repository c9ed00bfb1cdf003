"""CSV, a line for each labeller of a clip; and JSON lines, a line for each clip with everything."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ... import spreadsheet
from ...errors import BadLabel
from ...teach.labelled import thing_from_json
from ..questions import FIELDS, FRAMES
from .labelled import Labelled, number

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
    try:
        rows = spreadsheet.read(path)
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadLabel(f"{path.name} is no CSV in UTF-8 ({error}): export it again.") from error
    if rows and "clip" not in rows[0]:
        raise BadLabel(f"{path.name} has no column called clip: name the column with the clips so.")
    for row in rows:
        said = {field: (row.get(field) or "").strip() for field in FIELDS}
        said = {field: value for field, value in said.items() if value}
        times = {}
        for field in FRAMES:
            stated = (row.get(field.replace("_frame", "_time_s")) or "").strip()
            if stated and field in said:
                times[int(number(said[field], field))] = number(stated, f"The time of {row['clip']}'s {field}")
        yield Labelled(row["clip"], row.get("sha256") or "", answers={(row.get("who") or "import"): said}, time_s=times)


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


def read_lines(path: Path) -> Iterator[Labelled]:
    """JSON lines as `write_lines` writes them -> the clips."""
    for place, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            values: Mapping[str, Any] = json.loads(line)
            boxes = {int(k): tuple(thing_from_json(each) for each in v) for k, v in values.get("boxes", {}).items()}
            times = {int(frame): float(second) for frame, second in values.get("time_s", {}).items()}
            width, height = values.get("size_wh_px", (0, 0))
            yield Labelled(
                str(values["clip"]), str(values.get("sha256", "")), int(values.get("frames", 0)), (width, height),
                values.get("answers", {}), boxes, times,
            )  # fmt: skip
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadLabel(f"Line {place} of {path.name} is no clip with labels ({error}): export it again.") from error
