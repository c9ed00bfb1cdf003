"""Name of a model -> its own place in the store: never the program's, another model's, or one outside."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import BadDataset
from ..home import PROJECT, models

KINDS = ("pose", "coach", "student", "ballnet", "sam3", "locate", "pictures")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
PLACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
REGISTERS = ("MODELS.toml", "LOCAL.json")
SHAPE: dict[str, type | tuple[type, ...]] = {"kind": str, "what": str, "licence": str, "size": (int, float)}


@cache
def official() -> dict[str, dict[str, Any]]:
    """-> the entries of models/MODELS.toml."""
    return tomllib.loads((PROJECT / "models" / "MODELS.toml").read_text(encoding="utf-8"))


def place(about: Mapping[str, Any]) -> str:
    """Entry -> what its file or folder is called in the store."""
    return str(about.get("folder") or about["file"])


def _same(one: str, others: Iterable[str]) -> bool:
    """-> whether some file systems, which do not tell capitals, take it for one of the others."""
    return one.casefold() in {other.casefold() for other in others}


def _ours() -> list[str]:
    return [*REGISTERS, *(place(about) for about in official().values())]


def wrong(own: Any) -> str:
    """What LOCAL.json says of this machine's own models -> what no entry of ours ever says, "" where nothing is."""
    if not isinstance(own, dict):
        return "its models are no entries"
    seen = _ours()
    for name, about in own.items():
        if not (NAME.fullmatch(name) and isinstance(about, dict)):
            return f"{name!r} is no entry of a model"
        held = [about[kind] for kind in ("file", "folder") if kind in about]
        whole = all(isinstance(about.get(key), kind) for key, kind in SHAPE.items()) and about["kind"] in KINDS
        lists = isinstance(about.get("classes", []), list) and all(
            isinstance(about.get("sha256" if "file" in about else "needs"), list) for _ in held
        )
        if len(held) != 1 or not whole or not lists:
            return f"the entry {name} is not whole"
        if not isinstance(held[0], str) or not PLACE.fullmatch(held[0]) or _same(held[0], seen):
            return f"the entry {name} names {held[0]!r}, which is no file of its own in the models' folder"
        seen.append(held[0])
    return ""


def refuse(name: str, place_: str, own: Mapping[str, Mapping[str, Any]]) -> None:
    """A new model's name, what its file would be called, this machine's own -> nothing. Raises: BadDataset.

    Its own entry whose file is gone is no hindrance: it is filled again.
    """
    if not NAME.fullmatch(name):
        raise BadDataset(f"{name!r} is no name for a model: use letters, digits, '.', '_' and '-'.")
    if not PLACE.fullmatch(place_):
        raise BadDataset(f"{place_!r} is no name for a file: rename the file so that its ending is short and plain.")
    there = [entry.name for entry in models().iterdir()] if models().is_dir() else []
    others = {**official(), **{other: about for other, about in own.items() if other != name or place(about) in there}}
    if _same(name, others):
        raise BadDataset(f"There is a model {name} already: choose another name, or remove that one first.")
    if _same(place_, [*_ours(), *(place(about) for about in others.values())]):
        raise BadDataset(f"{place_} is the name of a file that the program needs itself: choose another name.")
    if _same(place_, there):
        raise BadDataset(f"There is a {place_} in {models()} already: choose another name, or move that one away.")


def at(about: Mapping[str, Any]) -> Path:
    """Entry -> where its file or folder is, or would be."""
    return models() / place(about)
