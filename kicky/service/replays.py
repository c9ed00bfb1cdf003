"""Shot -> its replay in three dimensions as plain JSON, from what is stored; its film is not asked for."""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path
from typing import Any

from .. import replay, storage
from ..drafts import write_whole
from ..errors import NotFound
from ..shown import VIEWS
from ..storage.database import told
from ..storage.views import ShotView
from .judging import analyze_file
from .work import OnProgress, silent


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


def beside(shot_id: int, other_id: int) -> dict[str, Any]:
    """Two shots with replays -> what the viewer needs of the other: its `scene`; `moved`, how far in metres (x, y, z);
    both in `words`; and `note`, what has to be said of how they were laid together.

    Both lie in the same goal, by its own coordinates; where one has none, one ball lies where the other does.
    Raises: NotFound, also where the other has no replay.
    """
    made, other = view(shot_id), view(other_id)
    if other["why_not"]:
        raise NotFound(f"The other shot cannot be shown beside this one: there is no replay of it. {other['why_not']}")
    moved, note = _laid(made, other)
    one, two = (_who(storage.shots(shot_id=number)[0]) for number in (shot_id, other_id))
    words = f"Solid: {one}. {made['words']} Blue: {two}. {other['words']}"
    return {"scene": other, "moved": moved, "words": words, "note": note}


def _laid(made: dict[str, Any], other: dict[str, Any]) -> tuple[list[float], str]:
    """Two replays -> how far the second is moved to lie with the first, and what is to be said of that."""
    if made["goal"] is None or other["goal"] is None:
        here, there = ((each["ball"]["at"] or [[0.0, 0.0, 0.0]])[0] for each in (made, other))
        moved = [round(here[0] - there[0], 3), 0.0, round(here[2] - there[2], 3)]
        return moved, "One of the two has no goal marked, so both balls were laid in one place."
    (one, two) = (f"{each['goal']['width']:g} × {each['goal']['height']:g} m" for each in (made, other))
    if one == two:
        return [0.0, 0.0, 0.0], ""
    return [0.0, 0.0, 0.0], (
        f"The goals differ: this one is {one}, the other's {two}. Both were laid on the middle of the goal line; "
        "nothing was stretched."
    )


def _who(shot: ShotView) -> str:
    """Shot -> 'Ana, 7 Nov 2026'."""
    return f"{shot.player or 'not named'}, {shot.date.day} {shot.date:%b %Y}"


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
