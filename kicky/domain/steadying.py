"""The noun of a camera that moved a little: how its frames lie on one of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Floats, Ints, seal


@dataclass(frozen=True, eq=False, slots=True)
class Steadying:
    """Where each frame of a film lies on one frame of its take, so that what stands still keeps its place.

    `homography` (T, 3, 3) takes the film's pixels in frame t to pixels of frame `reference`, NaN outside the take.
    """

    homography: Floats
    reference: int

    def __post_init__(self) -> None:
        seal(self, homography=("T", 3, 3))

    def to_reference(self, frame: int, points_px: Floats) -> Floats:
        """Frame, (..., 2) in its own pixels -> the same places in the reference's."""
        return carried(self.homography[frame], points_px)

    def to_film(self, frame: int, points_px: Floats) -> Floats:
        """Frame, (..., 2) in the reference's pixels -> the same places in its own."""
        return carried(np.linalg.inv(self.homography[frame]), points_px)

    def of(self, frames: Ints) -> Steadying:
        """(n,) frames -> the steadying of a film made of these alone."""
        nearest = int(np.searchsorted(frames, self.reference, side="right")) - 1
        return Steadying(self.homography[frames], max(nearest, 0))


def carried(homography: Floats, points_px: Floats) -> Floats:
    """(3, 3), (..., 2) -> (..., 2) where the homography takes the points.

    >>> carried(np.array([[1.0, 0, 5], [0, 1, 0], [0, 0, 1]]), np.array([2.0, 3.0])).tolist()
    [7.0, 3.0]
    """
    through = np.asarray(points_px, dtype=np.float64) @ homography[:, :2].T + homography[:, 2]
    return np.asarray(through[..., :2] / through[..., 2:])
