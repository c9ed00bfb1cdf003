"""What all shots of a session say of the phone together: part of the face that `service` shows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import jobs as queue
from ..errors import BadScene
from ..shown import Z_90, give_or_take, metres
from ..storage.tables import BUNDLE
from ..storage.views import JobView

if TYPE_CHECKING:
    from ..domain import Camera
    from ..scene.bundle import Bundle


@dataclass(frozen=True, slots=True)
class SessionCameraView:
    """A session's one camera, in words too. Each `within` is half of a 90 % interval; `alone` is that of one shot.

    `focal_within` and `focal_alone` are shares of `focal_px`; `ball_bias_px` is how much too wide its balls are seen.
    """

    shots: int
    height_m: float
    height_within_m: float
    height_alone_m: float
    focal_px: float
    focal_within: float
    focal_alone: float
    ball_bias_px: float
    ball_bias_within_px: float
    words: str
    more: str


def session_camera(session_id: int) -> SessionCameraView | None:
    """Session -> its camera as all its shots gave it, None while they gave none. Raises: NotFound."""
    from ..storage import cameras

    found = cameras.bundle(session_id)
    return None if found is None else _view(found)


def refine_session(session_id: int) -> int:
    """Session -> the job that works out one camera from all its shots and judges each anew.

    Raises: NotFound, BadScene when fewer than three of its shots have a camera.
    """
    from ..jobs import together
    from ..storage import cameras

    clip_id = cameras.clip_for(session_id)
    if clip_id is None or not together.enough(cameras.shots_with_camera(session_id)):
        raise BadScene(together.TOO_FEW)
    return queue.submit(BUNDLE, [clip_id], {})[0]


def refining(session_id: int) -> JobView | None:
    """Session -> the newest work on its camera, None when there was none."""
    return queue.newest(BUNDLE, session_id)


def _view(found: Bundle) -> SessionCameraView:
    height, alone = _within(found.camera, 6), _within(found.before, 6)
    lens, lens_alone = _within(found.camera, 0), _within(found.before, 0)
    bias, bias_within = found.ball_bias_px, Z_90 * found.ball_bias_sd_px
    height_m = float(found.camera.parameters[6])
    words = (
        f"All {found.shots} shots together say: the phone stands {metres(height_m)} high "
        f"({give_or_take(height_m, height)}; one shot alone: {give_or_take(height_m, alone)})."
    )
    more = (
        f"Its lens is known to ± {100 * lens:.0f} % (one shot: ± {100 * lens_alone:.0f} %); a ball is seen "
        f"{abs(bias):.1f} px ± {bias_within:.1f} too {'wide' if bias >= 0 else 'narrow'}."
    )
    numbers = (height_m, height, alone, found.camera.focal_px, lens, lens_alone, bias, bias_within)
    return SessionCameraView(found.shots, *numbers, words, more)


def _within(camera: Camera, which: int) -> float:
    return Z_90 * math.sqrt(float(camera.covariance[which, which]))
