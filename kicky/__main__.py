"""The command line: a second thin face on service. `python -m kicky --help`.

With --json one JSON document goes to standard output and nothing else; progress and logs go to
standard error. Exit status: 0 fine, 1 a KickyError told in one line, 2 wrong usage.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from .commands import house, labels, learning, models, shots
from .errors import KickyError

app = typer.Typer(add_completion=False, no_args_is_help=True, help="A football analyst for one phone on a tripod.")
COMMANDS: list[Callable[..., None]] = [
    shots.analyze, shots.replay, shots.synth, shots.samples,
    learning.autolabel, learning.import_labels, learning.train, learning.evaluate,
    house.backup, house.restore, house.doctor,
]  # fmt: skip
"""In the order of `--help`; what has parts of its own follows."""
for command in COMMANDS:
    app.command()(command)
app.add_typer(models.app, name="models")
app.add_typer(labels.app, name="labels")


def main() -> None:
    """Run the command line; a KickyError ends it with one line and status 1."""
    try:
        app()
    except KickyError as error:
        print(" ".join(str(error).splitlines()), file=sys.stderr)  # a file's name may hold a line break
        sys.exit(1)


if __name__ == "__main__":
    main()
