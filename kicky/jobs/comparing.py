"""Two shots side by side, their contacts in the same frame."""

from __future__ import annotations

from pathlib import Path

from .. import render, storage
from ..domain import OnProgress
from ..errors import called
from ..storage import corrected, settings
from ..storage.database import told
from ..storage.tables import JobRow
from ..trials import kept


def compare(job: JobRow, tell: OnProgress) -> None:
    """Job -> the film of both shots. Settings: one, other."""
    one, other = int(job.settings["one"]), int(job.settings["other"])
    target = compared_film(one, other)
    seen, rows = [], []
    for number in (one, other):
        shot = storage.shots(shot_id=number)[0]
        rows.append(storage.clip(shot.clip_id))
        name = f"{shot.player or 'Shot'} · {shot.date.day} {shot.date:%b} · {shot.clip_name}"
        seen.append((name, corrected.report(storage.report(number), shot.clip_id)))
    with told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part.mp4")
        try:
            with called(rows[0].file, rows[0].name), called(rows[1].file, rows[1].name):
                contact = render.aligned(seen, part, tell, settings.speed_unit())
            kept.write_json(target.with_suffix(".json"), {"contact": contact})
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def compared_film(one: int, other: int) -> Path:
    """Two shots -> where their film is, or will be: another one once either was judged anew or put right."""
    shots = [storage.shots(shot_id=number)[0] for number in (one, other)]
    said = [[storage.evidence_file(shot.id).name, shot.outcome, shot.foot, shot.player] for shot in shots]
    return kept.place("compared", kept.key(said, settings.speed_unit()), "mp4")
