"""Labels <-> files of other programs. One file is one format: its name, how it is written, how it is known and read.

Frames are told with their times, and a time that is not the frame's is refused: another cut of a film has the same
numbers and other pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ... import reading
from ...errors import BadDataset, BadLabel
from . import article, coco, cvat, table, yolo
from .labelled import Labelled, fitting, proved


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what it is called, what it holds, and its two directions. None: it is only read."""

    title: str
    holds: str
    write: Callable[[Sequence[Labelled], Path], list[Path]] | None
    read: Callable[[Path], Iterable[Labelled]]
    knows: Callable[[Path], bool]


FORMATS = {
    "jsonl": Format("JSON lines", "everything", table.write_lines, table.read_lines, table.is_lines),
    "csv": Format("CSV", "answers", table.write_csv, table.read_csv, table.is_csv),
    "coco": Format("COCO", "boxes and masks", coco.write, coco.read, coco.knows),
    "yolo": Format("YOLO", "boxes and masks", yolo.write, yolo.read, yolo.knows),
    "cvat": Format("CVAT for video", "boxes and masks", cvat.write, cvat.read, cvat.knows),
    "article": Format("Lists of clips by outcome", "outcomes", None, article.read, article.knows),
}


def read(path: Path) -> tuple[str, list[Labelled]]:
    """File or folder -> its format's name and what it holds, frames not yet proved. Raises: BadLabel."""
    for name, form in FORMATS.items():
        if form.knows(path):
            try:
                found = list(form.read(path))
            except BadDataset as error:
                raise BadLabel(str(error)) from error
            if not found:
                raise BadLabel(f"{path.name} holds no labels: export it again.")
            return name, found
    if path.is_file() and path.suffix.lower() == ".json":
        reading.json_of(path, BadLabel)  # where it is no JSON at all, that is what to say
    raise BadLabel(
        f"{path.name} is in no format that is known here: use JSON lines, CSV, COCO, YOLO, CVAT for video, or a list "
        "of clips by outcome."
    )


__all__ = ["FORMATS", "Format", "Labelled", "fitting", "proved", "read"]
