"""Model, its file or folder -> whether code in it may run: the player said so of this model, byte for byte as it is.

What may run is loaded from a copy of this process's own, made of the bytes that were looked at: nobody changes them
between the look and the loading.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..errors import StorageFailed, Untrusted
from . import hashing, local

NUMBERS = ".safetensors"
"""Files of nothing but numbers, by their format: however large they are, they need no copy."""


def holds(name: str, place: Path) -> bool:
    """Name, where it lies -> whether it is trusted as it is now. Raises: MissingWeights."""
    said = local.known()["trust"].get(name)
    return said is not None and said == hashing.whole(hashing.contents(place))


def give(name: str, place: Path) -> None:
    """Name, where it lies -> trusted until a byte of it changes. Raises: MissingWeights, StorageFailed."""
    sha256 = hashing.whole(hashing.contents(place))
    with local.changing() as known:
        known["trust"][name] = sha256
        known.pop("trusted", None)


def refused(name: str, why: str) -> Untrusted:
    """Name, what in it could run ("brings program code of its own") -> what the player is told."""
    known = local.known()
    if name in known["trust"]:
        why += ", and has changed since you said that you trust it"
    elif known.get("trusted"):
        why += ", and what you trusted with an older version counts no more, because not every file was looked at then"
    return Untrusted(f"{name} {why}: if you know where it is from, run `python -m kicky models trust {name}`.")


@contextmanager
def opened(name: str, place: Path) -> Iterator[tuple[Path, bool]]:
    """Name, where it lies -> the file or folder to load, and whether code in it may run.

    Raises: MissingWeights, Untrusted when it changes under our hands.
    """
    place = place.resolve()
    files = hashing.contents(place)
    if local.known()["trust"].get(name) != hashing.whole(files):
        yield place, False
        return
    with tempfile.TemporaryDirectory(prefix="kicky-") as own:
        yield _copied(name, place, files, Path(own) / place.name), True


def _copied(name: str, place: Path, files: Mapping[str, str], target: Path) -> Path:
    """Place, its files' hashes -> the same in target, proved; a file of nothing but numbers is a link.

    Raises: Untrusted when it is not what was looked at, StorageFailed.
    """
    for inside, sha256 in files.items():
        source, copy = place / inside, target / inside
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            if source.suffix == NUMBERS:
                copy.symlink_to(source)
                continue
            shutil.copyfile(source, copy)
        except OSError as error:
            raise StorageFailed(f"{name} could not be copied to {target.parent} ({error}): make room there.") from error
        if hashing.fresh(copy) != sha256:
            raise Untrusted(f"{name} changed while it was being read: look at what changes it, and try again.")
    return target
