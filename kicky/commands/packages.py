"""`python -m kicky packages`: what setting up fetched, what teaching and MiniCPM take on top, and how it comes here."""

from __future__ import annotations

import json
import signal
from typing import Annotated

import typer

from .telling import progress

app = typer.Typer(no_args_is_help=False, help="The packages that teaching and MiniCPM take on top.")
Card = Annotated[
    bool | None, typer.Option("--card/--no-card", help="For a graphics card or not; as this machine has one if absent.")
]


@app.callback(invoke_without_command=True)
def packages_alone(context: typer.Context) -> None:
    """Say what is here, and how much each set fetches."""
    if context.invoked_subcommand is None:
        list_packages(as_json=False)


@app.command("list")
def list_packages(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """Say what is here, how many MB each set fetches, and how long that takes on a line of 100 Mbit/s."""
    from ..service import packages

    rows = packages.sets()
    if as_json:
        print(json.dumps([row.plain() for row in rows]))
        return
    for row in rows:
        print(f"{row.title:28} {row.state:8} {row.fetched / 1e6:5.0f} MB  {row.seconds:4.0f} s  {row.what}")


@app.command("fetch")
def fetch_packages(card: Card = None) -> None:
    """Fetch what teaching and MiniCPM take; what breaks off is gone on with."""
    from .. import packages
    from ..packages import fetching, sizes

    signal.signal(signal.SIGTERM, _ended)
    if card is None and packages.here():
        print("They are here already.")
        return
    print(f"Fetching {sizes.words(packages.fetches(card)[0])} from {fetching.sources(card)}.", flush=True)
    print(fetching.fetch(progress, card))


@app.command("remove")
def remove_packages() -> None:
    """Delete what was fetched; what was set up with the rest stays."""
    from .. import packages

    packages.remove()


def _ended(_number: int, _frame: object) -> None:
    """Told to end -> whatever was begun is ended and cleared away on the way out."""
    raise typer.Exit(1)
