"""Files while they are written: held as long as their process lives, swept once it does not, told from the player's."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kicky.drafts import draft, draft_folder, sweep

HOLDING = """
import sys
from pathlib import Path
from kicky.drafts import draft, draft_folder
with draft(Path(sys.argv[1]), ".sqlite") as file, draft_folder(Path(sys.argv[1])) as folder:
    file.with_name(file.name + "-journal").touch()
    (folder / "film.mp4").touch()
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """-> an empty folder."""
    (tmp_path / "place").mkdir()
    return tmp_path / "place"


def test_a_draft_is_gone_afterwards_unless_it_was_named(place: Path) -> None:
    with draft(place, ".part") as part, draft_folder(place) as folder:
        part.write_bytes(b"whole")
        (folder / "inside").touch()
        part.replace(place / "named")
    assert [path.name for path in place.iterdir()] == ["named"]
    assert (place / "named").read_bytes() == b"whole"


def test_a_draft_is_gone_when_its_writing_fails(place: Path) -> None:
    with pytest.raises(ZeroDivisionError), draft(place, ".part"), draft_folder(place):
        _ = 1 / 0
    assert list(place.iterdir()) == []
    with pytest.raises(FileNotFoundError), draft(place / "nowhere", ".part"):
        pass


def test_what_is_held_stays_and_what_a_killed_process_held_goes(place: Path) -> None:
    asked = [sys.executable, "-c", HOLDING, str(place)]
    with subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        there = sorted(place.iterdir())
        assert len(there) == 3
        assert sweep(place, ours=True) == []
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert sorted(place.iterdir()) == there
    assert sweep(place, ours=False) == there
    assert list(place.iterdir()) == []
    assert sweep(place / "nowhere", ours=True) == []


def test_in_a_folder_of_the_players_only_what_is_surely_a_draft_goes(place: Path) -> None:
    own = ["film.mp4.part", ".0123abcd.sqlite", ".bashrc", ".restore-0123abcd", ".draft-letter", "film.mp4", ".a.part"]
    for name in [*own, f".draft-{'0a' * 16}.part"]:
        (place / name).touch()
    assert [path.name for path in sweep(place, ours=False)] == [f".draft-{'0a' * 16}.part"]
    assert sorted(path.name for path in place.iterdir()) == sorted(own)
    sweep(place, ours=True)
    assert sorted(path.name for path in place.iterdir()) == [".bashrc", ".draft-letter", "film.mp4"]


def test_a_link_is_swept_and_not_what_it_leads_to(place: Path) -> None:
    (place / "home").mkdir()
    (place / "films").mkdir()
    (place / "films" / "own.mp4").touch()
    (place / "home" / ".restore-0123abcd").symlink_to(place / "films")
    assert len(sweep(place / "home", ours=True)) == 1
    assert (place / "films" / "own.mp4").exists()
