"""How fast a backup is, and bringing it back: `python -m benchmarks.backup [--gigabytes 5]` against `cp` of the files.

The films are random bytes, which do not shrink, of 200 shots with evidence; all write to the same disk, which is told
to finish (`sync`). What comes back is looked through before it comes; `cp` only copies.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import typer

from benchmarks import years
from kicky.domain import Clip, Foot, How, Verdict
from kicky.home import database, media
from kicky.service import house
from kicky.storage import archive
from tests.pages.filled import report

FILE_BYTES = 64 << 20
ROUNDS, SHOTS = 3, 200


def timed(do: Callable[[], object]) -> float:
    """What to do -> seconds until it is on the disk."""
    os.sync()
    since = time.perf_counter()
    do()
    os.sync()
    return time.perf_counter() - since


def furnish(films: int) -> None:
    """How many films -> a home with SHOTS shots, each with its evidence; so many of them have a film too."""
    years.fill(shots=SHOTS)
    media().mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(database())) as db:
        for number in range(1, SHOTS + 1):
            film = os.urandom(FILE_BYTES if number <= films else 8)
            sha256 = hashlib.sha256(film).hexdigest()
            if number <= films:
                (media() / f"{sha256}.mp4").write_bytes(film)
            clip = Clip(Path("film"), sha256, (1280, 720), np.arange(90) / 30)
            shot = report(clip, Verdict.GOAL, How.IN_NET, Foot.LEFT, 80.0, to=(1.0, 1.0)).shot
            evidence = f"{sha256[:16]}-0123abcd.npz"
            archive.write(media() / evidence, shot)
            db.execute("UPDATE clip SET sha256 = ?, file = ? WHERE id = ?", (sha256, f"{sha256}.mp4", number))
            db.execute("UPDATE shot SET evidence = ? WHERE clip_id = ?", (evidence, number))
        db.commit()


def main(gigabytes: Annotated[float, typer.Option(help="Of media.")] = 5.0) -> None:
    """Print the table."""
    with TemporaryDirectory() as own:
        os.environ |= {"KICKY_HOME": f"{own}/home", "KICKY_NO_WORKER": "1"}
        furnish(round(gigabytes * (1 << 30) / FILE_BYTES))
        print("| round | cp s | backup s | share of cp's speed | restore s |\n| --- | --- | --- | --- | --- |")
        for number in range(ROUNDS):
            copied, kept = Path(own) / "copied", Path(own) / "kept.kicky"
            copy = timed(lambda to=copied: subprocess.run(["cp", "-r", str(media()), str(to)], check=True))
            shutil.rmtree(copied)
            backup = timed(lambda to=kept: house.backup(to, lambda *_: None))
            os.environ["KICKY_HOME"] = f"{own}/other"
            restore = timed(lambda to=kept: house.restore(to, lambda *_: None))
            shutil.rmtree(f"{own}/other")
            os.environ["KICKY_HOME"] = f"{own}/home"
            kept.unlink()
            print(
                f"| {number + 1} | {copy:.1f} | {backup:.1f} | {100 * copy / backup:.0f} % | {restore:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    typer.run(main)
