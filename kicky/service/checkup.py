"""The house -> what is not as it should be."""

from __future__ import annotations

import ctypes
from importlib.util import find_spec
from pathlib import Path
from shutil import disk_usage

from .. import machine, storage, weights
from ..errors import KickyError
from ..home import database
from ..storage import files
from . import gallery

LEAST_FREE = 1_000_000_000
# Package: what it opens of its own that asks for libraries of the system.
OPENS = {"cv2": "cv2*.[sp]*", "mediapipe": "tasks/c/libmediapipe.*"}


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


def problems() -> list[str]:
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
