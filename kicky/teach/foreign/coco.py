"""COCO, one file for all or one a split (as Roboflow exports it) -> pictures."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat, TypeAdapter

from ... import reading
from ...domain import Bools
from ...errors import BadDataset, KickyError
from ..labelled import Outline, Thing, outline_of
from .found import MOST_PIXELS, Found, around, clip_and_frame, label_of, picture_at, sound, split_named

TWICE = "labels that stand there twice"


def _id(value: Any) -> Any:
    """An id as one program or another writes it -> as text: 1 and "1" are one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else value


Id = Annotated[str, BeforeValidator(_id)]


class _Part(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)


class Pictured(_Part):
    """A picture; what else it may say is of which clip and when it is."""

    id: Id
    file_name: str = Field(min_length=1)
    width: int = Field(ge=1, le=1_000_000)
    height: int = Field(ge=1, le=1_000_000)
    clip: str | None = None
    sha256: str | None = None
    frame: int | None = Field(default=None, ge=0)
    time_s: FiniteFloat | None = None

    @property
    def place(self) -> tuple[str, int]:
        """-> its clip and frame; where it does not say them, its name does."""
        clip, frame = clip_and_frame(reading.file_named(self.file_name).stem)
        return self.clip if self.clip is not None else clip, self.frame if self.frame is not None else frame


class Annotation(_Part):
    """A thing in a picture."""

    image_id: Id
    category_id: Id
    bbox: list[FiniteFloat] | None = None
    segmentation: Any = None
    provenance: dict[str, Any] | None = None


class Category(_Part):
    """A class by its number."""

    id: Id
    name: str = Field(min_length=1)


class _Coco(BaseModel):
    images: list[Pictured]
    annotations: list[Annotation]
    categories: list[Category]


class _Runs(BaseModel):
    size: tuple[int, int]
    counts: list[Annotated[int, Field(ge=0)]] | str


_FILE, _MASK, _POLYGONS = TypeAdapter(_Coco), TypeAdapter(_Runs), TypeAdapter(list[list[FiniteFloat]])


def is_coco(file: Path) -> bool:
    try:
        values = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(values, dict) and {"images", "annotations", "categories"} <= set(values)


def pictured(file: Path, left_out: Counter[str]) -> Iterator[tuple[Pictured, tuple[Thing, ...]]]:
    """COCO file -> its pictures, each with what is in it; counts what is left out. Raises: BadDataset."""
    values = reading.shaped(_FILE, reading.json_of(file, BadDataset), file.name, BadDataset)
    names: dict[str, str] = {}
    for category in values.categories:
        if names.setdefault(category.id, category.name) != category.name:
            raise BadDataset(f"{file.name} has two categories with the id {category.id}: give each its own.")
    by_image: dict[str, list[tuple[int, Annotation]]] = {image.id: [] for image in values.images}
    if len(by_image) < len(values.images):
        twice = Counter(image.id for image in values.images).most_common(1)[0][0]
        raise BadDataset(f"{file.name} has two images with the id {twice}: give each its own.")
    seen: set[str] = set()
    for number, each in enumerate(values.annotations, 1):
        if each.image_id not in by_image or each.category_id not in names:
            lacks = f"image {each.image_id}" if each.image_id not in by_image else f"category {each.category_id}"
            raise BadDataset(f"{file.name}, annotation {number}: there is no {lacks} in the file: export it again.")
        known = repr((each.image_id, each.category_id, each.bbox, each.segmentation))
        if known in seen:
            left_out[TWICE] += 1
        else:
            by_image[each.image_id].append((number, each))
        seen.add(known)
    for image in values.images:
        size = image.width, image.height
        made = [thing(one, names, size, left_out, f"{file.name}, annotation {n}") for n, one in by_image[image.id]]
        yield image, tuple(each for each in made if each is not None)


def read(folder: Path, left_out: Counter[str]) -> Iterator[Found]:
    """Folder with COCO files, one for all or one a split -> its pictures; counts what is left out."""
    for file in sorted(folder.rglob("*.json")):
        if not is_coco(file):
            continue
        split = split_named(file.parent.name) or split_named(file.stem)
        for image, things in pictured(file, left_out):
            path = picture_at(file.parent, folder, image.file_name)
            clip, frame = clip_and_frame(path.stem)
            clip = image.clip if image.clip is not None else clip
            frame = image.frame if image.frame is not None else frame
            yield Found(path, split, clip, frame, (image.width, image.height), things)


def thing(
    each: Annotation, names: Mapping[str, str], size_wh: tuple[int, int], left_out: Counter[str], where: str
) -> Thing | None:
    """One annotation, classes by id, the picture's size -> the thing, None (and counted) for other classes.

    Raises: BadDataset.
    """
    name = names[each.category_id]
    label = label_of(name)
    if label is None:
        left_out[name] += 1
        return None
    origin = each.provenance or {"source": "import"}
    outline = () if origin.get("outline") is False else _segments(each.segmentation, size_wh, where)
    if each.bbox:
        if len(each.bbox) != 4:
            raise BadDataset(
                f"{where}: bbox has {len(each.bbox)} numbers, but is x, y, width, height: export it again."
            )
        x, y, width, height = each.bbox
        box = x, y, x + width, y + height
    elif outline:
        box = around(outline)
    else:
        raise BadDataset(f"{where}: bbox is missing, it is x, y, width, height: export it again.")
    kept = {k: v for k, v in origin.items() if k != "outline"}
    return sound(Thing(label, box, outline, kept), size_wh, where)


def _segments(segmentation: Any, size_wh: tuple[int, int], where: str) -> tuple[Outline, ...]:
    """COCO's segmentation, polygons or run lengths -> polygons. Raises: BadDataset for a mask of another size."""
    if isinstance(segmentation, dict):
        return _unrolled(segmentation, size_wh, where)
    if not segmentation:
        return ()
    polygons = reading.shaped(_POLYGONS, segmentation, f"{where}, segmentation", BadDataset)
    return tuple(tuple(polygon) for polygon in polygons if len(polygon) % 2 or len(polygon) >= 6)


def _unrolled(segmentation: Any, size_wh: tuple[int, int], where: str) -> tuple[Outline, ...]:
    mask = reading.shaped(_MASK, segmentation, f"{where}, segmentation", BadDataset)
    width, height = size_wh
    if mask.size != (height, width) or width * height > MOST_PIXELS:
        raise BadDataset(f"{where}: a mask of {mask.size} is not of its picture's size {size_wh}: export it again.")
    runs = mask.counts if isinstance(mask.counts, list) else _counts(mask.counts, where)
    return outline_of(unrolled(runs, size_wh, where, BadDataset))


def unrolled(runs: list[int], size_wh: tuple[int, int], where: str, error: type[KickyError]) -> Bools:
    """Run lengths down the columns, nothing first -> (H, W) mask. Raises: `error` where they do not fill it."""
    if min(runs, default=0) < 0 or sum(runs) != size_wh[0] * size_wh[1]:
        raise error(f"{where}: the run lengths do not fill a mask of {size_wh}: export it again.")
    edges = np.concatenate([[0], np.cumsum(runs)])
    flat = np.zeros(size_wh[0] * size_wh[1], dtype=bool)
    for start, end in list(pairwise(edges))[1::2]:
        flat[start:end] = True
    return flat.reshape(size_wh).T


def _counts(text: str, where: str) -> list[int]:
    """COCO's compressed run lengths, five bits a letter, each less the one but two before -> them."""
    counts: list[int] = []
    value = shift = 0
    for letter in text:
        bits = ord(letter) - 48
        if not 0 <= bits < 64 or shift > 40:
            raise BadDataset(f"{where}: {letter!r} is no part of run lengths: export it again.")
        value |= (bits & 31) << shift
        shift += 5
        if not bits & 32:
            value -= (1 << shift) if bits & 16 else 0
            counts.append(value + (counts[-2] if len(counts) > 2 else 0))
            value = shift = 0
    if shift:
        raise BadDataset(f"{where}: the run lengths break off: export it again.")
    return counts
