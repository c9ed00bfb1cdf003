"""Model that is a folder of the hub -> that folder: whether it is whole, and how it is fetched."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from pathlib import Path, PurePath
from typing import Any

from ..errors import KickyError, MissingWeights
from . import hashing
from .fetching import room_for

GONE = {"RepositoryNotFoundError", "RevisionNotFoundError"}


def missing(folder: Path, entry: dict[str, Any]) -> str:
    """Folder, register's entry -> the first file it lacks, empty when it is whole; weights in parts are counted.

    A part that is named outside the folder is none of its files.
    """
    for pattern in entry["needs"]:
        if not any(file.stat().st_size for file in folder.glob(pattern)):
            return str(pattern)
    index = folder / "model.safetensors.index.json"
    if index.exists():
        try:
            parts = {str(part) for part in json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()}
        except (ValueError, LookupError, TypeError, AttributeError):
            return index.name
        return next((part for part in sorted(parts) if PurePath(part).name != part or not (folder / part).exists()), "")
    return ""


def verified(name: str, folder: Path, entry: dict[str, Any]) -> Path:
    """Name, folder, entry -> the folder, whole, nothing of it elsewhere. Raises: MissingWeights."""
    if not folder.is_dir():
        how = f"run `python -m kicky models pull {name}`"
        size = f"{'about ' if entry.get('estimated') else ''}{entry['size'] / 1e9:.1f} GB"
        raise MissingWeights(f"The {name} model is not here yet ({size}): {how}.")
    list(hashing.files(folder))  # it raises for a link that leads elsewhere
    if lacking := missing(folder, entry):
        raise MissingWeights(f"{folder} lacks {lacking}: run `python -m kicky models pull {name}` again.")
    return folder


def changed(folder: Path) -> str:
    """Folder -> the first file that is not as it came, "" when all are; read anew. Without a manifest none is.

    Raises: MissingWeights as `hashing.contents` does.
    """
    manifest = folder / hashing.MANIFEST
    if not manifest.exists():
        list(hashing.files(folder))
        return ""
    try:
        came = dict(json.loads(manifest.read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, LookupError, TypeError):
        return manifest.name
    here = hashing.contents(folder, hashing.fresh)
    return next((str(name) for name, sha256 in came.items() if here.get(name) != sha256), "")


def pull(name: str, folder: Path, entry: dict[str, Any]) -> Path:
    """Name, folder, entry -> the folder, fetched from the hub, or what it lacks of it; only the files that the entry
    `takes`. An address that is gone gives way to the entry's `also`. Raises: MissingWeights, StorageFailed.
    """
    import httpx2
    from huggingface_hub import constants
    from huggingface_hub.errors import HfHubHTTPError

    if constants.HF_HUB_OFFLINE:
        raise MissingWeights("HF_HUB_OFFLINE keeps this from going online: run `models pull` without it.")
    addresses = [str(entry[key]) for key in ("hub", "also") if key in entry]
    for hub in addresses:
        try:
            stated = _fetched(name, folder, entry, hub)
            break
        except (OSError, ValueError, HfHubHTTPError, httpx2.HTTPError) as error:
            gone = {kind.__name__ for kind in type(error).__mro__} & GONE
            if gone and hub != addresses[-1]:
                continue
            raise _told(name, folder, hub, error) from error
    _keep_manifest(name, folder, stated)
    return verified(name, folder, entry)


def _fetched(name: str, folder: Path, entry: dict[str, Any], hub: str) -> dict[str, Any]:
    """Name, folder, entry, address -> what the hub states of the files, which are in the folder now."""
    from huggingface_hub import snapshot_download

    takes, revision = entry.get("takes"), entry.get("revision") or None
    kind = "dataset" if entry["kind"] == "pictures" else "model"
    stated = _stated(hub, revision, kind)
    wanted = [file for file in stated["sizes"] if not takes or any(fnmatch(file, each) for each in takes)]
    lacking = sum(stated["sizes"][file] for file in wanted if not (folder / file).exists())
    room_for(lacking, folder.parent, f"The {name} model")
    snapshot_download(hub, revision=revision, repo_type=kind, local_dir=folder, allow_patterns=takes)
    return stated


def _stated(hub: str, revision: str | None, kind: str) -> dict[str, Any]:
    """Repository -> its commit, the sizes of its files, and the SHA-256 that the hub states of the large ones."""
    from huggingface_hub import HfApi

    about = HfApi().repo_info(hub, revision=revision, repo_type=kind, files_metadata=True)
    siblings = about.siblings or []
    files = {each.rfilename: each.lfs.sha256 for each in siblings if each.lfs is not None}
    return {"revision": about.sha, "files": files, "sizes": {each.rfilename: each.size or 0 for each in siblings}}


def _keep_manifest(name: str, folder: Path, stated: dict[str, Any]) -> None:
    """Folder just fetched -> each of its files has its hash written down. Raises: MissingWeights on a wrong one."""
    files = [file for file in folder.rglob("*") if file.is_file() and ".cache" not in file.parts]
    hashes = {file.relative_to(folder).as_posix(): hashing.fresh(file) for file in sorted(files) if file.name[0] != "."}
    for file, sha256 in stated["files"].items():
        if file in hashes and hashes[file] != sha256:
            (folder / file).unlink()
            raise MissingWeights(f"{file} of {name} came broken and was removed: run `models pull {name}` again.")
    part = folder / ".manifest.part"
    part.write_text(json.dumps({"revision": stated["revision"], "files": hashes}, indent=1), encoding="utf-8")
    part.replace(folder / hashing.MANIFEST)


def _told(name: str, folder: Path, hub: str, error: Exception) -> KickyError:
    """What the hub's client raised -> a sentence."""
    page = f"https://huggingface.co/{hub}"
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "GatedRepoError" in kinds:
        return MissingWeights(
            f"{hub} is gated: ask for access on {page}, log in with `hf auth login`, then `models pull {name}` again."
        )
    if kinds & GONE:
        return MissingWeights(f"There is no {hub} on the hub any more, or it is private: look at {page}.")
    return MissingWeights(
        f"The {name} model could not be fetched ({type(error).__name__}): go online and try again, or download all "
        f"files of {page} elsewhere and put them in {folder}."
    )
