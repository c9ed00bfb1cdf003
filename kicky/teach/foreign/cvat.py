"""CVAT's XML, for images or for video -> pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from ...errors import BadDataset
from ..labelled import Thing
from .found import ENDINGS, Found, clip_and_frame, label_of, picture_at, size_of, split_named


def is_cvat(file: Path) -> bool:
    return "<annotations>" in file.read_text(encoding="utf-8", errors="replace")[:2000]


def read(folder: Path, left_out: Counter[str]) -> Iterator[Found]:
    """Folder with CVAT's annotations.xml, for images or for video, and the pictures -> them."""
    for file in sorted(each for each in folder.rglob("*.xml") if is_cvat(each)):
        try:
            root = ElementTree.parse(file).getroot()
        except ElementTree.ParseError as error:
            raise BadDataset(f"{file} is no whole XML file ({error}): export it again.") from error
        yield from _images(root, file, folder, left_out)
        yield from _video(root, file, folder, left_out)


def _images(root: ElementTree.Element, file: Path, folder: Path, left_out: Counter[str]) -> Iterator[Found]:
    for image in root.iter("image"):
        path = picture_at(file.parent, folder, image.get("name", ""))
        size = (int(image.get("width", 0)), int(image.get("height", 0)))
        split = split_named(image.get("subset", "")) or next((s for p in path.parts if (s := split_named(p))), "")
        things = [thing(shape, shape.get("label", ""), left_out) for shape in image]
        yield Found(path, split, *clip_and_frame(path.stem), size, tuple(each for each in things if each))


def _video(root: ElementTree.Element, file: Path, folder: Path, left_out: Counter[str]) -> Iterator[Found]:
    """Tracks over frames -> a picture for each frame whose picture lies in the folder as frame_000123."""
    by_frame: dict[int, list[Thing]] = {}
    for track in root.iter("track"):
        for shape in track:
            seen = None if shape.get("outside") == "1" else thing(shape, track.get("label", ""), left_out)
            if seen is not None:
                by_frame.setdefault(int(shape.get("frame", 0)), []).append(seen)
    if not by_frame:
        return
    lying = {clip_and_frame(path.stem)[1]: path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS}
    clip = root.findtext(".//source") or file.stem
    for frame, things in sorted(by_frame.items()):
        if frame not in lying:
            raise BadDataset(
                f"{file.name} labels frame {frame}, but no picture of it is there: export with images, or put the "
                f"film's frames beside it as frame_{frame:06d}.jpg."
            )
        yield Found(lying[frame], "", clip, frame, size_of(lying[frame]), tuple(things))


def thing(shape: ElementTree.Element, name: str, left_out: Counter[str]) -> Thing | None:
    """A box or polygon, its class -> the thing, None (and counted) where it is none of ours."""
    if shape.tag not in ("box", "polygon"):
        return None
    label = label_of(name)
    if label is None:
        left_out[name] += 1
        return None
    if shape.tag == "box":
        x0, y0, x1, y1 = (float(shape.get(side, "nan")) for side in ("xtl", "ytl", "xbr", "ybr"))
        return Thing(label, (x0, y0, x1, y1), (), {"source": "import"})
    points = np.array([pair.split(",") for pair in shape.get("points", "").split(";")], dtype=np.float64)
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return Thing(label, (x0, y0, x1, y1), (tuple(points.ravel().tolist()),), {"source": "import"})
