"""Data set -> the same with native-resolution tiles: what a ball looks like before the picture is squashed.

A detector that squashes a 1080p frame to 384 pixels leaves one pixel of a ball that had four. So the pictures go in
whole, for players and goals, and as tiles as large as the detector's own input, cut around the ball and beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from ..errors import BadDataset
from ..storage.database import told
from .dataset import Dataset, coco_writers
from .labelled import BALL, BASE, CLASSES, INTERACTIONS, PLAYER, Box, Outline, Picture, Thing, interacting

LEAST_SEEN = 0.6  # of a thing's box that must lie in the tile for it to be looked for there
HALF_SEEN = 0.25  # a ball cut through more than this would be learned as grass: no such tile
QUALITY = 95


def tiled(
    dataset: Dataset, folder: Path, size_px: int, *, whole: bool = True, beside: int = 1, interactions: bool = False,
    seed: int = 0,
) -> Path:  # fmt: skip
    """Data set, folder, tile size -> the folder as COCO: each picture whole, a tile around each ball, some beside it.

    `beside` tiles a picture are cut elsewhere, mostly on players. Size 0 cuts none. The same seed cuts the same tiles.
    """
    names = (*CLASSES, *INTERACTIONS) if interactions else CLASSES
    rng = np.random.default_rng(seed)
    with told(folder), coco_writers(folder, names) as writers:
        for picture in dataset.pictures():
            image = cv2.imread(str(dataset.folder / picture.file))
            if image is None:
                raise BadDataset(f"The picture {picture.file} of {dataset.name} is gone: label its clip anew.")
            things = interacting(picture.things)
            if whole:
                target = folder / picture.file
                if not target.exists():
                    target.symlink_to((dataset.folder / picture.file).resolve())
                writers[picture.split].add(picture, things)
            for number, corner in enumerate(corners(picture, size_px, beside, rng) if size_px else ()):
                x, y = corner
                inside = cut(things, x, y, size_px)
                if inside is None:
                    continue
                name = f"{Path(picture.file).stem}_t{number}.jpg"
                part = image[y : y + size_px, x : x + size_px]
                cv2.imwrite(str(folder / picture.split / name), part, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
                tile = replace(picture, file=f"{picture.split}/{name}", size_wh_px=(part.shape[1], part.shape[0]))
                writers[picture.split].add(tile, inside)
    return folder


def corners(picture: Picture, size_px: int, beside: int, rng: np.random.Generator) -> Iterator[tuple[int, int]]:
    """Picture -> upper left corners of its tiles: one with each ball anywhere in it, `beside` on players."""
    balls = [thing.box_px for thing in picture.things if BASE[thing.label] == BALL]
    players = [thing.box_px for thing in picture.things if BASE[thing.label] == PLAYER]
    for box in balls:
        yield _around(box, picture.size_wh_px, size_px, rng)
    for _ in range(beside):
        width, height = picture.size_wh_px
        anywhere = (float(rng.uniform(0, width)), float(rng.uniform(0, height)))
        box = players[int(rng.integers(len(players)))] if players and rng.random() < 0.7 else (*anywhere, *anywhere)
        yield _around(box, picture.size_wh_px, size_px, rng)


def _around(box: Box, size_wh: tuple[int, int], size_px: int, rng: np.random.Generator) -> tuple[int, int]:
    """Box -> the corner of a tile in which its middle lies anywhere but at the rim, within the picture."""
    x0, y0, x1, y1 = box
    off = size_px * rng.uniform(0.15, 0.85, 2)
    x, y = (x0 + x1) / 2 - off[0], (y0 + y1) / 2 - off[1]
    return (
        int(np.clip(x, 0, max(0, size_wh[0] - size_px))),
        int(np.clip(y, 0, max(0, size_wh[1] - size_px))),
    )


def cut(things: Sequence[Thing], x: int, y: int, size_px: int) -> tuple[Thing, ...] | None:
    """Things, a tile -> those in it, in its own pixels; None when the tile cuts through a ball."""
    inside = []
    for thing in things:
        x0, y0, x1, y1 = thing.box_px
        a0, b0, a1, b1 = max(x0, x), max(y0, y), min(x1, x + size_px), min(y1, y + size_px)
        share = max(0.0, a1 - a0) * max(0.0, b1 - b0) / max((x1 - x0) * (y1 - y0), 1e-9)
        if BASE[thing.label] == BALL and 0 < share < 1 - HALF_SEEN:
            return None
        if share >= (LEAST_SEEN if BASE[thing.label] == BALL else HALF_SEEN):
            box = (a0 - x, b0 - y, a1 - x, b1 - y)
            inside.append(replace(thing, box_px=box, outline_px=_clipped(thing.outline_px, x, y, size_px)))
    return tuple(inside)


def _clipped(outline: Sequence[Outline], x: int, y: int, size_px: int) -> tuple[Outline, ...]:
    """Polygons -> as far as they lie in the tile, in its pixels: each side cut in turn (Sutherland and Hodgman)."""
    left = []
    for polygon in outline:
        points = np.array(polygon, dtype=np.float64).reshape(-1, 2) - [x, y]
        for axis, sign, limit in ((0, 1.0, 0.0), (0, -1.0, -float(size_px)), (1, 1.0, 0.0), (1, -1.0, -float(size_px))):
            points = _cut_side(points, axis, sign, limit)
        if len(points) >= 3:
            left.append(tuple(points.ravel().round(2).tolist()))
    return tuple(left)


def _cut_side(points: np.ndarray, axis: int, sign: float, limit: float) -> np.ndarray:
    """Polygon -> its part where sign * coordinate >= limit."""
    kept = []
    for before, here in zip(np.roll(points, 1, axis=0), points, strict=True):
        was, now = sign * before[axis] - limit, sign * here[axis] - limit
        if was * now < 0:
            kept.append(before + (here - before) * was / (was - now))
        if now >= 0:
            kept.append(here)
    return np.array(kept).reshape(-1, 2)
