"""Command -> answers of a process of its own, that may die, hang or talk nonsense without harm to this one."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any

from .. import system
from ..errors import MissingWeights, TeacherFailed

LONGEST = 1 << 20  # characters in one line of an answer
RELOAD = "run `models pull` for it again, or go on without it"
REMEDY = "close what else uses the memory and try again, or go on without it"


class Beside:
    """A process that answers each line of JSON with one, first of all with {"ready": …}.

    It is started at the first question, and anew after it failed. Raises: MissingWeights when the command is not there,
    TeacherFailed with what it said last.
    """

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], title: str, loading_s: float, answer_s: float
    ) -> None:
        self._command, self._env, self._title = list(command), dict(env), title
        self._loading_s, self._answer_s = loading_s, answer_s
        self._ready = ""
        self._process: subprocess.Popen[str] | None = None
        self._lines: Queue[str] = Queue()
        self._told: IO[bytes] | None = None

    def begin(self) -> str:
        """-> started, unless it is; the words with which it said that it is ready."""
        if self._process is None:
            self._start()
            ready = self._next(self._loading_s)
            if "ready" not in ready:
                self.close()
                why = str(ready.get("error", "it says nothing")).rstrip(".")
                raise TeacherFailed(f"{self._title} could not be loaded ({why}): {RELOAD}.")
            self._ready = str(ready["ready"])
        return self._ready

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Question -> the answer, an object with an "answer" or an "error" in it."""
        self.begin()
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._failed("ended") from error
        return self._next(self._answer_s)

    def close(self) -> None:
        """The process and whatever it started are gone."""
        process, self._process = self._process, None
        if process is not None:
            end(process)
        if self._told is not None:
            self._told.close()
            self._told = None

    def _start(self) -> None:
        self._lines, self._told = Queue(), tempfile.TemporaryFile()  # noqa: SIM115 it lives as long as the process
        self._process = start(self._command, self._env, self._title, self._told)
        Thread(target=_read, args=(self._process.stdout, self._lines), daemon=True).start()

    def _next(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=seconds)
        except Empty:
            raise self._failed(f"did not answer within {seconds:.0f} s") from None
        if not line:
            raise self._failed("ended")
        try:
            said = json.loads(line)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise self._failed(f"answered {line[:60].strip()!r}, which is no answer")
        return said

    def _failed(self, how: str) -> TeacherFailed:
        """What went wrong -> as a sentence, with the last line that the process wrote; it is gone then."""
        last = ""
        if self._told is not None:
            if self._process is not None:
                end(self._process)
            last = last_line(self._told)
        self.close()
        return TeacherFailed(f"{self._title} {how}{f' ({last})' if last else ''}: {REMEDY}.")


def start(command: Sequence[str], env: Mapping[str, str], title: str, told: IO[bytes]) -> subprocess.Popen[str]:
    """Command, its environment -> the process, in a group of its own. Raises: MissingWeights."""
    try:
        return subprocess.Popen(
            list(command), env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told, text=True,
            encoding="utf-8", errors="replace", **system.group(),
        )  # fmt: skip
    except OSError as error:
        raise MissingWeights(f"{title} cannot be started: {command[0]} is not a program that runs here.") from error


def once(command: Sequence[str], env: Mapping[str, str], title: str, seconds: float) -> None:
    """Command -> it has run. Raises: MissingWeights when it is not there, TeacherFailed."""
    with tempfile.TemporaryFile() as told:
        process = start(command, env, title, told)
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise TeacherFailed(f"{title} did not answer within {seconds:.0f} s: {REMEDY}.") from None
        finally:
            end(process)
        if process.returncode:
            last = last_line(told) or f"status {process.returncode}"
            raise TeacherFailed(f"{title} ended ({last}): {REMEDY}.")


def end(process: subprocess.Popen[str]) -> None:
    """Process -> gone, with whatever it started."""
    system.end(process)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError, ValueError):
                pipe.close()


def last_line(told: IO[bytes]) -> str:
    """What a process wrote to standard error -> its last line, short."""
    told.seek(0, os.SEEK_END)
    told.seek(max(0, told.tell() - 4096))
    lines = told.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip()[:160] if lines else ""


def _read(stdout: IO[str], lines: Queue[str]) -> None:
    """Standard output -> its lines in the queue, an empty one at its end."""
    with suppress(ValueError, OSError):
        while line := stdout.readline(LONGEST):
            lines.put(line)
    lines.put("")
