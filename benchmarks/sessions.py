"""What putting a session's shots together gains: `python -m benchmarks.sessions`, every answer being known.

Each simulated session is one phone that nobody touches, one goal whose corners were clicked once, and eight shots
(kicky.synthetic.tracks.simulate_session). Every shot is judged alone, then anew with the session's camera, as the
app does it. No constant was chosen on seeds from 100000 on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing import Pool
from typing import Annotated

import numpy as np
import typer

from kicky import flight, pipeline
from kicky.domain import Floats, Report
from kicky.errors import BadScene
from kicky.scene.anchors import anchors
from kicky.scene.bundle import bundle
from kicky.scene.calibrate import calibrate
from kicky.synthetic.stands import POSITIONS
from kicky.synthetic.tracks import TrackCase, simulate_session

from .accuracy import wilson
from .simulated import MOST_PROCESSES, OUT, Lens, assemble

SEED, SESSIONS, SHOTS = 100_000, 20, 8
Z_90 = 1.645
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Shot:
    """One shot judged: errors of height in m and of ln f, each with the standard deviation stated.

    `speed` is the launch speed's error as a share of the truth, NaN where not shown; `held` whether the 90 %
    interval holds the truth; `answer` and `goal` are what was said and what was so.
    """

    height_m: float
    height_sd_m: float
    log_focal: float
    log_focal_sd: float
    speed: float
    held: bool
    answer: str
    goal: str


@dataclass(frozen=True, slots=True)
class Session:
    """One session: its shots alone and together, those that have a camera alone; why they gave none together."""

    seed: int
    position: str
    before: list[Shot]
    after: list[Shot]
    why_not: str = ""


def judged(case: TrackCase, lens: str) -> Report:
    """Case -> its report, as the app makes it of a session's first shots."""
    shot = assemble(case, lens)
    shot = flight.fit(replace(shot, scene=calibrate(case.scene, shot.clip, anchors(shot))))
    return pipeline.judged(shot, {}, ())


def measured(case: TrackCase, report: Report) -> Shot | None:
    """Case, what was said of it -> its errors, None without a camera."""
    scene = report.shot.scene
    if scene is None or scene.camera is None:
        return None
    camera = scene.camera
    off = camera.parameters - case.camera
    sd = np.sqrt(np.diag(camera.covariance))
    speed = report.measure("speed")
    error = NAN if speed.value is None else speed.value / case.speed_kmh - 1
    held = speed.low is not None and speed.high is not None and speed.low <= case.speed_kmh <= speed.high
    verdicts = str(report.outcome.verdict), str(case.verdict)
    return Shot(float(off[6]), float(sd[6]), float(off[0]), float(sd[0]), error, held, *verdicts)


def session(seed: int, shots: int, lens: str) -> Session:
    """Seed -> Session. Whatever is raised says of which seed."""
    try:
        cases = simulate_session(seed, shots)
        pairs = [(case, judged(case, lens)) for case in cases]
        seen = [(case, report, alone) for case, report in pairs if (alone := measured(case, report))]
        try:
            together = bundle([report.shot for _, report, _ in seen])
        except BadScene as error:
            return Session(seed, cases[0].position, [], [], str(error))
        after = [measured(case, pipeline.again(report, together.camera)) for case, report, _ in seen]
    except Exception as error:
        error.add_note(f"simulated session {seed}")
        raise
    # A shot that the session's camera does not fit stays as it was, as in the app.
    kept = [new or old for new, (_, _, old) in zip(after, seen, strict=True)]
    return Session(seed, cases[0].position, [old for _, _, old in seen], kept)


def _median(shots: Sequence[Shot], of: Callable[[Shot], float]) -> float:
    values: Floats = np.abs([of(shot) for shot in shots])
    return float(np.median(values[np.isfinite(values)])) if np.isfinite(values).any() else NAN


HEAD = (
    "set", "shots", "", "height error", "± stated (90 %)", "holds height", "lens error", "± stated (90 %)",
    "holds lens", "launch speed error", "holds speed", "goal or not, right",
)  # fmt: skip


def row(name: str, when: str, shots: Sequence[Shot], others: Sequence[Shot]) -> list[str]:
    """Shots judged, the same judged the other way -> one line of the table; errors are medians.

    Speeds are compared where both ways show one.
    """
    timed = [one for one, other in zip(shots, others, strict=True) if np.isfinite(one.speed + other.speed)]
    count = len(shots)
    return [
        name,
        str(count),
        when,
        f"{100 * _median(shots, lambda s: s.height_m):.1f} cm",
        f"{100 * Z_90 * _median(shots, lambda s: s.height_sd_m):.1f} cm",
        wilson(sum(abs(s.height_m) < Z_90 * s.height_sd_m for s in shots), count),
        f"{100 * _median(shots, lambda s: s.log_focal):.1f} %",
        f"{100 * Z_90 * _median(shots, lambda s: s.log_focal_sd):.1f} %",
        wilson(sum(abs(s.log_focal) < Z_90 * s.log_focal_sd for s in shots), count),
        f"{100 * _median(timed, lambda s: s.speed):.1f} %" if timed else "–",
        wilson(sum(s.held for s in timed), len(timed)),
        wilson(sum(s.answer == s.goal for s in shots), count),
    ]


def table(results: Sequence[Session]) -> str:
    """Sessions -> Markdown: for each place of the phone and for all, each shot alone and the shots together."""
    lines = [list(HEAD), ["---"] * len(HEAD)]
    for name in (*POSITIONS, "all"):
        mine = [result for result in results if name in (result.position, "all") and result.before]
        if mine:
            alone = [shot for result in mine for shot in result.before]
            together = [shot for result in mine for shot in result.after]
            lines += [row(name, "alone", alone, together), row("", "together", together, alone)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main(
    count: int = SESSIONS,
    shots: int = SHOTS,
    seed: Annotated[int, typer.Option(help="The first; seeds below 100000 are for tuning.")] = SEED,
    lens: Lens = Lens.KNOWN,
    processes: Annotated[int, typer.Option(min=1, max=MOST_PROCESSES)] = MOST_PROCESSES,
) -> None:
    """Print the table."""
    with Pool(processes) as pool:
        results = pool.map(partial(session, shots=shots, lens=lens), range(seed, seed + count), chunksize=1)
    OUT.mkdir(parents=True, exist_ok=True)
    said = OUT / f"sessions_{seed}_{count}_{lens}.json"
    said.write_text(json.dumps([asdict(result) for result in results], indent=1), encoding="utf-8")
    better = [r for r in results if r.before]
    gained = sum(_median(r.after, lambda s: s.height_m) < _median(r.before, lambda s: s.height_m) for r in better)
    print(f"\n{count} simulated sessions of {shots} shots from seed {seed}, lens {lens}\n")
    print(table(results) + "\n")
    print("Shots of a session share its camera: brackets, which count shots, are too narrow for `together`.\n")
    print(f"The height is nearer the truth in {gained} of {len(better)} sessions.")
    print("\n".join(f"- {r.seed} {r.position}: {r.why_not}" for r in results if r.why_not))


if __name__ == "__main__":
    typer.run(main)
