"""What the store tells and a page draws: plain, frozen values without arrays, rows or open files."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..drawings import Shape
from ..shown import body_only

ACTIVE = ("queued", "running")


@dataclass(frozen=True, slots=True)
class SessionView:
    """One Saturday. `shots` and `goals` count each clip once, by its newest analysis."""

    id: int
    date: dt.date
    place: str
    clips: int
    shots: int
    goals: int
    has_scene: bool


@dataclass(frozen=True, slots=True)
class JobView:
    """Work under way or past: queued, running, done, failed, cancelled or interrupted; progress is 0..1.

    Teaching has no clip: its `clip_name` is what it makes.
    """

    id: int
    kind: str
    clip_id: int | None
    clip_name: str
    state: str
    stage: str
    progress: float
    message: str
    shot_id: int | None

    @property
    def active(self) -> bool:
        """-> whether it may still change by itself."""
        return self.state in ACTIVE


@dataclass(frozen=True, slots=True)
class ClipView:
    """One film of a session, with its newest analysis and newest job where there are any."""

    id: int
    session_id: int
    name: str
    width: int
    height: int
    frames: int
    duration_s: float
    slow_motion: float
    shot_id: int | None
    job: JobView | None
    filmed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class FilmView:
    """A session's whole film, where it lies; `size_bytes` and `modified_ns` are as when it was opened."""

    id: int
    session_id: int
    path: Path
    size_bytes: int
    modified_ns: int
    frames: int
    duration_s: float
    width: int
    height: int
    browser_copy: str | None


@dataclass(frozen=True, slots=True)
class CutView:
    """A stretch of a film, both ends included; `kick` is where the ball was seen to leave, `thumb` a small JPEG."""

    id: int
    film_id: int
    first: int
    last: int
    kick: int | None
    state: str
    by_hand: bool
    thumb: bytes | None
    clip_id: int | None


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One number with its 90 % interval, or the reason it is not given."""

    name: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    method: str
    why_not: str


@dataclass(frozen=True, slots=True)
class SceneView:
    """The goal as clicked: corners TL TR BR BL in pixels of a picture of size_wh_px."""

    corners: tuple[tuple[float, float], ...]
    goal_size_m: tuple[float, float]
    camera_height_m: float | None
    size_wh_px: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ShotView:
    """One analysed shot: all that the answer says, without the tracks behind it.

    `outcome` and `foot` are as a person put them right, where `by_hand` names them; the program's own are `thought`.
    `player` is the shooter's name; `player_by` is hand where a person gave it, look where it is proposed by looks,
    `player_p` sure. `not_players` are names that a person said it is not. `ball_sure` is 0..1, how likely the ball and
    the kick are the right ones; None where an older program did not ask itself.
    """

    id: int
    clip_id: int
    session_id: int
    clip_name: str
    date: dt.date
    place: str
    outcome: str
    p_goal: float | None
    how: str
    why: str
    kick_frame: int | None
    kick_time_s: float | None
    kick_why_not: str
    foot: str
    p_left: float | None
    foot_why: str
    shooter: str | None
    shooter_why_not: str
    player: str | None
    player_by: str | None
    player_p: float | None
    not_players: tuple[str, ...]
    players: tuple[str, ...]
    measures: Mapping[str, MeasureView]
    detector: str
    method: str
    film: Path | None
    copy: Path | None
    seconds: Mapping[str, float]
    made_with: Mapping[str, Any]
    notes: tuple[str, ...]
    made_at: dt.datetime
    ball_sure: float | None = None
    by_hand: tuple[str, ...] = ()
    thought: Mapping[str, str] = field(default_factory=dict)

    @property
    def body_only(self) -> bool:
        """-> whether it was filmed without a goal in the picture, for body and kick alone."""
        return body_only(self.outcome, self.why)


@dataclass(frozen=True, slots=True)
class PassageView:
    """One section of a coach's advice. `replaced` when the guard put the rules coach's in its place, and `why`."""

    title: str
    text: str
    replaced: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class DrawingView:
    """What is drawn on one frame of a clip, at `time_s` of its film."""

    frame: int
    time_s: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class AdviceView:
    """What a coach said of a shot or of a session. `thumbs` is True for up, False for down, None for neither."""

    id: int
    shot_id: int | None
    session_id: int | None
    player: str
    coach: str
    model: str
    prompt_hash: str
    passages: tuple[PassageView, ...]
    thumbs: bool | None
    seconds: float
    made_at: dt.datetime


@dataclass(frozen=True, slots=True)
class SampleView:
    """A drawn shot whose every answer is known, to try the program on."""

    name: str
    title: str
    view: str
    still: Path
    path: Path


def plain(value: Any) -> Any:
    """Anything of ours -> what JSON can hold: arrays become lists, paths words, and NaN is None.

    >>> plain({"a": (1, float("nan")), "b": Path("x")})
    {'a': [1, None], 'b': 'x'}
    """
    if hasattr(value, "tolist"):  # a numpy array or number
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int) else str(value)
