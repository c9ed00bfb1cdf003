"""Work on a session's whole film: shots proposed, cuts made clips, a copy that every browser plays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .. import clipper, storage, video
from ..domain import Clip, Floats, OnProgress
from ..errors import Cancelled, KickyError, UnfitClip
from ..home import database
from ..storage import answers, files, films, labels
from ..storage.database import told
from ..storage.kinds import EXPORTED, KEPT, PROPOSED
from ..storage.tables import ClipRow, JobRow
from ..storage.views import CutView, FilmView

SAME_S = 2.0  # a proposal this near to a cut that is there is the same shot
THUMB_PX = 320


def propose(job: JobRow, tell: OnProgress) -> None:
    """Job -> the film has its proposals; cuts that are there stay as they are. Settings: film_id, begin_s, end_s."""
    row, film = _opened(job)
    time_s = film.clip.time_s
    ends_s = (job.settings.get("begin_s", 0.0), job.settings.get("end_s", time_s[-1]))
    first, last = (int(k) for k in np.searchsorted(time_s, ends_s))
    part = replace(film.clip, take=(min(first, len(time_s) - 1), min(last + 1, len(time_s))))
    found, damage = clipper.propose(part, _goal(row, film), tell, film.keys)
    middles = [(cut.kick if cut.kick is not None else (cut.first + cut.last) // 2) for cut in films.cuts(row.id)]
    new = [b for b in found if all(abs(time_s[b.kick] - time_s[m]) > SAME_S for m in middles)]
    for burst in new:
        thumb = thumbnail(film, burst.kick)
        films.add_cut(row.id, burst.first, burst.last, PROPOSED, kick=burst.kick, thumb=thumb)
    if damage:
        raise UnfitClip(f"{len(new)} shots were found, but not all of the film could be looked at. {damage[0]}")


def export(job: JobRow, tell: OnProgress) -> None:
    """Job -> each kept cut of its film is a clip of the session. Settings: film_id.

    A cut in a damaged place is told at the end; the others are exported.
    """
    row, film = _opened(job)
    todo = [cut for cut in films.cuts(row.id) if cut.state == KEPT]
    failed = []
    for number, cut in enumerate(todo):
        tell("cut", number / len(todo))
        try:
            _export(row, film, cut, _part(tell, number, len(todo)))
        except Cancelled:
            raise
        except KickyError as error:
            failed.append(f"The cut at {clock(film.clip.time_s[cut.first])} was not exported: {error}")
    if failed:
        raise UnfitClip(" ".join(failed[:3]))


def _part(tell: OnProgress, number: int, count: int) -> OnProgress:
    """What takes the share of all, which of how many -> what takes the share of that one."""
    return lambda stage, share: tell(stage, (number + share) / count)


def _export(row: FilmView, film: clipper.SessionFilm, cut: CutView, tell: OnProgress) -> None:
    """One cut -> a clip that knows where in which film it lies."""
    start_s = float(film.clip.time_s[cut.first])
    name = f"{row.path.stem}_{clock(start_s).replace(':', '-')}.mp4"
    with told(database()), files.passing_film() as temporary:
        clipper.cut(film, cut.first, cut.last, temporary, tell)
        clip = video.open_clip(temporary, film.clip.stated_slow or 1.0)  # what is cut out no longer states it
        known = storage.clip_by_hash(clip.sha256)
        clip_id = known.id or 0 if known else storage.add_clip(_row(row, clip, name, start_s), temporary)
    if cut.kick is not None and cut.first <= cut.kick <= cut.last:
        labels.put(clip_id, answers.CUT_KICK, str(cut.kick - cut.first))
    films.change_cut(cut.id, state=EXPORTED, clip_id=clip_id)


def _row(row: FilmView, clip: Clip, name: str, start_s: float) -> ClipRow:
    width, height = clip.size_wh_px
    return ClipRow(
        session_id=row.session_id, sha256=clip.sha256, name=name, file=f"{clip.sha256}.mp4", width=width, height=height,
        frames=len(clip.time_s), duration_s=float(clip.time_s[-1] + clip.frame_s), film=row.path.name,
        film_start_s=start_s, slow_motion=clip.slow_motion,
    )  # fmt: skip


def copy(job: JobRow, tell: OnProgress) -> None:
    """Job -> a copy of the film that every browser plays and steps through quickly. Settings: film_id."""
    row, _ = _opened(job)
    target = files.named(f"film-{row.id}.browser.mp4")
    with told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        video.browser_copy(row.path, target, tell)
    films.change_film(row.id, browser_copy=target.name)


def thumbnail(film: clipper.SessionFilm, frame: int) -> bytes | None:
    """Film, frame -> a small JPEG of it; None where that place of the film is damaged."""
    import cv2

    try:
        image = video.still(film.clip, frame)
    except KickyError:
        return None
    scale = THUMB_PX / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes())


def clock(second: float) -> str:
    """Seconds -> minutes and seconds.

    >>> clock(3725.4)
    '62:05.4'
    """
    return f"{int(second // 60):02d}:{second % 60:04.1f}"


def _opened(job: JobRow) -> tuple[FilmView, clipper.SessionFilm]:
    row = films.film(int(job.settings["film_id"]))
    return row, clipper.unchanged(row.path, row.size_bytes, row.modified_ns)


def _goal(row: FilmView, film: clipper.SessionFilm) -> Floats | None:
    """Film -> its session's goal in its pixels, else the one that is seen in it, None where neither is."""
    marked = storage.scene(row.session_id)
    if marked is not None and marked.size_wh_px[0]:
        scale = film.clip.size_wh_px[0] / marked.size_wh_px[0]
        return np.asarray(marked.corners, dtype=float) * scale
    from ..scene.propose import propose as look

    middle = [video.still(film.clip, int(k)) for k in np.linspace(0, len(film.clip.time_s) - 1, 7)[1:-1]]
    seen = look(np.asarray(np.median(np.stack(middle), axis=0), dtype=np.uint8))
    return None if seen is None else seen.corners_px
