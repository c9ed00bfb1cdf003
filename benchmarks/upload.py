"""What sending a session's film costs: `python -m benchmarks.upload`, over loopback, beside `cp` of the same file.

A film of 2 GB (`--gigabytes`) goes in pieces as a page sends it, into a server with the same routes and guard as the
pages' own, in a process of its own; it is stopped once on its way and gone on with. Seconds until all of it is taken in
and on the disk, beside `cp` alone and `cp` with what it copied on the disk; the server's memory above idle, at most.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from time import perf_counter, sleep
from typing import Annotated
from urllib.parse import urlencode

import psutil
import typer

PIECE, BLOCK = 64 << 20, 1 << 20  # as upload.js
PADDING = 16  # a box of MP4 that nobody reads: its head
ROUNDS = 3


def serve() -> None:
    """A server as the pages have it, without the pages: its port and where films are sent to are printed."""
    import socket

    import uvicorn
    from starlette.applications import Starlette
    from starlette.middleware import Middleware

    from kicky import clipper, doors, video  # noqa: F401 # what the Clips page has loaded before anything is sent
    from kicky.service import films

    app = Starlette(routes=doors.routes(), middleware=[Middleware(doors.Guard)])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(json.dumps([listening.getsockname()[1], doors.take_films(films.take_film)]), flush=True)
        uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")).run([listening])


def film(path: Path, size: int) -> None:
    """Path, bytes -> a short film, made as long a file by what no player reads."""
    from kicky.synthetic import sample, write

    write(sample(1), path.parent).rename(path)
    with path.open("ab") as file:
        left = size - file.tell()
        file.write((1).to_bytes(4, "big") + b"free" + left.to_bytes(8, "big"))
        noise = os.urandom(PIECE)
        for at in range(0, left - PADDING, PIECE):
            file.write(noise[: min(PIECE, left - PADDING - at)])
        file.flush()
        os.fsync(file.fileno())


class Sender:
    """What a page does, for one film."""

    def __init__(self, port: int, where: str, path: Path, session: int) -> None:
        from kicky import arrivals

        self.line, self.path, self.size = http.client.HTTPConnection("127.0.0.1", port), path, path.stat().st_size
        said = {"name": path.name, "size": self.size, "mark": arrivals.mark(path), "modified": 1, "on": session}
        self.file = path.open("rb")
        self.where = f"{where}?{urlencode(said)}"

    def ask(self, method: str, first: int = 0, last: int = 0) -> int:
        """Method, piece -> what the server says: how much is here, the film's number."""
        told = {"Content-Range": f"bytes {first}-{last - 1}/{self.size}", "Content-Length": str(last - first)}
        self.line.putrequest(method, self.where)
        for name, value in told.items() if method == "PUT" else ():
            self.line.putheader(name, value)
        self.line.endheaders()
        if method == "PUT":
            for at in range(first, last, BLOCK):
                self.file.seek(at)
                self.line.send(self.file.read(min(BLOCK, last - at)))
        answer = self.line.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            raise RuntimeError(text)
        return int(next(iter(json.loads(text).values())))

    def send(self, upto: int) -> None:
        """What is here already -> so much is."""
        have = self.ask("GET")
        while have < upto:
            have = self.ask("PUT", have, min(have + PIECE, self.size))


class Watch:
    """The most memory a process has had while it is watched, above what it had before."""

    def __init__(self, pid: int) -> None:
        self.process, self.over = psutil.Process(pid), threading.Event()
        self.idle = self.most = self.process.memory_info().rss
        self.thread = threading.Thread(target=self._look)
        self.thread.start()

    def _look(self) -> None:
        while not self.over.is_set():
            self.most = max(self.most, self.process.memory_info().rss)
            sleep(0.02)

    def end(self) -> float:
        """-> megabytes above idle."""
        self.over.set()
        self.thread.join()
        return (self.most - self.idle) / 1e6


def copied(path: Path, target: Path) -> tuple[float, float]:
    """Film, where to -> seconds of `cp`, and until the disk has it."""
    started = perf_counter()
    subprocess.run(["cp", "--reflink=never", path, target], check=True)
    alone = perf_counter() - started
    subprocess.run(["sync", target], check=True)
    whole = perf_counter() - started
    target.unlink()
    return alone, whole


def one_round(path: Path, folder: Path) -> dict[str, float]:
    """Film -> the seconds and megabytes of one sending, and of `cp` just before it."""
    import datetime as dt

    from kicky.service import films, sessions

    alone, on_disk = copied(path, folder / "copy")
    session = sessions.new(dt.date(2026, 11, 21), "Park")
    server = subprocess.Popen(
        [sys.executable, "-c", "from benchmarks.upload import serve; serve()"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        port, where = json.loads(server.stdout.readline())
        warm = Sender(port, where, path, session)
        warm.ask("GET")
        watch = Watch(server.pid)
        started = perf_counter()
        warm.send(path.stat().st_size // 2)
        warm.line.close()
        again = Sender(port, where, path, session)
        again.send(path.stat().st_size)
        number = again.ask("POST")
        took = perf_counter() - started
        most = watch.end()
    finally:
        server.terminate()
        server.wait(30)
    films.remove_film(number)
    return {"cp": alone, "cp on disk": on_disk, "sent": took, "MB above idle": most}


def main(gigabytes: Annotated[float, typer.Option(help="How large the film is.")] = 2.0) -> None:
    """Print what sending costs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["KICKY_HOME"] = str(folder / "home")
        path, size = folder / "session.mp4", int(gigabytes * 1e9)
        film(path, size)
        for _ in range(ROUNDS):
            got = one_round(path, folder)
            speeds = {name: size / 1e6 / got[name] for name in ("cp", "cp on disk", "sent")}
            told = ", ".join(f"{name} {speed:.0f} MB/s" for name, speed in speeds.items())
            shares = " and ".join(f"{speeds['sent'] / speeds[name]:.0%} of {name}" for name in ("cp on disk", "cp"))
            print(f"{told}: {shares}; {got['MB above idle']:.0f} MB above idle", flush=True)


if __name__ == "__main__":
    typer.run(main)
