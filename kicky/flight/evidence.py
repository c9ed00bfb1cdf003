"""Shot -> what a flight has to explain: each frame's candidates, and the people who may hide the ball."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..domain import Bools, Camera, Candidates, Floats, Ints, Shot, Track

LONGEST_S = 2.2  # of flight that is looked at
AROUND_S = 4.0  # before and after a known kick: a long film is not searched for another
MOST = 24  # candidates of one frame
APART, ALIKE = (0.7, 1.7), 0.5  # two halves of one ball: so far from each other, in their diameters; ln of their sizes


@dataclass(frozen=True, eq=False, slots=True)
class Evidence:
    """n frames with up to K candidates each, NaN where there are fewer, wholes of two among them, and P people's boxes.

    px (n, K, 2), diameter_px (n, K), score (n, K), boxes_px (n, P, 4) x0 y0 x1 y1. `tracked` (n,) is the candidate
    that the path in the picture runs through, -1 for none. `candidates` are the same ones, as they came.
    """

    camera: Camera
    candidates: Candidates
    frame: Ints
    time_s: Floats
    px: Floats
    diameter_px: Floats
    score: Floats
    boxes_px: Floats
    tracked: Ints

    def from_(self, time_s: float, longest_s: float = LONGEST_S) -> Evidence:
        """-> the frames from a moment on, as far as a flight is looked at."""
        rows = np.searchsorted(self.time_s, [time_s, time_s + longest_s])
        return self._part(slice(int(rows[0]), int(rows[1])))

    def first(self, count: int) -> Evidence:
        """-> the first so many frames."""
        return self._part(slice(0, count))

    def _part(self, rows: slice) -> Evidence:
        return Evidence(
            self.camera, self.candidates, self.frame[rows], self.time_s[rows], self.px[rows], self.diameter_px[rows],
            self.score[rows], self.boxes_px[rows], self.tracked[rows],
        )  # fmt: skip

    def excused(self, px: Floats) -> Bools:
        """(h, n, 2) -> where a ball there would not be seen: out of the picture, or at a person's body."""
        inside = ((px > 0) & (px < np.array(self.camera.size_wh_px))).all(axis=-1)
        hidden = np.zeros(px.shape[:2], dtype=bool)
        for x0, y0, x1, y1 in np.moveaxis(self.boxes_px, (1, 2), (0, 1)):
            hidden |= (px[..., 0] > x0) & (px[..., 0] < x1) & (px[..., 1] > y0) & (px[..., 1] < y1)
        return np.asarray(~inside | hidden)


def gather(shot: Shot, camera: Camera) -> Evidence:
    """Shot with candidates, its camera -> Evidence over the take, or over what is around a known kick."""
    found = shot.candidates
    if found is None:
        raise ValueError("gather: expected a Shot with candidates")
    first, stop = _span(shot)
    on = (found.frame >= first) & (found.frame < stop)
    found = Candidates(found.frame[on], found.centre_px[on], found.diameter_px[on], found.score[on])
    count = stop - first
    px, diameter, score = np.full((count, MOST, 2), np.nan), np.full((count, MOST), np.nan), np.zeros((count, MOST))
    order = np.lexsort((-found.score, found.frame))
    frame = found.frame[order] - first
    rank = np.arange(len(frame)) - np.searchsorted(frame, frame)
    at = frame[rank < MOST], rank[rank < MOST]
    px[at], diameter[at], score[at] = (a[order][rank < MOST] for a in (found.centre_px, found.diameter_px, found.score))
    most = max(int((~np.isnan(diameter)).sum(axis=1).max(initial=0)), 1)
    px, diameter, score = _with_wholes(px[:, :most], diameter[:, :most], score[:, :most])
    boxes = np.stack([_boxes(player)[first:stop] for player in shot.players] or [np.empty((count, 0))], axis=1)
    return Evidence(
        camera, found, np.arange(first, stop), shot.clip.time_s[first:stop], px, diameter, score,
        boxes.reshape(count, -1, 4), _tracked(shot.ball, px, first),
    )  # fmt: skip


def _with_wholes(px: Floats, diameter_px: Floats, score: Floats) -> tuple[Floats, Floats, Floats]:
    """n frames with up to K candidates each -> the same, and after them what two may be halves of.

    Of a ball about as bright as what is behind its middle only two opposite rims are seen.
    """
    one, other = np.triu_indices(px.shape[1], 1)
    apart = np.linalg.norm(px[:, one] - px[:, other], axis=-1)
    usual = (diameter_px[:, one] + diameter_px[:, other]) / 2
    alike = np.abs(np.log(diameter_px[:, one] / diameter_px[:, other])) < ALIKE
    frame, pair = np.nonzero(alike & (apart > APART[0] * usual) & (apart < APART[1] * usual))
    at = frame, np.arange(len(frame)) - np.searchsorted(frame, frame)
    shape = len(px), int(at[1].max(initial=-1)) + 1
    middle, whole, sure = np.full((*shape, 2), np.nan), np.full(shape, np.nan), np.zeros(shape)
    middle[at] = (px[frame, one[pair]] + px[frame, other[pair]]) / 2
    whole[at] = (apart + usual)[frame, pair]
    sure[at] = np.minimum(score[frame, one[pair]], score[frame, other[pair]])
    joined = [np.concatenate(both, axis=1) for both in ((px, middle), (diameter_px, whole), (score, sure))]
    return joined[0], joined[1], joined[2]


def _span(shot: Shot) -> tuple[int, int]:
    """-> the frames looked at, half open."""
    first, stop = shot.clip.take
    if shot.kick_frame is None:
        return first, stop
    time_s = shot.clip.time_s
    around = np.searchsorted(time_s, time_s[shot.kick_frame] + np.array([-AROUND_S, AROUND_S]))
    return max(first, int(around[0])), min(stop, int(around[1]))


def _tracked(ball: Track, px: Floats, first: int) -> Ints:
    """Track, candidates (n, K, 2) of the frames from `first` on -> (n,) which of them the track goes through."""
    here = slice(first, first + len(px))
    apart = np.linalg.norm(px - ball.centre_px[here, None], axis=-1)
    apart = np.where(np.isnan(apart) | ~ball.measured[here, None], np.inf, apart)
    return np.where(apart.min(axis=1) < 1.0, apart.argmin(axis=1), -1)


def _boxes(player: Track) -> Floats:
    """Track -> (T, 4) x0 y0 x1 y1."""
    half = player.size_px / 2
    return np.concatenate([player.centre_px - half, player.centre_px + half], axis=1)
