"""A film from outside -> a clip of ours: copied once, proved whole, known by its bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from .. import storage
from ..domain import Clip
from ..errors import NotFound, UnfitClip, UnreadableClip, called
from ..home import database
from ..scene import read, to_json
from ..storage import files
from ..storage.columns import now
from ..storage.database import reading, told
from ..storage.tables import ClipRow, SessionRow
from ..video import apart
from ..video.day import filmed_on
from . import gallery

CHUNK = 1 << 20


Chosen = int | Callable[[dt.date | None], int]
"""A session, or what says which one by the day a film was taken on, None where it does not tell."""


def take_in(session: Chosen, name: str, source: BinaryIO | Path, slow_motion: float | None) -> int:
    """Session, the film's name, its bytes -> the clip's number. Raises KickyError, and then nothing is kept."""
    name = shown_name(name)
    if isinstance(session, int):
        with reading() as db:
            storage.found(db, SessionRow, session, "session")
    with told(database()), files.passing(_ending(name)) as temporary:
        sha256 = _copy(source, name, temporary)
        with reading() as db:
            storage.refuse_double(db, sha256, name)
        clip = _proved(temporary, name, slow_motion)
        day = filmed_on(clip.path)
        home = session if isinstance(session, int) else session(day)
        row = _row(clip, home, day, name, f"{sha256}{_ending(name)}")
        return storage.add_clip(row, temporary)


def retime(clip_id: int, slow_motion: float) -> str:
    """Clip, times slower than real time it plays -> kept; the detector its shot was seen with, "" for none yet."""
    _refuse_pace(slow_motion)
    row = storage.clip(clip_id)
    storage.change_clip(
        clip_id, slow_motion=float(slow_motion), duration_s=row.duration_s * row.slow_motion / slow_motion
    )
    return next((shot.detector for shot in storage.shots(row.session_id) if shot.clip_id == clip_id), "")


def _refuse_pace(slow_motion: float | None) -> None:
    """Times slower than life, None: as the film says -> nothing. Raises: UnfitClip where that makes no sense."""
    if slow_motion is not None and not (math.isfinite(slow_motion) and slow_motion > 0):
        raise UnfitClip(f"Slow motion of {slow_motion:g} makes no sense: say how many times slower the film plays.")


def shown_name(name: str) -> str:
    """A film's name as it came -> as it is shown: all of it but line breaks and the like."""
    return "".join(sign for sign in name if sign.isprintable()).strip() or "clip"


def _ending(name: str) -> str:
    """Name -> the ending its file gets on our disk; what an ending promises is not believed, only shown."""
    ending = Path(name).suffix.lower()
    return ending if ending[1:].isalnum() and ending.isascii() and len(ending) <= 5 else ".film"


def _copy(source: BinaryIO | Path, name: str, target: Path) -> str:
    """Bytes -> the same in target, on the disk; returns their SHA-256."""
    if isinstance(source, Path):
        if not source.is_file():
            raise UnreadableClip(f"There is no film {source}: check the name and the folder.")
        with source.open("rb") as file:
            return _copy(file, name, target)
    if source.seekable():
        source.seek(0)
    digest = hashlib.sha256()
    with target.open("wb") as file:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        if not file.tell():
            raise UnreadableClip(f"{name} is empty, 0 bytes: copy it again from the phone.")
    return digest.hexdigest()


def _proved(path: Path, name: str, slow_motion: float | None) -> Clip:
    """Film, the name to tell it by -> Clip, every frame of which could be decoded."""
    _refuse_pace(slow_motion)
    with called(path.name, name):
        return apart.proved(path, slow_motion)


def _row(clip: Clip, session_id: int, day: dt.date | None, name: str, file: str) -> ClipRow:
    width, height = clip.size_wh_px
    return ClipRow(
        session_id=session_id,
        sha256=clip.sha256,
        name=name,
        file=file,
        width=width,
        height=height,
        frames=len(clip.time_s),
        duration_s=float(clip.time_s[-1] + clip.frame_s),
        slow_motion=float(clip.slow_motion),
        filmed_on=day,
    )


def sample(name: str, place: str) -> tuple[int, int]:
    """Sample, the place its session is known by -> (clip, session); taken in with its goal unless it is here."""
    found = next((sample for sample in gallery.samples() if sample.name == name), None)
    if found is None:
        raise NotFound(f"There is no sample {name!r}: make them with `python -m kicky samples`.")
    with found.path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if row := storage.clip_by_hash(sha256):
        return row.id or 0, row.session_id
    # A film that was made states its lens, as a phone's own file may.
    made = json.loads(found.path.with_suffix(".truth.json").read_text(encoding="utf-8"))
    goal = to_json(read(found.path.with_suffix(".scene.json"))) | {"focal_px": made["camera"]["focal_px"]}
    sessions = [session.id for session in storage.sessions() if session.place == place]
    session_id = sessions[0] if sessions else storage.add_session(now().astimezone().date(), place)
    clip_id = take_in(session_id, found.path.name, found.path, 1.0)
    # Each sample has a camera of its own, so it keeps its own goal; its session shows the newest.
    clip = storage.clip(clip_id)
    storage.set_scene(session_id, goal, (clip.width, clip.height), only=clip_id)
    return clip_id, session_id
