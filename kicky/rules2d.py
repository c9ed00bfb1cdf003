"""The article's own rules in the picture plane: the baseline everything better is compared against.

The kick is a spike of the ball's speed; a goal is a ball that arrives at the goal from outside and comes to rest in it,
rather than rebounding or passing over. A Hampel filter first takes out positions that teleport.
One picture cannot tell a ball in front of the goal from one in the net: that is their ceiling.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .domain import Bools, Clip, Floats, How, Outcome, Scene, Track, Verdict
from .shown import NO_GOAL_MARKED

BALL_M = 0.22
CAP_KMH = 140.0
PEAK_PERCENTILE = 92.0

MIN_FRAMES = 5  # fewer sightings of the ball than this decide nothing
SPIKE = 2.5  # a kick is faster than this many times the speed of the slowest quarter of the film
SPIKE_OF_PEAK = 0.35  # and than this share of the peak
SPIKE_PX = 2.0  # and than this many pixels a frame
REST_FRAMES = 6  # frames of slowness that make a rest in the net
SLOW = 0.30  # slow: below this share of the speed on arrival
STAY = 0.6  # share of the second after arrival to be spent inside the goal
AFTER_S = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Path2d:
    """The ball from its first to its last sighting: one position a frame, gaps and outliers bridged."""

    first: int
    xy_px: Floats
    step_px: Floats
    width_px: float

    @property
    def frames(self) -> range:
        return range(self.first, self.first + len(self.xy_px))


def hampel(values: Floats, half_window: int = 3, sigmas: float = 3.0, floor: float = 2.0) -> Bools:
    """(n,) -> (n,) True where a value lies further from its window's median than `sigmas` robust deviations.

    `floor` keeps a perfectly still ball's tiny wobble from counting. Source: Hampel 1974, by way of the article.

    >>> hampel(np.array([0.0, 1, 2, 90, 4, 5, 6])).nonzero()[0]
    array([3])
    """
    padded = np.pad(values.astype(float), half_window, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half_window + 1)
    median = np.nanmedian(windows, axis=1)
    deviation = 1.4826 * np.nanmedian(np.abs(windows - median[:, None]), axis=1)
    return np.asarray(np.abs(values - median) > sigmas * np.maximum(deviation, floor))


def path(ball: Track, filtered: bool = True) -> Path2d | None:
    """Ball track -> its path, outliers taken out unless told not to; None when seen in fewer than MIN_FRAMES frames."""
    seen = np.flatnonzero(ball.measured & np.isfinite(ball.centre_px[:, 0]))
    if len(seen) < MIN_FRAMES:
        return None
    xy = ball.centre_px[seen]
    kept = seen[~(hampel(xy[:, 0]) | hampel(xy[:, 1]))] if filtered else seen
    if len(kept) < MIN_FRAMES - 1:
        return None
    frames = np.arange(kept[0], kept[-1] + 1)
    bridged = np.stack([np.interp(frames, kept, ball.centre_px[kept, axis]) for axis in (0, 1)], axis=1)
    steps = np.linalg.norm(np.diff(bridged, axis=0), axis=1)
    return Path2d(int(kept[0]), bridged, np.append(steps, steps[-1]), float(np.median(ball.size_px[kept].min(axis=1))))


def kick_frame(route: Path2d) -> int | None:
    """Path -> the last frame before the speed's spike; None when nothing spikes."""
    peak = float(np.percentile(route.step_px, PEAK_PERCENTILE))
    threshold = max(SPIKE * float(np.percentile(route.step_px, 25)), SPIKE_OF_PEAK * peak, SPIKE_PX)
    fast = np.flatnonzero(route.step_px > threshold)
    return route.first + int(fast[0]) if len(fast) else None


def arrival(route: Path2d, kick: int, scene: Scene) -> int | None:
    """Path, kick frame, goal -> the frame the ball comes to the goal from outside; None when it never does.

    A ball that lies in the goal's picture before the kick must first leave it and come back.
    """
    inside = _inside(route, scene)
    start = kick - route.first
    after = inside[start:]
    if inside[: start + 1].mean() > 0.5:
        left = np.flatnonzero(~after)
        if not len(left):
            return None
        start, after = start + int(left[0]), after[left[0] :]
    came = np.flatnonzero(after)
    return route.first + start + int(came[0]) if len(came) else None


def decide(clip: Clip, ball: Track, scene: Scene | None, filtered: bool = True) -> Outcome:
    """Clip, ball, goal -> Outcome by the article's rules. P(goal) is 1, 0 or, unsure, 0.5: rules know no doubt."""
    if scene is None:
        return _unsure(NO_GOAL_MARKED)
    route = path(ball, filtered)
    if route is None:
        return _unsure(f"The ball was seen in fewer than {MIN_FRAMES} frames.")
    kick = kick_frame(route)
    if kick is None:
        return _unsure("No kick was seen: the ball never speeds up.")
    came = arrival(route, kick, scene)
    if came is None:
        return Outcome(Verdict.NO_GOAL, 0.0, _missed_how(route, kick, scene), "The ball never comes to the goal.")
    return _after(route, kick, came, scene, clip)


def _after(route: Path2d, kick: int, came: int, scene: Scene, clip: Clip) -> Outcome:
    """What follows the arrival: rest in the net, rebound, or a pass over and on."""
    first = came - route.first
    count = max(1, int(np.searchsorted(clip.time_s, clip.time_s[came] + AFTER_S) - came))
    inside = _inside(route, scene)[first : first + count]
    speed = route.step_px[first : first + count]
    before = slice(max(kick - route.first, first - 6), first + 1)
    incoming = float(np.percentile(route.step_px[before], 80))
    moved_in = route.xy_px[first] - route.xy_px[max(kick - route.first, first - 5)]
    moved_on = route.xy_px[min(first + count, len(route.xy_px)) - 1] - route.xy_px[first]
    gone = bool((~inside[-3:]).all())
    if gone and float(moved_in @ moved_on) < 0:
        edge = cv2.pointPolygonTest(_polygon(scene), tuple(map(float, route.xy_px[first])), True)
        how = How.POST if abs(edge) < route.width_px else How.SAVED
        return Outcome(Verdict.NO_GOAL, 0.0, how, "The ball comes to the goal and bounces back out.", came)
    if gone:
        how = _missed_how(route, kick, scene)
        return Outcome(Verdict.NO_GOAL, 0.0, how, "The ball passes the goal and carries on.", came)
    rests = int((inside & (speed < SLOW * incoming)).sum())
    if rests >= REST_FRAMES and inside.mean() >= STAY:
        return Outcome(Verdict.GOAL, 1.0, How.IN_NET, f"The ball comes to rest in the goal for {rests} frames.", came)
    return Outcome(Verdict.NO_GOAL, 0.0, How.UNCLEAR, "The ball is not seen to come to rest in the goal.", came)


def peak_speed_kmh(clip: Clip, ball: Track, kick: int | None = None) -> float | None:
    """Clip, ball -> the article's speed: 92nd percentile of pixels a second × 0.22 m / ball width, capped at 140.

    It counts from `kick`, or where that is not known from the speed's own spike.

    It sees only motion across the picture, so behind the shooter it reads about half the true speed.
    """
    route = path(ball)
    if route is not None and (kick is None or kick not in route.frames):
        kick = kick_frame(route)
    if route is None or kick is None:
        return None
    start = kick - route.first
    seconds = np.diff(clip.time_s[list(route.frames)])[start:]
    if len(seconds) < MIN_FRAMES - 1:
        return None
    flying = ball.measured[route.first :][start : start + len(seconds)]
    widths = ball.size_px[route.first + start :][: len(seconds)][flying].min(axis=1)
    px_s = np.percentile(route.step_px[start : start + len(seconds)] / seconds, PEAK_PERCENTILE)
    return float(min(CAP_KMH, px_s * BALL_M / np.median(widths) * 3.6))


def _unsure(why: str) -> Outcome:
    return Outcome(Verdict.UNSURE, 0.5, How.UNCLEAR, why)


def _polygon(scene: Scene) -> np.ndarray:
    return scene.goal_corners_px.astype(np.float32).reshape(-1, 1, 2)


def _inside(route: Path2d, scene: Scene) -> Bools:
    """Path, goal -> for each frame whether the ball's disc meets the goal's picture."""
    polygon = _polygon(scene)
    depth = [cv2.pointPolygonTest(polygon, (float(x), float(y)), True) for x, y in route.xy_px]
    return np.array(depth) > -route.width_px / 2


def _missed_how(route: Path2d, kick: int, scene: Scene) -> How:
    """Where the ball was when, after the kick, it was nearest to the goal's level or last seen."""
    xy = route.xy_px[kick - route.first :]
    left, top = scene.goal_corners_px.min(axis=0)
    right, bottom = scene.goal_corners_px.max(axis=0)
    x, y = xy[-1]
    if y < top and left <= x <= right:
        return How.OVER
    if x < left:
        return How.WIDE_LEFT
    if x > right:
        return How.WIDE_RIGHT
    return How.SHORT if y > bottom else How.UNCLEAR
