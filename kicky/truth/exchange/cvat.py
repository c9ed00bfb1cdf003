"""CVAT's XML for video: a track for each thing of a frame; the frames looked at, with their times, in the head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from ...errors import BadLabel
from ...reading import file_named
from ...teach.foreign import cvat as foreign
from ...teach.foreign.found import clip_and_frame
from ...teach.labelled import Thing
from .labelled import Labelled, file_stem, number, whole


def write(clips: Sequence[Labelled], folder: Path) -> list[Path]:
    """Clips, folder -> an XML file for each: boxes and masks."""
    written = []
    for place, clip in enumerate(clips):
        root = ElementTree.Element("annotations")
        ElementTree.SubElement(root, "version").text = "1.1"
        _head(root, clip)
        tracks = [(frame, thing) for frame, things in clip.boxes.items() for thing in things]
        for number_, (frame, thing) in enumerate(tracks):
            track = ElementTree.SubElement(root, "track", id=str(number_), label=thing.label, source="manual")
            for at, outside in ((frame, "0"), (frame + 1, "1")):
                shape = ElementTree.SubElement(track, *_shape(thing))
                shape.attrib.update(frame=str(at), outside=outside, occluded="0", keyframe="1", z_order="0")
                for name, value in thing.origin.items() if outside == "0" else ():
                    ElementTree.SubElement(shape, "attribute", name=str(name)).text = str(value)
        target = folder / f"{file_stem(clip.clip)}_{place:05d}.xml"
        ElementTree.indent(root)
        ElementTree.ElementTree(root).write(target, encoding="utf-8", xml_declaration=True)
        written.append(target)
    return written


def _head(root: ElementTree.Element, clip: Labelled) -> None:
    meta = ElementTree.SubElement(root, "meta")
    task = ElementTree.SubElement(meta, "task")
    for name, value in (("name", clip.clip), ("size", clip.frames), ("mode", "interpolation"), ("source", clip.clip)):
        ElementTree.SubElement(task, name).text = str(value)
    size = ElementTree.SubElement(task, "original_size")
    for name, value in zip(("width", "height"), clip.size_wh_px, strict=True):
        ElementTree.SubElement(size, name).text = str(value)
    looked = ElementTree.SubElement(meta, "frames", sha256=clip.sha256)
    for frame in clip.boxes:
        ElementTree.SubElement(looked, "frame", number=str(frame), time_s=repr(clip.time_s[frame]))


def _shape(thing: Thing) -> tuple[str, dict[str, str]]:
    if len(thing.outline_px) == 1:
        points = thing.outline_px[0]
        pairs = ";".join(f"{x!r},{y!r}" for x, y in zip(points[::2], points[1::2], strict=True))
        return "polygon", {"points": pairs}
    names = ("xtl", "ytl", "xbr", "ybr")
    return "box", {name: repr(value) for name, value in zip(names, thing.box_px, strict=True)}


def knows(path: Path) -> bool:
    return bool(_files(path))


def _files(path: Path) -> list[Path]:
    files = [path] if path.is_file() else sorted(path.glob("*.xml"))
    return [file for file in files if file.suffix.lower() == ".xml" and foreign.is_cvat(file)]


def read(path: Path) -> Iterator[Labelled]:
    """One XML file, or a folder of them -> their clips. CVAT itself writes the frames between keyframes.

    A frame in which something of ours is not read (points, a polyline) is as if nobody had looked at it.
    Raises: BadDataset, BadLabel.
    """
    for file in _files(path):
        root = foreign.root_of(file)
        left_out: Counter[str] = Counter()
        found = [*_of_tracks(root, file, left_out), *_of_images(root, file, left_out)]
        for first, each in enumerate(found):
            yield each if first else replace(each, left_out=left_out)


def _of_tracks(root: ElementTree.Element, file: Path, left_out: Counter[str]) -> Iterator[Labelled]:
    """Root -> a clip for each task that has tracks; without any the one film, of which frames may be told empty."""
    looked = root.find("./meta/frames")
    tracked = foreign.tracked(root, file, left_out)
    sha256 = looked.get("sha256", "") if looked is not None else ""
    times: dict[int, float] = {}
    for each in looked if looked is not None else ():
        times[whole(each.get("number"), f"{file.name}: a frame")] = number(each.get("time_s"), f"{file.name}: a time")
    known = list(foreign.tasks(root, file).values())
    if not tracked and len(known) < 2 and root.find("image") is None:
        named = root.findtext(".//source") or root.findtext(".//task/name") or file.stem
        tracked = {known[0] if known else foreign.Task(named): {}}
    if looked is not None and len(tracked) > 1:
        raise BadLabel(f"{file.name} tells frames looked at, and not of which of its films: export each alone.")
    for task, frames in tracked.items():
        boxes = dict.fromkeys(times, ()) | {
            frame: tuple(_told(thing, shape) for thing, shape in things)
            for frame, things in frames.items()
            if things is not None
        }
        unread = {frame for frame, things in frames.items() if things is None}
        boxes = {frame: things for frame, things in boxes.items() if frame not in unread}
        yield Labelled(task.clip, sha256, size_wh_px=task.size_wh_px, boxes=boxes, time_s=times)


def _told(thing: Thing, shape: ElementTree.Element) -> Thing:
    return replace(thing, origin={str(a.get("name")): str(a.text) for a in shape.iter("attribute")} or thing.origin)


def _of_images(root: ElementTree.Element, file: Path, left_out: Counter[str]) -> Iterator[Labelled]:
    """Root of CVAT's XML for images -> a clip for each film that their names tell of."""
    clips: dict[str, Labelled] = {}
    for image, task, things in foreign.images(root, file, left_out):
        clip, frame = clip_and_frame(file_named(image.get("name", "")).stem)
        clip = task.clip or clip
        held = clips.setdefault(clip, Labelled(clip, size_wh_px=task.size_wh_px))
        if frame in held.boxes:
            raise BadLabel(f"{file.name} has two pictures of frame {frame} of {clip}: keep one of the two.")
        if task.size_wh_px != held.size_wh_px:
            raise BadLabel(f"{file.name} has pictures of {clip} of two sizes: correct it.")
        if things is not None:
            clips[clip] = replace(held, boxes={**held.boxes, frame: things})
    yield from clips.values()
