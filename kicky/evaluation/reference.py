"""The article's own tables, to stand beside ours: its clips, its labels, its labeller.

It gives whole per cents and the number of clips; how many of those had a foot to judge it does not say. `fitting` finds
the largest n, up to the clips of the split, of which some count makes that per cent.
"""

from __future__ import annotations

from dataclasses import dataclass

from .statistics import Interval, share

TEACHER, STUDENT = "SAM 3 + LocateAnything", "RF-DETR-Seg-Small"
THEIRS = "their clips"
CLIPS = {"test": 12, "train": 49, "val": 11, "overall": 72}
PERCENT = {
    (TEACHER, "test"): (83, 82, 92),
    (STUDENT, "test"): (75, 75, 100),
    (TEACHER, "train"): (73, 71, 84),
    (STUDENT, "train"): (59, 53, 86),
    (TEACHER, "val"): (45, 88, 73),
    (TEACHER, "overall"): (71, 75, 84),
}
"""Detector, split: goal, foot, body found."""
LADDER = (58, 75, 83, 92)
"""Goal accuracy on the 12 test clips as rule after rule was added, each chosen on these same 12."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A line of the article's tables, on its own clips."""

    detector: str
    split: str
    clips: int
    goal: Interval
    foot: Interval
    pose: Interval


def references() -> list[Reference]:
    """-> all lines."""
    return [
        Reference(detector, split, CLIPS[split], *(share(*fitting(each, CLIPS[split])) for each in percents))
        for (detector, split), percents in PERCENT.items()
    ]


def fitting(percent: int, clips: int) -> tuple[int, int]:
    """A whole per cent, clips at most -> k of n that round to it, n as large as may be.

    >>> fitting(83, 12), fitting(82, 12), fitting(88, 11)
    ((10, 12), (9, 11), (7, 8))
    """
    for n in range(clips, 0, -1):
        for k in range(n + 1):
            if round(100 * k / n) == percent:
                return k, n
    raise ValueError(f"fitting: no count of up to {clips} clips makes {percent} %")


def ladder() -> str:
    """-> the article's climb, and what its 12 clips can tell."""
    steps = [share(*fitting(percent, CLIPS["test"])) for percent in LADDER]
    first, last = steps[0], steps[-1]
    climb = " → ".join(f"{each.k}/{each.n}" for each in steps)
    return (
        f"The article's ladder {' → '.join(map(str, LADDER))} % is {climb} on {THEIRS}: every rule was chosen on the "
        f"same 12 clips it is told for. Their 95 % intervals reach from {100 * (first.low or 0):.0f} to "
        f"{100 * (first.high or 0):.0f} % at its foot and from {100 * (last.low or 0):.0f} to "
        f"{100 * (last.high or 0):.0f} % at its head; its own table gives 83 % for the same 12."
    )
