"""A training's folder <-> what was asked for, how it went epoch by epoch, and what came of it.

NAME/run.json      what was asked for, the data set's fingerprint, how it ended
NAME/curves.csv    one line an epoch: losses, mAP50:95, AP of each class
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..drafts import write_whole
from ..errors import BadDataset, NotFound
from ..home import runs
from ..storage.database import told
from .dataset import NAME

ARTICLE = {"goal": 0.89, "player": 0.66, "ball": 0.08}
"""Validation AP50:95 of the article's student (RF-DETR-Seg Small, 384 px, 15 epochs), read off its text."""
ARTICLE_ALL = 0.548
"""Its box mAP50:95 at the best epoch."""


def folder(name: str) -> Path:
    """Name -> where that training is or will be. Raises: BadDataset for a name no folder may have."""
    if not NAME.fullmatch(name):
        raise BadDataset(f"{name!r} is no name for a student: use letters, digits, '.', '_' and '-'.")
    return runs() / name


def names() -> list[str]:
    """-> the trainings there are, the newest first."""
    found = runs().glob("*/run.json")
    return [file.parent.name for file in sorted(found, key=lambda file: -file.stat().st_mtime)]


def about(name: str) -> dict[str, Any]:
    """Name -> what was asked for and how it ended. Raises: NotFound."""
    file = folder(name) / "run.json"
    if not file.exists():
        raise NotFound(f"There is no training {name}: start one, or choose another.")
    return dict(json.loads(file.read_text(encoding="utf-8")))


def describe(name: str, values: Mapping[str, Any]) -> None:
    """Name, plain values -> kept as what `about` gives."""
    file = folder(name) / "run.json"
    with told(file):
        write_whole(file, json.dumps(values, indent=1).encode())


def curves(name: str) -> list[dict[str, float | None]]:
    """Name -> a row an epoch: epoch, train_loss, val_loss, mAP, AP_ball, AP_player, …; None where not measured."""
    file = folder(name) / "curves.csv"
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        return [{key: float(value) if value else None for key, value in row.items()} for row in csv.DictReader(lines)]


def add_epoch(name: str, row: Mapping[str, float | None]) -> None:
    """Name, an epoch's figures -> the curves hold them; an epoch done again takes the place of what was there."""
    rows = [kept for kept in curves(name) if (kept["epoch"] or 0) < (row["epoch"] or 0)] + [dict(row)]
    columns = list(dict.fromkeys(key for each in rows for key in each))
    text = [",".join(columns)]
    text += [",".join("" if each.get(key) is None else f"{each[key]:.6g}" for key in columns) for each in rows]
    file = folder(name) / "curves.csv"
    with told(file):
        write_whole(file, ("\n".join(text) + "\n").encode())
