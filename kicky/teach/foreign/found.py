"""What every reader gives, and how it is found: another program's classes, names of pictures, clips and splits."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from PIL import Image

from ...detectors.classes import NAMES, plain
from ...errors import BadDataset
from ...reading import file_named
from ..dataset import ALIASES, SPLITS
from ..labelled import CLASSES, INTERACTIONS, Box, Outline, Thing

ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
MOST_PIXELS = 90_000_000  # Pillow's own limit for a picture
_FRAME = re.compile(r"(_jpe?g|_png)?(\.rf\.\w+)?$")
_NUMBER = re.compile(r"[ _.-]*(?:frame|img|image|f)?[ _.-]*(\d+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """One picture as another program described it: where it lies, its split ("" where none is told), what is in it."""

    path: Path
    split: str
    clip: str
    frame: int
    size_wh_px: tuple[int, int]
    things: tuple[Thing, ...]


def refuse_strays(folder: Path) -> None:
    """Folder -> nothing. Raises: BadDataset for a link in it to a file outside, and for what is no file."""
    base = folder.resolve()
    for each in folder.rglob("*"):
        if each.is_symlink() and not each.resolve().is_relative_to(base):
            raise BadDataset(f"{each} is a link to a file outside {folder}: put the file itself there, or take it out.")
        if not each.is_file() and not each.is_dir():
            raise BadDataset(f"{each} is no file that can be read: take it out.")


def label_of(name: str) -> str | None:
    """Another program's class -> ours, None for one that is none of ours.

    >>> label_of("Sports Ball"), label_of("goal_post"), label_of("Ball-in-goal"), label_of("tree")
    ('ball', 'goal', 'ball_in_goal', None)
    """
    if plain(name) in OURS:
        return OURS[plain(name)]
    label = NAMES.get(plain(name))
    return None if label is None else CLASSES[label]


OURS = {plain(name): name for name in INTERACTIONS}


def split_named(text: str) -> str:
    """-> train, valid or test where a folder or file is called so, else ""."""
    word = re.split(r"[^a-z]+", text.lower())
    return next((ALIASES.get(w, w) for w in word if ALIASES.get(w, w) in SPLITS), "")


def picture_at(beside: Path, folder: Path, name: str) -> Path:
    """Where a picture's name may point at -> the picture. Raises: BadDataset, also for one outside the folder."""
    base = folder.resolve()
    plain_name = str(file_named(name))
    for path in (
        where / each
        for each in dict.fromkeys((name, plain_name))
        for where in (beside, folder, beside / "images", folder / "images")
    ):
        if _there(path) and path.resolve().is_relative_to(base):
            return path
    last = file_named(name).name
    named = sorted(folder.rglob(escape(last))) if last else []
    found = next((path for path in named if path.is_file()), None)
    if found is None:
        raise BadDataset(f"The picture {name} is labelled but not in {folder}: copy the pictures there too.")
    return found


def _there(path: Path) -> bool:
    """-> whether a file is there; no disk has one whose name is longer than it allows."""
    try:
        return path.is_file()
    except OSError:
        return False


def around(outline: Sequence[Outline]) -> Box:
    """Polygons -> the box around them."""
    xs, ys = ([v for part in outline for v in part[k::2]] for k in (0, 1))
    return min(xs), min(ys), max(xs), max(ys)


def sound(thing: Thing, size_wh: tuple[int, int], where: str) -> Thing:
    """Thing, its picture's size ((0, 0): not known), the place it stands at -> the same.

    Raises: BadDataset for one that is no place in the picture: no number, no width or height, outside, half a corner.
    """
    x0, y0, x1, y1 = thing.box_px
    if not all(map(math.isfinite, (*thing.box_px, *(v for part in thing.outline_px for v in part)))):
        raise BadDataset(f"{where}: the {thing.label} has a place that is no number: correct it.")
    if x1 <= x0 or y1 <= y0:
        raise BadDataset(
            f"{where}: the {thing.label} is {x1 - x0:g} × {y1 - y0:g} px, and both should be more than 0: correct it."
        )
    if any(len(part) % 2 or len(part) < 6 for part in thing.outline_px):
        raise BadDataset(
            f"{where}: the {thing.label}'s outline needs three corners or more of two numbers: correct it."
        )
    width, height = size_wh
    if x1 <= 0 or y1 <= 0 or (width and x0 >= width) or (height and y0 >= height):
        raise BadDataset(f"{where}: the {thing.label} lies outside its picture of {width} × {height}: correct it.")
    return thing


def clip_and_frame(stem: str) -> tuple[str, int]:
    """A picture's name -> (the clip it seems to be of, its frame): frames of one clip must stay in one split.

    >>> clip_and_frame("spf_008_frame_0012_jpg.rf.a1b2"), clip_and_frame("kick-7")
    (('spf_008', 12), ('kick', 7))
    """
    plain = _FRAME.sub("", stem)
    number = _NUMBER.search(plain)
    return (plain[: number.start()] or plain, int(number.group(1))) if number else (plain, 0)


def size_of(path: Path) -> tuple[int, int]:
    """Picture -> its width and height, without unpacking it. Raises: BadDataset."""
    larger = f"{path} has more pixels than any camera's picture: make it smaller, or take it out."
    try:
        with Image.open(path) as picture:
            size = picture.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadDataset(larger) from error
    except OSError as error:
        raise BadDataset(f"{path} is no picture that can be read: replace it, or take it out.") from error
    # Pillow only warns of these; whether a warning is an error is a setting of the whole process, and of others too.
    if size[0] * size[1] > MOST_PIXELS:
        raise BadDataset(larger)
    return size
