"""Clips -> data set: chosen frames of each clip as pictures, labelled by whoever sees, clip by clip."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from .. import footage, video
from ..domain import Clip, OnProgress
from ..drafts import write_whole
from ..errors import BadDataset, KickyError, OutOfMemory, TeacherFailed, UnfitClip, UnreadableClip
from ..storage.database import told
from .dataset import Dataset, split_by_clip
from .labelled import PERSON, Picture, Thing

MOST_BREAKDOWNS = 3  # clips in a row that whoever sees may break down over before the run is given up
EVERY_S = 0.1  # one picture in so many seconds: neighbours say nearly the same
JPEG_QUALITY = 95  # a ball of four pixels does not survive less

Seen = Iterator[tuple[int, tuple[Thing, ...]]]
See = Callable[[Clip, tuple[int, ...]], Seen]
"""Clip narrowed to its take, frames -> those of them that can be learned from, in order, with what is in each.

It may have a `report()`: of the clip it saw last, in which frames who found a ball.
"""


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """A film to be labelled. `corrected` is what persons said of its frames: it overrides whoever sees."""

    path: Path
    name: str
    split: str = ""
    slow_motion: float = 1.0
    corrected: Mapping[int, tuple[Thing, ...]] = field(default_factory=dict)


def autolabel(
    dataset: Dataset, sources: Sequence[Source], see: See, made_with: Mapping[str, Any], on_progress: OnProgress,
    every_s: float = EVERY_S,
) -> dict[str, str]:  # fmt: skip
    """Films -> pictures and labels in the data set; -> the films that could not be labelled, each with the reason.

    A clip is in whole or not at all, so a run that was killed goes on where it was. `made_with` says who sees (model,
    weights, settings). Who breaks down over one clip goes on with the next, and gives up after three in a row.
    Raises: BadDataset when the data set was made otherwise, and whatever `see` raises that is not about one film; what
    was labelled until then stays.
    """
    if not sources:
        raise BadDataset("There is no clip to label: choose some first.")
    settings = {"made_with": dict(made_with), "every_s": every_s}
    about = dataset.about()
    if about and {key: about.get(key) for key in settings} != json.loads(json.dumps(settings)):
        raise BadDataset(f"The data set {dataset.name} was made in another way: give the new one a name of its own.")
    on_progress("open", 0.0)
    clips, failed = _opened(sources)
    dataset.describe({**about, **settings, "failed": failed})
    kept: dict[str, str] = {sha: str(entry["split"]) for sha, entry in about.get("clips", {}).items()}
    given = {clip.sha256: source.split for clip, source in clips} | kept
    splits = split_by_clip(sorted(given), given)
    breakdowns = 0
    for number, (clip, source) in enumerate(clips):
        on_progress("label", number / len(clips))
        if dataset.has(clip.sha256):
            continue
        try:
            _label(dataset, clip, source, splits[clip.sha256], see, every_s, on_progress, (number, len(clips)))
            breakdowns = 0
        except (UnfitClip, UnreadableClip, TeacherFailed, OutOfMemory) as error:
            breakdowns += isinstance(error, TeacherFailed | OutOfMemory)
            if breakdowns == MOST_BREAKDOWNS:
                raise
            failed[source.name] = str(error)
            dataset.describe({**dataset.about(), "failed": failed})
    dataset.write_coco()
    on_progress("label", 1.0)
    return failed


def _opened(sources: Sequence[Source]) -> tuple[list[tuple[Clip, Source]], dict[str, str]]:
    """Films -> those that can be read, each once, and why not the others."""
    clips: dict[str, tuple[Clip, Source]] = {}
    failed = {}
    for source in sources:
        try:
            clip = video.open_clip(source.path, source.slow_motion)
        except KickyError as error:
            failed[source.name] = str(error)
        else:
            clips.setdefault(clip.sha256, (clip, source))
    return list(clips.values()), failed


def _label(
    dataset: Dataset, clip: Clip, source: Source, split: str, see: See, every_s: float, on_progress: OnProgress,
    place: tuple[int, int],
) -> None:  # fmt: skip
    """One clip -> its pictures, its labels, and its line in the data set's description."""
    clip = footage.first_take(clip, footage.survey(clip))
    said = {frame: things for frame, things in source.corrected.items() if clip.take[0] <= frame < clip.take[1]}
    frames = tuple(sorted({*chosen(clip, every_s), *said}))
    folder = dataset.folder / split
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
    pictures = _pictures(clip, _corrected(see(clip, frames), said), folder)
    count = 0

    def watched() -> Iterator[Picture]:
        nonlocal count
        for picture in pictures:
            count += 1
            on_progress("label", (place[0] + frames.index(picture.frame) / len(frames)) / place[1])
            yield picture

    dataset.add(clip.sha256, watched())
    about = dataset.about()
    entry = {"name": source.name, "split": split, "frames": clip.take[1] - clip.take[0], "pictures": count}
    dataset.describe({**about, "clips": {**about.get("clips", {}), clip.sha256: entry}})
    if hasattr(see, "report"):
        _keep_report(dataset, clip.sha256, {"clip": source.name, **see.report()})


def _corrected(seen: Seen, corrected: Mapping[int, tuple[Thing, ...]]) -> Seen:
    """What is seen, what persons said -> both in order of frames; where both speak, persons are believed."""
    waiting = sorted(corrected)
    for frame, things in seen:
        while waiting and waiting[0] <= frame:
            first = waiting.pop(0)
            yield first, corrected[first]
        if frame not in corrected:
            yield frame, things
    for frame in waiting:
        yield frame, corrected[frame]


def chosen(clip: Clip, every_s: float) -> tuple[int, ...]:
    """Clip, seconds -> the frames of its take nearest to each such step of its time."""
    time_s = clip.time_s[slice(*clip.take)]
    steps = np.arange(time_s[0], time_s[-1] + 1e-9, every_s)
    return tuple(sorted({clip.take[0] + int(np.abs(time_s - step).argmin()) for step in steps}))


def _pictures(clip: Clip, seen: Seen, folder: Path) -> Iterator[Picture]:
    """Clip, what is seen in the chosen frames -> pictures, written as they are decoded, once, forwards."""
    images = video.frames(clip)
    for frame, things in seen:
        image = next(image for number, image in images if number == frame)
        file = folder / f"{clip.sha256[:16]}_{frame:06d}.jpg"
        done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        if not done:
            raise BadDataset(f"Frame {frame} of {clip.path.name} could not be written as a picture.")
        with told(file):
            file.write_bytes(data.tobytes())
        height, width = image.shape[:2]
        name = f"{folder.name}/{file.name}"
        yield Picture(name, folder.name, clip.sha256, frame, float(clip.time_s[frame]), (width, height), things)


def _keep_report(dataset: Dataset, clip: str, line: Mapping[str, Any]) -> None:
    """Where the teachers found no ball in a clip -> kept beside the other clips' lines."""
    file = dataset.folder / "no_ball.json"
    with told(file):
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        write_whole(file, json.dumps({**known, clip: line}, indent=1).encode())


def from_person(things: Sequence[Thing], who: str) -> tuple[Thing, ...]:
    """Things as a person drew or moved them -> the same, with that origin."""
    return tuple(replace(thing, origin={"source": PERSON, "who": who}) for thing in things)
