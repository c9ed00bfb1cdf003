"""A session's goal: what is known of it, its corners checked, proposed and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import storage
from ..errors import BadScene, UnfitClip, called
from ..storage import files
from ..storage.views import SceneView
from .phones import Ball, stated_values

if TYPE_CHECKING:
    from ..scene.marks import Clicked
    from .goals import GoalCheck


def still(clip_id: int, frame: int = 0) -> bytes:
    """Clip, frame -> that frame as JPEG. Raises: NotFound, UnfitClip when there is no such frame."""
    row = storage.clip(clip_id)
    if not 0 <= frame < row.frames:
        raise UnfitClip(f"{row.name} has {row.frames} frames: there is no frame {frame}.")
    path = files.named(f"{row.sha256}-{frame}.jpg")

    def drawn() -> bytes:
        from .. import video
        from . import stills

        film = files.named(row.file)
        with called(row.file, row.name):
            return stills.jpeg(video.still(video.open_clip(film, row.slow_motion), frame))

    return files.kept(path, drawn)


def goal_sizes() -> dict[str, tuple[float, float]]:
    """-> the usual goals, inner width and height in metres."""
    from ..scene import GOAL_SIZES

    return dict(GOAL_SIZES)


def of_session(session_id: int) -> SceneView | None:
    """Session -> its goal, None while nobody clicked it. Raises: NotFound."""
    return storage.scene(session_id)


def keep(
    session_id: int,
    corners: Sequence[Sequence[float]],
    goal_size_m: tuple[float, float],
    camera_height_m: float | None = None,
    size_wh: tuple[int, int] | None = None,
    *,
    clip_id: int | None = None,
    lens_mm: float | None = None,
    phone: str | None = None,
    zoom: str | None = None,
    ball: Ball | None = None,
) -> None:
    """Session, corners in any order in a picture of size_wh (None: that of its first clip) -> remembered.

    `clip_id` is the clip they were clicked on: the others are held to its picture, so that a phone that sags or
    was moved is noticed. `phone`, `zoom` and `ball` are what the player says of them (see `stating`); `lens_mm` is
    the lens as 35 mm film has it, where that is known without a zoom. Raises: BadScene, NotFound.
    """
    from ..scene import from_corners, to_json
    from .goals import keep, marks_beside

    stated = stated_values(phone, zoom, ball, goal_size_m)
    values = to_json(from_corners(corners, goal_size_m, camera_height_m=camera_height_m)) | stated
    if zoom is None and lens_mm is not None:
        values["lens_mm"] = lens_mm
    if size_wh is None:
        first = next(iter(storage.clips(session_id)), None)
        if first is None:
            raise BadScene("There is no picture yet to click a goal on: add a clip first.")
        size_wh = first.width, first.height
    values["marks"] = marks_beside(session_id, corners, goal_size_m, size_wh)
    keep(session_id, values, size_wh, clip_id)


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark of the pitch that may be clicked: in words, and by how many points."""

    words: str
    clicks: int


def marks_offered(goal_size_m: tuple[float, float]) -> dict[str, MarkView]:
    """Goal -> the pitch's marks that may be clicked before it, none where nobody knows how far they are."""
    from ..scene.marks import offered

    return {name: MarkView(kind.words, kind.clicks) for name, kind in offered(goal_size_m).items()}


def marks(session_id: int, size_wh: tuple[int, int]) -> Clicked:
    """Session, a picture's size -> the pitch's marks that were clicked, in that picture's pixels. Raises: NotFound."""
    from ..scene.marks import scaled
    from .goals import values

    goal = of_session(session_id)
    if goal is None:
        return {}
    across, down = (here / there for here, there in zip(size_wh, goal.size_wh_px, strict=True))
    return scaled(values(session_id).get("marks") or {}, across, down)


def corners_in_order(corners: Sequence[Sequence[float]]) -> tuple[tuple[float, float], ...]:
    """Four corners in any order -> TL TR BR BL, as they lie. Raises: BadScene where they make no goal."""
    from ..scene import in_order

    return tuple((float(x), float(y)) for x, y in in_order(corners))


def forget(session_id: int) -> None:
    """Session -> without a goal, as if nobody had clicked one. Raises: NotFound."""
    from .goals import forget

    forget(session_id)


def lens(session_id: int) -> float | None:
    """Session -> the lens the player stated, as 35 mm film has it, None when not stated. Raises: NotFound."""
    from .goals import values

    return values(session_id).get("lens_mm")


def propose(clip_id: int) -> tuple[tuple[float, float], ...] | None:
    """Clip -> the goal's corners as its picture shows them, None unless a goal stands out. Raises: NotFound."""
    from .goals import proposal

    return proposal(clip_id)


def settle(clip_id: int, corners: Sequence[Sequence[float]]) -> tuple[tuple[tuple[float, float], ...], float]:
    """Clip, corners as clicked -> on the inner edges of posts and bar, and how sure one is, px. Raises: BadScene."""
    from .goals import settled

    return settled(clip_id, corners)


def check(
    clip_id: int,
    corners: Sequence[Sequence[float]],
    goal_size_m: tuple[float, float],
    camera_height_m: float | None = None,
    lens_mm: float | None = None,
    frame: int = 0,
    clicked: Clicked | None = None,
) -> GoalCheck:
    """Clip, corners -> its frame with goal and ground drawn back, and where the phone would stand, in words.

    Raises: BadScene, NotFound.
    """
    from .goals import check

    return check(clip_id, still(clip_id, frame), corners, goal_size_m, camera_height_m, lens_mm, clicked)
