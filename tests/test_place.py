"""The tests stay in their own place: Python's writes, native code's and those of what they start."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from . import conftest, place

OUTSIDE = place.PROJECT / "written-by-a-test"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """-> what was refused in this test; the session does not hear of it."""
    monkeypatch.setattr(place, "refused", [])
    yield place.refused
    assert not OUTSIDE.exists()


WRITES: dict[str, Callable[[Path], object]] = {
    "a file": lambda path: path.write_text("here"),
    "a file by its number": lambda path: os.close(os.open(path, os.O_WRONLY | os.O_CREAT)),
    "a folder": Path.mkdir,
    "a link": lambda path: path.symlink_to("/"),
    "a second name": lambda path: os.link(__file__, path),
    "a database": sqlite3.connect,
    "a copy": lambda path: shutil.copy(__file__, path),
    "gone": Path.unlink,
    "a tree gone": shutil.rmtree,
    "a new date": os.utime,
}


@pytest.mark.parametrize("kind", WRITES)
def test_what_python_writes_elsewhere_is_refused_and_told(kind: str, told: list[str]) -> None:
    with pytest.raises(place.WroteOutside, match="outside the tests' own place"):
        WRITES[kind](OUTSIDE)
    assert len(told) == 1
    assert str(OUTSIDE) in told[0]
    assert "test_what_python_writes_elsewhere_is_refused_and_told" in told[0]


def test_moving_something_out_is_refused(tmp_path: Path, told: list[str]) -> None:
    (tmp_path / "film").touch()
    with pytest.raises(place.WroteOutside):
        (tmp_path / "film").rename(OUTSIDE)
    assert len(told) == 1


def test_a_link_does_not_lead_out(tmp_path: Path, told: list[str]) -> None:
    (tmp_path / "link").symlink_to(OUTSIDE)
    with pytest.raises(place.WroteOutside):
        (tmp_path / "link").write_text("here")
    assert len(told) == 1


@pytest.mark.parametrize("kind", [kind for kind in WRITES if kind not in ("gone", "a tree gone", "a new date")])
def test_inside_all_may_be_written(kind: str, tmp_path: Path, told: list[str]) -> None:
    if kind == "a second name":
        (tmp_path / "first").touch()
        os.link(tmp_path / "first", tmp_path / "second")
    else:
        WRITES[kind](tmp_path / "written")
    assert told == []


@pytest.mark.skipif(place.unheld, reason="this system has no Landlock")
def test_neither_native_code_nor_a_program_writes_elsewhere(tmp_path: Path, told: list[str]) -> None:
    import cv2

    picture = np.zeros((4, 4, 3), np.uint8)
    assert cv2.imwrite(str(tmp_path / "picture.png"), picture)
    assert not cv2.imwrite(str(OUTSIDE.with_suffix(".png")), picture)
    write = "import sys; open(sys.argv[1], 'w')"
    for path, status in ((tmp_path / "file", 0), (OUTSIDE, 1), (Path("/tmp/written-by-a-test"), 1)):
        done = subprocess.run([sys.executable, "-c", write, path], capture_output=True, text=True)
        assert (done.returncode, "PermissionError" in done.stderr, path.exists()) == (status, bool(status), not status)


def test_home_caches_and_temporary_names_lie_in_it() -> None:
    whole = str(place.OWN)
    asked = "import os, pathlib, tempfile; print(pathlib.Path.home(), tempfile.gettempdir(), os.environ['HF_HOME'])"
    there = subprocess.check_output([sys.executable, "-c", asked], text=True).split()
    here = [str(Path.home()), tempfile.gettempdir(), os.environ["HF_HOME"]]
    assert there == here
    assert all(path.startswith(whole + os.sep) for path in here)


def test_nothing_that_is_set_for_the_player_reaches_the_tests() -> None:
    setting = {"KICKY_PASSWORD": "x", "HF_TOKEN": "x", "STREAMLIT_SERVER_PORT": "1", "KICKY_CHROMIUM": "/x", "A": "1"}
    asked = "import os; from tests import place; print(*(name for name in sorted(os.environ) if name in {}))"
    own = {key: value for key, value in os.environ.items() if key != place.WHOLE} | setting
    command = [sys.executable, "-c", asked.format(list(setting))]
    assert subprocess.check_output(command, env=own, cwd=place.PROJECT, text=True).split() == ["A", "KICKY_CHROMIUM"]


def test_a_session_that_wrote_outside_fails_though_the_test_swallowed_it(tmp_path: Path) -> None:
    """The whole thing once: another session, side by side, on a copy of the hooks."""
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "__init__.py").touch()
    for name in ("place.py", "conftest.py"):
        shutil.copy(place.PROJECT / "tests" / name, tests)
    (tests / "test_quiet.py").write_text(
        "from contextlib import suppress\nfrom pathlib import Path\n\n\ndef test_quiet():\n"
        "    with suppress(OSError):\n        Path(__file__).with_name('written').touch()\n"
    )
    own = {key: value for key, value in os.environ.items() if key != place.WHOLE and "PYTEST" not in key}
    own["PYTHONPATH"] = os.pathsep.join([str(place.PROJECT), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", "1", "tests"]
    done = subprocess.run(command, cwd=tmp_path, env=own, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    assert "written outside the tests' own place" in done.stdout
    assert "test_quiet.py::test_quiet" in done.stdout
    assert not (tests / "written").exists()


def test_a_failure_is_told_with_the_files_that_ran_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "ran", {})
    monkeypatch.setattr(conftest, "failed", {})
    for file, outcome in (("tests/b.py", "passed"), ("tests/a.py", "failed"), ("tests/c.py", "passed")):
        report = pytest.TestReport(f"{file}::test", (file, 0, ""), {}, outcome, None, "call")  # type: ignore[arg-type]
        conftest.pytest_runtest_logreport(report)
    told: list[str] = []
    reporter = SimpleNamespace(line=lambda text, **_: told.append(text), section=lambda *_, **__: None)
    conftest.pytest_terminal_summary(reporter, SimpleNamespace(getoption=lambda *_: 7))  # type: ignore[arg-type]
    assert "--randomly-seed=7" in told[-2]
    assert told[-1].endswith("make test ARGS='-n 1 --randomly-seed=7 tests/b.py tests/a.py'")
