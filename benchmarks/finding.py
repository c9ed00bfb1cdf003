"""Shots found in a session's film: `python -m benchmarks.finding` (where the footage is present).

A session's real clips are strung together as one film. Between them it stands still: the clip's last pictures to and
fro, then the next one's first, a few seconds each, as noisy as the film is. A jump from clip to clip stays, which no
film of a whole session has. A shot is found where a proposal has its kick within NEAR_S.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import numpy as np

from benchmarks.accuracy import csv_rows
from kicky import clipper, video
from kicky.domain import Floats
from kicky.video import Image

SHARED = Path(__file__).parents[2] / "shared"
SESSIONS = (("clips", "day"), ("clips", "night"), ("clips2", "pitch2"))
HZ, BEFORE_S, AFTER_S, TURN = 30, 4.0, 2.5, 7
NEAR_S, PAST_S = 0.7, 60


def to_and_fro(images: list[Image], seconds: float) -> Iterator[Image]:
    """Images -> them forth and back for so long, ending with the first."""
    for k in range(round(HZ * seconds), 0, -1):
        yield images[abs((k + TURN) % (2 * TURN) - TURN)]


def strung(folder: Path, session: str, path: Path) -> list[float]:
    """Folder of clips, session, where to -> the film, and the second of each kick."""
    rows = {row["clip"]: row for row in csv_rows(folder / "labels.csv")}
    kicks: list[float] = []
    at = 0
    with av.open(str(path), "w") as film:
        stream: Any = film.add_stream("libx264", rate=HZ)
        stream.options, stream.pix_fmt = {"preset": "superfast", "crf": "22"}, "yuv420p"
        for source in sorted(folder.glob(f"{session}_*.mp4")):
            clip = video.open_clip(source)
            step = max(1, round(1 / (HZ * clip.frame_s)))
            images = [image for _, image in video.frames(clip)][::step]
            if not at:
                stream.height, stream.width = images[0].shape[:2]
            before = list(to_and_fro(images[: TURN + 1], BEFORE_S))
            if contact := rows[source.stem]["contact_frame"]:
                kicks.append((at + len(before) + int(contact) / step) / HZ)
            for image in chain(before, images, reversed(list(to_and_fro(images[: -TURN - 2 : -1], AFTER_S)))):
                frame = av.VideoFrame.from_ndarray(image, format="rgb24")
                frame.pts, frame.time_base = at, Fraction(1, HZ)
                film.mux(stream.encode(frame))
                at += 1
        film.mux(stream.encode())
    os.utime(path, (time.time() - PAST_S, time.time() - PAST_S))
    return kicks


def matched(kicks: Floats, at: Floats, near_s: float) -> tuple[int, int]:
    """Seconds of the kicks, of the proposals' -> how many kicks have a proposal so near, how many proposals a kick."""
    near = np.abs(at[:, None] - kicks[None]) < near_s
    return int(near.any(axis=0).sum()), int(near.any(axis=1).sum())


def main() -> None:
    """Print the table."""
    print("| session | found | proposals that are shots | × real time |\n|---|---|---|---|", flush=True)
    for folder, session in SESSIONS:
        if not (SHARED / folder).is_dir():
            print(f"| {session} | its clips are not in {SHARED / folder} | | |")
            continue
        with TemporaryDirectory() as place:
            path = Path(place) / f"{session}.mp4"
            kicks = np.array(strung(SHARED / folder, session, path))
            goal = json.loads((SHARED / folder / f"{session}.scene.json").read_text())["goal_corners_px"]
            film = clipper.open_film(path)
            began = time.perf_counter()
            found, _ = clipper.propose(film.clip, np.array(goal))
            took = time.perf_counter() - began
        at = np.array([film.clip.time_s[burst.kick] for burst in found])
        hit, right = matched(kicks, at, NEAR_S)
        fast = film.clip.time_s[-1] / took
        print(f"| {session} | {hit} of {len(kicks)} | {right} of {len(at)} | {fast:.1f} |", flush=True)


if __name__ == "__main__":
    main()
