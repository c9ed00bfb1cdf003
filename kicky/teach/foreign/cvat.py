"""CVAT's XML, for images or for video, of a task or of a project -> pictures."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import numpy as np

from ... import reading
from ...errors import BadDataset
from ..labelled import Box, Outline, Thing, outline_of
from .coco import unrolled
from .found import (
    ENDINGS,
    MOST_PIXELS,
    Found,
    around,
    clip_and_frame,
    label_of,
    picture_at,
    size_of,
    sound,
    split_named,
)

UNREAD: Literal["unread"] = "unread"
"""Something of ours whose place is not told in a way that is read: nobody knows all that is in that picture."""
SHAPES = ("box", "polygon", "ellipse", "mask")
OTHERS = ("points", "polyline", "skeleton", "cuboid")
CORNERS = 32  # of an ellipse's outline
FARTHEST_PX = 1e6


@dataclass(frozen=True, slots=True)
class Task:
    """What CVAT calls one film or one folder of pictures: its film's name, its size, (0, 0) where none is told."""

    clip: str
    size_wh_px: tuple[int, int] = (0, 0)
    subset: str = ""


def is_cvat(file: Path) -> bool:
    return "<annotations>" in file.read_text(encoding="utf-8-sig", errors="replace")[:2000]


def root_of(file: Path) -> ElementTree.Element:
    """XML file -> its root. Raises: BadDataset."""
    try:
        return ElementTree.parse(file).getroot()
    except (ElementTree.ParseError, ValueError, LookupError, OSError, RecursionError) as error:
        raise BadDataset(f"{file.name} is no whole XML file ({error}): export it again.") from error


def read(folder: Path, left_out: Counter[str]) -> Iterator[Found]:
    """Folder with CVAT's annotations.xml, for images or for video, and the pictures -> them."""
    for file in sorted(each for each in folder.rglob("*.xml") if is_cvat(each)):
        root = root_of(file)
        yield from _images(root, file, folder, left_out)
        yield from _video(root, file, folder, left_out)


def _images(root: ElementTree.Element, file: Path, folder: Path, left_out: Counter[str]) -> Iterator[Found]:
    for image, task, found in images(root, file, left_out):
        path = picture_at(file.parent, folder, image.get("name", ""))
        split = split_named(task.subset) or next((s for p in path.parts if (s := split_named(p))), "")
        if found is not None:
            clip, frame = clip_and_frame(path.stem)
            yield Found(path, split, task.clip or clip, frame, task.size_wh_px, found)


def images(
    root: ElementTree.Element, file: Path, left_out: Counter[str]
) -> Iterator[tuple[ElementTree.Element, Task, tuple[Thing, ...] | None]]:
    """Root -> its images, each with its film ("": the picture's name tells), size and things; None: not all is read."""
    known = tasks(root, file)
    for image in root.iter("image"):
        where = f"{file.name}, image {image.get('name', '')!r}"
        size = whole(image, "width", where, "0"), whole(image, "height", where, "0")
        stem = reading.file_named(image.get("name", "")).stem
        nameless = clip_and_frame(stem)[0] == stem
        task = task_of(image, known, file) if nameless and known else Task("")
        found = [thing(shape, shape.get("label", ""), left_out, where, size) for shape in image]
        things = None if UNREAD in found else tuple(each for each in found if isinstance(each, Thing))
        yield image, Task(task.clip, size, image.get("subset", "")), things


def _video(root: ElementTree.Element, file: Path, folder: Path, left_out: Counter[str]) -> Iterator[Found]:
    """Tracks over frames -> a picture for each frame whose picture lies in the folder as frame_000123."""
    found = tracked(root, file, left_out)
    if not found:
        return
    lying = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in ENDINGS]
    for task, by_frame in found.items():
        for frame, things in sorted(by_frame.items()):
            if things is None:
                continue
            path = _lying(lying, folder, task, frame, file, alone=len(found) == 1)
            size = task.size_wh_px if all(task.size_wh_px) else size_of(path)
            yield Found(path, split_named(task.subset), task.clip, frame, size, tuple(t for t, _ in things))


def _lying(lying: list[Path], folder: Path, task: Task, frame: int, file: Path, *, alone: bool) -> Path:
    """Pictures, a task's frame -> its picture: the only one of that number, or the one called as its film is."""
    there = [path for path in lying if clip_and_frame(path.stem)[1] == frame]
    stem = reading.file_named(task.clip).stem.casefold()

    def named(path: Path) -> set[str]:
        return {*path.relative_to(folder).parts[:-1], clip_and_frame(path.stem)[0]}

    if not alone or len(there) > 1:
        there = [p for p in there if {stem, task.clip.casefold()} & {each.casefold() for each in named(p)}]
    if not there:
        raise BadDataset(
            f"{file.name} labels frame {frame}, but no picture of it is there: export with images, or put the "
            f"film's frames beside it as frame_{frame:06d}.jpg" + ("." if alone else f", in a folder {stem}.")
        )
    if len(there) > 1:
        raise BadDataset(f"{there[0]} and {there[1]} may both be frame {frame} of {task.clip}: leave one there.")
    return there[0]


def tasks(root: ElementTree.Element, file: Path) -> dict[str, Task]:
    """Root -> the tasks that its head names, by their ids."""
    found: dict[str, Task] = {}
    for each in root.iterfind("./meta//task"):
        clip = each.findtext("source") or each.findtext("name") or file.stem
        size = each.find("original_size")
        wide, high = (size.findtext(side) or "0" if size is not None else "0" for side in ("width", "height"))
        told = reading.whole(wide) or 0, reading.whole(high) or 0
        found[each.findtext("id") or str(len(found))] = Task(clip, told, each.findtext("subset") or "")
    return found


def task_of(each: ElementTree.Element, known: Mapping[str, Task], file: Path) -> Task:
    """A track or image, the tasks of the head -> its own. Raises: BadDataset where it is not told."""
    own = each.get("task_id")
    if own is not None and own in known:
        return known[own]
    if len(known) > 1 or own is not None:
        of = (
            f"of task {own}, which the head does not name" if own else f"of one of {len(known)} tasks, and not of which"
        )
        raise BadDataset(f"{file.name}: a {each.tag} is {of}: export each task alone.")
    return next(iter(known.values()))


def tracked(
    root: ElementTree.Element, file: Path, left_out: Counter[str]
) -> dict[Task, dict[int, list[tuple[Thing, ElementTree.Element]] | None]]:
    """Root -> for each film the frames of its tracks, things with their elements; None: not all in it is read."""
    source = root.findtext(".//source") or root.findtext(".//task/name") or file.stem
    known = tasks(root, file) or {"": Task(source)}
    found: dict[Task, dict[int, list[tuple[Thing, ElementTree.Element]] | None]] = {}
    for track in root.iter("track"):
        task = task_of(track, known, file)
        for shape in track:
            if shape.tag not in (*SHAPES, *OTHERS) or shape.get("outside") == "1":
                continue
            frame = whole(shape, "frame", f"{file.name}, track {track.get('id', '')}")
            where = f"{file.name}, track {track.get('id', '')}, frame {frame}"
            made = thing(shape, track.get("label", ""), left_out, where, task.size_wh_px)
            if made is None:
                continue
            frames = found.setdefault(task, {})
            held = frames.setdefault(frame, [])
            if isinstance(made, Thing) and held is not None:
                held.append((made, shape))
            else:
                frames[frame] = None
    return found


def thing(
    shape: ElementTree.Element, name: str, left_out: Counter[str], where: str, size_wh: tuple[int, int] = (0, 0)
) -> Thing | Literal["unread"] | None:
    """A shape, its class -> the thing; None (counted) for classes none of ours; UNREAD (counted) for points and such.

    Raises: BadDataset.
    """
    if shape.tag not in (*SHAPES, *OTHERS, "tag"):
        return None
    label = label_of(name)
    if label is None:
        left_out[name] += 1
        return None
    if shape.tag not in SHAPES:
        left_out[f"{name} as {shape.tag}"] += 1
        return None if shape.tag == "tag" else UNREAD
    where = f"{where}, {shape.tag}"
    if shape.tag == "mask":
        box, outline = _mask(shape, where)
    elif shape.tag == "ellipse":
        box, outline = _ellipse(shape, where)
    elif shape.tag == "polygon":
        points = _points(shape, where)
        box, outline = around((points,)), (points,)
    else:
        box, outline = _turned(shape, where)
    return sound(Thing(label, box, outline, {"source": "import"}), size_wh, where)


def number(shape: ElementTree.Element, name: str, where: str, absent: str | None = None) -> float:
    """An element's number. Raises: BadDataset."""
    given = shape.get(name, absent)
    try:
        found = float(given if given is not None else "none")
    except ValueError:
        found = math.nan
    if not abs(found) <= FARTHEST_PX:
        told = "is missing" if given is None else f"is {given!r}, which is no number of pixels or degrees"
        raise BadDataset(f"{where}: {name} {told}: export it again.")
    return found


def whole(shape: ElementTree.Element, name: str, where: str, absent: str | None = None) -> int:
    """An element's whole number, 0 or more. Raises: BadDataset."""
    found = reading.whole(shape.get(name, absent) or "")
    if found is None:
        raise BadDataset(f"{where}: {name} should be a whole number, not {shape.get(name)!r}: export it again.")
    return found


def _turned(shape: ElementTree.Element, where: str) -> tuple[Box, tuple[Outline, ...]]:
    """A box, turned clockwise about its middle by `rotation` -> the box around it, its corners where it is turned."""
    x0, y0, x1, y1 = (number(shape, side, where) for side in ("xtl", "ytl", "xbr", "ybr"))
    turn = number(shape, "rotation", where, "0")
    if turn % 360 == 0 or not x0 < x1 or not y0 < y1:
        return (x0, y0, x1, y1), ()
    corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    middle = corners.mean(axis=0)
    points = tuple(float(v) for v in ((corners - middle) @ _turn(turn).T + middle).ravel())
    return around((points,)), (points,)


def _ellipse(shape: ElementTree.Element, where: str) -> tuple[Box, tuple[Outline, ...]]:
    cx, cy, rx, ry = (number(shape, name, where) for name in ("cx", "cy", "rx", "ry"))
    if not (rx > 0 and ry > 0):
        raise BadDataset(f"{where}: the radii are {rx:g} and {ry:g}, and both should be more than 0: correct it.")
    turn = _turn(number(shape, "rotation", where, "0"))
    half_x, half_y = np.hypot(*(turn * [rx, ry]).T)
    angles = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    points = np.column_stack([rx * np.cos(angles), ry * np.sin(angles)]) @ turn.T + [cx, cy]
    box = float(cx - half_x), float(cy - half_y), float(cx + half_x), float(cy + half_y)
    return box, (tuple(float(v) for v in points.ravel()),)


def _turn(degrees: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Degrees clockwise as the picture is seen -> the rotation."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cos, -sin], [sin, cos]])


def _points(shape: ElementTree.Element, where: str) -> Outline:
    try:
        pairs = [[float(v) for v in pair.split(",")] for pair in shape.get("points", "").split(";")]
    except ValueError:
        pairs = [[]]
    if any(len(pair) != 2 for pair in pairs):
        raise BadDataset(f"{where}: points should be x,y;x,y;… with decimal points: export it again.")
    return tuple(v for pair in pairs for v in pair)


def _mask(shape: ElementTree.Element, where: str) -> tuple[Box, tuple[Outline, ...]]:
    """Run lengths along the rows of the part of the picture at left, top -> the mask's box and outline."""
    left, top, width, height = (whole(shape, name, where) for name in ("left", "top", "width", "height"))
    if not 0 < width * height <= MOST_PIXELS:
        raise BadDataset(f"{where}: it is {width} × {height} px: correct it.")
    runs = [reading.whole(run) for run in shape.get("rle", "").split(",")]
    if any(run is None for run in runs):
        raise BadDataset(f"{where}: rle should be whole numbers with commas between: export it again.")
    mask = unrolled([run for run in runs if run is not None], (height, width), where, BadDataset).T
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        raise BadDataset(f"{where}: nothing is in the mask: correct it.")
    parts = outline_of(mask)
    moved = tuple(tuple(v + (top if k % 2 else left) for k, v in enumerate(part)) for part in parts)
    x0, y0 = left + int(columns[0]), top + int(rows[0])
    return (float(x0), float(y0), float(left + columns[-1] + 1), float(top + rows[-1] + 1)), moved
