"""What an RF-DETR-Seg student costs: frames a second, whole and with tiles, and the share that is the network itself.

    python -m benchmarks.student                     nano, small, medium with random weights
    python -m benchmarks.student --name rfdetr-seg-small     a model of the store

On a graphics card where there is one, else on the processor. Frames are random 1080p pictures, already decoded.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import tempfile
import warnings
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from kicky import weights
from kicky.detectors import tiles
from kicky.detectors.network import Network

SIZES = ("nano", "small", "medium")
FRAME = (1080, 1920, 3)
SECONDS = 8.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", help="a student of the model store; random weights of three sizes if absent")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/out/student.json"))
    asked = parser.parse_args()
    rows = []
    for name in [asked.name] if asked.name else [random_student(size) for size in SIZES]:
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
