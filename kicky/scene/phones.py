"""Phone and zoom, as the player says them -> the focal length to expect, from what makers and testers publish.

All lengths are 35 mm equivalents. Of a phone's film that is what a photo taken without the cut would have: the film's
long side takes the place of the photo's, as `lens` reckons.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..domain import Told

TABLE = Path(__file__).with_name("phones.toml")
ZOOMS = ("0.5×", "1×", "2×", "3×", "5×")
SHORT_MM = 3.0  # an iPhone's ultra-wide lens is 1.5 to 2.3 mm long, any other lens 4 mm or more
_MAKERS = ("samsung", "google", "xiaomi", "apple", "huawei", "sony", "realme")
_IPHONE_LENS = re.compile(r"^(iPhone .+?) (?:back|front) .*?([0-9.]+)mm")


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone's rear lenses as 35 mm equivalents of a photo, how much closer its film is cut, what its files call it.

    `ultra_wide` is NaN where there is one of unknown length, None where there is none; `tele` is by zoom.
    """

    name: str
    main: float
    ultra_wide: float | None
    tele: Mapping[str, float]
    crop: float
    crop_log_sd: float
    models: tuple[str, ...]


def names() -> tuple[str, ...]:
    """-> the phones in the table, as they are shown.

    >>> len(names()) > 60, "iPhone 13" in names()
    (True, True)
    """
    return tuple(_table())


def zooms(phone: str | None) -> tuple[str, ...]:
    """Phone, None or unknown for any -> the zooms its camera shows, the widest first.

    >>> zooms("iPhone 7"), zooms("Samsung Galaxy S22 Ultra")
    (('1×', '2×', '3×', '5×'), ('0.5×', '1×', '2×', '3×', '5×', '10×'))
    """
    known = _table().get(phone or "")
    if known is None:
        return ZOOMS
    all_of_them = {*ZOOMS, *known.tele} - ({"0.5×"} if known.ultra_wide is None else set())
    return tuple(sorted(all_of_them, key=factor))


def factor(zoom: str) -> float:
    """Zoom as shown -> its number.

    >>> factor("0.5×"), factor("3.2×")
    (0.5, 3.2)
    """
    return float(zoom.removesuffix("×"))


def lens(phone: str | None, zoom: str | None) -> Told | None:
    """Phone (None or unknown: any), zoom -> the focal length in mm as 35 mm film has it; None: no such zoom was stated.

    >>> lens("iPhone 13", "1×")
    Told(value=28.6, sd=1.6874, words='iPhone 13, 1×')
    >>> lens("iPhone 7", "2×")  # a zoom without a lens of its own cuts the main one's picture
    Told(value=65.8, sd=2.3688, words='iPhone 7, 2×')
    >>> lens("Another phone", "1×").words, lens("iPhone 7", "0.5×"), lens("iPhone 13", None)
    ('a phone at 1×', None, None)
    """
    known = _table().get(phone or "")
    if zoom is None or zoom not in zooms(phone):
        return None
    usual = _rules()
    if known is None:
        photo_mm, sd = _usual(zoom)
        return _stated(photo_mm * usual["crop"], (sd, usual["crop_log_sd"]), f"a phone at {zoom}")
    photo_mm, sd = _photo(known, zoom)
    return _stated(photo_mm * known.crop, (usual["spec_log_sd"], sd, known.crop_log_sd), f"{known.name}, {zoom}")


def named(make: str, model: str) -> str | None:
    """Maker and model as a film notes them -> the phone in the table, None when it is not there.

    >>> named("Apple", "iPhone 13"), named("samsung", "SM-S918B"), named("Google", "Pixel 8 Pro"), named("", "iPhone 1")
    ('iPhone 13', 'Samsung Galaxy S23 Ultra', 'Google Pixel 8 Pro', None)
    """
    asked = {_plain(model), _plain(f"{make} {model}")}
    for phone in _table().values():
        if _plain(phone.name) in asked or any(model.upper().startswith(code) for code in phone.models):
            return phone.name
    return None


def read_lens(words: str) -> tuple[str | None, str | None]:
    """An iPhone's words for its lens -> the phone they name, its zoom where only one lens is that short.

    >>> read_lens("iPhone 13 back camera 1.54mm f/2.4"), read_lens("iPhone 13 back camera 5.1mm f/1.6")
    (('iPhone 13', '0.5×'), ('iPhone 13', None))
    >>> read_lens("Leica")
    (None, None)
    """
    told = _IPHONE_LENS.match(words)
    if told is None or " front " in words:
        return (told[1] if told else None), None
    return told[1], "0.5×" if float(told[2]) < SHORT_MM else None


def _photo(phone: Phone, zoom: str) -> tuple[float, float]:
    """Phone, zoom it has -> 35 mm equivalent of a photo, standard deviation of its logarithm beyond the table's own."""
    cut = phone.main * factor(zoom)
    if zoom == "0.5×":
        wide = phone.ultra_wide or np.nan
        return (wide, 0.0) if np.isfinite(wide) else _usual(zoom)
    # Held near or in the dark, the camera cuts the main lens's picture instead of taking the long lens.
    own = phone.tele.get(zoom, cut)
    return own, abs(float(np.log(own / cut))) / 2


@cache
def _usual(zoom: str) -> tuple[float, float]:
    """Zoom -> 35 mm equivalent of a photo by any phone, the middle of the table's; how far they spread (ln)."""
    lengths = [
        _photo(phone, zoom)[0]
        for phone in _table().values()
        if zoom in zooms(phone.name) and not (zoom == "0.5×" and np.isnan(phone.ultra_wide or np.nan))
    ]
    logs = np.log(lengths)
    return float(np.exp(logs.mean())), float(logs.std())


def _stated(mm: float, log_sds: tuple[float, ...], words: str) -> Told:
    mm = round(mm, 1)
    return Told(mm, round(mm * round(float(np.hypot.reduce(log_sds)), 3), 4), words)


def _plain(name: str) -> str:
    """A phone's name however it is written -> without its maker, "5G", brackets and spaces.

    >>> _plain("Samsung Galaxy S21 5G"), _plain("SAMSUNG samsung  Galaxy S21")
    ('galaxys21', 'galaxys21')
    """
    words = re.sub(r"[()]", " ", name.casefold()).split()
    while words and words[0] in _MAKERS:
        del words[0]
    return "".join(word for word in words if word != "5g")


@cache
def _rules() -> dict[str, float]:
    """-> what holds for any phone: `spec_log_sd`, `crop`, `crop_log_sd`."""
    return dict(_file()["usual"])


@cache
def _table() -> dict[str, Phone]:
    """-> the phones by name, in the table's order."""
    usual, phones = _rules(), {}
    for row in _file()["phone"]:
        wide, models = row.get("ultra_wide"), row.get("models", [[]] * len(row["names"]))
        for name, codes in zip(row["names"], models, strict=True):
            phones[name] = Phone(
                name, float(row["main"]), float("nan") if wide == "usual" else wide, row.get("tele", {}),
                row.get("crop", usual["crop"]), row.get("crop_log_sd", usual["crop_log_sd"]),
                tuple(codes),
            )  # fmt: skip
    return phones


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))
