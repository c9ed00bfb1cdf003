"""Sample shots, drawn at set-up, whose every answer is known: what a newcomer tries the program on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from .home import home
from .views import SampleView

LIST = "samples.json"
# Hand-chosen so that the gallery shows every place for the tripod and most ways a shot can end.
CHOSEN = (
    {"title": "A goal, seen from behind the shooter", "seed": 1, "view": "behind", "kind": "goal"},
    {"title": "Over the bar, from behind", "seed": 2, "view": "behind", "kind": "over"},
    {"title": "A left-footed goal, from the diagonal", "seed": 3, "view": "diagonal", "kind": "goal", "foot": "left"},
    {"title": "Wide at night, from the diagonal", "seed": 4, "view": "diagonal", "kind": "wide", "night": True},
    {"title": "Off the post, from the side", "seed": 5, "view": "side", "kind": "post"},
    {"title": "A goal, seen from behind the net", "seed": 6, "view": "behind_goal", "kind": "goal"},
)


def folder() -> Path:
    """-> where the samples are."""
    return home() / "db" / "samples"


def make(target: Path, count: int, on_progress: Callable[[str, float], None]) -> list[Path]:
    """Folder, how many -> the films; those that are there already are left as they are."""
    from . import synthetic
    from .evidence import write_whole
    from .stills import jpeg
    from .video import open_clip, still

    target.mkdir(parents=True, exist_ok=True)
    listed = {entry["title"]: entry for entry in _listed(target)}
    films = []
    for number, choice in enumerate(CHOSEN[:count]):
        on_progress("samples", number / min(count, len(CHOSEN)))
        wish = dict(choice)
        title, seed = str(wish.pop("title")), int(str(wish.pop("seed")))
        entry = listed.get(title)
        if entry is None or not (target / f"{entry['name']}.mp4").exists():
            film = synthetic.write(synthetic.sample(seed, **wish), target)
            picture = jpeg(still(open_clip(film), 0))
            write_whole(film.with_suffix(".jpg"), picture)
            listed[title] = {"name": film.stem, "title": title, "view": str(wish["view"])}
            write_whole(target / LIST, json.dumps(list(listed.values()), indent=1).encode())
        films.append(target / f"{listed[title]['name']}.mp4")
    on_progress("samples", 1.0)
    return films


def samples() -> list[SampleView]:
    """-> the samples that are whole: film, goal and still."""
    views = []
    for entry in _listed(folder()):
        film = folder() / f"{entry['name']}.mp4"
        still, scene = film.with_suffix(".jpg"), film.with_suffix(".scene.json")
        if film.exists() and still.exists() and scene.exists():
            views.append(SampleView(entry["name"], entry["title"], entry["view"], still, film))
    return views


def _listed(where: Path) -> list[dict[str, str]]:
    try:
        entries = json.loads((where / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []  # not made yet, or spoilt: making them again puts it right
    return [entry for entry in entries if {"name", "title", "view"} <= set(entry)]
