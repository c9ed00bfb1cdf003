"""COCO, one file for all or one a split (as Roboflow exports it) -> pictures."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import BadDataset
from ..labelled import Outline, Thing, outline_of
from .found import MOST_PIXELS, Found, clip_and_frame, label_of, picture_at, split_named


def is_coco(file: Path) -> bool:
    try:
        with file.open(encoding="utf-8") as text:
            values = json.load(text)
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(values, dict) and {"images", "annotations", "categories"} <= set(values)


def read(folder: Path, left_out: Counter[str]) -> Iterator[Found]:
    """Folder with COCO files, one for all or one a split -> its pictures; counts what is of unknown classes."""
    for file in sorted(folder.rglob("*.json")):
        if not is_coco(file):
            continue
        values = json.loads(file.read_text(encoding="utf-8"))
        names = {category["id"]: str(category["name"]) for category in values["categories"]}
        by_image: dict[Any, list[Mapping[str, Any]]] = {}
        for annotation in values["annotations"]:
            by_image.setdefault(annotation["image_id"], []).append(annotation)
        split = split_named(file.parent.name) or split_named(file.stem)
        for image in values["images"]:
            path = picture_at(file.parent, folder, str(image["file_name"]))
            clip, frame = clip_and_frame(path.stem)
            size = (int(image["width"]), int(image["height"]))
            things = [thing(each, names, size, left_out) for each in by_image.get(image["id"], [])]
            kept = tuple(each for each in things if each is not None)
            yield Found(path, split, str(image.get("clip", clip)), int(image.get("frame", frame)), size, kept)


def thing(
    annotation: Mapping[str, Any], names: Mapping[Any, str], size_wh: tuple[int, int], left_out: Counter[str]
) -> Thing | None:
    """One annotation, classes by number, the picture's size -> the thing, None (and counted) for other classes."""
    name = names.get(annotation["category_id"], "")
    label = label_of(name)
    if label is None:
        left_out[name] += 1
        return None
    x, y, width, height = (float(value) for value in annotation["bbox"])
    outline = _segments(annotation.get("segmentation"), size_wh)
    origin = annotation.get("provenance") or {"source": "import"}
    if annotation.get("provenance", {}).get("outline") is False:
        outline = ()
    return Thing(label, (x, y, x + width, y + height), outline, {k: v for k, v in origin.items() if k != "outline"})


def _segments(segmentation: Any, size_wh: tuple[int, int]) -> tuple[Outline, ...]:
    """COCO's segmentation, polygons or run lengths -> polygons. Raises: BadDataset for a mask of another size."""
    if isinstance(segmentation, list):
        return tuple(tuple(float(v) for v in polygon) for polygon in segmentation if len(polygon) >= 6)
    if not isinstance(segmentation, dict):
        return ()
    width, height = size_wh
    if list(segmentation["size"]) != [height, width] or width * height > MOST_PIXELS:
        raise BadDataset(f"A mask of {segmentation['size']} is not of its picture's size {size_wh}: export it again.")
    from pycocotools import mask  # only some sets need it

    counts = segmentation["counts"]
    runs = mask.frPyObjects(segmentation, height, width) if isinstance(counts, list) else segmentation
    return outline_of(np.asarray(mask.decode(runs), dtype=bool))
