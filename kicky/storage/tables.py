"""The rows of the database. A change here needs a migration in db/migrations/versions.

Times are stored in UTC; files are named relative to the media folder; what is not known is NULL.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    LargeBinary,
    UniqueConstraint,
)
from sqlmodel import Field

from .columns import Base, Utc, Whole, now


class SessionRow(Base, table=True):
    """A Saturday. The scene was clicked on a picture of scene_width by scene_height pixels."""

    __tablename__ = "session"
    id: int | None = Field(default=None, primary_key=True)
    date: dt.date
    place: str = ""
    scene: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    scene_width: int | None = None
    scene_height: int | None = None


class PlayerRow(Base, table=True):
    """Someone we know by name."""

    __tablename__ = "player"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class ClipRow(Base, table=True):
    """One film. Its own scene, where it has one, goes before its session's.

    `filmed_on` is the day its file tells. One that was cut from a session's film keeps that film's name and the second
    at which it begins there.
    """

    __tablename__ = "clip"
    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="session.id", ondelete="CASCADE", index=True)
    sha256: str = Field(unique=True)
    name: str
    file: str
    browser_copy: str | None = None
    width: int
    height: int
    frames: int
    duration_s: float
    slow_motion: float = 1.0
    scene: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    filmed_on: dt.date | None = None
    film: str | None = None
    film_start_s: float | None = None
    added_at: dt.datetime = Field(default_factory=now, sa_type=Utc)


class FilmRow(Base, table=True):
    """A film of a whole session, where it lies on the disk: it is never copied. Size and date tell that it is whole."""

    __tablename__ = "film"
    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="session.id", ondelete="CASCADE", index=True)
    path: str = Field(unique=True)
    size_bytes: int = Field(sa_type=Whole)
    modified_ns: int = Field(sa_type=Whole)
    frames: int
    duration_s: float
    width: int
    height: int
    browser_copy: str | None = None
    added_at: dt.datetime = Field(default_factory=now, sa_type=Utc)


class CutRow(Base, table=True):
    """A stretch of a film, both ends included, that is to be a clip: PROPOSED, KEPT, DISMISSED or EXPORTED."""

    __tablename__ = "cut"
    id: int | None = Field(default=None, primary_key=True)
    film_id: int = Field(foreign_key="film.id", ondelete="CASCADE", index=True)
    first: int
    last: int
    kick: int | None = None
    state: str
    by_hand: bool = False
    thumb: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    clip_id: int | None = Field(default=None, foreign_key="clip.id", ondelete="SET NULL")
    made_at: dt.datetime = Field(default_factory=now, sa_type=Utc)


class ShotRow(Base, table=True):
    """One analysis of a clip. Analysing again by the same detector and method replaces it.

    `player_by` says who named the shooter: BY_HAND, or BY_LOOK with the probability `player_p`. `ball_sure` is None
    in what an older program stored.
    """

    __tablename__ = "shot"
    __table_args__: ClassVar[Any] = (UniqueConstraint("clip_id", "detector", "method"),)
    id: int | None = Field(default=None, primary_key=True)
    clip_id: int = Field(foreign_key="clip.id", ondelete="CASCADE")
    detector: str
    method: str
    outcome: str
    p_goal: float | None = None
    how: str
    why: str = ""
    outcome_frame: int | None = None
    kick_frame: int | None = None
    kick_time_s: float | None = None
    kick_why_not: str = ""
    ball_sure: float | None = None
    foot: str
    p_left: float | None = None
    foot_why: str = ""
    shooter: str | None = None
    shooter_why_not: str = Field(default="", sa_column_kwargs={"server_default": ""})
    keeper: str | None = None
    players: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    player_id: int | None = Field(default=None, foreign_key="player.id", ondelete="SET NULL", index=True)
    player_by: str | None = None
    player_p: float | None = None
    evidence: str
    film: str | None = None
    made_with: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    seconds: dict[str, float] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    notes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    made_at: dt.datetime = Field(default_factory=now, sa_type=Utc)


class MeasureRow(Base, table=True):
    """One number of a shot; `place` keeps the order in which the report gave them."""

    __tablename__ = "measure"
    shot_id: int = Field(foreign_key="shot.id", ondelete="CASCADE", primary_key=True)
    name: str = Field(primary_key=True)
    place: int
    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    method: str = ""
    why_not: str = ""


class AppearanceRow(Base, table=True):
    """What the player of that label looks like in a shot; `vector` as `names.packed` writes it."""

    __tablename__ = "appearance"
    shot_id: int = Field(foreign_key="shot.id", ondelete="CASCADE", primary_key=True)
    label: str = Field(primary_key=True)
    vector: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class DenialRow(Base, table=True):
    """A shooter whom somebody said not to be that player."""

    __tablename__ = "denial"
    shot_id: int = Field(foreign_key="shot.id", ondelete="CASCADE", primary_key=True)
    player_id: int = Field(foreign_key="player.id", ondelete="CASCADE", primary_key=True)


class LabelRow(Base, table=True):
    """What a person says is true of a clip; the newest of a field counts."""

    __tablename__ = "label"
    id: int | None = Field(default=None, primary_key=True)
    clip_id: int = Field(foreign_key="clip.id", ondelete="CASCADE", index=True)
    field: str
    value: str
    who: str = ""
    made_at: dt.datetime = Field(default_factory=now, sa_type=Utc)


class DrawingRow(Base, table=True):
    """What a player drew on one frame of a clip; `shapes` as `drawings.Shape.to_json` gives them."""

    __tablename__ = "drawing"
    __table_args__: ClassVar[Any] = (UniqueConstraint("clip_id", "frame"),)
    id: int | None = Field(default=None, primary_key=True)
    clip_id: int = Field(foreign_key="clip.id", ondelete="CASCADE")
    frame: int
    time_s: float
    shapes: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    made_at: dt.datetime = Field(default_factory=now, sa_type=Utc)


class AdviceRow(Base, table=True):
    """What a coach said, as it was shown: of a shot, or of a player's session. Exactly one of the two is set.

    `passages` are [title, text, replaced, why]; `thumbs` is 1 up, -1 down, 0 taken back, NULL never said.
    """

    __tablename__ = "advice"
    __table_args__: ClassVar[Any] = (CheckConstraint("(shot_id IS NULL) <> (session_id IS NULL)", name="about_one"),)
    id: int | None = Field(default=None, primary_key=True)
    shot_id: int | None = Field(default=None, foreign_key="shot.id", ondelete="CASCADE", index=True)
    session_id: int | None = Field(default=None, foreign_key="session.id", ondelete="CASCADE", index=True)
    player: str = ""
    coach: str
    model: str = ""
    prompt_hash: str
    passages: list[list[Any]] = Field(sa_column=Column(JSON, nullable=False))
    thumbs: int | None = None
    seconds: float = 0.0
    made_at: dt.datetime = Field(default_factory=now, sa_type=Utc)


class RunRow(Base, table=True):
    """A run of an evaluation. `key` names what it is of: run again, it takes its own place.

    `scores` is what the table of all runs shows, by way of dividing the clips and its name; `document` the whole run.
    """

    __tablename__ = "run"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    label_set: str = Field(index=True)
    detector: str
    downstream: str
    made_with: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    tuned: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    scores: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    truth_key: str
    document: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    made_at: dt.datetime = Field(default_factory=now, sa_type=Utc)


class SettingRow(Base, table=True):
    """One thing the player set, by its name."""

    __tablename__ = "setting"
    key: str = Field(primary_key=True)
    value: str


class JobRow(Base, table=True):
    """Work for a worker process; teaching and a session's film are about no one clip.

    `stop` is the player's wish to end it.
    """

    __tablename__ = "job"
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    clip_id: int | None = Field(default=None, foreign_key="clip.id", ondelete="CASCADE", index=True)
    settings: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    state: str = Field(default="queued", index=True)
    stage: str = ""
    progress: float = 0.0
    message: str = ""
    stop: bool = False
    shot_id: int | None = Field(default=None, foreign_key="shot.id", ondelete="SET NULL")
    made_at: dt.datetime = Field(default_factory=now, sa_type=Utc)
    started_at: dt.datetime | None = Field(default=None, sa_type=Utc)
    ended_at: dt.datetime | None = Field(default=None, sa_type=Utc)
