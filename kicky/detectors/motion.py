"""Clip -> ball candidates and moving people in each frame, by what differs from the empty picture."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np
import supervision as sv

from ..domain import Bools, Clip, Floats, Label
from ..video import Image, frames
from ..video.ahead import ahead, side_by_side
from . import background, blobs, bodies, resting
from .background import Samples, median, spread
from .islands import Sea

LARGEST_SHARE, LARGEST_LEAST_PX = 0.032, 40.0  # a ball's diameter: share of the longer side, and at least so much
BLUR_PX = 0.8  # what smoothing adds to a measured diameter
STILL_FRAMES = 8  # a candidate this long in one place lies still again


@dataclass(frozen=True, eq=False, slots=True)
class Stage:
    """What the frames are compared with, worked out once for the take."""

    samples: Samples
    ball: resting.RestingBall | None
    empty: Image
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
class Look:
    """One frame: the image, what moves in it and may be a ball, the people; all that needs no other frame's look."""

    image: Image
    rows: Floats
    people: Floats


class Motion:
    """Clip -> one sv.Detections a frame: the ball lying, its candidates moving, bodies moving.

    The camera must stand still. Memory does not grow with the clip: a first pass keeps a few frames (none is needed
    where `listen` was told of them), a second holds a handful. So many `threads` look at frames side by side, where
    OpenCV may use as many.
    """

    def __init__(self, threads: int = 2) -> None:
        self._threads = threads
        self._heard: background.Sampler | None = None

    def listen(self, clip: Clip) -> background.Sampler:
        """Clip -> what to tell of its frames while somebody else decodes them: it saves the first pass."""
        self._heard = background.Sampler(clip)
        return self._heard

    def __call__(self, clip: Clip) -> Iterator[sv.Detections]:
        heard, self._heard = self._heard, None
        known = heard is not None and (heard.clip.sha256, heard.clip.take) == (clip.sha256, clip.take)
        stage = _prepare(heard.samples() if heard is not None and known else background.sample(clip))
        memory: list[Floats] = []
        shown = 1.0
        threads = min(self._threads, cv2.getNumThreads())
        for look in side_by_side(partial(_look, stage), ahead(_threes(clip, stage.samples)), threads):
            rows = look.rows
            shown = stage.ball.shown(look.image, shown > 0) if stage.ball is not None else 0.0
            if stage.ball is not None and shown:
                rows = _with_lying(stage.ball, rows)
            rows = still_again(rows, memory)
            if stage.ball is not None and not shown:
                rows = _left_behind(stage.ball, rows)
            yield _detections(stage, rows, look.people, shown)


def _prepare(samples: Samples) -> Stage:
    """Samples -> Stage."""
    images = samples.images
    ball = resting.find(samples)
    if ball is None:
        lying = list(images)
        empty = median(spread(images, 13))
    else:
        lying = [image for image, here in zip(images, ball.present, strict=True) if here]
        gone = [image for image, here in zip(images, ball.present, strict=True) if not here]
        empty = median(spread(lying, 11))
        empty = background.without_disc(empty, spread(gone, 11), (ball.x, ball.y), 0.7 * ball.diameter + 1)
    usual = background.noise(spread(lying, 6), empty)
    threshold: Any = cv2.add(usual, np.full_like(usual, blobs.CONTRAST))
    small = [bodies.shrink(image) for image in images]
    small_empty = median(small)
    longer = max(images[0].shape[:2])
    largest = max(LARGEST_SHARE * longer, LARGEST_LEAST_PX, 1.4 * ball.diameter if ball is not None else 0.0)
    quiet = background.noise(small, small_empty)
    return Stage(samples, ball, empty, threshold, largest, small_empty, quiet, _Own(empty.shape[:2]))


def _threes(clip: Clip, samples: Samples) -> Iterator[tuple[Image | None, Image, Image | None]]:
    """Clip -> (the frame before, the frame, the frame after), None beyond the ends."""
    before: Image | None = None
    now: Image | None = None
    for _, image in frames(clip, gray=True, max_side_px=background.working_side(clip)):
        after = image[samples.crop]
        if now is not None:
            yield before, now, after
        before, now = now, after
    if now is not None:
        yield before, now, None


def _look(stage: Stage, beside: tuple[Image | None, Image, Image | None]) -> Look:
    """A frame and those beside it -> what is seen in it."""
    return Look(beside[1], _moving(stage, *beside), _people_rows(stage, beside[1]))


def _moving(stage: Stage, before: Image | None, image: Image, after: Image | None) -> Floats:
    """-> (n, 7) x0 y0 x1 y1, diameter, score 0..1, at rest."""
    change: Any = cv2.blur(cv2.absdiff(image, stage.empty), (3, 3))
    beside = None if before is None or after is None else (before, image, after)
    found = blobs.candidates(change, stage.threshold, beside, stage.largest, stage.own.sea)
    diameter = np.maximum(found.minor - BLUR_PX, 2.0)
    half = diameter[:, None] / 2
    score = 1 / (1 + np.exp(-found.score))
    return np.column_stack([found.centre - half, found.centre + half, diameter, score, np.zeros(len(half))])


def _with_lying(ball: resting.RestingBall, rows: Floats) -> Floats:
    """The lying ball, rows of moving ones -> all of them, the lying one first and once."""
    half = ball.diameter / 2
    lying = [ball.x - half, ball.y - half, ball.x + half, ball.y + half, ball.diameter, 1.0, 1.0]
    apart = np.hypot((rows[:, 0] + rows[:, 2]) / 2 - ball.x, (rows[:, 1] + rows[:, 3]) / 2 - ball.y)
    return np.vstack([lying, rows[apart > 0.6 * ball.diameter]])


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


def _left_behind(ball: resting.RestingBall, rows: Floats) -> Floats:
    """The ball that has left its place, rows -> without what stays there: its shadow's trace is no ball come back."""
    apart = np.hypot((rows[:, 0] + rows[:, 2]) / 2 - ball.x, (rows[:, 1] + rows[:, 3]) / 2 - ball.y)
    return np.asarray(rows[(rows[:, 6] == 0) | (apart > ball.diameter)])


def _people_rows(stage: Stage, image: Image) -> Floats:
    small = bodies.shrink(image)
    found = bodies.people(small, stage.small_empty, stage.small_noise)
    found[:, :4] *= image.shape[0] / small.shape[0]
    return found


def _detections(stage: Stage, ball: Floats, people: Floats, shown: float) -> sv.Detections:
    """Rows in working pixels -> sv.Detections in the film's own; `shown` is how much of a lying ball is seen."""
    count, bodies_ = len(ball), len(people)
    corner = np.array([stage.samples.crop[1].start or 0, stage.samples.crop[0].start or 0] * 2, dtype=np.float64)
    scale = stage.samples.scale
    at_rest: Bools = np.concatenate([ball[:, 6] > 0, np.zeros(bodies_, dtype=bool)])
    width = people[:, 2] - people[:, 0]
    seen = np.ones(count + bodies_)
    if stage.ball is not None and shown:
        seen[0] = shown  # the lying ball comes first
    return sv.Detections(
        xyxy=(np.vstack([ball[:, :4], people[:, :4]]) + corner) * scale,
        confidence=np.concatenate([ball[:, 5], np.clip(people[:, 4], 0, 1)]),
        class_id=np.array([Label.BALL] * count + [Label.PLAYER] * bodies_, dtype=int),
        data={"at_rest": at_rest, "diameter_px": np.concatenate([ball[:, 4], width]) * scale, "shown": seen},
    )
