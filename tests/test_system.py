"""Locks, processes and limits as POSIX has them, and what stands in for them where it is not there: played, not run."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from kicky import drafts, system
from kicky.home import PROJECT

HOLDS = """
import sys
from kicky import system
with open(sys.argv[1], "a") as file:
    print(system.lock(file.fileno(), shared=sys.argv[2] == "looks"), flush=True)
    sys.stdin.read()
"""
STARTS_ANOTHER = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX has it")


class Msvcrt:
    """Windows' locks of bytes: each handle's own, whoever opened it, and never two on one byte of a file."""

    LK_NBLCK = 2

    def __init__(self) -> None:
        self.held: dict[tuple[int, int], int] = {}

    def locking(self, handle: int, mode: int, count: int) -> None:
        assert (mode, count) == (self.LK_NBLCK, 1)
        byte = os.fstat(handle).st_ino, os.lseek(handle, 0, os.SEEK_CUR)
        if self.held.setdefault(byte, handle) != handle:
            raise OSError(errno.EACCES, "Permission denied")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Msvcrt:
    """A system without POSIX's modules and calls."""
    locks = Msvcrt()
    monkeypatch.setattr(system, "fcntl", None)
    monkeypatch.setattr(system, "resource", None)
    monkeypatch.setattr(system, "msvcrt", locks)
    for name in ("killpg", "nice", "statvfs"):
        monkeypatch.delattr(os, name, raising=False)
    return locks


@posix
@pytest.mark.parametrize(("how", "to_look", "to_work"), [("looks", True, False), ("works", False, False)])
def test_one_works_alone_and_many_may_look(how: str, to_look: bool, to_work: bool, tmp_path: Path) -> None:
    path = tmp_path / "worker.lock"
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(path), how],
        cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == "True\n"
    with path.open("a") as file:
        assert system.lock(file.fileno(), shared=True) is to_look
    with path.open("a") as file:
        assert system.lock(file.fileno()) is to_work
        other.kill()
        other.communicate()
        assert system.lock(file.fileno(), wait=True)


def test_without_posix_a_byte_is_locked_that_no_content_reaches(windows: Msvcrt, tmp_path: Path) -> None:
    path = tmp_path / "worker.lock"
    with path.open("a") as ours, path.open("a") as other:
        assert system.lock(ours.fileno())
        assert not system.lock(other.fileno())
        assert not system.lock(other.fileno(), shared=True)
        windows.held.clear()
        assert system.lock(other.fileno(), wait=True)
    ((_, byte),) = windows.held
    assert byte == system.LOCKED_BYTE
    assert path.stat().st_size == 0


def test_a_disk_that_fails_is_no_lock_of_another(windows: Msvcrt, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(windows, "locking", broken)
    with (PROJECT / "README.md").open() as file, pytest.raises(OSError, match="broken"):
        system.lock(file.fileno())


def test_without_posix_drafts_are_kept_by_their_age(windows: Msvcrt, tmp_path: Path) -> None:
    with drafts.draft(tmp_path, ".mp4") as made:
        made.write_bytes(b"half")
        assert drafts.sweep(tmp_path, ours=True) == []
        made.rename(tmp_path / "whole.mp4")
    left = tmp_path / f".draft-{'a' * 32}.mp4"
    left.touch()
    yesterday = time.time() - 2 * drafts.ABANDONED_S
    os.utime(left, (yesterday, yesterday))
    assert drafts.sweep(tmp_path, ours=True) == [left]
    assert (tmp_path / "whole.mp4").read_bytes() == b"half"


@posix
@pytest.mark.parametrize("with_groups", [True, False], ids=["by its group", "one by one"])
def test_a_process_ends_with_all_it_started(with_groups: bool, request: pytest.FixtureRequest) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", STARTS_ANOTHER], stdout=subprocess.PIPE, text=True, **system.group()
    )
    assert process.stdout is not None
    child = psutil.Process(int(process.stdout.readline()))
    if not with_groups:
        request.getfixturevalue("windows")
    system.end(process)
    process.communicate()
    gone, alive = psutil.wait_procs([child], timeout=10)
    assert (len(gone), alive) == (1, [])
    system.end(process)  # one that is gone is no error


@posix
def test_what_the_system_killed_is_told_from_what_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [system.was_killed(status) for status in (-9, 1, 0, None)] == [True, False, False, False]
    monkeypatch.setattr(system, "signal", SimpleNamespace())
    assert [system.was_killed(status) for status in (-9, 1, None)] == [False] * 3


def test_without_posix_nothing_is_limited_and_nothing_is_near_a_limit(windows: Msvcrt, tmp_path: Path) -> None:
    system.limit_memory(1)
    assert not system.near_limit(1 << 60)
    assert system.takes_files(tmp_path)


@posix
def test_a_system_that_takes_no_limit_goes_on_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(system.resource, "setrlimit", refuse)
    system.limit_memory(1)


@posix
def test_a_pipe_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    reads, writes = os.pipe()
    with os.fdopen(reads, "rb") as pipe, os.fdopen(writes, "wb", buffering=0) as end:
        assert not system.readable(pipe, 0.0)
        end.write(b"x")
        assert system.readable(pipe, 1.0)
        lying = [0, 0, 1]
        monkeypatch.setattr(system, "msvcrt", SimpleNamespace(get_osfhandle=lambda handle: handle))
        monkeypatch.setitem(sys.modules, "_winapi", SimpleNamespace(PeekNamedPipe=lambda *_: (lying.pop(0), 0)))
        assert system.readable(pipe, 1.0)
        assert not lying
        lying.append(0)
        assert not system.readable(pipe, -1.0)


def test_the_most_memory_is_at_least_what_is_taken_now() -> None:
    assert system.most_memory() > 10_000_000
