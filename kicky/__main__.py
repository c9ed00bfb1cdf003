"""The command line: a second thin face on service. `python -m kicky --help`.

With --json one JSON document goes to standard output and nothing else; progress and logs go to
standard error. Exit status: 0 fine, 1 a KickyError told in one line, 2 wrong usage.
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from . import machine, service
from .commands import models
from .commands.telling import bar, progress
from .errors import KickyError
from .service import evaluation, exchange, keeping
from .shown import VIEWS
from .speeds import Unit

app = typer.Typer(add_completion=False, no_args_is_help=True, help="A football analyst for one phone on a tripod.")
app.add_typer(models.app, name="models")
labels_app = typer.Typer(no_args_is_help=True, help="Ground truth, in and out.")
app.add_typer(labels_app, name="labels")


@app.command()
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
    ball_px = None if ball is None else _place(ball)
    report = service.analyze_file(clip, scene, detector, slow_motion, out, progress, clicked_on, force, ball_px, unit)
    document = service.report_json(report)
    if as_json:
        print(json.dumps(document))
    else:
        from .service.document import in_words

        print("\n".join(in_words(document, unit)))


@app.command()
def replay(
    clip: Annotated[Path, typer.Argument(help="The film of one shot.")],
    scene: Annotated[Path | None, typer.Option(help="JSON with the goal's four corners.")] = None,
    gltf: Annotated[Path | None, typer.Option(help="File to write for Blender and others, such as shot.gltf.")] = None,
    film: Annotated[Path | None, typer.Option(help="File to write for a film of it, such as keeper.mp4.")] = None,
    view: Annotated[str, typer.Option(help=f"Where it is seen from: {', '.join(VIEWS)}.")] = "keeper",
    as_json: Annotated[bool, typer.Option("--json", help="Print the replay's scene as one JSON document.")] = False,
) -> None:
    """Judge one shot and put it into three dimensions: see docs/replay.md."""
    from .service.replays import of_file

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


@app.command()
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
    for path in service.synthesize(out, count, seed, view, progress, hard=hard):
        print(path)


@app.command()
def samples() -> None:
    """Make the sample shots that the app's first page offers, unless they are there."""
    for sample in service.make_samples(on_progress=progress):
        print(sample)


@app.command()
def autolabel(
    films: Annotated[list[Path], typer.Argument(help="Films of one shot each, or folders of them.")],
    name: Annotated[str, typer.Option(help="What to call the data set.")],
    by: Annotated[
        str, typer.Option(help="teachers (SAM 3 and LocateAnything), or measured (no teacher).")
    ] = "teachers",
    labels: Annotated[Path | None, typer.Option(help="labels.csv: its split column is honoured.")] = None,
    every: Annotated[float, typer.Option(help="Seconds from picture to picture.")] = 0.1,
    force: Annotated[bool, typer.Option(help="Let the teachers work without a graphics card, for hours.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Label films into a data set; a run that was stopped goes on where it was."""
    made = service.label_files(films, name, by, progress, every, force, labels)
    if as_json:
        print(json.dumps(asdict(made)))
        return
    for split, count in made.counts.items():
        print(f"{split:6} " + ", ".join(f"{number} {what}" for what, number in count.items()))
    for film, why in made.failed.items():
        print(f"not labelled: {film}: {why}")


@labels_app.command("export")
def export_truth(
    folder: Annotated[Path, typer.Argument(help="Where to.")],
    format_: Annotated[str, typer.Option("--format", help="jsonl (everything), csv, coco, yolo or cvat.")] = "jsonl",
) -> None:
    """Write what persons said of clips, and drew in their frames."""
    for file in exchange.write_labels(format_, folder):
        print(file)


@labels_app.command("import")
def import_truth(
    path: Annotated[Path, typer.Argument(help="JSON lines, CSV, COCO, CVAT, a list by outcome, or a YOLO folder.")],
    skip_unknown: Annotated[bool, typer.Option(help="Skip clips that are not here.")] = False,
) -> None:
    """Take over labels from a file: all of them, or none."""
    brought = exchange.read_labels(path, skip_unknown)
    print(f"{brought.clips} clips: {brought.answers} answers, {brought.frames} frames with boxes ({brought.format}).")
    print("".join(f"{warning}\n" for warning in brought.warnings), end="", file=sys.stderr)


@app.command("import-labels")
def import_labels(
    folder: Annotated[Path, typer.Argument(help="A folder of COCO, YOLO or CVAT labels with the pictures.")],
    name: Annotated[str, typer.Option(help="What to call the data set.")],
    resplit: Annotated[bool, typer.Option(help="Deal the clips out anew, whatever the folder says.")] = False,
) -> None:
    """Make a data set of pictures that were labelled elsewhere."""
    for what, number in service.bring_in(folder, name, resplit).items():
        print(f"{number:7} {what}")
    for what, number in sorted(exchange.left_out(name).items()):
        print(f"Left out: {what} ({number}).", file=sys.stderr)


@app.command()
def train(
    data_set: Annotated[str, typer.Argument(help="The data set to learn from.")],
    name: Annotated[str, typer.Option(help="What to call the student.")],
    size: Annotated[str, typer.Option(help="nano, small, medium, large, xlarge or 2xlarge.")] = "small",
    resolution: Annotated[int | None, typer.Option(help="Pixels; what the size was made for if absent.")] = None,
    epochs: Annotated[int, typer.Option(help="How often it sees all pictures.")] = 15,
    batch: Annotated[int, typer.Option(help="Pictures at a time.")] = 4,
    start: Annotated[str | None, typer.Option(help="The model it begins with; rfdetr-seg-SIZE if absent.")] = None,
    scratch: Annotated[bool, typer.Option(help="Begin with nothing: needs far more pictures.")] = False,
    tiles: Annotated[bool, typer.Option(help="Learn the ball at native resolution.")] = True,
    interactions: Annotated[bool, typer.Option(help="Five classes: player_with_ball, ball_in_goal too.")] = False,
    patience: Annotated[int, typer.Option(help="Stop after so many epochs without a better mAP; 0: never.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Teach a student what a data set shows; a run that was stopped goes on where it was."""
    begin = "" if scratch else start or f"rfdetr-seg-{size}"
    made = service.train_now(
        name, data_set, progress, size=size, resolution=resolution or service.SIZES.get(size, 384), epochs=epochs,
        batch=batch, start=begin, tiles=tiles, interactions=interactions, patience=patience,
    )  # fmt: skip
    if as_json:
        print(json.dumps(made))
        return
    for note in made["notes"]:
        print(note)
    for student, judged in made["judged"].items():
        found = ", ".join(f"{what} {value:.2f}" for what, value in judged["AP"].items())
        print(f"{student}: AP50:95 {found}; ball found {judged['ball_recall'] or 0:.0%} of {judged['balls']}")


@app.command()
def evaluate(
    clips: Annotated[Path | None, typer.Option(help="A folder of films; what is labelled here if absent.")] = None,
    labels: Annotated[Path | None, typer.Option(help="Its labels.csv; the one in the folder if absent.")] = None,
    detector: Annotated[list[str] | None, typer.Option(help="motion, rfdetr:NAME, sam3 or locate; repeat it.")] = None,
    downstream: Annotated[
        list[str] | None, typer.Option(help="flight, rules2d, or one with a part left out, such as no-3d; repeat it.")
    ] = None,
    ablations: Annotated[bool, typer.Option(help="Leave out each part in turn: what is it worth?")] = False,
    tuned: Annotated[list[str] | None, typer.Option(help="A split that something was chosen on; repeat it.")] = None,
    by: Annotated[list[str] | None, typer.Option(help="Figures by split, session or tag; repeat it.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for report.html, .md, .json and two tables.")] = None,
    force: Annotated[bool, typer.Option(help="Let a teacher work without a graphics card, for hours.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON document.")] = False,
) -> None:
    """Hold detectors against labels; a run that was stopped goes on where it was. motion and rules2d always run."""
    with bar() as on_progress:
        told = evaluation.evaluate_files(
            clips, labels, detector or [], downstream or [], on_progress, ablations=ablations, tuned=tuned or [],
            by=by or ["split"], out=out, force=force,
        )  # fmt: skip
    print(json.dumps(told) if as_json else evaluation.table(told))


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write, such as saturdays.kicky.")]) -> None:
    """Put sessions, films, labels and settings into one file; models and data sets are not in it."""
    with bar() as on_progress:
        size = keeping.backup(file, on_progress)
    print(f"{file}: {size / 1e6:.0f} MB")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")]) -> None:
    """Bring a backup in: into an empty home as it was, else merged; clips that are here already stay."""
    with bar() as on_progress:
        came = keeping.restore(file, on_progress)
    print(f"{came['sessions']} sessions, {came['clips']} clips, {came['shots']} shots came.")
    if address := service.offered_server().address:
        print(f"The backup names a coach's server at {address}: say on the Coach page whether to use it.")


@app.command()
def doctor(
    mend: Annotated[bool, typer.Option("--mend", help="Make the sample shots first, unless they are there.")] = False,
) -> None:
    """Check that everything the app needs is here, and say what to do about what is not."""
    problems = service.unfit()
    if mend and not problems:
        service.make_samples(on_progress=progress)
    problems = problems or service.doctor()
    print("\n".join(problems) if problems else "Everything the app needs is here.")
    if not mend:
        print("".join(f"{sentence}\n" for sentence in machine.untested()), end="")
    raise typer.Exit(1 if problems else 0)


def main() -> None:
    """Run the command line; a KickyError ends it with one line and status 1."""
    try:
        app()
    except KickyError as error:
        print(" ".join(str(error).splitlines()), file=sys.stderr)  # a file's name may hold a line break
        sys.exit(1)


if __name__ == "__main__":
    main()
