"""Report -> the strike card: the verdict, three stills with the skeleton and its angles, and what tells most.

Two layouts: a wide one for the page, and one for a phone, upright, to be kept and passed on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np

from ..domain import Foot, Report, Verdict
from ..shown import BODY, body_only, percent, rough
from ..speeds import Unit
from ..video import Image
from . import brush, close, joints, pace, sideview
from .artist import HOWS, VERDICTS, Artist
from .bars import BRIGHT, DIM, PAPER, bar, sources, telling
from .brush import INK, SUN, WHITE, Colour

WIDE_WH, PHONE_WH = (1600, 900), (1080, 1920)
GROUND: Colour = (19, 24, 15)
BANDS: dict[Verdict, tuple[Colour, Colour]] = {
    Verdict.GOAL: ((59, 107, 29), (54, 98, 26)),
    Verdict.NO_GOAL: ((21, 70, 133), (18, 62, 116)),
    Verdict.UNSURE: ((67, 74, 60), (61, 68, 54)),
}
STRIPES = 12
BODY_ONLY = "BODY & KICK"
NOTHING = "Nothing about the body was measured in this shot."


class Box(NamedTuple):
    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, eq=False, slots=True)
class Content:
    """What a card shows: the report, its pictures by frame, the shooter's name ("": not known), day and place, and
    what speeds are told in.
    """

    report: Report
    pictures: Mapping[int, Image]
    player: str
    when: str
    unit: Unit = Unit.KMH


def strike_card(content: Content, phone: bool) -> Image:
    """Content, with pictures of the frames that `close.moments` names -> the card (BGR)."""
    width, height = PHONE_WH if phone else WIDE_WH
    card: Image = np.full((height, width, 3), GROUND, np.uint8)
    (_phone if phone else _wide)(card, content)
    return card


def _phone(card: Image, content: Content) -> None:
    edge, gap, count = 44, 16, max(1, len(telling(content.report)))
    wide = card.shape[1] - 2 * edge
    _head(card, Box(0, 0, card.shape[1], 322), content, 124, beside=False)
    bars_h = min(4, count) * (150 if count <= 3 else 132) + (count - 1) * gap
    foot_y = card.shape[0] - 96
    bars_y = foot_y - bars_h - 22
    facts_y = bars_y - 132 - gap
    stills_y, stills_h = 322 + 24, facts_y - 322 - 24 - gap
    hero = round(0.64 * wide)
    beside, half = wide - hero - gap, (stills_h - gap) // 2
    boxes = (
        Box(edge + hero + gap, stills_y, beside, half),
        Box(edge, stills_y, hero, stills_h),
        Box(edge + hero + gap, stills_y + half + gap, beside, stills_h - half - gap),
    )
    _stills(card, boxes, content, Box(edge, stills_y, wide, stills_h), 36)
    _facts(card, Box(edge, facts_y, wide, 132), content, 30)
    _bars(card, Box(edge, bars_y, wide, bars_h), content.report, 34)
    _foot(card, Box(edge, foot_y, wide, 96), content.report, 21)


def _wide(card: Image, content: Content) -> None:
    edge, gap, count = 32, 14, max(1, len(telling(content.report)))
    _head(card, Box(0, 0, card.shape[1], 146), content, 78, beside=True)
    top, bottom = 146 + 24, card.shape[0] - 62
    column = 560
    room = Box(edge, top, card.shape[1] - 3 * edge - column, bottom - top)
    side = round(0.28 * (room.w - 2 * gap))
    hero = room.w - 2 * gap - 2 * side
    boxes = (
        Box(room.x, top, side, room.h),
        Box(room.x + side + gap, top, hero, room.h),
        Box(room.x + side + hero + 2 * gap, top, side, room.h),
    )
    _stills(card, boxes, content, room, 28)
    x = card.shape[1] - edge - column
    _facts(card, Box(x, top, column, 104), content, 24)
    tall = min(230, (bottom - top - 104 - gap * count) // count)
    bars = Box(x, top + 104 + gap, column, tall * count + gap * (count - 1))
    _bars(card, bars, content.report, round(27 * min(1.15, max(1.0, tall / 140))))
    _foot(card, Box(edge, bottom + 8, card.shape[1] - 2 * edge, 54), content.report, 18)


def _head(card: Image, box: Box, content: Content, size: int, beside: bool) -> None:
    """The verdict on the colours of the pitch, of dusk or of fog; who and when below it, or beside."""
    outcome = content.report.outcome
    light, dark = BANDS[outcome.verdict]
    edges = np.linspace(0, box.w, STRIPES + 1).astype(int)
    for number, (x0, x1) in enumerate(pairwise(edges.tolist())):
        card[box.y : box.y + box.h, box.x + x0 : box.x + x1] = light if number % 2 else dark
    cv2.rectangle(card, (box.x + 14, box.y + 14), (box.x + box.w - 15, box.y + box.h - 15), (238, 247, 244), 3)
    title, sign, colour = VERDICTS[outcome.verdict]
    alone = body_only(outcome.verdict, outcome.why)
    left, base = box.x + round(0.45 * size), box.y + round(0.25 * size) + size
    right = box.x + box.w - left
    mark = round(0.34 * size)
    begins = float(left)
    if alone:
        title = BODY_ONLY
    else:
        brush.paste(card, brush.disc(sign, colour, round(0.92 * size)), left, base - 0.88 * size)
        begins = left + 1.2 * size
    letters = brush.fitting(title, size, 900, right - begins - brush.text_width("KICKY", mark, 900) - 0.4 * size)
    brush.words(card, title, begins, base, letters, 900, WHITE)
    who = " · ".join(part for part in (content.player, HOWS[outcome.how]) if part)
    if beside:
        begins += brush.text_width(title, letters, 900) + 0.5 * size
        widest, down = right - begins - brush.text_width("KICKY", mark, 900) - 0.4 * size, (-0.44, 0.0)
    else:
        begins, widest, down = float(left), float(right - left), (0.62, 1.0)
    larger = 0.48 if beside else 0.4
    for text, large, weight, lower in ((who, larger, 750, down[0]), (content.when, 0.7 * larger, 500, down[1])):
        fitted = brush.fitting(text, round(large * size), weight, widest)
        brush.words(card, text, begins, base + lower * size, fitted, weight, WHITE)
    high = base - 0.5 * size
    brush.words(card, "KICKY", right - brush.text_width("KICKY", mark, 900), high, mark, 900, SUN)


def _stills(card: Image, boxes: Sequence[Box], content: Content, room: Box, size: int) -> None:
    """Before, contact, after in their boxes; without a kick the first picture of the shot in all the room."""
    report, pictures = content.report, content.pictures
    shot = report.shot
    numbers = close.moments(shot)
    if shot.kick_frame is None:
        _still(card, room, report, close.cut(shot, pictures[numbers[0]], numbers[0], numbers, (room.w, room.h)))
        _label(card, room, "no kick was found", size)
        return
    kick_s = float(shot.clip.time_s[shot.kick_frame])
    for box, number in zip(boxes, numbers, strict=True):
        view = close.cut(shot, pictures[number], number, (number,), (box.w, box.h))
        contact = number == shot.kick_frame
        if contact:
            _draw(view, report)
            joints.draw(view, report, round(1.15 * size), sideview.draw(view, report, size))
        _still(card, box, report, view, drawn=contact)
        off_s = float(shot.clip.time_s[number]) - kick_s
        said = "contact" if contact else f"{abs(off_s):.1f} s {'before' if off_s < 0 else 'after'}"
        _label(card, box, said, round((1.0 if contact else 0.8) * size))


def _draw(view: close.CloseUp, report: Report) -> None:
    artist = Artist(report, None, offset=view.offset, scale=view.scale)
    artist.draw_skeleton(view.image, view.number)
    artist.draw_ball(view.image, view.number)


def _still(card: Image, box: Box, report: Report, view: close.CloseUp, drawn: bool = False) -> None:
    """A still in its box, with round corners."""
    if not drawn:
        _draw(view, report)
    brush.paste(card, brush.rounded(view.image, round(0.02 * max(card.shape[:2]))), box.x, box.y)


def _label(card: Image, box: Box, text: str, size: int) -> None:
    sprite = brush.tag(text, size, WHITE, INK)
    brush.paste(card, sprite, box.x + 0.5 * size, box.y + 0.5 * size)


def _facts(card: Image, box: Box, content: Content, size: int) -> None:
    """Foot and speed, each in a panel, or why not."""
    gap, report = round(0.5 * size), content.report
    foot = report.foot.foot
    sure = max(report.foot.p_left, 1 - report.foot.p_left)
    which = "–" if foot is Foot.UNSURE else f"{foot.capitalize()} foot"
    said = "which foot cannot be told" if foot is Foot.UNSURE else f"{percent(sure)} sure"
    half = (box.w - gap) // 2
    brush.block(card, (box.x, box.y, half, box.h), round(0.6 * size), PAPER)
    for text, share, weight, ink, down in ((which, 1.75, 800, WHITE, 0.56), (said, 0.8, 500, DIM, 0.86)):
        fitted = brush.fitting(text, round(share * size), weight, half - 1.6 * size)
        brush.words(card, text, box.x + 0.8 * size, box.y + down * box.h, fitted, weight, ink)
    pace.panel(card, (box.x + half + gap, box.y, half, box.h), report, content.unit, size)


def _bars(card: Image, box: Box, report: Report, size: int) -> None:
    """The numbers that tell most, one under the other; where the body gives none, why."""
    measures = telling(report)
    if not measures:
        brush.block(card, box, round(0.6 * size), PAPER)
        inner = box.x + size, box.y + 0.4 * size, box.w - 2 * size, box.h - 0.8 * size
        brush.paragraph(card, _nothing(report), inner, round(0.8 * size), BRIGHT)
        return
    gap = round(0.45 * size)
    tall = (box.h - gap * (len(measures) - 1)) // len(measures)
    for number, measure in enumerate(measures):
        bar(card, (box.x, box.y + number * (tall + gap), box.w, tall), measure, size)


def _nothing(report: Report) -> str:
    """Report without a number of the body -> that there is none, and why."""
    whys = Counter(measure.why_not for measure in report.measures if measure.name in BODY and measure.why_not)
    why = whys.most_common(1)[0][0] if whys else report.shot.body_why_not
    return f"{NOTHING} {why}".strip()


def _foot(card: Image, box: Box, report: Report, size: int) -> None:
    """How to read the bars, and who published the ranges, in small letters."""
    measures = telling(report)
    if not measures:
        return
    band = sources(measures)
    text = "Dot and line: this shot, and where it lies nine times in ten."
    text += " ≈ marks a rough number." if any(rough(m.name, m.low, m.high) for m in measures) else ""
    text += f" Band: {band}." if band else ""
    brush.paragraph(card, text, box, size, DIM)
