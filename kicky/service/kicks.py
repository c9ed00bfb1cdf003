"""Moving the kick by hand: the frames to choose from, and the choice."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import jobs as queue
from .. import storage
from ..errors import UnfitClip, called
from ..storage import files, labels
from ..storage.kinds import RESTRIKE
from ..storage.views import JobView, ShotView

if TYPE_CHECKING:
    from ..domain import Floats, Shot

AROUND_S, MOST = 0.5, 41  # frames shown: so far to either side, and at most so many
NEAR_S = 0.2  # ball until, and shooter within, this of the middle are what the pictures are cut to
BALLS_AROUND, MARGIN = 14.0, 0.12  # the cut is at least so many balls wide; what is left about it
LONGEST_PX, QUALITY = 720, 82


@dataclass(frozen=True, slots=True)
class Strip:
    """Frames one after the other: number, time of the film in s, JPEG. `kick_frame` may lie outside them, or be None.

    `first` and `last` are the frames of the take in which a kick may lie.
    """

    frames: tuple[int, ...]
    time_s: tuple[float, ...]
    pictures: tuple[bytes, ...]
    kick_frame: int | None
    first: int
    last: int
    from_s: float
    until_s: float


def strip(shot_id: int, around_s: float | None = None) -> Strip:
    """Shot, a moment of its film (None: its kick, or where it has none the middle) -> the frames around that.

    Decoded once and kept beside the evidence. Raises: NotFound, UnreadableClip.
    """
    import numpy as np

    seen = storage.evidence(shot_id)
    time_s, (first, stop) = seen.clip.time_s, seen.clip.take
    if around_s is not None:
        middle = int(np.abs(time_s - around_s).argmin())
    else:
        middle = (first + stop) // 2 if seen.kick_frame is None else seen.kick_frame
    middle = min(max(middle, first), stop - 2)
    path = files.beside(storage.evidence_file(shot_id), f"strip-{middle}.json")
    kept = json.loads(files.kept(path, lambda: _drawn(seen, middle, shot_id)))
    frames = tuple(int(frame) for frame in kept["frames"])
    pictures = tuple(base64.b64decode(picture) for picture in kept["pictures"])
    shown_s = tuple(float(time_s[frame]) for frame in frames)
    ends_s = (float(time_s[first]), float(time_s[stop - 2]))
    return Strip(frames, shown_s, pictures, seen.kick_frame, first, stop - 2, *ends_s)


def _drawn(seen: Shot, middle: int, shot_id: int) -> bytes:
    """The frames around the middle one, cut and shrunk -> JSON."""
    from dataclasses import replace

    import numpy as np

    from .. import video
    from . import stills

    time_s, (first, stop) = seen.clip.time_s, seen.clip.take
    near = np.flatnonzero(np.abs(time_s - time_s[middle]) <= AROUND_S)
    low = max(first, middle - MOST // 2, int(near[0]))
    high = min(stop - 1, middle + MOST // 2 + 1, int(near[-1]) + 1)
    x0, y0, x1, y1 = cut(seen, middle)
    row = storage.clip(storage.shots(shot_id=shot_id)[0].clip_id)
    kept: dict[str, Any] = {"frames": list(range(low, high)), "pictures": []}
    with called(row.file, row.name):
        for _, image in video.frames(replace(seen.clip, take=(low, high))):
            small = stills.shrunk(image[y0:y1, x0:x1], LONGEST_PX)
            kept["pictures"].append(base64.b64encode(stills.jpeg(small, QUALITY)).decode())
    return json.dumps(kept).encode()


def cut(seen: Shot, middle: int) -> tuple[int, int, int, int]:
    """Shot, frame -> x0 y0 x1 y1 about ball and shooter around then; the whole picture where neither was seen."""
    import numpy as np

    width, height = seen.clip.size_wh_px
    near = np.flatnonzero(np.abs(seen.clip.time_s - seen.clip.time_s[middle]) <= NEAR_S)
    mine = [player for player in seen.players if player.label == seen.shooter]
    wanted = [(seen.ball, frame) for frame in near.tolist() if frame <= middle + 1]
    wanted += [(player, frame) for player in mine for frame in near.tolist()]
    boxes: Floats = np.array([track.box_px(frame) for track, frame in wanted])
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    if not len(boxes):
        return 0, 0, width, height
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    ball_px = np.nanmax(seen.ball.size_px[near]) if np.isfinite(seen.ball.size_px[near]).any() else 0.0
    half = np.maximum((high - low) * (0.5 + MARGIN), max(BALLS_AROUND * ball_px / 2, 0.06 * max(width, height)))
    half = np.maximum(half, half[::-1] * 0.75)  # nearly square: it has to be large on a phone and on a laptop
    x0, y0 = np.maximum((low + high) / 2 - half, 0).astype(int).tolist()
    x1, y1 = np.minimum((low + high) / 2 + half, [width, height]).astype(int).tolist()
    return x0, y0, x1, y1


def by_hand(clip_id: int) -> int | None:
    """Clip -> the kick's frame as a person set it, None where nobody did."""
    return labels.contact_frame(clip_id)


def move(shot_id: int, frame: int | None) -> int:
    """Shot, its kick's frame (None: as the program finds it) -> the job that judges the shot anew.

    What a person said is kept through every later analysis, until it is taken back.
    Raises: NotFound, UnfitClip when there is no such frame in the take, or nothing to take back.
    """
    shot = storage.shots(shot_id=shot_id)[0]
    if frame is None:
        if labels.contact_frame(shot.clip_id) is None:
            raise UnfitClip("Nobody has moved this kick: there is nothing to take back.")
        return taken_back(shot, labels.CONTACT_FRAME, "kick_frame")
    from .. import kick

    kick.by_hand(storage.evidence(shot_id), frame)
    labels.put(shot.clip_id, labels.CONTACT_FRAME, str(frame))
    return queue.submit(RESTRIKE, [shot.clip_id], {"shot_id": shot_id, "kick_frame": frame})[0]


def taken_back(shot: ShotView, field: str, setting: str) -> int:
    """Shot, the field of what a person said, its name in a job -> the job that judges the shot without that word."""
    labels.put(shot.clip_id, field, "")
    # Its settings differ from a plain analysis's, which may be running with what was said before.
    return queue.submit("analyze", [shot.clip_id], {"detector": shot.detector, setting: None})[0]


def under_way(clip_id: int) -> JobView | None:
    """Clip -> the work that will change its shot, None when nothing waits or runs."""
    return queue.under_way(clip_id)
