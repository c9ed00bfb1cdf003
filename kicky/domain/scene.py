"""Where the picture was taken from: the goal in it, what was told of it, and the camera that both give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Floats, seal


@dataclass(frozen=True, eq=False, slots=True)
class Camera:
    """A pinhole that sees the goal, and how surely it is known; `kicky.camera` turns it into pixels.

    `parameters` (7,): natural log of the focal length in px, pan, tilt, roll in rad, the lens's x, y, z in m.
    Pan 0 looks along -y, from the shooter to the goal, and grows towards +x; tilt grows upwards; roll grows
    clockwise. The principal point is the picture's centre. `height_from` and `focal_from` say in words what
    the two that corners alone do not give rest on.
    """

    parameters: Floats
    covariance: Floats
    size_wh_px: tuple[int, int]
    residual_px: float
    height_from: str
    focal_from: str

    def __post_init__(self) -> None:
        seal(self, parameters=(7,), covariance=(7, 7))

    @property
    def focal_px(self) -> float:
        return float(np.exp(self.parameters[0]))


@dataclass(frozen=True, slots=True)
class Told:
    """A number somebody told, 1 s.d. of it in the same unit, and in words who did."""

    value: float
    sd: float
    words: str


PITCH_MARKS = ("goal_area", "box", "spot")


@dataclass(frozen=True, slots=True)
class PitchMark:
    """Points clicked on one of the pitch's marks: `kind` is one of PITCH_MARKS.

    `at` are x and y from the middle of the goal's four corners in the picture, in widths of the goal there: they go
    with the goal where the picture shifts or is scaled.
    """

    kind: str
    at: tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """The goal in the picture: inner corners TL TR BR BL, the posts' feet on the ground.

    `camera_height_m` and `focal_px` are what the player stated, None when not known; so are `lens`, the focal length
    in mm as 35 mm film would have it, and `ball_m`, how far from the goal line the ball lay; `guess_px` is the focal
    length that the camera was found with where nobody and nothing told it. `source` is clicked,
    detected or inherited. `picture_wh_px` is the size of the picture whose pixels the corners are in, None for the
    film's own. `camera` is None until it has been worked out, or for a reason; `given_up` says
    what contradicted the rest and was left out for it. `marks` are lines and the spot that were clicked.
    """

    goal_corners_px: Floats
    goal_size_m: tuple[float, float] = (7.32, 2.44)
    camera_height_m: float | None = None
    focal_px: float | None = None
    source: str = "clicked"
    camera: Camera | None = None
    camera_why_not: str = ""
    given_up: str = ""
    lens: Told | None = None
    ball_m: Told | None = None
    guess_px: float | None = None
    picture_wh_px: tuple[int, int] | None = None
    marks: tuple[PitchMark, ...] = ()

    def __post_init__(self) -> None:
        seal(self, goal_corners_px=(4, 2))
