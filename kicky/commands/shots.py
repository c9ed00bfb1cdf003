"""Commands about single shots: judge one, put it into three dimensions, draw films of shots."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated

import typer

from ..shown import VIEWS
from ..speeds import Unit
from .telling import progress


def analyze(
    clip: Annotated[Path, typer.Argument(help="The film of one shot.")],
    scene: Annotated[Path | None, typer.Option(help="JSON with the goal's four corners.")] = None,
    detector: Annotated[str, typer.Option(help="motion, rfdetr:NAME, sam3 or locate.")] = "motion",
    slow_motion: Annotated[
        float | None,
        typer.Option(help="How many times slower than real time the film plays; what the film itself says if absent."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the annotated film and report.json.")] = None,
    clicked_on: Annotated[Path | None, typer.Option(help="The film the goal was clicked on, if not this one.")] = None,
    force: Annotated[bool, typer.Option(help="Let a teacher work without a graphics card, for hours.")] = False,
    ball: Annotated[
        str | None, typer.Option(metavar="X,Y", help="Where the ball lies before the kick, in the film's own pixels.")
    ] = None,
    unit: Annotated[Unit, typer.Option(help="What speeds are told in, here and on the film.")] = Unit.KMH,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON document.")] = False,
) -> None:
    """Judge one shot: goal or not, who, which foot, how hard, how the body stood."""
    from .. import service
    from ..service.document import in_words

    ball_px = None if ball is None else _place(ball)
    report = service.analyze_file(clip, scene, detector, slow_motion, out, progress, clicked_on, force, ball_px, unit)
    document = service.report_json(report)
    if as_json:
        print(json.dumps(document))
    else:
        print("\n".join(in_words(document, unit)))


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
    from .. import service

    for path in service.synthesize(out, count, seed, view, progress, hard=hard):
        print(path)


def samples() -> None:
    """Make the sample shots that the app's first page offers, unless they are there."""
    from .. import service

    for sample in service.make_samples(on_progress=progress):
        print(sample)
