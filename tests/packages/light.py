"""A Python as `make run` sets it up, of the one that runs the tests; and a uv that fetches nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from kicky.home import PROJECT
from kicky.packages.locked import RUN, names

WITHOUT = Path(__file__).parents[1] / "without"
UV = """#!{python}
import sys, time
from pathlib import Path
words, log = sys.argv[1:], Path({log!r})
log.open("a").write(" ".join(words) + "\\n")
def after(name): return Path(words[words.index(name) + 1])
{does}
if "install" in words:
    for name in {made}:
        (after("--target") / name).mkdir(exist_ok=True)
        (after("--target") / name / "__init__.py").write_text("FETCHED = True")
else:
    after("-o").write_text("torch==2 --hash=sha256:0")
"""
MADE = ("torch", "torchvision", "transformers", "rfdetr", "pytorch_lightning", "safetensors")


def away() -> str:
    """-> the modules that only packages outside the run's lock file bring, as `sitecustomize` takes them."""
    run = names(RUN) | {"kicky"}
    called = {module: {re.sub(r"[-_.]+", "-", each).lower() for each in of} for module, of in _modules().items()}
    return ",".join(module for module, of in called.items() if not of & run)


def _modules() -> dict[str, list[str]]:
    return {module: list(of) for module, of in packages_distributions().items() if module.isidentifier()}


def env(**more: str) -> dict[str, str]:
    """-> the environment of such a Python."""
    paths = os.pathsep.join([str(WITHOUT), str(PROJECT)])
    return {**os.environ, "PYTHONPATH": paths, "KICKY_TEST_WITHOUT": away(), "KICKY_NO_WORKER": "1", **more}


def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """What Python is asked -> how it ended, in such a Python."""
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=PROJECT, env=env(**more), capture_output=True, text=True, check=False)


def fake_uv(folder: Path, does: str = "", made: tuple[str, ...] = MADE) -> tuple[Path, Path]:
    """Folder, what it does first, the packages it makes -> a uv there, and the file with what it was asked."""
    program, log = folder / "uv", folder / "asked"
    program.write_text(UV.format(python=sys.executable, log=str(log), does=does, made=made), encoding="utf-8")
    program.chmod(0o755)
    log.touch()
    return program, log
