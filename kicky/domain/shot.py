"""The evidence of one shot, and the ball's way in metres: everything seen, nothing yet decided."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .arrays import Floats, Ints, seal
from .body import Appearance, Body, Pose
from .scene import Scene
from .seen import Candidates, Clip, Rest, Track


@dataclass(frozen=True, eq=False, slots=True)
class Flight:
    """The ball in metres from the kick to its first meeting with anything but the ground, and on if it had met nothing.

    Row by row the frames that begin before the kick and end 0.4 s after the goal's plane or the film:
    `time_s` (n,), `xyz_m` (n, 3), `sigma_m` (n, 3). `samples_m` (s, n, 3) are likely paths, `cameras` (s, 7)
    the parameters of the camera that goes with each; `launch_ms` (s, 3) their velocities off the foot;
    `crossing` (s, 3) the time, x and z at which each passes the goal's plane, NaN where it never does.
    `seen` (k,) are the frames in which a candidate lies on the path, `seen_px` (k, 2) where. After `until_s`
    the free flight no longer explains the ball: it met net, frame, keeper or ground for good, or was lost. `likely`
    (s,) is the share of each path once what the ball did then is known; they sum to one, and are alike until it is.
    """

    time_s: Floats
    xyz_m: Floats
    sigma_m: Floats
    kick_time_s: float
    kick_sigma_s: float
    until_s: float
    seen: Ints
    seen_px: Floats
    samples_m: Floats
    cameras: Floats
    launch_ms: Floats
    crossing: Floats
    residual_px: float
    likely: Floats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        if not len(self.likely):
            object.__setattr__(self, "likely", np.full(len(self.launch_ms), 1 / max(len(self.launch_ms), 1)))
        seal(self, time_s=("n",), xyz_m=("n", 3), sigma_m=("n", 3), seen=("k",), seen_px=("k", 2))
        seal(self, samples_m=("s", len(self.time_s), 3), cameras=("s", 7), launch_ms=("s", 3), crossing=("s", 3))
        seal(self, likely=(len(self.launch_ms),))

    def rows(self, time_s: Floats) -> Ints:
        """(n,) moments -> (n,) the first row at or after each, the last row for those beyond."""
        return np.clip(np.searchsorted(self.time_s, time_s), 0, len(self.time_s) - 1)


@dataclass(frozen=True, eq=False, slots=True)
class Shot:
    """The evidence: everything seen, nothing yet decided.

    `kick_frame` is the last frame in which the ball is still where it was struck; None when no kick
    was found, with the reason in `kick_why_not`. `kick_source` is what told it: flight, departure (the ball seen
    to leave its place), speed, or hand (a person); empty in what an older program stored. `shooter` and `keeper`
    are labels of `players`; why nobody is said to have struck the ball stands in `shooter_why_not`. `rests` are the
    places where the ball may have lain, `ball_sure` is how likely the one chosen, and its kick, are the right ones.
    `body` is the shooter in metres, None until worked out, or for the reason in `body_why_not`.
    """

    clip: Clip
    ball: Track
    players: tuple[Track, ...] = ()
    scene: Scene | None = None
    pose: Pose | None = None
    kick_frame: int | None = None
    kick_why_not: str = ""
    shooter: str | None = None
    shooter_why_not: str = ""
    keeper: str | None = None
    candidates: Candidates | None = None
    flight: Flight | None = None
    flight_why_not: str = ""
    looks: tuple[Appearance, ...] = ()
    kick_source: str = ""
    rests: tuple[Rest, ...] = ()
    ball_sure: float = 1.0
    body: Body | None = None
    body_why_not: str = ""

    def player(self, label: str) -> Track:
        """Label -> that player's track. Raises KeyError where nobody has that label."""
        return {player.label: player for player in self.players}[label]
