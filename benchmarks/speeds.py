"""How right a speed is, and how sure it says it is: `python -m benchmarks.speeds`, every answer being known.

Simulated shots (kicky.synthetic.tracks) through every lens that phones have, less what a film loses to be steadied.
Each is judged four times: with nothing told, the lens told, the distance from the goal line told, the pitch's marks
clicked. Then sessions of one phone: how much harder one shot was than another. No constant was chosen on even seeds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import pairwise
from multiprocessing import Pool
from typing import Annotated

import numpy as np
import typer

from kicky import flight, outcome, pipeline
from kicky.domain import PitchMark, Told
from kicky.errors import BadScene
from kicky.measures.speed import speed
from kicky.scene import marks
from kicky.scene.bundle import bundle
from kicky.scene.calibrate import anchors, calibrate
from kicky.scene.lens import LONG_SIDE_MM
from kicky.synthetic.stands import POSITIONS, SIZE_WH_PX
from kicky.synthetic.tracks import TrackCase, simulate_session, simulate_track

from .accuracy import wilson
from .sessions import judged as alone
from .simulated import MOST_PROCESSES, OUT, assemble

LENSES_MM = (13, 24, 26, 28, 48, 77)
# How often phones film with each; the other table counts all alike.
USED = (0.07, 0.25, 0.35, 0.2, 0.08, 0.05)
CROP = (1.0, 1.15)
PX_A_MM = max(SIZE_WH_PX) / LONG_SIDE_MM
USUAL_PX = 1470.0  # of the simulator's phone, on average
TELLING = ("nothing", "lens", "distance", "marks")
LENS_SD, DISTANCE_SD = 0.04, 0.03
PAINTED, CLICKED_PX = 0.7, 1.5  # of the spread that is believed; how far off a click is
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Judged:
    """One shot judged with something told: the error as a share, half the interval as a share, whether it holds."""

    seed: int
    mm: int
    position: str
    told: str
    error: float
    half: float
    held: bool
    believed: str


def case(seed: int, alike: bool) -> tuple[int, TrackCase]:
    """Seed, whether all lenses are alike frequent -> a lens and a shot through it."""
    rng = np.random.default_rng([seed, 35])
    mm = int(rng.choice(LENSES_MM, p=None if alike else USED))
    zoom = mm * rng.uniform(*CROP) * PX_A_MM / USUAL_PX
    return mm, simulate_track(seed, zoom=float(zoom))


def clicked(made: TrackCase, rng: np.random.Generator) -> tuple[PitchMark, ...]:
    """A shot -> the pitch's marks that its picture shows, painted and clicked as surely as people do; none before a
    goal of another size."""
    found, corners = [], made.scene.goal_corners_px
    for name, kind in marks.offered(made.scene.goal_size_m).items():
        xs = np.linspace(-0.9, 0.9, 13) * kind.half_m if kind.clicks > 1 else np.zeros(1)
        away = kind.away_m + rng.normal(0, PAINTED * kind.sd_m)
        px, depth = made.lens.project(np.array([[x, away, 0.0] for x in xs]))
        seen = px[(depth > 1) & (px > 0).all(axis=1) & (px < SIZE_WH_PX).all(axis=1)]
        if len(seen) >= kind.clicks:
            ends = seen[[0, -1][: kind.clicks]] + rng.normal(0, CLICKED_PX, (kind.clicks, 2))
            at = (ends - corners.mean(axis=0)) / np.hypot(*(corners[1] - corners[0]))
            found.append(PitchMark(name, tuple((float(x), float(y)) for x, y in at)))
    return tuple(found)


def judged(seed: int, alike: bool) -> list[Judged]:
    """Seed -> the shot judged each way, NaN where no speed is given. Whatever is raised says of which seed."""
    try:
        mm, made = case(seed, alike)
        seen = assemble(replace(made, clip=replace(made.clip, lens_mm=None)))
        true_mm = float(np.exp(made.camera[0])) * LONG_SIDE_MM / max(SIZE_WH_PX)
        line_m = abs(float(made.ball_xyz_m[made.kick_frame, 1]))
        said = {
            "nothing": {},
            "lens": {"lens": Told(true_mm, LENS_SD * true_mm, "you said")},
            "marks": {"marks": clicked(made, np.random.default_rng([seed, 37]))},
            "distance": {"ball_m": Told(line_m, max(0.3, DISTANCE_SD * line_m), "you said")},
        }
        answers = []
        for told, known in said.items():
            scene = calibrate(replace(made.scene, **known), seen.clip, anchors(seen))
            shot = outcome.weighed(flight.fit(replace(seen, scene=scene)))
            number = speed(shot)
            words = scene.camera.focal_from if scene.camera else ""
            if shot.flight is None or number.value is None or number.low is None or number.high is None:
                answers.append(Judged(seed, mm, made.position, told, NAN, NAN, False, words))
                continue
            half = (number.high - number.low) / 2 / number.value
            held = number.low <= made.speed_kmh <= number.high
            answers.append(Judged(seed, mm, made.position, told, number.value / made.speed_kmh - 1, half, held, words))
    except Exception as error:
        error.add_note(f"simulated seed {seed}")
        raise
    return answers


def row(name: str, results: Sequence[Judged]) -> list[str]:
    """Answers -> a line: how many of all have a speed, its error, how wide it is told, how often that holds."""
    given = [one for one in results if np.isfinite(one.error)]
    off, half = np.abs([one.error for one in given]), [one.half for one in given]
    return [
        name,
        wilson(len(given), len(results)),
        *(f"{100 * np.percentile(values, q):.0f} %" for values, q in ((off, 50), (off, 90), (half, 50), (half, 90))),
        wilson(sum(one.held for one in given), len(given)),
    ]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two shots of a session: how far off the ratio of their speeds is, half its interval as a share, does it hold."""

    error: float
    half: float
    held: bool


def pairs(seed: int, shots: int, alike: bool) -> list[Pair]:
    """Seed -> each shot of a simulated session against the next, after all were put together; none without a camera."""
    rng = np.random.default_rng([seed, 36])
    mm = int(rng.choice(LENSES_MM, p=None if alike else USED))
    cases = simulate_session(seed, shots, zoom=float(mm * rng.uniform(*CROP) * PX_A_MM / USUAL_PX))
    reports = [alone(one, "unknown") for one in cases]
    try:
        together = bundle([report.shot for report in reports])
    except BadScene:
        return []
    known = []
    for one, report in zip(cases, reports, strict=True):
        number = pipeline.again(report, together.camera).measure("speed_one_lens")
        if number.value is not None and number.low is not None and number.high is not None:
            half = (np.log(number.high) - np.log(number.low)) / 2
            known.append((np.log(number.value) - np.log(one.speed_kmh), half))
    found = []
    for (off, half), (other_off, other_half) in pairwise(known):
        error, wide = float(off - other_off), float(np.hypot(half, other_half))
        found.append(Pair(error, wide, abs(error) <= wide))
    return found


HEAD = ("", "a speed of all", "error, median", "p90", "half width told, median", "p90", "90 % holds")


def table(results: Sequence[Judged], key: Callable[[Judged], str], order: Sequence[str]) -> str:
    """Answers -> Markdown, a line a group."""
    groups = [(name, [one for one in results if key(one) == name]) for name in order]
    lines = [list(HEAD), ["---"] * len(HEAD), *(row(name, group) for name, group in groups if group)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main(
    count: int = 400,
    seed: Annotated[int, typer.Option(help="The first; every second from there.")] = 200_000,
    alike: Annotated[bool, typer.Option(help="All lenses alike frequent, instead of as they are used.")] = False,
    sessions: Annotated[int, typer.Option(help="Sessions of ten shots.")] = 20,
    processes: Annotated[int, typer.Option(min=1, max=MOST_PROCESSES)] = MOST_PROCESSES,
) -> None:
    """Print the tables."""
    with Pool(processes) as pool:
        held = pool.map(partial(pairs, shots=10, alike=alike), range(seed, seed + 2 * sessions, 2), chunksize=1)
        found = pool.map(partial(judged, alike=alike), range(seed, seed + 2 * count, 2), chunksize=4)
    results = [one for answers in found for one in answers]
    OUT.mkdir(parents=True, exist_ok=True)
    kept = OUT / f"speeds_{seed}_{count}_{'alike' if alike else 'used'}.json"
    kept.write_text(json.dumps([asdict(one) for one in results], indent=1), encoding="utf-8")
    print(f"\n{count} simulated shots from seed {seed}, lenses {'alike' if alike else 'as used'}\n")
    print(table(results, lambda one: one.told, TELLING) + "\n")
    ratios = [one for two in held for one in two]
    if ratios:
        off, half = (np.abs([getattr(one, name) for one in ratios]) for name in ("error", "half"))
        print(
            f"One shot against the next, {len(ratios)} pairs in {sum(map(bool, held))} of {sessions} sessions of ten: "
            f"off by {100 * np.median(off):.1f} % (median), told to ± {100 * np.median(half):.0f} %, "
            f"90 % holds {wilson(sum(one.held for one in ratios), len(ratios))}\n"
        )
    for told in TELLING:
        mine = [one for one in results if one.told == told]
        print(f"{told} told\n\n{table(mine, lambda one: one.position, POSITIONS)}\n")
        print(table(mine, lambda one: f"{one.mm} mm", [f"{mm} mm" for mm in LENSES_MM]) + "\n")


if __name__ == "__main__":
    typer.run(main)
