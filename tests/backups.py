"""Backups taken apart, changed and put together again, as somebody who means harm would; without the program's help."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from kicky import storage
from kicky.home import database
from kicky.service import house, shots, truth, work
from kicky.storage import advice, films, labels
from kicky.storage.views import PassageView

from .pages.filled import fill

DATABASE, MEDIA = "db/kicky.sqlite", "db/media/"


def furnish(folder: Path) -> list[int]:
    """Folder for films -> a house with something in every table but runs and jobs; its shots."""
    folder.mkdir()
    taken = fill(folder)
    first = shots.one(taken[0])
    truth.answer(first.clip_id, "outcome", "goal", "Ana")
    labels.put(first.clip_id, "boxes:3", json.dumps([{"label": "ball", "box_px": [1, 2, 9, 10]}]))
    film = films.add_film(
        first.session_id, folder / "saturday.mp4", size_bytes=5 << 30, modified_ns=1, frames=9000, duration_s=300.0,
        width=1920, height=1080,
    )  # fmt: skip
    films.add_cut(film, 30, 90, "kept", by_hand=True, kick=45, thumb=picture((32, 18)))
    said = [PassageView("Lean", "Lean over the ball.")]
    advice.keep_advice(said, coach="rules", model="", prompt_hash="0", seconds=0.1, shot_id=taken[0])
    advice.change_settings({"tuned_splits": '["tuned"]'})
    return taken


def picture(size_wh: tuple[int, int], kind: str = "JPEG") -> bytes:
    """Size, kind -> a grey picture."""
    from PIL import Image

    whole = io.BytesIO()
    Image.new("L", size_wh, 128).save(whole, kind)
    return whole.getvalue()


@dataclass
class Pieces:
    """A backup taken apart: its database as a file, the other files by their names, and what its manifest is to say."""

    folder: Path
    db: Path
    files: dict[str, bytes]
    told: dict[str, Any] = field(default_factory=dict)

    def sql(self, script: str, *values: object) -> None:
        """SQL -> done to its database, whatever that thinks of it."""
        with closing(sqlite3.connect(self.db, isolation_level=None)) as db:
            db.execute("PRAGMA foreign_keys=OFF")
            db.execute("PRAGMA ignore_check_constraints=ON")
            if values:
                db.execute(script, values)
            else:
                db.executescript(script)

    def one(self, sql: str) -> Any:
        """SQL -> the first value of its first row."""
        with closing(sqlite3.connect(self.db)) as db:
            return db.execute(sql).fetchone()[0]

    def page(self, number: int, change: Callable[[bytearray], None]) -> None:
        """Number of a page of the database, what changes it -> changed."""
        content = bytearray(self.db.read_bytes())
        size = int.from_bytes(content[16:18], "big")
        page = content[(number - 1) * size : number * size]
        change(page)
        content[(number - 1) * size : number * size] = page
        self.db.write_bytes(content)

    def members(self) -> list[tuple[tarfile.TarInfo, bytes]]:
        """-> what belongs into the tar, before the manifest."""
        files = {DATABASE: self.db.read_bytes()} | {MEDIA + name: data for name, data in self.files.items()}
        return [(header(name, len(data)), data) for name, data in files.items()]

    def manifest(self, members: list[tuple[tarfile.TarInfo, bytes]]) -> dict[str, Any]:
        files = {about.name: [len(data), hashlib.sha256(data).hexdigest()] for about, data in members}
        return {"format": 1, "made_at": dt.datetime.now(dt.UTC).isoformat(), "files": files} | self.told

    def packed(self, *, before: bytes = b"", after: bytes = b"") -> Path:
        """-> the backup, its manifest fitting; raw blocks before the first member and after the last."""
        members = self.members()
        return written(self.folder / "bad.kicky", members, json.dumps(self.manifest(members)).encode(), before, after)

    def evidence(self) -> str:
        """-> the name of the first shot's evidence."""
        return str(self.one("SELECT evidence FROM shot ORDER BY id LIMIT 1"))

    def arrays(self, changes: dict[str, Any], about: dict[str, Any] | None = None) -> None:
        """Arrays, words of `about` -> in the first shot's evidence in place of what is there; None: left out."""
        name = self.evidence()
        with np.load(io.BytesIO(self.files[name])) as file:
            arrays = {key: file[key] for key in file.files}
        told = json.loads(str(arrays["about"])) | (about or {})
        arrays |= {"about": np.array(json.dumps(told))} | changes
        whole = io.BytesIO()
        np.savez_compressed(whole, **{key: value for key, value in arrays.items() if value is not None})
        self.files[name] = whole.getvalue()


def header(name: str, size: int, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    about = tarfile.TarInfo(name)
    about.size, about.type, about.linkname = size, kind, link
    return about


def block(about: tarfile.TarInfo, data: bytes = b"") -> bytes:
    """A member -> as it stands in a tar."""
    return about.tobuf(tarfile.PAX_FORMAT) + data + b"\0" * (-len(data) % 512)


def written(
    path: Path, members: list[tuple[tarfile.TarInfo, bytes]], manifest: bytes, before: bytes = b"", after: bytes = b""
) -> Path:
    body = before + b"".join(block(about, data) for about, data in members) + after
    path.write_bytes(body + block(header("manifest.json", len(manifest)), manifest) + b"\0" * 1024)
    return path


def taken_apart(backup: Path, folder: Path) -> Pieces:
    """A good backup -> its pieces, in a folder of their own."""
    files: dict[str, bytes] = {}
    with tarfile.open(backup, "r:") as tar:
        for member in tar:
            held = tar.extractfile(member)
            assert held is not None
            files[member.name] = held.read()
    db = folder / "theirs.sqlite"
    db.write_bytes(files[DATABASE])
    with closing(sqlite3.connect(db)) as journal:
        journal.execute("PRAGMA journal_mode=DELETE")
    return Pieces(folder, db, {n.removeprefix(MEDIA): data for n, data in files.items() if n.startswith(MEDIA)})


def good_backup(home: Path) -> Path:
    """An empty home, already in use -> a backup of the furnished house."""
    furnish(home / "films")
    goal = storage.goal_picture(2, 4)
    goal.write_bytes(picture((32, 18), "PNG"))
    shot = storage.evidence_file(1)
    shot.with_suffix(".card-1.png").write_bytes(picture((32, 18), "PNG"))
    house.backup(home / "good.kicky", work.silent)
    return home / "good.kicky"


def state(home: Path) -> dict[str, bytes]:
    """Home -> every file in it by its path, hidden ones too; of the database what it holds."""
    found = {}
    for path in sorted(home.rglob("*")):
        if path.is_file() and not path.name.endswith(("-wal", "-shm", ".lock", ".kicky")):
            found[str(path.relative_to(home))] = path.read_bytes()
        elif path.is_dir():
            found[str(path.relative_to(home))] = b""
    return found


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """-> table: its rows, as they are in the database in use."""
    with closing(sqlite3.connect(database())) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: db.execute(f'SELECT * FROM "{name}"').fetchall() for name in sorted(tables)}  # noqa: S608 ours
