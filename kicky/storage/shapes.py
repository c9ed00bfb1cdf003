"""What a page can show: words, numbers, and shapes of JSON, pictures and other bytes. Each rule says yes or no."""

from __future__ import annotations

import io
import json
import math
import re
import zlib
from collections.abc import Callable
from typing import Annotated, Any, Literal, Self

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from ..domain import Foot, How, Verdict
from ..drawings import read as read_drawing
from ..errors import BadDrawing, BadScene
from ..evaluation.nouns import Run, run_from_json

Rule = Callable[[Any], bool]
"""A value that is there -> may it stand there."""

LONGEST_NAME = 120  # letters of a phone, a lens
LONGEST, LONGEST_LABEL, LONGEST_JSON, LONGEST_RUN = 4000, 1 << 20, 1 << 20, 64 << 20  # letters; bytes unpacked
SIDE_PX, MOST_PIXELS, MOST_FRAMES, MOST_S = 32_768, 100_000_000, 10_000_000, 1e7
BIG = 1e9
PLACE = re.compile(r"[0-9]{1,5}(\.[0-9])?,[0-9]{1,5}(\.[0-9])?")
PITCH_PLACE = re.compile(r"spot|box|(metres|steps):[0-9]{1,3}(\.[0-9]{1,4})?", re.ASCII)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


# --- words and numbers -----------------------------------------------------------------------------


def words(most: int = LONGEST, least: int = 0) -> Rule:
    """Letters at most and at least -> words that can be shown: no control characters but line breaks and tabs.

    >>> words(5)("a\\nb"), words(5)("a\\0b"), words(5)("abcdef"), words(5, 1)("")
    (True, False, False, False)
    """

    def fits(value: str) -> bool:
        return least <= len(value) <= most and len(value.strip()) >= least and not CONTROL.search(value)

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


def is_place(value: str) -> bool:
    """-> whether a word is a place in a picture, as x,y in pixels to a tenth.

    >>> is_place("640.0,355.5"), is_place("640,355"), is_place("nan,1.0"), is_place("1e3,1.0"), is_place("1.0,2.0,3.0")
    (True, True, False, False, False)
    """
    return PLACE.fullmatch(value) is not None


def is_pitch_place(value: str) -> bool:
    """-> whether a word is a place on the pitch: a mark's name, or what was counted from the goal line.

    >>> is_pitch_place("spot"), is_pitch_place("steps:20"), is_pitch_place("metres:11.5"), is_pitch_place("metres:nan")
    (True, True, True, False)
    """
    return PITCH_PLACE.fullmatch(value) is not None


# --- shapes of JSON --------------------------------------------------------------------------------

Finite = Annotated[float, Field(ge=-BIG, le=BIG, allow_inf_nan=False)]
Word = Annotated[str, Field(max_length=LONGEST)]
Name = Annotated[str, Field(max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f\x7f]*$")]
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
    expected: tuple[Annotated[float, Field(gt=0, le=1e6)], Annotated[float, Field(gt=0, le=10)]] | None = None


class BallSaid(BaseModel):
    """Where the ball lay, as the player said it: the choice, the number that goes with it, both in words."""

    model_config = ConfigDict(extra="forbid")
    choice: Literal["spot", "box", "metres", "steps"]
    number: Finite | None = None
    words: Name = ""


class Goal(BaseModel):
    """A scene as `goals` keeps it."""

    goal_corners_px: Annotated[list[Point], Field(min_length=4, max_length=4)]
    goal_size_m: Point
    camera_height_m: Annotated[float, Field(ge=0, le=1000)] | None = None
    focal_px: Annotated[float, Field(gt=0, le=1e6)] | None = None
    lens_mm: Annotated[float, Field(gt=0, le=1e5)] | None = None
    lens_log_sd: Annotated[float, Field(gt=0, le=10)] | None = None
    lens_words: Name | None = None
    phone: Name | None = None
    zoom: Annotated[str, Field(pattern=r"^[0-9]{1,2}(\.[0-9])?×$")] | None = None
    ball_m: Annotated[list[Annotated[float, Field(gt=0, le=1000)]], Field(min_length=2, max_length=2)] | None = None
    ball_said: BallSaid | None = None
    marks: dict[Literal["goal_area", "box", "spot"], Annotated[list[Point], Field(min_length=1, max_length=4)]] = {}
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
    """The frames around a kick, as `service.kicks` keeps them beside the evidence."""

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


def is_goal(text: str) -> bool:
    """-> whether JSON's text is a scene that can be worked with, or "null" for none."""
    from ..scene import from_corners, marks

    if text == "null":
        return True
    try:
        goal = TypeAdapter(Goal).validate_json(text, strict=True)
        width, height = goal.goal_size_m
        from_corners(goal.goal_corners_px, (width, height), any_order=False)
        marks.read({"goal_corners_px": goal.goal_corners_px, "marks": goal.marks})
    except (ValidationError, BadScene):
        return False
    return True


def is_drawing(text: str) -> bool:
    """-> whether JSON's text is a drawing with something on it."""
    try:
        return bool(read_drawing(json.loads(text)))
    except (ValueError, RecursionError, BadDrawing):
        return False


# --- bytes -----------------------------------------------------------------------------------------


def is_picture(content: Any, kinds: tuple[str, ...] = ("JPEG",)) -> bool:
    """Bytes or a file's path -> is it a picture of that kind, of no more pixels than a page can hold."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content) if isinstance(content, bytes) else content, formats=kinds) as picture:
            return 0 < picture.width * picture.height <= MOST_PIXELS
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False


def is_look(vector: bytes) -> bool:
    """-> whether it is what `names.packed` gives: of the length that all others have, shares or nothing."""
    import numpy as np

    from ..players.colours import BINS
    from .names import BUILD

    whole = np.frombuffer(vector, "<f2") if len(vector) % 2 == 0 else np.zeros(0)
    if len(whole) != 3 * int(np.prod(BINS)) + BUILD:
        return False
    return not np.isinf(whole).any() and bool((np.nan_to_num(whole[:-BUILD]) >= 0).all())


def is_run(document: bytes) -> bool:
    """-> whether it is a whole run, packed; and of words that the pages know."""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(document, LONGEST_RUN)
        if unpacking.unconsumed_tail or not unpacking.eof:
            return False
        TypeAdapter(Run).validate_json(text, strict=True)
        run = run_from_json(json.loads(text))
        json.dumps(run.to_json(), allow_nan=False)
    except (zlib.error, ValueError, TypeError, LookupError):  # a ValidationError is a ValueError
        return False
    hows, feet, verdicts = ({*map(str, kind), ""} for kind in (How, Foot, Verdict))
    return all(
        case.answer.outcome
        and {case.truth.how, case.answer.how} <= hows
        and {case.truth.foot, case.answer.foot} <= feet
        and {case.truth.outcome, case.answer.outcome} <= verdicts
        for case in run.cases
    )
