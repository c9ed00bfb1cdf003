"""The app as it runs for a player, on a home of its own, and the browser to look at it with."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from playwright.sync_api import Page, expect, sync_playwright

from kicky import machine

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PATIENCE_S = 60
RESTED = "document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') === 'notRunning'"


def chromium() -> str:
    """-> the browser's path. Raises: RuntimeError that says what to do where there is none."""
    path = machine.chromium()
    if path is None:
        raise RuntimeError("There is no Chromium on this machine: install it, or name it in KICKY_CHROMIUM.")
    return path


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return int(free.getsockname()[1])


OURS = (sys.executable, "-m", "kicky.start")


def start_app(home: Path, port: int, start: Sequence[str] = OURS) -> subprocess.Popen[bytes]:
    """Home, port, how -> the app's process, once it answers; what it prints is in home/server.log."""
    env = {key: value for key, value in os.environ.items() if key != "KICKY_NO_WORKER"} | {"KICKY_HOME": str(home)}
    command = [*start, "--server.headless=true", f"--server.port={port}"]
    log = home / "server.log"
    with log.open("ab") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output)
    try:
        _wait(f"http://localhost:{port}/_stcore/health", server, log)
    except RuntimeError:
        server.kill()
        server.wait()
        raise
    return server


@contextmanager
def running_app(home: Path, start: Sequence[str] = OURS) -> Iterator[str]:
    """Home, how -> the app's address while it runs there, with its worker; what it prints is in home/server.log."""
    port = free_port()
    server = start_app(home, port, start)
    try:
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(30)


def rested(page: Page) -> None:
    """A page that was gone to -> once its title is there and its script has run."""
    page.locator("h1").first.wait_for(timeout=60_000)
    page.wait_for_function(RESTED, timeout=60_000)


def _wait(health: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urlopen(health, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, TimeoutError) as error:
            if isinstance(error, HTTPError) and error.code == 403:
                return  # the door answers: it lets nobody on without the password
            time.sleep(0.05)
    raise RuntimeError(f"The app does not answer:\n{log.read_text()}")


@contextmanager
def shot_address(home: Path, shot_id: int) -> Iterator[str]:
    """Home, a shot in it -> where that shot's page is; nothing went wrong in the server meanwhile."""
    with running_app(home) as address:
        yield f"{address}/Shot?shot={shot_id}"
    assert "Traceback" not in (home / "server.log").read_text()


@contextmanager
def browsing(address: str, wide: int, high: int) -> Iterator[Page]:
    """Address, size of the window -> a browser there, patient enough for a busy machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": wide, "height": high})
        page.set_default_timeout(120_000)
        expect.set_options(timeout=60_000)
        page.goto(address)
        yield page
        browser.close()
