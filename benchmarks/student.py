"""What an RF-DETR-Seg student costs: frames a second, whole and with tiles, and the share that is the network itself.

    python -m benchmarks.student                     nano, small, medium with random weights
    python -m benchmarks.student --name rfdetr-seg-small     a model of the store
    python -m benchmarks.student --clip FILE          a film, decoding beside the network or in turn
    python -m benchmarks.student --clip FILE --jobs 4        and so many films at a time

On a graphics card where there is one, else on the processor. Without a clip, frames are random 1080p pictures, already
decoded. Beside our own loop a film goes through the tutorials': one frame at a time, drawn on and written.
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import os
import tempfile
import threading
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from kicky import weights
from kicky.detectors import tiles
from kicky.detectors.network import Network

SIZES = ("nano", "small", "medium")
WAYS = ("tutorial", "whole, in turn", "whole, beside", "tiled, in turn", "tiled, beside")
FRAME = (1080, 1920, 3)
SECONDS = 8.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", help="a student of the model store; random weights of three sizes if absent")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/out/student.json"))
    parser.add_argument("--clip", type=Path, help="a film to look at, decoding included")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes look at it at the same time")
    parser.add_argument("--ways", nargs="+", default=WAYS)
    parser.add_argument("--sizes", nargs="+", default=SIZES)
    asked = parser.parse_args()
    names = [asked.name] if asked.name else [random_student(size) for size in asked.sizes]
    if asked.clip:
        on_clip(names, asked.clip, asked.ways, asked.jobs)
        return
    rows = []
    for name in names:
        rows += measure(name, Network(name))
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(rows, indent=1))
    print(f"{'model':22} {'what':18} {'batch':>5} {'frames/s':>9} {'network share':>14}")
    for row in rows:
        print(f"{row['model']:22} {row['what']:18} {row['batch']:5} {row['fps']:9.2f} {row['share']:13.0%}")


def random_student(size: str) -> str:
    """Size -> the name of a student of it with random weights, in a store of its own."""
    if "KICKY_HOME" not in os.environ:
        os.environ["KICKY_HOME"] = tempfile.mkdtemp()
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("rf-detr").setLevel(logging.ERROR)
        import rfdetr

        model = getattr(rfdetr, f"RFDETRSeg{size.capitalize()}")(pretrain_weights=None, num_classes=3, device="cpu")
    whole = {
        "model": model.model.model.state_dict(), "model_name": type(model).__name__,
        "model_config": model.model_config.model_dump(mode="json"),
        "args": {"num_classes": 3, "class_names": ["ball", "player", "goal"]},
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        torch.save(whole, Path(folder) / "random.pth")
        weights.add(f"random-{size}", Path(folder) / "random.pth")
    return f"random-{size}"


def on_clip(names: list[str], path: Path, ways: list[str], jobs: int) -> None:
    """Students, a film, ways, how many at a time -> the table, printed: frames a second, how long the network waits."""
    print("| model | loop | films at a time | frames/s | network waits | graphics card busy |")
    print("|---|---|---|---|---|---|")
    for name in names:
        for way in ways:
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(jobs, context) as pool, _Card() as card:
                list(pool.map(_look_once, [(name, path, way)] * jobs))  # loads, and warms the card up
                card.start()
                started = perf_counter()
                done = list(pool.map(_look_once, [(name, path, way)] * jobs))
                spent = perf_counter() - started
                busy = card.stop()
            frames, waits = sum(count for count, _ in done), np.mean([share for _, share in done])
            print(f"| {name} | {way} | {jobs} | {frames / spent:.1f} | {waits:.0%} | {busy} |", flush=True)


_loaded: dict[tuple[str, str], Any] = {}


def _look_once(asked: tuple[str, Path, str]) -> tuple[int, float]:
    """Model, film, way -> frames looked at, and the share of the time in which the network had nothing to do."""
    name, path, way = asked
    if way == "tutorial":
        return _tutorial(name, path), float("nan")
    from kicky import video
    from kicky.detectors import student

    if (name, way) not in _loaded:
        _loaded[name, way] = student.Student(name, tiled=way.startswith("tiled"))
    found = _loaded[name, way]
    if way.endswith("in turn"):
        student.ahead = lambda things, _most: things  # type: ignore[assignment]
    inside, started = _Inside(found._network), perf_counter()
    count = sum(1 for _ in found(video.open_clip(path)))
    spent = perf_counter() - started
    inside.off()
    return count, 1 - inside.seconds / spent


def _tutorial(name: str, path: Path) -> int:
    """Film -> frames, as the tutorials go through it: predict a frame, track, draw, write."""
    import supervision as sv

    from kicky.detectors.network import _load

    if (name, "tutorial") not in _loaded:
        import torch

        model = _load(name)
        model.model.model.to("cuda" if torch.cuda.is_available() else "cpu")
        model.model.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        _loaded[name, "tutorial"] = model
    model = _loaded[name, "tutorial"]
    boxes, masks, count = sv.BoxAnnotator(), sv.MaskAnnotator(), 0
    about = sv.VideoInfo.from_video_path(str(path))
    with tempfile.TemporaryDirectory() as folder, sv.VideoSink(f"{folder}/out.mp4", about) as sink:
        for frame in sv.get_video_frames_generator(str(path)):
            seen = model.predict(frame[:, :, ::-1].copy(), threshold=0.5)
            sink.write_frame(boxes.annotate(masks.annotate(frame.copy(), seen), seen))
            count += 1
    return count


class _Card:
    """How busy the graphics card says it is, asked ten times a second; "–" where there is none."""

    def __enter__(self) -> _Card:
        self._seen: list[int] = []
        self._on, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def start(self) -> None:
        self._on.set()

    def stop(self) -> str:
        self._on.clear()
        return f"{np.mean(self._seen):.0f} %" if self._seen else "–"

    def _ask(self) -> None:
        try:
            import pynvml

            pynvml.nvmlInit()
            card = pynvml.nvmlDeviceGetHandleByIndex(0)
        except Exception:  # noqa: BLE001 - no card, or no library that knows of one
            return
        while not self._over.wait(0.1):
            if self._on.is_set():
                self._seen.append(pynvml.nvmlDeviceGetUtilizationRates(card).gpu)


def measure(name: str, network: Network) -> list[dict[str, Any]]:
    """A student -> a row for each way and batch."""
    rng = np.random.default_rng(0)
    rows = []
    for batch in (1, 8):
        network.batch = max(batch, 1)
        pictures = [rng.integers(0, 255, FRAME, dtype=np.uint8) for _ in range(batch)]
        places = rng.uniform(0, 1, (24, 2)) * [1920, 1080]
        corners = tiles.choose(places, (1920, 1080), network.resolution, 6)
        for what in ("whole frame", f"and {len(corners)} tiles"):
            spent, inside, count = timed(network, pictures, corners if what != "whole frame" else [])
            row = {"model": name, "what": what, "batch": batch, "fps": count * batch / spent, "share": inside / spent}
            rows.append(row)
    return rows


def timed(network: Network, pictures: list[Any], corners: list[tuple[int, int]]) -> tuple[float, float, int]:
    """Network, frames, their tiles -> seconds in all, seconds within the network proper, how often all were seen."""

    def once() -> None:
        network(pictures)
        if corners:
            network([tile for image in pictures for tile in tiles.cut(image, corners, network.resolution)])

    once()
    inside, start, count = _Inside(network), perf_counter(), 0
    while count == 0 or perf_counter() - start < SECONDS:
        once()
        count += 1
    spent = perf_counter() - start
    inside.off()
    return spent, inside.seconds, count


class _Inside:
    """Seconds spent within the network proper."""

    def __init__(self, network: Network) -> None:
        import torch

        self.seconds, self._start, cuda = 0.0, 0.0, torch.cuda.is_available()

        def before(*_: Any) -> None:
            if cuda:
                torch.cuda.synchronize()
            self._start = perf_counter()

        def after(*_: Any) -> None:
            if cuda:
                torch.cuda.synchronize()
            self.seconds += perf_counter() - self._start

        self._hooks = [
            network._net.register_forward_pre_hook(before), network._net.register_forward_hook(after)
        ]  # fmt: skip

    def off(self) -> None:
        """Stop counting."""
        for hook in self._hooks:
            hook.remove()


if __name__ == "__main__":
    main()
