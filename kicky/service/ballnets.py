"""Films -> a ball network: what `train --kind ballnet` asks for."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..domain import OnProgress


def train_now(folder: Path, name: str, epochs: int, on_progress: OnProgress) -> dict[str, Any]:
    """Folder of films, the network's name, how often it sees all -> what came of it, as plain values, trained now in
    this process. Raises: BadDataset, MissingPackages, StorageFailed.
    """
    from ..jobs.teaching import train_ballnet

    made = train_ballnet(folder, name, epochs, on_progress)
    return {**made, "judged": asdict(made["judged"])}
