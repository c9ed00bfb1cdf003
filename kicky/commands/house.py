"""Commands about the whole house: put it into a file, bring one in, look whether all is well."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .telling import bar, progress


def backup(file: Annotated[Path, typer.Argument(help="The file to write, such as saturdays.kicky.")]) -> None:
    """Put sessions, films, labels and settings into one file; models and data sets are not in it."""
    from ..service import house

    with bar() as on_progress:
        size = house.backup(file, on_progress)
    print(f"{file}: {size / 1e6:.0f} MB")


def restore(file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")]) -> None:
    """Bring a backup in: into an empty home as it was, else merged; clips that are here already stay."""
    from ..service import coaching, house

    with bar() as on_progress:
        came = house.restore(file, on_progress)
    print(f"{came['sessions']} sessions, {came['clips']} clips, {came['shots']} shots came.")
    if address := coaching.offered_server().address:
        print(f"The backup names a coach's server at {address}: say on the Coach page whether to use it.")


def doctor(
    mend: Annotated[bool, typer.Option("--mend", help="Make the sample shots first, unless they are there.")] = False,
) -> None:
    """Check that everything the app needs is here, and say what to do about what is not."""
    from .. import machine
    from ..service import packages

    problems = what_lacks(mend)
    print("\n".join(problems) if problems else "Everything the app needs is here.")
    if not mend:
        print(packages.told())
        print("".join(f"{sentence}\n" for sentence in machine.untested()), end="")
    raise typer.Exit(1 if problems else 0)


def what_lacks(mend: bool) -> list[str]:
    """Whether to make what can be made here -> what the app still lacks, a sentence each."""
    from ..service import gallery, house

    problems = house.unfit()
    if mend and not problems:
        gallery.make_samples(on_progress=progress)
    return problems or house.doctor()
