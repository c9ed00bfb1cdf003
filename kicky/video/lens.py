"""Film -> what it says of the phone that made it, read off its boxes and tags; nothing is decoded.

What is known to be written where:

- iPhones: maker and model for the whole film ('mdta' keys com.apple.quicktime.make, .model); since iOS 26 the lens in
  words and its 35 mm equivalent with the picture track (com.apple.quicktime.camera.lens_model,
  .focal_length.35mm_equivalent, as AVFoundation documents them). Before, apps may write them for the whole film.
- Android's own recorder: com.android.version always, com.android.manufacturer and .model where the phone's maker turned
  that on (media.recorder.show_manufacturer_and_model); Pixels do. None of them names the lens or the zoom.
- Samsung: the name ('auth', "Galaxy S23 Ultra") and the model number ('smta' with 'mdln', "SM-S918B") as user data.
- GoPro: "MINF" in the user data's GPMF. DJI and older cameras: the user data's ©mak, ©mod, ©mdl.
- What was sent by a messenger or cut by an app has mostly lost all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .tags import handed_on, index_of, items_of, number_of, text_of, user_data

APPLE = "com.apple.quicktime."
LENS_MM, LENS_WORDS = APPLE + "camera.focal_length.35mm_equivalent", APPLE + "camera.lens_model"
MAKES = (APPLE + "make", "com.android.manufacturer", "make", "\xa9mak")
MODELS = (APPLE + "model", "mdln", "com.android.model", "model", "auth", "\xa9mod", "\xa9mdl", "minf")
_SENSIBLE_MM = 8.0, 400.0


@dataclass(frozen=True, slots=True)
class Filmed:
    """What a film says of its phone: maker and model, "" where it does not, its lens in mm and in the phone's words."""

    make: str = ""
    model: str = ""
    lens_mm: float | None = None
    lens_words: str = ""


def lens_mm(path: Path) -> float | None:
    """Film -> its lens as 35 mm film has it, None when it does not say (or says what no lens has)."""
    return _lens_mm(items_of(index_of(path)))


def filmed_with(path: Path) -> Filmed:
    """Film -> what it says of the phone that made it, also where another program kept it in a file of its own kind."""
    index = index_of(path)
    items = items_of(index)
    said = {key: words for key, kind, value in reversed(items) if (words := text_of(kind, value))}
    said |= user_data(index) | ({} if index else handed_on(path))
    words = said.get(LENS_WORDS, "")
    make, model = (next((said[key] for key in keys if said.get(key)), "") for keys in (MAKES, MODELS))
    if not model and words.startswith("iPhone "):
        model = words.split(" back ")[0].split(" front ")[0]
    return Filmed(make or ("Apple" if model.startswith("iPhone") else ""), model, _lens_mm(items), words)


def _lens_mm(items: list[tuple[str, int, bytes]]) -> float | None:
    for key, kind, value in items:
        found = number_of(kind, value) if key == LENS_MM else None
        if found is not None and _SENSIBLE_MM[0] <= found <= _SENSIBLE_MM[1]:
            return found
    return None
