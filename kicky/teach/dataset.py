"""Labelled pictures on disk: read, written clip by clip, corrected, and as COCO for whoever trains on them.

NAME/dataset.json               what it was made of and how
NAME/clips/HASH.jsonl           one line a picture; a clip's file is there whole or not at all
NAME/corrections.jsonl          what a person changed since; the last line about a picture counts
NAME/{train,valid,test}/*.jpg   the pictures, with _annotations.coco.json beside them
NAME/no_ball.json               where the teachers found no ball
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO

from ..drafts import draft, write_whole
from ..errors import BadDataset, NotFound
from ..home import datasets
from ..storage.database import told
from .labelled import BASE, CLASSES, INTERACTIONS, Picture, Thing, interacting, picture_from_json, thing_from_json

SPLITS = ("train", "valid", "test")
SHARES = {"train": 0.7, "valid": 0.15, "test": 0.15}
ALIASES = {"val": "valid", "validation": "valid", "dev": "valid"}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Dataset:
    """A data set's folder. `folder` need not exist yet; writing makes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def name(self) -> str:
        return self.folder.name

    def about(self) -> dict[str, Any]:
        """-> what it was made of and how, {} while nothing was written."""
        file = self.folder / "dataset.json"
        return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}

    def describe(self, about: Mapping[str, Any]) -> None:
        """Plain values -> kept as what `about` gives."""
        with told(self.folder):
            write_whole(self.folder / "dataset.json", json.dumps(about, indent=1).encode())

    def has(self, clip: str) -> bool:
        """Clip's hash -> whether all its pictures are in."""
        return self.shard(clip).exists()

    def add(self, clip: str, pictures: Iterable[Picture]) -> None:
        """Clip's hash, its pictures as they are labelled -> all of them kept, or none. Memory holds one at a time."""
        shard = self.shard(clip)
        with told(shard):
            shard.parent.mkdir(parents=True, exist_ok=True)
            with draft(shard.parent, ".part") as part:
                with part.open("w", encoding="utf-8") as file:
                    for picture in pictures:
                        file.write(json.dumps(picture.to_json()) + "\n")
                part.replace(shard)

    def correct(self, file: str, things: Sequence[Thing] | None, who: str) -> None:
        """Picture's file, what is really in it (None: not to be learned from) -> kept; overrides every teacher."""
        line = {"file": file, "things": None if things is None else [plain(thing) for thing in things], "who": who}
        with told(self.folder), (self.folder / "corrections.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")

    def corrections(self) -> dict[str, tuple[Thing, ...] | None]:
        """-> what persons said last: file -> things, None where the picture was rejected."""
        log, said = self.folder / "corrections.jsonl", dict[str, tuple[Thing, ...] | None]()
        for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else []:
            values = json.loads(line)
            things = values["things"]
            said[values["file"]] = None if things is None else tuple(thing_from_json(thing) for thing in things)
        return said

    def labelled(self) -> Iterator[Picture]:
        """-> its pictures, clip by clip, as they were labelled, whatever persons said since."""
        for shard in self.shards():
            with shard.open(encoding="utf-8") as lines:
                for line in lines:
                    picture = picture_from_json(json.loads(line))
                    if picture.split not in SPLITS or picture.file != f"{picture.split}/{Path(picture.file).name}":
                        raise BadDataset(
                            f"{shard} names {picture.file!r}, which is no picture of {self.name}: remove it."
                        )
                    yield picture

    def shards(self) -> list[Path]:
        """-> the files its pictures' lines are in, a clip each."""
        return sorted((self.folder / "clips").glob("*.jsonl"))

    def pictures(self, rejected: bool = False) -> Iterator[Picture]:
        """-> its pictures, clip by clip, as corrected; `rejected`: also those that a person threw out."""
        said = self.corrections()
        for picture in self.labelled():
            things = said.get(picture.file, picture.things)
            if things is not None:
                yield Picture(**{**_fields(picture), "things": things})
            elif rejected:
                yield picture

    def counts(self) -> dict[str, Counter[str]]:
        """-> for each split how many pictures ("pictures") and things of each class."""
        counts = {split: Counter[str]() for split in SPLITS}
        for picture in self.pictures():
            counts[picture.split]["pictures"] += 1
            counts[picture.split].update(BASE[thing.label] for thing in picture.things)
        return counts

    def fingerprint(self) -> str:
        """-> a SHA-256 over every label in it, corrections and all: the same labels give the same."""
        digest = sha256()
        for picture in self.pictures():
            digest.update(json.dumps(picture.to_json(), sort_keys=True).encode())
        return digest.hexdigest()

    def write_coco(self, folder: Path | None = None, interactions: bool = False) -> Path:
        """-> the folder with `_annotations.coco.json` beside each split's pictures, written picture by picture.

        Players with the ball and balls in the goal are marked; with `interactions` they are classes of their own, five
        for three. Raises: BadDataset when there is no picture.
        """
        folder = folder or self.folder
        names = (*CLASSES, *INTERACTIONS) if interactions else CLASSES
        with told(folder), coco_writers(folder, names) as writers:
            for picture in self.pictures():
                writers[picture.split].add(picture, interacting(picture.things))
            if not any(writer.pictures for writer in writers.values()):
                raise BadDataset(f"The data set {self.name} has no pictures: label some clips first.")
        return folder

    def shard(self, clip: str) -> Path:
        """Clip's hash -> the file of its pictures' lines."""
        return self.folder / "clips" / f"{re.sub(r'[^A-Za-z0-9._-]', '_', clip)[:64]}.jsonl"


class CocoWriter:
    """One split's `_annotations.coco.json`, written as it comes: what is held does not grow with the pictures."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self.folder, self.names, self.pictures, self.annotations = folder, list(names), 0, 0
        self._drafts, self._streams = ExitStack(), list[TextIO]()

    def open(self) -> None:
        """Room for what is to come."""
        self.folder.mkdir(parents=True, exist_ok=True)
        parts = [self._drafts.enter_context(draft(self.folder, ".part")) for _ in range(3)]
        self._images, self._things, self._part = parts
        for path in (self._images, self._things):
            self._streams.append(path.open("w", encoding="utf-8"))

    def add(self, picture: Picture, things: Sequence[Thing]) -> None:
        """Picture, what is in it by the classes asked for -> written."""
        width, height = picture.size_wh_px
        about = {"clip": picture.clip, "frame": picture.frame, "time_s": picture.time_s}
        image = {"id": self.pictures, "file_name": Path(picture.file).name, "width": width, "height": height} | about
        self._write(0, image, self.pictures)
        for thing in things:
            self._write(1, _annotation(thing, self.annotations, self.pictures, self.names), self.annotations)
            self.annotations += 1
        self.pictures += 1

    def finish(self) -> None:
        """The whole file is there; without a picture an empty one."""
        for stream in self._streams:
            stream.close()
        categories = [{"id": k, "name": name, "supercategory": "none"} for k, name in enumerate(self.names)]
        with self._part.open("w", encoding="utf-8") as file:
            file.write(f'{{"categories": {json.dumps(categories)},\n"images": [')
            _pour(self._images, file)
            file.write('],\n"annotations": [')
            _pour(self._things, file)
            file.write("]}\n")
        self._part.replace(self.folder / "_annotations.coco.json")

    def discard(self) -> None:
        """What was written in passing is gone."""
        for stream in self._streams:
            with suppress(OSError):  # a full disk refuses what is left to write
                stream.close()
        self._drafts.close()

    def _write(self, stream: int, values: Mapping[str, Any], number: int) -> None:
        self._streams[stream].write((",\n" if number else "\n") + json.dumps(values))


@contextmanager
def coco_writers(folder: Path, names: Sequence[str]) -> Iterator[dict[str, CocoWriter]]:
    """Folder, classes -> a writer for each split; the files are there when the block ends well, else as they were."""
    writers = {split: CocoWriter(folder / split, names) for split in SPLITS}
    with ExitStack() as stack:
        for writer in writers.values():
            stack.callback(writer.discard)
            writer.open()
        yield writers
        for writer in writers.values():
            writer.finish()


def _pour(source: Path, target: Any) -> None:
    with source.open(encoding="utf-8") as lines:
        for line in lines:
            target.write(line)


def _annotation(thing: Thing, number: int, image: int, names: Sequence[str]) -> dict[str, Any]:
    label = thing.label if thing.label in names else BASE[thing.label]
    x0, y0, x1, y1 = thing.box_px
    polygons = [list(polygon) for polygon in thing.polygons()]
    return {
        "id": number, "image_id": image, "category_id": list(names).index(label), "iscrowd": 0,
        "bbox": [x0, y0, x1 - x0, y1 - y0], "area": round(sum(_area(p) for p in polygons), 2),
        "segmentation": polygons, "interaction": thing.label if thing.label in INTERACTIONS else None,
        "provenance": dict(thing.origin) | {"outline": bool(thing.outline_px)},
    }  # fmt: skip


def _area(polygon: Sequence[float]) -> float:
    x, y = polygon[::2], polygon[1::2]
    return abs(sum(x[k - 1] * y[k] - x[k] * y[k - 1] for k in range(len(x)))) / 2


def plain(thing: Thing) -> dict[str, Any]:
    return {"label": thing.label, "box_px": thing.box_px, "outline_px": thing.outline_px, "origin": dict(thing.origin)}


def _fields(picture: Picture) -> dict[str, Any]:
    return {name: getattr(picture, name) for name in Picture.__dataclass_fields__}


def split_by_clip(clips: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """Clips' hashes, the splits that labels give some of them -> each clip's split, never a frame's.

    What is given is honoured. The rest is dealt out by the hash alone, so that a clip stays where it is as others
    come, except that a few clips are dealt so that some are learned from and some judged by. Raises: BadDataset for
    an unknown split.
    """
    known = {clip: ALIASES.get(given[clip].lower(), given[clip].lower()) for clip in clips if given.get(clip)}
    wrong = sorted(set(known.values()) - set(SPLITS))
    if wrong:
        raise BadDataset(f"There is no split {wrong[0]!r}: call it train, valid or test.")
    for clip in clips:
        place = int(sha256(clip.encode()).hexdigest()[:8], 16) / 2**32
        dealt = "train" if place < SHARES["train"] else "valid" if place < 1 - SHARES["test"] else "test"
        known.setdefault(clip, dealt)
    free = sorted((clip for clip in clips if not given.get(clip)), key=lambda clip: sha256(clip.encode()).hexdigest())
    for split in ("train", "valid"):  # without either nothing can be learned, or nothing judged
        held = Counter(known.values())
        spare = next((clip for clip in free if known[clip] == "test" or held[known[clip]] > 1), None)
        if not held[split] and spare is not None:
            known[spare] = split
    return known


def named(name: str) -> Dataset:
    """Name -> that data set. Raises: NotFound, BadDataset for a name no folder may have."""
    dataset = new(name)
    if not (dataset.folder / "dataset.json").exists():
        raise NotFound(f"There is no data set {name}: label some clips first, or choose another one.")
    return dataset


def new(name: str) -> Dataset:
    """Name -> where the data set of that name is or will be. Raises: BadDataset for a name no folder may have."""
    if not NAME.fullmatch(name):
        raise BadDataset(f"{name!r} is no name for a data set: use letters, digits, '.', '_' and '-'.")
    return Dataset(datasets() / name)


def names() -> list[str]:
    """-> the data sets there are, the newest first."""
    found = datasets().glob("*/dataset.json")
    return [file.parent.name for file in sorted(found, key=lambda file: -file.stat().st_mtime)]
