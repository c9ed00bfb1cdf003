"""Lock files -> what `make run` sets up, and what the rest is: the packages that teach, run students and MiniCPM."""

from __future__ import annotations

import re
import sys
import sysconfig
from functools import cache
from hashlib import sha256
from pathlib import Path

from ..home import PROJECT

WHOLE, RUN = PROJECT / "requirements.lock", PROJECT / "requirements-run.lock"
TORCH = "torch", "torchvision"
CARD_ONLY = re.compile(r"nvidia-|cuda-|triton$")
ENTRY = re.compile(r"^(?=[A-Za-z])", re.MULTILINE)
NAME = re.compile(r"[\w.-]+")


def entries(lock: Path) -> dict[str, str]:
    """Lock file -> each package's entry by name: version, machines, hashes; two of them where machines differ."""
    found: dict[str, str] = {}
    for entry in ENTRY.split(lock.read_text(encoding="utf-8")):
        if (name := NAME.match(entry)) and "==" in entry:
            found[name[0].lower()] = found.get(name[0].lower(), "") + entry
    return found


def names(lock: Path) -> set[str]:
    """Lock file -> the packages in it."""
    return set(entries(lock))


def rest(card: bool) -> str:
    """Whether for a graphics card -> the entries of what `make run` left out; without a card also without PyTorch,
    which comes from elsewhere then.
    """
    run = names(RUN)
    left = {name: entry for name, entry in entries(WHOLE).items() if name not in run}
    return "".join(entry for name, entry in left.items() if card or not for_a_card(name))


def for_a_card(name: str) -> bool:
    """Package -> whether it is for a graphics card, or has another build for machines without one."""
    return name in TORCH or CARD_ONLY.match(name) is not None


def torch() -> str:
    """-> PyTorch's versions as the lock has them, without hashes: the build without a card has others."""
    whole = entries(WHOLE)
    return "".join(f"{whole[name].split()[0]}\n" for name in TORCH)


def fingerprint() -> str:
    """-> 12 digits that are others when a lock file is."""
    return sha256(RUN.read_bytes() + WHOLE.read_bytes()).hexdigest()[:12]


@cache
def key() -> str:
    """-> what an environment for the rest is told by: these packages, this Python, this kind of machine."""
    here = f"{sys.implementation.cache_tag} {sysconfig.get_platform()}"
    return sha256(f"{here}\n{rest(card=True)}".encode()).hexdigest()[:12]
