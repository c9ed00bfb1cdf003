"""A scene's stored values or its file -> what the player told of the lens and of the ball's place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..domain import Told
from ..errors import BadScene
from .phones import lens, zooms
from .spots import FARTHEST_M, NEAREST_M

OLDER = {13.0: "0.5×", 26.0: "1×", 52.0: "2×"}  # what was kept of a zoom before phones were asked for
UNDATED_SD = 0.08  # ln f of a length that came without its own


def lens_told(values: Mapping[str, Any]) -> Told | None:
    """Scene's values -> its lens in mm as told, None where nobody said. Raises: BadScene on a zoom the phone lacks.

    `lens_mm`, `lens_log_sd` and `lens_words` are what a session keeps; a file may name `phone` and `zoom` alone.

    >>> lens_told({"phone": "iPhone 13", "zoom": "1x"}).value, lens_told({"lens_mm": 26.5}), lens_told({})
    (28.6, Told(value=26.5, sd=2.12, words='you said'), None)
    """
    phone, zoom, mm = values.get("phone"), zoom_told(values), values.get("lens_mm")
    if zoom is not None and (mm is None or values.get("lens_log_sd") is None):
        if (told := lens(phone, zoom)) is None:
            raise BadScene(f"{phone or 'A phone'} shows no zoom of {zoom}: choose {', '.join(zooms(phone))}.")
        return told
    if mm is None:
        return None
    try:
        mm, log_sd = float(mm), float(values.get("lens_log_sd") or UNDATED_SD)
    except (TypeError, ValueError) as error:
        raise BadScene("The scene's lens is no number: give it in millimetres.") from error
    if not (0 < mm < math.inf and 0 < log_sd < math.inf):
        raise BadScene(f"There is no lens of {mm:g} mm: give it as 35 mm film has it.")
    return Told(mm, mm * log_sd, values.get("lens_words") or "you said")


def zoom_told(values: Mapping[str, Any]) -> str | None:
    """Scene's values -> the zoom as it is shown, also where an older program kept only its length.

    >>> zoom_told({"zoom": "0.5x"}), zoom_told({"lens_mm": 26.0}), zoom_told({"lens_mm": 26.5})
    ('0.5×', '1×', None)
    """
    zoom, mm = values.get("zoom"), values.get("lens_mm")
    if zoom is not None:
        return str(zoom).replace("x", "×")
    return OLDER.get(mm) if isinstance(mm, float | int) and values.get("lens_log_sd") is None else None


def ball_told(values: Mapping[str, Any]) -> Told | None:
    """Scene's values -> how far from the goal line the ball lay, None where nobody said. Raises: BadScene.

    >>> ball_told({"ball_m": [11, 0.3]}), ball_told({})
    (Told(value=11.0, sd=0.3, words='11 m from the goal line'), None)
    """
    if (kept := values.get("ball_m")) is None:
        return None
    try:
        metres, sd_m = (float(number) for number in kept)
    except (TypeError, ValueError) as error:
        raise BadScene('A scene\'s "ball_m" is [metres from the goal line, how far off that may be].') from error
    if not (NEAREST_M <= metres <= FARTHEST_M and 0 < sd_m <= FARTHEST_M):
        raise BadScene(f"The ball cannot have lain {metres:g} ± {sd_m:g} m from the goal line: correct it.")
    said = values.get("ball_said")
    words = (said.get("words") if isinstance(said, dict) else None) or f"{metres:g} m from the goal line"
    return Told(metres, sd_m, words)
