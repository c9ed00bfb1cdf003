"""What teaches, runs students and MiniCPM: packages beyond those that `make run` sets up, fetched when somebody asks.

They lie beside the models, in KICKY_HOME/models/.envs/packages-KEY, and are found from the moment they are whole:
`need` and `here` say so to this Python, so that neither the pages nor a worker has to be started again. Where they were
set up with the rest, as for the tests, that is all the same. locked: which they are. sizes: how many bytes. card:
whether a graphics card is here. fetching: how they come.
"""

from __future__ import annotations

import importlib
import json
import shutil
import site
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..errors import MissingPackages
from ..home import models
from . import card, locked, sizes

NAME = "packages"
COMMAND = "python -m kicky packages fetch"
WHAT = "PyTorch, Transformers and RF-DETR: what students, training, SAM 3 and MiniCPM run on"
LICENCE = "BSD-3-Clause, Apache-2.0; with a graphics card NVIDIA's CUDA licence too"
PROOF = ("torch", "torchvision", "transformers", "rfdetr", "pytorch_lightning", "safetensors")
DONE = ".kicky.json"


def place() -> Path:
    """-> where they are, or would be."""
    return models() / ".envs" / f"{NAME}-{locked.key()}"


def here() -> bool:
    """-> whether all of them can be imported from now on."""
    if _whole(place()) and str(place()) not in sys.path:
        site.addsitedir(str(place()))  # behind what is set up: nothing of that is replaced
        importlib.invalidate_caches()
    return all(name in sys.modules or find_spec(name) is not None for name in PROOF)


def need(what: str) -> None:
    """What is to be done, as a sentence begins -> nothing, once all can be imported. Raises: MissingPackages."""
    if here():
        return
    size = sizes.words(fetches()[0])
    older = " of this version" if any(_whole(other) for other in old()) else ""
    raise MissingPackages(
        f"{what} needs packages{older} that are not here yet, PyTorch among them: fetch them on the Teach or the Coach "
        f"page, or with `{COMMAND}` ({size})."
    )


def fetches(for_card: bool | None = None) -> tuple[int, int]:
    """Whether for a graphics card (None: as this machine has one) -> bytes to fetch, bytes on the disk."""
    return sizes.size("without_card" if elsewhere(for_card) else "extra")


def elsewhere(for_card: bool | None = None) -> bool:
    """Whether for a graphics card (None: as this machine has one) -> whether PyTorch comes from its own index then.

    What PyPI has of it for Linux brings a graphics card's libraries, and does not start without them.
    """
    return sys.platform == "linux" and not (card.there() if for_card is None else for_card)


def old() -> list[Path]:
    """-> those that an earlier version fetched."""
    return [path for path in place().parent.glob(f"{NAME}-*") if path != place()]


def remove() -> None:
    """Those that were fetched -> gone; what was set up with the rest stays."""
    for path in [place(), *old()]:
        shutil.rmtree(path, ignore_errors=True)


def told(path: Path) -> dict[str, Any]:
    """Where they would be -> what was written when they were whole, empty when they are not."""
    try:
        return dict(json.loads((path / DONE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _whole(path: Path) -> bool:
    return bool(told(path))
