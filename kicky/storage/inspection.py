"""A database of this version, the files that came with it -> nothing, or the first thing that a page could not show.

Row by row and in the order of the tables, each by what `rules` says of its columns, by the nouns that its readers make
of it, and by the files it names. Whatever passes here is shown; whatever is not would break a page for good.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from ..domain import Measure, Shot
from ..errors import StorageFailed
from . import archive, belongings, labels, rules, shapes
from .belongings import Values
from .columns import Base
from .foreign import Odd, short
from .rules import LEFT

STRIP = shapes.shaped(shapes.Strip)
LONGEST_STRIP = 8 << 20


class Inspection:
    """One backup being looked at: its rows by a read-only connection, its files with their hashes."""

    def __init__(self, db: sqlite3.Connection, films: Path, digests: Mapping[str, str]) -> None:
        self.db, self.films, self.digests, self.lying = db, films, digests, sorted(digests)
        self.clips: dict[int, Values] = {}
        self.frames: dict[int, int] = {}  # of a film, by its number
        self.whole: Mapping[str, Callable[[Values], None]] = {
            "clip": self._clip, "film": self._film, "cut": self._cut, "shot": self._shot, "measure": _measure,
            "label": self._label, "drawing": self._drawing, "setting": _setting,
        }  # fmt: skip

    def all(self, on_share: Callable[[float], None]) -> None:
        """Whom to tell which share is done -> nothing. Raises: Odd."""
        tables = [table for table in Base.metadata.sorted_tables if table.name not in LEFT]
        counts = {table.name: self._count(table.name) for table in tables}
        done, total = 0, sum(counts.values()) or 1
        for table in tables:
            for row in self._rows(table):
                self._named(table.name, row)
                if table.name in self.whole:
                    self.whole[table.name](row)
                self._made(table.name, row)
                done += 1
                if done % 50 == 0:
                    on_share(done / total)

    def _count(self, table: str) -> int:
        return int(self.db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608 our own tables

    def _rows(self, table: Any) -> Iterator[Values]:
        """Table -> its rows, each value as it may be shown. Raises: Odd."""
        columns = list(table.columns)
        names = ", ".join(f'"{column.name}"' for column in columns)
        for row in self.db.execute(f'SELECT {names} FROM "{table.name}"'):  # noqa: S608 our own tables
            yield {
                column.name: rules.read(table.name, column, value)
                for column, value in zip(columns, row, strict=True)
            }  # fmt: skip

    def _named(self, table: str, row: Values) -> None:
        """A row's files are there, or were gone already when the backup was made: then it has a name of ours."""
        clip = self.clips.get(row["clip_id"], row) if "clip_id" in row else row
        for column in belongings.FILES.get(table, ()):
            name = row[column]
            if name and name not in self.digests and not belongings.called(table, column, clip).fullmatch(name):
                raise Odd(f"in its table {table}, {column} is {short(name)}, a file that is not in it")

    def _made(self, table: str, row: Values) -> None:
        """What was made of a row can be shown."""
        for name, rest in belongings.made_of(table, row, self.lying):
            path, ending = self.films / name, rest[rest.rindex(".") :]
            fits = (
                shapes.is_picture(path, belongings.PICTURES[ending]) if ending in belongings.PICTURES
                else path.stat().st_size <= LONGEST_STRIP and STRIP(path.read_bytes())
            )  # fmt: skip
            if not fits:
                raise Odd(f"its file {short(name)} is none that can be shown")

    def _clip(self, row: Values) -> None:
        if self.digests.get(row["file"], row["sha256"]) != row["sha256"]:
            raise Odd(f"the film of its clip {short(row['name'])} is another one than its table says")
        self.clips[row["id"]] = row

    def _film(self, row: Values) -> None:
        self.frames[row["id"]] = row["frames"]

    def _cut(self, row: Values) -> None:
        ends = row["first"], row["last"] if row["kick"] is None else row["kick"], row["last"]
        if not row["first"] <= row["last"] < self.frames[row["film_id"]] or ends[1] >= self.frames[row["film_id"]]:
            raise Odd(f"a cut in it goes from frame {ends[0]} to {ends[2]}, which its film does not have")

    def _shot(self, row: Values) -> None:
        clip = self.clips[row["clip_id"]]
        frames = clip["frames"]
        if row["evidence"] in self.digests:
            shot = _evidence(self.films / row["evidence"])
            frames = len(shot.clip.time_s)
            if shot.clip.sha256 != clip["sha256"]:
                raise Odd(f"its file {short(row['evidence'])} is of another film than its table says")
        for column in ("kick_frame", "outcome_frame"):
            if (row[column] or 0) >= frames:
                raise Odd(f"in its table shot, {column} is {row[column]}, and the clip has {frames} frames")

    def _drawing(self, row: Values) -> None:
        frames = self.clips[row["clip_id"]]["frames"]
        if row["frame"] >= frames:
            raise Odd(f"a drawing in it is of frame {row['frame']}, and the clip has {frames} frames")

    def _label(self, row: Values) -> None:
        field, value, clip = row["field"], row["value"], self.clips[row["clip_id"]]
        fits = rules.FIELDS.get(field, lambda _: True)
        if field.startswith(labels.BOXES):
            fits = rules.BOXES
            value = value if shapes.is_frame(field.removeprefix(labels.BOXES)) else "no frame"
        elif fits is shapes.is_frame and value and fits(value):
            fits = lambda said: int(said) < clip["frames"]  # noqa: E731 only here
        elif fits is shapes.is_place and value and fits(value):
            fits = lambda said: _is_in(said, clip["width"], clip["height"])  # noqa: E731 only here
        if row["value"] and not fits(value):
            raise Odd(f"in its table label, {short(field)} is {short(row['value'])}, which nobody can have answered")


def _is_in(place: str, width: int, height: int) -> bool:
    """A place as x,y, a picture's sides in px -> whether it is in it."""
    x, y = (float(part) for part in place.split(","))
    return x <= width and y <= height


def inspect(own: Path, films: Path, digests: Mapping[str, str], on_share: Callable[[float], None]) -> None:
    """Database of ours, its files, name: SHA-256 of each -> nothing where all can be shown. Raises: Odd."""
    with closing(sqlite3.connect(own)) as db:
        Inspection(db, films, digests).all(on_share)


def _measure(row: Values) -> None:
    try:
        Measure(row["name"], row["unit"], row["value"], row["low"], row["high"], row["method"], row["why_not"])
    except ValueError as error:
        raise Odd(f"in its table measure, a {short(row['name'])} has neither a number with an interval nor a reason"
                  ) from error  # fmt: skip


def _setting(row: Values) -> None:
    fits = next((rule for key, rule in rules.SETTINGS.items() if row["key"].startswith(key)), None)
    if fits is not None and not fits(row["value"]):
        raise Odd(f"its setting {short(row['key'])} is {short(row['value'])}, which KICKY does not write there")


def _evidence(path: Path) -> Shot:
    """Evidence -> the shot, of numbers that can be drawn. Raises: Odd."""
    try:
        shot = archive.read(path, Path("film"))
    except StorageFailed as error:
        raise Odd(f"its file {short(path.name)} is none that KICKY wrote") from error
    try:
        why = _undrawable(shot)
    except (TypeError, ValueError):  # a word where a number belongs
        why = "something is no number"
    if why:
        raise Odd(f"in its file {short(path.name)}, {why}")
    return shot


def _undrawable(shot: Shot) -> str:
    """Shot -> what of it no page could show, "" where all is well."""
    tracks = (shot.ball, *shot.players)
    count = len(shot.clip.time_s)
    size = shot.clip.size_wh_px
    scene = shot.scene
    camera = scene and scene.camera
    seen = shot.clip, shot.clip.steadying, *tracks, shot.candidates, shot.pose, *shot.looks, *shot.rests
    nouns = (*seen, scene, camera, shot.flight)
    for noun in nouns:
        for name in type(noun).__slots__ if noun is not None else ():
            value = getattr(noun, name)
            if isinstance(value, float | int | np.ndarray) and not _is_drawable(value):
                return f"{name} has a number without bounds"
    if not np.isfinite(shot.clip.time_s).all() or not all(0 < side <= shapes.SIDE_PX for side in size):
        return "the film has no length or no size"
    if any(len(track.centre_px) != count for track in tracks):
        return "a track is of another film"
    if {shot.shooter, shot.keeper} - {None, *(player.label for player in shot.players)}:
        return "somebody shoots who is not there"
    if scene is not None and not all(0.5 <= side <= 12 for side in scene.goal_size_m):
        return "the goal has a size that no goal has"
    frames = [np.array([shot.kick_frame or 0])]
    frames += [shot.candidates.frame] if shot.candidates else []
    frames += [shot.pose.frames] if shot.pose else []
    frames += [rest.frames for rest in shot.rests]
    frames += [np.array([rest.bare_frame or 0]) for rest in shot.rests]
    frames += [shot.flight.seen] if shot.flight else []
    if any(len(part) and not (part.min() >= 0 and part.max() < count) for part in frames):
        return "something is seen in a frame that the film does not have"
    if not 0 <= shot.ball_sure <= 1 or any(not len(rest.frames) for rest in shot.rests):
        return "a ball is somewhere in no frame"
    said = (shot.kick_why_not, shot.shooter_why_not, shot.flight_why_not, shot.kick_source, *(t.label for t in tracks))
    return "" if all(isinstance(each, str) and shapes.words()(each) for each in said) else "a reason is no text"


def _is_drawable(value: Any) -> bool:
    """Number or array -> whether none of it is infinite, or beyond all that is measured."""
    whole = np.asarray(value)
    return whole.dtype.kind in "fiub" and not (np.abs(whole.astype(np.float64)) > shapes.BIG).any()
