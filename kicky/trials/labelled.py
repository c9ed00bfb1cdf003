"""A folder of films with labels.csv -> labelled clips."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import spreadsheet
from ..domain import Label, Scene
from ..errors import BadLabel, NotFound
from ..evaluation import Truth
from ..evaluation.nouns import FEET, OUTCOMES, Box
from ..scene import read
from .kept import digest

FILMS = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".3gp")
EVERY = 3  # of the frames of a rendered flight, whose ball is known in all, every third has its box judged
NO_SHOT = "no_shot"  # of a film that shows none: no outcome to be right about, told by a tag
LABELS = {label.name.lower(): int(label) for label in Label}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the ball, marked by hand or known: frame, px, and its diameter in px, None where it is not told."""

    frame: int
    x_px: float
    y_px: float
    diameter_px: float | None


@dataclass(frozen=True, slots=True)
class Labelled:
    """One film and what is true of it. `clicked_on`: the film or picture its goal was clicked on, None: this one.

    `boxes`: frame -> x0 y0 x1 y1 and the label's number of everything drawn in it.
    """

    name: str
    path: Path
    sha256: str
    session: str
    split: str
    truth: Truth
    tags: tuple[str, ...] = ()
    slow_motion: float = 1.0
    scene: Scene | None = None
    clicked_on: Path | None = None
    ball: tuple[Spot, ...] = ()
    boxes: Mapping[int, tuple[Box, ...]] | None = None


@dataclass(frozen=True, slots=True)
class LabelSet:
    """Labelled clips by one name. `notes` say what was left out; `tuned` are the splits something was chosen on."""

    name: str
    clips: tuple[Labelled, ...]
    notes: tuple[str, ...] = ()
    tuned: tuple[str, ...] = ()


def checked(labels: LabelSet) -> LabelSet:
    """Labels -> the same. Raises: BadLabel: nothing labelled, one clip in two splits, a chosen-on split called test."""
    if not labels.clips:
        raise BadLabel(f"{labels.name} holds no film with a label: label clips first. {' '.join(labels.notes)}".strip())
    splits: dict[str, Labelled] = {}
    for clip in labels.clips:
        other = splits.setdefault(clip.sha256, clip)
        if other.split != clip.split:
            same = clip.name if clip.name == other.name else f"{other.name} and {clip.name} are one film, which"
            raise BadLabel(f"{same} is in two splits, {other.split} and {clip.split}: put it in one.")
        if other is not clip:
            raise BadLabel(f"{other.name} and {clip.name} are the same film: take one of the two out.")
    for split in labels.tuned:
        if split.strip().lower() == "test":
            raise BadLabel("A split that something was chosen on is no test: give it another name, such as tuned.")
        if split not in {clip.split for clip in labels.clips}:
            raise BadLabel(f"No clip is in the split {split}, which is said to have been chosen on: correct its name.")
    return labels


def folder(clips: Path, labels: Path | None = None, tuned: Sequence[str] = ()) -> LabelSet:
    """Folder of films, its labels.csv -> the labelled clips.

    Columns: clip, outcome (goal, no_goal, no_shot, nothing where it is not seen); if there, session, split (else the
    session is the split), how, foot, contact_frame, confidence (low: the outcome is left out), tags (words with blanks
    between), slow_motion. The goal is in CLIP.scene.json or SESSION.scene.json. Beside them, where there:
    ball_points.csv (clip, frame, x_px, y_px, diameter_px), boxes.csv (clip, frame, label, x0, y0, x1, y1), truth.json
    of rendered films.
    Raises: NotFound, BadLabel, BadScene.
    """
    table = labels or clips / "labels.csv"
    if not clips.is_dir():
        raise NotFound(f"There is no folder {clips}: correct the path.")
    rows = _rows(table, ("clip", "outcome"))
    films = {file.stem: file for file in sorted(clips.iterdir()) if file.suffix.lower() in FILMS}
    beside = _Beside(clips)
    made, gone, splits = [], [], dict[str, str]()
    for number, row in enumerate(rows, start=2):
        name = Path(row["clip"]).stem if Path(row["clip"]).suffix.lower() in FILMS else row["clip"]
        split = row.get("split") or row.get("session") or ""
        if splits.setdefault(name, split) != split:
            raise BadLabel(f"{name} is in two splits, {splits[name]} and {split}: put it in one.")
        if name in films:
            made.append(_labelled(films[name], row, split, beside, f"{table.name}, line {number}"))
        else:
            gone.append(name)
    notes = _left_out(gone, "has a label but no film", "have labels but no film")
    notes += _left_out([name for name in films if name not in splits], "has no label", "have no label")
    return checked(LabelSet(str(table.resolve()), tuple(made), notes, tuple(tuned)))


class _Beside:
    """What may lie beside the films, read once."""

    def __init__(self, clips: Path) -> None:
        self.clips = clips
        self.spots: dict[str, list[Spot]] = {}
        self.boxes: dict[str, dict[int, tuple[Box, ...]]] = {}
        self.shifts = _json(clips / "drift.json") or {}
        if (clips / "ball_points.csv").exists():
            for row in _rows(clips / "ball_points.csv", ("clip", "frame", "x_px", "y_px")):
                spot = Spot(int(row["frame"]), _number(row["x_px"]), _number(row["y_px"]), _known(row, "diameter_px"))
                if math.isfinite(spot.x_px):
                    self.spots.setdefault(row["clip"], []).append(spot)
        if (clips / "boxes.csv").exists():
            for row in _rows(clips / "boxes.csv", ("clip", "frame", "label", "x0", "y0", "x1", "y1")):
                if row["label"] not in LABELS:
                    raise BadLabel(f"boxes.csv knows {', '.join(LABELS)}, not {row['label']!r}: correct it.")
                here = self.boxes.setdefault(row["clip"], {})
                box = (*(_number(row[side]) for side in ("x0", "y0", "x1", "y1")), float(LABELS[row["label"]]))
                here[int(row["frame"])] = (*here.get(int(row["frame"]), ()), box)
        for shot in _json(clips / "truth.json") or []:
            spots = _flown(shot)
            self.spots.setdefault(shot["name"], spots)
            self.boxes.setdefault(shot["name"], {spot.frame: (_box(spot),) for spot in spots[::EVERY]})

    def goal(self, name: str, session: str) -> tuple[Scene | None, Path | None]:
        """-> the goal of a clip, and the film it was clicked on where that is another of its session."""
        mine, shared = (self.clips / f"{each}.scene.json" for each in (name, session))
        if mine.exists():
            return read(mine), None
        if not session or not shared.exists():
            return None, None
        shifts = self.shifts.get(session, {}) if isinstance(self.shifts, dict) else {}
        clicked = next((int(number) for number, shift in shifts.items() if shift == [0.0, 0.0]), None)
        other = None if clicked is None else self.clips / f"{session}_{clicked:02d}.mp4"
        return read(shared), other if other is not None and other.exists() and other.stem != name else None


def _labelled(film: Path, row: Mapping[str, str], split: str, beside: _Beside, where: str) -> Labelled:
    session, name = row.get("session") or "", film.stem
    scene, clicked_on = beside.goal(name, session)
    contact = row.get("contact_frame") or ""
    if row["outcome"] not in ("", NO_SHOT, *OUTCOMES):
        raise BadLabel(f"{where}: the outcome is goal, no_goal, no_shot or nothing, not {row['outcome']!r}.")
    if contact and not contact.isdecimal():
        raise BadLabel(f"{where}: the contact's frame is a number, not {contact!r}.")
    foot = row.get("foot") or ""
    shot = row["outcome"] != NO_SHOT
    truth = Truth(
        row["outcome"] if shot else "", row.get("how") or "", foot if foot in FEET else "",
        int(contact) if contact else None, row.get("confidence") != "low",
    )  # fmt: skip
    return Labelled(
        name, film, digest(film), session, split, truth,
        (*(row.get("tags") or "").split(), *(() if shot else (NO_SHOT,))),
        _number(row.get("slow_motion") or "1"), scene, clicked_on,
        tuple(beside.spots.get(name, ())), beside.boxes.get(name),
    )  # fmt: skip


def _rows(table: Path, needed: Sequence[str]) -> list[dict[str, str]]:
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


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise BadLabel(f"{path.name} could not be read ({error}): take it away, or make it anew.") from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadLabel(f"{text!r} stands where a number belongs: correct it.") from None


def _known(row: Mapping[str, str], name: str) -> float | None:
    value = _number(row.get(name) or "nan")
    return value if math.isfinite(value) else None


def _flown(shot: Mapping[str, Any]) -> list[Spot]:
    """A rendered shot's truth -> where the ball was from the contact to what settled it, while in the picture."""
    if shot["contact_frame"] is None:
        return []
    width, height = shot["size_wh_px"]
    last = shot["outcome_frame"] if shot["outcome_frame"] is not None else len(shot["ball_px"]) - 1
    spots = []
    for frame in range(shot["contact_frame"], last + 1):
        (x, y), wide = shot["ball_px"][frame], shot["ball_diameter_px"][frame]
        if x is not None and y is not None and 0 <= x < width and 0 <= y < height:
            spots.append(Spot(frame, x, y, wide))
    return spots


def _box(spot: Spot) -> Box:
    half = (spot.diameter_px or 0.0) / 2
    return spot.x_px - half, spot.y_px - half, spot.x_px + half, spot.y_px + half, float(Label.BALL)


def _left_out(names: Sequence[str], one: str, many: str) -> tuple[str, ...]:
    if not names:
        return ()
    shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    return (f"{shown} {one if len(names) == 1 else many}: left out.",)
