"""The strike card shows what the report holds, each number against its range, and says in words what it lacks."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pictures

from kicky import storage
from kicky.domain import Clip, Foot, FootCall, How, Measure, Outcome, Report, Verdict
from kicky.errors import NotFound
from kicky.home import media
from kicky.measures.ranges import RANGES, Range
from kicky.render import Artist, bars, brush, card, close, joints, pace
from kicky.service import clips, players, sessions, shots
from kicky.shown import NO_GOAL_MARKED
from kicky.speeds import Speed, Unit
from kicky.storage import settings
from kicky.video import Image

from .test_render import GRASS, HEIGHT, KICK, WIDTH, nobody, plain, report_on

__all__ = ["plain"]
MEASURES = (
    Measure("speed", "km/h", 88.0, 80.0, 97.0),
    Measure("kicking_knee", "deg", 120.0, 110.0, 130.0),
    Measure("support_knee", "deg", 136.0, 130.0, 142.0),
    Measure("trunk_lean", "deg", 14.0, 4.0, 24.0),
)
FIELD: Image = np.full((HEIGHT, WIDTH, 3), GRASS, np.uint8)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """-> every word that is drawn, in the order it is."""
    words: list[str] = []
    really, tagged = brush.words, brush.tag

    def drawn(image: Image, text: str, *rest: Any) -> None:
        words.append(text)
        really(image, text, *rest)

    def tag(text: str, *rest: Any) -> brush.Sprite:
        words.append(text)
        return tagged(text, *rest)

    monkeypatch.setattr(brush, "words", drawn)
    monkeypatch.setattr(brush, "tag", tag)
    return words


def standing(report: Report) -> Report:
    """The same with a body whose joints are apart: it stands 80 px tall at (60, 110), knees a little bent."""
    assert report.shot.pose is not None
    body = np.array(report.shot.pose.landmarks_px)
    for joint, place in {
        0: (60, 72), 11: (52, 82), 12: (68, 82), 23: (54, 108), 24: (66, 108), 25: (48, 128), 26: (74, 126),
        27: (54, 148), 28: (68, 146), 31: (48, 150), 32: (76, 148),
    }.items():  # fmt: skip
        body[:, joint] = place
    return replace(report, shot=replace(report.shot, pose=replace(report.shot.pose, landmarks_px=body)))


def drawn(report: Report, phone: bool = False) -> Image:
    pictures = dict.fromkeys(close.moments(report.shot), FIELD)
    return card.strike_card(card.Content(report, pictures, "Ana", "Sat 7 Nov 2026 · Parc"), phone)


@pytest.mark.parametrize("phone", [False, True])
def test_a_card_says_who_when_what_and_how_hard(plain: Clip, written: list[str], phone: bool) -> None:
    image = drawn(standing(report_on(plain, measures=MEASURES)), phone)
    assert image.shape == ((1920, 1080, 3) if phone else (900, 1600, 3))
    for text in ("GOAL", "Ana · in the net", "Sat 7 Nov 2026 · Parc", "Right foot", "88 km/h", "contact", "KICKY"):
        assert text in written
    assert {"0.1 s before", "0.1 s after"} <= set(written)


WIDE = Measure("speed", "km/h", 101.0, 76.0, 127.0)
ACROSS = Measure("speed_across", "km/h", 60.0, 46.0, 140.0)
UNKNOWN = Measure("speed", "km/h", None, why_not="No kick was seen.")


@pytest.mark.parametrize(
    ("measures", "unit", "said"),
    [
        ((WIDE,), Unit.KMH, ("about 100 km/h", "76–127 km/h, nine times in ten")),
        ((WIDE,), Unit.MPH, ("about 65 mph", "47–79 mph, nine times in ten")),
        ((UNKNOWN, ACROSS), Unit.KMH, ("at least 45 km/h", "across the picture; the flight is not known")),
        ((UNKNOWN,), Unit.KMH, ("–", "how fast cannot be told")),
    ],
)
def test_how_hard_is_said_as_surely_as_it_is_known(
    plain: Clip, written: list[str], measures: tuple[Measure, ...], unit: Unit, said: tuple[str, str]
) -> None:
    report = report_on(plain, measures=measures)
    content = card.Content(report, dict.fromkeys(close.moments(report.shot), FIELD), "Ana", "Sat 7 Nov 2026", unit)
    card.strike_card(content, phone=False)
    assert set(said) <= set(written)


def test_the_speeds_bar_reaches_over_its_interval(plain: Clip) -> None:
    """As wide as the interval on a scale from 0 to 140; without a speed there is none."""
    bare, axis = np.zeros((40, 300, 3), np.uint8), bars.Axis(10, 280, 0.0, 140.0)
    pace.bar(bare, axis, 20, Speed(100, 70, 130), Unit.KMH, 20)
    gold = np.flatnonzero((bare[20 - 3] == brush.SUN).all(axis=1))
    assert gold[0] == pytest.approx(150, abs=4)
    assert gold[-1] == pytest.approx(270, abs=4)
    told, withheld = drawn(report_on(plain, measures=(WIDE,))), drawn(report_on(plain, measures=(UNKNOWN,)))
    x0, x1 = 1600 - 32 - 280, 1600 - 32
    golden = [int((image[170:274, x0:x1] == brush.SUN).all(axis=2).sum()) for image in (told, withheld)]
    assert golden[0] > 300
    assert golden[1] == 0


@pytest.mark.parametrize(
    ("measures", "unit", "said"),
    [
        ((WIDE,), Unit.KMH, ["Right foot", "about 100 km/h (76–127)"]),
        ((WIDE,), Unit.MPH, ["Right foot", "about 65 mph (47–79)"]),
        ((UNKNOWN, ACROSS), Unit.KMH, ["Right foot", "at least 45 km/h"]),
        ((UNKNOWN,), Unit.KMH, ["Right foot"]),
    ],
)
def test_the_film_says_how_hard_in_the_same_words(
    plain: Clip, written: list[str], measures: tuple[Measure, ...], unit: Unit, said: list[str]
) -> None:
    Artist(report_on(plain, measures=measures), None, unit=unit).draw_facts(FIELD.copy(), 1.0)
    assert written == said


@pytest.mark.parametrize("phone", [False, True])
def test_each_ranged_number_has_its_bar_and_what_it_says(plain: Clip, written: list[str], phone: bool) -> None:
    drawn(standing(report_on(plain, measures=MEASURES)), phone)
    for title, value, flag in (("Kicking knee", "120°", "below"), ("Standing knee", "136°", "in range")):
        at = written.index(title)
        assert {value, flag} <= set(written[at - 2 : at + 6])
    assert {"146", "166", "128", "143"} <= set(written)
    assert any("Scurr & Hall" in text for text in written)
    assert "Standing foot beside the ball" not in written


@pytest.mark.parametrize("phone", [False, True])
def test_a_number_without_a_range_fills_up_with_no_band_and_no_flag(
    plain: Clip, written: list[str], phone: bool
) -> None:
    lean = Measure("trunk_lean", "deg", -4.0, -14.0, 6.0)
    drawn(standing(report_on(plain, measures=(MEASURES[0], lean))), phone)
    at = written.index("Trunk lean")
    assert {"−4°", "−30", "30"} <= set(written[at - 2 : at + 6])
    assert not set(bars.SAID.values()) & set(written)
    assert not any("Band" in text or "Scurr" in text for text in written)
    assert "Ball speed" not in written  # it has a panel of its own


def test_the_four_that_tell_most_are_shown_the_surest_first(plain: Clip) -> None:
    def angle(name: str, value: float, half: float) -> Measure:
        return Measure(name, "deg", value, value - half, value + half)

    ranged = (angle("kicking_knee", 150, 20), angle("support_knee", 135, 16), angle("hip_abduction", 20, 5))
    other = (angle("trunk_lean", 0, 20), angle("shoulder_tilt", 0, 9))
    hidden = Measure("approach", "deg", None, why_not="It does not show.")
    told = bars.telling(report_on(plain, measures=(*other, hidden, MEASURES[0], *ranged)))
    assert [measure.name for measure in told] == ["hip_abduction", "kicking_knee", "support_knee", "shoulder_tilt"]
    more = (*ranged, angle("approach", 30, 9), Measure("plant_aside", "m", 0.3, 0.1, 0.5), *other)
    told = bars.telling(report_on(plain, measures=more))
    assert [measure.name for measure in told] == ["hip_abduction", "approach", "kicking_knee", "support_knee"]
    assert bars.telling(report_on(plain, measures=(hidden, MEASURES[0]))) == []


def test_a_rough_number_is_marked(plain: Clip, written: list[str]) -> None:
    wide = Measure("kicking_knee", "deg", 142.0, 121.0, 163.0)
    drawn(standing(report_on(plain, measures=(wide, MEASURES[2]))))
    assert "≈ 142°" in written
    assert "rough: between 121 and 163°" in written
    assert "136°" in written
    assert any("≈ marks a rough number" in text for text in written)


def test_a_title_that_would_be_too_small_gives_way_to_a_short_one(plain: Clip, written: list[str]) -> None:
    behind = Measure("plant_behind", "m", 0.23, 0.05, 0.41)
    drawn(standing(report_on(plain, measures=(MEASURES[1], MEASURES[2], behind))))
    assert "Foot behind the ball" in written
    written.clear()
    drawn(standing(report_on(plain, measures=(MEASURES[1], MEASURES[2], behind))), phone=True)
    assert "Standing foot behind the ball" in written


def test_where_the_foot_stood_is_told_in_centimetres(plain: Clip, written: list[str]) -> None:
    more = (Measure("plant_aside", "m", 0.34, 0.29, 0.39), Measure("plant_behind", "m", -0.12, -0.17, -0.07))
    drawn(standing(report_on(plain, measures=MEASURES + more)), phone=True)
    assert {"34 cm", "−12 cm", "26", "40", "Standing foot beside the ball"} <= set(written)


def test_a_measure_with_a_range_and_no_title_yet_is_drawn_too(
    plain: Clip, written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RANGES, "toe_droop", Range(1.0, 2.0, "Somebody 2026"))
    drawn(report_on(plain, measures=(Measure("toe_droop", "deg", 1.5, 1.2, 1.8),)))
    assert {"Toe droop", "in range"} <= set(written)
    assert any("Somebody 2026" in text for text in written)


@pytest.mark.parametrize("phone", [False, True])
def test_without_a_goal_in_the_picture_a_card_is_of_body_and_kick(plain: Clip, written: list[str], phone: bool) -> None:
    goalless = Outcome(Verdict.UNSURE, 0.5, How.UNCLEAR, NO_GOAL_MARKED)
    drawn(report_on(plain, outcome=goalless), phone)
    assert "BODY & KICK" in written
    assert "UNSURE" not in written


@pytest.mark.parametrize("phone", [False, True])
def test_a_withheld_number_has_no_row_and_no_angle(plain: Clip, written: list[str], phone: bool) -> None:
    hidden = Measure("kicking_knee", "deg", None, why_not="A joint is hidden.")
    report = standing(report_on(plain, measures=(hidden, MEASURES[2])))
    drawn(report, phone)
    assert "Not given" not in " ".join(written)
    assert "Kicking knee" not in written
    assert written.count("136°") == 2  # at the joint and beside the bar
    assert not any("120" in text for text in written)


def test_nothing_measured_is_said_in_words(plain: Clip, written: list[str]) -> None:
    bare = report_on(plain, measures=(), foot=FootCall(Foot.UNSURE, 0.5, "Hidden."))
    drawn(replace(bare, shot=replace(bare.shot, pose=None, body_why_not="The shooter is hidden.")), phone=True)
    said = " ".join(written)
    assert f"{card.NOTHING} The shooter is hidden." in said
    assert {"which foot cannot be told", "how fast cannot be told"} <= set(written)
    assert "Scurr" not in said


def test_nothing_measured_is_said_with_the_reason_that_most_numbers_have(plain: Clip, written: list[str]) -> None:
    far = [Measure(name, "deg", None, why_not="He stands too far away.") for name in ("trunk_lean", "hip_drive")]
    late = Measure("approach", "deg", None, why_not="The body was not seen for long enough before the kick.")
    drawn(report_on(plain, measures=(MEASURES[0], late, *far)))
    assert f"{card.NOTHING} He stands too far away." in " ".join(written)


def test_without_a_kick_the_first_picture_stands_for_all(plain: Clip, written: list[str]) -> None:
    report = report_on(plain, measures=())
    lost = replace(report, shot=replace(report.shot, kick_frame=None, pose=None, ball=nobody(), players=()))
    assert close.moments(lost.shot) == (0,)
    drawn(lost)
    assert "no kick was found" in written
    assert "contact" not in written


def test_the_verdict_has_its_colours(plain: Clip) -> None:
    cards = []
    for verdict in Verdict:
        report = report_on(plain)
        cards.append(drawn(replace(report, outcome=replace(report.outcome, verdict=verdict))))
    heads = {tuple(image[6, 6].tolist()) for image in cards}
    assert len(heads) == len(Verdict)


def test_the_moments_keep_to_the_take(plain: Clip) -> None:
    shot = report_on(plain).shot
    assert close.moments(shot) == (KICK - 3, KICK, KICK + 3)
    cut = replace(shot, clip=replace(shot.clip, take=(KICK - 1, KICK + 2)))
    assert close.moments(cut) == (KICK - 1, KICK, KICK + 1)


@pytest.mark.parametrize("size_wh", [(250, 640), (620, 800), (960, 640)])
def test_what_is_cut_out_lies_where_it_says(plain: Clip, size_wh: tuple[int, int]) -> None:
    shot = standing(report_on(plain)).shot
    image = FIELD.copy()
    image[126:131, 46:51] = 255
    view = close.cut(shot, image, KICK, (KICK,), size_wh)
    assert view.image.shape[1::-1] == size_wh
    x, y = view.px(np.array([48.5, 128.5])).round().astype(int)
    assert (view.image[y - 3 : y + 4, x - 3 : x + 4] > 240).all()
    ball = view.px(shot.ball.centre_px[KICK])
    assert (ball > 0).all()
    assert (ball < size_wh).all()


def test_angles_are_drawn_at_their_joints_and_numbers_stand_apart(plain: Clip, written: list[str]) -> None:
    report = standing(report_on(plain, measures=MEASURES))
    view = close.cut(report.shot, FIELD, KICK, (KICK,), (620, 800))
    bare = view.image.copy()
    taken: list[np.ndarray] = []
    really = joints._free

    def free(*given: Any) -> np.ndarray:
        taken.append(really(*given))
        return taken[-1]

    joints._free, kept = free, joints._free
    try:
        joints.draw(view, report, 32)
    finally:
        joints._free = kept
    assert written == ["14°", "120°", "136°"]
    assert report.shot.pose is not None
    changed = np.abs(view.image.astype(int) - bare).max(axis=2) > 30
    for joint in (25, 26):
        x, y = view.px(report.shot.pose.landmarks_px[1, joint]).astype(int)
        assert changed[y - 4 : y + 5, x - 4 : x + 5].any()
    gaps = [np.abs(one - other).max() for i, one in enumerate(taken) for other in taken[:i]]
    assert min(gaps) > 32


@pytest.mark.parametrize(("degrees", "arc"), [(136.0, True), (160.0, False)])
def test_an_arc_is_drawn_only_where_the_picture_shows_the_angle(
    plain: Clip, written: list[str], monkeypatch: pytest.MonkeyPatch, degrees: float, arc: bool
) -> None:
    knee = Measure("kicking_knee", "deg", degrees, degrees - 6, degrees + 6)  # in the picture 139°
    report = standing(report_on(plain, measures=(knee,)))
    view = close.cut(report.shot, FIELD, KICK, (KICK,), (620, 800))
    lines: list[int] = []
    really = brush.line

    def line(image: Image, points: np.ndarray, *rest: Any, **more: Any) -> None:
        lines.append(len(points))
        really(image, points, *rest, **more)

    monkeypatch.setattr(brush, "line", line)
    joints.draw(view, report, 32)
    assert written == [f"{degrees:.0f}°"]
    assert (24 in lines) is arc
    assert 2 in lines  # from the joint to its number


def test_without_a_body_no_angle_is_drawn(plain: Clip, written: list[str]) -> None:
    report = report_on(plain, measures=MEASURES)
    view = close.cut(report.shot, FIELD, 0, (0,), (620, 800))
    bare = view.image.copy()
    joints.draw(view, report, 32)
    assert written == []
    assert (view.image == bare).all()


def test_values_beyond_the_axis_stand_at_its_end() -> None:
    axis = bars.Axis(100.0, 200.0, 0.0, 10.0)
    assert [axis.at(value) for value in (-5.0, 0.0, 5.0, 99.0)] == [100.0, 100.0, 200.0, 300.0]


def test_words_are_broken_and_shrunk_to_fit() -> None:
    lines = brush.lines("one two three four five six", 20, 400, 90)
    assert len(lines) > 1
    assert " ".join(lines) == "one two three four five six"
    assert all(brush.text_width(line, 20, 400) <= 90 for line in lines)
    assert brush.text_width("a long name", brush.fitting("a long name", 60, 800, 150), 800) <= 150
    assert brush.fitting("short", 20, 400, 900) == 20


# --- as it is kept ------------------------------------------------------------------------------


@pytest.fixture
def shot_id(make_film: Callable[..., Path], make_report: Callable[..., Report]) -> int:
    clip_id = clips.add(sessions.new(dt.date(2026, 11, 7), "Parc"), "kick.mp4", make_film()).id
    return storage.save(make_report(), clip_id, "motion")


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    return Pictures.open(io.BytesIO(png)).size


def kept() -> set[str]:
    return {path.name for path in media().glob("*.png")}


@pytest.mark.parametrize("phone", [False, True])
def test_no_sentence_of_a_card_is_cut_off(plain: Clip, written: list[str], phone: bool) -> None:
    long = "The legs cross in the picture while the ball leaves, and the shooter is partly hidden. " * 3
    without = (Measure("support_knee", "deg", None, None, None, "", long), MEASURES[0])
    image = drawn(standing(report_on(plain, measures=without)), phone)
    assert long.split() == " ".join(written).split("Nothing about the body was measured in this shot. ")[1].split()[:51]
    drawn_rows = np.flatnonzero(np.any(image != card.GROUND, axis=(1, 2)))
    assert drawn_rows.max() < image.shape[0] - 40  # under the panel the ground stays bare

    written.clear()
    drawn(standing(report_on(plain, measures=MEASURES)), phone)
    for source in bars.sources(bars.telling(report_on(plain, measures=MEASURES))).split("; "):
        assert source in " ".join(written)


def test_a_paragraph_shrinks_until_all_of_it_is_in_its_box(written: list[str]) -> None:
    field: Image = np.zeros((80, 200, 3), np.uint8)
    text = " ".join(["one two three four five six seven eight nine ten"] * 2)
    brush.paragraph(field, text, (0, 0, 200, 60), 24, (255, 255, 255))
    assert " ".join(written) == text
    assert not field[66:].any()


def test_both_cards_are_drawn_once(shot_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    wide, upright = (shots.card(shot_id, phone) for phone in (False, True))
    assert (size_of(wide), size_of(upright)) == (card.WIDE_WH, card.PHONE_WH)
    monkeypatch.setattr(shots, "_cards", lambda *_: {})
    assert shots.card(shot_id, True) == upright


def test_a_card_is_drawn_anew_with_the_shot_the_name_and_the_unit(shot_id: int) -> None:
    shots.card(shot_id, True)
    first = kept()
    assert len(first) == 2
    players.name(shot_id, "Ana")
    shots.card(shot_id, True)
    second = kept()
    assert len(second) == 2
    assert not first & second
    settings.set_speed_unit(Unit.MPH)
    shots.card(shot_id, True)
    assert not (first | second) & kept()
    storage.replace_report(shot_id, storage.report(shot_id))
    assert kept() == set()
    shots.card(shot_id, False)
    assert not (first | second) & kept()


def test_without_shot_or_film_there_is_no_card(shot_id: int) -> None:
    with pytest.raises(NotFound, match="no shot 9"):
        shots.card(9, phone=True)
    (media() / storage.clip(1).file).unlink()
    with pytest.raises(NotFound, match=r"kick\.mp4 is gone .* put it back there"):
        shots.card(shot_id, phone=True)
    assert kept() == set()
