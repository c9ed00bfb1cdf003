"""Labels in and out of files: which clips they are of, their frames proved, all written together or none."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .. import storage
from ..errors import BadLabel
from ..storage import answers, labels
from ..storage.answers import TRUTH
from ..storage.database import told
from . import boxes
from .truth import named

if TYPE_CHECKING:
    from ..truth.exchange import Labelled


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import brought: its format, clips, answers, frames with boxes; and what was left out."""

    format: str
    clips: int
    answers: int
    frames: int
    unknown: tuple[str, ...]
    left_out: dict[str, int]

    @property
    def warnings(self) -> list[str]:
        """-> a sentence for each kind of thing that the file holds and that was not taken in."""
        told_ = []
        if self.unknown:
            named_ = ", ".join(self.unknown[:5]) + (", …" if len(self.unknown) > 5 else "")
            n = len(self.unknown)
            told_.append(
                f"{n} clip{' is' if n == 1 else 's are'} not here and {'was' if n == 1 else 'were'} left out: {named_}."
            )
        if self.left_out:
            parts = ", ".join(f"{name} ({count})" for name, count in sorted(self.left_out.items()))
            told_.append(f"Left out of the file: {parts}.")
        return told_


def formats() -> dict[str, str]:
    """-> the formats that can be written: name, and what it is called and holds."""
    from ..truth.exchange import FORMATS

    return {name: f"{form.title}: {form.holds}" for name, form in FORMATS.items() if form.write is not None}


def write_labels(format_: str, folder: Path, clip_ids: Sequence[int] | None = None) -> list[Path]:
    """Format, folder, clips (None: all with labels) -> the files written. Raises: BadLabel, StorageFailed."""
    from ..truth.exchange import FORMATS

    form = FORMATS.get(format_)
    if form is None or form.write is None:
        raise BadLabel(f"Labels are not written as {format_!r}: use one of {', '.join(formats())}.")
    told_ = [_labelled(number) for number in (clip_ids if clip_ids is not None else labels.labelled_clips())]
    boxed = form.holds.startswith("boxes")
    kept = [clip for clip in told_ if (clip.boxes if boxed else clip.answers or clip.boxes)]
    if not kept:
        raise BadLabel("Nothing is labelled yet that this format holds: label some clips first.")
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        return form.write(kept, folder)


def read_labels(path: Path, skip_unknown: bool = False) -> Brought:
    """File or folder of labels -> kept, all together or not at all.

    Raises: BadLabel for clips that are not here (unless they are to be skipped), frames that are not where the file
    says, and answers that are none; then nothing is kept.
    """
    from ..truth.exchange import read

    if not path.exists():
        raise BadLabel(f"There is no {path}: check the name.")
    name, found = read(path)
    rows: list[tuple[int, str, str, str]] = []
    unknown: list[str] = []
    left_out: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    said: dict[tuple[int, str, str], str] = {}
    for each in found:
        clip_id = _clip_of(each)
        left_out += each.left_out
        if clip_id is None:
            unknown.append(each.clip)
            continue
        mine = _rows(each, clip_id)
        for number, field, value, who in mine:
            if said.setdefault((number, field, who), value) != value:
                what = field.removeprefix(TRUTH).replace(labels.BOXES, "boxes of frame ")
                raise BadLabel(f"{each.clip} is there twice with different answers ({what}): keep one of the two.")
        rows += mine
        boxed = sum(field.startswith(labels.BOXES) for _, field, _, _ in mine)
        counts.update(clips=1, frames=boxed, answers=len(mine) - boxed)
    if unknown and not skip_unknown:
        raise BadLabel(
            f"{len(unknown)} of the clips are not here, {unknown[0]} for one: add them first, or leave them out."
        )
    labels.put_all(rows)
    return Brought(
        name, counts["clips"], counts["answers"], counts["frames"], tuple(sorted(set(unknown))), dict(left_out)
    )


def _rows(each: Labelled, clip_id: int) -> list[tuple[int, str, str, str]]:
    """What a file says of a clip -> clip, field, value, who, each proved and checked. Raises: BadLabel."""
    from ..truth import questions
    from ..truth.exchange import fitting, proved

    clip = storage.clip(clip_id)
    fitting(each, (clip.width, clip.height))
    if each.time_s or each.boxes:
        proved(each, boxes.clip_times(clip_id))
    frames = clip.frames
    rows: list[tuple[int, str, str, str]] = []
    for who, said in each.answers.items():
        said_by = who if who == answers.SETTLED else named(who)
        for field, value in said.items():
            rows.append((clip_id, TRUTH + field, questions.checked(field, str(value), frames), said_by))
    for frame, things in each.boxes.items():
        who = next((str(thing.origin["who"]) for thing in things if thing.origin.get("who")), "import")
        value = json.dumps([boxes.thing_values(thing) for thing in things])
        rows.append((clip_id, labels.BOXES + str(frame), value, who))
    return rows


def _labelled(clip_id: int) -> Labelled:
    """Clip -> all that is said of it."""
    from ..truth.exchange import Labelled
    from ..truth.questions import FRAMES

    row = storage.clip(clip_id)
    said = {
        who: {field.removeprefix(TRUTH): a.value for field, a in fields.items() if field.startswith(TRUTH) and a.value}
        for who, fields in answers.said(clip_id).items()
    }
    said = {who: fields for who, fields in said.items() if fields}
    rects = boxes.of_clip(clip_id)
    frames = {*rects, *(int(fields[field]) for fields in said.values() for field in FRAMES if field in fields)}
    times = _times(clip_id, frames) if frames else {}
    return Labelled(row.name, row.sha256, row.frames, (row.width, row.height), said, rects, times)


def _times(clip_id: int, frames: set[int]) -> dict[int, float]:
    time_s = boxes.clip_times(clip_id)
    return {frame: float(time_s[frame]) for frame in sorted(frames)}


def _clip_of(each: Labelled) -> int | None:
    """What a file says of a clip -> the clip here, by its bytes or else its name; None where it is not here."""
    if each.sha256:
        row = storage.clip_by_hash(each.sha256)
        return row.id if row is not None else None
    from ..reading import file_named

    stem = file_named(each.clip).stem
    rows = [(row.id, row.name, Path(row.name).stem) for row in storage.queue_rows(None)]
    found = [number for number, name, there in rows if each.clip == name or stem == there]
    if not found:  # cameras and disks write one name in large letters or small ones
        found = [number for number, _, there in rows if stem.casefold() == there.casefold()]
    if len(found) > 1:
        raise BadLabel(f"{len(found)} clips here are called {each.clip}: rename them, or label by their hash.")
    return found[0] if found else None


def left_out(name: str) -> dict[str, int]:
    """Data set that was brought in -> what its folder held and it does not, and how often."""
    from ..home import datasets
    from ..teach.dataset import Dataset

    made_with = Dataset(datasets() / name).about().get("made_with", {})
    return {str(what): int(number) for what, number in made_with.get("left_out", {}).items()}
