"""Work of the evaluating lane: detectors held against the labels given here, and two of them drawn side by side."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import render, storage, weights
from ..detectors import weights_of
from ..domain import Label, OnProgress, Report
from ..errors import KickyError, NotFound, StorageFailed, UnfitClip
from ..evaluation import Truth
from ..evaluation.nouns import FEET, OUTCOMES, Box
from ..storage import advice, files, labels, runs, settings
from ..storage.database import told as writing_to
from ..storage.tables import ClipRow, JobRow
from ..teach import dataset
from ..teach.labelled import BASE
from ..trials import kept
from ..trials.labelled import Labelled, LabelSet, Spot, checked, folder
from ..trials.running import Tester, Wish, run_all
from ..truth import boxes, told
from .tasks import scene_of

HERE = "Labelled here"
TUNED, TAGS = "tuned_splits", "tags"
BY_CORRECTION = (
    "{clips} labelled only by putting the shot right on its page. That is done mostly where KICKY was wrong, so its "
    "shares come out too low: label the others, too."
)
NUMBERS = {label.name.lower(): int(label) for label in Label}


def evaluate(job: JobRow, tell: OnProgress) -> None:
    """Job -> its runs are kept. Settings: wishes as [detector, downstream], label_set, force."""
    asked = [Wish(*wish) for wish in job.settings["wishes"]]
    found = label_set(str(job.settings["label_set"]))
    force = bool(job.settings.get("force"))
    for run in run_all(found, asked, tell, learned=learned(asked), force=force):
        runs.keep(run)


def beside(job: JobRow, tell: OnProgress) -> None:
    """Job -> one film of a clip as two runs see it, side by side and in step. Settings: one, other, sha256."""
    one, other = (runs.whole(int(job.settings[name])) for name in ("one", "other"))
    target = beside_film(int(job.settings["one"]), int(job.settings["other"]), str(job.settings["sha256"]))
    clip = next((each for each in label_set(one.label_set).clips if each.sha256 == job.settings["sha256"]), None)
    if clip is None:
        raise NotFound("That clip has no label any more: run the evaluation again.")
    seen: list[tuple[str, Report]] = []
    for run in (one, other):
        judged = Tester(run.detector).judged(clip, run.downstream)
        if isinstance(judged, str):
            raise UnfitClip(f"{run.name} has nothing to show of {clip.name}: {judged}")
        report = judged.report()
        shot = replace(report.shot, clip=replace(report.shot.clip, path=clip.path))
        seen.append((run.name, replace(report, shot=shot)))
    with writing_to(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part.mp4")
        try:
            render.beside(seen, part, tell, settings.speed_unit())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def beside_film(one: int, other: int, sha256: str) -> Path:
    """Two runs, a clip's hash -> where their film is, or will be: another once either was run again."""
    moments = [view.made_at.isoformat() for number in (one, other) for view in runs.views() if view.id == number]
    return kept.place("films", kept.key(one, other, sha256, moments, settings.speed_unit()), "mp4")


def label_set(name: str) -> LabelSet:
    """HERE, or the labels.csv of a folder -> the labelled clips. Raises: BadLabel, NotFound, BadScene."""
    if name == HERE:
        return here()
    about = json.loads(advice.settings(f"label_set:{name}").get(f"label_set:{name}", "{}"))
    table = Path(name)
    return folder(Path(about.get("clips", table.parent)), table, tuned=about.get("tuned", ()))


def remember(found: LabelSet, clips: Path) -> None:
    """A folder's labels, the folder -> known by name, so that its clips can be looked at later."""
    about = {"clips": str(clips.resolve()), "tuned": list(found.tuned)}
    advice.change_settings({f"label_set:{found.name}": json.dumps(about)})


def here() -> LabelSet:
    """-> the clips labelled here. Raises: BadLabel when there is none, or a split chosen on is called test."""
    made, lost = [], []
    for row, truth, split, tags in truths_here():
        try:
            film = files.named(row.file)
        except StorageFailed as error:
            lost.append(f"{row.name} is left out. {error}")
            continue
        try:
            drawn = boxes.filled(row.id or 0)
        except NotFound:  # its film is gone, which is told when it is run
            drawn = {}
        spots = [Spot(n, *middle(t.box_px)) for n, things in drawn.items() for t in things if BASE[t.label] == "ball"]
        values, _ = storage.scene_values(row)
        clicked = values.get("clip_id") if values and row.scene is None else None
        picture = storage.goal_picture(row.session_id, clicked) if clicked not in (None, row.id) else None
        boxed = {n: tuple(_box(t.box_px, t.label) for t in things) for n, things in drawn.items() if things}
        session = storage.session_name(row.session_id)
        made.append(
            Labelled(
                row.name, film, row.sha256, session, split or session, truth, tags, row.slow_motion,
                _goal(row), picture if picture is not None and picture.exists() else None,
                tuple(spots), boxed or None,
            )
        )  # fmt: skip
    silent = len(storage.queue_rows(None)) - len(made) - len(lost)
    notes: tuple[str, ...] = (
        (f"{silent} clip{' has' if silent == 1 else 's have'} no label: left out.",) if silent else ()
    )
    if corrected := told.only_corrected():
        notes += (BY_CORRECTION.format(clips=f"{corrected} clip{'s' * (corrected != 1)}"),)
    return checked(LabelSet(HERE, tuple(made), (*notes, *lost), tuned_here()))


def truths_here() -> list[tuple[ClipRow, Truth, str, tuple[str, ...]]]:
    """-> each labelled clip with what is true of it, its split ("" none) and tags; no film is touched."""
    answers = told.truths()
    more, rows = labels.newest([labels.SPLIT, TAGS]), {row.id: row for row in storage.clip_rows(answers)}
    found: list[tuple[ClipRow, Truth, str, tuple[str, ...]]] = []
    for clip_id, said in sorted(answers.items()):
        outcome, foot, contact = (said.get(name, "") for name in ("outcome", "foot", "contact_frame"))
        truth = Truth(
            outcome if outcome in OUTCOMES else "", said.get("how", ""), foot if foot in FEET else "",
            int(contact) if contact.isdecimal() else None,
        )  # fmt: skip
        if truth == Truth(how=truth.how):
            continue
        mine = more.get(clip_id, {})
        if clip_id in rows:
            found.append((rows[clip_id], truth, mine.get(labels.SPLIT, ""), tuple(mine.get(TAGS, "").split())))
    return found


def key_here() -> str:
    """-> the key of the labels as they are now; runs of another are stale."""
    names = {session.id: f"{session.date:%d.%m.%Y} {session.place}".strip() for session in storage.sessions()}
    return runs.key_of((row.sha256, split or names[row.session_id], truth) for row, truth, split, _ in truths_here())


def tuned_here() -> tuple[str, ...]:
    """-> the splits of the clips here that something was chosen on."""
    return tuple(json.loads(advice.settings(TUNED).get(TUNED, "[]")))


def provenance(found: LabelSet) -> dict[str, Any]:
    """Labels -> where they come from: how many of what, whose, and how well labellers agree."""
    truths = [clip.truth for clip in found.clips]
    counts = Counter(truth.outcome or "no outcome" for truth in truths)
    about: dict[str, Any] = {
        "labels": found.name, "clips": len(truths), "outcomes": dict(counts),
        "not sure": sum(not truth.sure for truth in truths), "feet": sum(bool(truth.foot) for truth in truths),
        "contacts": sum(truth.contact_frame is not None for truth in truths),
        "places of the ball": sum(len(clip.ball) for clip in found.clips),
        "goals marked": sum(clip.scene is not None for clip in found.clips),
    }  # fmt: skip
    if found.name != HERE:
        return about | {"labels sha256": kept.digest(Path(found.name))}
    about["labellers"] = ", ".join(told.labellers())
    for (one, other), lines in told.pairs().items():
        for line in lines:
            kappa = "" if line.kappa is None else f", kappa {line.kappa:.2f}"
            about[f"{one} and {other} on {line.field}"] = f"{100 * line.alike:.0f} % alike of {line.clips}{kappa}"
    return about


def learned(wishes: list[Wish]) -> dict[str, Mapping[str, str]]:
    """What is to run -> detector: {hash of each clip its model was taught from: the split it was in}."""
    found: dict[str, Mapping[str, str]] = {}
    for detector in {wish.detector for wish in wishes}:
        name = weights_of(detector)
        taught = weights.entry(name).get("dataset") if name else None
        if taught:
            try:
                pictures = dataset.named(str(taught)).pictures()
                found[detector] = {picture.clip: picture.split for picture in pictures if picture.split != "test"}
            except KickyError:  # the data set is gone: what it held cannot be told any more
                continue
    return found


def middle(box: tuple[float, ...]) -> tuple[float, float, float]:
    """x0 y0 x1 y1 -> x, y of its middle, and the shorter side."""
    x0, y0, x1, y1 = box
    return (x0 + x1) / 2, (y0 + y1) / 2, min(x1 - x0, y1 - y0)


def _box(box: tuple[float, ...], label: str) -> Box:
    return (*box, float(NUMBERS[BASE[label]]))


def _goal(row: ClipRow) -> Any:
    """-> the clip's goal; None where it does not fit its picture, which the run then says of this clip."""
    try:
        return scene_of(row)
    except UnfitClip:
        return None
