"""Two thousand damaged films: each ends in a clip or in a sentence, none in a hang, and none takes the app with it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from kicky.domain import Clip
from kicky.errors import UnreadableClip
from kicky.home import PROJECT
from kicky.video import apart

from . import fuzz

CASES = 2_200
SILENT_S = 20.0


def tried(folder: Path, first: int, count: int) -> list[tuple[int, str]]:
    """Folder, cases -> how each ended: clip, words, died or hung. A process goes on after one that ended badly."""
    ends: list[tuple[int, str]] = []
    while count:
        command = [sys.executable, "-m", "tests.faults.fuzz", str(folder), str(first), str(count)]
        # The limit is of the whole run, so a hang shows as a run that never ends; the last case named is the one.
        try:
            done = subprocess.run(
                command, cwd=PROJECT, capture_output=True, text=True, timeout=SILENT_S + 0.2 * count, check=False
            )
            out, ended = done.stdout, "died"
            assert "Traceback" not in done.stderr, done.stderr[-2000:]
        except subprocess.TimeoutExpired as late:
            out, ended = (late.stdout or b"").decode(), "hung"
        lines = out.splitlines()
        number = None
        for line in lines:
            if line.startswith("case"):
                number = int(line.split()[1])
            elif number is not None:
                ends.append((number, line.split()[0]))
                number = None
        if number is None:
            break
        ends.append((number, ended))
        first, count = number + 1, first + count - number - 1
    return ends


def test_every_damaged_film_ends_in_a_clip_or_in_words(tmp_path: Path) -> None:
    ends = tried(tmp_path, 0, CASES)
    counts = Counter(end for _, end in ends)
    assert [case for case, _ in ends] == list(range(CASES))
    assert counts["clip"] > CASES / 20, "some damage does no harm"
    assert counts["words"] > CASES / 3
    bad = [case for case, end in ends if end in ("died", "hung")]
    whole = [path.read_bytes() for path in fuzz.seeds(tmp_path)]
    for case in bad:  # what brings a process down is told in words by the one that asked
        path = tmp_path / f"bad-{case}{fuzz.seeds(tmp_path)[case % len(whole)].suffix}"
        path.write_bytes(fuzz.damaged(whole, case))
        with pytest.raises(UnreadableClip, match=path.name):
            apart.proved(path, silent_s=SILENT_S)
    assert len(bad) < CASES / 100


def test_a_whole_film_is_the_same_clip_read_apart(tmp_path: Path) -> None:
    path = fuzz.seeds(tmp_path)[0]
    clip, here = apart.proved(path, 2.0), fuzz.open_clip(path, 2.0)
    assert isinstance(clip, Clip)
    assert (clip.sha256, clip.size_wh_px, clip.time_s.tolist()) == (here.sha256, here.size_wh_px, here.time_s.tolist())
    listed, keys = apart.listed(path)
    assert listed.time_s.tolist() == fuzz.open_clip(path).time_s.tolist()
    assert keys[0] == 0


def test_a_decoder_that_dies_swells_or_never_ends_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process is another program here, that does what a decoder may do."""
    path = tmp_path / "poison.mp4"
    dying = "import os; os.abort()"
    swelling = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28)); bytearray(1 << 30)"
    for program, words in ((dying, "makes the decoder fail"), (swelling, "makes the decoder fail")):
        with monkeypatch.context() as patched:
            patched.setattr(apart, "PROGRAM", [sys.executable, "-c", program])
            apart._READER.stop()
            with pytest.raises(UnreadableClip, match=words):
                apart.proved(path)
    monkeypatch.setattr(apart, "PROGRAM", [sys.executable, "-c", "while True: pass"])
    apart._READER.stop()
    since = time.monotonic()
    with pytest.raises(UnreadableClip, match="ever ending"):
        apart.proved(path, silent_s=0.5)
    assert time.monotonic() - since < 10
    monkeypatch.undo()
    assert len(apart.proved(fuzz.seeds(tmp_path)[0]).time_s) == fuzz.FRAMES, "the next film is read as ever"


def test_a_reader_that_had_nothing_to_do_ends_and_another_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KICKY_READER_IDLE_S", "0.2")
    apart._READER.stop()
    path = fuzz.seeds(tmp_path)[0]
    first = apart.proved(path)
    child = apart._READER._child
    assert child is not None
    assert child.wait(10) == 0
    assert apart.proved(path).sha256 == first.sha256
    assert apart._READER._child is not child
    apart._READER.stop()
