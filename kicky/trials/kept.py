"""What an evaluation remembers, each file named by the hash of all that it rests on: what changes is looked at anew.

The folder may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import supervision as sv

from ..domain import Clip, Detector
from ..drafts import write_whole
from ..home import PROJECT, evaluations
from ..storage.database import told

SEEING = ("detectors", "footage", "video", "domain")
LOOKING = (
    *SEEING, "body", "camera.py", "choice.py", "flight", "kick.py", "pipeline.py", "players", "roles.py", "ruler",
    "rules2d.py", "scene", "tracking",
)  # fmt: skip
JUDGING = (*LOOKING, "measures", "outcome", "trials/downstream.py")
"""What detections rest on, what evidence does, and what answers do."""


@cache
def code(parts: tuple[str, ...]) -> str:
    """Parts of the program -> the hash of their source."""
    whole = hashlib.sha256()
    for part in parts:
        place = PROJECT / "kicky" / part
        for file in [place] if place.is_file() else sorted(place.rglob("*.py")):
            whole.update(file.relative_to(PROJECT).as_posix().encode() + file.read_bytes())
    return whole.hexdigest()


def digest(file: Path) -> str:
    """File -> its sha256."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def key(*parts: Any) -> str:
    """All that something rests on -> its name."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:40]


def place(kind: str, name: str, ending: str) -> Path:
    """Kind, its key, what it is -> where it is kept."""
    return evaluations() / kind / name[:2] / f"{name}.{ending}"


def read_json(path: Path) -> Any:
    """Path -> what is kept there, None where nothing is, or nothing whole."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write_json(path: Path, values: Any) -> None:
    """Path, plain values -> kept whole. Raises: StorageFailed."""
    with told(path):
        write_whole(path, json.dumps(values, allow_nan=False).encode())


class Kept:
    """A detector that looks at a clip once: afterwards it gives what it said then, and how long it took.

    `ms` a frame and `memory_mb` at most are those of when it looked; the memory is that of the whole process.
    """

    def __init__(self, path: Path, made: Callable[[], Detector]) -> None:
        self.path, self._made = path, made

    def __call__(self, clip: Clip) -> Iterator[sv.Detections]:
        """Clip -> one sv.Detections a frame of its take, masks left out. Raises: StorageFailed."""
        return iter(read(self.path)[1]) if self.path.exists() else self._look(clip)

    def about(self) -> dict[str, float | None]:
        """-> ms and memory_mb, once it has looked."""
        return read(self.path)[0]

    def _look(self, clip: Clip) -> Iterator[sv.Detections]:
        detector, seconds, frames = self._made(), 0.0, []
        told_apart = _start_peak()
        began = perf_counter()
        for found in detector(clip):
            seconds += perf_counter() - began
            frames.append(sv.Detections(found.xyxy, None, found.confidence, found.class_id, None, dict(found.data)))
            yield found
            began = perf_counter()
        ms = 1000 * seconds / max(len(frames), 1)
        write(self.path, frames, {"ms": ms, "memory_mb": _peak_mb() if told_apart else None})


def write(path: Path, frames: list[sv.Detections], about: dict[str, float | None]) -> None:
    """Path, detections of each frame -> the file. Raises: StorageFailed."""
    names = sorted({name for found in frames for name in found.data})
    arrays: dict[str, Any] = {"about": np.array(json.dumps(about)), "count": np.array([len(f) for f in frames])}
    parts: dict[str, list[Any]] = {"xyxy": [], "confidence": [], "class_id": []}
    for found in frames:
        parts["xyxy"].append(np.asarray(found.xyxy).reshape(-1, 4))
        parts["confidence"].append(found.confidence)
        parts["class_id"].append(found.class_id)
    parts |= {f"data.{name}": [found.data.get(name) for found in frames] for name in names}
    for name, values in parts.items():
        there = [np.asarray(value) for value in values if value is not None]
        arrays[f"{name}.there"] = np.array([value is not None for value in values], dtype=bool)
        arrays[name] = np.concatenate(there) if there else np.empty(0)
    whole = io.BytesIO()
    np.savez_compressed(whole, allow_pickle=False, **arrays)
    with told(path):
        write_whole(path, whole.getvalue())


def read(path: Path) -> tuple[dict[str, float | None], list[sv.Detections]]:
    """File -> about, the detections of each frame, as they were written."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    counts = arrays["count"]
    names = [name for name in arrays if f"{name}.there" in arrays]
    split = {name: _frame_by_frame(arrays[name], arrays[f"{name}.there"], counts) for name in names}
    frames = []
    for number in range(len(counts)):
        here = {name: split[name][number] for name in names}
        data = {name.removeprefix("data."): v for name, v in here.items() if name.startswith("data.") and v is not None}
        frames.append(sv.Detections(here["xyxy"], None, here["confidence"], here["class_id"], None, data))
    return json.loads(str(arrays["about"])), frames


def _frame_by_frame(values: Any, there: Any, counts: Any) -> list[Any]:
    ends = np.cumsum(np.where(there, counts, 0))
    return [values[end - count : end] if here else None for end, count, here in zip(ends, counts, there, strict=True)]


def _start_peak() -> bool:
    """-> whether the system starts counting this process's peak memory from here."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return False
    return True


def _peak_mb() -> float | None:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), None)
