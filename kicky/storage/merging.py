"""Another database of ours -> all its rows in this one, under new numbers; told to be the same by keys, not by numbers.

What there is to merge is read off the tables themselves: a table that is added to them is merged with the others. A row
goes where the rows go that it belongs to (ON DELETE CASCADE); what else it points at (SET NULL) it points at still.
"""

from __future__ import annotations

import errno
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, UniqueConstraint, create_engine, insert, select, update

from ..drafts import draft
from ..home import media
from ..system import sync_folder
from . import belongings
from .columns import Base
from .database import writing
from .rules import LEFT
from .settings import kept_here

Values = Mapping[str, Any]
Numbers = dict[str, dict[int, int]]
"""Table: their number of a row -> ours."""

SAME: Mapping[str, tuple[str, ...]] = {"session": ("date", "place")}
"""Table without a key of its own: what two rows that are the same one have alike. Of any other it is all columns."""
OPEN = ("session", "player")
"""Tables whose rows take in what is new of them, where they are here already; a clip or film that is here stays as it
is, with all that belongs to it."""


def merge(other: Path, films: Path) -> dict[str, int]:
    """Database of this version, its media folder -> how many sessions, clips and shots came over.

    Both are believed: `inspection` has seen them. Files are in place before the rows that name them are committed, and
    go again where the rows do not come. Raises: StorageFailed.
    """
    engine, placed = create_engine(f"sqlite:///{other}"), list[Path]()
    try:
        with engine.connect() as theirs, writing() as ours:
            return _Merge(theirs, ours.connection(), films, placed).all()
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise
    finally:
        engine.dispose()


def key(table: Table) -> tuple[str, ...]:
    """Table -> the columns by which two rows are told to be the same one."""
    if table.name in SAME:
        return SAME[table.name]
    primary = [column.name for column in table.primary_key]
    if primary != ["id"]:
        return tuple(primary)
    for rule in sorted(table.constraints, key=lambda rule: str(rule.name)):
        if isinstance(rule, UniqueConstraint):
            return tuple(column.name for column in rule.columns)
    return tuple(column.name for column in table.columns if column.name != "id")


class _Merge:
    """Rows of one database on their way into another.

    `numbers` are of all rows that are here by now, `taking` of those that rows may be added to.
    """

    def __init__(self, theirs: Connection, ours: Connection, films: Path, placed: list[Path]) -> None:
        self.theirs, self.ours, self.films, self.placed = theirs, ours, films, placed
        self.lying = sorted(path.name for path in films.iterdir()) if films.is_dir() else []
        self.numbers: Numbers = {}
        self.taking: Numbers = {}
        self.new: set[tuple[str, int]] = set()
        self.clips: dict[int, Values] = {}
        self.came: Counter[str] = Counter()

    def all(self) -> dict[str, int]:
        for table in Base.metadata.sorted_tables:
            if table.name not in LEFT:
                self._table(table)
        self._clicked()
        if self.placed:
            sync_folder(media())
        return {"sessions": self.came["session"], "clips": self.came["clip"], "shots": self.came["shot"]}

    def _table(self, table: Table) -> None:
        """All rows of a table that belong to what came, or takes in what is new, and are not here."""
        here = self._here(table)
        numbers, taking = self.numbers.setdefault(table.name, {}), self.taking.setdefault(table.name, {})
        waiting: list[Values] = []
        for theirs in self._rows(table):
            row = self._pointing(table, theirs)
            if row is None or (table.name == "setting" and kept_here(row["key"])):
                continue
            if known := here.get(_same(row, key(table))):
                number, stays = known.pop(0), table.name not in OPEN
            else:
                self.came[table.name] += 1
                self._place(table, theirs, row)
                number, stays = self._put(table, row, waiting), False
                self.new.add((table.name, number))
            if "id" in theirs:
                numbers[theirs["id"]] = number
                taking |= {} if stays else {theirs["id"]: number}
        if waiting:
            self.ours.execute(insert(table), waiting)

    def _rows(self, table: Table) -> Sequence[Values]:
        return [dict(row) for row in self.theirs.execute(select(table).order_by(*table.primary_key)).mappings()]

    def _here(self, table: Table) -> dict[str, list[int]]:
        """Table -> key: the numbers of the rows here that have it, in their order."""
        owners = _owners(table)
        if owners and not owners & set(OPEN):
            return {}  # its rows come with what they belong to, which was not here
        found: dict[str, list[int]] = {}
        for row in self.ours.execute(select(table).order_by(*table.primary_key)).mappings():
            found.setdefault(_same(dict(row), key(table)), []).append(row.get("id", 0))
        return found

    def _pointing(self, table: Table, theirs: Values) -> dict[str, Any] | None:
        """Their row -> it with our numbers in place of theirs; None where it belongs to what did not come."""
        row = {name: value for name, value in theirs.items() if name != "id"}
        for link in table.foreign_keys:
            name, target = link.parent.name, link.column.table.name
            if row[name] is None:
                continue
            if link.ondelete != "CASCADE":
                row[name] = self.numbers[target].get(row[name])
            elif row[name] in self.taking[target]:
                row[name] = self.taking[target][row[name]]
            else:
                return None
        return row

    def _put(self, table: Table, row: Values, waiting: list[Values]) -> int:
        """Row -> here, its number; one that nothing points at is put with others of its table, and has none yet."""
        if table.name not in POINTED_AT:
            waiting.append(row)
            return 0
        return int(self.ours.execute(insert(table).values(**row).returning(table.columns["id"])).scalar_one())

    # --- files -----------------------------------------------------------------------------------

    def _place(self, table: Table, theirs: Values, row: dict[str, Any]) -> None:
        """Their row, ours -> its files in place, and named in ours; what was made of it too."""
        if table.name == "clip":
            self.clips[theirs["id"]] = theirs
        clip = self.clips.get(theirs.get("clip_id", 0), theirs)
        for column in belongings.FILES.get(table.name, ()):
            name = row[column]
            if name is None:
                continue
            if name in self.lying:
                row[column] = belongings.free(table.name, column, clip, name, media())
                self._move(name, row[column])
            elif table.columns[column].nullable:
                row[column] = None
            else:  # it was gone when the backup was made; nothing that is here may be taken for it
                row[column] = belongings.free(table.name, column, clip, name, media())
        if table.name != "session":  # whose picture is called after its clip too
            for name, rest in belongings.made_of(table.name, theirs, self.lying):
                self._move(name, belongings.beginning(table.name, {**theirs, **row}) + rest)

    def _clicked(self) -> None:
        """Goals know by its number which clip they were clicked on, and so does the picture's name."""
        sessions, clips = self.taking["session"], self.numbers["clip"]
        for table in (Base.metadata.tables["session"], Base.metadata.tables["clip"]):
            for theirs in self._rows(table):
                number, scene = self.taking[table.name].get(theirs["id"]), theirs["scene"]
                if number and scene and scene.get("clip_id") and (table.name, number) in self.new:
                    changed = scene | {"clip_id": clips.get(scene["clip_id"])}
                    self.ours.execute(update(table).where(table.columns["id"] == number).values(scene=changed))
        for theirs in self._rows(Base.metadata.tables["session"]):
            number = sessions.get(theirs["id"])
            for name, rest in belongings.made_of("session", theirs, self.lying):
                clip = clips.get(int(rest.removesuffix(".png")))
                if number and clip and ("session", number) in self.new:
                    self._move(name, f"goal-{number}-{clip}.png")

    def _move(self, name: str, target: str) -> None:
        """A file of the backup, its name here -> there, unless one of that name is."""
        if not (media() / target).exists():
            _placed(self.films / name, media() / target)
            self.placed.append(media() / target)


POINTED_AT = {link.column.table.name for table in Base.metadata.sorted_tables for link in table.foreign_keys}


def _owners(table: Table) -> set[str]:
    """Table -> those whose rows its rows go with."""
    return {link.column.table.name for link in table.foreign_keys if link.ondelete == "CASCADE"}


def _same(row: Values, names: Iterable[str]) -> str:
    return repr([row[name] for name in names])


def _placed(source: Path, target: Path) -> None:
    """A file of the backup -> there under its name, whole; copied where the media folder is on another disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with draft(target.parent, target.suffix) as part:
            shutil.copyfile(source, part)
            part.replace(target)
