"""Where takes end and whether the camera stood still, on films whose answer is known."""

import csv
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kicky.domain import Clip
from kicky.errors import Cancelled, UnfitClip
from kicky.footage import first_take, notes, survey
from kicky.video import FilmWriter, frames, open_clip

from .films import Image, textured

WIDTH, HEIGHT, MARGIN = 320, 180, 120
CLIPS = Path(__file__).parents[2] / "shared" / "clips"


@cache
def field(seed: int) -> Image:
    return textured(WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN, seed)


def view(x: float = 0, y: float = 0, person: float | None = None, ball: float | None = None, seed: int = 0) -> Image:
    """The field as the camera sees it when it has moved by (x, y), with somebody and a ball at their places."""
    shift = np.array([[1, 0, x + MARGIN], [0, 1, y + MARGIN]], dtype=np.float32)
    image = cv2.warpAffine(field(seed), shift, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    if person is not None:
        left = round(person)
        cv2.rectangle(image, (left, 60), (left + 26, 140), (40, 40, 180), -1)
        cv2.rectangle(image, (left + 8, 42), (left + 18, 60), (150, 180, 220), -1)
    if ball is not None:
        cv2.circle(image, (round(ball), 150), 6, (250, 250, 250), -1)
    return image


@pytest.fixture
def filmed(tmp_path: Path) -> Callable[[Iterable[Image]], Path]:
    def write(images: Iterable[Image]) -> Path:
        images = list(images)
        times = np.arange(len(images)) / 30
        with FilmWriter(tmp_path / "kick.mp4", (images[0].shape[1], images[0].shape[0]), times) as writer:
            for image, time_s in zip(images, times, strict=True):
                writer.add(image, float(time_s))
        return tmp_path / "kick.mp4"

    return write


Filmed = Callable[[Iterable[Image]], Path]


def run_up(count: int, start: float = 10) -> list[Image]:
    """Somebody walks in, kicks half-way, and the ball flies off to the right."""
    kick = count // 2
    return [view(person=start + 2.5 * t, ball=160 + max(0, t - kick) * 14) for t in range(count)]


def test_one_quiet_take(filmed: Filmed) -> None:
    clip = open_clip(filmed(run_up(40)))
    footage = survey(clip)
    assert footage.takes == ((0, 40),)
    assert not footage.moved
    assert np.abs(footage.shift_px).max() < 0.5
    assert first_take(clip, footage).take == (0, 40)
    assert notes(footage, first_take(clip, footage)) == ()


def test_a_cut_to_another_take_from_the_same_place(filmed: Filmed) -> None:
    clip = open_clip(filmed(run_up(40) + run_up(25, start=200)))
    footage = survey(clip)
    assert footage.takes == ((0, 40), (40, 65))
    assert not footage.moved
    taken = first_take(clip, footage)
    assert taken.take == (0, 40)
    assert notes(footage, taken) == ("This film holds 2 takes: the one from 0.0 to 1.3 s was analysed.",)


def test_a_cut_after_which_the_phone_lies_a_little_otherwise(filmed: Filmed) -> None:
    """Touched between two takes, by less than would be a movement."""
    later = [view(2, 1, person=200 + 2 * t) for t in range(25)]
    footage = survey(open_clip(filmed(run_up(40) + later)))
    assert footage.takes == ((0, 40), (40, 65))
    assert not footage.moved
    assert np.abs(footage.shift_px).max() < 0.5  # each take against its own first frame


def test_a_cut_to_another_place_is_no_camera_movement(filmed: Filmed) -> None:
    clip = open_clip(filmed(run_up(30) + [view(person=100 + t, seed=5) for t in range(30)]))
    footage = survey(clip)
    assert footage.takes == ((0, 30), (30, 60))
    assert not footage.moved
    assert np.nanmax(np.abs(footage.shift_px)) < 0.5


def test_a_first_take_too_short_to_hold_a_shot_is_skipped(filmed: Filmed) -> None:
    clip = open_clip(filmed([view(person=250, ball=40), *run_up(30)]))
    footage = survey(clip)
    assert footage.takes == ((0, 1), (1, 31))
    assert first_take(clip, footage).take == (1, 31)


def card(count: int) -> list[Image]:
    """A title, as editors put it before a film."""
    image = np.full((HEIGHT, WIDTH, 3), 20, np.uint8)
    cv2.putText(image, "Saturday", (40, 100), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (255, 255, 255), 3)
    return [image] * count


def flat(level: int, count: int) -> list[Image]:
    return [np.full((HEIGHT, WIDTH, 3), level, np.uint8)] * count


def faded(images: list[Image], first: int, count: int, rising: bool) -> list[Image]:
    """Images -> the same, so many of them between black and all there."""
    shares = np.linspace(0, 1, count) if rising else np.linspace(1, 0, count)
    changed = [(image * share).astype(np.uint8) for image, share in zip(images[first:], shares, strict=False)]
    return [*images[:first], *changed, *images[first + count :]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (flat(0, 24), []),
        (flat(255, 24), []),
        (card(24), []),
        (flat(0, 20) + card(20), []),
        ([view(seed=5)] * 24, []),
        ([], flat(0, 24)),
        (card(20), card(20)),
    ],
    ids=["black", "white", "a title", "black and a title", "a photo", "black after it", "titles around it"],
)
def test_a_take_in_which_nothing_moves_is_none(filmed: Filmed, before: list[Image], after: list[Image]) -> None:
    clip = open_clip(filmed([*before, *run_up(40), *after]))
    footage = survey(clip)
    taken = first_take(clip, footage)
    assert taken.take == (len(before), len(before) + 40)
    assert taken.steadying is None
    assert footage.blank == bool(before)
    assert len(notes(footage, taken)) == 1


def test_a_film_that_fades_in_and_out_is_judged_where_it_shows_something(filmed: Filmed) -> None:
    shot = faded(faded(run_up(60), 0, 10, rising=True), 50, 10, rising=False)
    clip = open_clip(filmed([*flat(0, 12), *shot, *flat(0, 12)]))
    footage = survey(clip)
    taken = first_take(clip, footage)
    (start, stop), of = taken.take, len(clip.time_s)
    assert 12 + 5 <= start <= 12 + 10
    assert of - 12 - 10 <= stop <= of - 12 - 5
    assert taken.steadying is None
    assert notes(footage, taken)[-1].endswith("before or after that it shows nothing.")


@pytest.mark.parametrize("images", [[view()] * 40, flat(0, 40)], ids=["a still picture", "black"])
def test_a_film_in_which_nothing_moves_at_all_keeps_its_take(filmed: Filmed, images: list[Image]) -> None:
    assert survey(open_clip(filmed(images))).judged == (0, 40)


def test_nothing_long_enough(filmed: Filmed) -> None:
    clip = open_clip(filmed(run_up(12)))
    with pytest.raises(UnfitClip, match=r"kick.mp4 has no take long enough .* film from the run-up"):
        first_take(clip, survey(clip))


def test_nothing_in_the_picture(filmed: Filmed) -> None:
    clip = open_clip(filmed([np.full((HEIGHT, WIDTH, 3), 30, np.uint8)] * 24))
    footage = survey(clip)
    assert footage.takes == ((0, 24),)
    assert np.isnan(footage.shift_px).all()
    assert footage.moved  # what nobody can tell is not called still
    with pytest.raises(UnfitClip, match=r"^Too little that stands still can be made out .* and with more light\.$"):
        first_take(clip, footage)


def test_a_jumping_light_is_no_cut(filmed: Filmed) -> None:
    """A lamp behind a head, clouds, the phone's own exposure: all brighter at once, nothing elsewhere."""
    images = [cv2.convertScaleAbs(image, beta=40 * (t >= 20)) for t, image in enumerate(run_up(40))]
    clip = open_clip(filmed(images))
    footage = survey(clip)
    assert footage.takes == ((0, 40),)
    assert first_take(clip, footage).steadying is None


def test_a_gap_in_time_is_no_cut(tmp_path: Path) -> None:
    """Phones drop frames: what moved meanwhile must not look like another take."""
    kept = [t for t in range(70) if not 20 <= t < 50]
    with FilmWriter(tmp_path / "kick.mp4", (WIDTH, HEIGHT), np.array(kept) / 30) as writer:
        for t in kept:
            writer.add(view(person=10 + t), t / 30)
    assert len(survey(open_clip(tmp_path / "kick.mp4")).takes) == 1


# The camera


def steadied(clip_path: Path, path: NDArray[np.float64]) -> Clip:
    """A film, where its camera looked (T, 2) -> its first take, every frame of it laid on one to a pixel."""
    clip = open_clip(clip_path)
    footage = survey(clip)
    assert footage.takes == ((0, len(path)),)
    assert footage.moved
    taken = first_take(clip, footage)
    assert taken.steadying is not None
    middle = np.array([WIDTH / 2, HEIGHT / 2])
    laid = np.array([taken.steadying.to_reference(frame, middle) for frame in range(len(path))])
    np.testing.assert_allclose(laid - middle, path - path[taken.steadying.reference], atol=1.0)
    return taken


def refused(clip_path: Path, sentence: str) -> None:
    clip = open_clip(clip_path)
    footage = survey(clip)
    assert footage.moved
    with pytest.raises(UnfitClip, match=sentence):
        first_take(clip, footage)


def test_a_pan_is_steadied(filmed: Filmed) -> None:
    """The scenery goes left as the camera turns right."""
    path = np.array([[np.clip(t - 8, 0, 22) * 2.5, 0.0] for t in range(40)])
    clip = steadied(filmed(view(x, y, person=100 + 2 * t) for t, (x, y) in enumerate(path)), path)
    edge = dict(frames(clip, gray=True))[0]
    assert edge.shape == (HEIGHT, WIDTH)


def test_a_camera_held_in_the_hand_is_steadied(filmed: Filmed) -> None:
    rng = np.random.default_rng(3)
    sway = np.cumsum(rng.normal(0, 1.5, (45, 2)), axis=0)
    clip = steadied(filmed(view(x, y, person=20 + 3 * t) for t, (x, y) in enumerate(sway)), sway)
    corner = np.stack([image[:40, 240:300] for _, image in frames(clip, gray=True)]).astype(float)
    assert np.abs(corner - corner[0]).mean() < 6  # the scenery stands still, but for what compression and warping leave
    bare = np.stack([image[:40, 240:300] for _, image in frames(clip, gray=True, as_filmed=True)]).astype(float)
    assert np.abs(bare - bare[0]).mean() > 10


def zoomed(image: Image, larger: float) -> Image:
    onto = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 0, larger)
    return np.asarray(cv2.warpAffine(image, onto, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT), dtype=np.uint8)


def test_a_zoom_is_noticed_and_steadied(filmed: Filmed) -> None:
    """The middle of the picture stays where it is: no shift tells of it."""
    clip = open_clip(filmed(zoomed(view(person=20 + 3 * t), 1 + 0.002 * t) for t in range(45)))
    footage = survey(clip)
    assert footage.moved
    assert np.nanmax(np.abs(footage.shift_px)) < 2
    steadying = first_take(clip, footage).steadying
    assert steadying is not None
    middle, corner = np.array([WIDTH, HEIGHT]) / 2, np.array([WIDTH, HEIGHT]) * 0.9
    for frame in (0, 22, 44):
        want = middle + (corner - middle) * (1 + 0.002 * steadying.reference) / (1 + 0.002 * frame)
        np.testing.assert_allclose(steadying.to_reference(frame, corner), want, atol=1.0)
        np.testing.assert_allclose(steadying.to_film(frame, steadying.to_reference(frame, corner)), corner)


def test_a_camera_that_turns_away_is_refused(filmed: Filmed) -> None:
    film = filmed(turned_away(t, 100 + 2 * t) for t in range(60))
    refused(film, r"^The camera turns too far in this clip: keep the goal and the ball in the picture .* film again\.$")


def turned_away(t: int, person: float) -> Image:
    """The field seen from 120 px left of its middle to 120 right, and back beyond what the first showed."""
    wide = textured(900, HEIGHT, seed=4)
    left = round(540 * t / 59)
    image = np.ascontiguousarray(wide[:, left : left + WIDTH])
    cv2.rectangle(image, (round(person), 60), (round(person) + 26, 140), (40, 40, 180), -1)
    return image


def test_a_camera_knocked_over_is_refused(filmed: Filmed) -> None:
    """All the picture jumps between two frames: no cut, since it is the same picture elsewhere."""
    film = filmed(view(25 if t >= 20 else 0, 8 if t >= 20 else 0, person=10 + 2 * t) for t in range(40))
    assert survey(open_clip(film)).takes == ((0, 40),)
    refused(film, r"^The phone was knocked or set down in this clip: film again, and touch it only after .* landed\.$")


def test_a_camera_that_goes_along_is_refused(filmed: Filmed) -> None:
    """What is near passes by what is far: nothing that all of the picture does."""
    near, far = textured(900, HEIGHT // 2, seed=5), textured(900, HEIGHT // 2, seed=6)

    def ride(t: int) -> Image:
        quick = [np.roll(near, -4 * t + 2 * row, axis=1)[row : row + 18, :WIDTH] for row in range(0, HEIGHT // 2, 18)]
        return np.ascontiguousarray(np.vstack([far[:, t : t + WIDTH], *quick])[:HEIGHT])

    refused(
        filmed(ride(t) for t in range(40)), r"^The camera goes along in this clip, .* with the phone and film again\.$"
    )


def test_a_phone_that_slips_and_stays_there_is_steadied(filmed: Filmed) -> None:
    """3 % of the picture: little to see, but the goal is no longer where it was clicked."""
    path = np.array([[0.0, min(max(0, t - 15), 10)] for t in range(45)])
    steadied(filmed(view(0, y, person=10 + 2 * t) for t, (_, y) in enumerate(path)), path)


def test_a_phone_that_sags_by_less_than_can_matter_stays_as_it_is(filmed: Filmed) -> None:
    """0.2 % of the picture over the film."""
    path = [0.016 * t for t in range(45)]
    clip = open_clip(filmed(view(0, y, person=10 + 2 * t) for t, y in enumerate(path)))
    footage = survey(clip)
    assert not footage.moved
    assert first_take(clip, footage).steadying is None
    np.testing.assert_allclose(footage.shift_px[:, 1], -np.array(path), atol=0.6)


def test_somebody_near_the_camera_is_not_the_camera(filmed: Filmed) -> None:
    """A body over a third of the picture walks by."""
    body = textured(110, HEIGHT, seed=9)
    images = []
    for t in range(40):
        image, left = view(), -100 + 10 * t
        x0, x1 = max(left, 0), min(left + 110, WIDTH)
        if x1 > x0:
            image[:, x0:x1] = body[:, x0 - left : x1 - left]
        images.append(image)
    clip = open_clip(filmed(images))
    assert first_take(clip, survey(clip)).steadying is None


def test_movement_after_the_cut_does_no_harm(filmed: Filmed) -> None:
    later = [view(3.0 * max(0, t - 4), person=200) for t in range(25)]
    clip = open_clip(filmed(run_up(30) + later))
    footage = survey(clip)
    assert footage.takes[0] == (0, 30)
    assert not footage.moved
    assert first_take(clip, footage).take == (0, 30)


def test_progress_is_told_and_can_stop_the_work(filmed: Filmed) -> None:
    clip = open_clip(filmed(run_up(30)))
    told: list[tuple[str, float]] = []
    survey(clip, lambda *what: told.append(what))
    assert told[-1] == ("footage", 1.0)
    assert len(told) == 30

    def stop(_: str, __: float) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        survey(clip, stop)


# Real films


def real_takes() -> list[tuple[str, int | None]]:
    if not (CLIPS / "labels.csv").exists():
        return []
    with (CLIPS / "labels.csv").open(encoding="utf-8") as file:
        return [(row["clip"], int(row["end_frame"]) if row["end_frame"] else None) for row in csv.DictReader(file)]


@pytest.mark.real
def test_real_cuts_are_found_and_nothing_else() -> None:
    """Every ninth of the films: those with a cut to a take that looks the same, and those without."""
    if not real_takes():
        pytest.skip("the real clips are not beside the project")
    for name, end in [*real_takes()[::9], ("day_17", 75)]:
        footage = survey(open_clip(CLIPS / f"{name}.mp4"))
        assert not footage.moved, name
        starts = [start for start, _ in footage.takes if start > 1]
        assert starts == ([end] if end else []), name
    assert footage.takes[0] == (0, 1)  # day_17: its first frame belongs to the take before
