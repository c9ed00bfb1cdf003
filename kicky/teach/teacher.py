"""Clip -> what the large models see in chosen frames: SAM 3 first, LocateAnything only for what it did not find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import supervision as sv

from .. import tracking, video, weights
from ..detectors.locate import NAME as LOCATE
from ..detectors.locate import Locate
from ..detectors.motion import Motion
from ..detectors.sam3 import NAME as SAM3
from ..detectors.sam3 import PROMPTS, Sam3
from ..domain import Clip, Floats, Label
from ..errors import MissingWeights, Untrusted
from ..video import Image

CHECKED = 10  # every so many chosen frames LocateAnything is asked for what SAM 3 saw too: how far do they agree?
PHRASES = {label: prompt for prompt, label in PROMPTS.items()}


class Teacher:
    """Clip, chosen frames -> each with its detections. `data` of each row: source, model, revision, prompt, agreement.

    `agreement` is the overlap (intersection over union) with the other teacher's box, 0 where the other was asked and
    saw nothing there, NaN where it was not asked. Rows of LocateAnything have a mask without a pixel: it gives boxes.
    Without LocateAnything SAM 3 teaches alone, and `report` says why. Raises: MissingWeights, TooSlow, OutOfMemory.
    """

    def __init__(self, force: bool = False, sam3: str = SAM3, locate: str = LOCATE) -> None:
        self._sam3 = Sam3(sam3, force)
        self._revisions = {sam3: weights.fingerprint(sam3)}
        self._locate: Locate | None = None
        self._why_not = ""
        try:
            self._locate = Locate(locate, force)
            self._revisions[locate] = weights.fingerprint(locate)
        except (MissingWeights, Untrusted) as error:
            self._why_not = str(error)
        self._counts: dict[str, Any] = {}

    def made_with(self) -> dict[str, Any]:
        """-> the models it sees with, and each one's fingerprint."""
        return {"teachers": dict(self._revisions)}

    def __call__(self, clip: Clip, frames: Sequence[int]) -> Iterator[tuple[int, sv.Detections]]:
        """Clip narrowed to its take, frames of it -> (frame, detections), in order. Memory does not grow with it."""
        wanted = set(frames)
        counts = {"frames": clip.take[1] - clip.take[0], "sam3": 0, "asked": 0, "recovered": 0}
        self._counts = counts
        together = zip(video.frames(clip), self._sam3(clip), strict=True)
        for (number, image), seen in together:
            counts["sam3"] += Label.BALL in np.asarray(seen.class_id)
            if number in wanted:
                yield number, self._taught(number, image, seen, len(wanted) and sorted(wanted).index(number))
        counts["motion"] = int(tracking.link(clip, Motion()(clip)).ball.measured.sum())

    def report(self) -> dict[str, Any]:
        """-> of the clip seen last: its frames; in how many SAM 3 saw a ball; of the chosen ones without, how many
        LocateAnything was asked about and in how many it found one; in how many the motion detector follows one; and
        `no_ball`, the frames without one by SAM 3.
        """
        return {
            **self._counts,
            "no_ball": list(self._sam3.no_ball),
            **({"locate_why_not": self._why_not} if self._why_not else {}),
        }

    def _taught(self, number: int, image: Image, seen: sv.Detections, place: int) -> sv.Detections:
        """A chosen frame, what SAM 3 sees in it -> with what LocateAnything adds."""
        seen.data["agreement"] = np.full(len(seen), np.nan)
        missing = [label for label in Label if label not in np.asarray(seen.class_id)]
        added = sv.Detections.empty()
        if self._locate is not None:
            asked = list(Label) if place % CHECKED == 0 else missing
            if asked:
                added = self._locate.in_picture(image, [PHRASES[label] for label in asked], number)
            if Label.BALL in missing:
                self._counts["asked"] += 1
                self._counts["recovered"] += len(added) > 0 and Label.BALL in np.asarray(added.class_id)
            if asked == list(Label):
                seen.data["agreement"] = overlap(seen, added)
        return self._together(seen, _only(added, missing), image)

    def _together(self, seen: sv.Detections, added: sv.Detections, image: Image) -> sv.Detections:
        """SAM 3's rows, LocateAnything's -> one list."""
        if not len(added):
            both = seen
        else:
            added.mask = np.zeros((len(added), *image.shape[:2]), dtype=bool)
            added.data["agreement"] = np.zeros(len(added))  # SAM 3 looked, and saw none
            seen.tracker_id = None
            both = sv.Detections.merge([seen, added]) if len(seen) else added
        both.data["revision"] = np.array([self._revisions[str(model)] for model in both.data["model"]], dtype=object)
        return both


def _only(found: sv.Detections, labels: Sequence[Label]) -> sv.Detections:
    """Detections -> those of the labels."""
    if not len(found):
        return found
    kept = found[np.isin(np.asarray(found.class_id), [int(label) for label in labels])]
    assert isinstance(kept, sv.Detections)
    return kept


def overlap(seen: sv.Detections, others: sv.Detections) -> Floats:
    """Detections of one teacher and of the other -> (n,) the best overlap of each with one of the same label."""
    best = np.zeros(len(seen))
    if len(seen) and len(others):
        shared = sv.box_iou_batch(seen.xyxy, others.xyxy)
        same = np.asarray(seen.class_id)[:, None] == np.asarray(others.class_id)[None]
        best = np.where(same, shared, 0.0).max(axis=1)
    return np.asarray(best, dtype=np.float64)
