"""Labelled clips, detectors, downstreams -> runs. What is known already is not worked out again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache, lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import supervision as sv

from .. import detectors, pipeline, scene, video, weights
from ..domain import Candidates, Detector, OnProgress, Shot
from ..errors import BadScene, KickyError, UnfitClip, UnknownPart, UnreadableClip
from ..evaluation import Answer, Case, Frame, Run, answer_from_json
from ..scene.drift import still_picture
from ..storage import archive
from ..storage.database import told
from ..video import Image
from . import kept
from .downstream import DOWNSTREAMS, Judged, Trial
from .labelled import Labelled, LabelSet, Spot

log = logging.getLogger("kicky.trials")
OF_THE_CLIP = (UnreadableClip, UnfitClip, BadScene)
"""What one film may be refused for; everything else ends the whole run, for it would befall every clip."""
MOST_SEEN = 100  # boxes of a frame that count, as COCO has it


@dataclass(frozen=True, slots=True)
class Wish:
    """One detector with one downstream."""

    detector: str
    downstream: str


def run_all(
    labels: LabelSet, wishes: Sequence[Wish], on_progress: OnProgress, *, learned: Mapping[str, Mapping[str, str]],
    force: bool = False,
) -> list[Run]:  # fmt: skip
    """Labels, what to run, detector -> {clip's hash: the split it was taught from} -> a run each.

    One film after the other is worked through for one detector before the next; stage told: the detector's name. A
    clip that fails is undecided, with the reason. Raises: UnknownPart, MissingWeights, Untrusted, TooSlow,
    OutOfMemory, StorageFailed, and whatever `on_progress` raises: what was done till then is kept.
    """
    check(wishes)
    by_detector: dict[str, list[str]] = {}
    for wish in dict.fromkeys(wishes):
        by_detector.setdefault(wish.detector, []).append(wish.downstream)
    found: dict[Wish, list[Answer]] = {}
    total, done = len(by_detector) * len(labels.clips), 0
    for detector, downstreams in by_detector.items():
        tester = Tester(detector, force)
        for clip in labels.clips:
            tell = partial(on_progress, detector, done / total)
            tell()
            for name, answer in tester.answers(clip, downstreams, tell).items():
                found.setdefault(Wish(detector, name), []).append(answer)
            done += 1
        on_progress(detector, done / total)
    return [_run(labels, wish, answers, learned.get(wish.detector, {})) for wish, answers in found.items()]


def check(wishes: Sequence[Wish]) -> None:
    """What is wished for -> nothing, or why it cannot be: UnknownPart, MissingWeights."""
    for wish in wishes:
        if wish.downstream not in DOWNSTREAMS:
            raise UnknownPart(f"There is no downstream {wish.downstream!r}; choose one of: {', '.join(DOWNSTREAMS)}.")
        part = wish.detector.partition(":")[0]
        if part not in detectors.DETECTORS:
            raise UnknownPart(f"There is no detector {part!r}; choose one of: {', '.join(detectors.DETECTORS)}.")
        if not DOWNSTREAMS[wish.downstream].tiled and part not in detectors.TILED:
            raise UnknownPart(f"{wish.detector} looks through no tiles, so there are none to leave out.")
        if model := detectors.weights_of(wish.detector):
            weights.path(model)


def made_with(detector: str) -> dict[str, Any]:
    """Detector -> versions and hashes that its runs rest on."""
    return pipeline.made_with(detector) | {"kicky": version_of(), "code": kept.code(kept.JUDGING)[:16]}


def version_of() -> str:
    """-> the program's version, as pyproject.toml says."""
    import tomllib

    from ..home import PROJECT

    return str(tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def _run(labels: LabelSet, wish: Wish, answers: Sequence[Answer], learned: Mapping[str, str]) -> Run:
    cases = tuple(
        Case(clip.name, clip.sha256, clip.session, clip.split, clip.tags, clip.truth, answer)
        for clip, answer in zip(labels.clips, answers, strict=True)
    )
    taught = {clip.name: learned[clip.sha256] for clip in labels.clips if clip.sha256 in learned}
    about = made_with(wish.detector) | {"supervision": version("supervision")} | ({"taught": taught} if taught else {})
    moment = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return Run(labels.name, wish.detector, wish.downstream, cases, about, labels.tuned, moment)


class Tester:
    """One detector, made once, and its answers to labelled clips."""

    def __init__(self, detector: str, force: bool = False) -> None:
        self.detector, self._force = detector, force
        model = detectors.weights_of(detector)
        self._weights = weights.fingerprint(model) if model else ""
        self._make: Callable[[bool], Detector] = cache(lambda tiled: detectors.make(detector, force, tiled))

    def answers(self, clip: Labelled, downstreams: Sequence[str], tell: Callable[[], None]) -> dict[str, Answer]:
        """Clip, downstreams -> what each says of it."""
        found: dict[str, Answer] = {}
        trials: dict[bool, Trial | Answer] = {}
        for name in downstreams:
            tiled = DOWNSTREAMS[name].tiled
            rests_on = (self._evidence_key(clip, tiled), name, _truth_key(clip), kept.code(kept.JUDGING))
            path = kept.place("answers", kept.key(*rests_on), "json")
            known = kept.read_json(path)
            if known is not None:
                found[name] = answer_from_json(known)
                continue
            if tiled not in trials:
                trials[tiled] = self._trial(clip, tiled, tell)
            trial = trials[tiled]
            if isinstance(trial, Answer):
                found[name] = trial
                continue
            found[name] = self._answer(clip, trial, name)
            if not found[name].failed:
                kept.write_json(path, asdict(found[name]))
        return found

    def judged(self, clip: Labelled, downstream: str) -> Judged | str:
        """Clip, downstream -> what it makes of the clip, with the evidence; or why there is none."""
        trial = self._trial(clip, DOWNSTREAMS[downstream].tiled, lambda: None)
        if isinstance(trial, Answer):
            return trial.failed
        with _named(clip) as failed:
            return DOWNSTREAMS[downstream].judge(trial)
        return failed[0]

    def seen(self, clip: Labelled) -> tuple[str, Shot, list[sv.Detections]] | None:
        """Clip -> what is kept of it: a name for it, the evidence, each frame's boxes; nothing is looked at anew."""
        path, seen = kept.place("evidence", self._evidence_key(clip, True), "npz"), self._kept(clip, True)
        if not (path.exists() and seen.path.exists()):
            return None
        return seen.path.stem, archive.read(path, clip.path), kept.read(seen.path)[1]

    def _answer(self, clip: Labelled, trial: Trial, name: str) -> Answer:
        about = self._kept(clip, DOWNSTREAMS[name].tiled).about()
        cost = Answer(ms=about["ms"], memory_mb=about["memory_mb"])
        with _named(clip) as failed:
            answer = DOWNSTREAMS[name].judge(trial).answer()
            return self._measured(clip, trial, replace(answer, ms=cost.ms, memory_mb=cost.memory_mb))
        return replace(cost, failed=failed[0])

    def _measured(self, clip: Labelled, trial: Trial, answer: Answer) -> Answer:
        """-> the answer with how near ball and boxes were found."""
        offered = trial.shot.candidates
        off = tuple((_away(offered, spot), spot.diameter_px) for spot in clip.ball) if offered is not None else ()
        return replace(answer, ball_off=off, frames=_boxed(clip, trial) if clip.boxes else ())

    def _trial(self, clip: Labelled, tiled: bool, tell: Callable[[], None]) -> Trial | Answer:
        """Clip -> its evidence, from the store or by looking at the film; or that it fails, and why."""
        path, seen = kept.place("evidence", self._evidence_key(clip, tiled), "npz"), self._kept(clip, tiled)
        with _named(clip) as failed:
            if not (path.exists() and seen.path.exists()):
                self._look(clip, seen, path, tell)
            return Trial(archive.read(path, clip.path), lambda: kept.read(seen.path)[1])
        return Answer(failed=failed[0])

    def _look(self, clip: Labelled, seen: kept.Kept, path: Path, tell: Callable[[], None]) -> None:
        opened = video.open_clip(clip.path, clip.slow_motion)
        other = clip.clicked_on
        picture = _picture(other, other.stat().st_mtime_ns) if other is not None else None
        goal = clip.scene
        if goal is not None and picture is not None and goal.picture_wh_px is None:
            goal = replace(goal, picture_wh_px=(picture.shape[1], picture.shape[0]))
        report = pipeline.analyze(
            opened, self.detector, goal, lambda *_: tell(), clicked_on=picture, detect=seen,
        )  # fmt: skip
        with told(path):
            archive.write(path, report.shot)

    def _kept(self, clip: Labelled, tiled: bool) -> kept.Kept:
        name = kept.key(clip.sha256, clip.slow_motion, self.detector, self._weights, tiled, kept.code(kept.SEEING))
        return kept.Kept(kept.place("detections", name, "npz"), lambda: self._make(tiled))

    def _evidence_key(self, clip: Labelled, tiled: bool) -> str:
        goal = scene.to_json(clip.scene) if clip.scene is not None else None
        other = _digest(clip.clicked_on) if clip.clicked_on is not None else ""
        mine = (clip.sha256, clip.slow_motion, goal, other)
        return kept.key(*mine, self.detector, self._weights, tiled, kept.code(kept.LOOKING))


def _digest(path: Path) -> str:
    """A film or picture that is shared by many clips -> its hash, worked out once while it stays as it is."""
    return _digest_of(path, path.stat().st_mtime_ns)


@cache
def _digest_of(path: Path, _written: int) -> str:
    return kept.digest(path)


@lru_cache(maxsize=4)
def _picture(path: Path, _written: int) -> Image:
    """The film or picture a goal was clicked on, when it was written -> that picture, gray."""
    if path.suffix.lower() != ".png":
        return still_picture(video.open_clip(path))
    read = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_GRAYSCALE)
    return np.asarray(read, dtype=np.uint8)


@contextmanager
def _named(clip: Labelled) -> Iterator[list[str]]:
    """A block that may fail on a clip without ending the run: why, in a list, empty while it does not.

    What would befall every clip goes on up: no weights, no memory, no room on the disk, the player's wish to stop.
    """
    failed: list[str] = []
    try:
        yield failed
    except OF_THE_CLIP as error:
        failed.append(str(error))
    except KickyError:
        raise
    except Exception as error:  # a bug on one film must not hide what all others say: it is logged and named
        log.exception("%s failed", clip.path)
        failed.append(f"Something went wrong that should not have: {type(error).__name__}: {error}")


def _truth_key(clip: Labelled) -> Any:
    """Of the truth, what an answer holds something of: where the ball and the boxes are."""
    return [[asdict(spot) for spot in clip.ball], sorted((clip.boxes or {}).items())]


def _away(offered: Candidates, spot: Spot) -> float | None:
    """-> px from the ball's place to the nearest candidate of that frame, None where there is none."""
    here = offered.centre_px[offered.frame == spot.frame]
    if not len(here):
        return None
    return round(float(np.hypot(*(here - [spot.x_px, spot.y_px]).T).min()), 3)


def _boxed(clip: Labelled, trial: Trial) -> tuple[Frame, ...]:
    """-> the frames with boxes drawn by hand, and what the detector saw in each."""
    first, seen = trial.shot.clip.take[0], trial.again()
    frames = []
    for number, there in sorted((clip.boxes or {}).items()):
        if not first <= number < first + len(seen):
            frames.append(Frame(number, there))
            continue
        found = seen[number - first]
        if found.class_id is None or found.confidence is None:
            raise KickyError(f"The detector gives boxes without class and score in frame {number} of {clip.name}.")
        rows = np.column_stack([found.xyxy, found.confidence, found.class_id]).astype(float)
        best = rows[np.argsort(-rows[:, 4], kind="stable")[:MOST_SEEN]]
        frames.append(Frame(number, there, tuple(tuple(row) for row in best.round(3).tolist())))
    return tuple(frames)
