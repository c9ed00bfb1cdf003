"""Whether the camera stood still; where it moved a little, the clip with its frames laid on one of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from ..domain import Clip, Floats, Steadying, carried
from ..errors import UnfitClip
from .registration import Registered, corners_of, reference_of, register

# How far a corner of the picture may stray, as a share of its longer side, before clicked goal and background no longer
# fit. Phones on tripods and in bags: 0.0014 for 95 of 100 frames, 0.0024 at most; in the hand: 0.0033 and up.
STILL_SHARE, SUSTAINED_S, AT_ONCE_SHARE = 0.003, 0.15, 0.012
# From one frame to the next no hand turns a phone as far: it was knocked, and the goal may stand elsewhere after it.
JUMP_SHARE, JUMP_S = 0.04, 1 / 30
LONGEST_GAP_S = 0.12  # frames in which nothing could be told, between two in which it could
SEEN_SHARE = 0.45  # of the picture that must show what the reference shows

TURNED = "The camera turns too far in this clip: keep the goal and the ball in the picture all the time and film again."
KNOCKED = "The phone was knocked or set down in this clip: film again, and touch it only after the ball has landed."
RIDES = (
    "The camera goes along in this clip, so what is near and what is far move differently: "
    "stay in one place with the phone and film again."
)
UNKNOWN = (
    "Too little that stands still can be made out in this clip to tell whether the phone moved: "
    "film with the goal and the ground around it in the picture, and with more light."
)


def strays(clip: Clip, views: Floats, take: tuple[int, int]) -> bool:
    """Clip, (T, 3, 3) views of its frames in its pixels, a take -> whether the camera moved in it, or may have."""
    away = _away(clip, _from_first(views, take))
    lasts_s = _lasts_s(clip, take)
    far = float(lasts_s[~(away <= STILL_SHARE)].sum())
    return far > SUSTAINED_S or bool((away > AT_ONCE_SHARE).any())


def steady(clip: Clip, views: Floats) -> Clip:
    """Clip narrowed to its take, rough views of its frames -> the same, with its steadying where the camera moved.

    Raises: UnfitClip where the frames cannot be laid on one of them.
    """
    reference = reference_of(views, clip.take, clip.size_wh_px)
    found = register(clip, reference, views)
    inside = slice(*clip.take)
    homography = found.homography.copy()
    homography[inside] = _bridged(homography[inside], clip.time_s[inside])
    if np.isnan(homography[inside]).any():
        raise UnfitClip(_why_not(clip, found))
    steps = _steps(clip, homography[inside])
    if (steps > JUMP_SHARE * np.maximum(np.diff(clip.time_s[inside]) / JUMP_S, 1)).any():
        raise UnfitClip(KNOCKED)
    if not strays(clip, np.asarray(np.linalg.inv(homography)), clip.take):
        return clip
    return replace(clip, steadying=Steadying(homography, reference))


def _why_not(clip: Clip, found: Registered) -> str:
    """Clip, what was registered of it -> why some frames could not be, in one sentence that says what to do."""
    lost = np.isnan(found.homography[slice(*clip.take), 0, 0])
    seen, share = found.seen[slice(*clip.take)][lost], found.share[slice(*clip.take)][lost]
    if found.points_few:
        return UNKNOWN
    if np.median(seen) < SEEN_SHARE:
        return TURNED
    return RIDES if np.median(share) > 0 else UNKNOWN


def _lasts_s(clip: Clip, take: tuple[int, int]) -> Floats:
    return np.diff(clip.time_s, append=clip.time_s[-1] + clip.frame_s)[slice(*take)]


def _from_first(views: Floats, take: tuple[int, int]) -> Floats:
    """Views, a take -> (n, 3, 3) of its frames from the first of them that is known."""
    mine = views[slice(*take)]
    known = np.flatnonzero(np.isfinite(mine[:, 0, 0]))
    return mine @ np.linalg.inv(mine[known[0]]) if len(known) else mine


def _away(clip: Clip, views: Floats) -> Floats:
    """(n, 3, 3) -> (n,) how far its farthest corner goes, as a share of the longer side; NaN where unknown."""
    corners = corners_of(clip.size_wh_px)
    places = np.stack([carried(view, corners) for view in views])
    away = np.linalg.norm(places - corners, axis=-1).max(axis=-1)
    return np.asarray(away / max(clip.size_wh_px))


def _steps(clip: Clip, homography: Floats) -> Floats:
    """(n, 3, 3) -> (n - 1,) how far a corner goes from each frame to the next, as a share of the longer side."""
    return _away(clip, np.linalg.inv(homography[1:]) @ homography[:-1])


def _bridged(homography: Floats, time_s: Floats) -> Floats:
    """(n, 3, 3), NaN in short gaps -> the same, filled in straight lines between two frames that are known."""
    known = np.flatnonzero(np.isfinite(homography[:, 0, 0]))
    filled = homography.copy()
    for before, after in pairwise(known):
        if after - before > 1 and time_s[after] - time_s[before] <= LONGEST_GAP_S:
            part = (time_s[before + 1 : after] - time_s[before]) / (time_s[after] - time_s[before])
            filled[before + 1 : after] = homography[before] + part[:, None, None] * (
                homography[after] - homography[before]
            )
    return filled
