"""Sample shots, drawn at set-up, whose every answer is known: what a newcomer tries the program on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from .. import storage
from ..home import home
from ..storage.database import told
from ..storage.views import SampleView
from . import sessions, work
from .work import OnProgress, silent


@dataclass(frozen=True, slots=True)
class Choice:
    """One shot of the gallery."""

    name: str
    title: str
    seed: int
    view: str
    kind: str
    foot: str = "right"
    night: bool = False


# Chosen by eye, so that the gallery shows every place for the tripod and most ways a shot can end.
CHOSEN = (
    Choice("goal_from_behind", "A goal, filmed from behind the shooter", 1, "behind", "goal"),
    Choice("over_from_behind", "Over the bar, from behind the shooter", 2, "behind", "over", foot="left"),
    Choice("goal_from_the_diagonal", "A left-footed goal, from the diagonal", 3, "diagonal", "goal", foot="left"),
    Choice("wide_at_night", "Wide, at night, from the diagonal", 4, "diagonal", "wide", night=True),
    Choice("post_from_the_side", "Against the post, from the side", 5, "side", "post"),
    Choice("goal_from_behind_the_net", "A goal, filmed from behind the net", 6, "behind_goal", "goal"),
)


def folder() -> Path:
    """-> where the samples are."""
    return home() / "db" / "samples"


def make(target: Path, count: int, on_progress: OnProgress) -> list[Path]:
    """Folder, how many -> the films, each with its goal, its truth and a still; what is there already stays."""
    films = {choice: target / f"{choice.name}.mp4" for choice in CHOSEN[:count]}
    lacking = [choice for choice, film in films.items() if not _whole(film)]
    for number, choice in enumerate(lacking):
        on_progress("samples", number / len(lacking))
        _draw(choice, films[choice])
    if lacking:
        on_progress("samples", 1.0)
    return list(films.values())


def _draw(choice: Choice, film: Path) -> None:
    """Choice, its film's path -> the film there, with what lies beside it."""
    from .. import synthetic
    from ..drafts import write_whole
    from ..synthetic.film import truth
    from ..video import open_clip, still
    from .stills import jpeg

    film.parent.mkdir(parents=True, exist_ok=True)
    shot = synthetic.sample(
        choice.seed, view=choice.view, kind=choice.kind, foot=choice.foot, night=choice.night, name=choice.name
    )
    synthetic.write(shot, film.parent)
    write_whole(film.with_suffix(".truth.json"), json.dumps(truth(shot), allow_nan=False).encode())
    write_whole(
        film.with_suffix(".jpg"), jpeg(still(open_clip(film), shot.contact_frame or 0))
    )  # last: now it is whole


def samples() -> list[SampleView]:
    """-> the samples that were made."""
    films = ((choice, folder() / f"{choice.name}.mp4") for choice in CHOSEN)
    return [
        SampleView(choice.name, choice.title, choice.view, film.with_suffix(".jpg"), film)
        for choice, film in films
        if _whole(film)
    ]


def _whole(film: Path) -> bool:
    return all(film.with_suffix(ending).exists() for ending in (".mp4", ".scene.json", ".truth.json", ".jpg"))


def make_samples(target: Path | None = None, count: int = 6, on_progress: OnProgress = silent) -> list[Path]:
    """-> the sample films, made unless they are there."""
    target = target or folder()
    with told(target):
        return make(target, count, on_progress)


def try_sample(name: str) -> int:
    """Sample -> the session it is in now, with its goal; its analysis queued unless it was done. Raises: NotFound."""
    from .intake import sample

    clip_id, session_id = sample(name, sessions.SAMPLES)
    clip = next(clip for clip in storage.clips(session_id) if clip.id == clip_id)
    if clip.shot_id is None:
        work.analyze([clip_id])
    return session_id


def synthesize(
    out: Path, count: int, seed: int, view: str | None = None, on_progress: OnProgress = silent, hard: bool = False
) -> list[Path]:
    """Folder, how many, seed -> films of shots whose every answer is known, labels.csv and truth.json.

    With `hard`, as people film them. Raises: KickyError, UnknownPart, StorageFailed.
    """
    from .. import synthetic

    with told(out):
        return list(synthetic.synthesize(out, count, seed, view, on_progress, hard=hard))
