"""Commands about detectors: label films for them, teach them, hold them against labels."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ..errors import UnknownPart
from .telling import bar, progress


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
    from ..service import teaching

    made = teaching.label_files(films, name, by, progress, every, force, labels)
    if as_json:
        print(json.dumps(asdict(made)))
        return
    for split, count in made.counts.items():
        print(f"{split:6} " + ", ".join(f"{number} {what}" for what, number in count.items()))
    for film, why in made.failed.items():
        print(f"not labelled: {film}: {why}")


def import_labels(
    folder: Annotated[Path, typer.Argument(help="A folder of COCO, YOLO or CVAT labels with the pictures.")],
    name: Annotated[str, typer.Option(help="What to call the data set.")],
    resplit: Annotated[bool, typer.Option(help="Deal the clips out anew, whatever the folder says.")] = False,
) -> None:
    """Make a data set of pictures that were labelled elsewhere."""
    from ..service import exchange, teaching

    for what, number in teaching.bring_in(folder, name, resplit).items():
        print(f"{number:7} {what}")
    for what, number in sorted(exchange.left_out(name).items()):
        print(f"Left out: {what} ({number}).", file=sys.stderr)


def train(
    data_set: Annotated[str, typer.Argument(help="The data set to learn from; of a ballnet a folder of films.")],
    name: Annotated[str, typer.Option(help="What to call the student.")],
    kind: Annotated[str, typer.Option(help="student, or ballnet: the flying ball alone, in minutes.")] = "student",
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
    from ..service import teaching

    if kind == "ballnet":
        _ballnet(Path(data_set), name, epochs, as_json)
        return
    if kind != "student":
        raise UnknownPart(f"There is no kind {kind!r}; choose one of: student, ballnet.")
    begin = "" if scratch else start or f"rfdetr-seg-{size}"
    made = teaching.train_now(
        name, data_set, progress, size=size, resolution=resolution or teaching.SIZES.get(size, 384), epochs=epochs,
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


def _ballnet(folder: Path, name: str, epochs: int, as_json: bool) -> None:
    """Folder of films -> a ball network; drawn ones are believed by their truth.json, others are measured first."""
    from ..service.ballnets import train_now

    with bar() as on_progress:
        made = train_now(folder, name, epochs, on_progress)
    if as_json:
        print(json.dumps(made))
        return
    judged = made["judged"]
    print(f"Learned from {made['crops']} crops of {made['films']} films.")
    print(
        f"{name}: of {judged['balls']} balls found {judged['any']:.0%}, surest {judged['first']:.0%}; "
        f"taken for one {judged['false']:.0%} of {judged['others']} other places"
    )


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
    from ..service import evaluation

    with bar() as on_progress:
        told = evaluation.evaluate_files(
            clips, labels, detector or [], downstream or [], on_progress, ablations=ablations, tuned=tuned or [],
            by=by or ["split"], out=out, force=force,
        )  # fmt: skip
    print(json.dumps(told) if as_json else evaluation.table(told))
