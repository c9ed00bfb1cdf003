"""A folder of films with labels.csv -> labelled clips."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, TypeAdapter

from .. import reading
from ..domain import Label, Scene
from ..errors import BadLabel, NotFound, UnfitClip, UnreadableClip
from ..evaluation import Truth
from ..evaluation.nouns import FEET, NO_SHOT, OUTCOMES, Box
from ..scene import read
from ..video import open_clip, stated_frames
from .kept import digest
from .tables import FILMS, beside_rows, frame_of, json_at, known, named, number, rows_of

EVERY = 3  # of the frames of a rendered flight, whose ball is known in all, every third has its box judged
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
    between), slow_motion, speed_kmh and knee_deg (the kicking knee at contact, 180 straight). The goal is in
    CLIP.scene.json or SESSION.scene.json. Beside them, where there: ball_points.csv (clip, frame, x_px, y_px,
    diameter_px), boxes.csv (clip, frame, label, x0, y0, x1, y1), truth.json of rendered films.
    Raises: NotFound, BadLabel, BadScene.
    """
    table = labels or clips / "labels.csv"
    if not clips.is_dir():
        raise NotFound(f"There is no folder {clips}: correct the path.")
    rows = rows_of(table, ("clip", "outcome"))
    films = {file.stem: file for file in sorted(clips.iterdir()) if file.suffix.lower() in FILMS}
    alike: dict[str, list[str]] = {}
    for name in films:
        alike.setdefault(name.casefold(), []).append(name)
    beside = _Beside(clips)
    made, gone, splits = [], [], dict[str, str]()
    for line, row in enumerate(rows, start=2):
        name = named(row["clip"])
        if name not in films and len(alike.get(name.casefold(), ())) == 1:
            (name,) = alike[name.casefold()]
        split = row.get("split") or row.get("session") or ""
        if splits.setdefault(name, split) != split:
            raise BadLabel(f"{name} is in two splits, {splits[name]} and {split}: put it in one.")
        if name in films:
            made.append(_labelled(films[name], row, split, beside, f"{table.name}, line {line}"))
        else:
            gone.append(name)
    notes = _left_out(gone, "has a label but no film", "have labels but no film")
    notes += _left_out([name for name in films if name not in splits], "has no label", "have no label")
    return checked(LabelSet(str(table.resolve()), tuple(made), notes, tuple(tuned)))


class _Beside:
    """What may lie beside the films, read once; clips by name, in small letters."""

    def __init__(self, clips: Path) -> None:
        self.clips = clips
        self.spots: dict[str, list[Spot]] = {}
        self.boxes: dict[str, dict[int, tuple[Box, ...]]] = {}
        self.flown: dict[str, _Flight] = {}
        self.shifts = json_at(clips / "drift.json") or {}
        for where, row in beside_rows(clips / "ball_points.csv", ("clip", "frame", "x_px", "y_px")):
            x, y = number(row["x_px"], f"{where}: x_px"), number(row["y_px"], f"{where}: y_px")
            spot = Spot(frame_of(row["frame"], where), x, y, known(row, "diameter_px", where))
            if math.isfinite(x) and math.isfinite(y):
                self.spots.setdefault(named(row["clip"]).casefold(), []).append(spot)
        for where, row in beside_rows(clips / "boxes.csv", ("clip", "frame", "label", "x0", "y0", "x1", "y1")):
            if row["label"] not in LABELS:
                raise BadLabel(f"{where}: it knows {', '.join(LABELS)}, not {row['label']!r}: correct it.")
            x0, y0, x1, y1 = (number(row[side], f"{where}: {side}") for side in ("x0", "y0", "x1", "y1"))
            if not (-math.inf < x0 < x1 < math.inf and -math.inf < y0 < y1 < math.inf):
                raise BadLabel(f"{where}: x0 should be less than x1, and y0 less than y1: correct it.")
            here, frame = self.boxes.setdefault(named(row["clip"]).casefold(), {}), frame_of(row["frame"], where)
            here[frame] = (*here.get(frame, ()), (x0, y0, x1, y1, float(LABELS[row["label"]])))
        values = json_at(clips / "truth.json")
        for shot in reading.shaped(_TRUTHS, values or [], "truth.json", BadLabel):
            spots, self.flown[shot.name.casefold()] = _flown(shot), shot
            self.spots.setdefault(shot.name.casefold(), spots)
            self.boxes.setdefault(shot.name.casefold(), {spot.frame: (_box(spot),) for spot in spots[::EVERY]})

    def goal(self, name: str, session: str) -> tuple[Scene | None, Path | None]:
        """-> the goal of a clip, and the film it was clicked on where that is another of its session."""
        mine, shared = (self.clips / f"{each}.scene.json" for each in (name, session))
        if mine.exists():
            return read(mine), None
        if not session or not shared.exists():
            return None, None
        shifts = self.shifts.get(session, {}) if isinstance(self.shifts, dict) else {}
        whole = shifts.items() if isinstance(shifts, dict) else ()
        clicked = next((int(number) for number, shift in whole if shift == [0.0, 0.0] and number.isdecimal()), None)
        other = None if clicked is None else self.clips / f"{session}_{clicked:02d}.mp4"
        return read(shared), other if other is not None and other.exists() and other.stem != name else None


def _labelled(film: Path, row: Mapping[str, str], split: str, beside: _Beside, where: str) -> Labelled:
    session, name = row.get("session") or "", film.stem
    scene, clicked_on = beside.goal(name, session)
    contact = row.get("contact_frame") or ""
    if row["outcome"] not in ("", NO_SHOT, *OUTCOMES):
        raise BadLabel(f"{where}: the outcome is goal, no_goal, no_shot or nothing, not {row['outcome']!r}.")
    frame = reading.whole(contact)
    if contact and frame is None:
        raise BadLabel(f"{where}: the contact's frame is a number, not {contact!r}.")
    slow_motion = number(row.get("slow_motion") or "1", f"{where}: slow_motion")
    if not 0 < slow_motion < math.inf:
        raise BadLabel(f"{where}: slow_motion is a number above 0, 1 for none, not {row['slow_motion']!r}.")
    ball, boxes = tuple(beside.spots.get(name.casefold(), ())), beside.boxes.get(name.casefold())
    beside_frames = [*(spot.frame for spot in ball), *(boxes or ())]
    _in_film(film, {where: [] if frame is None else [frame], "ball_points.csv or boxes.csv": beside_frames})
    foot = row.get("foot") or ""
    shot = row["outcome"] != NO_SHOT
    truth = Truth(
        row["outcome"] if shot else "", row.get("how") or "", foot if foot in FEET else "",
        frame, row.get("confidence") != "low", known(row, "speed_kmh", where), known(row, "knee_deg", where),
    )  # fmt: skip
    if (drawn := beside.flown.get(name.casefold())) is not None and shot:
        truth = drawn.added(truth)
    return Labelled(
        name, film, digest(film), session, split, truth,
        (*(row.get("tags") or "").split(), *(() if shot else (NO_SHOT,))),
        slow_motion, scene, clicked_on, ball, boxes,
    )  # fmt: skip


def _in_film(film: Path, told: Mapping[str, Sequence[int]]) -> None:
    """Film, the frames that each place names -> nothing. Raises: BadLabel where the film has fewer frames.

    A film that cannot be opened is told of when it is run.
    """
    last = max((frame for frames in told.values() for frame in frames), default=-1)
    try:
        if last < 0 or last < stated_frames(film):  # its head is soon read, its frames are not
            return
        count = len(open_clip(film).time_s)
    except (UnreadableClip, UnfitClip):
        return
    for where, frames in told.items():
        if frames and max(frames) >= count:
            raise BadLabel(
                f"{where}: frame {max(frames)} of {film.name} is named, which has the frames 0 to {count - 1}."
            )


class _Flight(BaseModel):
    """What is known of a rendered shot."""

    name: str
    contact_frame: int | None
    outcome_frame: int | None
    size_wh_px: tuple[int, int]
    ball_px: list[tuple[float | None, float | None]]
    ball_diameter_px: list[float | None]
    speed_kmh: float | None = None
    angles_deg: dict[str, float] = {}

    def added(self, truth: Truth) -> Truth:
        """What a table says -> the same with speed and knee as they were drawn, where the table leaves them open."""
        speed = self.speed_kmh if truth.speed_kmh is None else truth.speed_kmh
        knee = self.angles_deg.get("kicking_knee") if truth.knee_deg is None else truth.knee_deg
        return replace(truth, speed_kmh=speed, knee_deg=knee)


_TRUTHS = TypeAdapter(list[_Flight])


def _flown(shot: _Flight) -> list[Spot]:
    """A rendered shot's truth -> where the ball was from the contact to what settled it, while in the picture."""
    if shot.contact_frame is None:
        return []
    width, height = shot.size_wh_px
    there = min(len(shot.ball_px), len(shot.ball_diameter_px))
    last = shot.outcome_frame if shot.outcome_frame is not None else len(shot.ball_px) - 1
    if shot.contact_frame < 0 or last >= there:
        raise BadLabel(f"truth.json: {shot.name} knows {there} frames, and not up to frame {last}: make it anew.")
    spots = []
    for frame in range(shot.contact_frame, last + 1):
        (x, y), wide = shot.ball_px[frame], shot.ball_diameter_px[frame]
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
