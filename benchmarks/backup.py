"""How fast a backup is: `python -m benchmarks.backup [--gigabytes 5]` against `cp` of the same files, in one run.

The media are random bytes, which do not shrink; both write to the same disk, and the disk is told to finish (`sync`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from benchmarks import years
from kicky.home import media
from kicky.service import keeping

FILE_BYTES = 64 << 20
ROUNDS = 3


def timed(do: Callable[[], object]) -> float:
    """What to do -> seconds until it is on the disk."""
    os.sync()
    since = time.perf_counter()
    do()
    os.sync()
    return time.perf_counter() - since


def main(gigabytes: Annotated[float, typer.Option(help="Of media.")] = 5.0) -> None:
    """Print the table."""
    with TemporaryDirectory() as own:
        os.environ |= {"KICKY_HOME": f"{own}/home", "KICKY_NO_WORKER": "1"}
        years.fill(shots=200)
        media().mkdir(parents=True, exist_ok=True)
        for number in range(round(gigabytes * (1 << 30) / FILE_BYTES)):
            (media() / f"{number}.mp4").write_bytes(os.urandom(FILE_BYTES))
        print("| round | cp s | backup s | backup, share of cp's speed |\n| --- | --- | --- | --- |")
        for number in range(ROUNDS):
            copied, kept = Path(own) / "copied", Path(own) / "kept.kicky"
            copy = timed(lambda to=copied: subprocess.run(["cp", "-r", str(media()), str(to)], check=True))
            shutil.rmtree(copied)
            backup = timed(lambda to=kept: keeping.backup(to, lambda *_: None))
            kept.unlink()
            print(f"| {number + 1} | {copy:.1f} | {backup:.1f} | {100 * copy / backup:.0f} % |", flush=True)


if __name__ == "__main__":
    typer.run(main)
