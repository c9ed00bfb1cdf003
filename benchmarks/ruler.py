"""How right the ball is as a ruler: `python -m benchmarks.ruler`, on simulated shots whose goal nobody marked.

Each shot of even seed (kicky.synthetic.tracks) is linked as the app links it and asked for its speed without a goal.
Constants were chosen on odd seeds. *Held*: the 90 % interval holds the true launch speed; *at least*: the true part in
the picture's plane is no less than the low edge of what is told of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import process_time

import numpy as np
import typer

from kicky.camera import rotation
from kicky.domain import Measure
from kicky.measures.speed import speed, speed_across
from kicky.synthetic.tracks import POSITIONS, TrackCase, simulate_track

from .accuracy import wilson
from .simulated import Lens, assemble

SEED, COUNT = 300_000, 300
HEAD = ("set", "given", "error med / p90", "half width", "held", "at least", "seconds")


@dataclass(frozen=True, slots=True)
class Told:
    """One shot: from where, the true km/h and its part in the picture's plane, what was said, CPU seconds."""

    position: str
    kmh: float
    across_kmh: float
    speed: Measure
    across: Measure
    seconds: float

    @property
    def held(self) -> bool:
        return (self.speed.low or 0.0) <= self.kmh <= (self.speed.high or 0.0)


def judge(case: TrackCase, lens: str) -> Told:
    """Case -> what is said of it without its goal."""
    shot = replace(assemble(case, lens), scene=None)
    start = process_time()
    said, across = speed(shot), speed_across(shot)
    seconds = process_time() - start
    after = case.kick_frame + 2
    way = case.ball_xyz_m[after] - case.ball_xyz_m[case.kick_frame]
    plane = float(np.linalg.norm((rotation(case.camera) @ way)[:2]) / np.linalg.norm(way))
    return Told(case.position, case.speed_kmh, case.speed_kmh * plane, said, across, seconds)


def row(name: str, told: Sequence[Told]) -> str:
    """Shots -> one line of the table."""
    given = [t for t in told if t.speed.value is not None]
    off = [abs((t.speed.value or 0.0) / t.kmh - 1) for t in given]
    half = [((t.speed.high or 0.0) - (t.speed.low or 0.0)) / 2 / (t.speed.value or 1.0) for t in given]
    median, late = 100 * np.percentile(off, (50, 90))
    cells = (
        name,
        wilson(len(given), len(told)),
        f"{median:.1f} / {late:.0f} %",
        f"{100 * np.median(half):.0f} %",
        wilson(sum(t.held for t in given), len(given)),
        wilson(sum((t.across.low or 0.0) <= t.across_kmh for t in given), len(given)),
        f"{np.median([t.seconds for t in told]):.2f}",
    )
    return "| " + " | ".join(cells) + " |"


def main(count: int = COUNT, seed: int = SEED, lens: Lens = Lens.UNKNOWN) -> None:
    """Print the table."""
    told = [judge(simulate_track(each), lens) for each in range(seed, seed + 2 * count, 2)]
    print(f"\n{count} simulated shots from seed {seed}, even ones, lens {lens}, no goal marked\n")
    print("| " + " | ".join(HEAD) + " |\n" + "| --- " * len(HEAD) + "|")
    for position in POSITIONS:
        print(row(position, [t for t in told if t.position == position]))
    print(row("all", told))


if __name__ == "__main__":
    typer.run(main)
