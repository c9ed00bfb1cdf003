"""The app as `make run` opens it: Streamlit's server, and the pages' libraries read while the browser is on its way.

    python -m kicky.start [what `streamlit run Home.py` takes]

`streamlit run Home.py` opens the same app; its first page comes a second later.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

import streamlit.runtime
import streamlit.web.cli
from streamlit.runtime import RuntimeState

from . import doors
from .home import PROJECT

LOOK_S, PATIENCE_S = 0.01, 30.0


def main(given: Sequence[str] = ()) -> None:
    """What Streamlit is to be told -> the app, served until somebody stops it."""
    gc.disable()  # what is imported stays: looking for what may go takes a tenth of the time
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Uvicorn hands it on when it has ended, and "Aborted!" is no news
    doors.ask_nobody()
    threading.Thread(target=_read_ahead, daemon=True, name="read ahead").start()
    os.chdir(PROJECT)  # Streamlit's settings are those of the folder it stands in
    sys.argv = ["streamlit", "run", str(PROJECT / "Home.py"), *given]
    streamlit.web.cli.main()


def _read_ahead() -> None:
    """What the first page's title takes, imported; not before the server answers, which would answer later for it."""
    until = time.monotonic() + PATIENCE_S
    while not _serves() and time.monotonic() < until:
        time.sleep(LOOK_S)
    try:
        import_module("kicky.ui")
    finally:
        gc.freeze()
        gc.enable()
    _sweep()


def _sweep() -> None:
    """What killed work left half-written is gone, where the disk lets it: a page says what is wrong with the disk."""
    from .errors import StorageFailed
    from .storage import files

    with suppress(StorageFailed):
        files.sweep()


def _serves() -> bool:
    return streamlit.runtime.exists() and streamlit.runtime.get_instance().state is not RuntimeState.INITIAL


if __name__ == "__main__":
    main(sys.argv[1:])
