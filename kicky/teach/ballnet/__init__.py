"""Films of shots -> a ball network that joins the model store: learned from some of them, judged by the others.

places: where a ball flies in which film. crops: what the network is shown of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ... import packages, weights
from ...detectors.heat import SIDE, looked, network, peaks
from ...domain import Clip, OnProgress, Report
from ...errors import BadDataset
from .crops import Crops, crops, lesson, target
from .places import Flight, flights

BATCH = 16
FASTEST = 3e-3  # the rate of learning once it is under way
WARMING = 50  # steps
SIZE_COUNTS = 0.3  # against the map
JUDGED = 5  # every so many-th film is judged by, not learned from
MOST = 6_000  # crops in memory: 0.6 GB
NEAR_PX = 5.0


@dataclass(frozen=True, slots=True)
class Judged:
    """How well a network sees tiles that it did not learn from: of `balls` the share with any peak, and with the surest
    one, within half a ball (5 px at least); of the `others` the share in which it takes something else for one.
    """

    balls: int
    any: float
    first: float
    others: int
    false: float


def train(
    folder: Path, name: str, epochs: int, report_of: Callable[[Clip], Report], on_progress: OnProgress
) -> dict[str, Any]:
    """Folder of films, the network's name, how often it sees all, what KICKY measures of a film -> what came of it:
    films, crops, judged. The network is in the model store; a run that is stopped leaves nothing.

    Stages told: films, crops, train. Raises: BadDataset (nothing to learn from, the name is taken), MissingPackages,
    StorageFailed, and whatever `on_progress` raises.
    """
    weights.refuse_taken(name)
    if epochs < 1:
        raise BadDataset("Train for at least one epoch.")
    packages.need("Training")
    found = flights(folder, report_of, on_progress)
    if len(found) < 2:
        raise BadDataset(f"Only one film in {folder} shows a flight: one to learn from and one to judge by are needed.")
    rng = np.random.default_rng(0)
    learn, judge = _split(found, rng, on_progress)
    if not (learn[1][:, 2].any() and judge[1][:, 2].any()):
        raise BadDataset(f"The films in {folder} are too small to learn from: their sides must have 144 px at least.")
    net = _learned(learn, epochs, rng, on_progress)
    told = judged(net, judge)
    _keep(net, name, f"ball network, taught by {len(found)} films of {folder.name}")
    return {"films": len(found), "crops": len(learn[0]), "judged": told}


def _split(found: Sequence[Flight], rng: np.random.Generator, on_progress: OnProgress) -> tuple[Crops, Crops]:
    """Flights -> crops to learn from, crops to judge by; whole films, never crops of one into both."""
    parts: tuple[list[Crops], list[Crops]] = ([], [])
    for number, flight in enumerate(found):
        on_progress("crops", number / len(found))
        last = number % JUDGED == JUDGED - 1 or (len(found) < JUDGED and number == len(found) - 1)
        parts[last].append(_few(crops(flight, rng), MOST // len(found), rng))
    on_progress("crops", 1.0)
    learn, judge = (
        (np.concatenate(seen), np.concatenate(balls)) for seen, balls in (zip(*p, strict=True) for p in parts)
    )
    return learn, judge


def _few(all_: Crops, most: int, rng: np.random.Generator) -> Crops:
    kept = np.sort(rng.permutation(len(all_[0]))[:most])
    return all_[0][kept], all_[1][kept]


def _learned(learn: Crops, epochs: int, rng: np.random.Generator, on_progress: OnProgress) -> Any:
    """Crops -> a network that has learned from them."""
    import torch

    torch.manual_seed(0)
    net = network().to(memory_format=torch.channels_last).train()
    descent = torch.optim.AdamW(net.parameters(), FASTEST, weight_decay=1e-3)
    steps = math.ceil(epochs * len(learn[0]) / BATCH)
    for step, batch in enumerate(_batches(learn, steps, rng)):
        on_progress("train", step / steps)
        for group in descent.param_groups:
            group["lr"] = FASTEST * min(1.0, (step + 1) / WARMING) * (0.5 + 0.5 * math.cos(math.pi * step / steps))
        _loss(net, *(torch.from_numpy(each) for each in batch)).backward()
        descent.step()
        descent.zero_grad()
    on_progress("train", 1.0)
    return net.eval()


def _batches(learn: Crops, steps: int, rng: np.random.Generator) -> Iterator[tuple[Any, Any, Any]]:
    """-> (n, 5, SIDE, SIDE) pictures, (n, h, w) the maps they should give, (n,) the balls' log diameters."""
    for _ in range(steps):
        lessons = [lesson(learn[0][k], learn[1][k], rng) for k in rng.integers(0, len(learn[0]), BATCH)]
        size = np.array([max(ball[2], 1.0) for _, ball in lessons], np.float32)
        yield np.stack([seen for seen, _ in lessons]), np.stack([target(ball) for _, ball in lessons]), np.log(size)


def _loss(net: Any, seen: Any, wanted: Any, size: Any) -> Any:
    """How far the map is from what it should be (easy places count little), and the size where a ball is."""
    import torch

    told = net(seen.contiguous(memory_format=torch.channels_last))
    heat = torch.sigmoid(told[:, 0]).clamp(1e-4, 1 - 1e-4)
    ball = (wanted == 1).float()
    there = ball * (1 - heat) ** 2 * heat.log()
    elsewhere = (1 - ball) * (1 - wanted) ** 4 * heat**2 * (1 - heat).log()
    on_it = (wanted > 0.5).float()
    off = (on_it * (told[:, 1] - size.view(-1, 1, 1)).abs()).sum() / on_it.sum().clamp(min=1)
    return -(there + elsewhere).sum() / ball.sum().clamp(min=1) + SIZE_COUNTS * off


def judged(net: Any, judge: Crops) -> Judged:
    """Network, crops it did not learn from -> how well it sees their middles."""
    any_, first, false = [], [], []
    for seen, ball in zip(*judge, strict=True):
        rim = (seen.shape[1] - SIDE) // 2
        inner = np.ascontiguousarray(seen[None, :, rim : rim + SIDE, rim : rim + SIDE])
        heat, across = looked(net, inner)
        found = peaks(heat[0], across[0])
        if not ball[2]:
            false.append(bool((found[:, 3] > 0.5).any()))
            continue
        at = ball[:2] - rim
        if ((at < 0) | (at >= SIDE)).any():
            continue
        near = np.hypot(*(found[:, :2] - at).T) < max(NEAR_PX, ball[2] / 2)
        any_.append(bool(near.any()))
        first.append(len(found) > 0 and bool(near[found[:, 3].argmax()]))
    return Judged(len(any_), _share(any_), _share(first), len(false), _share(false))


def _share(said: Sequence[bool]) -> float:
    return float(np.mean(said)) if said else 0.0


def _keep(net: Any, name: str, what: str) -> None:
    """The network -> in the model store, as numbers only."""
    import torch

    from ...weights import local

    with local.passing() as passing:
        file = passing / f"{name}.pth"
        torch.save(net.to(memory_format=torch.contiguous_format).state_dict(), file)
        weights.add(name, file, kind="ballnet", what=what, licence="your own")
