"""The tests' own place on the disk: all they and their programs write lies in it, and what would not is refused.

Importing this sets the environment, so it is imported before anything that looks at it. What Python itself writes
elsewhere is refused, told and fails the session; what native code and the programs that tests start would write is
refused by the kernel, where that is a Linux with Landlock.
"""

from __future__ import annotations

import compileall
import ctypes
import os
import sys
import tempfile
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
WHOLE = "KICKY_TESTS_PLACE"  # the run's folder, handed down to its processes
# What a person may tell the tests; no other setting of the player's reaches them.
TOLD = "KICKY_CHROMIUM", "KICKY_CLUSTER_CLIPS", "KICKY_LABEL_", "KICKY_TESTS_"
FOREIGN = (
    "KICKY_", "STREAMLIT_", "HF_", "HUGGINGFACE_", "TRANSFORMERS_", "TORCH", "TRITON_", "MPL", "NUMBA_", "DASK_",
    "XDG_", "DBUS_",
)  # fmt: skip


class WroteOutside(PermissionError):
    """A test would have written outside its own place."""


def _take() -> Path:
    """-> this process's folder; from here on HOME, the caches and temporary names lie in it."""
    whole = os.environ.get(WHOLE) or tempfile.mkdtemp(prefix="kicky-tests-")
    own = Path(whole).resolve() / os.environ.get("PYTEST_XDIST_WORKER", "main")
    home, passing, player = own / "home", own / "tmp", own / "kicky"
    for name in [name for name in os.environ if name.startswith(FOREIGN) and not name.startswith(TOLD)]:
        del os.environ[name]
    os.environ |= {
        WHOLE: whole,
        "HOME": str(home),
        "KICKY_HOME": str(player),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
        "XDG_RUNTIME_DIR": str(own / "run"),
        "TMPDIR": str(passing),
        "TEMP": str(passing),
        "TMP": str(passing),
        "HF_HOME": str(home / ".cache" / "huggingface"),
        "HF_HUB_OFFLINE": "1",  # read when the hub's code is imported; the program sets it once it looks at a model
        "TRANSFORMERS_OFFLINE": "1",
        "TORCH_HOME": str(home / ".cache" / "torch"),
        "MPLCONFIGDIR": str(home / ".config" / "matplotlib"),
        "NUMBA_CACHE_DIR": str(home / ".cache" / "numba"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(home / ".cache" / "hypothesis"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",  # the system's holds the player's keys
    }
    for folder in (home, passing, player / "models", own / "run"):
        folder.mkdir(parents=True, exist_ok=True)
    (own / "run").chmod(0o700)
    for folder in (own.parent, own, passing):
        folder.chmod(0o711)  # PostgreSQL runs as another user when this one is root
    pose = player / "models" / "pose_landmarker.task"
    if not pose.is_symlink():
        pose.symlink_to(PROJECT / "models" / pose.name)
    tempfile.tempdir = None  # pytest has asked for it already
    return own


STARTED = WHOLE not in os.environ
OWN = _take()
allowed = [str(OWN.parent), "/dev", "/proc", str(PROJECT / ".pytest_cache")]
refused: list[str] = []  # what was, in words; empty after a session that stayed in its place
unheld = False  # whether only what Python writes is watched
watching = True


# --- what Python writes -----------------------------------------------------------------------

AT = {  # audit event -> which of its arguments are written paths
    "open": (0,), "os.mkdir": (0,), "os.rmdir": (0,), "os.remove": (0,), "os.rename": (0, 1), "os.link": (1,),
    "os.symlink": (1,), "os.truncate": (0,), "os.chmod": (0,), "os.chown": (0,), "os.utime": (0,),
    "sqlite3.connect": (0,), "shutil.rmtree": (0,),
}  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
BY_HANDLE = {
    "os.mkdir": 2, "os.rmdir": 1, "os.remove": 1, "os.rename": 2, "os.link": 2, "os.symlink": 2, "os.chmod": 2,
    "os.chown": 3, "os.utime": 3, "shutil.rmtree": 1,
}  # fmt: skip


def _watch(event: str, asked: tuple[Any, ...]) -> None:
    places = AT.get(event)
    if places is None or not watching or (event == "open" and not asked[2] & WRITING):
        return
    if event in BY_HANDLE and asked[BY_HANDLE[event]] not in (-1, None):
        return  # a name in a folder that is open: what opened it was asked
    for place in places:
        if outside(asked[place]):
            here = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_stack(limit=12)[:-1]]
            test = os.environ.get("PYTEST_CURRENT_TEST", "before the first test")
            refused.append(f"{event} {os.fsdecode(asked[place])}: {test}, at {' < '.join(reversed(here))}")
            raise WroteOutside(f"This is outside the tests' own place: {os.fsdecode(asked[place])}")


def outside(path: object) -> bool:
    """What is to be written -> whether that lies outside the tests' own place."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        return False
    name = os.fsdecode(path)
    if name in (":memory:", ""):
        return False
    name = name.removeprefix("file:").partition("?")[0]
    whole = os.path.realpath(name)
    inside = any(whole == folder or whole.startswith(folder + os.sep) for folder in allowed)
    return not inside and "__pycache__" not in Path(whole).parts


# --- what anything writes ---------------------------------------------------------------------

CREATE, ADD, RESTRICT = 444, 445, 446  # Landlock's system calls, the same on every machine
TRUNCATE = 1 << 14
WRITES = TRUNCATE | 1 << 1 | sum(1 << right for right in range(4, 14))  # write; remove, make, move
BENEATH = 1
NO_NEW_PRIVILEGES = 38


def _hold(folders: Iterable[str]) -> bool:
    """Folders -> whether the kernel now keeps this process and all it starts from writing anywhere else."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(CREATE, None, ctypes.c_size_t(0), 1)
    if version < 2:  # the first let nothing be moved between folders
        return False
    rights = WRITES if version > 2 else WRITES & ~TRUNCATE
    handled = ctypes.c_uint64(rights)
    rules = libc.syscall(CREATE, ctypes.byref(handled), ctypes.c_size_t(8), 0)
    for folder in folders:
        handle = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        rule = ctypes.create_string_buffer(rights.to_bytes(8, sys.byteorder) + handle.to_bytes(4, sys.byteorder), 12)
        failed = libc.syscall(ADD, rules, BENEATH, rule, 0)
        os.close(handle)
        if failed:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), folder)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    failed = libc.syscall(RESTRICT, rules, 0)
    os.close(rules)
    if failed:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return True


def hold(*also: Path) -> None:
    """Folders beside the own place -> the kernel, too, keeps this process and what it starts from writing elsewhere."""
    global unheld
    allowed.extend(str(folder.resolve()) for folder in also)
    # Python keeps what it compiles beside the code.
    unheld = not _hold([*filter(os.path.isdir, allowed), sys.prefix])


def rest() -> None:
    """The tests are over: pytest may write where it was told to."""
    global watching
    watching = False


def _sweep() -> None:
    """The run's folder -> gone once this process is, however it ends: a process of its own waits for that."""
    program = "trap '' HUP INT; exec >/dev/null 2>&1; cat; for _ in 1 2 3 4 5; do rm -rf \"$0\" && break; sleep 1; done"
    ends, _held_open = os.pipe()
    to = [(os.POSIX_SPAWN_DUP2, ends, 0)]
    os.posix_spawn("/bin/sh", ["sh", "-c", program, str(OWN.parent)], os.environ, file_actions=to, setpgroup=0)
    os.close(ends)


if STARTED:
    _sweep()
    for part in ("kicky", "pages"):
        compileall.compile_dir(PROJECT / part, quiet=2)
(PROJECT / ".pytest_cache").mkdir(exist_ok=True)
sys.addaudithook(_watch)
