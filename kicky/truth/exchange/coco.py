"""COCO: a picture for each labelled frame, which also says of which clip it is and when it is shown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ...errors import BadLabel
from ...teach.foreign import coco as foreign
from ...teach.foreign.found import clip_and_frame
from ...teach.labelled import CLASSES, Thing
from .labelled import Labelled, file_stem, number


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
    """A COCO file -> its clips; where a picture does not say its clip and frame, its name does."""
    values = json.loads(path.read_text(encoding="utf-8"))
    names = {category["id"]: str(category["name"]) for category in values["categories"]}
    by_image: dict[Any, list[Any]] = {}
    for each in values["annotations"]:
        by_image.setdefault(each["image_id"], []).append(each)
    clips: dict[tuple[str, str], dict[int, tuple[tuple[Thing, ...], float | None]]] = {}
    left_out: Counter[str] = Counter()
    try:
        for image in values["images"]:
            clip, frame = clip_and_frame(Path(str(image["file_name"])).stem)
            clip, frame = str(image.get("clip", clip)), int(image.get("frame", frame))
            size = int(image["width"]), int(image["height"])
            things = [foreign.thing(each, names, size, left_out) for each in by_image.get(image["id"], [])]
            stated = number(image["time_s"], f"The time of {clip}, frame {frame},") if "time_s" in image else None
            held = clips.setdefault((clip, str(image.get("sha256", ""))), {})
            held[frame] = tuple(each for each in things if each is not None), stated
    except (KeyError, TypeError, ValueError) as error:
        raise BadLabel(f"{path.name} has a picture or a label that is not whole ({error}): export it again.") from error
    for (clip, sha256), frames in clips.items():
        times = {frame: stated for frame, (_, stated) in frames.items() if stated is not None}
        yield Labelled(
            clip, sha256, boxes={k: things for k, (things, _) in frames.items()}, time_s=times, left_out=left_out
        )
        left_out = Counter()
