"""The house itself: what is not as it should be, the unit of speeds, backups, and models and packages to fetch."""

from __future__ import annotations

import ctypes
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import disk_usage
from typing import Any
from urllib.parse import urlparse

from .. import jobs as queue
from .. import machine, packages, storage, weights
from ..errors import KickyError
from ..home import database, models
from ..packages import fetching as sources
from ..packages import sizes
from ..speeds import Unit
from ..storage import files, settings
from ..storage.kinds import PULL
from ..storage.views import JobView
from ..weights import environment
from ..weights.fetching import room_for
from . import gallery
from .work import OnProgress

LEAST_FREE = 1_000_000_000
# Package: what it opens of its own that asks for libraries of the system.
OPENS = {"cv2": "cv2*.[sp]*", "mediapipe": "tasks/c/libmediapipe.*"}
HUB = "https://huggingface.co"
UNREAD = "not read"
"""What the register has in place of a licence that could not be read."""


def unfit() -> list[str]:
    """-> a sentence each on what keeps KICKY from running on this machine at all; empty when it can."""
    return machine.problems() or [said for package, library in OPENS.items() if (said := _shut(package, library))]


def _shut(package: str, library: str) -> str | None:
    """Package, pattern of its library -> why that does not open. The package itself takes a second to import."""
    found = find_spec(package)
    places = [Path(place) for place in (found and found.submodule_search_locations) or ()]
    files = [file for place in places for file in place.glob(library)]
    if not files:
        return f"The package {package} is not whole: set up anew with `make clean` and `make run`."
    try:
        ctypes.CDLL(str(files[0]))
    except OSError as error:
        return f"The package {package} does not open on this machine ({error}): install the library that it names."
    return None


def doctor() -> list[str]:
    """-> a sentence each, with what to do; empty when all is well."""
    found = []
    if weights.state("pose") != "here":
        found.append("The pose model is missing: fetch it with `python -m kicky models pull pose`.")
    if not gallery.samples():
        found.append("The sample shots are missing: make them with `python -m kicky samples`.")
    try:
        files.sweep()
        storage.sessions()
        if disk_usage(database().parent).free < LEAST_FREE:
            found.append("The disk is nearly full, under 1 GB: make room before adding films.")
    except KickyError as error:
        found.append(str(error))
    return found


@dataclass(frozen=True, slots=True)
class ModelView:
    """A model of the register, or the packages. `here`: whole and of the right bytes. `source` is where it comes from;
    `size` its bytes to fetch, `room` those that it takes on the disk, of which `free` are left.

    `ask_at` is the page where access has to be asked for first, "" where it need not be; `job` its newest fetch.
    `estimated`: its makers' size could not be read. `own_code`: it brings program code that has to be trusted.
    """

    name: str
    what: str
    licence: str
    size: int
    free: int
    source: str
    ask_at: str
    here: bool
    job: JobView | None
    room: int
    estimated: bool = False
    own_code: bool = False

    @property
    def fits(self) -> bool:
        """-> whether the disk has room for it."""
        return self.free >= 1.05 * self.room


def model(name: str) -> ModelView:
    """Name of a model, or of the packages -> it as a page shows it. Raises: UnknownPart, StorageFailed."""
    models().mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(models()).free
    newest = next(iter(queue.evaluations(PULL, {"name": name})), None)
    if name == packages.NAME:
        size, room = packages.fetches()
        return ModelView(
            name, packages.WHAT, packages.LICENCE, size, free, sources.sources(), "", packages.here(), newest, room
        )
    about = weights.entry(name)
    address = f"{HUB}/{about['hub']}" if "hub" in about else str(about.get("url", ""))
    return ModelView(
        name, str(about["what"]), _licence(about, address), _size(about), free, urlparse(address).hostname or "",
        address if about.get("gated") else "", weights.state(name) == "here", newest, _size(about),
        bool(about.get("estimated")), bool(about.get("remote_code")),
    )  # fmt: skip


def _licence(about: Mapping[str, Any], address: str) -> str:
    """Entry, its page -> the licence, or where to read it."""
    said = str(about["licence"])
    return f"{said} here; look at its page first, {address}" if said == UNREAD else said


def fetch(name: str) -> int:
    """Name -> the job that fetches it. Raises: UnknownPart, StorageFailed when the disk has no room for it."""
    if name == packages.NAME:
        room_for(packages.fetches()[1] - sources.so_far(), models(), "What teaches and coaches")
        return queue.begin(PULL, {"name": name})
    room_for(_size(weights.entry(name)) - weights.so_far(name), models(), f"The {name} model")
    return queue.begin(PULL, {"name": name})


def _size(about: Mapping[str, Any]) -> int:
    """Entry -> its bytes, those of the environment that it runs in too."""
    return int(about["size"]) + (int(environment.SIZE) if "environment" in about else 0)


def size_words(size: int) -> str:
    """Bytes -> '2.6 GB', '134 MB'.

    >>> size_words(2_600_000_000), size_words(134_000_000)
    ('2.6\\xa0GB', '134\\xa0MB')
    """
    return sizes.words(size).replace(" ", "\u00a0")


def speed_unit() -> Unit:
    """-> what speeds are told in. Raises: StorageFailed."""
    return settings.speed_unit()


def set_speed_unit(unit: Unit) -> None:
    """Unit -> remembered: every page, chart, card, film and coach tells speeds in it from now on."""
    settings.set_speed_unit(unit)


def backup(target: Path, on_progress: OnProgress) -> int:
    """File to write -> its bytes. Raises: StorageFailed."""
    from ..storage.backup import backup

    return backup(target.expanduser(), on_progress)


def restore(source: Path, on_progress: OnProgress) -> dict[str, int]:
    """Backup -> how many sessions, clips and shots came; what is here stays. Raises: StorageFailed."""
    from ..storage.backup import restore

    return restore(source.expanduser(), on_progress)
