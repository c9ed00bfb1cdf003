"""The command line: a second thin face on service. `python -m kicky --help`.

With --json one JSON document goes to standard output and nothing else; progress and logs go to
standard error. Exit status: 0 fine, 1 a KickyError told in one line, 2 wrong usage.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from . import machine, service, weights
from .errors import KickyError
from .service import evaluation, exchange, keeping
from .shown import VIEWS
from .speeds import Unit

app = typer.Typer(add_completion=False, no_args_is_help=True, help="A football analyst for one phone on a tripod.")
models = typer.Typer(no_args_is_help=False, help="The models this program can use.")
app.add_typer(models, name="models")
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
    report = service.analyze_file(clip, scene, detector, slow_motion, out, _progress, clicked_on, force, ball_px, unit)
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
    made = of_file(clip, scene, gltf, _progress, film, view)
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
    for path in service.synthesize(out, count, seed, view, _progress, hard=hard):
        print(path)


@app.command()
def samples() -> None:
    """Make the sample shots that the app's first page offers, unless they are there."""
    for sample in service.make_samples(on_progress=_progress):
        print(sample)


@models.callback(invoke_without_command=True)
def models_alone(context: typer.Context) -> None:
    """List every model with its licence and whether it is here."""
    if context.invoked_subcommand is None:
        list_models(as_json=False)


@models.command("list")
def list_models(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """List every model with its licence, its size and whether it is here."""
    rows = [{"name": name, "state": weights.state(name), **about} for name, about in weights.register().items()]
    if as_json:
        print(json.dumps(rows))
        return
    for row in rows:
        size = f"{row['size'] / 1e6:.0f} MB"
        print(f"{row['name']:20} {row['state']:10} {size:>8}  {row['licence']:22} {row['what']}")


@models.command("pull")
def pull_model(name: Annotated[str, typer.Argument(help="A name that `models` lists.")]) -> None:
    """Fetch a model's file and check it; a broken download is gone on with."""
    print(weights.pull(name, _progress))


@models.command("add")
def add_model(
    name: Annotated[str, typer.Argument(help="What to call it here.")],
    path: Annotated[Path, typer.Argument(help="The file, or the folder, with the weights.")],
    kind: Annotated[str, typer.Option(help="student, sam3, locate or coach.")] = "student",
    what: Annotated[str, typer.Option(help="A line about it.")] = "",
    licence: Annotated[str, typer.Option(help="Its licence.")] = "unknown",
    classes: Annotated[
        str,
        typer.Option(
            help="Of a student whose file does not say: ball,player,goal in its order from 0; - for a number unused."
        ),
    ] = "",
    size: Annotated[
        str, typer.Option(help="Of a student whose file does not say: nano, small, medium, large, xlarge or 2xlarge.")
    ] = "",
) -> None:
    """Copy weights from elsewhere on this machine into the store."""
    named = [each.strip() for each in classes.split(",") if each.strip()]
    extra: dict[str, Any] = ({"classes": named} if named else {}) | ({"size_name": size} if size else {})
    print(weights.add(name, path, kind, what, licence, extra))


@models.command("remove")
def remove_model(name: Annotated[str, typer.Argument(help="A name that `models` lists.")]) -> None:
    """Delete a model's files."""
    weights.remove(name)


@models.command("verify")
def verify_models(
    name: Annotated[str | None, typer.Argument(help="One model; all that are here if absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Read every byte of the models again and say which are as they were; status 1 if one is not."""
    found = {each: weights.verify(each) for each in ([name] if name else weights.register())}
    there = {each: said for each, said in found.items() if name or said != "missing"}
    print(json.dumps(there) if as_json else "\n".join(f"{each:20} {said}" for each, said in there.items()))
    raise typer.Exit(int(any(said != "ok" for said in there.values())))


@models.command("trust")
def trust_model(name: Annotated[str, typer.Argument(help="A name that `models` lists.")]) -> None:
    """Let this very file, or this model's own code, run: it can do whatever you can do on this machine."""
    weights.trust(name)


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
    made = service.label_files(films, name, by, _progress, every, force, labels)
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
        name, data_set, _progress, size=size, resolution=resolution or service.SIZES.get(size, 384), epochs=epochs,
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
    with _bar() as on_progress:
        told = evaluation.evaluate_files(
            clips, labels, detector or [], downstream or [], on_progress, ablations=ablations, tuned=tuned or [],
            by=by or ["split"], out=out, force=force,
        )  # fmt: skip
    print(json.dumps(told) if as_json else evaluation.table(told))


@contextmanager
def _bar() -> Iterator[service.OnProgress]:
    """-> what shows stage and share as a bar on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def tell(stage: str, share: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=1.0)
            bars.update(tasks[stage], completed=share)

        yield tell


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write, such as saturdays.kicky.")]) -> None:
    """Put sessions, films, labels and settings into one file; models and data sets are not in it."""
    with _bar() as on_progress:
        size = keeping.backup(file, on_progress)
    print(f"{file}: {size / 1e6:.0f} MB")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")]) -> None:
    """Bring a backup in: into an empty home as it was, else merged; clips that are here already stay."""
    with _bar() as on_progress:
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
        service.make_samples(on_progress=_progress)
    problems = problems or service.doctor()
    print("\n".join(problems) if problems else "Everything the app needs is here.")
    if not mend:
        print("".join(f"{sentence}\n" for sentence in machine.untested()), end="")
    raise typer.Exit(1 if problems else 0)


def _progress(stage: str, share: float) -> None:
    if sys.stderr.isatty():
        print(f"\r{stage:10} {share:4.0%}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)


def main() -> None:
    """Run the command line; a KickyError ends it with one line and status 1."""
    try:
        app()
    except KickyError as error:
        print(" ".join(str(error).splitlines()), file=sys.stderr)  # a file's name may hold a line break
        sys.exit(1)


if __name__ == "__main__":
    main()
