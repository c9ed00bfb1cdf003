"""A replay's document -> arrays in the world's axes, and where ball, body and people are at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...domain import Bools, Floats

NEAR_S = 0.25  # for so long beyond its ends somebody is taken to stand where he was last seen


def worldly(points: Any) -> Floats:
    """(..., 3) x, y up, z out of the goal, as a replay has them -> x, y out of the goal, z up, as everything else."""
    return np.asarray(points, dtype=np.float64).reshape(*np.shape(points)[:-1], 3)[..., [0, 2, 1]]


def along(times: Floats, rows: Floats, t: float) -> Floats:
    """(n,) moments, (n, ...) what is so at each, a moment -> what is so then; nothing new beyond the ends."""
    after = int(np.clip(np.searchsorted(times, t, side="right"), 1, max(len(times) - 1, 1)))
    low, high = after - 1, min(after, len(times) - 1)
    span = times[high] - times[low]
    share = float(np.clip((t - times[low]) / span, 0, 1)) if span > 0 else 0.0
    return np.asarray(rows[low] + share * (rows[high] - rows[low]))


class Told:
    """(a replay's document) -> the same as arrays; its times are seconds from contact."""

    def __init__(self, made: Mapping[str, Any]) -> None:
        ball, shooter = made["ball"], made["shooter"]
        self.goal, self.phone = made["goal"], made["phone"]
        self.lines = [
            np.column_stack([np.asarray(line, dtype=np.float64), np.zeros(len(line))]) for line in made["lines"]
        ]
        self.ends = float(made["film"]["t"][0]), float(made["film"]["t"][-1])
        self.contact_s = float(made["film"]["contact_s"])
        self.ball_t, self.ball_seen = np.array(ball["t"], dtype=np.float64), np.array(ball["seen"], dtype=bool)
        self.ball_m = worldly(ball["at"]) if ball["at"] else np.empty((0, 3))
        self.radius_m, self.until = float(ball["radius"]), float(ball["until"])
        self.likely_m = worldly(ball["likely"]) if ball["likely"] else np.empty((0, 0, 3))
        self.body_t, self.body_seen = np.array(shooter["t"], dtype=np.float64), np.array(shooter["seen"], dtype=bool)
        self.joints_m = worldly(shooter["joints"]) if shooter["joints"] else np.empty((0, 15, 3))
        self.colour, self.kicks_left = str(shooter["colour"]), bool(shooter["kicks_left"])
        self.way = shooter["way"]
        self.others = made["others"]
        self.keeper = next((each for each in self.others if each["role"] == "keeper"), None)

    @property
    def flown(self) -> bool:
        """-> is there a path, and not only where the ball lay."""
        return len(self.ball_t) > 1

    def spot(self) -> Floats:
        """-> (3,) where the ball lay, or the kicking foot where no ball is known, or where one might have lain."""
        if len(self.ball_t):
            return np.asarray(self.ball_m[0])
        return np.asarray(self.body(0.0)[8]) if len(self.body_t) else np.array([0.0, 11.0, 0.0])

    def ball(self, t: float) -> Floats:
        """Moment -> (3,) where the ball is."""
        return along(self.ball_t, self.ball_m, t) if len(self.ball_t) else self.spot()

    def row(self, t: float) -> int:
        """Moment -> the last row of the ball's path that has come by then."""
        return max(int(np.searchsorted(self.ball_t, t, side="right")) - 1, 0)

    def lost(self, t: float) -> bool:
        """Moment -> has the ball been seen for the last time before it."""
        return self.flown and t > self.until + 1e-6

    def body(self, t: float) -> Floats:
        """Moment -> (15, 3) the shooter's joints; of the swing's ends beyond it."""
        return along(self.body_t, self.joints_m, t)

    def swings(self, t: float) -> bool:
        """Moment -> is the body known then."""
        return bool(len(self.body_t)) and self.body_t[0] - 1e-6 <= t <= self.body_t[-1] + 1e-6

    def seen(self, t: float) -> Bools:
        """Moment within the swing -> (15,) which joints were seen."""
        return np.asarray(self.body_seen[max(int(np.searchsorted(self.body_t, t, side="right")) - 1, 0)])


def stood(way: Mapping[str, Any], t: float) -> Floats | None:
    """Somebody's times and places on the ground, a moment -> (2,) where he stands then, None where not known."""
    times = np.array(way["t"], dtype=np.float64)
    if not len(times) or not times[0] - NEAR_S <= t <= times[-1] + NEAR_S:
        return None
    return along(times, np.array(way["at"], dtype=np.float64), t)
