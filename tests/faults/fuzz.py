"""Damaged films by the thousand: `python -m tests.faults.fuzz SEEDS FIRST COUNT` tries them here, under limits.

SEEDS is a folder of whole films. Each case is one of them with bytes flipped, cut off, or spliced with another; its
number is written before it is tried, so that whoever watches knows which one brought the process down.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import numpy as np

from kicky.errors import KickyError
from kicky.video import open_clip, prove_whole, still
from kicky.video.apart import MEMORY_BYTES

from .. import films

SEEDS = {
    "phone.mp4": {"moov_first": True},
    "late.mov": {"container": "mov"},
    "plain.mkv": {},
    "hevc.mp4": {"codec": "libx265", "options": {"x265-params": "log-level=none"}},
    "web.webm": {"codec": "libvpx-vp9"},
    "old.avi": {"codec": "mjpeg", "pix_fmt": "yuvj420p"},
    "older.avi": {"codec": "mpeg4"},
    "camcorder.ts": {"container": "mpegts"},
    "camcorder.mpg": {"codec": "mpeg2video", "container": "mpeg"},
    "flash.flv": {"container": "flv"},
    "small.3gp": {"container": "3gp"},
}  # fmt: skip
"""Every container the app takes, each with a codec that is found in it."""
FRAMES = 10
HEAD = 1500


def seeds(folder: Path) -> list[Path]:
    """Folder -> the whole films in it, made where they are not there yet."""
    pictures = [films.numbered(number) for number in range(FRAMES)]
    for name, how in SEEDS.items():
        if not (folder / name).exists():
            films.write(folder / name, pictures, **how)
    return [folder / name for name in SEEDS]


def damaged(whole: list[bytes], case: int) -> bytes:
    """Whole films, case -> one of them damaged: by turns flipped, flipped in its head, cut off, spliced, cut out of."""
    rng = np.random.default_rng(case)
    film = np.frombuffer(whole[case % len(whole)], np.uint8).copy()
    kind = (case // len(whole)) % 5
    if kind < 2:
        reach = min(len(film), HEAD) if kind else len(film)
        spots = rng.integers(0, reach, 2 ** int(rng.integers(0, 8)))
        film[spots] ^= rng.integers(1, 256, len(spots)).astype(np.uint8)
        return film.tobytes()
    at, to = np.sort(rng.integers(0, len(film), 2)).tolist()
    if kind == 2:
        return film[:at].tobytes()
    if kind == 3:
        other = whole[int(rng.integers(len(whole)))]
        return film[:at].tobytes() + other[int(rng.integers(len(other))) :]
    return np.delete(film, np.s_[at:to]).tobytes()


def main() -> None:
    """Try the cases; "case" before each, "clip" or "words" after it. Any other error ends the process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    folder, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    paths = seeds(folder)
    whole = [path.read_bytes() for path in paths]
    for case in range(first, first + count):
        print("case", case, flush=True)
        path = folder / f"case-{case}{paths[case % len(paths)].suffix}"
        path.write_bytes(damaged(whole, case))
        try:
            clip = open_clip(path)
            prove_whole(clip)
            still(clip, len(clip.time_s) - 1)
            print("clip", flush=True)
        except KickyError as error:
            print("words", type(error).__name__, flush=True)
        path.unlink()


if __name__ == "__main__":
    main()
