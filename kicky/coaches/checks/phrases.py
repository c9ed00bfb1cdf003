"""Name in phrases.toml -> one pattern that finds any of its phrases, or a list of words."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("phrases.toml")


def phrases(name: str) -> re.Pattern[str]:
    """Name, its parts joined by dots -> the pattern.

    >>> bool(phrases("verdict.scored").search("you scored"))
    True
    """
    text = "|".join(_entry(name)["any"])
    return re.compile(text.replace("{praise}", _all()["praise"]).replace("{frame}", _all()["frame"]))


def words(name: str) -> frozenset[str]:
    """Name, its parts joined by dots -> the words."""
    return frozenset(_entry(name)["words"].split())


def _entry(name: str) -> dict[str, Any]:
    entry = _all()
    for part in name.split("."):
        entry = entry[part]
    return entry


@lru_cache(maxsize=1)
def _all() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
