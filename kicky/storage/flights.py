"""A shot in metres, as a page draws it: the ball's path, where it crosses the goal's plane, who stood where."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float, float]
"""x, y, z in metres, in the world's axes."""


@dataclass(frozen=True, slots=True)
class CrossingView:
    """Where the ball's centre passes the goal's plane: the middle of what fits, and how it is spread.

    `sigma_m` is of x and of z, `together` their correlation. `reached` is False where the ball was stopped, or last
    seen on this path, before it came to the plane: it was heading here. `zone` is empty outside the goal.
    """

    time_s: float
    x_m: float
    z_m: float
    sigma_m: tuple[float, float]
    together: float
    reached: bool
    zone: str


@dataclass(frozen=True, slots=True)
class CameraView:
    """Where the phone stood and what it saw; `edges` point along the ground to the picture's left and right end.

    `given_up` is what contradicted the rest and was left out, "" where nothing did.
    """

    xyz_m: Point
    sigma_m: Point
    edges: tuple[tuple[float, float], tuple[float, float]]
    angle_deg: float
    focal_sigma: float
    height_from: str
    focal_from: str
    given_up: str = ""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Where on the ground somebody stood at contact: shooter, keeper or other; by his own `feet`, else by the ball."""

    label: str
    role: str
    x_m: float
    y_m: float
    feet: bool


@dataclass(frozen=True, slots=True)
class FlightView:
    """A shot in metres, from the kick to the goal's plane or where it was lost; where there is no path, why.

    Point by point `time_s`, `path_m`, `sigma_m` and whether the ball was `seen` there; the last point may lie
    on the goal's plane. After `until_s` the path is how the ball would have gone on. `samples_m` are likely paths.
    """

    goal_size_m: tuple[float, float]
    time_s: tuple[float, ...] = ()
    path_m: tuple[Point, ...] = ()
    sigma_m: tuple[Point, ...] = ()
    seen: tuple[bool, ...] = ()
    until_s: float = 0.0
    samples_m: tuple[tuple[Point, ...], ...] = ()
    crossing: CrossingView | None = None
    camera: CameraView | None = None
    places: tuple[PlaceView, ...] = ()
    places_why_not: str = ""
    why_not: str = ""
