"""The packages that are not set up with the rest: whether they are here, and what each set fetches."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .. import packages
from ..detectors import NEEDS_PACKAGES
from ..packages import sizes

NAME = packages.NAME
RUNS = "the app, with all that analyses films"
"""What `make run` sets up."""


@dataclass(frozen=True, slots=True)
class SetView:
    """A set of packages: what it is for, "here" or "missing", bytes to fetch, seconds on a line of 100 Mbit/s."""

    title: str
    what: str
    state: str
    fetched: int
    seconds: float

    def plain(self) -> dict[str, Any]:
        """-> the same as JSON takes it."""
        return asdict(self)


def sets() -> list[SetView]:
    """-> what `make run` sets up, and the rest as this machine needs it."""
    run, rest = sizes.size("run")[0], packages.fetches()[0]
    state = "here" if packages.here() else "missing"
    return [
        SetView("make run", RUNS, "here", run, sizes.seconds(run)),
        SetView(packages.COMMAND.removeprefix("python -m "), packages.WHAT, state, rest, sizes.seconds(rest)),
    ]


def here() -> bool:
    """-> whether they are here."""
    return packages.here()


def lacking(detector: str) -> bool:
    """Detector, "part" or "part:weights" -> whether it cannot run before the packages are fetched."""
    return detector.partition(":")[0] in NEEDS_PACKAGES and not packages.here()


def told() -> str:
    """-> a line on whether they are here, with what to do."""
    if packages.here():
        return "The packages for teaching and MiniCPM are here."
    size = sizes.words(packages.fetches()[0])
    return f"Not here, and not needed to analyse: the packages for teaching and MiniCPM (`{packages.COMMAND}`, {size})."
