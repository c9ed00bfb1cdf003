"""Clip -> ball candidates and moving people in each frame, by what differs from the empty picture."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import cv2
import numpy as np
import supervision as sv

from ..domain import BARE, Bools, Clip, Floats, Label
from ..video import Image
from ..video.ahead import ahead, side_by_side
from . import background, blobs, bodies, resting
from .background import Samples, median, spread
from .islands import Sea
from .looks import Look, every, threes

LARGEST_SHARE, LARGEST_LEAST_PX = 0.032, 40.0  # a ball's diameter: share of the longer side, and at least so much
BLUR_PX = 0.8  # what smoothing adds to a measured diameter
STILL_FRAMES = 8  # a candidate this long in one place lies still again
CLOSE = 1.0  # of those that lie, whatever by its look may as well be the ball
EVEN, SURER = 4.0, 2.0  # the rank by its look at which something that lies is as often a ball as not, and its slope


@dataclass(frozen=True, eq=False, slots=True)
class Stage:
    """What the frames are compared with, worked out once for the take.

    `empties` are the picture without ball and people, before the kick and all through the film: what moves differs
    from both. Whoever stands about before the kick, and a ball that lies in the net after it, is missing in one.
    """

    samples: Samples
    balls: tuple[resting.RestingBall, ...]
    empties: tuple[Image, Image]
    threshold: Image
    largest: float
    small_empty: Image
    small_noise: Image
    own: _Own


class _Own(threading.local):
    """What each thread that looks at frames has for itself."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.sea = Sea(shape)


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """One frame: its look, what moves in it and may be a ball, the people; all that needs no other frame."""

    look: Look
    rows: Floats
    people: Floats


class Motion:
    """Clip -> one sv.Detections a frame: where a ball may lie, its candidates moving, bodies moving.

    The camera must stand still. Memory does not grow with the clip: a first pass keeps a few frames (none is needed
    where `listen` was told of them), a second holds a handful. So many `threads` look at frames side by side, where
    OpenCV may use as many.
    """

    def __init__(self, threads: int = 2) -> None:
        self._threads = threads
        self._heard: background.Sampler | None = None
        self._pointed: tuple[float, float] | None = None

    def point_at(self, ball_px: tuple[float, float]) -> None:
        """Where a person sees the ball lie, in the film's own pixels -> it is offered, whatever it looks like."""
        self._pointed = ball_px

    def listen(self, clip: Clip) -> background.Sampler:
        """Clip -> what to tell of its frames while somebody else decodes them: it saves the first pass."""
        self._heard = background.Sampler(clip)
        return self._heard

    def __call__(self, clip: Clip) -> Iterator[sv.Detections]:
        heard, self._heard = self._heard, None
        samples = heard.samples() if heard is not None and heard.fits(clip) else background.sample(clip)
        pointed, self._pointed = self._pointed, None
        stage = _prepare(samples, None if pointed is None else samples.working_px(pointed))
        memory: list[Floats] = []
        shown = np.ones(len(stage.balls))
        threads = min(self._threads, cv2.getNumThreads())
        for seen in side_by_side(partial(_seen, stage), ahead(threes(every(clip, stage.samples))), threads):
            shown = np.array([b.shown(seen.look, bool(lay)) for b, lay in zip(stage.balls, shown, strict=True)])
            rows = still_again(_with_lying(stage.balls, shown, seen.rows), memory)
            rows = _left_behind([b for b, lies in zip(stage.balls, shown, strict=True) if not lies], rows)
            bare = [k for k, b in enumerate(stage.balls) if not shown[k] and b.bare(seen.look)]
            found = _detections(stage, rows, seen.people)
            found.metadata = {BARE: bare}
            yield found


def _prepare(samples: Samples, pointed: tuple[float, float] | None) -> Stage:
    """Samples, where a person saw the ball lie -> Stage."""
    images = samples.images
    balls = resting.find(samples, pointed)
    samples = replace(samples, chroma=())  # 40 MB of a 1080p film, looked at no more
    lying = [image for k, image in enumerate(images) if not balls or balls[0].present[k]]
    empties = tuple(_without(balls, median(spread(part, 11)), images) for part in (lying, images))
    usual = background.noise(spread(lying, 6), empties[0])
    threshold: Any = cv2.add(usual, np.full_like(usual, blobs.CONTRAST))
    even = (*images[: -resting.ENDING], images[-1])  # the film's end was sampled more often
    small = [bodies.shrink(image) for image in even]
    small_empty = median(small)
    longer = max(images[0].shape[:2])
    likely = [1.4 * ball.diameter for ball in balls if ball.rank > balls[0].rank - CLOSE]
    largest = max(LARGEST_SHARE * longer, LARGEST_LEAST_PX, *likely)
    quiet = background.noise(small, small_empty)
    own = _Own(images[0].shape[:2])
    return Stage(samples, balls, (empties[0], empties[1]), threshold, largest, small_empty, quiet, own)


def _without(balls: Sequence[resting.RestingBall], empty: Image, images: Sequence[Image]) -> Image:
    """Balls that lie, a picture in which they may be seen -> it as it is when they have left."""
    for ball in balls:
        gone = [image for image, here in zip(images, ball.present, strict=True) if not here]
        empty = background.without_disc(empty, spread(gone, 11), (ball.x, ball.y), 0.7 * ball.diameter + 1)
    return empty


def _seen(stage: Stage, beside: tuple[Look | None, Look, Look | None]) -> Seen:
    """A frame and those beside it -> what is seen in it."""
    before, now, after = (None if look is None else look.grey for look in beside)
    assert now is not None
    return Seen(beside[1], _moving(stage, before, now, after), _people_rows(stage, now))


def _moving(stage: Stage, before: Image | None, image: Image, after: Image | None) -> Floats:
    """-> (n, 7) x0 y0 x1 y1, diameter, score 0..1, at rest."""
    change: Any = cv2.blur(cv2.min(*(cv2.absdiff(image, empty) for empty in stage.empties)), (3, 3))
    beside = None if before is None or after is None else (before, image, after)
    found = blobs.candidates(change, stage.threshold, beside, stage.largest, stage.own.sea)
    diameter = np.maximum(found.minor - BLUR_PX, 2.0)
    half = diameter[:, None] / 2
    score = 1 / (1 + np.exp(-found.score))
    return np.column_stack([found.centre - half, found.centre + half, diameter, score, np.zeros(len(half))])


def _with_lying(balls: Sequence[resting.RestingBall], shown: Floats, rows: Floats) -> Floats:
    """Balls that may lie, the share of each that is seen, rows of moving ones -> all of them, those lying first.

    What moves where one lies is that one, nothing of its own.
    """
    lying = []
    for number in np.flatnonzero(shown).tolist():
        ball, half = balls[number], balls[number].diameter / 2
        box = [ball.x - half, ball.y - half, ball.x + half, ball.y + half]
        lying.append([*box, ball.diameter, 1 / (1 + np.exp(-SURER * (ball.rank - EVEN))), 1.0, number, shown[number]])
    moving = np.column_stack([rows, np.full(len(rows), -1.0), np.ones(len(rows))])
    there = [ball for ball, share in zip(balls, shown, strict=True) if share]
    return np.vstack([np.array(lying).reshape(-1, 9), moving[_apart_from(there, rows, 0.6)]])


def _apart_from(balls: Sequence[resting.RestingBall], rows: Floats, diameters: float) -> Bools:
    """-> which rows are so many diameters from all those balls."""
    centre = (rows[:, :2] + rows[:, 2:4]) / 2
    apart = np.ones(len(rows), dtype=bool)
    for ball in balls:
        apart &= np.hypot(centre[:, 0] - ball.x, centre[:, 1] - ball.y) > diameters * ball.diameter
    return apart


def still_again(rows: Floats, memory: list[Floats]) -> Floats:
    """Rows, those of the last frames (kept up to date) -> rows, at rest where one has stayed in its place."""
    centre = (rows[:, :2] + rows[:, 2:4]) / 2
    if len(memory) == STILL_FRAMES:
        stayed = np.ones(len(rows), dtype=bool)
        for earlier in memory:
            apart = (
                np.hypot(*(centre[:, None] - earlier[None]).transpose(2, 0, 1))
                if len(earlier)
                else np.full((len(rows), 1), np.inf)
            )
            stayed &= apart.min(axis=1) < 1.0
        rows[stayed, 6] = 1.0
        memory.pop(0)
    memory.append(centre)
    return rows


def _left_behind(balls: Sequence[resting.RestingBall], rows: Floats) -> Floats:
    """Balls that have left their places, rows -> without what stays there: its shadow's trace is no ball come back."""
    return np.asarray(rows[(rows[:, 6] == 0) | (rows[:, 7] >= 0) | _apart_from(balls, rows, 1.0)])


def _people_rows(stage: Stage, image: Image) -> Floats:
    small = bodies.shrink(image)
    found = bodies.people(small, stage.small_empty, stage.small_noise)
    found[:, :4] *= image.shape[0] / small.shape[0]
    return found


def _detections(stage: Stage, ball: Floats, people: Floats) -> sv.Detections:
    """Rows in working pixels -> sv.Detections in the film's own.

    `rest` numbers the places where a ball may lie, -1 elsewhere; `shown` is how much of one that lies is seen.
    """
    count, bodies_ = len(ball), len(people)
    corner = np.array([*stage.samples.corner, *stage.samples.corner], dtype=np.float64)
    scale = stage.samples.scale
    width = people[:, 2] - people[:, 0]
    return sv.Detections(
        xyxy=(np.vstack([ball[:, :4], people[:, :4]]) + corner) * scale,
        confidence=np.concatenate([ball[:, 5], np.clip(people[:, 4], 0, 1)]),
        class_id=np.array([Label.BALL] * count + [Label.PLAYER] * bodies_, dtype=int),
        data={
            "at_rest": np.concatenate([ball[:, 6] > 0, np.zeros(bodies_, dtype=bool)]),
            "diameter_px": np.concatenate([ball[:, 4], width]) * scale,
            "rest": np.concatenate([ball[:, 7], np.full(bodies_, -1.0)]).astype(int),
            "shown": np.concatenate([ball[:, 8], np.ones(bodies_)]),
        },
    )
