"""Takes of a film -> the one that a shot may be in: long enough, something moves in it, its dark ends cut off.

A screen recording begins with a menu, an edited film with a card, a photo or a second of black; some fade in and out.
"""

from __future__ import annotations

import numpy as np

from ..domain import Clip, Floats

SHORTEST_TAKE_S = 0.6
"""A run-up's last step, the kick and the flight of a hard shot from close by."""
# How much the 50 pixels that differ most do so from one frame to the next, in levels of a small picture: noise of
# compression makes 1 to 2, and up to 9 once or twice where it repairs a still picture; a player who moves makes 20 and
# more, frame by frame.
MOVES, FRAMES = 8.0, 5
# A picture's contrast as a share of its take's usual: so little is nothing but black or white, so much is all of it.
NOTHING, ALL = 0.2, 0.95


def judged(
    clip: Clip, takes: tuple[tuple[int, int], ...], differs: Floats, contrast: Floats
) -> tuple[tuple[int, int] | None, bool]:
    """Clip, its takes, (T,) how much differs from the frame before, (T,) contrast -> the take to judge, None for none;
    whether something before or at its ends was left out for showing nothing."""
    long = [take for take in takes if _long_enough(clip, take)]
    if not long:
        return None, False
    chosen = next((take for take in long if (differs[take[0] + 1 : take[1]] >= MOVES).sum() >= FRAMES), long[0])
    seen = _seen(contrast, chosen)
    seen = seen if _long_enough(clip, seen) else chosen
    return seen, seen != long[0]


def _seen(contrast: Floats, take: tuple[int, int]) -> tuple[int, int]:
    """(T,) contrast, a take -> the take without the ends in which it is black, white or fading."""
    start, stop = take
    usual = float(np.median(contrast[start:stop]))
    whole = np.flatnonzero(contrast[start:stop] >= ALL * usual) + start
    if contrast[start] < NOTHING * usual:
        start = int(whole[0])
    if contrast[stop - 1] < NOTHING * usual:
        stop = int(whole[-1]) + 1
    return start, stop


def _long_enough(clip: Clip, take: tuple[int, int]) -> bool:
    return bool(clip.time_s[take[1] - 1] - clip.time_s[take[0]] + clip.frame_s >= SHORTEST_TAKE_S)
