"""Four clicked corners -> Scene: the goal in the picture, checked, kept as JSON, drawn back for the eye."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ..domain import Floats, Scene
from ..errors import BadScene
from . import marks, told

# Inner width and height in metres; the sources of the usual sizes are the associations' own rules.
GOAL_SIZES = {
    "11-a-side": (7.32, 2.44),
    "Under 14": (6.40, 2.13),
    "9-a-side": (4.88, 2.13),
    "7-a-side": (3.66, 1.83),
    "5 × 2 m": (5.0, 2.0),
    "Futsal": (3.0, 2.0),
    "5-a-side, wide": (4.88, 1.22),
    "5-a-side": (3.66, 1.22),
}

CLICK_AGAIN = "Click the goal's four inner corners again."
SMALLEST_PX = 12.0  # a goal narrower than this is about as wide as one click is wrong
FLATTEST_SINE = 0.05  # three corners within about 3 degrees of one line


def from_corners(
    corners_px: Sequence[Sequence[float]] | Floats,
    goal_size_m: tuple[float, float] = (7.32, 2.44),
    *,
    camera_height_m: float | None = None,
    focal_px: float | None = None,
    source: str = "clicked",
    any_order: bool = True,
) -> Scene:
    """Four corners in pixels, in any order, inner width and height in metres -> Scene, its corners TL TR BR BL.

    Raises: BadScene when they are not four corners of two numbers each, lie in a line, inside each other or too close,
    or come in another order where `any_order` is False: what is stored has been put in order.
    """
    corners = in_order(corners_px)
    if not any_order and not np.array_equal(corners, np.asarray(corners_px, dtype=float)):
        raise BadScene(f"The corners are crossed or in the wrong order. {CLICK_AGAIN}")
    if len(goal_size_m) != 2 or not all(0.5 <= side <= 12 for side in goal_size_m):
        raise BadScene("A goal is between 0.5 and 12 metres wide and high: correct its size.")
    return Scene(corners, (float(goal_size_m[0]), float(goal_size_m[1])), camera_height_m, focal_px, source)


def in_order(corners_px: Sequence[Sequence[float]] | Floats) -> Floats:
    """Four corners in any order -> (4, 2) TL TR BR BL, as they lie. Raises: BadScene where they make no goal.

    >>> in_order([(9, 50), (80, 60), (10, 10), (90, 12)]).tolist()
    [[10.0, 10.0], [90.0, 12.0], [80.0, 60.0], [9.0, 50.0]]
    """
    corners = np.asarray(corners_px, dtype=float)
    if corners.shape != (4, 2) or not np.isfinite(corners).all():
        raise BadScene(f"The goal needs four corners. {CLICK_AGAIN}")
    away = corners - corners.mean(axis=0)
    round_ = corners[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]  # clockwise as the picture is seen
    # However the phone is tilted, up to 45 degrees, posts lead down more than aside and the bar aside more than down.
    turns = [np.roll(round_, -k, axis=0) for k in range(4)]
    across = np.array([turn[1] + turn[2] - turn[0] - turn[3] for turn in turns])
    down = np.array([turn[2] + turn[3] - turn[0] - turn[1] for turn in turns])
    upright = across[:, 0] / np.maximum(np.hypot(*across.T), 1e-9) + down[:, 1] / np.maximum(np.hypot(*down.T), 1e-9)
    ordered = turns[int(upright.argmax())]
    sides = np.roll(ordered, -1, axis=0) - ordered
    lengths = np.linalg.norm(sides, axis=1)
    if lengths.min() < SMALLEST_PX / 4 or max(lengths[0], lengths[2]) < SMALLEST_PX:
        raise BadScene(f"The corners are too close together to be a goal. {CLICK_AGAIN}")
    ahead = np.roll(sides, -1, axis=0)
    sines = (sides[:, 0] * ahead[:, 1] - sides[:, 1] * ahead[:, 0]) / (lengths * np.roll(lengths, -1))
    if (np.abs(sines) < FLATTEST_SINE).any():
        raise BadScene(f"Three of the corners lie in one line. {CLICK_AGAIN}")
    if not (sines > 0).all():
        raise BadScene(f"One of the corners lies between the other three. {CLICK_AGAIN}")
    return ordered


def to_json(scene: Scene) -> dict[str, Any]:
    """Scene -> the plain values that `from_json` takes back."""
    return {
        "goal_corners_px": scene.goal_corners_px.tolist(),
        "goal_size_m": list(scene.goal_size_m),
        "camera_height_m": scene.camera_height_m,
        "focal_px": scene.focal_px,
        "source": scene.source,
        **_kept(scene),
        **({"picture_px": list(scene.picture_wh_px)} if scene.picture_wh_px else {}),
    }


def _kept(scene: Scene) -> dict[str, Any]:
    """Scene -> what was told of the lens and the ball's place, as `told_of` takes it."""
    lens, spot = scene.lens, scene.ball_m
    kept: dict[str, Any] = {}
    if lens is not None:
        kept |= {"lens_mm": lens.value, "lens_log_sd": lens.sd / lens.value, "lens_words": lens.words}
    if spot is not None:
        kept |= {"ball_m": [spot.value, spot.sd]}
    if scene.marks:
        kept |= {"marks": marks.written(scene.marks, scene.goal_corners_px)}
    return kept


def from_json(values: Any) -> Scene:
    """Plain values -> Scene. Raises: BadScene."""
    if not isinstance(values, dict) or "goal_corners_px" not in values:
        raise BadScene('A scene file holds {"goal_corners_px": [[x, y] × 4], "goal_size_m": [width, height]}.')
    try:
        width, height = (float(side) for side in values.get("goal_size_m") or (7.32, 2.44))
        scene = from_corners(
            np.asarray(values["goal_corners_px"], dtype=float),
            (width, height),
            camera_height_m=_measured(values, "camera_height_m", 0.0),
            focal_px=_measured(values, "focal_px", 1e-9),
            source=str(values.get("source", "clicked")),
        )
        return replace(told_of(scene, values), picture_wh_px=_picture(values))
    except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise BadScene("The scene file has a word where a number should be: correct it and try again.") from error


def _picture(values: Mapping[str, Any]) -> tuple[int, int] | None:
    """Scene's values -> the size of the picture it was clicked on, None where they do not say. Raises: BadScene."""
    if (given := values.get("picture_px")) is None:
        return None
    try:
        width, height = (int(side) for side in given)
    except (TypeError, ValueError, OverflowError):
        width = height = 0
    if min(width, height) < 1:
        raise BadScene('The scene\'s "picture_px" is [width, height] of the picture it was clicked on, in pixels.')
    return width, height


def _measured(values: Mapping[str, Any], name: str, least: float) -> float | None:
    """Scene's values, one of them -> the number it is, None where it is not told. Raises: BadScene for a word or 0."""
    given = values.get(name)
    if given is None:
        return None
    try:
        number = given if isinstance(given, int | float) else float(given)
        if least <= number < math.inf and not isinstance(given, bool):
            return number
    except (TypeError, ValueError):
        pass
    raise BadScene(
        f'The scene\'s "{name}" is {str(given)[:40]!r}: give a number above 0, or null where it is not known.'
    )


def told_of(scene: Scene, values: Mapping[str, Any]) -> Scene:
    """Scene, its plain values -> the same with what they tell of lens, ball and the pitch's marks. Raises: BadScene."""
    return replace(scene, lens=told.lens_told(values), ball_m=told.ball_told(values), marks=marks.read(values))


def read(path: Path) -> Scene:
    """JSON file -> Scene. Raises: BadScene when it is missing, no JSON, or no goal; the file is named."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadScene(f"The scene file {path.name} cannot be read: check its name.") from error
    except UnicodeDecodeError as error:
        raise BadScene(f"{path.name} is no text in UTF-8: save it as UTF-8.") from error
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadScene(f"{path.name} is no JSON file: write the goal's corners as the README shows.") from error
    try:
        return from_json(values)
    except BadScene as error:
        raise BadScene(f"{path.name}: {error}") from error


def goal_lines_px(scene: Scene) -> list[Floats]:
    """Scene -> (2, 2) segments of the goal drawn back: frame first, then the lines of its nine zones.

    The plane of the goal is mapped by the homography of the four corners, so lines inside show at a
    glance whether the corners make a believable goal.
    """
    width, height = scene.goal_size_m
    across = [0.0, 1.0, 1 / 3, 2 / 3]
    flat = [[(u * width, 0.0), (u * width, height)] for u in across]
    flat += [[(0.0, v * height), (width, v * height)] for v in across]
    mouth = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    homography = cv2.getPerspectiveTransform(mouth, scene.goal_corners_px.astype(np.float32))
    segments = cv2.perspectiveTransform(np.array(flat, dtype=np.float64), homography)
    return [np.asarray(segment) for segment in segments]
