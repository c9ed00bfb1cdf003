"""Film -> how many times slower than real time it plays, as far as its file says so.

What is known to be written where:

- Android's own recorder: com.android.capture.fps, frames a second as filmed. Some phones then write a film that plays
  at 30, others one that plays as fast as it was filmed: only both rates together tell.
- Sony: captureFps and formatFps in a piece of XML behind the film.
- iPhones: com.apple.quicktime.full-frame-rate-playback-intent is 0 for slow motion. Their own films play as fast as
  life and are slowed by whoever shows them; of one that was exported slowed the tag does not say by how much.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

from .tags import SONY_XML, box_of, handed_on, index_of, items_of, number_of

CAPTURE, INTENT = "com.android.capture.fps", "com.apple.quicktime.full-frame-rate-playback-intent"
LEAST, MOST = 1.4, 64.0  # slower by less is how phones measure rates
WHOLE = 0.03  # 240 frames a second at 29.97 are meant as 8 times
FASTEST_HZ = 62.0  # what plays faster than this was not slowed
_RATE = rb'captureFps="([\d.]+)[pi]?"'


def stated_slow(path: Path, plays_hz: float) -> float | None:
    """Film, the frames a second it plays at -> times slower than life; 1 where it says nothing, None if not how much.

    A film that plays faster than life is not told of: nobody films a kick so.
    """
    index = index_of(path)
    said = {key: number for key, kind, value in items_of(index) if (number := number_of(kind, value)) is not None}
    captured_hz = said.get(CAPTURE) or _sony_hz(path) or (0.0 if index else _number(handed_on(path).get(CAPTURE, "")))
    factor = captured_hz / plays_hz
    if LEAST <= factor <= MOST:
        near = round(factor)
        return float(near) if abs(factor - near) <= WHOLE * near else factor
    return None if said.get(INTENT) == 0 and plays_hz < FASTEST_HZ and not captured_hz else 1.0


def _sony_hz(path: Path) -> float:
    found = re.search(_RATE, box_of(path, SONY_XML))
    return _number(found[1].decode()) if found else 0.0


def _number(words: str) -> float:
    """Words -> the number they are, 0 where they are none."""
    try:
        number = float(words)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0
