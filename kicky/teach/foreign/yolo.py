"""YOLO: a data.yaml, images/ and labels/, a line a box or a polygon -> pictures."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from ... import reading
from ...errors import BadDataset
from ..labelled import Thing
from .found import ENDINGS, Found, clip_and_frame, label_of, size_of, sound, split_named

SLACK = 0.01  # shares this far out of the picture are rounding, or a hand that slipped over the edge
ALONE = "label files without a picture"
EXPECTED = "a box has 4 numbers after its class, or 5 with a confidence; a polygon has an even number, 6 or more"


def read(folder: Path, left_out: Counter[str]) -> Iterator[Found]:
    """Folder with a data.yaml, images/ and labels/ -> its pictures; lines are boxes or polygons."""
    classes = classes_of(folder)
    used: set[Path] = set()
    for path in sorted(each for each in folder.rglob("*") if each.suffix.lower() in ENDINGS):
        parts = list(path.relative_to(folder).parts)
        at = next((k for k, part in enumerate(parts) if part == "images"), None)
        if at is None:
            continue
        text = folder.joinpath(*parts[:at], "labels", *parts[at + 1 :]).with_suffix(".txt")
        size = size_of(path)
        things = things_of(text, classes, size, left_out) if text.exists() else []
        used.add(text)
        split = next((name for part in parts if (name := split_named(part))), "")
        yield Found(path, split, *clip_and_frame(path.stem), size, tuple(each for each in things if each))
    labels = {each for each in folder.rglob("*.txt") if "labels" in each.relative_to(folder).parts[:-1]}
    if len(labels - used):
        left_out[ALONE] += len(labels - used)


def classes_of(folder: Path) -> dict[int, str]:
    """Folder with a data.yaml -> its classes by number. Raises: BadDataset."""
    import yaml

    file = sorted(folder.glob("*.y*ml"))[0]
    text = reading.text_of(file, BadDataset)
    try:
        about = yaml.safe_load(text)
        names = about.get("names", [])
        named = dict(names.items() if isinstance(names, dict) else enumerate(names))
        if not all(isinstance(name, str | int) for name in named.values()):  # lists of lists grow without end as text
            raise ValueError("a class that is no word")
        classes = {int(number): str(name) for number, name in named.items()}
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise BadDataset(f"{file} does not name its classes ({error}): export it again.") from error
    if about.get("kpt_shape") is not None:
        raise BadDataset(f"{file} is of key points (kpt_shape), which are not read: export boxes or polygons.")
    return classes


def things_of(
    file: Path, classes: Mapping[int, str], size_wh: tuple[int, int], left_out: Counter[str]
) -> list[Thing | None]:
    """A picture's label file, classes by number, the picture's size -> a thing a line, None (and counted) for others.

    Raises: BadDataset, naming file and line.
    """
    lines = enumerate(reading.text_of(file, BadDataset).splitlines(), 1)
    return [thing(line, classes, size_wh, f"{file}, line {at},", left_out) for at, line in lines if line.strip()]


def thing(
    line: str, classes: Mapping[int, str], size_wh: tuple[int, int], where: str, left_out: Counter[str]
) -> Thing | None:
    """A line of a label file, the place it stands at -> the thing, None (and counted) where it is none of ours.

    Raises: BadDataset.
    """
    number, *values = line.split()
    try:
        numbers = [float(value) for value in values]
    except ValueError as error:
        raise _none(where, line, "there is a word where a number belongs") from error
    place = reading.whole(number)
    name = None if place is None else classes.get(place)
    if name is None:
        raise _none(where, line, f"there is no class {number} in the yaml")
    label = label_of(name)
    if label is None:
        left_out[name] += 1
        return None
    width, height = size_wh
    if _is_polygon(values, numbers, where, line):
        _shares(numbers, where, line)
        points = np.array(numbers).reshape(-1, 2) * [width, height]
        (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
        found = Thing(label, (x0, y0, x1, y1), (tuple(points.ravel().tolist()),), {"source": "import"})
    else:
        _shares(numbers[:5], where, line)
        x, y, w, h = numbers[0] * width, numbers[1] * height, numbers[2] * width, numbers[3] * height
        found = Thing(label, (x - w / 2, y - h / 2, x + w / 2, y + h / 2), (), {"source": "import"})
    return sound(found, size_wh, where)


def _is_polygon(values: Sequence[str], numbers: Sequence[float], where: str, line: str) -> bool:
    """What stands after the class -> whether it is a polygon; else a box, with a confidence and a track's id or not.

    Raises: BadDataset where it is neither, or may be both.
    """
    if len(numbers) in (4, 5):
        return False
    if len(numbers) < 4 or len(numbers) % 2:
        raise _none(where, line, f"it has {len(numbers)} numbers, but {EXPECTED}")
    if len(numbers) == 6 and values[5].isdecimal():
        if numbers[5] > 1:
            return False
        raise _none(where, line, "a triangle, or a box with a confidence and a track's number? Leave those two out")
    return True


def _shares(numbers: Sequence[float], where: str, line: str) -> None:
    if any(not math.isfinite(v) or not -SLACK <= v <= 1 + SLACK for v in numbers):
        raise _none(where, line, "its numbers should be shares of the picture's width and height, 0 to 1")


def _none(where: str, line: str, why: str) -> BadDataset:
    shown = line.strip() if len(line.strip()) <= 80 else line.strip()[:77] + "..."
    return BadDataset(f"{where} is no YOLO label ({shown!r}): {why}. Correct it.")
