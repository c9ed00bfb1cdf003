"""Models and packages that a page can fetch: what each is, how large, under which licence, how far its fetch is."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlparse

from .. import jobs as queue
from .. import packages, weights
from ..home import models
from ..packages import fetching as sources
from ..storage.tables import PULL
from ..storage.views import JobView
from ..weights import environment
from ..weights.fetching import room_for

HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class ModelView:
    """A model of the register, or the packages. `here`: whole and of the right bytes. `source` is where it comes from;
    `size` its bytes to fetch, `room` those that it takes on the disk, of which `free` are left.

    `ask_at` is the page where access has to be asked for first, "" where it need not be; `job` its newest fetch.
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
        name, str(about["what"]), str(about["licence"]), _size(about), free, urlparse(address).hostname or "",
        address if about.get("gated") else "", weights.state(name) == "here", newest, _size(about),
    )  # fmt: skip


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
    return f"{size / 1e9:.1f}\u00a0GB" if size >= 1e9 else f"{size / 1e6:.0f}\u00a0MB"
