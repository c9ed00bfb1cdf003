"""Frames, one after another -> what SAM 3 follows in them, its doubtful new tracks taken back before anybody sees them.

transformers does this only for a film that it holds whole. Here a frame is given when `hotstart_delay` later ones have
been seen, as there, and a session holds no more than later frames look at.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..domain import Floats

POINTERS = 16  # frames back that the tracker still looks at, by its default configuration


class Following:
    """One film's session. A track is removed when the model takes it back, or when its mask has been empty so long that
    nothing is left of it: it would keep a place that a new one needs. Of what was asked for by the word `exact` the
    detector's own boxes are told too: masks are too coarse for it.
    """

    def __init__(self, processor: Any, model: Any, session: Any, exact: str = "") -> None:
        self._processor, self._model, self._session, self._exact = processor, model, session, exact
        self._delay = max(1, int(model.hotstart_delay))
        self._gone = max(int(model.max_trk_keep_alive), self._delay + 1)
        """Frames that a track may be empty: no output that still waits shows it then."""
        self._waiting: deque[tuple[int, Any, Any, dict[int, Floats]]] = deque()
        self._seen: dict[int, int] = {}  # track -> the last frame in which its mask was not empty
        self._taken_back: dict[int, int] = {}  # track -> the frame in which the model took it back
        self._doomed: list[int] = []
        # Removed at once, the frame's masks would go to the wrong tracks: transformers counts them off afterwards.
        session.remove_object = lambda track, **_: self._doomed.append(track)

    @property
    def waits(self) -> bool:
        """-> whether there are frames that nobody was told of."""
        return bool(self._waiting)

    @property
    def ready(self) -> bool:
        """-> whether the oldest of them has waited long enough: no track that it shows can be doubtful any more."""
        return len(self._waiting) >= self._delay

    def look(self, number: int, inputs: Any) -> None:
        """The frame's number, from 0, and what the processor made of it -> seen; it waits now."""
        session = self._session
        session.add_new_frame(inputs.pixel_values[0], number)
        with _heard(self._model) as found:
            seen = self._model(inference_session=session, frame_idx=number)
        self._waiting.append((number, seen, inputs.original_sizes, self._boxes(seen.obj_id_to_mask, found)))
        self._taken_back |= dict.fromkeys(self._doomed, number)
        for track, mask in seen.obj_id_to_mask.items():
            if track not in self._seen or bool((mask > 0).any()):
                self._seen[track] = number
        empty = [track for track in session.obj_ids if number - self._seen.get(track, number) >= self._gone]
        self._remove([*self._doomed, *empty])
        self._doomed.clear()
        forget(session, number)

    def told(self) -> dict[str, Any]:
        """-> what the processor tells of the oldest frame that waits, without the tracks taken back since; and as
        `exact` the detector's box of each track that it confirms, as shares of the frame's width and height.
        """
        number, seen, sizes, boxes = self._waiting.popleft()
        self._taken_back = {track: when for track, when in self._taken_back.items() if when >= number}
        self._session.hotstart_removed_obj_ids = set(self._taken_back)
        made: dict[str, Any] = self._processor.postprocess_outputs(self._session, seen, original_sizes=sizes)
        return {**made, "exact": boxes}

    def _boxes(self, masks: Mapping[int, Any], found: Mapping[int, Any]) -> dict[int, Floats]:
        """Tracks' masks of a frame, what the detector found by each prompt -> the box of what is like each mask."""
        from transformers.models.sam3_video.modeling_sam3_video import mask_iou

        session, boxes = self._session, {}
        for track, mask in masks.items():
            prompt = session.obj_id_to_prompt_id[track]
            if session.prompts[prompt] != self._exact or not len(found[prompt]["mask"]):
                continue
            shared = mask_iou(found[prompt]["mask"] > 0, mask > 0)[:, 0]
            if float(shared.max()) >= self._model.assoc_iou_thresh:
                box = found[prompt]["bbox"][int(shared.argmax())].float().cpu().numpy()
                boxes[track] = box.astype(np.float64).clip(0, 1)
        return boxes

    def _remove(self, tracks: list[int]) -> None:
        """Tracks -> gone from the session, with all that is written down of them."""
        session = self._session
        for track in tracks:
            session.obj_ids = list(session._obj_id_to_idx)
            type(session).remove_object(session, track)
            self._seen.pop(track, None)
            for kept in (session.obj_first_frame_idx, session.unmatched_frame_inds, session.trk_keep_alive):
                kept.pop(track, None)
        if tracks:
            gone = set(tracks)
            for pair in [pair for pair in session.overlap_pair_to_frame_inds if gone & set(pair)]:
                del session.overlap_pair_to_frame_inds[pair]
            # Not in place: outputs that wait hold the same ones.
            session.obj_id_to_score = {k: score for k, score in session.obj_id_to_score.items() if k not in gone}
            session.removed_obj_ids = set()


@contextmanager
def _heard(model: Any) -> Iterator[dict[int, Any]]:
    """Model -> what its detector finds in a frame that it sees within the block: by prompt boxes, masks and scores."""
    found: dict[int, Any] = {}
    detected = model.run_detection

    def heard(**asked: Any) -> dict[int, Any]:
        found.update(detected(**asked))
        return dict(found)

    model.run_detection = heard
    try:
        yield found
    finally:
        del model.run_detection  # the class's own again


def forget(session: Any, number: int) -> None:
    """Session, the frame it has just seen -> without what no later frame looks at, in place.

    A session keeps every picture, mask and memory it has had; the tracker looks at the last few and at the frames
    it was conditioned on, of those at the nearest `max_cond_frame_num`: here the first and the newest three.
    """
    oldest = number - POINTERS
    for frame in range(max(0, number - 1), number):
        session.processed_frames[frame] = None  # the place stays: the tracker counts how many there were
    for outputs in session.output_dict_per_obj.values():
        recent = outputs["non_cond_frame_outputs"]
        for frame in [frame for frame in recent if frame < oldest]:
            del recent[frame]
        conditioned = outputs["cond_frame_outputs"]
        for frame in sorted(conditioned)[1:-3]:
            del conditioned[frame]
    for held in (*session.mask_inputs_per_obj.values(), *session.frames_tracked_per_obj.values()):
        for frame in [frame for frame in held if frame < oldest]:
            del held[frame]
    for lasting in (session.obj_id_to_tracker_score_frame_wise, session.suppressed_obj_ids):
        for frame in [frame for frame in lasting if frame < oldest]:
            del lasting[frame]
    for counted in (*session.unmatched_frame_inds.values(), *session.overlap_pair_to_frame_inds.values()):
        del counted[:-POINTERS]  # how many they are is asked of young tracks only
