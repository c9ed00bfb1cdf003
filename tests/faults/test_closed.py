"""A disk without room, a folder that takes no writes: what is stored is shown, and who writes is told why not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kicky.home import PROJECT
from kicky.service import shots, work

from ..pages.filled import fill
from .closed import seen

APART = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
PAGES = ("Home.py", "pages/1_Analyze.py", "pages/4_History.py", "pages/5_Shot.py")
ADVISED = "pages/5_Shot.py"  # the coach speaks by himself there, and it is said that his advice is not kept
ROOM = "The disk is full: make room and try again; what was stored before is still there."


def apart() -> str:
    """-> why no small disk can be mounted here, "" where it can."""
    try:
        done = subprocess.run([*APART, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, text=True)
    except FileNotFoundError as error:
        return str(error)
    return done.stderr.strip()


@pytest.fixture(scope="module")
def mounts() -> None:
    if why := apart():
        pytest.skip(f"no disk can be mounted for a test here: {why}")


def looked(how: str, home: Path, *pages: str) -> dict[str, Any]:
    """How the disk is, the home on it, pages -> what could be seen there and what was refused."""
    asked = [*APART, sys.executable, "-m", "tests.faults.closed", how, str(home), *pages]
    done = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("how", ["full", "closed"])
def test_what_is_stored_can_be_looked_at_and_who_writes_is_told_why_not(
    how: str, mounts: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / "films").mkdir(parents=True)
    monkeypatch.setenv("KICKY_HOME", str(home))
    fill(home / "films")
    work.analyze([1])
    before = [shot.outcome for shot in shots.listed()]
    headers = {page: seen(page)[0] for page in PAGES[1:]}
    told = looked(how, home, *PAGES)
    assert told["shots"] == before
    assert told["clips"] == [4, 3]
    assert told["jobs"] == ["queued"]
    assert min(told["still"], told["card"]) > 1000
    assert told["strip"] > 5
    why = ROOM if how == "full" else f"{home / 'db'} cannot be written: allow writing there, or point KICKY_HOME at"
    for page, (there, refused) in told["pages"].items():
        assert there == headers.get(page, there), page
        assert all(page == ADVISED and line.startswith(why) for line in refused), page
    for what in ("name", "session", "clip"):
        assert told[what].startswith(why), what
    assert told["backup"] == ""


@pytest.mark.parametrize("index", [True, False], ids=["with its index", "without"])
def test_on_a_full_disk_what_only_the_log_holds_is_read_too(index: bool, mounts: None, tmp_path: Path) -> None:
    """A process was killed before its last rows came from the log into the file."""
    made = """
import os, sqlite3, sys
from pathlib import Path
from tests.faults.closed import fill
from kicky.storage import engines
file = Path(sys.argv[1]) / "kicky.sqlite"
if not os.fork():
    db = sqlite3.connect(file)
    db.executescript("PRAGMA journal_mode=WAL; CREATE TABLE said (what); PRAGMA wal_checkpoint(TRUNCATE)")
    db.execute("INSERT INTO said VALUES ('last')")
    db.commit()
    os._exit(0)
os.wait()
if sys.argv[2] == "False":
    file.with_name("kicky.sqlite-shm").unlink()
fill(file.with_name("fill"))
print(engines._opened(file).execute("SELECT what FROM said").fetchall())
"""
    script = 'mount -t tmpfs -o size=400k none "$0" && exec "$@"'
    asked = [*APART, "sh", "-c", script, str(tmp_path), sys.executable, "-c", made, str(tmp_path), str(index)]
    done = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True)
    assert done.stdout == "[('last',)]\n", done.stderr[-2000:]
