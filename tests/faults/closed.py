"""A home on a disk that is full, or that takes no writes, in a name space of its own: what may be asked of it there.

    unshare --mount [--map-root-user] python -m tests.faults.closed full|closed HOME PAGE…

HOME's things are laid on a small disk in its place. Prints one JSON document: what was seen, and what was refused.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from kicky.home import PROJECT


def main() -> None:
    how, home, pages = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    beside = home.with_name("beside")
    shutil.copytree(home, beside, symlinks=True)
    size = sum(path.stat().st_size for path in beside.rglob("*") if path.is_file() and not path.is_symlink())
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size + (1 << 21)}", "none", str(home)], check=True)
    shutil.copytree(beside, home, symlinks=True, dirs_exist_ok=True)
    if how == "full":
        fill(home / "fill")
    else:
        subprocess.run(["mount", "-o", "remount,ro", str(home)], check=True)
    from kicky.service import clips, house, kicks, players, scenes, sessions, shots, work

    shot = shots.listed()[0]
    told: dict[str, Any] = {
        "shots": [each.outcome for each in shots.listed()],
        "clips": [len(clips.listed(session.id)) for session in sessions.listed()],
        "still": len(scenes.still(shot.clip_id, 3)),
        "card": len(shots.card(shot.id, phone=False)),
        "strip": len(kicks.strip(shot.id).pictures),
        "doctor": [line for line in house.doctor() if "ample" not in line and "pose" not in line],
        "jobs": [job.state for job in work.jobs()],
        "pages": {page: seen(page) for page in pages},
        "name": refused(lambda: players.name(shot.id, "Bo" * 4000)),
        "session": refused(lambda: sessions.new(shot.date, "Elsewhere" * 4000)),
        "clip": refused(lambda: clips.add(shot.session_id, "new.mp4", shot.film)),
        "backup": refused(lambda: backup(beside.with_name("all.kicky"))),
    }  # fmt: skip
    print(json.dumps(told))


def fill(path: Path) -> None:
    """File -> it takes all that is left of its disk."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                continue


def backup(target: Path) -> None:
    from kicky.service import house, work

    house.backup(target, work.silent)


def refused(ask: Any) -> str:
    from kicky.errors import KickyError

    try:
        ask()
    except KickyError as error:
        return str(error)
    return ""


def seen(page: str) -> tuple[list[str], list[str]]:
    """Page -> its headers, and what it refused, in words or with a traceback."""
    from streamlit.testing.v1 import AppTest

    from kicky.ui import TABS

    test = AppTest.from_file(str(PROJECT / "Home.py"), default_timeout=120).run()
    headers, refused = [], []
    for tab in TABS if page.endswith("Shot.py") else ("",):
        test.session_state["shot_tab"] = tab
        if page != "Home.py":
            test = test.switch_page(page).run()
        headers += [str(each.value) for each in (*test.title, *test.header, *test.subheader)]
        refused += [str(each.value).replace("\\", "") for each in (*test.error, *test.exception)]
    return headers, refused


if __name__ == "__main__":
    os.environ["KICKY_HOME"] = sys.argv[2]
    main()
