"""Somebody's body: as landmarks in the picture, in metres, and what it looks like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Floats, Ints, seal


@dataclass(frozen=True, eq=False, slots=True)
class Pose:
    """A body around contact: MediaPipe's 33 landmarks in n frames, NaN where no body was found.

    `landmarks_px` are in the picture; `world_m` are metres about the hips (x right, y down, z away
    from the camera) as MediaPipe guesses them; `visibility` is 0..1.
    """

    frames: Ints
    landmarks_px: Floats
    world_m: Floats
    visibility: Floats

    def __post_init__(self) -> None:
        seal(self, frames=("n",), landmarks_px=("n", 33, 2), world_m=("n", 33, 3), visibility=("n", 33))

    def at(self, frame: int) -> int | None:
        """Frame -> its row here, None when that frame was not looked at or shows no body."""
        rows = np.flatnonzero(self.frames == frame)
        if not len(rows) or np.isnan(self.landmarks_px[rows[0]]).all():
            return None
        return int(rows[0])


BODY_JOINTS = (
    "kicking shoulder", "standing shoulder", "kicking hip", "standing hip", "kicking knee", "standing knee",
    "kicking ankle", "standing ankle", "kicking toe", "standing toe", "kicking elbow", "standing elbow",
    "kicking wrist", "standing wrist", "head",
)  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class Body:
    """The shooter in metres from the last step to the follow-through: `since_s` (n,) from contact, which is a row.

    `joints_m` (n, 15, 3) is the likeliest body, its joints in the order of BODY_JOINTS; `samples_m` (s, n, 10, 3) are
    likely ones, without arms and head. `ball_m` (3,) is where the ball lay, `way_rad` (s,) which way the shot goes in
    each sample: cos and sin of it along x and y. Axes as everywhere, see `camera` (7,), which is placed by the ball's
    size. `p_left` is how likely the kicking side is the left one.
    """

    since_s: Floats
    joints_m: Floats
    samples_m: Floats
    way_rad: Floats
    ball_m: Floats
    camera: Floats
    p_left: float

    def __post_init__(self) -> None:
        seal(self, since_s=("n",), joints_m=("n", 15, 3), samples_m=("s", len(self.since_s), 10, 3))
        seal(self, way_rad=(len(self.samples_m),), ball_m=(3,), camera=(7,))

    @property
    def contact(self) -> int:
        """-> the row of contact."""
        return int(np.abs(self.since_s).argmin())


@dataclass(frozen=True, eq=False, slots=True)
class Appearance:
    """What the player of that label looks like in one clip.

    `shirt`, `shorts`, `socks` (k,) are shares of colours, all NaN where too little was seen. `build` (3,) is the height
    in metres, and shoulders and legs as shares of the trunk; each NaN where it was not seen.
    """

    label: str
    shirt: Floats
    shorts: Floats
    socks: Floats
    build: Floats

    def __post_init__(self) -> None:
        seal(self, shirt=("k",), shorts=("k",), socks=("k",), build=(3,))
