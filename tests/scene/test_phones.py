"""Phone and zoom give the lens that makers publish, with the crop of a film; what no phone has is refused."""

import math
import tomllib

import pytest

from kicky.domain import Told
from kicky.errors import BadScene
from kicky.scene import phones, spots
from kicky.scene.told import ball_told, lens_told, zoom_told

ELEVEN, FUTSAL, UNDER_14 = (7.32, 2.44), (3.0, 2.0), (6.40, 2.13)
ROWS = tomllib.loads(phones.TABLE.read_text(encoding="utf-8"))["phone"]


def log_sd(told: Told) -> float:
    return told.sd / told.value


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["names"][0])
def test_each_phone_has_lenses_that_exist_and_a_source_for_them(row: dict) -> None:
    assert len(row["source"]) > 10
    assert ("crop" in row) == ("crop_source" in row) == ("crop_log_sd" in row)
    assert 22 <= row["main"] <= 29
    wide = row.get("ultra_wide")
    assert wide in (None, "usual") or 11 <= wide < row["main"] - 4
    for zoom, mm in row.get("tele", {}).items():
        assert abs(math.log(mm / (row["main"] * phones.factor(zoom)))) < 0.16, zoom


def test_no_phone_is_named_twice_and_no_model_means_two() -> None:
    names = [name for row in ROWS for name in row["names"]]
    models = [model for row in ROWS for codes in row.get("models", []) for model in codes]
    assert len(set(names)) == len(names)
    assert len(set(models)) == len(models)
    assert set(phones.names()) == set(names)


@pytest.mark.parametrize(
    ("phone", "zoom", "photo_mm"),
    [
        ("iPhone 13", "0.5×", 13), ("iPhone 13", "1×", 26), ("iPhone 13", "2×", 52), ("iPhone 15 Pro Max", "5×", 120),
        ("iPhone 15 Pro Max", "2×", 48), ("Samsung Galaxy S22 Ultra", "10×", 230), ("Google Pixel 6", "0.5×", 17),
    ],
)  # fmt: skip
def test_a_film_is_cut_a_tenth_closer_than_the_photo(phone: str, zoom: str, photo_mm: float) -> None:
    told = phones.lens(phone, zoom)
    assert told is not None
    assert told.value == pytest.approx(1.1 * photo_mm, abs=0.06)
    assert told.words == f"{phone}, {zoom}"
    # No cut and a cut by a fifth lie within two standard deviations.
    assert max(abs(math.log(told.value / (photo_mm * crop))) for crop in (1.0, 1.2)) < 2 * log_sd(told)


def test_a_cut_that_somebody_measured_is_taken_and_narrower() -> None:
    measured, usual = phones.lens("iPhone 7", "1×"), phones.lens("iPhone 8", "1×")
    assert measured is not None
    assert usual is not None
    assert measured.value == pytest.approx(28 * 49.6 / 42.2, abs=0.1)
    assert log_sd(measured) < log_sd(usual)


def test_where_the_long_lens_is_not_the_zooms_the_spread_covers_both() -> None:
    told = phones.lens("Huawei P30 Pro", "5×")
    plain = phones.lens("Huawei P30 Pro", "1×")
    assert told is not None
    assert plain is not None
    assert log_sd(told) > log_sd(plain)
    assert abs(math.log(told.value / (1.1 * 5 * 27))) < 1.5 * log_sd(told)


def test_a_phone_that_is_not_in_the_table_is_known_less_surely() -> None:
    for zoom in phones.ZOOMS:
        another, mine = phones.lens("Another phone", zoom), phones.lens("iPhone 15 Pro Max", zoom)
        assert another == phones.lens(None, zoom)
        assert another is not None
        assert mine is not None
        assert log_sd(another) > log_sd(mine)
        assert abs(math.log(another.value / mine.value)) < 2 * log_sd(another)


@pytest.mark.parametrize(
    ("phone", "zoom"), [("iPhone 7", "0.5×"), ("iPhone 13", "10×"), ("iPhone 13", "×"), (None, "")]
)
def test_a_zoom_that_the_phone_does_not_show_is_no_lens(phone: str | None, zoom: str) -> None:
    assert phones.lens(phone, zoom) is None


@pytest.mark.parametrize(
    ("make", "model", "name"),
    [
        ("Apple", "iPhone 12 Pro Max", "iPhone 12 Pro Max"), ("samsung", "SM-G975F", "Samsung Galaxy S10+"),
        ("", "Galaxy S23 Ultra", "Samsung Galaxy S23 Ultra"), ("samsung", "Galaxy S21 5G", "Samsung Galaxy S21"),
        ("Google", "Pixel 4a (5G)", "Google Pixel 4a (5G)"), ("Xiaomi", "2201117TG", "Xiaomi Redmi Note 11"),
        ("Apple", "iPhone", None), ("GoPro", "HERO11 Black", None), ("", "", None), ("Samsung", "", None),
    ],
)  # fmt: skip
def test_a_films_names_find_the_phone(make: str, model: str, name: str | None) -> None:
    assert phones.named(make, model) == name


def test_every_phone_is_found_by_its_own_name() -> None:
    assert [phones.named("", name) for name in phones.names()] == list(phones.names())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("iPhone 16 Pro back camera 6.765mm f/1.78", ("iPhone 16 Pro", None)),
        ("iPhone 16 Pro back triple camera 2.22mm f/2.2", ("iPhone 16 Pro", "0.5×")),
        ("iPhone 13 front camera 2.71mm f/2.2", ("iPhone 13", None)),
        ("iPhone back camera", (None, None)),
        ("", (None, None)),
    ],
)
def test_an_iphones_words_tell_its_short_lens(words: str, told: tuple[str | None, str | None]) -> None:
    assert phones.read_lens(words) == told


# --- where the ball lay ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "number", "goal", "metres", "sd_m"),
    [
        ("spot", None, ELEVEN, 11.0, 0.3), ("box", None, ELEVEN, 16.5, 0.5), ("spot", None, FUTSAL, 6.0, 0.3),
        ("metres", 20, ELEVEN, 20.0, 0.6), ("metres", 5, UNDER_14, 5.0, 0.3), ("steps", 20, ELEVEN, 16.0, 1.92),
    ],
)  # fmt: skip
def test_where_the_ball_lay(
    said: str, number: float | None, goal: tuple[float, float], metres: float, sd_m: float
) -> None:
    spot = spots.spot(said, number, goal)
    assert (spot.value, spot.sd) == pytest.approx((metres, sd_m))


@pytest.mark.parametrize(
    ("said", "number", "goal"),
    [
        ("spot", None, UNDER_14), ("box", None, FUTSAL), ("metres", None, ELEVEN), ("metres", 0.2, ELEVEN),
        ("metres", 61, ELEVEN), ("steps", 100, ELEVEN), ("metres", math.nan, ELEVEN), ("corner", 3, ELEVEN),
    ],
)  # fmt: skip
def test_a_place_where_no_ball_lies_is_refused(said: str, number: float | None, goal: tuple[float, float]) -> None:
    with pytest.raises(BadScene):
        spots.spot(said, number, goal)


# --- as scenes keep it -----------------------------------------------------------------------------


def test_what_a_scene_keeps_is_told_as_it_was_kept() -> None:
    kept = {"phone": "iPhone 13", "zoom": "1×", "lens_mm": 30.0, "lens_log_sd": 0.04, "lens_words": "measured"}
    told = lens_told(kept)
    assert told == Told(30.0, 30.0 * 0.04, "measured")
    ball = ball_told({"ball_m": [16.0, 1.92], "ball_said": {"choice": "steps", "number": 20, "words": "20 steps"}})
    assert ball == Told(16.0, 1.92, "20 steps")


def test_a_file_may_name_the_phone_and_zoom_alone() -> None:
    assert lens_told({"phone": "iPhone 13", "zoom": "0.5x"}) == phones.lens("iPhone 13", "0.5×")


def test_a_scene_of_an_older_program_is_told_as_before() -> None:
    assert lens_told({}) is None
    assert ball_told({}) is None
    assert zoom_told({"lens_mm": 13.0}) == "0.5×"
    assert lens_told({"lens_mm": 13.0}) == phones.lens(None, "0.5×")
    assert lens_told({"lens_mm": 31.0}) == Told(31.0, 31.0 * 0.08, "you said")


@pytest.mark.parametrize(
    "values",
    [
        {"phone": "iPhone 7", "zoom": "0.5×"}, {"zoom": "wide"}, {"lens_mm": "long"}, {"lens_mm": -3.0},
        {"lens_mm": math.nan}, {"lens_mm": 26.0, "lens_log_sd": -1.0},
    ],
)  # fmt: skip
def test_a_lens_that_there_is_not_is_refused(values: dict) -> None:
    with pytest.raises(BadScene):
        lens_told(values)


@pytest.mark.parametrize("kept", ["eleven", [11], [11, 0.3, 1], [0.1, 0.3], [200, 5], [11, 0], [math.nan, 1], 11])
def test_a_ball_that_lay_nowhere_is_refused(kept: object) -> None:
    with pytest.raises(BadScene):
        ball_told({"ball_m": kept})
