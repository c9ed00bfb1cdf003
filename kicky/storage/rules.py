"""What may stand in each column, so that every page can show it: the nouns' own words, numbers, lengths and shapes.

A column that is not named here may hold what its type says: words of a line or a few, whole numbers from 0, finite
numbers, days and moments of this era. What is JSON or bytes must be named (a test sees to it).
"""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import zlib
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Self

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from sqlalchemy import JSON, Column, Date, DateTime, Float, Integer, LargeBinary

from ..domain import Foot, How, Verdict
from ..errors import BadScene
from ..evaluation.nouns import Run
from ..measures import MEASURES
from . import answers, labels
from .files import is_bare
from .foreign import Odd, short
from .tables import BY_HAND, BY_LOOK, DISMISSED, EXPORTED, KEPT, PROPOSED, Base, Whole

Values = Mapping[str, Any]
"""A row: column, value as its table gives it."""
Rule = Callable[[Any], bool]
"""A value that is there -> may it stand there."""

LONGEST, LONGEST_LABEL, LONGEST_JSON, LONGEST_RUN = 4000, 1 << 20, 1 << 20, 64 << 20  # letters; bytes unpacked
SIDE_PX, MOST_PIXELS, MOST_FRAMES, MOST_S = 32_768, 100_000_000, 10_000_000, 1e7
FIRST, LAST = dt.date(1900, 1, 1), dt.date(2200, 1, 1)
BIG = 1e9


# --- words, numbers, moments -----------------------------------------------------------------------


def words(most: int = LONGEST, least: int = 0) -> Rule:
    """Letters at most and at least -> words that can be shown: no control characters but line breaks and tabs.

    >>> words(5)("a\\nb"), words(5)("a\\0b"), words(5)("abcdef"), words(5, 1)("")
    (True, False, False, False)
    """

    def fits(value: str) -> bool:
        return least <= len(value) <= most and len(value.strip()) >= least and all(
            (sign >= " " and sign != "\x7f") or sign in "\n\t" for sign in value
        )  # fmt: skip

    return fits


def one_of(*known: object) -> Rule:
    """Words -> one of them."""
    return frozenset(str(each) for each in known).__contains__


def number(least: float = -BIG, most: float = BIG) -> Rule:
    """Bounds -> a finite number within them."""
    return lambda value: math.isfinite(value) and least <= value <= most


def is_frame(value: str) -> bool:
    """-> whether a word is a frame's number: nothing that `int` takes and nobody would write."""
    return value.isascii() and value.isdigit() and len(value) <= 8


# --- shapes of JSON --------------------------------------------------------------------------------

Finite = Annotated[float, Field(ge=-BIG, le=BIG, allow_inf_nan=False)]
Word = Annotated[str, Field(max_length=LONGEST)]
Count = Annotated[int, Field(ge=0, le=BIG)]
Side = Annotated[int, Field(ge=1, le=SIDE_PX)]
Point = Annotated[list[Finite], Field(min_length=2, max_length=2)]
Seven = Annotated[list[Finite], Field(min_length=7, max_length=7)]


class Camera(BaseModel):
    """As `cameras` keeps it."""

    model_config = ConfigDict(extra="forbid")
    parameters: Seven
    covariance: Annotated[list[Seven], Field(min_length=7, max_length=7)]
    size_wh_px: Annotated[list[Side], Field(min_length=2, max_length=2)]
    residual_px: Finite
    height_from: Word
    focal_from: Word


class Bundle(BaseModel):
    """A session's camera, as `cameras` keeps it with the goal."""

    camera: Camera
    before: Camera
    ball_bias_px: Finite
    ball_bias_sd_px: Finite
    shots: Annotated[int, Field(ge=0, le=1_000_000)]


class Goal(BaseModel):
    """A scene as `goals` keeps it."""

    goal_corners_px: Annotated[list[Point], Field(min_length=4, max_length=4)]
    goal_size_m: Point
    camera_height_m: Annotated[float, Field(gt=0, le=1000)] | None = None
    focal_px: Annotated[float, Field(gt=0, le=1e6)] | None = None
    lens_mm: Annotated[float, Field(gt=0, le=1e5)] | None = None
    source: Word = "clicked"
    clip_id: int | None = None
    bundle: Bundle | None = None


class Thing(BaseModel):
    """What a person drew, as `service.boxes` keeps it."""

    label: Literal["ball", "player", "goal", "player_with_ball", "ball_in_goal"]
    box_px: Annotated[list[Finite], Field(min_length=4, max_length=4)]
    outline_px: Annotated[list[Annotated[list[Finite], Field(max_length=20_000)]], Field(max_length=1000)] = []
    origin: dict[Word, Any] = {}


class Figure(BaseModel):
    """A figure with its interval, as the table of runs shows it."""

    value: Finite | None
    low: Finite | None
    high: Finite | None
    n: Count
    k: Count | None = None


class Figures(BaseModel):
    """The scores of a group of clips; a figure that an older program did not have is not there."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Figure] = {}
    clips: Count
    goal: Figure
    recall: Figure
    boxed_frames: Count = 0
    contact_off: Annotated[list[Finite], Field(min_length=2, max_length=2)] | None = None
    ap: dict[Word, Finite] = {}
    ms: Finite | None = None
    memory_mb: Finite | None = None
    failed: list[Annotated[list[Word], Field(min_length=2, max_length=2)]]

    @model_validator(mode="after")
    def _intervals(self) -> Self:
        """Only a Brier score of one clip has no interval."""
        figures = {"goal": self.goal, "recall": self.recall, **(self.__pydantic_extra__ or {})}
        if any(f.value is not None and f.low is None for name, f in figures.items() if name != "brier"):
            raise ValueError
        return self


class Strip(BaseModel):
    """The frames around a kick, as `service.contact` keeps them beside the evidence."""

    frames: Annotated[list[Annotated[int, Field(ge=0, le=MOST_FRAMES)]], Field(min_length=1, max_length=10_000)]
    pictures: Annotated[list[Base64Bytes], Field(max_length=10_000)]


class Chosen(BaseModel):
    """Where a folder's labels lie, as `evaluating` keeps it."""

    clips: Word
    tuned: list[Word] = []


def shaped(kind: Any) -> Rule:
    """A type -> JSON's text that holds one, taken as it is: no number for a word, no word for a number."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def fits(text: str | bytes) -> bool:
        try:
            adapter.validate_json(text, strict=True)
        except ValidationError:
            return False
        return True

    return fits


def _is_goal(text: str) -> bool:
    """-> whether JSON's text is a scene that can be worked with, or "null" for none."""
    from ..scene import from_corners

    if text == "null":
        return True
    try:
        goal = TypeAdapter(Goal).validate_json(text, strict=True)
        width, height = goal.goal_size_m
        from_corners(goal.goal_corners_px, (width, height))
    except (ValidationError, BadScene):
        return False
    return True


# --- bytes -----------------------------------------------------------------------------------------


def is_picture(content: Any, kinds: tuple[str, ...] = ("JPEG",)) -> bool:
    """Bytes or a file's path -> is it a picture of that kind, of no more pixels than a page can hold."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content) if isinstance(content, bytes) else content, formats=kinds) as picture:
            return 0 < picture.width * picture.height <= MOST_PIXELS
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False


def _is_look(vector: bytes) -> bool:
    """-> whether it is what `names.packed` gives: of the length that all others have, shares or nothing."""
    import numpy as np

    from ..players.colours import BINS
    from .names import BUILD

    whole = np.frombuffer(vector, "<f2") if len(vector) % 2 == 0 else np.zeros(0)
    if len(whole) != 3 * int(np.prod(BINS)) + BUILD:
        return False
    return not np.isinf(whole).any() and bool((np.nan_to_num(whole[:-BUILD]) >= 0).all())


def _is_run(document: bytes) -> bool:
    """-> whether it is a whole run, packed; and of words that the pages know."""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(document, LONGEST_RUN)
        if unpacking.unconsumed_tail or not unpacking.eof:
            return False
        run = TypeAdapter(Run).validate_json(text, strict=True)
        json.dumps(run.to_json(), allow_nan=False)
    except (zlib.error, ValueError):  # a ValidationError is one
        return False
    hows, feet, verdicts = ({*map(str, kind), ""} for kind in (How, Foot, Verdict))
    return all(
        case.answer.outcome
        and {case.truth.how, case.answer.how} <= hows
        and {case.truth.foot, case.answer.foot} <= feet
        and {case.truth.outcome, case.answer.outcome} <= verdicts
        for case in run.cases
    )


# --- columns ---------------------------------------------------------------------------------------

MANY: Any = dict[Word, Any]
RULES: dict[str, Rule] = {
    "session.scene": _is_goal,
    "session.scene_width": number(1, SIDE_PX), "session.scene_height": number(1, SIDE_PX),
    "player.name": words(least=1),
    "clip.sha256": lambda value: len(value) == 64 and set(value) <= set("0123456789abcdef"),
    "clip.name": words(least=1), "clip.file": is_bare, "clip.browser_copy": is_bare, "clip.scene": _is_goal,
    "clip.width": number(1, SIDE_PX), "clip.height": number(1, SIDE_PX), "clip.frames": number(1, MOST_FRAMES),
    "clip.duration_s": number(0, MOST_S), "clip.slow_motion": number(1e-4, 1e4), "clip.film_start_s": number(0, MOST_S),
    "film.path": lambda value: words(4096, 1)(value) and value.isprintable() and PurePosixPath(value).is_absolute(),
    "film.browser_copy": is_bare, "film.modified_ns": number(-(2**62), 2**62), "film.size_bytes": number(0, 2**62),
    "film.width": number(1, SIDE_PX), "film.height": number(1, SIDE_PX), "film.frames": number(1, MOST_FRAMES),
    "film.duration_s": number(0, MOST_S),
    "cut.state": one_of(PROPOSED, KEPT, DISMISSED, EXPORTED), "cut.thumb": is_picture,
    "shot.detector": words(200, 1), "shot.method": words(200, 1),
    "shot.outcome": one_of(*Verdict), "shot.how": one_of(*How), "shot.foot": one_of(*Foot),
    "shot.p_goal": number(0, 1), "shot.p_left": number(0, 1), "shot.player_p": number(0, 1),
    "shot.kick_time_s": number(0, MOST_S), "shot.player_by": one_of(BY_HAND, BY_LOOK),
    "shot.players": shaped(list[Word]), "shot.evidence": is_bare, "shot.film": is_bare, "shot.made_with": shaped(MANY),
    "shot.seconds": shaped(dict[Word, Annotated[float, Field(ge=0, le=MOST_S, allow_inf_nan=False)]]),
    "shot.notes": shaped(list[Word]),
    "measure.name": one_of(*MEASURES), "measure.unit": words(40),
    "appearance.vector": _is_look,
    "label.value": words(LONGEST_LABEL),
    "advice.thumbs": number(-1, 1), "advice.seconds": number(0, MOST_S),
    "advice.passages": shaped(list[tuple[Word, Word] | tuple[Word, Word, bool] | tuple[Word, Word, bool, Word]]),
    "run.made_with": shaped(MANY), "run.tuned": shaped(list[Word]), "run.document": _is_run,
    "run.scores": shaped(dict[Literal["split", "session", "tag"], dict[Word, Figures]]),
    "job.settings": shaped(MANY),
}  # fmt: skip
"""Table and column: what may stand there, beyond what its type says."""

BOXES = shaped(list[Thing])
FIELDS: dict[str, Rule] = {
    labels.OUTCOME: one_of(*Verdict), labels.FOOT: one_of(*Foot), labels.CONTACT_FRAME: is_frame,
    labels.SPLIT: words(), answers.STARS: one_of(*"12345"), answers.CUT_KICK: is_frame,
    answers.TRUTH + "outcome": one_of(*Verdict), answers.TRUTH + "how": one_of(*How),
    answers.TRUTH + "foot": one_of(*Foot), answers.TRUTH + "contact_frame": is_frame,
    answers.TRUTH + "goal_frame": is_frame,
}  # fmt: skip
"""A label's field: what may be said of it; "" takes back whatever it was."""
SETTINGS: dict[str, Rule] = {"tuned_splits": shaped(list[Word]), "label_set:": shaped(Chosen)}
"""How a setting's name begins: what it may be set to."""


def read(table: str, column: Column[Any], value: Any) -> Any:
    """Table, column, what stands there -> the value, JSON as its text. Raises: Odd where no page could show it."""
    if value is None:
        return None
    whole = f"{table}.{column.name}"
    try:
        held = _held(column, value)
        fits = RULES.get(whole, words() if isinstance(held, str) else lambda _: True)
        if not fits(held):
            raise ValueError
    except (ValueError, TypeError, OverflowError) as error:
        raise Odd(f"in its table {table}, {column.name} is {short(value)}, which KICKY does not write there") from error
    return held


def _held(column: Column[Any], value: Any) -> Any:
    """Column, what SQLite gives -> the value, within what its type allows. Raises: ValueError, TypeError."""
    kind = column.type
    if isinstance(kind, JSON):
        if len(value) > LONGEST_JSON:
            raise ValueError
        return value
    if isinstance(kind, LargeBinary):
        return value
    whole = f"{column.table.name}.{column.name}"
    if isinstance(kind, Date):
        return _within(dt.date.fromisoformat(value), FIRST, LAST)
    if isinstance(kind, DateTime) or isinstance(getattr(kind, "impl", None), DateTime):
        moment = dt.datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            raise ValueError
        _within(moment.date(), FIRST, LAST)
        return moment
    if isinstance(kind, Float) or kind is Whole or isinstance(kind, Integer):
        least, most = (-BIG, BIG) if isinstance(kind, Float) else (0, 2**31 - 1)
        if whole not in RULES and not number(least, most)(value):
            raise ValueError
        return value
    if value in (0, 1) and not isinstance(value, str):  # true or false
        return bool(value)
    if not isinstance(value, str):
        raise TypeError
    return value


def _within(day: dt.date, first: dt.date, last: dt.date) -> dt.date:
    if not first <= day <= last:
        raise ValueError
    return day


def unnamed() -> list[str]:
    """-> the columns of JSON or bytes that have no rule."""
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    held = (column for column in columns if isinstance(column.type, JSON | LargeBinary))
    return [name for name in (f"{column.table.name}.{column.name}" for column in held) if name not in RULES]
