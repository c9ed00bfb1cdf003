"""The app as `make run` opens it: Streamlit's server, and the pages' libraries read while the browser is on its way.

    python -m kicky.start [what `streamlit run Home.py` takes]

`streamlit run Home.py` opens the same app; its first page comes a second later.
"""

from __future__ import annotations

import sys
import threading
import time
from importlib import import_module

import streamlit.runtime
import streamlit.web.cli

from .home import PROJECT

LOOK_S, PATIENCE_S = 0.01, 30.0


def main() -> None:
    """Serve until somebody stops it."""
    threading.Thread(target=_read_ahead, daemon=True, name="read ahead").start()
    sys.argv = ["streamlit", "run", str(PROJECT / "Home.py"), *sys.argv[1:]]
    streamlit.web.cli.main()


def _read_ahead() -> None:
    """What the first page imports, imported; not before the server has all that it imports itself."""
    until = time.monotonic() + PATIENCE_S
    while not streamlit.runtime.exists() and time.monotonic() < until:
        time.sleep(LOOK_S)
    for name in ("kicky.service", "kicky.ui", "pandas", "pyarrow"):
        import_module(name)


if __name__ == "__main__":
    main()
