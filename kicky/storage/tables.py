"""The rows of the database. A change here needs a migration in db/migrations/versions.

Times are stored in UTC; files are named relative to the media folder; what is not known is NULL.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from .views import plain

if TYPE_CHECKING:
    from ..domain import Report

# SQLite cannot drop a constraint that has no name, and batch migrations have to.
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> dt.datetime:
    """-> the present moment, in UTC."""
    return dt.datetime.now(dt.UTC)


class Utc(TypeDecorator[dt.datetime]):
    """Aware time -> UTC in the database -> aware time; a time without a zone is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _dialect: Dialect) -> dt.datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a time needs its zone, got {value!r}")
        return value and value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, _dialect: Dialect) -> dt.datetime | None:
        return value and value.replace(tzinfo=dt.UTC)


# SQLite's whole numbers have room for anything; elsewhere it is to be said.
Whole: Any = BigInteger().with_variant(Integer, "sqlite")


class Base(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """Own registry: Streamlit imports local modules again after an edit, and a table may be defined once."""


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


# Who gave a shooter's name: a person, or a look like somebody named by a person.
BY_HAND, BY_LOOK = "hand", "look"
RESTRIKE = "restrike"
# Kinds of job that belong to no line of a page: they come after all others, in this order.
UNLISTED = (BUNDLE, REDRAW, COPY) = ("bundle", "redraw", "copy")
TEACHING = (AUTOLABEL, TRAIN) = ("autolabel", "train")
# Work on a session's whole film.
FILMING = (PROPOSE, EXPORT, FILM_COPY) = ("propose", "export", "film_copy")
EVALUATING = (EVALUATE, BESIDE, COMPARE) = ("evaluate", "beside", "compare")
# Films made to be sent.
SENDING = (SEND, REEL) = ("send", "reel")
# Models fetched: the one work that goes online.
FETCHING = (PULL,) = ("pull",)
PROPOSED, KEPT, DISMISSED, EXPORTED = "proposed", "kept", "dismissed", "exported"


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


def shot_values(report: Report) -> dict[str, Any]:
    """Report -> columns of its shot."""
    shot, outcome, foot = report.shot, report.outcome, report.foot
    kick = shot.kick_frame
    return {
        "method": outcome.method,
        "outcome": str(outcome.verdict),
        "p_goal": plain(outcome.p_goal),
        "how": str(outcome.how),
        "why": outcome.why,
        "outcome_frame": plain(outcome.frame),
        "kick_frame": plain(kick),
        "kick_time_s": None if kick is None else float(shot.clip.time_s[kick]),
        "kick_why_not": shot.kick_why_not,
        "ball_sure": plain(shot.ball_sure),
        "foot": str(foot.foot),
        "p_left": plain(foot.p_left),
        "foot_why": foot.why,
        "shooter": shot.shooter,
        "shooter_why_not": shot.shooter_why_not,
        "keeper": shot.keeper,
        "players": [player.label for player in shot.players],
        "made_with": plain(report.made_with),
        "seconds": plain(report.seconds),
        "notes": list(report.notes),
        "made_at": now(),
    }


def measure_rows(report: Report, shot_id: int) -> list[MeasureRow]:
    """Report, its shot -> one row a measure."""
    numbers = ("value", "low", "high")
    words = ("name", "unit", "method", "why_not")
    return [
        MeasureRow(
            shot_id=shot_id,
            place=place,
            **{name: plain(getattr(measure, name)) for name in numbers},
            **{name: getattr(measure, name) for name in words},
        )
        for place, measure in enumerate(report.measures)
    ]
