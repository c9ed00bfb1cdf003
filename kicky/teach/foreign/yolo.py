"""YOLO: a data.yaml, images/ and labels/, a line a box or a polygon -> pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from ...errors import BadDataset
from ..labelled import Thing
from .found import ENDINGS, Found, clip_and_frame, label_of, size_of, split_named


def read(folder: Path, left_out: Counter[str]) -> Iterator[Found]:
    """Folder with a data.yaml, images/ and labels/ -> its pictures; lines are boxes or polygons."""
    classes = classes_of(folder)
    for path in sorted(each for each in folder.rglob("*") if each.suffix.lower() in ENDINGS):
        parts = list(path.relative_to(folder).parts)
        at = next((k for k, part in enumerate(parts) if part == "images"), None)
        if at is None:
            continue
        text = folder.joinpath(*parts[:at], "labels", *parts[at + 1 :]).with_suffix(".txt")
        size = size_of(path)
        lines = text.read_text(encoding="utf-8").splitlines() if text.exists() else []
        things = [thing(line, classes, size, text, left_out) for line in lines if line.strip()]
        split = next((name for part in parts if (name := split_named(part))), "")
        yield Found(path, split, *clip_and_frame(path.stem), size, tuple(each for each in things if each))


def classes_of(folder: Path) -> dict[int, str]:
    """Folder with a data.yaml -> its classes by number. Raises: BadDataset."""
    import yaml

    file = sorted(folder.glob("*.y*ml"))[0]
    try:
        names = yaml.safe_load(file.read_text(encoding="utf-8")).get("names", [])
        named = dict(names.items() if isinstance(names, dict) else enumerate(names))
        if not all(isinstance(name, str | int) for name in named.values()):  # lists of lists grow without end as text
            raise ValueError("a class that is no word")
        return {int(number): str(name) for number, name in named.items()}
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadDataset(f"{file} does not name its classes ({error}): export it again.") from error


def thing(
    line: str, classes: Mapping[int, str], size_wh: tuple[int, int], file: Path, left_out: Counter[str]
) -> Thing | None:
    """A line of a label file, classes by number -> the thing, None (and counted) where it is none of ours.

    Raises: BadDataset.
    """
    try:
        number, *values = line.split()
        name, numbers = classes[int(number)], [float(value) for value in values]
    except (ValueError, KeyError) as error:
        raise BadDataset(f"{file} has a line that is no YOLO label ({line.strip()!r}): correct it.") from error
    label = label_of(name)
    if label is None:
        left_out[name] += 1
        return None
    width, height = size_wh
    if len(numbers) >= 6 and len(numbers) % 2 == 0:
        points = np.array(numbers).reshape(-1, 2) * [width, height]
        (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
        return Thing(label, (x0, y0, x1, y1), (tuple(points.ravel().tolist()),), {"source": "import"})
    if len(numbers) < 4:
        raise BadDataset(f"{file} has a line that is no YOLO label ({line.strip()!r}): correct it.")
    x, y, w, h = numbers[0] * width, numbers[1] * height, numbers[2] * width, numbers[3] * height
    return Thing(label, (x - w / 2, y - h / 2, x + w / 2, y + h / 2), (), {"source": "import"})
