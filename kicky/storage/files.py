"""Names that rows keep <-> files in the media folder: the one place through which any of them is opened or deleted.

A row's name is not believed, it may have come with somebody else's backup. What is deleted is picked from what lies in
the folder, so that no name reaches beyond it.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, select

from .. import drafts
from ..drafts import draft, draft_folder
from ..errors import StorageFailed
from ..home import database, datasets, evaluations, media, runs
from .database import told
from .tables import ClipRow, FilmRow, ShotRow

log = logging.getLogger("kicky.storage")
LONGEST = 200  # bytes: a file system takes 255, and what is made of a file is called after it
GOAL = re.compile(r"goal-(\d+)-(\d+)\.png")
"""The picture on which a session's goal was clicked: session, clip."""


def is_bare(name: object) -> bool:
    """What a row keeps as a name -> whether it is one that a file in a folder of ours may have.

    >>> is_bare("ab12.mp4"), is_bare("../kicky.sqlite"), is_bare("*"), is_bare(".hidden"), is_bare(None)
    (True, False, False, False, False)
    """
    if not isinstance(name, str) or not name.isprintable() or not 0 < len(name.encode()) <= LONGEST:
        return False
    return name[0] != "." and not set(name) & set("/\\*?[]")


def named(name: str) -> Path:
    """A row's name -> where its file lies in the media folder, or will. Raises: StorageFailed for what is no name."""
    path = _place(name)
    if path is None:
        raise StorageFailed(
            f"The database calls a file {name!r}, which is none in {media()}: delete its clip, and add its film anew."
        )
    return path


def there(name: str | None) -> Path | None:
    """A row's name -> its file; None where it has none, or nothing of that name is here."""
    path = _place(name)
    return path if path is not None and path.is_file() else None


def _place(name: object) -> Path | None:
    """-> where a file of that name lies or will; None for what is no name, and for a link that leads out."""
    if not is_bare(name):
        return None
    path = media() / str(name)
    return None if path.is_symlink() and path.resolve().parent != media().resolve() else path


def beside(file: Path, ending: str) -> Path:
    """A file here, ending -> what was made of it: AB.npz, card.png -> AB.card.png. Raises: StorageFailed."""
    return named(f"{file.stem}.{ending}")


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What was made of other files, how -> its bytes: as they were kept, else made, and kept if the disk lets it.

    Raises: StorageFailed where it cannot be read.
    """
    with told(database()):
        if path.exists():
            return path.read_bytes()
    made = make()
    keep({path: made})
    return made


def keep(made: Mapping[Path, bytes]) -> None:
    """Files, what was made of others for them -> kept where the disk lets it: who looks is not refused for that."""
    from ..drafts import write_whole

    try:
        for path, content in made.items():
            write_whole(path, content)
    except OSError as error:
        log.warning("%s is made anew each time: %s", path.name, error)


def goal_picture(session_id: int, clip_id: int) -> Path:
    """Session, clip -> where the picture is kept on which the session's goal was clicked, if it was that clip's."""
    return named(f"goal-{session_id}-{clip_id}.png")


def passing(ending: str) -> AbstractContextManager[Path]:
    """Ending -> a block with an empty file here, which is gone afterwards unless it was given a name."""
    media().mkdir(parents=True, exist_ok=True)
    return draft(media(), ending)


@contextmanager
def passing_film() -> Iterator[Path]:
    """-> a block with the name of a film that is not there yet and may be replaced, gone afterwards as in `passing`."""
    media().mkdir(parents=True, exist_ok=True)
    with draft_folder(media()) as folder:
        yield folder / ".film.mp4"


def sweep() -> list[Path]:
    """-> what killed processes left half-written among the player's things, gone by now. Raises: StorageFailed."""
    with told(database()):
        plain = [database().parent, media(), *_folders(datasets())]
        # A training and a comparison have names of their own for what they are at.
        others = [*_folders(runs()), *_folders(evaluations())]
        swept = [path for folder in plain for path in drafts.sweep(folder, ours=True)]
        return swept + [path for folder in others for path in drafts.sweep(folder, ours=False)]


def _folders(top: Path) -> list[Path]:
    return [Path(folder) for folder, _, _ in os.walk(top)]


def lying() -> list[str]:
    """-> the names of all that lies in the media folder."""
    return sorted(path.name for path in media().iterdir()) if media().is_dir() else []


@dataclass(frozen=True, slots=True)
class Claim:
    """Files that rows name, and with evidence all that was made of it."""

    names: frozenset[str]
    beginnings: tuple[str, ...]

    def __contains__(self, file: str) -> bool:
        return file in self.names or file.startswith(self.beginnings)


def claim(names: Iterable[str | None], *beginnings: str) -> Claim:
    """Names as rows keep them, how other names begin -> what they name; what is no name names nothing."""
    bare = frozenset(name for name in names if name is not None and is_bare(name))
    made = (f"{name.removesuffix('.npz')}." for name in bare if name.endswith(".npz"))
    return Claim(bare, (*made, *beginnings))


def claimed(db: Session) -> Claim:
    """Database -> what its rows name."""
    pairs = (select(ClipRow.file, ClipRow.browser_copy), select(ShotRow.evidence, ShotRow.film))
    names = [name for pair in pairs for row in db.exec(pair).all() for name in row]
    return claim([*names, *db.exec(select(FilmRow.browser_copy)).all()])


def delete(names: Iterable[str]) -> list[str]:
    """Names of what lies here -> gone; returns those that the disk would not delete."""
    left = []
    for name in names:
        try:
            (media() / Path(name).name).unlink(missing_ok=True)
        except OSError:
            left.append(name)
    return left


def delete_unclaimed(lost: Claim, kept: Claim) -> list[str]:
    """What rows named that are gone, what those name that remain -> all that is only the former's is gone.

    Goal pictures belong to a session, whatever a row says. Returns what the disk would not delete.
    """
    with told(media()):
        mine = [name for name in lying() if name in lost and name not in kept and not GOAL.fullmatch(name)]
    return delete(mine)


def delete_cards(evidence: str) -> list[str]:
    """Evidence's name -> the cards made of it are gone; returns what the disk would not delete."""
    beginning = claim([evidence]).beginnings
    with told(media()):
        return delete(name for name in lying() if name.endswith(".png") and name.startswith(beginning))


def refuse_left(left: Iterable[str]) -> None:
    """Raises: StorageFailed naming the files that the disk would not delete."""
    if files := ", ".join(sorted(set(left))):
        raise StorageFailed(
            f"It is gone from KICKY, but the disk would not delete all its files: delete {files} in {media()} yourself."
        )


def delete_goal_pictures(session_id: int | None = None, clip_ids: Iterable[int | None] = ()) -> list[str]:
    """Session, clips -> the goal pictures of either are gone; returns what the disk would not delete."""
    numbers = {int(clip) for clip in clip_ids if clip is not None}
    with told(media()):
        mine = [name for name in lying() if (of := GOAL.fullmatch(name))
                and (int(of[1]) == session_id or int(of[2]) in numbers)]  # fmt: skip
    return delete(mine)
