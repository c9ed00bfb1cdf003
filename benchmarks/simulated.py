"""How right the flight in metres is: `python -m benchmarks.simulated`, on shots of which every answer is known.

Each simulated shot (kicky.synthetic.tracks: six camera positions, eleven kinds, three nets) is linked as the
app links it, then judged twice: by `rules2d`, and by camera, flight and outcome. No constant was chosen on seeds
from 100000 on. Shots are kept in benchmarks/out/ until the simulator's source changes; what was said of each is
written beside them.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from time import perf_counter
from typing import Annotated

import numpy as np
import typer

from kicky import flight, kick, outcome, rules2d, tracking
from kicky.domain import Candidates, Floats, Label, Shot
from kicky.measures import MEASURES
from kicky.registry import load
from kicky.scene.calibrate import anchors, calibrate
from kicky.synthetic.strikes import KINDS
from kicky.synthetic.tracks import POSITIONS, TrackCase, simulate_track

from .accuracy import wilson

ROOT = Path(__file__).parent.parent
OUT = ROOT / "benchmarks" / "out"
SEED, COUNT, MOST_PROCESSES = 100_000, 600, 2
MEASURED = ("speed", "crossing_x", "crossing_z", "speed_at_line", "time_to_line", "rise", "curl")
NAN = float("nan")


class Lens(StrEnum):
    """What the file says of the lens: 26 mm, as phones do, or nothing."""

    KNOWN = "known"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Result:
    """One case: its truth, and what was said of it.

    `truth` and `said` go by measure: the true value (NaN where a thing met first makes it no free flight's), and
    value, low, high (NaN where not shown). `kick_frames` is how many frames late the kick was put, NaN for none.
    """

    seed: int
    position: str
    kind: str
    net: str
    goal: str
    rules2d: str
    rules2d_kmh: float
    answer: str
    p_goal: float
    why: str
    kick_frames: float
    truth: dict[str, float]
    said: dict[str, tuple[float, float, float]]
    seconds: float

    def error(self, name: str) -> float:
        return self.said[name][0] - self.truth[name]

    def covered(self, name: str) -> bool:
        _, low, high = self.said[name]
        return low <= self.truth[name] <= high


def assemble(case: TrackCase, lens: str = Lens.KNOWN) -> Shot:
    """Case -> the Shot that the app has before it works out the camera."""
    clip = case.clip if lens == Lens.KNOWN else replace(case.clip, lens_mm=None)
    sighting = tracking.link(clip, case.detections)
    shot = Shot(clip, sighting.ball, sighting.players, case.scene, candidates=candidates(case), rests=sighting.rests)
    return kick.find(shot)


def candidates(case: TrackCase) -> Candidates:
    """Case -> all that the detector offered for a ball."""
    balls = [found[found.class_id == Label.BALL] for found in case.detections]
    frame = np.repeat(np.arange(len(balls)), [len(found) for found in balls])
    box = np.concatenate([found.xyxy for found in balls])
    diameter = np.concatenate([np.asarray(found.data["diameter_px"]) for found in balls])
    score = np.concatenate([np.asarray(found.confidence) for found in balls])
    return Candidates(frame, (box[:, :2] + box[:, 2:]) / 2, diameter, score)


def judge(case: TrackCase, lens: str) -> Result:
    """Case -> Result: linked once, judged both ways. Whatever is raised says of which seed."""
    try:
        shot = assemble(case, lens)
        old, old_kmh = rules2d.decide(shot.clip, shot.ball, shot.scene), rules2d.peak_speed_kmh(shot.clip, shot.ball)
        shot = replace(shot, scene=calibrate(case.scene, shot.clip, anchors(shot)))
        start = perf_counter()
        shot = outcome.weighed(flight.fit(shot))
        new = outcome.decide(shot)
        seconds = perf_counter() - start
        said = {name: _said(name, shot) for name in MEASURED}
    except Exception as error:
        error.add_note(f"simulated seed {case.seed}, {case.kind} from {case.position}")
        raise
    return Result(
        case.seed,
        case.position,
        case.kind,
        case.net,
        str(case.verdict),
        str(old.verdict),
        NAN if old_kmh is None else old_kmh,
        str(new.verdict),
        new.p_goal,
        new.why,
        _kick_frames(case, shot),
        _truth(case),
        said,
        seconds,
    )


def _truth(case: TrackCase) -> dict[str, float]:
    """Case -> the true measures; those of the goal's plane only where the ball came there in free flight."""
    along = float(np.hypot(*case.launch_ms[:2]))
    rise = float(np.degrees(np.arctan2(case.launch_ms[2], along)))
    free = case.plane_s is not None and (case.met_s is None or case.plane_s <= case.met_s)
    if not free or case.plane_s is None or case.crossing_m is None or case.plane_ms is None:
        there = dict.fromkeys(("crossing_x", "crossing_z", "speed_at_line", "time_to_line", "curl"), NAN)
        return {"speed": case.speed_kmh, "rise": rise, **there}
    x, z = case.crossing_m
    right = np.array([-case.launch_ms[1], case.launch_ms[0]]) / along
    return {
        "speed": case.speed_kmh, "crossing_x": x, "crossing_z": z, "rise": rise,
        "speed_at_line": 3.6 * float(np.linalg.norm(case.plane_ms)), "time_to_line": case.plane_s - case.kick_time_s,
        "curl": float((np.array([x, 0.0]) - case.launch_m[:2]) @ right),
    }  # fmt: skip


def _said(name: str, shot: Shot) -> tuple[float, float, float]:
    measure = load(MEASURES, name)(shot)
    if measure.value is None or measure.low is None or measure.high is None:
        return NAN, NAN, NAN
    return float(measure.value), float(measure.low), float(measure.high)


def _kick_frames(case: TrackCase, shot: Shot) -> float:
    """-> frames from the true kick to the one found: the flight's where there is one, else the ball's departure."""
    if shot.flight is not None:
        return (shot.flight.kick_time_s - case.kick_time_s) / case.clip.frame_s
    return NAN if shot.kick_frame is None else float(shot.kick_frame - case.kick_frame)


def cases(seed: int, count: int) -> list[TrackCase]:
    """Seeds -> their cases, from benchmarks/out/ when the same source made them before."""
    kicky = ROOT / "kicky"
    sources = [*sorted((kicky / "synthetic").glob("*.py")), kicky / "camera.py", kicky / "domain.py"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    kept = OUT / f"simulated_{seed}_{count}_{digest}.pickle"
    if not kept.exists():
        OUT.mkdir(parents=True, exist_ok=True)
        with Pool(MOST_PROCESSES) as pool:
            made = pool.map(simulate_track, range(seed, seed + count), chunksize=10)
        kept.write_bytes(pickle.dumps(made))
    loaded: list[TrackCase] = pickle.loads(kept.read_bytes())
    return loaded


def _finite(values: Iterable[float]) -> Floats:
    array = np.array(list(values), dtype=float)
    return array[np.isfinite(array)]


def spread(values: Iterable[float], unit: str, of: int) -> str:
    """Errors, NaN where none -> "6.1 / 20 %, shown 93 %": median and 90th percentile, share that has one."""
    errors = np.abs(_finite(values))
    if not len(errors):
        return "–"
    scale, digits = (100, 1) if unit == "%" else (1, 2)
    median, late = (scale * np.percentile(errors, share) for share in (50, 90))
    return f"{median:.{digits}f} / {late:.{digits}f} {unit}, shown {100 * len(errors) / of:.0f} %"


def coverage(results: Sequence[Result], name: str) -> str:
    """-> share of 90 % intervals that hold the truth, of those shown."""
    shown = [r for r in results if np.isfinite(r.error(name))]
    return wilson(sum(r.covered(name) for r in shown), len(shown))


def crossing_errors(results: Iterable[Result]) -> list[float]:
    return [float(np.hypot(r.error("crossing_x"), r.error("crossing_z"))) for r in results]


HEAD = (
    "set",
    "goal by P > ½",
    "… of decided",
    "unsure",
    "rules2d goal",
    "speed error med / p90",
    "rules2d speed",
    "crossing error med / p90",
    "kick ±1 frame",
    "90 % holds speed",
    "… x",
    "… z",
    "… speed at the line",
    "… time to the line",
    "… rise",
    "… curl",
    "fit + outcome med / p90",
)


def row(name: str, results: Sequence[Result]) -> list[str]:
    """Results -> one line of the table."""
    count = len(results)
    decided = [r for r in results if r.answer != "unsure"]
    crossed = [r for r in results if np.isfinite(r.truth["crossing_x"])]
    seconds = np.percentile([r.seconds for r in results], (50, 90))
    return [
        name,
        wilson(sum(("goal" if r.p_goal > 0.5 else "no_goal") == r.goal for r in results), count),
        wilson(sum(r.answer == r.goal for r in decided), len(decided)),
        f"{1 - len(decided) / count:.0%}".replace("%", " %"),
        wilson(sum(r.rules2d == r.goal for r in results), count),
        spread((r.error("speed") / r.truth["speed"] for r in results), "%", count),
        spread((r.rules2d_kmh / r.truth["speed"] - 1 for r in results), "%", count),
        spread(crossing_errors(crossed), "m", max(len(crossed), 1)),
        wilson(sum(abs(r.kick_frames) <= 1 for r in results), count),
        *(coverage(results, name) for name in MEASURED),
        f"{seconds[0]:.2f} / {seconds[1]:.2f} s",
    ]


def table(results: Sequence[Result], key: Callable[[Result], str], order: Sequence[str]) -> str:
    """Results -> Markdown, a line for each group and one for all."""
    groups = [(name, [r for r in results if key(r) == name]) for name in order]
    lines = [list(HEAD), ["---"] * len(HEAD), *(row(name, group) for name, group in groups if group)]
    return "\n".join("| " + " | ".join(line) + " |" for line in [*lines, row("all", results)])


def wrong(results: Iterable[Result]) -> list[str]:
    """Results -> a line for each whose answer is not the truth."""
    return [
        f"- {r.seed} {r.position} {r.kind} ({r.net}): {r.answer} (P {r.p_goal:.2f}) for {r.goal}: {r.why}"
        for r in results
        if r.answer != r.goal
    ]


def main(
    count: int = COUNT,
    seed: Annotated[int, typer.Option(help="The first; seeds below 100000 are for tuning.")] = SEED,
    lens: Lens = Lens.KNOWN,
    processes: Annotated[int, typer.Option(min=1, max=MOST_PROCESSES)] = MOST_PROCESSES,
) -> None:
    """Print the tables."""
    made = cases(seed, count)
    with Pool(processes) as pool:
        results = pool.map(partial(judge, lens=lens), made, chunksize=5)
    said = OUT / f"simulated_{seed}_{count}_{lens}.json"
    said.write_text(json.dumps([asdict(r) for r in results], indent=1), encoding="utf-8")
    nets = sorted({r.net for r in results})
    print(f"\n{count} simulated shots from seed {seed}, lens {lens}\n")
    print(table(results, lambda r: r.position, POSITIONS) + "\n")
    print(table(results, lambda r: r.kind, KINDS) + "\n")
    print(table(results, lambda r: r.net, nets) + "\n")
    print("\n".join(wrong(results)))


if __name__ == "__main__":
    typer.run(main)
