"""Clip -> what the large models see in chosen frames: SAM 3 first, LocateAnything only for what it did not find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import supervision as sv

from .. import tracking, video, weights
from ..detectors import locate as locating
from ..detectors.device import refuse_slow, words
from ..detectors.locate import Locate
from ..detectors.motion import Motion
from ..detectors.sam3 import BLANK, PROMPTS, Sam3, seconds_a_frame
from ..detectors.sam3 import NAME as SAM3
from ..domain import Clip, Floats, Label
from ..errors import KickyError, MissingWeights, TeacherFailed, Untrusted
from ..video import Image

TITLES = {"sam3": "SAM 3", "locate": "LocateAnything"}
CHECKED = 10  # every so many chosen frames LocateAnything is asked for what SAM 3 saw too: how far do they agree?
PATIENCE = 3  # clips in which LocateAnything may break down before it is asked no more
BREAKS = "{title} breaks down ({error}): run `python -m kicky models pull {name}` again, or label without it."
PHRASES = {label: prompt for prompt, label in PROMPTS.items()}


class Teacher:
    """Clip, chosen frames -> each with its detections. `data` of each row: source, model, revision, prompt, agreement.

    `agreement` is the overlap (intersection over union) with the other teacher's box, 0 where the other was asked and
    saw nothing there, NaN where it was not asked. Rows of LocateAnything have a mask without a pixel: it gives boxes.
    Both are asked one question before the first clip. Where one of them cannot answer, or breaks down later, the other
    teaches alone, and `report` says why. Raises: MissingWeights where neither can, TooSlow; of one clip TeacherFailed
    and OutOfMemory.
    """

    def __init__(self, force: bool = False, sam3: str = SAM3, locate: str = "") -> None:
        locate = locate or locating.default()
        self._names, self._force = {"sam3": sam3, "locate": locate}, force
        self._sam3: Sam3 | None = Sam3(sam3, force)
        self._revisions = {sam3: weights.fingerprint(sam3)}
        self._locate: Locate | None = None
        self._why_not: dict[str, str] = {}
        try:
            self._locate = Locate(locate, force)
            self._revisions[locate] = weights.fingerprint(locate)
        except (MissingWeights, Untrusted) as error:
            self._why_not["locate"] = str(error)
        self._tried, self._breakdowns, self._silent = False, 0, False
        self._counts: dict[str, Any] = {}
        self._no_ball: list[int] = []

    def made_with(self) -> dict[str, Any]:
        """-> the models it sees with, and each one's fingerprint."""
        return {"teachers": dict(self._revisions)}

    def __call__(self, clip: Clip, frames: Sequence[int]) -> Iterator[tuple[int, sv.Detections]]:
        """Clip narrowed to its take, frames of it -> (frame, detections), in order. Memory does not grow with it."""
        wanted = sorted(set(frames))
        refuse_slow("SAM 3", seconds_a_frame(clip, wanted), clip, self._force)
        self._try_out()
        counts = {"frames": clip.take[1] - clip.take[0], "sam3": 0, "asked": 0, "recovered": 0}
        self._counts, self._no_ball, self._silent = counts, [], False
        for number, image, seen in self._followed(clip, wanted):
            if Label.BALL in np.asarray(seen.class_id):
                counts["sam3"] += 1
            else:
                self._no_ball.append(number)
            if number in wanted:
                yield number, self._taught(image, seen, wanted.index(number))
        counts["motion"] = int(tracking.link(clip, Motion()(clip)).ball.measured.sum())

    def report(self) -> dict[str, Any]:
        """-> of the clip seen last: its frames; in how many SAM 3 saw a ball; of the chosen ones without, how many
        LocateAnything was asked about and in how many it found one; in how many the motion detector follows one; and
        `no_ball`, the frames without one by SAM 3.
        """
        return {
            **self._counts,
            "no_ball": list(self._no_ball),
            **{f"{model}_why_not": why for model, why in self._why_not.items()},
        }

    def _try_out(self) -> None:
        """Both models, once: one question each; who cannot answer teaches nothing. Raises: MissingWeights for both."""
        if self._tried:
            return
        sam3, locate = self._sam3, self._locate
        if sam3 is not None and (why := self._fault("sam3", lambda: sam3.in_picture(BLANK))):
            self._sam3, self._why_not["sam3"] = None, why
        phrases = list(PHRASES.values())
        if locate is not None and (why := self._fault("locate", lambda: locate.in_picture(BLANK, phrases))):
            self._locate, self._why_not["locate"] = None, why
        if self._sam3 is None and self._locate is None:
            raise MissingWeights(" ".join(self._why_not.values()))
        self._tried = True

    def _fault(self, model: str, ask: Callable[[], object]) -> str:
        """Model, a question -> why it cannot be answered, with what to do; "" where it can."""
        try:
            ask()
        except KickyError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 a network, and code of its own, may raise anything
            return BREAKS.format(title=TITLES[model], error=words(error), name=self._names[model])
        return ""

    def _followed(self, clip: Clip, wanted: Sequence[int]) -> Iterator[tuple[int, Image, sv.Detections]]:
        """Clip, the chosen frames -> each frame with what SAM 3 sees in it, in the chosen ones also in tiles; nothing
        where it does not teach. Raises: TeacherFailed.
        """
        if self._sam3 is None:
            for number, image in video.frames(clip):
                yield number, image, sv.Detections.empty()
            return
        images, seen = video.frames(clip), iter(self._sam3(clip, wanted))
        for number, image in images:
            try:
                found = next(seen)
            except KickyError:
                raise
            except Exception as error:
                raise TeacherFailed(
                    f"SAM 3 broke down over this clip ({words(error)}): label once more, it then goes on here."
                ) from error
            yield number, image, found

    def _taught(self, image: Image, seen: sv.Detections, place: int) -> sv.Detections:
        """A chosen frame, what SAM 3 sees in it -> with what LocateAnything adds."""
        seen.data["agreement"] = np.full(len(seen), np.nan)
        missing = [label for label in Label if label not in np.asarray(seen.class_id)]
        added = sv.Detections.empty()
        asked = list(Label) if place % CHECKED == 0 else missing
        if asked and (told := self._located(image, [PHRASES[label] for label in asked])) is not None:
            added = told
            if Label.BALL in missing:
                self._counts["asked"] += 1
                self._counts["recovered"] += len(added) > 0 and Label.BALL in np.asarray(added.class_id)
            if asked == list(Label):
                seen.data["agreement"] = overlap(seen, added)
        return self._together(seen, _only(added, missing), image)

    def _located(self, image: Image, phrases: Sequence[str]) -> sv.Detections | None:
        """Frame, what to look for -> what LocateAnything finds, None where it does not answer in this clip."""
        if self._locate is None or self._silent:
            return None
        found: list[sv.Detections] = []
        locate = self._locate
        if not (why := self._fault("locate", lambda: found.append(locate.in_picture(image, phrases)))):
            return found[0]
        self._silent, self._breakdowns, self._why_not["locate"] = True, self._breakdowns + 1, why
        if self._breakdowns >= PATIENCE:
            self._locate = None
        return None

    def _together(self, seen: sv.Detections, added: sv.Detections, image: Image) -> sv.Detections:
        """SAM 3's rows, LocateAnything's -> one list."""
        if not len(added):
            both = seen
        else:
            added.mask = np.zeros((len(added), *image.shape[:2]), dtype=bool)
            added.data["agreement"] = np.zeros(len(added))  # SAM 3 looked, and saw none
            seen.tracker_id = None
            both = sv.Detections.merge([seen, added]) if len(seen) else added
        both.data["revision"] = np.array(
            [self._revisions[str(model)] for model in both.data.get("model", ())], dtype=object
        )
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
