"""The command line: a second thin face on service. `python -m kicky --help`; alone it opens the app.

With --json one JSON document goes to standard output and nothing else; progress and logs go to
standard error. Exit status: 0 fine, 1 a KickyError told in one line, 2 wrong usage.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import typer

from .commands import house, labels, learning, models, packages, shots
from .commands.telling import progress
from .errors import KickyError

app = typer.Typer(add_completion=False)


@app.callback(invoke_without_command=True)
def kicky(context: typer.Context) -> None:
    """A football analyst for one phone on a tripod. Without a command it opens the app."""
    if context.invoked_subcommand is None:
        open_app()


@app.command("run", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run_app(context: typer.Context) -> None:
    """Open the app; what follows is Streamlit's, such as `--server.port 8600`."""
    open_app(context.args)


def open_app(given: Sequence[str] = ()) -> None:
    """What Streamlit is told -> the app, served. Raises: Exit where something it needs is not here, KickyError."""
    from . import start, weights

    if weights.state("pose") == "missing":
        weights.pull("pose", progress)
    if problems := house.what_lacks(mend=True):
        print("\n".join(problems), file=sys.stderr)
        raise typer.Exit(1)
    start.main(given)


COMMANDS: list[Callable[..., None]] = [
    shots.analyze, shots.replay, shots.synth, shots.samples,
    learning.autolabel, learning.import_labels, learning.train, learning.evaluate,
    house.backup, house.restore, house.doctor,
]  # fmt: skip
"""In the order of `--help`; what has parts of its own follows."""
for command in COMMANDS:
    app.command()(command)
app.add_typer(models.app, name="models")
app.add_typer(packages.app, name="packages")
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
