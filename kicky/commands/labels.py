"""`python -m kicky labels`: ground truth, in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Ground truth, in and out.")


@app.command("export")
def export_truth(
    folder: Annotated[Path, typer.Argument(help="Where to.")],
    format_: Annotated[str, typer.Option("--format", help="jsonl (everything), csv, coco, yolo or cvat.")] = "jsonl",
) -> None:
    """Write what persons said of clips, and drew in their frames."""
    from ..service import exchange

    for file in exchange.write_labels(format_, folder):
        print(file)


@app.command("import")
def import_truth(
    path: Annotated[Path, typer.Argument(help="JSON lines, CSV, COCO, CVAT, a list by outcome, or a YOLO folder.")],
    skip_unknown: Annotated[bool, typer.Option(help="Skip clips that are not here.")] = False,
) -> None:
    """Take over labels from a file: all of them, or none."""
    from ..service import exchange

    brought = exchange.read_labels(path, skip_unknown)
    print(f"{brought.clips} clips: {brought.answers} answers, {brought.frames} frames with boxes ({brought.format}).")
    print("".join(f"{warning}\n" for warning in brought.warnings), end="", file=sys.stderr)
