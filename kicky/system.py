"""What one operating system does otherwise than another, asked here and nowhere else: locks, processes, limits, disks.

POSIX comes first: there KICKY is tried. What stands in for it on Windows keeps the same promises where it can, and
says where it cannot; docs/platforms.md tells what was never run.
"""

from __future__ import annotations

import errno
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import psutil


def cores() -> int:
    """-> how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _here(name: str) -> Any:
    """-> a module of the standard library, None where this system has none of it."""
    try:
        return import_module(name)
    except ImportError:
        return None


fcntl, resource, msvcrt = _here("fcntl"), _here("resource"), _here("msvcrt")
LOOK_S = 0.02
LOCKED_BYTE = 1 << 40  # Windows lets nobody read what is locked: the byte lies beyond any file of ours


# --- locks -------------------------------------------------------------------------------------


def lock(handle: int, *, shared: bool = False, wait: bool = False) -> bool:
    """Open file -> whether it is locked by us now. It is free again when it is closed, or its process is dead.

    `shared` lets others look as well; on Windows, which has no such lock, two who look keep each other out for a
    moment. Raises: OSError.
    """
    if fcntl is None:
        return _lock_byte(handle, wait)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _lock_byte(handle: int, wait: bool) -> bool:
    """Open file -> whether one byte of it is locked by us now."""
    while True:
        os.lseek(handle, LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EDEADLK):
                raise
            if not wait:
                return False
            time.sleep(LOOK_S)
        else:
            return True


def locks_what_moves() -> bool:
    """-> whether a folder can be locked, and a locked file be renamed and removed."""
    return fcntl is not None


# --- processes ---------------------------------------------------------------------------------


def group() -> Mapping[str, Any]:
    """-> what `subprocess.Popen` takes so that a process outlives this one and ends with all it started."""
    if sys.platform != "win32":
        return {"start_new_session": True}
    return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}


def end(process: subprocess.Popen[Any]) -> None:
    """Process started with `group` -> killed, with whatever it started."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        return
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                child.kill()
    process.kill()


def was_killed(status: int | None) -> bool:
    """A process's status -> whether the system ended it, as it does with what takes the last of the memory."""
    return status is not None and status == -getattr(signal, "SIGKILL", sys.maxsize)


def step_back() -> None:
    """This process gives way to others."""
    if hasattr(os, "nice"):
        os.nice(5)
    else:
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)


def readable(pipe: IO[Any], seconds: float) -> bool:
    """Pipe, how long to wait -> whether something can be read from it, or its end."""
    if msvcrt is None:
        return bool(select.select([pipe], [], [], seconds)[0])
    until = time.monotonic() + seconds
    while not _waits(pipe):
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_S)
    return True


def _waits(pipe: IO[Any]) -> bool:
    """Pipe of Windows -> whether something lies in it, or nobody writes to it any more."""
    try:
        there: int = import_module("_winapi").PeekNamedPipe(msvcrt.get_osfhandle(pipe.fileno()), 0)[0]
    except OSError:
        return True
    return there > 0


# --- memory ------------------------------------------------------------------------------------


def limit_memory(most: int) -> None:
    """Bytes -> more than that this process does not get, where the system can hold it to that."""
    if resource is not None:
        with suppress(ValueError, OSError):  # macOS refuses it
            resource.setrlimit(resource.RLIMIT_AS, (most, most))


def near_limit(last: int) -> bool:
    """Bytes -> whether this process once came so near its limit; False where nobody can tell."""
    if resource is None:
        return False
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return False
    peak = int(status.partition("VmPeak:")[2].split()[0]) << 10
    return bool(limit != resource.RLIM_INFINITY and limit - peak < last)


def most_memory() -> int:
    """-> bytes of memory that this process took at most, or the largest that it started (not so on Windows)."""
    if resource is None:
        return int(psutil.Process().memory_info().peak_wset)
    unit = 1 if sys.platform == "darwin" else 1024
    asked = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return unit * max(int(resource.getrusage(who).ru_maxrss) for who in asked)


# --- disks -------------------------------------------------------------------------------------


def takes_files(folder: Path) -> bool:
    """Folder -> whether new files can be made in it, as far as the system says."""
    if hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY:
        return False
    return os.access(folder, os.W_OK)


def sync_folder(folder: Path) -> None:
    """Folder -> the names in it are on the disk too; Windows writes them down by itself. Raises: OSError."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
