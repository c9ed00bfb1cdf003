"""Model that is a folder of the hub -> that folder: whether it is whole, and how it is fetched."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..errors import MissingWeights


def missing(folder: Path, entry: dict[str, Any]) -> str:
    """Folder, register's entry -> the first file it lacks, empty when it is whole; weights in parts are counted."""
    for pattern in entry["needs"]:
        if not any(file.stat().st_size for file in folder.glob(pattern)):
            return str(pattern)
    index = folder / "model.safetensors.index.json"
    if index.exists():
        try:
            parts = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        except (ValueError, LookupError, TypeError, AttributeError):
            return index.name
        return next((part for part in sorted(parts) if not (folder / part).exists()), "")
    return ""


def verified(name: str, folder: Path, entry: dict[str, Any]) -> Path:
    """Name, folder, entry -> the folder, whole. Raises: MissingWeights."""
    if not folder.is_dir():
        how = f"run `python -m kicky models pull {name}`"
        raise MissingWeights(f"The {name} model is not here yet ({entry['size'] / 1e9:.1f} GB): {how}.")
    if lacking := missing(folder, entry):
        raise MissingWeights(f"{folder} lacks {lacking}: run `python -m kicky models pull {name}` again.")
    return folder


def fingerprint(folder: Path) -> str:
    """Folder -> a SHA-256 over its files' names and sizes and its config; weights of gigabytes are not read."""
    digest = sha256((folder / "config.json").read_bytes())
    for file in sorted(folder.glob("*.safetensors")):
        digest.update(f"{file.name} {file.stat().st_size}".encode())
    return digest.hexdigest()


def pull(name: str, folder: Path, entry: dict[str, Any]) -> Path:
    """Name, folder, entry -> the folder, fetched from the hub, or what it lacks of it. Raises: MissingWeights."""
    from huggingface_hub import snapshot_download

    hub = str(entry["hub"])
    try:
        snapshot_download(hub, local_dir=folder)
    except Exception as error:
        raise MissingWeights(
            f"The {name} model could not be fetched ({type(error).__name__}): go online and try again, or download all "
            f"files of https://huggingface.co/{hub} elsewhere and put them in {folder}."
        ) from error
    return verified(name, folder, entry)
