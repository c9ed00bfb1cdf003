"""Shot -> its replay in three dimensions as plain JSON, from what is stored; its film is not asked for."""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path
from typing import Any

from .. import replay, storage
from ..errors import NotFound
from ..shown import VIEWS
from ..storage.archive import write_whole
from ..storage.database import told
from . import OnProgress, analyze_file, silent


def view(shot_id: int) -> dict[str, Any]:
    """Shot -> its replay; `why_not` where there is none. Raises: NotFound for no such shot."""
    evidence = storage.evidence_file(shot_id)
    try:
        return copy.deepcopy(_view(shot_id, evidence))
    except NotFound as error:  # the tracks are gone, the rest of the shot is still there to be seen
        return {"why_not": str(error)}


def gltf(shot_id: int) -> str:
    """Shot -> its replay as glTF. Raises: NotFound, also where there is no replay of it."""
    return replay.gltf(_there(view(shot_id)))


def of_file(
    clip: Path, scene: Path | None = None, gltf: Path | None = None, on_progress: OnProgress = silent,
    film: Path | None = None, view: str = "keeper",
) -> dict[str, Any]:  # fmt: skip
    """Film, its goal, where glTF and a film from that view are written to if anywhere -> its replay.

    Raises: KickyError; NotFound for none, UnfitClip without that view of it.
    """
    report = analyze_file(clip, scene, on_progress=on_progress)
    made = _there(replay.scene(report))
    if film is not None:
        from .. import render
        from ..jobs.sending import refuse_unseen

        with told(film):
            render.replayed(refuse_unseen(made, view), report, render.About("", clip.stem), view, film, on_progress)
    if gltf is not None:
        with told(gltf):
            write_whole(gltf, replay.gltf(made).encode())
    return made


def views(made: dict[str, Any]) -> dict[str, str]:
    """A replay -> where it can be looked from, with what that is called."""
    from .. import render

    return {view: VIEWS[view] for view in render.offered(made)}


def _there(made: dict[str, Any]) -> dict[str, Any]:
    """Replay -> itself. Raises: NotFound where there is none, and why."""
    if made["why_not"]:
        raise NotFound(f"There is no replay of this shot. {made['why_not']}")
    return made


@lru_cache(maxsize=64)
def _view(shot_id: int, evidence: Path) -> dict[str, Any]:  # noqa: ARG001 a shot judged anew has another file
    return replay.stored(storage.report(shot_id))
