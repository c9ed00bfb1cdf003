"""Commands about single shots: judge one, put it into three dimensions, draw films of shots."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..shown import VIEWS
from ..speeds import Unit
from .telling import bar, progress

if TYPE_CHECKING:
    from ..domain import OnProgress

    Judge = Callable[[Path, Path | None, OnProgress], dict[str, Any]]


def analyze(
    films: Annotated[list[Path], typer.Argument(help="Films of one shot each, or folders of them.")],
    scene: Annotated[
        Path | None,
        typer.Option(help="JSON with the goal's corners; of several films NAME.scene.json beside each if absent."),
    ] = None,
    detector: Annotated[str, typer.Option(help="motion, rfdetr:NAME, sam3 or locate.")] = "motion",
    slow_motion: Annotated[
        float | None,
        typer.Option(help="How many times slower than real time the film plays; what the film itself says if absent."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the annotated film and report.json; of several films, one in it for each."),
    ] = None,
    clicked_on: Annotated[Path | None, typer.Option(help="The film the goal was clicked on, if not this one.")] = None,
    force: Annotated[bool, typer.Option(help="Let a teacher work without a graphics card, for hours.")] = False,
    ball: Annotated[
        str | None, typer.Option(metavar="X,Y", help="Where the ball lies before the kick, in the film's own pixels.")
    ] = None,
    unit: Annotated[Unit, typer.Option(help="What speeds are told in, here and on the film.")] = Unit.KMH,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON document in one line for each film.")] = False,
) -> None:
    """Judge shots: goal or not, who, which foot, how hard, how the body stood. Status 1 if a film could not be."""
    from ..service import document, judging
    from ..service.document import in_words

    ball_px = None if ball is None else _place(ball)

    def judge(film: Path, goal: Path | None, out: Path | None, on_progress: OnProgress) -> dict[str, Any]:
        report = judging.analyze_file(
            film, goal, detector, slow_motion, out, on_progress, clicked_on, force, ball_px, unit
        )
        return document.report_json(report)

    if len(films) == 1 and not films[0].is_dir():
        written = judge(films[0], scene, out, progress)
        print(json.dumps(written) if as_json else "\n".join(in_words(written, unit)))
        return
    if ball_px is not None:
        raise typer.BadParameter("The ball lies elsewhere in each film: give one film.", param_hint="--ball")
    wanted = judging.folders(judging.films_at(films), out)
    _judge_all(wanted, lambda film, *given: judge(film, scene or judging.goal_beside(film), *given), unit, as_json)


def _judge_all(films: Mapping[Path, Path | None], judge: Judge, unit: Unit, as_json: bool) -> None:
    """Films, each with its folder, … -> a line for each, as soon as it is judged; one that cannot be says why."""
    from ..errors import KickyError
    from ..service import judging

    width = max(len(film.name) for film in films)
    if not as_json:
        print(judging.heading(width))
    failed = 0
    for number, (film, out) in enumerate(films.items(), start=1):
        try:
            with bar(f"{number} of {len(films)}: {film.name}") as on_progress:
                written = {"film": str(film), **judge(film, out, on_progress)}
        except KickyError as error:
            if not judging.of_this_film(error):
                raise
            failed += 1
            written = {"film": str(film), "clip": film.name, "error": " ".join(str(error).splitlines())}
        print(json.dumps(written) if as_json else judging.line(written, width, unit), flush=True)
    if failed:
        print(f"{failed} of {len(films)} films could not be judged.", file=sys.stderr)
        raise typer.Exit(1)


def replay(
    clip: Annotated[Path, typer.Argument(help="The film of one shot.")],
    scene: Annotated[Path | None, typer.Option(help="JSON with the goal's four corners.")] = None,
    gltf: Annotated[Path | None, typer.Option(help="File to write for Blender and others, such as shot.gltf.")] = None,
    film: Annotated[Path | None, typer.Option(help="File to write for a film of it, such as keeper.mp4.")] = None,
    view: Annotated[str, typer.Option(help=f"Where it is seen from: {', '.join(VIEWS)}.")] = "keeper",
    as_json: Annotated[bool, typer.Option("--json", help="Print the replay's scene as one JSON document.")] = False,
) -> None:
    """Judge one shot and put it into three dimensions: see docs/replay.md."""
    from ..service.replays import of_file

    if view not in VIEWS:
        raise typer.BadParameter(f"{view!r} is no view: choose one of {', '.join(VIEWS)}.", param_hint="--view")
    made = of_file(clip, scene, gltf, progress, film, view)
    print(json.dumps(made) if as_json else " ".join([made["words"], made["fit"]["words"]]))


def _place(text: str) -> tuple[float, float]:
    """X,Y as typed -> both numbers. Raises: BadParameter, which ends the command as wrong usage."""
    x, comma, y = text.partition(",")
    try:
        place = float(x), float(y)
    except ValueError:
        place = math.nan, math.nan
    if not comma or not all(math.isfinite(side) for side in place):
        raise typer.BadParameter(
            f"{text!r} is no place in a picture: give two numbers, such as 640,355.", param_hint="--ball"
        )
    return place


def synth(
    out: Annotated[Path, typer.Argument(help="Folder for the films, labels.csv and truth.json.")],
    count: Annotated[int, typer.Option(help="How many shots.")] = 12,
    seed: Annotated[int, typer.Option(help="The same seed gives the same shots.")] = 0,
    view: Annotated[
        str | None, typer.Option(help="behind, diagonal, side or behind_goal; all in turn if absent.")
    ] = None,
    hard: Annotated[
        bool, typer.Option("--hard", help="As people film: waiting kickers, any ball, clutter, glare, no shot at all.")
    ] = False,
) -> None:
    """Make films of shots whose every answer is known."""
    from ..service import gallery

    for path in gallery.synthesize(out, count, seed, view, progress, hard=hard):
        print(path)


def samples() -> None:
    """Make the sample shots that the app's first page offers, unless they are there."""
    from ..service import gallery

    for sample in gallery.make_samples(on_progress=progress):
        print(sample)
