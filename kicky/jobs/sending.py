"""Films to send: a shot's short film or GIF, and the reel of a day. Made when they are asked for, kept until the shot
says something else; whatever deletes a clip deletes all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .. import render, replay, storage
from ..domain import OnProgress, Report
from ..errors import NotFound, UnfitClip, called
from ..home import evaluations
from ..shown import VIEWS
from ..storage import corrected, drawings, settings
from ..storage.database import found, told, writing
from ..storage.tables import JobRow, ShotRow
from ..storage.views import ShotView
from ..trials import kept

UPRIGHT, FILMED, GIF = "upright", "filmed", "gif"
ENDINGS = {UPRIGHT: "mp4", FILMED: "mp4", GIF: "gif"} | dict.fromkeys(VIEWS, "mp4")
"""What a shot is sent as: upright for a phone, as it was filmed, as a GIF; its replay from a view."""
NO_GOAL = "No goal is marked in this film, so there is nowhere for a keeper to stand."
NO_FLIGHT = "The ball's way is not known, so it cannot be followed."
DRAWN = 2  # goes up when they are drawn differently: those kept are made again


def send(job: JobRow, tell: OnProgress) -> None:
    """Job -> a shot's film or GIF, or a film of its replay. Settings: shot_id, form."""
    shot = storage.shots(shot_id=int(job.settings["shot_id"]))[0]
    form = str(job.settings["form"])
    with _kept(shot_film(shot, form), [shot]) as part:
        report, about = _seen(shot)
        with called(storage.clip(shot.clip_id).file, shot.clip_name):
            if form == GIF:
                render.gif(report, about, part, tell)
            elif form in VIEWS:
                made = refuse_unseen(replay.stored(report), form)
                render.replayed(made, report, about, form, part, tell)
            else:
                render.short(report, about, part, tell, tall=form == UPRIGHT)


def reel(job: JobRow, tell: OnProgress) -> None:
    """Job -> a session's best shots in one film. Settings: session_id, shots in their order, what is said of them, and
    board: what its challenges came to, a title and a sentence each.
    """
    shots = [storage.shots(shot_id=int(number))[0] for number in job.settings["shots"]]
    what, board = str(job.settings["what"]), job.settings.get("board", [])
    with _kept(reel_film(int(job.settings["session_id"]), shots, what, board), shots) as part:
        seen = [_seen(shot) for shot in shots]
        told = tuple((str(head), str(text)) for head, text in board)
        title = render.Title(_day(shots[0]), shots[0].place, what, told)
        render.reel(title, seen, part, tell, replays=(replay.stored(report) for report, _ in seen))


def refuse_unseen(made: dict[str, Any], view: str) -> dict[str, Any]:
    """A replay, a view -> itself. Raises: NotFound where there is none, and why; UnfitClip without that view of it."""
    if made["why_not"]:
        raise NotFound(f"There is no replay of this shot. {made['why_not']}")
    if view not in render.offered(made):
        raise UnfitClip(f"{NO_FLIGHT if view == 'chase' else NO_GOAL} The tab Replay has other views of it.")
    return made


def shot_film(shot: ShotView, form: str) -> Path:
    """Shot, what it is sent as -> where that is, or will be: another one once it was judged anew or put right."""
    return _place(f"shot-{shot.id}-{form}", kept.key(_said(shot), settings.speed_unit(), DRAWN), ENDINGS[form])


def reel_film(session_id: int, shots: Sequence[ShotView], what: str, board: Sequence[Sequence[str]] = ()) -> Path:
    """Session, its best shots in order, what is said of them and its challenges -> where their reel is, or will be."""
    said = [_said(shot) for shot in shots]
    return _place(f"session-{session_id}-reel", kept.key(said, what, board, settings.speed_unit(), DRAWN), "mp4")


def _place(of: str, key: str, ending: str) -> Path:
    return evaluations() / "sent" / f"{of}-{key}.{ending}"


def _said(shot: ShotView) -> list[object]:
    """Shot -> all that its film shows of it."""
    evidence = storage.evidence_file(shot.id).name
    drawn = [(each.frame, [shape.to_json() for shape in each.shapes]) for each in drawings.drawn(shot.clip_id)]
    return [evidence, shot.outcome, shot.foot, shot.player, shot.player_by, str(shot.date), shot.place, drawn]


def _seen(shot: ShotView) -> tuple[Report, render.About]:
    """Shot -> its report as it was put right, and who, when and what is drawn; a name is told as the app does."""
    storage.film_there(storage.clip(shot.clip_id))
    name = shot.player or ""
    if name and shot.player_by == "look":
        name = f"looks like {name}"
    day = " · ".join(part for part in (_day(shot), shot.place) if part)
    drawn = {each.frame: each.shapes for each in drawings.drawn(shot.clip_id)}
    about = render.About(name, day, settings.speed_unit(), drawn)
    return corrected.report(storage.report(shot.id), shot.clip_id), about


def _day(shot: ShotView) -> str:
    return f"{shot.date:%a} {shot.date.day} {shot.date:%b %Y}"


@contextmanager
def _kept(target: Path, shots: Sequence[ShotView]) -> Iterator[Path]:
    """Where it is to be, whose it is -> a place to make it in; then it is there whole, and what it was before is gone.

    Not when one of the shots was deleted meanwhile. Raises: NotFound, StorageFailed.
    """
    with told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(f".part{target.suffix}")
        try:
            yield part
            with writing() as db:  # who deletes waits for it, or was there before
                for shot in shots:
                    found(db, ShotRow, shot.id, "shot")
                for before in target.parent.glob(f"{target.stem.rpartition('-')[0]}-*{target.suffix}"):
                    if before != part:
                        before.unlink(missing_ok=True)
                part.replace(target)
        finally:
            part.unlink(missing_ok=True)
