"""Stage and share of what is under way -> a terminal's standard error; nothing goes to a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..domain import OnProgress


@contextmanager
def bar(what: str = "") -> Iterator[OnProgress]:
    """What is worked at -> what shows stage and share as a bar on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def tell(stage: str, share: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(f"{what} {stage}".strip(), total=1.0)
            bars.update(tasks[stage], completed=share)

        yield tell


def progress(stage: str, share: float) -> None:
    """Stage, share -> on one line of standard error."""
    if sys.stderr.isatty():
        print(f"\r{stage:10} {share:4.0%}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)
