"""The house -> what is not as it should be."""

from __future__ import annotations

from shutil import disk_usage

from .. import storage, weights
from ..errors import KickyError
from ..home import media
from . import gallery

LEAST_FREE = 1_000_000_000


def problems() -> list[str]:
    """-> a sentence each, with what to do; empty when all is well."""
    found = []
    if weights.state("pose") != "here":
        found.append("The pose model is missing: fetch it with `python -m kicky models pull pose`.")
    if not gallery.samples():
        found.append("The sample shots are missing: make them with `python -m kicky samples`.")
    try:
        storage.sessions()
        if disk_usage(media().parent).free < LEAST_FREE:
            found.append("The disk is nearly full, under 1 GB: make room before adding films.")
    except KickyError as error:
        found.append(str(error))
    return found
