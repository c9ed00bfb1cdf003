"""COCO: a picture for each labelled frame, which also says of which clip it is and when it is shown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...errors import BadLabel
from ...teach.foreign import coco as foreign
from ...teach.labelled import CLASSES, Thing
from .labelled import Labelled, file_stem


def write(clips: Sequence[Labelled], folder: Path) -> list[Path]:
    """Clips, folder -> labels.coco.json there: boxes and masks."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for clip in clips:
        for frame, things in clip.boxes.items():
            image = len(images) + 1
            images.append({
                "id": image, "file_name": f"{file_stem(clip.clip)}_{frame:06d}.jpg", "width": clip.size_wh_px[0],
                "height": clip.size_wh_px[1], "clip": clip.clip, "sha256": clip.sha256, "frame": frame,
                "time_s": clip.time_s[frame],
            })  # fmt: skip
            annotations += [_annotation(thing, image, len(annotations) + 1 + k) for k, thing in enumerate(things)]
    categories = [{"id": k + 1, "name": name} for k, name in enumerate(CLASSES)]
    target = folder / "labels.coco.json"
    values = {"images": images, "annotations": annotations, "categories": categories}
    target.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    return [target]


def _annotation(thing: Thing, image: int, number_: int) -> dict[str, Any]:
    x0, y0, x1, y1 = thing.box_px
    return {
        "id": number_, "image_id": image, "category_id": CLASSES.index(thing.label) + 1,
        "bbox": [x0, y0, x1 - x0, y1 - y0], "area": (x1 - x0) * (y1 - y0), "iscrowd": 0,
        "segmentation": [list(part) for part in thing.outline_px], "provenance": dict(thing.origin),
    }  # fmt: skip


def knows(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() == ".json" and foreign.is_coco(path)


def read(path: Path) -> Iterator[Labelled]:
    """A COCO file -> its clips; where a picture does not say its clip and frame, its name does. Raises: BadDataset."""
    left_out: Counter[str] = Counter()
    clips: dict[tuple[str, str], Labelled] = {}
    for image, things in foreign.pictured(path, left_out):
        (clip, frame), size = image.place, (image.width, image.height)
        key = clip, image.sha256 or ""
        held = clips.setdefault(key, Labelled(*key, size_wh_px=size))
        if frame in held.boxes:
            raise BadLabel(f"{path.name} has two pictures of frame {frame} of {clip}: keep one of the two.")
        if size != held.size_wh_px:
            raise BadLabel(
                f"{path.name} has pictures of {clip} of two sizes, {held.size_wh_px} and {size}: correct it."
            )
        times = {frame: image.time_s} if image.time_s is not None else {}
        clips[key] = replace(held, boxes={**held.boxes, frame: things}, time_s={**held.time_s, **times})
    for first, found in enumerate(clips.values()):
        yield found if first else replace(found, left_out=left_out)
