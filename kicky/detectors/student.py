"""Clip -> ball, players and goal as an RF-DETR student sees them, its balls in one list with the motion detector's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import supervision as sv

from .. import weights
from ..domain import Clip, Floats, Label
from ..errors import MissingWeights
from ..video import Image, frames
from ..video.ahead import ahead
from . import tiles
from .device import Loaded
from .motion import Motion, still_again
from .network import Network

NAME = "rfdetr"
BEFORE_OTHERS = ("kicky-student", "rfdetr-seg-medium", "rfdetr-seg-small", "rfdetr-seg-nano", "rfdetr-seg-large")
TILE_PIXELS = 900_000  # of tiles in a frame: six of the usual 384 px
MOST_TILES = 32
TOP = 12  # balls kept of a frame
SAME = 0.5  # of a diameter: nearer than that it is the same ball
OVERLAP = 0.5
NOTHING = sv.Detections(xyxy=np.empty((0, 4)), confidence=np.empty(0), class_id=np.empty(0, dtype=int))


class Student:
    """Clip -> one sv.Detections a frame: the motion detector's balls and this model's in one list; its players, else
    the bodies seen moving; its goals. `tiled` False looks only at whole frames.

    Raises: MissingWeights, Untrusted, UnknownPart when it is made; OutOfMemory when it works.
    """

    def __init__(self, name: str = "", tiled: bool = True) -> None:
        self._network = Network(name or default())
        self._tiled = tiled
        self._motion = Motion(threads=1)  # more of them and the network's own thread waits for its turn

    def __call__(self, clip: Clip) -> Iterator[sv.Detections]:
        """Clip -> a detection for each frame of its take. Memory does not grow with the clip."""
        batch = self._network.batch
        # Decoding and what moves, each in a thread beside the network: on a graphics card nothing else takes time.
        pairs = zip(ahead(frames(clip), batch), ahead(self._motion(clip), batch), strict=True)
        together = batch if batch > 8 else 1  # a processor gains nothing by waiting for more frames
        memory: list[Floats] = []
        last: Floats | None = None
        while part := list(islice(pairs, together)):
            images = [image for (_, image), _ in part]
            looked = self.look(images, [moved for _, moved in part], last)
            for (balls, seen), (_, moved) in zip(looked, part, strict=True):
                moving = np.column_stack([balls[:, :4], _diameters(balls), balls[:, 4], np.zeros(len(balls))])
                rows = still_again(moving, memory)
                last = balls[:1, :4] if len(balls) else last
                yield joined(moved, rows, seen)

    def load(self) -> Loaded:
        """-> what was loaded."""
        return self._network.loaded

    def in_picture(self, image: Image) -> sv.Detections:
        """BGR picture -> what the network sees in it, in tiles too; nothing of what moves."""
        [(balls, seen)] = self.look([image], [NOTHING])
        rows = np.vstack([balls, seen[seen[:, 5] != Label.BALL]])
        return sv.Detections(xyxy=rows[:, :4], confidence=rows[:, 4], class_id=rows[:, 5].astype(int))

    def look(
        self, images: Sequence[Image], moved: Sequence[sv.Detections], last: Floats | None = None
    ) -> list[tuple[Floats, Floats]]:
        """Frames, what moved in each, the ball's box before them (1, 4) -> for each its balls, the surest first, and
        what the whole frame shows; (n, 6) x0 y0 x1 y1 score label.
        """
        whole = self._network(images)
        told = zip(whole, moved, images, strict=True)
        chosen = [self._corners(seen, moving, image, last) for seen, moving, image in told]
        looked = []
        for seen, near in zip(whole, self._close(images, chosen), strict=True):
            balls = np.vstack([near[near[:, 5] == Label.BALL], seen[seen[:, 5] == Label.BALL]])
            looked.append((_best(balls), seen))
        return looked

    def _corners(self, seen: Floats, moved: sv.Detections, image: Image, last: Floats | None) -> list[tuple[int, int]]:
        """What the whole frame shows, what moved in it, where the ball was last -> the tiles worth looking at."""
        if not self._tiled:
            return []
        side = self._network.resolution
        size_wh = (image.shape[1], image.shape[0])
        mine = np.flatnonzero(moved.class_id == Label.BALL)
        order = mine[np.argsort(-np.asarray(moved.confidence)[mine], kind="stable")]
        candidates = _centres(moved.xyxy[order].astype(np.float64))
        own = seen[seen[:, 5] == Label.BALL]
        places = [_centres(own[np.argsort(-own[:, 4])][:2]), candidates[:1]]
        places += [_centres(last)] if last is not None else []
        places += [candidates[1:], _centres(seen[seen[:, 5] == Label.GOAL])]
        most = min(MOST_TILES, max(1, TILE_PIXELS // side**2))
        return tiles.choose(np.vstack(places), size_wh, side, most)

    def _close(self, images: Sequence[Image], chosen: Sequence[list[tuple[int, int]]]) -> list[Floats]:
        """Frames, their tiles -> what those show, in the frames' pixels; all tiles go through the network together."""
        side = self._network.resolution
        cut = [tile for image, corners in zip(images, chosen, strict=True) for tile in tiles.cut(image, corners, side)]
        found = iter(self._network(cut))
        together = []
        for image, corners in zip(images, chosen, strict=True):
            size_wh = (image.shape[1], image.shape[0])
            together.append(tiles.join([next(found) for _ in corners], corners, size_wh, side))
        return together


def default() -> str:
    """-> the student to use when none is named: the newest of our own, else the article's, else Roboflow's."""
    here = weights.named("student")
    official = set(BEFORE_OTHERS)
    best = [name for name in here if name not in official] or [name for name in BEFORE_OTHERS if name in here]
    if not best:
        raise MissingWeights(
            "No RF-DETR model is here yet: run `python -m kicky models pull kicky-student`, or choose the motion "
            "detector, which needs none."
        )
    return best[0]


def joined(moved: sv.Detections, balls: Floats, seen: Floats) -> sv.Detections:
    """What moved; balls (n, 7) x0 y0 x1 y1 diameter score at rest; what the whole frame shows (m, 6) -> one list.

    A ball that both saw is one candidate, where the motion detector has it, with the higher score.
    """
    is_ball = moved.class_id == Label.BALL
    score = np.asarray(moved.confidence, dtype=np.float64).copy()
    at = _centres(moved.xyxy.astype(np.float64))
    across = np.asarray(moved.data["diameter_px"], dtype=np.float64)
    new = np.ones(len(balls), dtype=bool)
    for row, ball in enumerate(balls):
        middle = (ball[:2] + ball[2:4]) / 2
        apart = np.hypot(*(at - middle).T) / np.maximum(across, ball[4])
        apart[~is_ball] = np.inf
        if len(apart) and apart.min() < SAME:
            score[apart.argmin()] = max(score[apart.argmin()], ball[5])
            new[row] = False
    players, goals = seen[seen[:, 5] == Label.PLAYER], seen[seen[:, 5] == Label.GOAL]
    kept = is_ball | (len(players) == 0)
    own = balls[new]
    rest = np.vstack([players, goals])
    return sv.Detections(
        xyxy=np.vstack([moved.xyxy[kept], own[:, :4], rest[:, :4]]),
        confidence=np.concatenate([score[kept], own[:, 5], rest[:, 4]]),
        class_id=np.concatenate([np.asarray(moved.class_id)[kept], [Label.BALL] * len(own), rest[:, 5]]).astype(int),
        data={
            "at_rest": np.concatenate([moved.data["at_rest"][kept], own[:, 6] > 0, [False] * len(rest)]).astype(bool),
            "diameter_px": np.concatenate([moved.data["diameter_px"][kept], own[:, 4], rest[:, 2] - rest[:, 0]]),
            "shown": np.concatenate([moved.data["shown"][kept], np.ones(len(own) + len(rest))]),
        },
    )


def _best(balls: Floats) -> Floats:
    """(n, 6) -> the TOP of them, of those that lie on each other the surest."""
    if not len(balls):
        return balls
    kept = balls[sv.box_non_max_suppression(balls[:, :5], OVERLAP)]
    return np.asarray(kept[np.argsort(-kept[:, 4], kind="stable")][:TOP])


def _centres(rows: Floats) -> Floats:
    return (rows[:, :2] + rows[:, 2:4]) / 2


def _diameters(balls: Floats) -> Floats:
    """(n, 6) -> (n,): a streak is as wide as the ball, and longer."""
    return np.minimum(balls[:, 2] - balls[:, 0], balls[:, 3] - balls[:, 1])
