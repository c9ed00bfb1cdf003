"""Goals and what hangs on them: sizes, the net's shape and how it gives, a ball net behind."""

from __future__ import annotations

import math
from dataclasses import dataclass

Vector = tuple[float, float, float]
Panels = tuple[tuple[Vector, float], ...]


@dataclass(frozen=True, slots=True)
class Net:
    """A damped spring along its normal that rubs along its face.

    `spring_s2` is what it pushes a ball back with for each metre it is pushed out, `damping_s` for each
    metre a second it moves, `rub_s` the share of the speed along it that a second of touch takes.
    `roof_share`: how far the roof reaches back, of the depth on the ground.
    """

    name: str
    spring_s2: float
    damping_s: float
    rub_s: float
    roof_share: float = 0.5


# Of a 24 m/s shot that arrives with 21 the common net is pushed out by 0.2 m and gives 3 m/s back, the loose one
# by 0.75 m and gives 2, from where the ball drops; the tight one gives nearly 5 back, and the ball rolls out again.
NETS: tuple[Net, ...] = (
    Net("common", 300.0, 40.0, 4.0),
    Net("loose", 60.0, 15.0, 6.0, roof_share=0.3),
    Net("tight", 1600.0, 42.0, 1.5, roof_share=0.8),
)


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal by the inside of its frame; the net is `depth_m` deep on the ground.

    `backstop_m`: how far behind the line a second, BACKSTOP_HEIGHT_M high net hangs, None where none does.
    """

    width_m: float
    height_m: float
    depth_m: float
    net: Net = NETS[0]
    backstop_m: float | None = None

    @property
    def roof_m(self) -> float:
        """-> how far the roof of the net reaches back."""
        return self.depth_m * self.net.roof_share

    def panels(self) -> Panels:
        """-> (outward unit normal, offset) of the net's back, -x side, +x side and roof."""
        rise = self.depth_m - self.roof_m
        length = math.hypot(self.height_m, rise)
        half = self.width_m / 2
        back = (0.0, -self.height_m / length, rise / length)
        return (
            (back, self.height_m * self.depth_m / length),
            ((-1.0, 0.0, 0.0), half),
            ((1.0, 0.0, 0.0), half),
            ((0.0, 0.0, 1.0), self.height_m),
        )


GOALS: tuple[Goal, ...] = (Goal(7.32, 2.44, 2.0), Goal(5.0, 2.0, 1.2), Goal(3.66, 1.83, 1.0))
BACKSTOP_HEIGHT_M = 6.0
