"""Boxes of each frame -> people followed from frame to frame, P1 the one most in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import supervision as sv
from trackers.core.bytetrack.tracker import ByteTrackTracker

from ..domain import Floats, Rest, Track

LOST_S = 0.5  # unseen for longer, a person who appears is someone else
LEAST_S = 0.2  # seen for less, it is no person
LEAST_OVERLAP = 0.03  # a body that loses its legs in the grass, or swings one forward, overlaps itself little
MOST = 8
LARGER, ALWAYS = 2.0, 0.8  # what lies on the ground with its shadow is at most so many diameters large; share of frames


def follow(boxes: Sequence[Floats], frame_s: float) -> list[Track]:
    """(n, 4) boxes a frame -> tracks over those frames by ByteTrack, the most present first."""
    # How much of a box moves does not say how surely it is a person: all boxes count alike.
    tracker = ByteTrackTracker(
        lost_track_buffer=round(30 * LOST_S), frame_rate=1 / frame_s, track_activation_threshold=0.0,
        minimum_consecutive_frames=1, minimum_iou_threshold=LEAST_OVERLAP, high_conf_det_threshold=0.0,
    )  # fmt: skip
    people: dict[int, dict[int, Floats]] = {}
    unnamed: Floats = np.empty((0, 4))
    for frame, found in enumerate(boxes):
        linked = tracker.update(sv.Detections(xyxy=found.reshape(-1, 4), confidence=np.ones(len(found))))
        numbers = np.asarray(linked.tracker_id, dtype=int)
        for number, box in zip(numbers.tolist(), linked.xyxy, strict=True):
            if number >= 0 and number not in people:
                people[number] = _first_seen(frame - 1, unnamed, box)
            if number >= 0:
                people[number][frame] = box
        unnamed = np.asarray(linked.xyxy[numbers < 0], dtype=np.float64)
    least = max(3, round(LEAST_S / frame_s))
    lasting = sorted((p for p in people.values() if len(p) >= least), key=lambda p: -len(p))
    return [_track(f"P{k}", person, len(boxes)) for k, person in enumerate(lasting, start=1)]


def _first_seen(frame: int, unnamed: Floats, box: Floats) -> dict[int, Floats]:
    """Frame before a person's first, its boxes of nobody, that first -> the box there that is theirs, if one is.

    ByteTrack gives a person a number only when they are seen for the second time.
    """
    overlap = sv.box_iou_batch(unnamed, box[None])[:, 0] if len(unnamed) else np.empty(0)
    return {frame: unnamed[overlap.argmax()]} if overlap.max(initial=0.0) > 0 else {}


def lies_there(person: Track, rest: Rest) -> bool:
    """Somebody followed, a place where something lies -> whether that is all they are: no larger, and always there."""
    there = np.hypot(*(person.centre_px - rest.centre_px)[person.measured].T) < rest.diameter_px / 2
    large = np.median(person.size_px[person.measured], axis=0).max() > LARGER * rest.diameter_px
    return bool(there.mean() > ALWAYS and not large)


def ranked(players: Sequence[Track], rest: Rest | None) -> list[Track]:
    """Players, where the ball seems to lie -> at most MOST, P1 most present; a tie goes to the one nearer the ball."""
    order = sorted(players, key=lambda p: (-int(p.measured.sum()), _to_ball(p, rest)))
    return [replace(player, label=f"P{k}") for k, player in enumerate(order[:MOST], start=1)]


def _to_ball(player: Track, rest: Rest | None) -> float:
    if rest is None:
        return np.inf
    return float(np.hypot(*(player.centre_px - rest.centre_px).T)[player.measured].min(initial=np.inf))


def _track(label: str, person: dict[int, Floats], count: int) -> Track:
    """Sightings -> Track, boxes smoothed over three frames, gaps filled on straight lines."""
    frames = np.array(sorted(person))
    seen = np.array([person[f] for f in frames])
    span = np.arange(frames[0], frames[-1] + 1)
    edges = np.column_stack([np.interp(span, frames, seen[:, k]) for k in range(4)])
    padded = np.pad(edges, ((1, 1), (0, 0)), mode="edge")
    edges = np.median([padded[:-2], padded[1:-1], padded[2:]], axis=0)
    centre, size = np.full((count, 2), np.nan), np.full((count, 2), np.nan)
    centre[span], size[span] = (edges[:, :2] + edges[:, 2:]) / 2, edges[:, 2:] - edges[:, :2]
    measured = np.zeros(count, dtype=bool)
    measured[frames] = True
    return Track(label, centre, size, np.where(measured, 1.0, np.nan), measured)
