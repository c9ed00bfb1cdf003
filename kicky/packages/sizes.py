"""Kind of machine -> how many bytes of packages it fetches, as counted when the lock files were made."""

from __future__ import annotations

import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("sizes.toml")
LINE = 100e6 / 8
"""Bytes a second on a line of 100 Mbit/s."""


@cache
def known() -> dict[str, Any]:
    """-> bytes by kind of machine and by what is fetched."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return {machine: count for machine, count in told.items() if isinstance(count, dict)}


def size(what: str, machine: str = sys.platform) -> tuple[int, int]:
    """What is fetched, kind of machine -> bytes to fetch, bytes on the disk; an unknown machine counts as Linux's.

    What: "run", "extra" with a graphics card, "without_card".
    """
    count = known().get(machine) or known()["linux"]
    return int(count[what]), int(count[f"{what}_disk"])


def seconds(bytes_: float) -> float:
    """Bytes -> seconds on a line of 100 Mbit/s.

    >>> seconds(1.25e9)
    100.0
    """
    return bytes_ / LINE


def words(bytes_: float) -> str:
    """Bytes -> in words.

    >>> words(3_034_639_555), words(231_046_868)
    ('3.0 GB', '231 MB')
    """
    return f"{bytes_ / 1e9:.1f} GB" if bytes_ >= 1e9 else f"{bytes_ / 1e6:.0f} MB"
