"""What a player draws on a still: lines, arrows, angles, circles and words, as shares of the picture."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import BadDrawing

LINE, ARROW, ANGLE, CIRCLE, TEXT = "line", "arrow", "angle", "circle", "text"
POINTS = {LINE: 2, ARROW: 2, ANGLE: 3, CIRCLE: 2, TEXT: 1}
"""Kind: how many points it has. An angle's second is its corner; a circle's are its middle and one on it."""
MOST, LONGEST = 40, 60  # shapes on a still; letters of a text
UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """One of the kinds, its points as shares of the picture's width and height, 0..1; a text's words.

    Raises: BadDrawing.
    """

    kind: str
    points: tuple[Point, ...]
    words: str = ""

    def __post_init__(self) -> None:
        if self.kind not in POINTS:
            raise BadDrawing("That is no shape KICKY can draw: choose line, arrow, angle, circle or text.")
        if len(self.points) != POINTS[self.kind]:
            raise BadDrawing(f"This {self.kind} is not finished: set all its points ({POINTS[self.kind]}).")
        if not all(0 <= share <= 1 for point in self.points for share in point):  # NaN is not within either
            raise BadDrawing(f"A point of this {self.kind} is outside the picture: draw it inside.")
        if len(self.points) > 1 and len(set(self.points)) < len(self.points):
            raise BadDrawing(f"This {self.kind} has no length: draw it longer.")
        if bool(self.words.strip()) != (self.kind == TEXT):
            raise BadDrawing("A text needs words: type some first." if self.kind == TEXT else "Only a text has words.")
        if len(self.words) > LONGEST:
            raise BadDrawing(f"This text has {len(self.words)} letters: write it in at most {LONGEST}.")
        if UNSHOWN.search(self.words):
            raise BadDrawing("This text has characters that cannot be shown: type it again without them.")

    def to_json(self) -> dict[str, Any]:
        """-> as it is stored and given to the page."""
        return {"kind": self.kind, "points": [list(point) for point in self.points], "words": self.words}


def read(shapes: object) -> tuple[Shape, ...]:
    """What a page or the store holds -> the shapes. Raises: BadDrawing, in one sentence for the player."""
    if not isinstance(shapes, Sequence) or isinstance(shapes, str):
        raise BadDrawing("That is no drawing: draw it again.")
    if len(shapes) > MOST:
        raise BadDrawing(f"These are {len(shapes)} shapes on one picture: keep it to {MOST}, or draw on another frame.")
    return tuple(_shape(each) for each in shapes)


def _shape(told: object) -> Shape:
    try:
        if not isinstance(told, Mapping):
            raise TypeError
        points = tuple((_share(x), _share(y)) for x, y in told["points"])
        words = told.get("words", "")
        if not isinstance(words, str) or not isinstance(told["kind"], str):
            raise TypeError
    except (TypeError, ValueError, LookupError) as error:
        raise BadDrawing("That is no drawing: draw it again.") from error
    return Shape(told["kind"], points, words.strip())


def _share(told: object) -> float:
    if isinstance(told, bool) or not isinstance(told, int | float):
        raise TypeError
    return round(float(told), 5)


def degrees(points: Sequence[Point], size_wh_px: tuple[int, int]) -> float:
    """Three points, the picture's size -> the angle at the second, 0..180°, as it is seen in the picture.

    It is an angle of the body or the ball's way only where that lies square to the camera.

    >>> round(degrees([(0.5, 0.0), (0.5, 0.5), (1.0, 0.5)], (1920, 1080)))
    90
    """
    (ax, ay), (x, y), (bx, by) = ((x * size_wh_px[0], y * size_wh_px[1]) for x, y in points)
    one, other = math.atan2(ay - y, ax - x), math.atan2(by - y, bx - x)
    return abs(math.degrees((one - other + math.pi) % (2 * math.pi) - math.pi))
