"""Model, picture -> what was loaded, how long it took, how much memory, and what it saw, in words and drawn.

The first thing that is wrong is raised as one sentence with what to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import cv2
import numpy as np
import supervision as sv

from .. import system, weights
from ..coaches import minicpm
from ..coaches.guard import guard
from ..detectors import device
from ..detectors.device import Loaded
from ..detectors.locate import Locate
from ..detectors.sam3 import Sam3
from ..detectors.student import Student
from ..domain import Label
from ..errors import StorageFailed, UnknownPart
from ..video import Image
from . import onepicture
from .onepicture import Sight

SURE = 0.3
"""What a student is less sure of is not counted; of the balls among it the surest is told."""
MADE: dict[str, Callable[[str], Any]] = {
    "student": lambda name: Student(name),
    "sam3": lambda name: Sam3(name, force=True),
    "locate": lambda name: Locate(name, force=not device.graphics()),
    "coach": lambda name: minicpm.MiniCPM(name),
}
UNSEEN_CARD = (
    "This machine has a graphics card that PyTorch cannot use, so the processor does the work: bring the card's driver "
    "up to date, and see what `.venv/bin/python -c 'import torch; torch.cuda.init()'` says."
)


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of it. `card_bytes` and `memory_bytes`: the most that it took of each, 0 where nobody can tell."""

    name: str
    loaded: Loaded
    load_s: float
    look_s: float
    memory_bytes: int
    card_bytes: int
    said: str
    notes: tuple[str, ...]
    drawn: Path


def try_out(name: str, film: Path | None, out: Path) -> Tried:
    """Name of a model, a film to show it the middle of (None: a drawn shot), the PNG to draw into -> what became of it.

    Raises: UnknownPart, MissingWeights, Untrusted, OutOfMemory, TeacherFailed, CoachFailed, UnreadableClip, UnfitClip,
    StorageFailed, KickyError.
    """
    kind = weights.entry(name)["kind"]
    if kind not in MADE:
        raise UnknownPart(f"{name} is of the kind {kind}, and only these can be tried: {', '.join(MADE)}.")
    weights.path(name)
    before, start = device.card_bytes(), perf_counter()
    with device.told(name), _freed(MADE[kind](name)) as model:
        loaded = model.load()
        load_s = perf_counter() - start
        sight = onepicture.drawn() if film is None else onepicture.filmed(film)
        start = perf_counter()
        said, notes, drawn = _advised(model, sight) if kind == "coach" else _seen(model, sight)
        look_s, card = perf_counter() - start, max(0, device.card_bytes() - before)
    _written(drawn, out)
    notes = (*((UNSEEN_CARD,) if unseen_card() else ()), *notes)
    return Tried(name, loaded, load_s, look_s, system.most_memory(), card, said, notes, out.resolve())


@contextmanager
def _freed(model: Any) -> Iterator[Any]:
    """Model -> the same, its process ended after the block."""
    try:
        yield model
    finally:
        for free in (getattr(model, "free", None), minicpm.free if isinstance(model, minicpm.MiniCPM) else None):
            if free is not None:
                free()


def unseen_card() -> bool:
    """-> whether the machine has a graphics card that torch cannot use."""
    return minicpm.warning() == "" and not device.graphics()


def _seen(model: Any, sight: Sight) -> tuple[str, tuple[str, ...], Image]:
    """A detector, what it is shown -> what it sees, what there is to say of it, the picture with it drawn in."""
    found: sv.Detections = model.in_picture(sight.image)
    scores = np.asarray(found.confidence, dtype=np.float64) if len(found) else np.empty(0)
    ids = np.asarray(found.class_id, dtype=int) if len(found) else np.empty(0, dtype=int)
    sure = scores >= SURE
    notes = []
    if sight.shown is not None:
        notes.append(f"In the picture: {in_words(sight.shown)}.")
    faint = scores[(ids == Label.BALL) & ~sure]
    if len(faint) and not (sure & (ids == Label.BALL)).any():
        notes.append(f"The surest ball it sees has a score of {faint.max():.2f}: too little to be counted here.")
    scored = not isinstance(model, Locate)  # which gives none
    of = {label: sure & (ids == label) for label in Label}
    told = {label: scores[rows].tolist() if scored else int(rows.sum()) for label, rows in of.items()}
    drawn = _drawn(sight.image, found[sure] if len(found) else found, scored)
    return f"It sees {in_words(told)}.", tuple(notes), drawn


def in_words(found: Mapping[Label, int | list[float]]) -> str:
    """How many of each kind, or each one's score -> in words.

    >>> in_words({Label.BALL: [0.93], Label.PLAYER: [0.9, 0.812], Label.GOAL: []})
    '1 ball (0.93), 2 players (0.90, 0.81)'
    >>> in_words({Label.BALL: 0})
    'nothing'
    """
    parts = []
    for label, each in found.items():
        count = each if isinstance(each, int) else len(each)
        scores = "" if isinstance(each, int) else f" ({', '.join(f'{score:.2f}' for score in sorted(each)[::-1])})"
        if count:
            parts.append(f"{count} {label.name.lower()}{'s' if count > 1 else ''}{scores}")
    return ", ".join(parts) or "nothing"


def _drawn(image: Image, found: Any, scored: bool) -> Image:
    """Picture, detections -> the picture with a box and a name for each, its score, and masks where it has them."""
    drawn = image.copy()
    if not len(found):
        return drawn
    names = [Label(int(number)).name.lower() for number in found.class_id]
    labels = [f"{name} {score:.2f}" if scored else name for name, score in zip(names, found.confidence, strict=True)]
    if found.mask is not None:
        drawn = sv.MaskAnnotator().annotate(drawn, found)
    thick = max(1, round(max(image.shape[:2]) / 900))
    drawn = sv.BoxAnnotator(thickness=thick).annotate(drawn, found)
    named = sv.LabelAnnotator(text_scale=0.3 * thick + 0.1, text_padding=3 * thick)
    return np.asarray(named.annotate(drawn, found, labels=labels), dtype=np.uint8)


def _advised(model: minicpm.MiniCPM, sight: Sight) -> tuple[str, tuple[str, ...], Image]:
    """A coach, what it is shown and told -> its answer, how much of it could be shown, the pictures side by side."""
    pieces: list[str] = []

    def heard() -> Iterator[str]:
        for piece in model(sight.brief, sight.strike):
            pieces.append(piece)
            yield piece

    with closing(guard(heard(), sight.brief)) as passages:
        shown = list(passages)
    bad = [f"{passage.title}: {passage.why}" for passage in shown if passage.replaced]
    counts = Counter(passage.replaced for passage in shown)
    why = f" ({'; '.join(bad)})" if bad else ""
    fit = f"{counts[False]} of its {len(shown)} sections would be shown{why}."
    height = min(picture.shape[0] for picture in sight.strike)
    row = [cv2.resize(each, (round(each.shape[1] * height / each.shape[0]), height)) for each in sight.strike]
    return f"It says:\n{''.join(pieces).strip()}", (fit,), np.asarray(np.hstack(row), dtype=np.uint8)


def _written(image: Image, out: Path) -> None:
    """Picture, PNG -> there. Raises: StorageFailed."""
    done, data = cv2.imencode(".png", image)
    try:
        assert done
        out.write_bytes(data.tobytes())
    except OSError as error:
        raise StorageFailed(f"{out} could not be written ({error}): choose another file with `--out`.") from error


def as_lines(tried: Tried) -> list[str]:
    """What became of it -> as it is printed."""
    what = tried.loaded
    size = f"{what.numbers / 1e6:.0f} million numbers in {what.precision}" if what.numbers >= 1e6 else ""
    small = f"{what.numbers} numbers in {what.precision}" if 0 < what.numbers < 1e6 else ""
    side = f"sees {what.side_px} px" if what.side_px else ""
    on = f"on {what.device}" if what.device else ""
    parts = [what.kind, size or small, side, on]
    card = f"{tried.card_bytes / 1e9:.1f} GB of the graphics card, " if tried.card_bytes else ""
    return [
        f"{tried.name}: {', '.join(filter(None, parts))}.",
        f"Loaded in {tried.load_s:.1f} s, looked in {tried.look_s:.1f} s; took {card}{tried.memory_bytes / 1e9:.1f} GB "
        "of memory.",
        tried.said,
        *tried.notes,
        f"Drawn: {tried.drawn}",
    ]
