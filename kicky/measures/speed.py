"""Ball speed by the article's pixel scale."""

from __future__ import annotations

from .. import rules2d
from ..domain import Measure, Shot

# What the true launch speed was, as multiples of this number: 5th and 95th percentile over 309 synthetic
# shots of all four views and every kind (seeds 0 to 319, true tracks). The formula cannot see motion
# towards or away from the camera, so the interval is wide and lies mostly above the value.
TRUE_PER_SHOWN = (0.76, 3.81)


def speed(shot: Shot) -> Measure:
    """Shot -> speed in km/h across the picture, 92nd percentile, capped at 140 (source: the article's formula)."""
    method = "rules2d: pixels a second × 0.22 m / ball width, 92nd percentile"
    if shot.kick_frame is None:
        return Measure("speed", "km/h", None, method=method, why_not=shot.kick_why_not or "No kick was seen.")
    value = rules2d.peak_speed_kmh(shot.clip, shot.ball)
    if value is None:
        why_not = "The ball was seen in too few frames after the kick."
        return Measure("speed", "km/h", None, method=method, why_not=why_not)
    low, high = (value * factor for factor in TRUE_PER_SHOWN)
    return Measure("speed", "km/h", value, low, min(high, rules2d.CAP_KMH), method)
