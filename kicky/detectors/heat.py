"""Three frames -> where a ball flies in the middle one: a small network draws a heat map of it, the map's peaks tell.

It sees tiles cut at native resolution: the middle frame in colour, the one before and the one after in grey. The map is
half as fine; a peak's neighbours tell its place between them. 160,000 weights, two thousandths of a second a tile.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .. import packages, weights
from ..domain import Floats
from ..errors import MissingWeights
from ..video import Image
from . import tiles
from .device import needed

SIDE = 96  # px of a tile
STEP = 2  # px from one place of the map to the next
LEAST = 0.05  # what is fainter says nothing
TOP = 12  # finds kept of a frame
SAME = 0.5  # of a diameter, 3 px at least: nearer than that it is the same ball
RIM_PX = 12  # what lies nearer to a tile's edge is told by another tile, or not at all
CHANNELS = (12, 32, 64)
GREY = (0.114, 0.587, 0.299)
NO_NETWORK = (RuntimeError, ValueError, LookupError, TypeError, AttributeError, EOFError, pickle.UnpicklingError)


def network() -> Any:
    """-> the network with random weights: (n, 5, h, w) of 0..1 -> (n, 2, h/2, w/2), log odds and log diameter in px.

    h and w are multiples of 8.
    """
    import torch
    from torch import nn

    fine, middle, coarse = CHANNELS

    def block(of: int, to: int, step: int = 1) -> Any:
        return nn.Sequential(nn.Conv2d(of, to, 3, step, 1, bias=False), nn.BatchNorm2d(to), nn.ReLU(inplace=True))

    def with_coarser(own: Any, other: Any) -> Any:
        return own + nn.functional.interpolate(other, size=own.shape[2:], mode="nearest")

    class Ballnet(nn.Module):  # type: ignore[misc] # torch may be away
        def __init__(self) -> None:
            super().__init__()
            self.a = nn.Sequential(block(7, fine, 2), block(fine, fine))
            self.b = nn.Sequential(block(fine, middle, 2), block(middle, middle))
            self.d = nn.Sequential(block(middle, coarse, 2), *(block(coarse, coarse) for _ in range(3)))
            self.db, self.ba = nn.Conv2d(coarse, middle, 1), nn.Conv2d(middle, fine, 1)
            self.ub, self.ua, self.out = block(middle, middle), block(fine, fine), nn.Conv2d(fine, 2, 1)
            with torch.no_grad():
                self.out.bias.copy_(torch.tensor([-5.0, 2.5]))  # hardly anything is a ball; one has 12 px

        def forward(self, seen: Any) -> Any:
            now = (seen[:, :3] * torch.tensor(GREY, device=seen.device).view(1, 3, 1, 1)).sum(1, keepdim=True)
            before, after = seen[:, 3:4], seen[:, 4:5]
            both = torch.minimum((now - before).abs(), (now - after).abs())
            fine_ = self.a(4 * torch.cat([seen[:, :3] - 0.4, now - before, now - after, both, before - after], 1))
            middle_ = self.b(fine_)
            middle_ = self.ub(with_coarser(middle_, self.db(self.d(middle_))))
            return self.out(self.ua(with_coarser(fine_, self.ba(middle_))))

    return Ballnet()


class Heat:
    """A ball network of the model store, on the processor."""

    def __init__(self, name: str) -> None:
        """Name -> loaded. Raises: MissingWeights, MissingPackages, UnknownPart, StorageFailed."""
        needed(name)
        packages.need(f"The model {name}")
        with weights.opened(name) as (place, _):
            self.net = read(place, name)

    def __call__(self, before: Image, now: Image, after: Image, corners: Sequence[tuple[int, int]]) -> Floats:
        """Three BGR frames of one size, tiles' upper left corners -> (n, 4): x, y, diameter, score, surest first."""
        if not corners:
            return np.empty((0, 4))
        odds, size = looked(self.net, stacked(before, now, after, corners))
        found = [
            peak
            for corner, heat, across in zip(corners, odds, size, strict=True)
            for peak in _inside(peaks(heat, across), corner, (now.shape[1], now.shape[0]))
        ]
        return apart(np.array(found).reshape(-1, 4))[:TOP]


def read(file: Path, name: str) -> Any:
    """File of numbers only, the model's name -> the network with them. Raises: MissingWeights."""
    import torch

    net = network()
    try:
        net.load_state_dict(torch.load(file, weights_only=True, map_location="cpu"))
    except NO_NETWORK as error:
        raise MissingWeights(
            f"{name} holds no weights of a ball network: choose another, or teach one with `train --kind ballnet`."
        ) from error
    return net.eval()


def stacked(before: Image, now: Image, after: Image, corners: Sequence[tuple[int, int]]) -> NDArray[np.uint8]:
    """Three frames, corners -> (n, 5, SIDE, SIDE): B, G, R of the middle one, grey before, grey after."""
    pictures = (now, *(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) for image in (before, after)))
    cut = (tiles.cut(np.asarray(image), corners, SIDE) for image in pictures)
    return np.stack([np.dstack(three).transpose(2, 0, 1) for three in zip(*cut, strict=True)])


def looked(net: Any, seen: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """Network, tiles as `stacked` gives them -> for each its map of 0..1 and the diameters in px, (n, h, w) each."""
    import torch

    with torch.inference_mode():
        told = net(torch.from_numpy(seen).float() / 255)
        heat, across = torch.sigmoid(told[:, 0]), told[:, 1].clamp(0, 6).exp()
    return heat.numpy().astype(np.float64), across.numpy().astype(np.float64)


def peaks(heat: Floats, across: Floats) -> Floats:
    """(h, w) map, diameters -> (n, 4): x, y in the tile's pixels, diameter, score."""
    high = cv2.dilate(heat, np.ones((5, 5), np.uint8))
    rows, columns = np.nonzero((heat == high) & (heat > LEAST))
    wide = np.pad(heat, 1)
    offsets = np.arange(-1, 2)
    found = []
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        near = wide[row : row + 3, column : column + 3]
        x = column + (near * offsets).sum() / near.sum()
        y = row + (near * offsets[:, None]).sum() / near.sum()
        found.append((STEP * x + 0.5, STEP * y + 0.5, across[row, column], heat[row, column]))
    return np.array(found).reshape(-1, 4)


def _inside(found: Floats, corner: tuple[int, int], size_wh: tuple[int, int]) -> Floats:
    """What a tile shows, its corner -> the same in the picture's pixels, without what lies at a rim that is none of the
    picture's.
    """
    kept = np.ones(len(found), dtype=bool)
    for axis, start in enumerate(corner):
        kept &= (found[:, axis] >= RIM_PX) | (start == 0)
        kept &= (found[:, axis] <= SIDE - RIM_PX) | (start + SIDE >= size_wh[axis])
    return np.asarray(found[kept] + [*corner, 0, 0])


def apart(found: Floats) -> Floats:
    """(n, 4) -> the surest first, of those that lie on each other the surest."""
    kept: list[Floats] = []
    for one in found[np.argsort(-found[:, 3], kind="stable")]:
        if all(np.hypot(*(one[:2] - other[:2])) > max(SAME * other[2], 3.0) for other in kept):
            kept.append(one)
    return np.array(kept).reshape(-1, 4)
