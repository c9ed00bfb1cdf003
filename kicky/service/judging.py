"""Films from the command line, many at once: which they are, where each answer goes, and a line about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ..arrivals import FILM_ENDINGS
from ..errors import BadScene, KickyError, NotFound, OutOfMemory, TeacherFailed, UnfitClip, UnreadableClip
from ..shown import HOWS, VERDICTS
from ..speeds import Unit, given, told
from ..storage.database import told as readable

OF_ONE_FILM = BadScene, OutOfMemory, TeacherFailed, UnfitClip, UnreadableClip


def films_in(folder: Path) -> list[Path]:
    """Folder -> the films in it, by name. Raises: StorageFailed where it may not be read."""
    with readable(folder):
        films = [file for file in folder.iterdir() if file.suffix.lower() in FILM_ENDINGS and file.name[0] != "."]
        return sorted(file for file in films if file.is_file())


def films_at(paths: Sequence[Path]) -> list[Path]:
    """Films and folders -> the films, each once. Raises: NotFound for a folder without any, StorageFailed."""
    films: dict[Path, Path] = {}
    for path in paths:
        inside = films_in(path) if path.is_dir() else [path]
        if not inside:
            raise NotFound(f"There is no film in {path}: give a film, or a folder with some.")
        films |= {film.resolve(): film for film in inside if film.resolve() not in films}
    return list(films.values())


def folders(films: Sequence[Path], out: Path | None) -> dict[Path, Path | None]:
    """Films, folder for all answers -> each film's own folder in it, called as the film is; no two share one."""
    taken: dict[str, int] = {}
    own: dict[Path, Path | None] = {}
    for film in films:
        name = film.stem
        while name.casefold() in taken:
            taken[film.stem.casefold()] += 1
            name = f"{film.stem}-{taken[film.stem.casefold()]}"
        taken[name.casefold()] = 1
        own[film] = None if out is None else out / name
    return own


def goal_beside(film: Path) -> Path | None:
    """Film -> NAME.scene.json beside it, None where there is none."""
    beside = film.with_suffix(".scene.json")
    return beside if beside.exists() else None


def of_this_film(error: KickyError) -> bool:
    """Error -> whether the next film may be judged all the same; if not, it would end each of them."""
    return isinstance(error, OF_ONE_FILM)


def heading(width: int) -> str:
    """Width of the films' names -> the table's first line."""
    return f"{'film':{width}}  {'verdict':8}  {'how':25}  {'foot':6}  ball speed"


def line(document: Mapping[str, Any], width: int, unit: Unit = Unit.KMH) -> str:
    """Report as JSON, or why there is none, width of the films' names -> one line of the table."""
    name = f"{' '.join(document['clip'].splitlines()):{width}}"
    if "error" in document:
        return f"{name}  {document['error']}"
    how = HOWS.get(document["how"], document["how"])
    fast = {which: SimpleNamespace(**document[f"{which}_kmh"]) for which in ("speed", "speed_across")}
    speed = told(given(fast), given(fast, "speed_across"), unit)
    return f"{name}  {VERDICTS[document['outcome']]:8}  {how:25}  {document['foot']:6}  {speed}"
