"""The words under a film to send: who, how hard, what came of it. Beneath the picture they hide no ball."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..domain import Foot, Report, Verdict
from ..drawings import Shape
from ..speeds import NOTHING, Unit, given, told
from ..video import Image
from . import brush
from .artist import HOWS, SLIDE_S, VERDICTS
from .brush import PITCH, SUN, WHITE, Colour

PALE: Colour = (196, 208, 198)
LINE: Colour = (58, 74, 52)
NO_NAME, NO_SPEED, NOT_TOLD = "Not named", "Speed not known", "it could not be told"


@dataclass(frozen=True, slots=True)
class About:
    """What the film says beside the report: who shot, in words, and day and place, "" for what is not known; and what
    a player drew on which of its frames.
    """

    name: str
    day: str
    unit: Unit = Unit.KMH
    drawings: Mapping[int, tuple[Shape, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Now:
    """What is to be read at a moment: the share of life's speed it is shown at, whether the ball was struck, how far
    the verdict has come into sight, 0..1."""

    pace: float = 1.0
    struck: bool = False
    told: float = 0.0


def now(since_struck_s: float | None, since_told_s: float, pace: float) -> Now:
    """Seconds since the kick (None: no kick was found) and since the verdict, pace -> what is to be read."""
    struck_s = since_told_s if since_struck_s is None else since_struck_s
    return Now(pace, struck_s > 0, float(np.clip(since_told_s / SLIDE_S, 0, 1)))


@dataclass(frozen=True, slots=True)
class Words:
    """What is written: text, height of its letters in pixels, weight, ink."""

    text: str
    size: int
    weight: int
    ink: Colour


class Strip:
    """(report, about, width, narrow) -> the band of words; three rows on an upright film, two on a wide one."""

    def __init__(self, report: Report, about: About, width: int, narrow: bool) -> None:
        self.about, self._width, self._narrow = about, width, narrow
        self._size = round(width * (0.058 if narrow else 0.040))
        self._small, self._large = round(0.8 * self._size), round(1.2 * self._size)
        rows = (1.35, 3.2, 4.75) if narrow else (1.35, 3.2)
        self._bases = [self._size * row for row in rows]
        self.height = round(self._size * (rows[-1] + 0.85)) // 2 * 2
        self._verdict = VERDICTS[report.outcome.verdict]
        unsure = NOT_TOLD if report.outcome.verdict is Verdict.UNSURE else ""
        self._how = HOWS[report.outcome.how] or unsure
        foot = report.foot.foot
        self._foot = "" if foot is Foot.UNSURE else f"{foot.capitalize()} foot"
        measures = {measure.name: measure for measure in report.measures}
        fast = told(given(measures), given(measures, "speed_across"), about.unit)
        self._fast = NO_SPEED if fast == NOTHING else fast
        self._drawn: tuple[Now, Image] | None = None

    def draw(self, moment: Now) -> Image:
        """Moment -> the band (height, width, 3)."""
        if self._drawn is None or self._drawn[0] != moment:
            self._drawn = moment, self._made(moment)
        return self._drawn[1]

    def _made(self, moment: Now) -> Image:
        image = np.full((self.height, self._width, 3), PITCH, np.uint8)
        image[: max(2, self._size // 16)] = LINE
        aside = Words(self._foot, self._small, 500, PALE)
        if moment.pace < 1:
            aside = Words(f"slow motion, {moment.pace:.2g}×", self._small, 500, SUN)
        fast = Words(self._fast if moment.struck else "", self._size if self._narrow else self._small, 600, SUN)
        beside = float(self._width - self._edge)
        self._left(image, self._bases[0], Words(self.about.name or NO_NAME, self._size, 800, WHITE),
                   self._right(image, self._bases[0], aside))  # fmt: skip
        if self._narrow:
            self._left(image, self._bases[2], fast, beside)
        else:
            beside = self._right(image, self._bases[1], fast)
        if moment.told:
            self._say(image, self._bases[1], beside, moment.told)
        else:
            self._left(image, self._bases[1], Words(self.about.day, self._small, 500, PALE), beside)
        return image

    @property
    def _edge(self) -> int:
        return round(0.75 * self._size)

    def _right(self, image: Image, base: float, words: Words) -> float:
        """Baseline, words -> they end at the right edge; where what stands left of them has to end."""
        ends = float(self._width - self._edge)
        if not words.text:
            return ends
        begins = ends - brush.text_width(words.text, words.size, words.weight)
        brush.words(image, words.text, begins, base, words.size, words.weight, words.ink)
        return begins - self._size

    def _left(self, image: Image, base: float, words: Words, until: float, begins: float | None = None) -> float:
        """Baseline, words, where they have to end -> they begin at the left edge, shortened to fit; where they end."""
        x = self._edge if begins is None else begins
        text = brush.shortened(words.text, words.size, words.weight, until - x)
        brush.words(image, text, x, base, words.size, words.weight, words.ink)
        return x + (brush.text_width(text, words.size, words.weight) if text else 0)

    def _say(self, image: Image, base: float, until: float, shown: float) -> None:
        """The verdict, as far as it has come into sight: a sign, a word and how it went."""
        title, sign, colour = self._verdict
        disc = brush.disc(sign, colour, round(1.15 * self._large))
        brush.paste(image, disc, self._edge, base - 0.94 * self._large, shown)
        begins = self._edge + 1.45 * self._large
        ends = self._left(image, base, Words(title, self._large, 800, _faded(WHITE, shown)), until, begins)
        begins = ends + 0.5 * self._size
        size = brush.fitting(self._how, self._small, 500, until - begins)
        self._left(image, base, Words(self._how, size, 500, _faded(PALE, shown)), until, begins)


def _faded(ink: Colour, shown: float) -> Colour:
    """Ink, 0..1 -> the ink that far in sight on the band."""
    blue, green, red = (round(paper + shown * (full - paper)) for full, paper in zip(ink, PITCH, strict=True))
    return blue, green, red
