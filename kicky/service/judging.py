"""Films judged without the database, many at once: which they are, the answer, where it goes, and a line about it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..arrivals import FILM_ENDINGS
from ..errors import BadScene, KickyError, NotFound, OutOfMemory, TeacherFailed, UnfitClip, UnreadableClip
from ..shown import HOWS, VERDICTS
from ..speeds import Unit, given, told
from ..storage.database import told as readable
from .balls import refuse_outside
from .work import OnProgress, silent

if TYPE_CHECKING:
    from ..domain import Report

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


def analyze_file(
    path: Path,
    scene: Path | None = None,
    detector: str = "motion",
    slow_motion: float | None = None,
    out: Path | None = None,
    on_progress: OnProgress = silent,
    clicked_on: Path | None = None,
    force: bool = False,
    ball_px: tuple[float, float] | None = None,
    unit: Unit = Unit.KMH,
) -> Report:
    """Film, goal's file, … -> Report, without the database; with `out`, film.mp4 and report.json in there.

    `slow_motion` is how many times slower than real time the film plays, None: what the film itself says.
    `clicked_on` is the film on whose picture the goal was clicked, when it was another one of the same session
    (the corners are in its pixels, unless the goal's file says otherwise);
    `force` lets a teacher work without a graphics card; `ball_px` is where the ball lies before the kick, in the film's
    own pixels, where somebody says so; `unit` is what speeds are told in on the film.
    """
    from dataclasses import replace

    from .. import pipeline, render, video
    from ..domain import Said
    from ..drafts import write_whole
    from ..scene import read
    from ..scene.drift import still_picture
    from .document import report_json

    goal = read(scene) if scene else None
    before = still_picture(video.open_clip(clicked_on)) if clicked_on else None
    if goal is not None and before is not None and goal.picture_wh_px is None:
        goal = replace(goal, picture_wh_px=(before.shape[1], before.shape[0]))
    clip = video.open_clip(path, slow_motion)
    if ball_px is not None:
        refuse_outside(clip, ball_px)
    with video.decoded_once():
        report = pipeline.analyze(
            clip, detector, goal, on_progress, clicked_on=before, said=Said(ball_px=ball_px), force=force
        )
        if out is not None:
            with readable(out):
                out.mkdir(parents=True, exist_ok=True)
                text = json.dumps(report_json(report), indent=1, allow_nan=False)
                write_whole(out / "report.json", text.encode())
                render.film(report, out / "film.mp4", on_progress, unit=unit)
    return report
