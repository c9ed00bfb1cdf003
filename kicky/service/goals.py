"""A session's goal: proposed, settled on its posts, kept with the picture it was clicked on, checked by eye."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from .. import render, storage, video
from ..camera import GROUND, PLACE, Z
from ..domain import Camera, Clip, Floats, Scene
from ..drafts import write_whole
from ..errors import BadScene, KickyError, called
from ..home import database
from ..scene import from_corners, told_of
from ..scene.calibrate import calibrate, outlook
from ..scene.drift import inherit, still_picture
from ..scene.grid import ground_grid_px
from ..scene.marks import Clicked as Clicked
from ..scene.marks import drawn_px, offered
from ..scene.propose import propose
from ..scene.refine import refine
from ..shown import Z_90, give_or_take, metres
from ..storage import files
from ..storage.database import reading, told, writing
from ..storage.tables import SessionRow
from ..video.picture import median
from . import stills

Corners = tuple[tuple[float, float], ...]
GRID_COLOUR, GRID_SHARE = (235, 200, 90), 0.55
MARK_COLOUR, BEYOND_PX = (60, 200, 255), 20_000
SAME = 0.03  # of the picture's longer side: corners that moved no farther are put right, not another goal
CERTAIN = 0.95  # P(these are the goal's corners) from which no other picture is asked
OTHER_CLIPS = 3
NO_GOAL = "This session has no goal yet: click its four corners first."
SPREAD, LONGEST_S = 9, 12.0  # frames of a take, and how far into a long one: each second has to be decoded


@dataclass(frozen=True, slots=True)
class GoalCheck:
    """The goal drawn back as JPEG, where the camera would stand, in words; `sound` is False where it cannot be."""

    still: bytes
    words: str
    sound: bool


def proposal(clip_id: int) -> Corners | None:
    """Clip -> corners of the goal its picture shows, None unless one stands out. Raises: KickyError.

    Where its first moments leave a doubt, its whole take and then other clips of its session are looked at, too:
    the surest goal is carried to this clip's picture, if the phone was not moved in between.
    """
    here, best = _still_of(clip_id), None
    for picture in _pictures(clip_id, here):
        found = propose(picture)
        if found is None or (best is not None and found.score <= best.score):
            continue
        if picture is not here:
            carried = inherit(from_corners(found.corners_px), picture, here)
            if carried is None:
                continue
            found = replace(found, corners_px=carried.goal_corners_px)
        best = found
        if best.score >= CERTAIN:
            break
    return _plain(best.corners_px) if best else None


def settled(clip_id: int, corners: Sequence[Sequence[float]]) -> tuple[Corners, float]:
    """Clip, corners as clicked -> on the inner edges of posts and bar, and how sure one is, in px."""
    moved, sigma = refine(_still_of(clip_id), from_corners(corners).goal_corners_px)
    return _plain(moved), sigma


def keep(session_id: int, values: dict[str, Any], size_wh: tuple[int, int], clip_id: int | None) -> None:
    """Session, its scene as plain values, the clip it was clicked on -> kept, with that clip's picture beside it."""
    if clip_id is not None:
        values = values | {"clip_id": clip_id}
        _remember(session_id, clip_id)
    storage.set_scene(session_id, values, size_wh)


def restate(session_id: int, stated: Callable[[tuple[float, float]], dict[str, Any]]) -> None:
    """Session, the goal's size -> what is stated of lens and ball -> kept with the goal. Raises: NotFound, BadScene."""
    scene = storage.scene(session_id)
    if scene is None:
        raise BadScene(NO_GOAL)
    told = stated(scene.goal_size_m)
    with writing() as db:
        row = storage.found(db, SessionRow, session_id, "session")
        if row.scene is None:
            raise BadScene(NO_GOAL)
        row.scene = row.scene | told


def marks_beside(
    session_id: int, corners: Sequence[Sequence[float]], goal_size_m: tuple[float, float], size_wh: tuple[int, int]
) -> Clicked:
    """Session, its goal as clicked now -> the marks that were clicked beside it before, where it is the same goal."""
    before, scene = values(session_id), storage.scene(session_id)
    if scene is None or scene.size_wh_px != size_wh:
        return {}
    off = np.abs(from_corners(corners).goal_corners_px - np.array(scene.corners)).max()
    kept = before.get("marks") or {}
    return {kind: kept[kind] for kind in kept if kind in offered(goal_size_m)} if off < SAME * max(size_wh) else {}


def forget(session_id: int) -> None:
    """Session -> without a goal, its clips too. Raises: NotFound."""
    storage.change_session(session_id, scene=None, scene_width=None, scene_height=None)
    for clip in storage.clips(session_id):
        storage.change_clip(clip.id, scene=None)
    files.refuse_left(files.delete_goal_pictures(session_id))


def values(session_id: int) -> dict[str, Any]:
    """Session -> its scene as stored, {} while there is none: also `clip_id` and `lens_mm`. Raises: NotFound."""
    with reading() as db:
        return dict(storage.found(db, SessionRow, session_id, "session").scene or {})


def check(
    clip_id: int, picture: bytes, corners: Sequence[Sequence[float]], goal_size_m: tuple[float, float],
    camera_height_m: float | None, lens_mm: float | None, clicked: Clicked | None = None,
) -> GoalCheck:  # fmt: skip
    """Clip, one of its frames as JPEG, what is known of the goal -> GoalCheck. Raises: BadScene, NotFound."""
    scene = from_corners(corners, goal_size_m, camera_height_m=camera_height_m)
    known = {"lens_mm": lens_mm, "marks": clicked, "goal_corners_px": scene.goal_corners_px}
    scene = told_of(scene, known)
    clip, still = _clip(clip_id), stills.image(picture)
    verticals, picture_wh_px = _outlook(picture)
    placed = calibrate(scene, clip, [], verticals=verticals, picture_wh_px=picture_wh_px)
    drawn = render.scene_still(_marked(_gridded(still, placed), placed), placed)
    if placed.camera is None:
        return GoalCheck(stills.jpeg(drawn), placed.camera_why_not, sound=False)
    return GoalCheck(stills.jpeg(drawn), _words(placed.camera), sound=True)


@lru_cache(maxsize=4)
def _outlook(picture: bytes) -> tuple[Floats | None, tuple[int, int]]:
    """JPEG -> what `outlook` says of it; while corners are put right it is asked again and again of one."""
    return outlook(stills.image(picture))


def _gridded(still: stills.Image, scene: Scene) -> stills.Image:
    """-> the still with the goal's box and the ground drawn on it as the camera sees them."""
    if scene.camera is None:
        return still
    drawn, width = still.copy(), max(1, round(max(still.shape[:2]) / 1280))
    for segment in ground_grid_px(scene.camera, scene.goal_size_m):
        (x0, y0), (x1, y1) = np.round(segment).astype(int).tolist()
        cv2.line(drawn, (x0, y0), (x1, y1), GRID_COLOUR, width, cv2.LINE_AA)
    return np.asarray(cv2.addWeighted(drawn, GRID_SHARE, still, 1 - GRID_SHARE, 0), dtype=np.uint8)


def _marked(still: stills.Image, scene: Scene) -> stills.Image:
    """-> the still with the pitch's marks drawn on it where the camera has those that were clicked."""
    if scene.camera is None:
        return still
    drawn, width = still.copy(), max(2, round(max(still.shape[:2]) / 960))
    for way in drawn_px(scene.camera, scene.marks):
        points = np.clip(np.round(way), -BEYOND_PX, BEYOND_PX).astype(np.int32)
        cv2.polylines(drawn, [points], False, MARK_COLOUR, width, cv2.LINE_AA)
    return drawn


def _words(camera: Camera) -> str:
    """Camera -> where the phone stands, in one or two sentences."""
    x, y, height = (float(value) for value in camera.parameters[PLACE])
    away = float(np.hypot(x, y))
    way = np.array([x, y]) / max(away, 1e-6)
    away_half = Z_90 * float(np.sqrt(way @ camera.covariance[GROUND, GROUND] @ way))
    height_half = Z_90 * float(np.sqrt(camera.covariance[Z, Z]))
    return (
        f"The phone stands {metres(height)} high ({give_or_take(height, height_half)}) and {metres(away)} from the "
        f"goal ({give_or_take(away, away_half)})."
    )


def _remember(session_id: int, clip_id: int) -> None:
    """The picture the goal was clicked on -> a file of the session's, for later clips to be held to."""
    path = storage.goal_picture(session_id, clip_id)
    with told(database()):
        if path.exists():
            return
        _, data = cv2.imencode(".png", cv2.cvtColor(_still_of(clip_id), cv2.COLOR_BGR2GRAY))
        files.refuse_left(files.delete_goal_pictures(session_id))
        write_whole(path, data.tobytes())


def _pictures(clip_id: int, here: stills.Image) -> Iterator[stills.Image]:
    """Clip, its own still picture -> that, its whole take without whoever moves, and other clips of its session."""
    yield here
    yield without_walkers(_clip(clip_id))
    row = storage.clip(clip_id)
    others = [other.id for other in storage.clips(row.session_id) if other.id != clip_id]
    for other in others[:: max(1, len(others) // OTHER_CLIPS)][:OTHER_CLIPS]:
        with suppress(KickyError):  # a film that went missing is told of where it is asked for
            yield _still_of(other)


def without_walkers(clip: Clip) -> stills.Image:
    """Clip -> the median of frames from all of its take, BGR: nobody stays before a post that long."""
    start, stop = clip.take
    stop = max(start + 1, min(stop, int(np.searchsorted(clip.time_s, clip.time_s[start] + LONGEST_S))))
    wanted = set(np.linspace(start, stop - 1, SPREAD).astype(int).tolist())
    seen = [image for _, image in video.frames(replace(clip, take=(start, stop)), only=wanted)]
    return median(seen[: len(seen) - 1 + len(seen) % 2])


def _clip(clip_id: int) -> Clip:
    row = storage.clip(clip_id)
    film = files.named(row.file)
    with called(row.file, row.name):
        return video.open_clip(film, row.slow_motion)


def _still_of(clip_id: int) -> stills.Image:
    row, clip = storage.clip(clip_id), _clip(clip_id)
    with called(row.file, row.name):
        return still_picture(clip)


def _plain(corners: Floats) -> Corners:
    return tuple((round(float(x), 2), round(float(y), 2)) for x, y in corners)
