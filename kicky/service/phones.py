"""The phone that filmed: what may be told of it, what all its shots say of it, and how much surer speeds get."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import jobs as queue
from .. import speeds, storage
from ..errors import BadScene, called
from ..harder import Harder, harder
from ..shown import Z_90, give_or_take, metres
from ..speeds import ONE_LENS
from ..storage import files, settings
from ..storage.kinds import BUNDLE
from ..storage.views import JobView

if TYPE_CHECKING:
    from ..domain import Camera
    from ..scene.bundle import Bundle

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
    """What was stated for a session, None for what was not; `asked` is False where these were never asked.

    Of a shot, `own` says that where the ball lay was stated of it alone.
    """

    phone: str | None = None
    zoom: str | None = None
    ball: Ball | None = None
    asked: bool = False
    own: bool = False


def known() -> tuple[str, ...]:
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


def ball_words(ball: Ball, goal_size_m: tuple[float, float]) -> str:
    """Where the ball lay as stated, the goal -> the place in words."""
    from ..scene import spots

    return spots.spot(*ball, goal_size_m).words


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


def yours() -> str | None:
    """-> the phone that was stated last, None before any was or when the table has it no longer."""
    name = settings.your_phone()
    return name if name in known() else None


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


def camera(session_id: int) -> SessionCameraView | None:
    """Session -> its camera as all its shots gave it, None while they gave none. Raises: NotFound."""
    from ..storage import cameras

    found = cameras.bundle(session_id)
    return None if found is None else _view(found)


def refine(session_id: int) -> int:
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
    from ..camera import LOG_FOCAL, Z

    height, alone = _within(found.camera, Z), _within(found.before, Z)
    lens, lens_alone = _within(found.camera, LOG_FOCAL), _within(found.before, LOG_FOCAL)
    bias, bias_within = found.ball_bias_px, Z_90 * found.ball_bias_sd_px
    height_m = float(found.camera.parameters[Z])
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


def next_to_usual(shot_id: int) -> Harder | None:
    """Shot -> by how much harder than its player's others by the same phone, None where those are too few."""
    from .saturdays import per_shot

    history = per_shot()
    mine = history[history["shot_id"] == shot_id]
    if not len(mine) or ONE_LENS not in history or not isinstance(player := mine["player"].iloc[0], str):
        return None
    alike = _same_phone(int(mine["session_id"].iloc[0]), set(history["session_id"].tolist()))
    others = history[
        (history["player"] == player) & history["session_id"].isin(alike) & (history["shot_id"] != shot_id)
    ]
    one = speeds.column(mine, ONE_LENS)[0]
    return harder(one, [each for each in speeds.column(others, ONE_LENS) if each]) if one else None


def _same_phone(session_id: int, sessions: set[int]) -> set[int]:
    """Session, all of them -> those filmed by the same phone and zoom as it: itself, where nobody said which."""
    here = stated(session_id)
    if here.phone is None or here.zoom is None:
        return {session_id}
    return {other for other in sessions if (said := stated(other)).phone == here.phone and said.zoom == here.zoom}
