"""What pip cannot bring: what the machine itself must have, told here and nowhere else, and how it comes there.

    python3 -m kicky.machine run|test [--must]    look first; install what lacks, or say how
    python -m kicky.machine browser               Playwright's own Chromium, where the machine has none
    python -m kicky.machine untested              what the tests left out, and why

It is asked before anything is installed, by whatever Python there is: only the standard library, as of 3.8.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Iterable, NamedTuple, Sequence  # noqa: UP035 (3.8 has them nowhere else)

PROJECT = Path(__file__).resolve().parent.parent
BROWSERS = PROJECT / ".venv" / "browsers"
CHROMIUMS = "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
PLAYWRIGHTS = "chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"
OLDEST = 3, 11
NEWER = [f"python3.{minor}" for minor in range(OLDEST[1], 20)]
BUILT_FOR = {"linux": "x86_64", "darwin": "arm64"}  # MediaPipe's wheel of the version that is pinned
SET_UP_BYTES = 1_500_000_000  # the packages are 1; the cache they are linked from takes no room of its own
TEST_BYTES = 8_000_000_000  # with all that teaches, and what only the tests need
LOCK_PATIENCE_S = 60
NOT_TO_BE_HAD = re.compile("Unable to locate package|no installation candidate")
INSTALLERS = {
    "apt-get": "sudo apt-get install -y", "dnf": "sudo dnf install -y", "pacman": "sudo pacman -S --needed",
    "brew": "brew install",
}  # fmt: skip


class Need(NamedTuple):
    """A library by its file's name, or a program; who wants it, and what the installers call it, "" for not at all."""

    name: str
    why: str
    here: Callable[[], bool]
    apt: str
    dnf: str
    pacman: str
    brew: str = ""

    def package(self, installer: str) -> str:
        """Installer's name -> what it calls this, "" where it has none."""
        names = {"apt-get": self.apt, "dnf": self.dnf, "pacman": self.pacman, "brew": self.brew}
        return names.get(installer, "")


def _library(name: str, why: str, apt: str, dnf: str, pacman: str) -> Need:
    def loads() -> bool:
        if not sys.platform.startswith("linux"):
            return True  # macOS and Windows bring their own
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return Need(name, why, loads, apt, dnf, pacman)


def chromium() -> str | None:
    """-> the path of a Chromium that starts: the one KICKY_CHROMIUM names, the system's, else Playwright's own."""
    named = os.environ.get("KICKY_CHROMIUM")
    found = [named] if named else [*filter(None, map(shutil.which, CHROMIUMS)), *_fetched()]
    return next((path for path in found if _succeeds(path, "--version")), None)


def _fetched() -> list[str]:
    return [str(path) for glob in PLAYWRIGHTS for path in sorted(BROWSERS.glob(glob))]


def postgres() -> Path | None:
    """-> the folder of PostgreSQL's server programs; Debian keeps them off the PATH."""
    found = shutil.which("initdb")
    programs = [Path(found)] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return programs[-1].parent if programs else None


def _makes_venvs() -> bool:
    own = PROJECT / ".uv" / "bin" / "uv"
    return own.exists() or shutil.which("uv") is not None or importlib.util.find_spec("ensurepip") is not None


RUN = (
    Need("make", "it sets KICKY up", lambda: shutil.which("make") is not None, "make", "make", "make", "make"),
    Need("Python's venv", "for KICKY's own packages", _makes_venvs, "python3-venv", "python3", "python", "python3"),
    _library("libxcb.so.1", "for OpenCV", "libxcb1", "libxcb", "libxcb"),
    _library("libGL.so.1", "for OpenCV", "libgl1", "libglvnd-glx", "libglvnd"),
    _library("libgthread-2.0.so.0", "for OpenCV", "libglib2.0-0", "glib2", "glib2"),
)
BROWSER = "what happens in the browser"
TEST = (
    Need("Chromium", BROWSER, lambda: chromium() is not None, "chromium", "chromium", "chromium"),
    _library("libatomic.so.1", BROWSER, "libatomic1", "libatomic", "gcc-libs"),  # Playwright asks for it
    Need("PostgreSQL", "what is kept in a database server", lambda: postgres() is not None,
         "postgresql", "postgresql-server", "postgresql", "postgresql"),
    Need("strace", "that nothing leaves this machine", lambda: shutil.which("strace") is not None,
         "strace", "strace", "strace"),
)  # fmt: skip


def problems() -> list[str]:
    """-> a sentence each on what keeps KICKY from running here, with what to do."""
    unfit = [*too_old(), *wrong_processor()]
    if lacking := _lacking(RUN):
        unfit.append(f"This machine lacks {_told(lacking)}. {_how(lacking)}")
    return unfit


def untested() -> list[str]:
    """-> a sentence each on what the tests leave out on this machine."""
    return [f"Not tested without {need.name}: {need.why}. {_how([need])}" for need in _lacking(TEST)]


def too_old(version: tuple[int, int] = sys.version_info[:2]) -> list[str]:
    """Version of the Python that asks -> a sentence when it is too old and none that is newer lies beside it."""
    made = (PROJECT / ".venv" / "bin" / "python").exists()
    if version >= OLDEST or made or any(map(shutil.which, NEWER)):
        return []
    asked, here = (".".join(map(str, numbers)) for numbers in (OLDEST, version))
    return [f"KICKY needs Python {asked} or newer, and this machine's is {here}: install a newer one beside it."]


def wrong_processor(system: str = sys.platform, processor: str = platform.machine()) -> list[str]:
    """System, processor -> a sentence when a package is not made for it."""
    if BUILT_FOR.get(system, processor) == processor:
        return []
    return [
        f"KICKY runs on Linux with an Intel or AMD processor and on Macs with Apple's, not on this one ({processor})."
    ]


def no_room(tests: bool = False) -> list[str]:
    """Whether for the tests too -> a sentence when the packages that are still to come have no room here."""
    free, size = shutil.disk_usage(PROJECT).free, TEST_BYTES if tests else SET_UP_BYTES
    if free >= size or (PROJECT / ".venv" / ("dev.stamp" if tests else "run.stamp")).exists():
        return []
    return [f"Setting up takes {size / 1e9:.1f} GB here, and {free / 1e9:.1f} are free: make room."]


def prepare(tests: bool, must: bool) -> int:
    """Whether the tests' needs count, whether they must come -> exit status: 0 once what must be here is here."""
    unfit = [*too_old(), *wrong_processor(), *no_room(tests)]
    if unfit:
        return _refuse(unfit[0])
    lacking = _lacking((*RUN, *TEST) if tests else RUN)
    if not lacking:
        return 0
    print(f"This machine lacks {_told(lacking)}.", flush=True)
    trouble = _install(lacking)
    still = _lacking(lacking)
    fatal = still if must else [need for need in still if need in RUN]
    if fatal:
        return _refuse(trouble or _how(still))
    if still:
        print(f"Setting up goes on without {_told(still)}. {trouble or _how(still)}", flush=True)
    return 0


def fetch_browser() -> int:
    """Playwright's own Chromium into this folder, where the machine has none -> 0; a failure is told, not fatal."""
    if chromium():
        return 0
    print("There is no Chromium here: fetching Playwright's own into .venv/browsers.", flush=True)
    playwright = [sys.executable, "-m", "playwright"]
    place = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(BROWSERS)}
    said = _run([*playwright, "install", "--no-shell", "chromium"], place)
    if said.returncode == 0 and not chromium() and _privilege() is not None:
        print("It needs more of the system's packages: installing those Playwright names.", flush=True)
        said = _run([*playwright, "install-deps", "chromium"], place)
    if not chromium():
        said = next((_run([path, "--version"]) for path in _fetched()), said)
        print(f"There is still none ({_last_line(said.stdout)}).", flush=True)
    return 0


def _lacking(needs: Iterable[Need]) -> list[Need]:
    importlib.invalidate_caches()
    return [need for need in needs if not need.here()]


def _told(needs: Iterable[Need]) -> str:
    return ", ".join(f"{need.name} ({need.why})" for need in needs)


def _how(needs: Sequence[Need]) -> str:
    """What lacks -> one line to copy, or what to look for where no installer is known."""
    installer = next((name for name in INSTALLERS if shutil.which(name)), None)
    packages = dict.fromkeys(filter(None, (need.package(installer or "") for need in needs)))
    if installer is None or not packages:
        return "Install what holds it, by the name this system has for it."
    command = INSTALLERS[installer]
    if _is_root():
        command = command.replace("sudo ", "")  # which a bare machine lacks
    return f"Install it with: {command} {' '.join(packages)}"


def _is_root() -> bool:
    return os.geteuid() == 0


def _privilege() -> list[str] | None:
    """-> what goes before apt-get so that it may install; None where it may not, or there is no apt-get."""
    if not shutil.which("apt-get"):
        return None
    if _is_root():
        return []
    if not shutil.which("sudo"):
        return None
    if _succeeds("sudo", "-n", "true"):
        return ["sudo", "-n"]
    return ["sudo"] if sys.stdin.isatty() and sys.stderr.isatty() else None


def _install(needs: Sequence[Need]) -> str:
    """What lacks -> "" when apt-get has brought what KICKY runs on, else a sentence that says why not."""
    privilege = _privilege()
    if privilege is None:
        return ""
    packages = list(dict.fromkeys(need.apt for need in needs))
    print(f"Installing with {' '.join([*privilege, 'apt-get'])}: {' '.join(packages)}", flush=True)
    apt = [*privilege, "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", "apt-get", "-q",
           "-o", f"DPkg::Lock::Timeout={LOCK_PATIENCE_S}"]  # fmt: skip
    install = [*apt, "install", "-y", "--no-install-recommends"]
    updated = _run([*apt, "update"])
    said = _run([*install, *packages])
    if said.returncode and NOT_TO_BE_HAD.search(said.stdout):
        # One package that this system does not have, such as Ubuntu's Chromium, keeps all others from coming.
        alone = [_run([*install, package]) for package in packages]
        said = next((one for one in alone if one.returncode), said)
    return _why(updated.stdout, said.stdout) if said.returncode else ""


def _why(updated: str, installed: str) -> str:
    """What apt-get said -> one sentence."""
    said = updated + installed
    if "Could not get lock" in said or "Unable to acquire" in said:
        return "Another program is installing packages: let it finish, then start again."
    if "Failed to fetch" in said or "Temporary failure" in said:
        return "The system's packages could not be fetched: see whether this machine has a network, then start again."
    return f"apt-get could not install what lacks ({_last_line(installed)})."


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("E:", "Error")) and "write log" not in line]
    return ([*lines, *errors] or ["it said nothing"])[-1]


def _run(command: Sequence[str], environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip


def _succeeds(*command: str) -> bool:
    try:
        return _run(command).returncode == 0
    except OSError:
        return False


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _tell_untested() -> int:
    left_out = untested()
    if left_out:
        print("", "!" * 100, *left_out, "!" * 100, sep="\n")
    return 0


def main(words: Sequence[str]) -> int:
    """What was asked on the command line -> exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m kicky.machine")
    parser.add_argument("what", choices=("run", "test", "browser", "untested"))
    parser.add_argument("--must", action="store_true", help="what the tests need must come too")
    asked = parser.parse_args(words)
    if asked.what == "browser":
        return fetch_browser()
    if asked.what == "untested":
        return _tell_untested()
    return prepare(asked.what == "test", asked.must)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
