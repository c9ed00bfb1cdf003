"""Clip -> labels from what KICKY itself measured: no teacher, no graphics card, and balls that physics vouches for.

The ball is labelled where it lies before the kick and where a candidate lies on the fitted flight; frames in which
it is neither are left out, for a ball that is there and not labelled teaches that a ball is grass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from ..domain import Clip, Report, Shot
from .labelled import BALL, GOAL, PLAYER, Box, Thing

FLIGHT, LYING, TRACK, CLICKED = "flight", "lying", "track", "goal"
PLAYER_SHARE = 0.02  # of the picture's height: a smaller moving thing is no body
LATEST = 2  # frames before the kick that are left out: a foot hides the ball, or it has begun to move


class Measured:
    """Clip, frames -> labels, from the report that `report_of` gives of it."""

    def __init__(self, report_of: Callable[[Clip], Report]) -> None:
        self._report_of = report_of
        self._report: Report | None = None

    def __call__(self, clip: Clip, frames: tuple[int, ...]) -> Iterator[tuple[int, tuple[Thing, ...]]]:
        """Clip, frames -> those of them in which the ball's place is known, with what is in each."""
        self._report = self._report_of(clip)
        shot = self._report.shot
        balls = balls_of(shot)
        for frame in frames:
            if frame in balls:
                yield frame, (balls[frame], *_players(shot, frame), *_goal(shot))

    def report(self) -> dict[str, object]:
        """-> of the clip seen last: its frames, and those with a ball by motion and flight."""
        if self._report is None:
            return {}
        clip = self._report.shot.clip
        return {"frames": clip.take[1] - clip.take[0], "motion": len(balls_of(self._report.shot))}


def balls_of(shot: Shot) -> Mapping[int, Thing]:
    """Shot -> frame: the ball, where its place is known."""
    balls = {}
    kick = shot.kick_frame
    if kick is not None:
        for frame in np.flatnonzero(shot.ball.measured[: max(0, kick - LATEST)]):
            centre, size = shot.ball.centre_px[frame], float(shot.ball.size_px[frame, 0])
            balls[int(frame)] = Thing(BALL, _disc(centre, size), origin=_origin(LYING, float(shot.ball.score[frame])))
    if shot.flight is not None and shot.candidates is not None:
        for frame, place in zip(shot.flight.seen, shot.flight.seen_px, strict=True):
            rows = np.flatnonzero(shot.candidates.frame == frame)
            if len(rows) and shot.clip.time_s[frame] <= shot.flight.until_s:
                row = rows[np.hypot(*(shot.candidates.centre_px[rows] - place).T).argmin()]
                size, score = float(shot.candidates.diameter_px[row]), float(shot.candidates.score[row])
                balls[int(frame)] = Thing(BALL, _disc(place, size), origin=_origin(FLIGHT, score))
    return balls


def _players(shot: Shot, frame: int) -> Iterator[Thing]:
    """Shot, frame -> the bodies seen moving in it."""
    for player in shot.players:
        centre, size = player.centre_px[frame], player.size_px[frame]
        if player.measured[frame] and size[1] > PLAYER_SHARE * shot.clip.size_wh_px[1]:
            box = (*(centre - size / 2), *(centre + size / 2))
            yield Thing(PLAYER, _plain(box), origin=_origin(TRACK, float(player.score[frame])))


def _goal(shot: Shot) -> Iterator[Thing]:
    """Shot -> the goal as it was clicked, inner edges."""
    if shot.scene is not None:
        corners = np.clip(shot.scene.goal_corners_px, 0, shot.clip.size_wh_px)
        box = _plain((*corners.min(axis=0), *corners.max(axis=0)))
        yield Thing(GOAL, box, (tuple(corners.ravel().round(2).tolist()),), _origin(CLICKED, 1.0))


def _disc(centre: np.ndarray, diameter: float) -> Box:
    return _plain((*(centre - diameter / 2), *(centre + diameter / 2)))


def _plain(box: tuple[float, ...]) -> Box:
    x0, y0, x1, y1 = (round(float(value), 2) for value in box)
    return x0, y0, x1, y1


def _origin(how: str, score: float) -> dict[str, object]:
    return {"source": "kicky", "model": how, "score": round(score, 3) if np.isfinite(score) else None}
