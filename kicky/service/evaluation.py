"""Detectors held against labels: what the Evaluate page and the command line ask for."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import jobs as queue
from .. import weights
from ..errors import KickyError, NotFound
from ..storage.kinds import BESIDE, EVALUATE
from ..storage.views import JobView

if TYPE_CHECKING:
    from ..domain import OnProgress
    from ..evaluation import Run
    from ..storage.runs import ScoredRun
    from ..trials.labelled import LabelSet

DEFAULT, RULES, ALWAYS = "flight", "rules2d", "motion"
"""Always in the comparison: the whole of KICKY and the article's rules, on what the motion detector sees."""


def downstreams() -> dict[str, str]:
    """-> what may be made of a detector's evidence: name, and what it is."""
    from ..trials.downstream import DOWNSTREAMS

    return {name: each.about for name, each in DOWNSTREAMS.items()}


def testable() -> list[str]:
    """-> the detectors that can run here, the one that needs nothing first."""
    large = (("sam3", "sam3"), ("locate", "locate-anything-3b"), ("locate", "locate-anything-gguf"))
    teachers = dict.fromkeys(name for name, model in large if weights.there(model))
    own = (("rfdetr", "student"), ("ballnet", "ballnet"))
    return [ALWAYS, *(f"{part}:{name}" for part, kind in own for name in weights.named(kind)), *teachers]


def wished(detectors: Sequence[str], names: Sequence[str], ablations: bool) -> list[tuple[str, str]]:
    """Detectors, downstreams, whether to leave each part out in turn -> what is run, the usual two always first."""
    from ..detectors import TILED
    from ..trials.downstream import ABLATIONS, DOWNSTREAMS

    chosen = [*dict.fromkeys([DEFAULT, RULES, *names, *(ABLATIONS if ablations else ())])]
    every = dict.fromkeys([ALWAYS, *detectors])
    return [
        (detector, name)
        for name in chosen
        for detector in every
        if name not in DOWNSTREAMS or DOWNSTREAMS[name].tiled or detector.partition(":")[0] in TILED
    ]


def start(detectors: Sequence[str], names: Sequence[str], ablations: bool = False, label_set: str = "") -> int:
    """What to run on which labels ("": those given here) -> the job. Raises: UnknownPart, MissingWeights, BadLabel."""
    from ..jobs import evaluating
    from ..trials.running import Wish, check

    wishes = wished(detectors, names, ablations)
    check([Wish(*wish) for wish in wishes])
    label_set = label_set or evaluating.HERE
    if label_set == evaluating.HERE:
        evaluating.here()
    return queue.begin(EVALUATE, {"wishes": [list(wish) for wish in wishes], "label_set": label_set})


def evaluations() -> list[JobView]:
    """-> evaluations under way and past, newest first."""
    return queue.evaluations()


def evaluate_files(
    clips: Path | None, labels: Path | None, detectors: Sequence[str], names: Sequence[str], on_progress: OnProgress, *,
    ablations: bool = False, tuned: Sequence[str] = (), by: Sequence[str] = ("split",), out: Path | None = None,
    force: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Folder (None: what is labelled here), labels.csv, what to run -> the report; with `out`, its files in there.

    Runs are kept as the page shows them. Raises: BadLabel, NotFound, UnknownPart, MissingWeights, and as `run_all`.
    """
    from ..jobs import evaluating
    from ..reports import document
    from ..storage import runs
    from ..trials.labelled import folder
    from ..trials.running import Wish, run_all

    labelled = folder(clips, labels, tuned) if clips else evaluating.here()
    wishes = [Wish(*wish) for wish in wished(detectors, names, ablations)]
    done = run_all(labelled, wishes, on_progress, learned=evaluating.learned(wishes), force=force)
    if clips:
        evaluating.remember(labelled, clips)
    for run in done:
        runs.keep(run)
    told = document.document(done, by, labelled.notes, evaluating.provenance(labelled), command(done, clips, by))
    if out is not None:
        _write(out, labelled, done, told, on_progress, force)
    return told


def report(run_ids: Sequence[int], out: Path, on_progress: OnProgress, by: Sequence[str] = ("split",)) -> list[Path]:
    """Runs of one label set -> the files of their report in a folder. Raises: NotFound, BadLabel, StorageFailed."""
    from ..jobs import evaluating
    from ..reports import document
    from ..storage import runs

    if not run_ids:
        raise NotFound("There is no run to report: choose one first.")
    done = [runs.whole(number) for number in run_ids]
    labelled = evaluating.label_set(done[0].label_set)
    told = document.document(done, by, labelled.notes, evaluating.provenance(labelled), command(done, None, by))
    return _write(out, labelled, done, told, on_progress, False)


def _write(
    out: Path, labelled: LabelSet, done: Sequence[Run], told: dict[str, Any], on_progress: OnProgress, force: bool
) -> list[Path]:
    from ..reports import files

    return files.write(out, told, done, files.stills(labelled, done, told, on_progress, force))


def command(done: Sequence[Run], clips: Path | None, by: Sequence[str]) -> str:
    """Runs, the folder they are of -> the command that makes them again."""
    from ..jobs.evaluating import HERE

    words = ["python", "-m", "kicky", "evaluate"]
    if done[0].label_set != HERE:
        words += ["--clips", str(clips or Path(done[0].label_set).parent), "--labels", done[0].label_set]
    for name in dict.fromkeys(run.detector for run in done):
        words += ["--detector", name]
    for name in dict.fromkeys(run.downstream for run in done):
        words += ["--downstream", name]
    for name in done[0].tuned:
        words += ["--tuned", name]
    for name in by:
        words += ["--by", name]
    return shlex.join(words)


def table(told: dict[str, Any]) -> str:
    """Report -> its tables and sentences, to be printed."""
    from ..reports import files

    return files.markdown(told)


def scored_runs(label_set: str | None = None) -> list[ScoredRun]:
    """-> runs with their figures: those of the whole first, of one downstream the newest first."""
    from ..storage import runs

    order = list(downstreams())
    return sorted(runs.views(label_set), key=lambda run: order.index(run.downstream) if run.downstream in order else 99)


def whole_run(run_id: int) -> Run:
    """Number -> the run with all its clips. Raises: NotFound."""
    from ..storage import runs

    return runs.whole(run_id)


def forget_run(run_id: int) -> None:
    """Number -> the run is gone."""
    from ..storage import runs

    runs.forget(run_id)


def labels_key(label_set: str) -> str:
    """Label set -> the key of its labels as they are now, "" where they cannot be read any more."""
    from ..jobs import evaluating
    from ..storage.runs import key_of

    try:
        if label_set == evaluating.HERE:
            return evaluating.key_here()
        return key_of((clip.sha256, clip.split, clip.truth) for clip in evaluating.label_set(label_set).clips)
    except KickyError:
        return ""


def side_by_side(one: int, other: int, sha256: str) -> tuple[Path | None, JobView | None]:
    """Two runs, a clip -> their film; where it is not made yet, None and the work that makes it."""
    from ..jobs.evaluating import beside_film

    film = beside_film(one, other, sha256)
    if film.exists():
        return film, None
    settings = {"one": one, "other": other, "sha256": sha256}
    job = next((job for job in queue.evaluations(BESIDE, settings) if job.active or job.state == "failed"), None)
    if job is None:
        queue.begin(BESIDE, settings)
        job = queue.evaluations(BESIDE, settings)[0]
    return None, job


def label_sets() -> list[str]:
    """-> what detectors can be held against: the clips labelled here, where there are any, then folders known."""
    from ..jobs.evaluating import HERE, truths_here

    known = list(dict.fromkeys(run.label_set for run in scored_runs() if run.label_set != HERE))
    return [*([HERE] if truths_here() else []), *known]


def is_here(label_set: str) -> bool:
    """Label set -> is it that of the clips labelled here, whose splits and tags can be set."""
    from ..jobs.evaluating import HERE

    return label_set == HERE


def rows(runs: Sequence[ScoredRun], by: str, part: str) -> list[dict[str, str]]:
    """Runs, how clips are divided, which part -> a line of the table each; "–" where a run knows no such part."""
    from ..reports import tables

    return [
        tables.row(run.name, part, run.scores[by][part]) for run in runs if part in run.scores.get(by, {})
    ]  # fmt: skip


def reference() -> tuple[list[dict[str, str]], str]:
    """-> the article's lines as lines of the table, and what its ladder tells."""
    from ..evaluation.reference import ladder, references
    from ..reports import tables

    return [tables.reference_row(line) for line in references()], ladder()


def worth(runs: Sequence[ScoredRun]) -> list[dict[str, str]]:
    """Runs of one label set -> for each that leaves a part out, what that part is worth."""
    from ..reports.document import ablations
    from ..reports.page import ablation_rows
    from ..trials.downstream import DOWNSTREAMS

    newest = {(run.detector, run.downstream): run for run in reversed(runs)}
    needed = {key for key in newest if DOWNSTREAMS[key[1]].without} if newest else set()
    needed |= {(detector, DOWNSTREAMS[name].base) for detector, name in needed}
    return ablation_rows(ablations([whole_run(newest[key].id) for key in sorted(needed & set(newest))]))


def refresh(label_set: str) -> int | None:
    """Label set -> the job that runs all its runs again on the labels as they are; None when there is no run."""
    wishes = list(dict.fromkeys((run.detector, run.downstream) for run in scored_runs(label_set)))
    if not wishes:
        return None
    return queue.begin(EVALUATE, {"wishes": [list(wish) for wish in wishes], "label_set": label_set})
