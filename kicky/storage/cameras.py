"""A session's one camera <-> the row of its session: it lies with the goal it rests on and goes when that does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sqlmodel import col, select

from ..errors import BadScene
from . import files
from .database import found, reading, writing
from .shots import AGE
from .tables import ClipRow, SessionRow, ShotRow
from .views import plain

if TYPE_CHECKING:
    from ..domain import Camera
    from ..scene.bundle import Bundle

PLACE = "bundle"  # its name among the values of the session's scene
_SAID = ("size_wh_px", "residual_px", "height_from", "focal_from")
CHANGED = "The goal was clicked anew meanwhile: analyse the shots of this session again."


def goal(session_id: int) -> dict[str, Any] | None:
    """Session -> its goal as stored, without the camera that lies with it. Raises: NotFound."""
    with reading() as db:
        return _goal(found(db, SessionRow, session_id, "session"))


def keep_bundle(session_id: int, bundle: Bundle, rests_on: dict[str, Any] | None) -> None:
    """Session, its camera, the goal that was there when its shots were read -> kept with the goal.

    Raises: NotFound, BadScene when the session has another goal by now.
    """
    values = {
        "camera": _values(bundle.camera),
        "before": _values(bundle.before),
        "ball_bias_px": plain(bundle.ball_bias_px),
        "ball_bias_sd_px": plain(bundle.ball_bias_sd_px),
        "shots": bundle.shots,
        "expected": plain(bundle.expected),
    }
    with writing() as db:
        row = found(db, SessionRow, session_id, "session")
        if row.scene is None or _goal(row) != rests_on:
            raise BadScene(CHANGED)
        row.scene = row.scene | {PLACE: values}


def bundle(session_id: int) -> Bundle | None:
    """Session -> its camera as all its shots gave it, None while there is none. Raises: NotFound."""
    with reading() as db:
        values = (found(db, SessionRow, session_id, "session").scene or {}).get(PLACE)
    return None if values is None else _bundle(values)


def by_phone(phone: str, zoom: str, besides: int) -> list[Bundle]:
    """A phone and its zoom as stated, one session -> the cameras of all other sessions that were filmed so."""
    with reading() as db:
        scenes = db.exec(select(SessionRow.scene).where(SessionRow.id != besides)).all()
    alike = (scene for scene in scenes if scene and (scene.get("phone"), scene.get("zoom")) == (phone, zoom))
    return [_bundle(scene[PLACE]) for scene in alike if scene.get(PLACE)]


def shots_with_camera(session_id: int) -> dict[int, tuple[int, int]]:
    """Session -> the newest shot of each clip that shows its goal from a known camera, each with its picture's size.

    Left out are clips with a goal of their own, and what was analysed before the goal was clicked elsewhere or
    given another size. Raises: NotFound.
    """
    with reading() as db:
        session = found(db, SessionRow, session_id, "session")
        mine = select(ShotRow).join(ClipRow).where(ClipRow.session_id == session_id, col(ClipRow.scene).is_(None))
        newest = {shot.clip_id: shot for shot in db.exec(mine.order_by(*AGE)).all()}
    if session.scene is None:
        return {}
    sizes = ((shot.id or 0, _size_where_seen(session, session.scene, shot)) for _, shot in sorted(newest.items()))
    return {number: size for number, size in sizes if size is not None}


def _size_where_seen(session: SessionRow, values: dict[str, Any], shot: ShotRow) -> tuple[int, int] | None:
    """-> the picture's size where the shot shows the session's goal as clicked, from a known camera, else None."""
    from ..scene.drift import MOVED
    from .archive import is_steadied, read_scene

    path = files.there(shot.evidence)
    if path is None:
        return None
    scene, size = read_scene(path)
    if is_steadied(path):  # a phone in the hand stands nowhere that the session's other shots could share
        return None
    if scene is None or scene.camera is None or list(scene.goal_size_m) != list(values["goal_size_m"]):
        return None
    clicked_wh = np.array([session.scene_width or size[0], session.scene_height or size[1]])
    off = scene.goal_corners_px / size - np.array(values["goal_corners_px"]) / clicked_wh
    return size if np.abs(off * size).max() <= MOVED * max(size) else None


def clip_for(session_id: int) -> int | None:
    """Session -> its first clip, which stands for it in the queue; None while it has none."""
    with reading() as db:
        mine = select(ClipRow.id).where(ClipRow.session_id == session_id)
        return db.exec(mine.order_by(col(ClipRow.id))).first()


def _goal(row: SessionRow) -> dict[str, Any] | None:
    """Session -> its scene's values without its camera."""
    return None if row.scene is None else {name: value for name, value in row.scene.items() if name != PLACE}


def _values(camera: Camera) -> dict[str, Any]:
    values: dict[str, Any] = plain({name: getattr(camera, name) for name in ("parameters", "covariance", *_SAID)})
    return values


def _bundle(values: dict[str, Any]) -> Bundle:
    from ..scene.bundle import Bundle

    numbers = (values["ball_bias_px"], values["ball_bias_sd_px"], values["shots"])
    expected = values.get("expected")
    return Bundle(
        _camera(values["camera"]), _camera(values["before"]), *numbers, expected and (expected[0], expected[1])
    )


def _camera(values: dict[str, Any]) -> Camera:
    from ..domain import Camera

    width, height = values["size_wh_px"]
    arrays = {name: np.array(values[name]) for name in ("parameters", "covariance")}
    return Camera(**values | arrays | {"size_wh_px": (width, height)})
