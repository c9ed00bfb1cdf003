"""What is seen in a film's pictures: the clip itself, things through it, places where the ball may be or lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .arrays import Bools, Floats, Ints, seal
from .steadying import Steadying


@dataclass(frozen=True, eq=False, slots=True)
class Clip:
    """One film: where it is, when each of its frames was captured, which frames make up the shot.

    `take` is the half-open range of frames between two hard cuts that stages look at; arrays over
    time always span the whole film, so that frame numbers are the film's own. `lens_mm` is the focal
    length as 35 mm film would have it, None when the file does not say. `steadying` is None for a camera that
    stood still: its pictures are looked at as they are; else pictures and places are those of its reference.
    `new` (T,) are the frames that do not repeat the one before, None where none does. `stated_slow` is how many times
    slower than life the file says it plays, 1 where it says nothing, None where it is slowed but not said how much.
    """

    path: Path
    sha256: str
    size_wh_px: tuple[int, int]
    time_s: Floats
    slow_motion: float = 1.0
    take: tuple[int, int] = (0, 0)
    lens_mm: float | None = None
    steadying: Steadying | None = None
    new: Bools | None = None
    stated_slow: float | None = 1.0

    def __post_init__(self) -> None:
        seal(self, time_s=("T",))
        if self.new is not None:
            seal(self, new=(len(self.time_s),))
        if not (np.diff(self.time_s) > 0).all():
            raise ValueError("Clip.time_s: expected strictly rising times")
        if self.take == (0, 0):
            object.__setattr__(self, "take", (0, len(self.time_s)))
        if not 0 <= self.take[0] < self.take[1] <= len(self.time_s):
            raise ValueError(f"Clip.take: expected a range within (0, {len(self.time_s)}), got {self.take}")

    @property
    def frame_s(self) -> float:
        """-> the usual time from one frame to the next."""
        return float(np.median(np.diff(self.time_s)))


@dataclass(frozen=True, eq=False, slots=True)
class Track:
    """One thing through the film: centre and size in each frame, NaN where it was not seen.

    `measured` is True where a detection stands behind the position, False where it was filled in.
    """

    label: str
    centre_px: Floats
    size_px: Floats
    score: Floats
    measured: Bools

    def __post_init__(self) -> None:
        seal(self, centre_px=("T", 2), size_px=("T", 2), score=("T",), measured=("T",))

    def box_px(self, frame: int) -> Floats:
        """Frame -> (4,) x0 y0 x1 y1, NaN where the thing was not seen."""
        half = self.size_px[frame] / 2
        return np.concatenate([self.centre_px[frame] - half, self.centre_px[frame] + half])

    def away_px(self, frames: Ints, points_px: Floats) -> Floats:
        """(n,), (n, 2) -> (n,) how far each point is from the box in that frame: 0 in it, NaN where it was not seen."""
        off = np.abs(points_px - self.centre_px[frames]) - self.size_px[frames] / 2
        return np.asarray(np.hypot(*np.maximum(off, 0.0).T))

    def nearest_seen(self, frame: int) -> int:
        """Frame -> itself, or the frame nearest in time in which the thing was seen. ValueError when never."""
        seen = np.flatnonzero(np.isfinite(self.centre_px[:, 0]) & np.isfinite(self.size_px[:, 0]))
        if not len(seen):
            raise ValueError(f"{self.label} was never seen")
        return int(seen[np.abs(seen - frame).argmin()])


@dataclass(frozen=True, eq=False, slots=True)
class Candidates:
    """m places in the film where the ball may be, ordered by frame: all that the detector offered, not one a frame.

    `frame` is the film's own number, `score` is 0..1.
    """

    frame: Ints
    centre_px: Floats
    diameter_px: Floats
    score: Floats

    def __post_init__(self) -> None:
        seal(self, frame=("m",), centre_px=("m", 2), diameter_px=("m",), score=("m",))


@dataclass(frozen=True, eq=False, slots=True)
class Rest:
    """A place where something lies that may be the ball, and leaves it: centre (2,) px, diameter.

    `frames` (k,) are those in which it is seen to lie there, in order, `shown` (k,) the share of it that is seen in
    each. `likely` is the natural log of the odds that it is the ball, by its look alone. `bare_frame` is the first one
    after those in which its place is seen empty, None where nobody looked or it never was.
    """

    centre_px: Floats
    diameter_px: float
    frames: Ints
    shown: Floats
    likely: float
    bare_frame: int | None = None

    def __post_init__(self) -> None:
        seal(self, centre_px=(2,), frames=("k",), shown=("k",))

    @property
    def leaves(self) -> int:
        """-> the last frame in which it is seen to lie there."""
        return int(self.frames[-1])


@dataclass(frozen=True, slots=True)
class Said:
    """What a person saw: the kick's frame, where the ball lies before it in the picture; None for what was not said."""

    kick_frame: int | None = None
    ball_px: tuple[float, float] | None = None


NOTHING_SAID = Said()
