"""CVAT's XML for video: a track for each thing of a frame; the frames looked at, with their times, in the head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from ...errors import BadLabel
from ...teach.foreign import cvat as foreign
from ...teach.labelled import Thing
from .labelled import Labelled, file_stem, number


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
    """One XML file, or a folder of them, a clip each -> the clips. CVAT itself writes the frames between keyframes."""
    for file in _files(path):
        try:
            root = ElementTree.parse(file).getroot()
        except ElementTree.ParseError as error:
            raise BadLabel(f"{file.name} is no whole XML file ({error}): export it again.") from error
        looked = root.find("./meta/frames")
        left_out: Counter[str] = Counter()
        boxes: dict[int, list[Thing]] = {}
        times: dict[int, float] = {}
        for each in looked if looked is not None else ():
            frame = int(number(each.get("number"), "A frame"))
            boxes[frame] = []
            times[frame] = number(each.get("time_s"), "A time")
        for track in root.iter("track"):
            for shape in track:
                found = None
                if shape.get("outside") != "1":
                    found = foreign.thing(shape, track.get("label", ""), left_out)
                if found is not None:
                    origin = {str(a.get("name")): str(a.text) for a in shape.iter("attribute")} or found.origin
                    boxes.setdefault(int(shape.get("frame", 0)), []).append(replace(found, origin=origin))
        clip = root.findtext(".//source") or root.findtext(".//task/name") or file.stem
        sha256 = looked.get("sha256", "") if looked is not None else ""
        held = {frame: tuple(things) for frame, things in boxes.items()}
        yield Labelled(clip, sha256, boxes=held, time_s=times, left_out=left_out)
