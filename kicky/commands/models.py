"""`python -m kicky models`: what models there are, and whether they are here, whole, trusted and working."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from .telling import progress

app = typer.Typer(no_args_is_help=False, help="The models this program can use.")


@app.callback(invoke_without_command=True)
def models_alone(context: typer.Context) -> None:
    """List every model with its licence and whether it is here."""
    if context.invoked_subcommand is None:
        list_models(as_json=False)


@app.command("list")
def list_models(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """List every model with its licence, its size and whether it is here."""
    from .. import weights

    rows = [{"name": name, "state": weights.state(name), **about} for name, about in weights.register().items()]
    if as_json:
        print(json.dumps(rows))
        return
    for row in rows:
        size = f"{'~' if row.get('estimated') else ''}{row['size'] / 1e6:.0f} MB"
        print(f"{row['name']:20} {row['state']:10} {size:>8}  {row['licence']:22} {row['what']}")
    if any(row.get("estimated") for row in rows):
        print("~ Estimated: its makers' figure could not be read. The hub is asked before anything is fetched.")


@app.command("pull")
def pull_model(name: Annotated[str, typer.Argument(help="A name that `models` lists.")]) -> None:
    """Fetch a model's file and check it; a broken download is gone on with."""
    from .. import weights

    print(weights.pull(name, progress))


@app.command("add")
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
    from .. import weights

    named = [each.strip() for each in classes.split(",") if each.strip()]
    extra: dict[str, Any] = ({"classes": named} if named else {}) | ({"size_name": size} if size else {})
    print(weights.add(name, path, kind, what, licence, extra))


@app.command("remove")
def remove_model(name: Annotated[str, typer.Argument(help="A name that `models` lists.")]) -> None:
    """Delete a model's files."""
    from .. import weights

    weights.remove(name)


@app.command("verify")
def verify_models(
    name: Annotated[str | None, typer.Argument(help="One model; all that are here if absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Read every byte of the models again and say which are as they were; status 1 if one is not."""
    from .. import weights

    found = {each: weights.verify(each) for each in ([name] if name else weights.register())}
    there = {each: said for each, said in found.items() if name or said != "missing"}
    print(json.dumps(there) if as_json else "\n".join(f"{each:20} {said}" for each, said in there.items()))
    raise typer.Exit(int(any(said != "ok" for said in there.values())))


@app.command("trust")
def trust_model(name: Annotated[str, typer.Argument(help="A name that `models` lists.")]) -> None:
    """Let this very file, or this model's own code, run: it can do whatever you can do on this machine."""
    from .. import weights

    weights.trust(name)


@app.command("try")
def try_model(
    name: Annotated[str, typer.Argument(help="A student, teacher or coach that `models` lists.")],
    clip: Annotated[Path | None, typer.Option(help="Look at this film's middle; at a drawn shot if absent.")] = None,
    out: Annotated[Path | None, typer.Option(help="The PNG to draw into; NAME-try.png here if absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show a model one picture: what loads, how long it takes, how much memory, what it sees; or what is wrong."""
    from ..trials import trying

    tried = trying.try_out(name, clip, out or Path(f"{name}-try.png"))
    if as_json:
        print(json.dumps(asdict(tried) | {"drawn": str(tried.drawn)}))
        return
    print("\n".join(trying.as_lines(tried)))
