"""The clips labelled here in splits, with tags, and the splits that something was chosen on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ..errors import BadLabel, NotFound


def clips_here() -> list[tuple[int, str, str, str, str]]:
    """-> each labelled clip: its number, name, session, split and tags (words with blanks between)."""
    from .. import storage
    from ..jobs.evaluating import truths_here

    return [
        (row.id or 0, row.name, storage.session_name(row.session_id), split, " ".join(tags))
        for row, _, split, tags in truths_here()
    ]


def divide(splits: Mapping[int, str], tags: Mapping[int, str]) -> None:
    """Clip: its split; clip: its tags -> remembered; "" takes either back. Raises: NotFound, BadLabel."""
    from ..jobs.evaluating import TAGS, tuned_here
    from ..storage import labels

    wrong = [split for split in splits.values() if len(split) > 40]
    if wrong:
        raise BadLabel(f"{wrong[0][:20]}… is too long for a split: give it a short name.")
    told = [(clip, labels.SPLIT, " ".join(split.split()), "") for clip, split in splits.items()]
    labels.put_all(told + [(clip, TAGS, " ".join(sorted(set(some.split()))), "") for clip, some in tags.items()])
    gone = set(tuned_here()) - {split for *_, split, _ in clips_here()}
    if gone:
        choose_on([split for split in tuned_here() if split not in gone])


def tag(sha256: str, tags: Sequence[str]) -> None:
    """A clip's hash, all its tags -> remembered. Raises: NotFound."""
    from .. import storage

    row = storage.clip_by_hash(sha256)
    if row is None:
        raise NotFound("That clip is not here any more: run the evaluation again.")
    divide({}, {row.id or 0: " ".join("_".join(each.split()) for each in tags)})


def tags_now() -> dict[str, tuple[str, ...]]:
    """-> hash of each labelled clip here: its tags."""
    from ..jobs.evaluating import truths_here

    return {row.sha256: tags for row, _, _, tags in truths_here()}


def tuned() -> list[str]:
    """-> the splits here that something was chosen on."""
    from ..jobs.evaluating import tuned_here

    return list(tuned_here())


def choose_on(splits: Sequence[str]) -> None:
    """Splits that something was chosen on -> remembered. Raises: BadLabel for one that is called test."""
    from ..jobs.evaluating import TUNED
    from ..storage import advice

    if any(split.strip().lower() == "test" for split in splits):
        raise BadLabel("A split that something was chosen on is no test: give it another name, such as tuned.")
    advice.change_settings({TUNED: json.dumps(list(splits))})
