"""What an analysis costs: `python -m benchmarks.speed`, on a rendered 1080p30 clip of 3 s and one ten times as long.

*judge* is an analysis without its film, *whole* one with it, both a worker's second. Each figure comes from a process
of its own, so that peak memory is that of the work measured. The bare decode of the same file is in the table too:
seconds differ between machines, ratios hardly do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

HERE = Path(__file__).parent
AGAIN = ("judge", "whole")


def prepare(folder: Path) -> tuple[Path, Path]:
    """Folder -> a clip of 3 s and one of 30 s: the first, after its own run-up played to and fro."""
    from kicky import synthetic, video

    short, long = folder / "short.mp4", folder / "long.mp4"
    if not long.exists():
        folder.mkdir(parents=True, exist_ok=True)
        shot = synthetic.sample(11, view="behind", kind="goal", fps=30, size_wh=(1920, 1080), night=False)
        made = synthetic.write(shot, folder)
        made.replace(short)
        (folder / f"{made.stem}.scene.json").replace(folder / "scene.json")
        clip = video.open_clip(short)
        images = [image for _, image in video.frames(clip)]
        sway = list(range(4)) + list(range(3, 0, -1))
        order = [sway[i % len(sway)] for i in range(9 * len(images))] + list(range(len(images)))
        times = np.arange(len(order)) * clip.frame_s
        with video.FilmWriter(long, clip.size_wh_px, times) as film:
            for number, time_s in zip(order, times, strict=True):
                film.add(images[number], float(time_s))
    return short, long


def decode(path: Path) -> int:
    """File -> frames decoded to gray, nothing else done."""
    from kicky import video

    return sum(1 for _ in video.frames(video.open_clip(path), gray=True))


def detect(path: Path) -> int:
    """File -> frames through the motion detector, decode included."""
    from kicky import video
    from kicky.detectors.motion import Motion

    return sum(1 for _ in Motion()(video.open_clip(path)))


def motion(path: Path) -> tuple[int, float]:
    """File -> frames through the motion detector and its seconds; the frames are decoded before."""
    from kicky import video
    from kicky.detectors.motion import Motion

    clip, detect = video.open_clip(path), Motion()
    with video.decoded_once():
        listen = detect.listen(clip)
        for number, frame in video.decoded(clip):
            listen(number, frame)
        started = perf_counter()
        return sum(1 for _ in detect(clip)), perf_counter() - started


def judge(path: Path) -> int:
    """File -> frames analysed, as the worker does it, without a film."""
    from kicky.service import judging

    return len(judging.analyze_file(path, path.parent / "scene.json", "motion").shot.clip.time_s)


def whole(path: Path) -> int:
    """File -> frames analysed, report and annotated film written, as the worker does it."""
    from kicky.service import judging

    with tempfile.TemporaryDirectory() as out:
        report = judging.analyze_file(path, path.parent / "scene.json", "motion", out=Path(out))
    print({stage: round(seconds, 2) for stage, seconds in report.seconds.items()}, file=sys.stderr)
    return len(report.shot.clip.time_s)


WORK: dict[str, Callable[[Path], Any]] = {
    "decode": decode, "motion": motion, "detect": detect, "judge": judge, "whole": whole
}  # fmt: skip


def measure(name: str, path: Path, cores: int) -> dict[str, float]:
    """Work's name, file, cores -> its wall seconds (start-up apart) and peak memory, from a process of its own."""
    command = [sys.executable, "-m", "benchmarks.speed", "--child", name, str(path), str(cores)]
    done = subprocess.run(command, cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout))


def child(name: str, path: Path, cores: int) -> None:
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:cores]))
    import cv2
    from mediapipe.tasks.python import vision as pose

    import kicky.detectors.motion as motion

    assert pose, motion  # what a running worker has imported already
    cv2.setNumThreads(cores)
    started = perf_counter()
    frames = WORK[name](path)
    if name in AGAIN:  # a worker's second clip: what the first one made it import is there
        started = perf_counter()
        WORK[name](path)
    spent = perf_counter() - started
    if isinstance(frames, tuple):
        frames, spent = frames
    print(json.dumps({"s": spent, "frames": frames, "peak_mb": memory_mb("VmHWM")}))


def memory_mb(what: str, process: int | str = "self") -> float:
    """VmRSS (now) or VmHWM (the most ever; not its parent's, which getrusage would count), process -> what it holds."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.partition(f"{what}:")[2].split()[0]) / 1024


def main() -> None:
    """Print the table."""
    short, long = prepare(HERE / "out" / "speed")
    print("| work | cores | clip | wall s | frames/s | × bare decode | peak MB |\n|---|---|---|---|---|---|---|")
    bare: dict[tuple[int, Path], float] = {}
    asked = (("decode", 1), ("motion", 1), ("detect", 1), ("decode", 2), ("judge", 2), ("whole", 2), ("whole", 1))
    for name, cores in asked:
        for path in (short,) if name == "motion" or (name, cores) == ("whole", 1) else (short, long):
            best = min(
                (measure(name, path, cores) for _ in range(2 if name in AGAIN else 3)), key=lambda found: found["s"]
            )
            if name == "decode":
                bare[cores, path] = best["s"]
            ratio = best["s"] / bare[cores, path]
            rate, length = best["frames"] / best["s"], best["frames"] / 30
            cells = (
                name,
                cores,
                f"{length:.0f} s",
                f"{best['s']:.2f}",
                f"{rate:.0f}",
                f"{ratio:.1f}",
                f"{best['peak_mb']:.0f}",
            )
            print("| " + " | ".join(map(str, cells)) + " |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
