"""Showing the ball: a still in which it lies, where it may lie, and what comes of a click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import jobs as queue
from .. import storage
from ..errors import UnfitClip
from ..storage import labels
from ..storage.kinds import RESTRIKE
from . import scenes
from .kicks import taken_back

if TYPE_CHECKING:
    from ..domain import Clip, Floats, Rest, Shot

SURE = 0.7  # below this another ball or kick is likely enough that the player is asked
MOST = 6  # places shown: more rings than that hide the picture
SAME_PLACE = 0.5  # of its diameter: the ball so near a place was taken to lie there
LONGEST_PX, QUALITY = 1920, 85  # enough to tell a ball of 15 px by, and not too much for the page


@dataclass(frozen=True, slots=True)
class Lying:
    """A place where a ball may lie: centre and diameter in the film's own pixels; whether it was taken for the ball."""

    x: float
    y: float
    diameter: float
    chosen: bool


@dataclass(frozen=True, slots=True)
class Still:
    """A frame to show the ball in: its number, its moment in s, JPEG; the picture's size is the film's own, in px.

    `places` are those where something lies in that frame, the likeliest first. `from_s` and `until_s` are the ends of
    the take. `said` is where a person showed the ball, None where nobody did.
    """

    frame: int
    time_s: float
    picture: bytes
    size_wh_px: tuple[int, int]
    places: tuple[Lying, ...]
    said: tuple[float, float] | None
    from_s: float
    until_s: float


def unsure(kick_frame: int | None, ball_sure: float | None) -> bool:
    """A shot's kick and how sure it is of its ball -> whether the player is to be asked which it was."""
    return kick_frame is None or (ball_sure is not None and ball_sure < SURE)


def still(shot_id: int, around_s: float | None = None) -> Still:
    """Shot, a moment of its film (None: just before the kick) -> the frame then, with where a ball may lie in it.

    Raises: NotFound, UnreadableClip, StorageFailed.
    """
    import numpy as np

    seen = storage.evidence(shot_id)
    time_s, (first, stop) = seen.clip.time_s, seen.clip.take
    frame = _before_the_kick(seen) if around_s is None else int(np.abs(time_s - around_s).argmin())
    frame = min(max(frame, first), stop - 1)
    clip_id = storage.shots(shot_id=shot_id)[0].clip_id
    chosen = rest_of(seen)
    lying = [rest for rest in seen.rests if rest.frames[0] <= frame <= rest.leaves]
    lying.sort(key=lambda rest: rest is not chosen)  # it is shown even where there are many
    places = tuple(
        Lying(*_on_film(seen.clip, frame, rest.centre_px), float(rest.diameter_px), rest is chosen)
        for rest in lying[:MOST]
    )
    said = labels.ball_px(clip_id)
    return Still(
        frame, float(time_s[frame]), _shrunk(scenes.still(clip_id, frame)), seen.clip.size_wh_px, places,
        None if said is None else _on_film(seen.clip, frame, np.array(said)),
        float(time_s[first]), float(time_s[stop - 1]),
    )  # fmt: skip


def _on_film(clip: Clip, frame: int, place_px: Floats) -> tuple[float, float]:
    """Clip, frame, a place (2,) as the evidence has it -> x and y in that frame as it was filmed."""
    x, y = (place_px if clip.steadying is None else clip.steadying.to_film(frame, place_px)).tolist()
    return float(x), float(y)


def _before_the_kick(seen: Shot) -> int:
    """Shot -> the last frame up to its kick in which most of the places are still taken; without places the kick's.

    A kick that was told by the wrong ball may come after the right one has left.
    """
    import numpy as np

    first, stop = seen.clip.take
    last = (first + stop) // 2 if seen.kick_frame is None else seen.kick_frame
    if not seen.rests:
        return last
    end = stop - 1 if seen.kick_frame is None else last
    lies = np.zeros(max(end, first) + 1)
    for rest in seen.rests:
        lies[int(rest.frames[0]) : rest.leaves + 1] += 1
    return int(np.flatnonzero(lies == lies.max())[-1])


def _shrunk(picture: bytes) -> bytes:
    """JPEG -> the same, no larger than a page needs."""
    from . import stills

    image = stills.image(picture)
    if max(image.shape[:2]) <= LONGEST_PX:
        return picture
    return stills.jpeg(stills.shrunk(image, LONGEST_PX), QUALITY)


def rest_of(seen: Shot) -> Rest | None:
    """Shot -> the place where its ball lay before the kick; None without a kick, or where it lay in none of them."""
    import numpy as np

    if seen.kick_frame is None:
        return None
    frames = np.flatnonzero(np.isfinite(seen.ball.centre_px[: seen.kick_frame + 1, 0]))
    if not len(frames):
        return None
    at = seen.ball.centre_px[frames[-1]]
    near = [rest for rest in seen.rests if np.hypot(*(rest.centre_px - at)) < SAME_PLACE * rest.diameter_px]
    return min(near, key=lambda rest: float(np.hypot(*(rest.centre_px - at))), default=None)


def refuse_outside(clip: Clip, ball_px: tuple[float, float]) -> None:
    """Clip, where somebody points -> nothing where that is in its picture. Raises: UnfitClip."""
    (width, height), (x, y) = clip.size_wh_px, ball_px
    if not (0 <= x < width and 0 <= y < height):
        raise UnfitClip(
            f"{x:g}, {y:g} is outside the picture, which is {width} × {height} pixels: point at the ball in it."
        )


def by_hand(clip_id: int) -> tuple[float, float] | None:
    """Clip -> where a person showed its ball, x and y in px; None where nobody did."""
    return labels.ball_px(clip_id)


def show(shot_id: int, ball_px: tuple[float, float] | None, frame: int | None = None) -> int:
    """Shot, where its ball lies before the kick in px (None: as the program finds it) -> the job that judges it anew.

    `frame` is the one it was shown in: where the phone moved a little, places are another in each.
    A place that was found already is judged from what was seen; for another the film is looked through again. The
    word is kept once a ball has been found there, and until it is taken back.
    Raises: NotFound, UnfitClip when that is outside the picture, or there is nothing to take back.
    """
    shot = storage.shots(shot_id=shot_id)[0]
    if ball_px is None:
        if labels.ball_px(shot.clip_id) is None:
            raise UnfitClip("Nobody has shown this ball: there is nothing to take back.")
        return taken_back(shot, labels.BALL_PX, "ball_px")
    seen = storage.evidence(shot_id)
    refuse_outside(seen.clip, ball_px)
    place = _in_evidence(seen.clip, frame, ball_px)
    if _was_found(seen, place):
        return queue.submit(RESTRIKE, [shot.clip_id], {"shot_id": shot_id, "ball_px": place})[0]
    return queue.submit("analyze", [shot.clip_id], {"detector": shot.detector, "ball_px": place})[0]


def _in_evidence(clip: Clip, frame: int | None, ball_px: tuple[float, float]) -> list[float]:
    """Clip, frame, a place in it as it was filmed -> x and y as the evidence has them, to a tenth, in the picture."""
    import numpy as np

    place_px = np.array(ball_px)
    if clip.steadying is not None and frame is not None and clip.take[0] <= frame < clip.take[1]:
        place_px = clip.steadying.to_reference(frame, place_px)
    return [round(float(side), 1) for side in np.clip(place_px, 0.0, clip.size_wh_px)]


def _was_found(seen: Shot, ball_px: Sequence[float]) -> bool:
    """Shot, where a person points -> whether something that may be the ball was found there."""
    import numpy as np

    from ..choice import pointed_at

    try:
        pointed_at(seen.rests, np.array(ball_px))
    except UnfitClip:
        return False
    return True
