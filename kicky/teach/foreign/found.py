"""What every reader gives, and how it is found: another program's classes, names of pictures, clips and splits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from PIL import Image

from ...detectors.classes import NAMES, plain
from ...errors import BadDataset
from ..dataset import ALIASES, SPLITS
from ..labelled import CLASSES, INTERACTIONS, Thing

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
    for path in (beside / name, folder / name, beside / "images" / name, folder / "images" / name):
        if path.is_file() and path.resolve().is_relative_to(base):
            return path
    named = sorted(folder.rglob(escape(Path(name).name))) if Path(name).name else []
    found = next((path for path in named if path.is_file()), None)
    if found is None:
        raise BadDataset(f"The picture {name} is labelled but not in {folder}: copy the pictures there too.")
    return found


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
