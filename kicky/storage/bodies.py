"""A shot's body as a page draws it: plain values about the ball, so that two shots lie on each other as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .views import MeasureView, Point


@dataclass(frozen=True, slots=True)
class BodyView:
    """The shooter through the swing, metres from the ground under the ball: x right, y where the ball goes, z up.

    Row by row `since_s` contact and `joints_m`, 15 joints in the order of domain.BODY_JOINTS; `contact` is its row,
    `likely_m` are likely bodies there, of the first ten joints. The ball may go `way_doubt_deg` to either side.
    `phone_m` is where the phone stood. `angles` are measures at contact. Where there is no body, why.
    """

    since_s: tuple[float, ...] = ()
    joints_m: tuple[tuple[Point, ...], ...] = ()
    contact: int = 0
    likely_m: tuple[tuple[Point, ...], ...] = ()
    way_doubt_deg: float = 0.0
    phone_m: Point = (0.0, 0.0, 0.0)
    kicks_left: bool = False
    angles: Mapping[str, MeasureView] = field(default_factory=dict)
    why_not: str = ""
