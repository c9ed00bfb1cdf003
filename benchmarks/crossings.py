"""Where labelled clips crossed the goal: `python -m benchmarks.crossings`, after `benchmarks.accuracy` has run.

One drawing of the goal as the shooter sees it, no film: a ball to scale for each clip with its 90 % ellipse, green
for a labelled goal and red for none, ringed where the answer was unsure and crossed where it was wrong.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from .accuracy import HERE, REAL

PICTURE = HERE.parent / "docs" / "pictures" / "crossings.png"
SCALE, SIDE_M, UP_M, DOWN_M = 110, 6.5, 4.6, 0.6
GRASS, WHITE, GREEN, RED, DARK = (70, 110, 70), (255, 255, 255), (120, 220, 120), (90, 90, 240), (30, 30, 30)
GOAL_M = (7.32, 2.44)
TO_90 = 2.146  # of a bell in two dimensions


def px(x: float, z: float) -> tuple[int, int]:
    return round((x + SIDE_M) * SCALE), round((UP_M - z) * SCALE)


def frame() -> NDArray[np.uint8]:
    """-> the goal before the sky, its posts to scale."""
    picture = np.full((round((UP_M + DOWN_M) * SCALE), round(2 * SIDE_M * SCALE), 3), (200, 170, 140), np.uint8)
    cv2.rectangle(picture, px(-SIDE_M, 0), px(SIDE_M, -DOWN_M), GRASS, -1)
    half, height, post = GOAL_M[0] / 2, GOAL_M[1], 0.12
    cv2.rectangle(picture, px(-half - post, height + post), px(half + post, height), WHITE, -1)
    for side in (-half - post, half):
        cv2.rectangle(picture, px(side, height), px(side + post, 0), WHITE, -1)
    return picture


def draw(picture: NDArray[np.uint8], label: dict[str, str], answer: dict[str, object]) -> bool:
    """One clip's crossing onto the picture -> whether it has one."""
    crossing = answer["crossing_m"]
    if not isinstance(crossing, dict) or crossing["x"] is None:
        return False
    centre, colour = px(crossing["x"], crossing["z"]), GREEN if label["outcome"] == "goal" else RED
    axes = tuple(max(2, round(TO_90 * crossing[name] * SCALE)) for name in ("sigma_x", "sigma_z"))
    layer = picture.copy()
    cv2.ellipse(layer, centre, axes, 0, 0, 360, colour, -1, cv2.LINE_AA)
    picture[:] = cv2.addWeighted(layer, 0.18, picture, 0.82, 0)
    cv2.circle(picture, centre, round(0.11 * SCALE), colour, -1, cv2.LINE_AA)
    if answer["outcome"] == "unsure":
        cv2.circle(picture, centre, round(0.2 * SCALE), DARK, 2, cv2.LINE_AA)
    elif answer["outcome"] != label["outcome"]:
        cv2.drawMarker(picture, centre, DARK, cv2.MARKER_TILTED_CROSS, 26, 3, cv2.LINE_AA)
    return True


def main() -> None:
    """Draw the picture."""
    with (REAL / "labels.csv").open(encoding="utf-8") as file:
        labels = [row for row in csv.DictReader(file) if row["outcome"] and row["confidence"] != "low"]
    picture, count = frame(), 0
    for label in labels:
        path = HERE / "out" / f"{REAL.name}_motion" / f"{Path(label['clip']).stem}.json"
        if path.exists():
            count += draw(picture, label, json.loads(path.read_text(encoding="utf-8")))
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(PICTURE), picture)
    print(f"{count} of {len(labels)} labelled clips cross the plane: {PICTURE}")


if __name__ == "__main__":
    main()
