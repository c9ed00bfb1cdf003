"""Runs of evaluations <-> their rows. Of many runs only what the table shows is read, a whole one when asked for."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete
from sqlmodel import col, select

from .columns import now
from .database import found, reading, writing
from .tables import RunRow

if TYPE_CHECKING:
    from ..evaluation import Run, Truth


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A run as the table shows it. `scores` is by BY, then by name: figures as `Scores.to_json` has them.

    `truth_key` names the labels it was made on: another one now, and it is stale.
    """

    id: int
    label_set: str
    detector: str
    downstream: str
    made_with: Mapping[str, Any]
    tuned: Sequence[str]
    scores: Mapping[str, Mapping[str, Mapping[str, Any]]]
    truth_key: str
    made_at: dt.datetime

    @property
    def name(self) -> str:
        return f"{self.detector} + {self.downstream}"


def scored(run: Run) -> dict[str, dict[str, dict[str, Any]]]:
    """Run -> by BY, then by name: its figures as plain values."""
    from ..evaluation.scores import BY, groups, scores

    return {by: {name: scores(cases).to_json() for name, cases in groups(run.cases, by).items()} for by in BY}


def key_of(truths: Iterable[tuple[str, str, Truth]]) -> str:
    """Each clip's hash, split and truth -> the name of these labels: another one, and something was changed."""
    rows = sorted((sha256, split, repr(truth)) for sha256, split, truth in truths)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def keep(run: Run) -> int:
    """Run -> kept, in place of the one of the same detector, weights, program, downstream and labels; its number.

    Its boxes are counted in its figures and not kept themselves.
    """
    made_with = dict(run.made_with)
    same = (run.label_set, run.detector, run.downstream, made_with.get("weights_sha256"), made_with.get("code"))
    key = hashlib.sha256(json.dumps(same).encode()).hexdigest()
    slim = replace(run, cases=tuple(replace(case, answer=replace(case.answer, frames=())) for case in run.cases))
    truths = key_of((case.sha256, case.split, case.truth) for case in run.cases)
    values: dict[str, Any] = {
        "label_set": run.label_set, "detector": run.detector, "downstream": run.downstream, "made_with": made_with,
        "tuned": list(run.tuned), "scores": scored(run), "truth_key": truths,
        "document": zlib.compress(json.dumps(slim.to_json(), allow_nan=False).encode(), 1), "made_at": now(),
    }  # fmt: skip
    with writing() as db:
        row = db.exec(select(RunRow).where(RunRow.key == key)).first() or RunRow(key=key, **values)
        row.sqlmodel_update(values)
        db.add(row)
        db.flush()
        return row.id or 0


def views(label_set: str | None = None) -> list[ScoredRun]:
    """Label set (None: all) -> its runs, the newest first, without their clips."""
    names = [each.name for each in fields(ScoredRun)]
    query: Any = select(*(getattr(RunRow, name) for name in names)).order_by(col(RunRow.made_at).desc(), col(RunRow.id))
    if label_set is not None:
        query = query.where(RunRow.label_set == label_set)
    with reading() as db:
        rows = db.exec(query).all()
    return [ScoredRun(**dict(zip(names, row, strict=True))) for row in rows]


def whole(run_id: int) -> Run:
    """Number -> the run with all its clips. Raises: NotFound."""
    from ..evaluation import run_from_json

    with reading() as db:
        row = found(db, RunRow, run_id, "run")
    return run_from_json(json.loads(zlib.decompress(row.document)))


def forget(run_id: int) -> None:
    """Number -> the run is gone; nothing when it was."""
    with writing() as db:
        db.exec(delete(RunRow).where(col(RunRow.id) == run_id))
