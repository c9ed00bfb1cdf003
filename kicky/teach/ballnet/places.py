"""Folder of films -> in which frames of each a ball flies, and where: as drawn, else as KICKY measured."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ... import video
from ...arrivals import FILM_ENDINGS
from ...domain import Clip, OnProgress, Report
from ...errors import BadDataset, KickyError
from ..measured import FLIGHT, balls_of

TRUTH = "truth.json"
LARGEST_PX = 70.0  # a larger one fills the tile
Place = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Flight:
    """A film, and its frames in which a ball is known to fly: x, y, diameter in px. None lies or is hidden there."""

    clip: Clip
    places: Mapping[int, Place]


def flights(folder: Path, report_of: Callable[[Clip], Report], on_progress: OnProgress) -> list[Flight]:
    """Folder of films, what KICKY measures of one -> those with a flight. Films that `synth` drew are believed by their
    truth.json, others are measured. Stage told: films.

    Raises: BadDataset where no film of the folder shows a flight, or its truth.json is none.
    """
    films = sorted(file for file in _inside(folder) if file.suffix.lower() in FILM_ENDINGS and file.name[0] != ".")
    drawn = _drawn(folder)
    found = []
    for number, film in enumerate(films):
        on_progress("films", number / len(films))
        found += list(_flight(film, drawn, report_of))
    on_progress("films", 1.0)
    if not found:
        raise BadDataset(
            f"No film in {folder} shows a flight to learn from: take films of shots, or draw some with "
            "`python -m kicky synth FOLDER --hard`."
        )
    return found


def _inside(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise BadDataset(f"{folder} is no folder of films: a ball network learns from one.") from error


def _drawn(folder: Path) -> dict[str, Any]:
    """-> what is known of each drawn film, by its name; {} where none was drawn. Raises: BadDataset."""
    file = folder / TRUTH
    if not file.exists():
        return {}
    try:
        return {shot["name"]: shot for shot in json.loads(file.read_text(encoding="utf-8"))}
    except (ValueError, TypeError, KeyError) as error:
        raise BadDataset(f"{file} is not what `synth` writes: draw the films anew, or remove it.") from error


def _flight(film: Path, drawn: Mapping[str, Any], report_of: Callable[[Clip], Report]) -> Iterator[Flight]:
    """-> the film's flight, where it can be read and shows one."""
    shot = drawn.get(film.stem)
    try:
        clip = video.open_clip(film)
        places = _measured(report_of(clip)) if shot is None else _true(shot)
    except KickyError:
        return  # one film that cannot be read or judged is no reason to learn from none
    within = {frame: place for frame, place in places.items() if 0 < frame < len(clip.time_s) - 1}
    if within:
        yield Flight(clip, within)


def _true(shot: Mapping[str, Any]) -> dict[int, Place]:
    """What `synth` wrote of a shot -> the ball from the kick to what settles it, while the camera stands still."""
    kick = shot["contact_frame"]
    if kick is None or shot.get("moves") is not None:
        return {}
    last = shot["outcome_frame"] or len(shot["ball_px"]) - 1
    width, height = shot["size_wh_px"]
    places = {}
    for frame in range(kick + 1, last + 1):
        x, y = shot["ball_px"][frame]
        across = shot["ball_diameter_px"][frame]
        if x is not None and np.isfinite(x) and 0 <= x < width and 0 <= y < height and 0 < across < LARGEST_PX:
            places[frame] = (float(x), float(y), float(across))
    return places


def _measured(report: Report) -> dict[int, Place]:
    """Report -> the ball where a candidate lies on the fitted flight."""
    places = {}
    for frame, ball in balls_of(report.shot).items():
        x0, y0, x1, y1 = ball.box_px
        if ball.origin["model"] == FLIGHT and 0 < x1 - x0 < LARGEST_PX:
            places[frame] = ((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0)
    return places
