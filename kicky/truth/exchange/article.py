"""Lists of clips by outcome, as simple annotators keep them: {clip: word}, {word: [clips]} or [{clip, label}]."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ... import reading
from ...domain import Verdict
from ...errors import BadLabel
from ..questions import OUTCOME
from .labelled import Labelled

WHO = "import"
WORDS = {
    "goal": Verdict.GOAL, "yes": Verdict.GOAL, "true": Verdict.GOAL,
    "no_goal": Verdict.NO_GOAL, "nogoal": Verdict.NO_GOAL, "miss": Verdict.NO_GOAL, "no": Verdict.NO_GOAL,
    "false": Verdict.NO_GOAL, "unsure": Verdict.UNSURE, "unknown": Verdict.UNSURE,
}  # fmt: skip


def word(text: object) -> Verdict | None:
    """-> the outcome that a word names, None for any other.

    >>> word("No-goal"), word("GOAL"), word("tree")
    (<Verdict.NO_GOAL: 'no_goal'>, <Verdict.GOAL: 'goal'>, None)
    """
    plain = str(text).strip().lower().replace("-", "_").replace(" ", "_")
    return WORDS.get(plain)


def knows(path: Path) -> bool:
    """-> whether it is a JSON file in which words for outcomes stand beside clips."""
    if not path.is_file() or path.suffix.lower() != ".json":
        return False
    try:
        return bool(_pairs(json.loads(path.read_text(encoding="utf-8-sig"))))
    except (OSError, ValueError, RecursionError):
        return False


def read(path: Path) -> Iterator[Labelled]:
    """The file -> its clips, each with its outcome."""
    for clip, said in _pairs(reading.json_of(path, BadLabel)):
        if not clip:
            raise BadLabel(f"{path.name} says {said!r} of a clip without a name: name it, or take it out.")
        outcome = word(said)
        if outcome is None:
            raise BadLabel(f"{path.name} says {said!r} of {clip}: write goal, no-goal or unsure.")
        yield Labelled(clip, answers={WHO: {OUTCOME: str(outcome)}})


def _pairs(values: Any) -> list[tuple[str, object]]:
    """What the JSON holds -> (clip, word) each, [] where it is no such list."""
    if isinstance(values, list):
        rows = [row for row in values if isinstance(row, dict)]
        name = next((k for k in ("clip", "clip_id", "file", "name", "video") if rows and k in rows[0]), None)
        said = next((k for k in ("label", "outcome", "goal", "value") if rows and k in rows[0]), None)
        if len(rows) != len(values) or name is None or said is None:
            return []
        return [(_name(row.get(name)), row.get(said)) for row in rows]
    if not isinstance(values, dict):
        return []
    if values and all(word(key) is not None and isinstance(v, list) for key, v in values.items()):
        return [(_name(clip), key) for key, clips in values.items() for clip in clips]
    plain = {clip: v.get("label") if isinstance(v, dict) else v for clip, v in values.items()}
    return list(plain.items()) if any(word(v) is not None for v in plain.values()) else []


def _name(clip: object) -> str:
    """What stands where a clip is named -> its name, "" for what is none."""
    return str(clip).strip() if isinstance(clip, str | int) and not isinstance(clip, bool) else ""
