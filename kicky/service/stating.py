"""What the player may state so that speeds get sharper: phone and zoom, where the ball lay. Part of `service`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import storage
from ..errors import called
from ..storage import files, settings

Ball = tuple[str, float | None]
"""Where the ball lay: one of `ball_places`, and the metres or steps that were counted."""


@dataclass(frozen=True, slots=True)
class LensView:
    """A film's lens as 35 mm film has it, its standard deviation in percent, where it is from in words."""

    mm: float
    percent: float
    words: str


@dataclass(frozen=True, slots=True)
class StatedView:
    """What was stated for a session, None for what was not; `asked` is False where these were never asked."""

    phone: str | None = None
    zoom: str | None = None
    ball: Ball | None = None
    asked: bool = False


def phones() -> tuple[str, ...]:
    """-> the phones whose lenses are known."""
    from ..scene import phones

    return phones.names()


def zooms(phone: str | None) -> tuple[str, ...]:
    """Phone, None for any -> the zooms its camera shows."""
    from ..scene import phones

    return phones.zooms(phone)


def lens(phone: str | None, zoom: str | None) -> LensView | None:
    """Phone, zoom -> what is known of the film's lens, None when no zoom was stated."""
    from ..scene import phones

    told = phones.lens(phone, zoom)
    return LensView(told.value, 100 * told.sd / told.value, told.words) if told else None


def ball_places(goal_size_m: tuple[float, float]) -> dict[str, str]:
    """Goal -> where a ball may be said to have lain before it, with the words for it."""
    from ..scene import spots

    return spots.offered(goal_size_m)


def filmed_with(clip_id: int) -> tuple[str | None, str | None]:
    """Clip -> the phone and the zoom that its film names, each None where it does not or the phone is not known.

    Raises: NotFound.
    """
    from ..scene import phones
    from ..video.lens import filmed_with

    row = storage.clip(clip_id)
    film = files.there(row.file)
    if film is None:
        return None, None
    with called(row.file, row.name):
        said = filmed_with(film)
    named, zoom = phones.read_lens(said.lens_words)
    return phones.named(said.make, said.model) or phones.named("", named or ""), zoom


def your_phone() -> str | None:
    """-> the phone that was stated last, None before any was or when the table has it no longer."""
    name = settings.your_phone()
    return name if name in phones() else None


def stated(session_id: int) -> StatedView:
    """Session -> what was stated for it. Raises: NotFound."""
    from ..scene import told
    from .goals import values

    kept = values(session_id)
    said = kept.get("ball_said")
    ball = (said["choice"], said.get("number")) if said else None
    return StatedView(kept.get("phone"), told.zoom_told(kept), ball, "phone" in kept)


def stated_values(
    phone: str | None, zoom: str | None, ball: Ball | None, goal_size_m: tuple[float, float]
) -> dict[str, Any]:
    """What was stated -> as a session's scene keeps it; the phone is remembered. Raises: BadScene."""
    from ..scene import spots, told

    lens = told.lens_told({"phone": phone, "zoom": zoom})
    spot = spots.spot(*ball, goal_size_m) if ball else None
    if phone:
        settings.set_your_phone(phone)
    return {
        "phone": phone,
        "zoom": zoom,
        "lens_mm": lens and lens.value,
        "lens_log_sd": lens and lens.sd / lens.value,
        "lens_words": lens and lens.words,
        "ball_m": spot and [spot.value, spot.sd],
        "ball_said": {"choice": ball[0], "number": ball[1], "words": spot.words} if ball and spot else None,
    }
