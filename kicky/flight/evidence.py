"""Shot -> what a flight has to explain: each frame's candidates, and where and when the ball may have been struck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..domain import Bools, Camera, Candidates, Floats, Ints, Shot, Track

LONGEST_S = 1.6  # of flight that is looked at
SHORTEST = 4  # frames with candidates, without which there is nothing to fit
MOST = 24  # candidates of one frame
REST_SIGMA_PX = 0.7
FOOT_BALLS = 2.0  # how far from the middle of the shooter's feet the ball may lie, 1 s.d. in its diameters
LEAST_STILL, LEAST_AFTER = 4, 6  # frames in one place that make a rest; frames left after it
STRAY = 3  # a single sighting this much later is of something else
HIDDEN_LONGEST = 20
HIDDEN = 6  # frames in which a leg may hide the ball where it lies or leaves
PLACES = 3
REST_EARNS, REST_MOST = 2.5, 12  # a frame in which the ball is seen where the flight begins; how many count
TRACKED_EARNS = 36.0  # the same when the tracker knows it: the place itself changed when the ball left
FOOT_PRICE = 6.0  # of a start that nobody saw the ball lie at
BEHIND = 0.4  # share of a body's width by which its box is taken to hide the ball beyond the edges


@dataclass(frozen=True, eq=False, slots=True)
class Start:
    """Where and when the ball may have been struck.

    `diameter_px` is NaN where the ball was not seen to lie: then `px` is the shooter's foot.
    """

    px: Floats
    sigma_px: float
    diameter_px: float
    from_s: float
    to_s: float
    price: float


@dataclass(frozen=True, eq=False, slots=True)
class Evidence:
    """n frames with up to K candidates each, NaN where there are fewer, and the boxes of P people.

    px (n, K, 2), diameter_px (n, K), score (n, K), boxes_px (n, P, 4) x0 y0 x1 y1.
    """

    camera: Camera
    frame: Ints
    time_s: Floats
    px: Floats
    diameter_px: Floats
    score: Floats
    boxes_px: Floats

    def from_(self, time_s: float) -> Evidence:
        """-> the frames from a moment on, as far as a flight is looked at."""
        on = (self.time_s >= time_s) & (self.time_s <= time_s + LONGEST_S)
        return Evidence(
            self.camera, self.frame[on], self.time_s[on], self.px[on], self.diameter_px[on],
            self.score[on], self.boxes_px[on],
        )  # fmt: skip

    def excused(self, px: Floats) -> Bools:
        """(h, n, 2) -> where a ball there would not be seen: out of the picture, or at a person's body."""
        inside = ((px > 0) & (px < np.array(self.camera.size_wh_px))).all(axis=-1)
        hidden = np.zeros(px.shape[:2], dtype=bool)
        for x0, y0, x1, y1 in np.moveaxis(self.boxes_px, (1, 2), (0, 1)):
            hidden |= (px[..., 0] > x0) & (px[..., 0] < x1) & (px[..., 1] > y0) & (px[..., 1] < y1)
        return np.asarray(~inside | hidden)


def gather(shot: Shot, camera: Camera) -> Evidence:
    """Shot with candidates, its camera -> Evidence over the take."""
    found = _found(shot)
    first, stop = shot.clip.take
    count = stop - first
    px, diameter, score = np.full((count, MOST, 2), np.nan), np.full((count, MOST), np.nan), np.zeros((count, MOST))
    order = np.lexsort((-found.score, found.frame))
    frame = found.frame[order] - first
    rank = np.arange(len(frame)) - np.searchsorted(frame, frame)
    kept = (rank < MOST) & (frame >= 0) & (frame < count)
    at = frame[kept], rank[kept]
    px[at], diameter[at], score[at] = (a[order][kept] for a in (found.centre_px, found.diameter_px, found.score))
    boxes = np.stack([_boxes(player)[first:stop] for player in shot.players] or [np.empty((count, 0))], axis=1)
    most = max(int((~np.isnan(diameter)).sum(axis=1).max(initial=0)), 1)
    frames = np.arange(first, stop)
    return Evidence(
        camera, frames, shot.clip.time_s[first:stop], px[:, :most], diameter[:, :most], score[:, :most],
        boxes.reshape(count, -1, 4),
    )  # fmt: skip


def _found(shot: Shot) -> Candidates:
    if shot.candidates is None:
        raise ValueError("Evidence: expected a Shot with candidates")
    return shot.candidates


def _boxes(player: Track) -> Floats:
    """Track -> (T, 4) x0 y0 x1 y1."""
    half = player.size_px / 2
    return np.concatenate([player.centre_px - half, player.centre_px + half], axis=1)


def lying(shot: Shot, evidence: Evidence) -> list[Start]:
    """Shot -> the places from which the ball may have been struck: where it lay and left, most often seen first."""
    found = _found(shot)
    starts = [lay] if (lay := _lay(shot)) else []
    for rows in _places(found, shot.clip.take[1]):
        spot, diameter = np.median(found.centre_px[rows], axis=0), float(np.median(found.diameter_px[rows]))
        if lay and np.linalg.norm(spot - lay.px) < diameter:
            continue
        last = int(found.frame[rows].max())
        price = -REST_EARNS * min(len(rows), REST_MOST)
        until = _left(found, evidence, last, spot, diameter)
        starts.append(
            Start(spot, REST_SIGMA_PX, diameter, float(shot.clip.time_s[last]), float(shot.clip.time_s[until]), price)
        )
    return starts


def _lay(shot: Shot) -> Start | None:
    """Shot -> where the tracked ball lay until it was struck; None when it never lay still or was not seen to leave."""
    kick, ball = shot.kick_frame, shot.ball
    if kick is None:
        return None
    near = np.flatnonzero(ball.measured[: kick + 1])[-REST_MOST:]
    if len(near) < 2:
        return None
    spot, diameter = np.median(ball.centre_px[near], axis=0), float(np.median(ball.size_px[near]))
    if np.linalg.norm(ball.centre_px[near] - spot, axis=1).max() > max(1.5, 0.1 * diameter):
        return None
    last = int(near[-1])
    after = np.flatnonzero(ball.measured[last + 1 : last + 1 + HIDDEN_LONGEST])
    until = min(last + 1 + int(after[0]) if len(after) else last + HIDDEN, len(ball.score) - 1)
    time_s = shot.clip.time_s
    return Start(spot, REST_SIGMA_PX, diameter, float(time_s[last]), float(time_s[until]), -TRACKED_EARNS)


def _left(found: Candidates, evidence: Evidence, last: int, spot: Floats, diameter: float) -> int:
    """-> the first frame in which the ball has surely left: it is seen beside its place, or nobody hides the place."""
    hidden = evidence.excused(np.broadcast_to(spot, (1, len(evidence.frame), 2)))[0]
    frame = last + 1
    for frame in range(last + 1, min(last + HIDDEN_LONGEST, int(evidence.frame[-1]) + 1)):
        row = frame - int(evidence.frame[0])
        if _near(found, frame, spot, diameter) and not hidden[row]:
            break
        if not hidden[max(row - HIDDEN, 0) : row + 1].any():
            break
    return min(frame, int(evidence.frame[-1]))


def _places(found: Candidates, stop: int) -> list[Ints]:
    """Candidates -> for each place in which one lay still and then no more, its rows; at most PLACES, fullest first."""
    apart = np.linalg.norm(found.centre_px[:, None] - found.centre_px[None], axis=-1)
    same = apart < np.maximum(1.2, 0.06 * found.diameter_px)[:, None]
    places: list[Ints] = []
    for k in np.argsort(-same.sum(axis=1), kind="stable"):
        rows = np.flatnonzero(same[k])
        frames = np.unique(found.frame[rows])
        if len(frames) < LEAST_STILL:
            break
        breaks = np.flatnonzero(np.diff(frames) > HIDDEN) + 1
        run = max(np.split(frames, breaks), key=len)
        run = run[:-1] if len(run) > 1 and run[-1] - run[-2] > STRAY else run
        still = len(run) >= LEAST_STILL and len(run) > 0.5 * (run[-1] - run[0])
        taken = any(np.linalg.norm(found.centre_px[k] - found.centre_px[p[0]]) < found.diameter_px[k] for p in places)
        if still and run[-1] < stop - LEAST_AFTER and not taken:
            places.append(rows[np.isin(found.frame[rows], run)])
        if len(places) == PLACES:
            break
    return places


def _near(found: Candidates, frame: int, spot: Floats, diameter: float) -> bool:
    """-> is there in this frame a candidate as large as the ball that lay there, a little way off."""
    here = found.frame == frame
    away = np.linalg.norm(found.centre_px[here] - spot, axis=1)
    alike = np.abs(np.log(found.diameter_px[here] / diameter)) < 0.35
    return bool(((away > 0.15 * diameter) & (away < 3 * diameter) & alike).any())


def feet(shot: Shot, evidence: Evidence) -> list[Start]:
    """Shot -> starts at people's feet, all through the film: for a ball struck moving, or never seen to lie."""
    step = 0.2
    found = []
    for player in shot.players:
        for moment in np.arange(evidence.time_s[0] + 0.2, evidence.time_s[-1] - 0.3, step):
            row = int(np.abs(shot.clip.time_s - moment).argmin())
            x0, _, x1, y1 = player.box_px(row)
            if np.isfinite(x0 + y1):
                foot, near = np.array([(x0 + x1) / 2, y1]), 0.5 * (x1 - x0) + 5.0
                found.append(Start(foot, near, np.nan, moment - step / 2, moment + step / 2, FOOT_PRICE))
    return found
