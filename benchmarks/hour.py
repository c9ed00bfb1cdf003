"""A session's film of an hour: `python -m benchmarks.hour` times its proposals, and watches their memory.

The film is the rendered shot of `benchmarks.speed` with its waits, 30 s long, put after itself without encoding it
again: an hour of 1080p30. What is found in it says nothing (`benchmarks.sessions` and docs/results.md do).
"""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter, sleep

import av

from benchmarks.speed import HERE, memory_mb, prepare
from kicky import clipper
from kicky.clipper.film import SETTLES_S

HOUR_S = 3600
TENTHS = 10


def repeated(source: Path, target: Path, seconds: float) -> Path:
    """Film, where to, how long -> the film again and again, its packets copied."""
    if target.exists():
        return target
    part = target.with_name(f".{target.name}")
    with av.open(str(source)) as film, av.open(str(part), "w", format="mp4") as out:
        stream = film.streams.video[0]
        copy = out.add_stream_from_template(stream)
        packets = [packet for packet in film.demux(stream) if packet.dts is not None]
        held = [(packet.pts, packet.dts) for packet in packets]
        long = max(pts for pts, _ in held) - held[0][0] + packets[0].duration
        for turn in range(int(seconds / float(long * stream.time_base)) + 1):
            for packet, (pts, dts) in zip(packets, held, strict=True):
                packet.stream = copy
                packet.pts, packet.dts = pts + turn * long, dts + turn * long
                packet.time_base = stream.time_base
                out.mux(packet)
    part.replace(target)
    return target


def main() -> None:
    """Print the table."""
    _, long = prepare(HERE / "out" / "speed")
    path = repeated(long, HERE / "out" / "speed" / "hour.mp4", HOUR_S)
    sleep(SETTLES_S + 0.5)  # what was written a moment ago may still be being copied
    film = clipper.open_film(path)
    length_s = float(film.clip.time_s[-1])
    print(f"{length_s / 60:.1f} minutes, {len(film.clip.time_s)} frames.\n\n| done | MB |\n|---|---|", flush=True)
    told = [0]

    def tell(stage: str, share: float) -> None:
        if share * TENTHS >= told[0]:
            print(f"| {stage} {share:.0%} | {memory_mb('VmRSS'):.0f} |", flush=True)
            told[0] = int(share * TENTHS) + 1

    started = perf_counter()
    found, _ = clipper.propose(film.clip, None, tell, film.keys)
    spent = perf_counter() - started
    print(f"\n{len(found)} proposals in {spent:.0f} s: {length_s / spent:.1f} × real time, {os.cpu_count()} cores.")


if __name__ == "__main__":
    main()
