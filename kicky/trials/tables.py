"""Tables and JSON beside films -> their rows and values, or a sentence: file, line, what was expected."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import reading, spreadsheet
from ..errors import BadLabel, NotFound

FILMS = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".3gp")


def named(clip: str) -> str:
    """A clip as a table names it -> its name, without folders and without a film's ending."""
    path = reading.file_named(clip)
    return path.stem if path.suffix.lower() in FILMS else clip


def beside_rows(table: Path, needed: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """A table that need not be there -> its rows, each with the place it stands at."""
    for line, row in enumerate(rows_of(table, needed) if table.exists() else (), 2):
        yield f"{table.name}, line {line}", row


def rows_of(table: Path, needed: Sequence[str]) -> list[dict[str, str]]:
    """A table, the columns it cannot do without -> its rows, stripped. Raises: NotFound, BadLabel."""
    try:
        rows = [{name: value.strip() for name, value in row.items()} for row in spreadsheet.read(table)]
    except FileNotFoundError:
        raise NotFound(f"There is no {table.name} in {table.parent}: say where it is with --labels.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadLabel(f"{table.name} could not be read ({error}): save it as CSV in UTF-8.") from error
    missing = [name for name in needed if rows and name not in rows[0]]
    if missing or not rows:
        lacks = f"no column {', '.join(missing)}" if missing else "no line"
        raise BadLabel(f"{table.name} has {lacks}: it needs {', '.join(needed)}, and a line for each clip.")
    return rows


def json_at(path: Path) -> Any:
    """A file that need not be there -> its values, None without it. Raises: BadLabel."""
    return reading.json_of(path, BadLabel) if path.exists() else None


def number(text: str, where: str) -> float:
    """A cell, its place -> the number in it. Raises: BadLabel."""
    try:
        return float(text)
    except ValueError:
        raise BadLabel(f"{where}: {text!r} stands where a number belongs: correct it.") from None


def frame_of(text: str, where: str) -> int:
    """A cell, its place -> the frame it names; 46.0 is 46. Raises: BadLabel."""
    found = reading.whole(text)
    if found is None:
        raise BadLabel(f"{where}: the frame is a whole number, not {text!r}: correct it.")
    return found


def known(row: Mapping[str, str], name: str, where: str) -> float | None:
    """A row, one of its columns -> the number there, None where there is none. Raises: BadLabel."""
    value = number(row.get(name) or "nan", f"{where}: {name}")
    return value if math.isfinite(value) else None
