"""Films for the browser, streamed from where they lie by the pages' own server, and when each frame is shown."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from .. import doors
from ..service import stage


def reel(film: Path, first: int = 0) -> dict[str, Any]:
    """Film, the clip's frame that it begins with -> what a page in the browser plays it by. Raises: UnreadableClip."""
    stage.times(film)
    path = doors.hand_film(film)
    times = doors.hand_made(path, partial(stage.times, film), "application/octet-stream")
    return {"film": path, "times": times, "first": first}
