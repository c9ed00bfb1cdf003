"""How doubtful a labelled picture is, told from the labels alone, so that a person looks at the worst ones first.

Each doubt lies between 0 and 1, and a picture is as doubtful as the worst of them:

unsure      a box of score s: 1 - s; one that the second model looked for and did not see: LONE
odd size    a box k times as large as such boxes are in its clip (their median side), or as small: log2(k) / 2, so 4: 1
odd count   as many of a class just before and just after, and another number here: COUNT
odd place   the only one of its class lies far from where it is just before and just after: PLACE

What a person drew is not doubted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import hypot, log2, sqrt
from statistics import median

from .labelled import BASE, CLASSES, PERSON, Box, Picture, Thing

LONE, COUNT, PLACE = 0.5, 0.7, 0.9
FEW = 5  # boxes of a class in a clip: of fewer nobody knows what is usual
ROOM = 4  # sides of a box, that it may be away from where its neighbours have it


@dataclass(frozen=True, slots=True)
class Doubt:
    """How doubtful, 0 to 1, and why in words, "" where nothing is."""

    score: float = 0.0
    why: str = ""


def doubts(pictures: Iterable[Picture]) -> Iterator[tuple[Picture, Doubt]]:
    """Pictures as they were labelled, clip by clip -> each with how doubtful it is; one clip is held at a time."""
    for _, clip in groupby(pictures, key=lambda picture: picture.clip):
        mine = sorted(clip, key=lambda picture: picture.frame)
        usual = _usual(mine)
        for k, picture in enumerate(mine):
            beside = (mine[k - 1], mine[k + 1]) if 0 < k < len(mine) - 1 else None
            reasons = [*_each(picture, usual), *(_against(picture, *beside) if beside else ())]
            yield picture, max(reasons, key=lambda doubt: doubt.score, default=Doubt())


def _usual(pictures: Sequence[Picture]) -> dict[str, float]:
    """A clip's pictures -> the usual side of each class's boxes, where there are enough of them."""
    sides = defaultdict[str, list[float]](list)
    for picture in pictures:
        for thing in picture.things:
            sides[BASE[thing.label]].append(_side(thing.box_px))
    return {label: median(found) for label, found in sides.items() if len(found) >= FEW}


def _each(picture: Picture, usual: Mapping[str, float]) -> Iterator[Doubt]:
    """Picture, usual sides -> what is doubtful about each of its boxes alone."""
    for thing in picture.things:
        if thing.origin.get("source") == PERSON:
            continue
        name, score = _name(thing), thing.origin.get("score")
        if isinstance(score, int | float):
            yield Doubt(min(max(1 - score, 0.0), 1.0), f"{name}: only {min(max(score, 0.0), 1.0):.0%} sure.")
        if thing.origin.get("agreement") == 0:
            yield Doubt(LONE, f"{name}: only one of two models saw it.")
        if known := usual.get(BASE[thing.label]):
            times = _side(thing.box_px) / known
            size = f"{times:.1f} times as large as" if times > 1 else f"{1 / times:.1f} times smaller than"
            yield Doubt(min(abs(log2(times)) / 2, 1.0), f"{name}: {size} usual in this clip.")


def _against(picture: Picture, before: Picture, after: Picture) -> Iterator[Doubt]:
    """Picture, those just before and after it -> where these two agree, and it does not."""
    for label in CLASSES:
        here, one, other = (
            [thing for thing in each.things if BASE[thing.label] == label] for each in (picture, before, after)
        )
        if any(thing.origin.get("source") == PERSON for thing in here):
            continue
        if len(one) == len(other) != len(here):
            yield Doubt(COUNT, f"{_counted(len(here), label)} here, {len(one)} just before and after.")
        if len(one) == len(other) == len(here) == 1:
            (x, y), (x0, y0), (x1, y1) = (_middle(found[0].box_px) for found in (here, one, other))
            off, apart = hypot(x - (x0 + x1) / 2, y - (y0 + y1) / 2), hypot(x1 - x0, y1 - y0)
            if off > max(apart, ROOM * _side(here[0].box_px)):
                yield Doubt(PLACE, f"{label.capitalize()}: elsewhere just before and after.")


def _name(thing: Thing) -> str:
    return BASE[thing.label].capitalize()


def _counted(count: int, label: str) -> str:
    return f"{count or 'No'} {label}{'s' * (count > 1)}"


def _side(box: Box) -> float:
    """-> the side of the square as large, a pixel at least."""
    return sqrt(max((box[2] - box[0]) * (box[3] - box[1]), 1.0))


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
