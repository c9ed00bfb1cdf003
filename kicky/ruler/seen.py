"""Shot -> what its ball tells as its own ruler: where it lay and how wide, and all candidates a moment after."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from .. import kick
from ..domain import Camera, Clip, Floats, Shot
from ..flight.dynamics import DIAMETER_M, GRAVITY
from ..flight.evidence import Evidence, gather
from ..flight.search import UNLIKE
from ..flight.starts import KICK_SOFT_S, Start, lying
from ..scene.lens import FILE_SD, LONG_SIDE_MM

FLOWN_S = 0.6  # of flight that is looked at: hardly a ball meets goal or keeper sooner
WIDTH_SHARE, WIDTH_PX = 0.035, 0.4  # 1 s.d. of the lying ball's measured width
SPOT_SHARE = 0.05
UNLIKE_TRACKED = 1.3
MOVING_SHARE = 0.12  # the same of a ball that never lay
PHONE_MM = 27.5  # a main lens of 24 to 28 mm, less what steadying cuts off
LENSES = ((PHONE_MM, 0.12, 0.85), (PHONE_MM, 0.45, 0.15))  # mm as of 35 mm film, 1 s.d. of ln, share: most, and any


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """A ball that left: `start` where and when, `width_sd` of ln of its width there, `after` the candidates since.

    `lenses` (k, 3) are the focal lengths to expect: ln px, 1 s.d., how likely each is.
    """

    start: Start
    width_sd: float
    after: Evidence
    lenses: Floats

    @property
    def size_wh_px(self) -> tuple[int, int]:
        return self.after.camera.size_wh_px

    @property
    def spot_sd_px(self) -> float:
        """-> 1 s.d. of where it lay, next to where it is seen in flight: a blur's middle is not a disc's."""
        return math.hypot(self.start.sigma_px, SPOT_SHARE * self.start.diameter_px)

    @property
    def unlike(self) -> Floats:
        """-> (n, K) by how much ln of a candidate's width may differ: in poor light only the core of a blur is seen."""
        on = np.arange(self.after.diameter_px.shape[1])[None] == self.after.tracked[:, None]
        return np.where(on, UNLIKE_TRACKED, UNLIKE)

    @property
    def fall_px_s2(self) -> float:
        """-> by how much the ball's fall quickens in the picture when it starts."""
        return GRAVITY * self.start.diameter_px / DIAMETER_M


def look(shot: Shot) -> Seen | str:
    """Shot -> Seen, or why the ball tells nothing."""
    if shot.kick_frame is None:
        return shot.kick_why_not or "No kick was seen."
    if shot.candidates is None or not len(shot.candidates.frame):
        return "The ball was not seen."
    focal = lenses(shot.clip)
    evidence = gather(shot, _phone(shot.clip, float(focal[0, 0])))
    start = next(_starts(shot, evidence), None)
    if start is None or not start.diameter_px > 0:
        return "The ball was not seen where it was struck."
    share = WIDTH_SHARE if start.sigma_px <= kick.STILL_PX else MOVING_SHARE
    start = replace(start, from_s=start.from_s - shot.clip.frame_s)  # a blur that leaves looks like a ball that lies
    after = evidence.from_(start.from_s, start.to_s - start.from_s + FLOWN_S)
    return Seen(start, math.hypot(share, WIDTH_PX / start.diameter_px), after, focal)


def lenses(clip: Clip) -> Floats:
    """Clip -> (k, 3) focal lengths to expect: ln px, 1 s.d. of it, how likely each is."""
    told = LENSES if clip.lens_mm is None else ((clip.lens_mm, FILE_SD, 1.0),)
    return np.array([(math.log(max(clip.size_wh_px) * mm / LONG_SIDE_MM), sd, share) for mm, sd, share in told])


def _phone(clip: Clip, focal: float) -> Camera:
    """-> a camera that holds the size of the picture, which is all that is asked of it."""
    return Camera(np.array([focal, 0, 0, 0, 0, 0, 1.0]), np.eye(7), clip.size_wh_px, 0.0, "", "")


def _starts(shot: Shot, evidence: Evidence) -> Iterator[Start]:
    """-> where and when the ball was struck: where it lay, else where it was seen when it was struck."""
    yield from lying(shot, evidence)
    assert shot.kick_frame is not None
    spot = kick.struck_at(shot)
    if np.isfinite(spot.sigma_px):
        time_s = shot.clip.time_s
        from_s, to_s = float(time_s[shot.kick_frame]), float(time_s[min(shot.kick_frame + 1, len(time_s) - 1)])
        yield Start(spot.px, spot.sigma_px, spot.diameter_px, from_s, to_s, 0.0, KICK_SOFT_S)
