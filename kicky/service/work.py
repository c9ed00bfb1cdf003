"""What goes on without a page: clips to be analysed, and the jobs that do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .. import jobs as queue
from .. import weights
from ..detectors import DETECTORS
from ..errors import UnknownPart
from ..storage.views import JobView

OnProgress = Callable[[str, float], None]


def silent(stage: str, share: float) -> None:
    """Progress that nobody watches."""


def detectors() -> list[str]:
    """-> what can see ball and players with what is here; the first is the default and needs no weights."""
    own = (("rfdetr", "student"), ("ballnet", "ballnet"))
    return ["motion", *(f"{part}:{name}" for part, kind in own for name in weights.named(kind))]


def analyze(clip_ids: Sequence[int], detector: str = "motion") -> list[int]:
    """Clips -> their jobs, queued; a worker process does them. Raises: NotFound, UnknownPart."""
    part, _, model = detector.partition(":")
    if part not in DETECTORS:
        raise UnknownPart(f"There is no detector {detector!r}; choose one of: {', '.join(DETECTORS)}.")
    if model:
        weights.entry(model)
    return queue.submit("analyze", clip_ids, {"detector": detector})


def jobs(session_id: int | None = None, active_only: bool = False) -> list[JobView]:
    """-> jobs, newest first."""
    return queue.jobs(session_id, active_only)


def cancel(job_id: int) -> None:
    """Job -> stopped as soon as may be; one that is over stays as it is. Raises: NotFound."""
    queue.cancel(job_id)


def run_again(job_id: int) -> int:
    """Job -> the number of a new one for the same work. Raises: NotFound."""
    return queue.run_again(job_id)
