"""A stand-in for LocateAnything's own process, and for locate-anything-cli: answers as they do, or fails as told.

The model's folder holds answer.txt (what it says), mark.txt (a file that it writes as soon as it runs) and how.txt.
"""

import json
import sys
import time
from pathlib import Path


def fail(how: str) -> None:
    if how == "hangs":
        time.sleep(60)
    if how == "dies":
        sys.exit("Segmentation fault")
    if how == "nonsense":
        print("Loading the model ...", flush=True)


def run(folder: Path) -> None:
    how = (folder / "how.txt").read_text()
    Path((folder / "mark.txt").read_text()).write_text("ran")
    if how == "does not load":
        print(json.dumps({"error": "ImportError: transformers 5.0 is installed there, not 4.57."}), flush=True)
        return
    print(json.dumps({"ready": "cpu"}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        assert Path(asked["picture"]).stat().st_size
        assert asked["question"].startswith("Locate all the instances that matches the following description: ")
        fail(how)
        if how == "no room":
            print(json.dumps({"error": "OutOfMemoryError: CUDA out of memory."}), flush=True)
        else:
            print(json.dumps({"answer": (folder / "answer.txt").read_text()}), flush=True)


def cli(arguments: list[str]) -> None:
    assert arguments[0] == "detect"
    asked = dict(zip(arguments[1::2], arguments[2::2], strict=True))
    assert asked["--mode"] == "hybrid"
    model = Path(asked["--model"])
    how = model.read_text()
    fail(how)
    boxes = [{"label": "ball", "box": [84, 42, 100.8, 50.4]}]
    Path(asked["--output"]).write_text("[" if how == "nonsense" else json.dumps({"detections": boxes}))


if __name__ == "__main__":
    if sys.argv[1] == "detect":
        cli(sys.argv[1:])
    else:
        run(Path(sys.argv[1]))
