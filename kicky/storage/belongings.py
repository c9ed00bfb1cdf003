"""What lies in the media folder for a row: the files it names, and those that were made of them or of its number."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

Values = Mapping[str, Any]

FILES: Mapping[str, tuple[str, ...]] = {
    "clip": ("file", "browser_copy"),
    "film": ("browser_copy",),
    "shot": ("evidence", "film"),
}
"""Table: its columns that name files."""
PICTURES = {".jpg": ("JPEG",), ".png": ("PNG",)}
MADE = {
    "session": re.compile(r"\d+\.png"),
    "clip": re.compile(r"\d+\.jpg"),
    "shot": re.compile(r"[\w-]+\.(?:png|jpg|json)"),
}
"""Table: how the names of what was made go on after `beginning`."""


def beginning(table: str, row: Values) -> str:
    """Table, row -> how the names of what was made of it begin, "" where nothing is made."""
    if table == "session":
        return f"goal-{row['id']}-"
    if table == "clip":
        return f"{row['sha256']}-"
    return f"{stem(row['evidence'])}." if table == "shot" else ""


def stem(evidence: str) -> str:
    """Name of evidence -> what the names of all that is made from it begin with."""
    return evidence.removesuffix(".npz")


def called(table: str, column: str, clip: Values) -> re.Pattern[str]:
    """Table, its column of a file, the row's clip -> what the program itself calls such a file."""
    if table == "film":
        return re.compile(r"film-\d+(-\w+)?\.browser\.mp4")
    short = re.escape(clip["sha256"][:16])
    names = {
        "file": rf"{clip['sha256']}\.\w{{1,5}}", "browser_copy": rf"{clip['sha256']}\.browser\.mp4",
        "evidence": rf"{short}-\w+\.npz", "film": rf"{short}-\w+\.film\.mp4",
    }  # fmt: skip
    return re.compile(names[column])


def free(table: str, column: str, clip: Values, name: str, folder: Path) -> str:
    """Table, its column of a file, the row's clip, a name, folder -> that name, or one of ours where it will not do.

    A drawn film and a copy of a session's are called after a number of another database, so they always get another.
    """
    is_numbered = (table, column) in (("film", "browser_copy"), ("shot", "film"))
    if not is_numbered and called(table, column, clip).fullmatch(name) and not (folder / name).exists():
        return name
    mark = uuid4().hex[:8]
    if table == "film":
        return f"film-{mark}.browser.mp4"
    if table == "clip":
        return f"{clip['sha256']}-{mark}{'.browser.mp4' if column == 'browser_copy' else Path(name).suffix}"
    return f"{clip['sha256'][:16]}-{mark}{'.npz' if column == 'evidence' else '.film.mp4'}"


def made_of(table: str, row: Values, lying: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Table, row, names in order -> (name, what follows its beginning) of each file that was made of the row."""
    start = beginning(table, row)
    place = bisect_left(lying, start) if start else len(lying)
    while place < len(lying) and lying[place].startswith(start):
        if MADE[table].fullmatch(lying[place].removeprefix(start)):
            yield lying[place], lying[place].removeprefix(start)
        place += 1
