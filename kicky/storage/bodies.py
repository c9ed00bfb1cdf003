"""A shot's body and its swing as a page draws them: plain values about the ball, so that two shots compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .flights import Point
from .views import MeasureView


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


@dataclass(frozen=True, slots=True)
class RangeView:
    """Published bounds of a measure, in its own unit, and by whom; `flag` is low, in, high or unclear, or empty."""

    low: float
    high: float
    source: str
    flag: str = ""


@dataclass(frozen=True, slots=True)
class CurveView:
    """One angle through the swing in degrees, frame by frame, None where it was not seen; nine in ten lie low..high.

    `at_contact` is its measure there, `usual` what was published for that moment.
    """

    value: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    at_contact: MeasureView
    usual: RangeView | None = None


@dataclass(frozen=True, slots=True)
class SwingView:
    """The body through the kick: seconds from contact, frame by frame, and each angle; or why there is none."""

    since_s: tuple[float, ...] = ()
    curves: Mapping[str, CurveView] = field(default_factory=dict)
    why_not: str = ""
