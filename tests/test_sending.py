"""What is sent to a friend's phone: a short film, a GIF, a reel; opened again, they are what they should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image as Pictures
from sqlmodel import select

from kicky import jobs, storage
from kicky.domain import Floats, Foot, How, Report, Steadying, Track, Verdict
from kicky.errors import KickyError, NotFound, UnfitClip
from kicky.home import evaluations, media
from kicky.jobs import sending as making
from kicky.render import Title, gif, reel, short, sized
from kicky.render import strip as words
from kicky.render.artist import Artist
from kicky.render.framing import ball_boxes, filled, upright
from kicky.render.gif import MOST_BYTES as MOST_GIF
from kicky.render.short import UPRIGHT_WH, scene
from kicky.render.slowly import LONGEST_S, SHORT, Span, timeline
from kicky.render.strip import About, Now, Strip
from kicky.service import clips, players, sessions, sharing, shots, work
from kicky.service.sharing import FILMED, GIF, UPRIGHT
from kicky.service.shots import correct
from kicky.speeds import Unit
from kicky.storage.database import writing
from kicky.storage.tables import JobRow, ShotRow
from kicky.video import FilmWriter, Image, frames, open_clip

from .pages.filled import NASTY, draw, fill, report

ABOUT = About("Ana", "Sat 7 Nov 2026 · Parc")
ASPECT = 720 / 1064
GIFS, REELS = import_module("kicky.render.gif"), import_module("kicky.render.reel")


@pytest.fixture(scope="module")
def goal(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """-> a report of a goal with a flight, its film there."""
    film = draw(tmp_path_factory.mktemp("film") / "kick.mp4", 0)
    return report(open_clip(film), Verdict.GOAL, How.IN_NET, Foot.RIGHT, 88.0, to=(2.4, 1.6))


@pytest.fixture(scope="module")
def tall(goal: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """-> its short film, upright."""
    path = tmp_path_factory.mktemp("sent") / "short.mp4"
    short(goal, ABOUT, path, lambda stage, share: None, tall=True)
    return path


@pytest.fixture
def taken(own_home: Path) -> list[int]:
    """-> the shots of the filled house."""
    (own_home / "films").mkdir()
    return fill(own_home / "films")


def told_s(made: Report) -> float:
    return Artist(made, None).told_s


def with_ball(made: Report, centre_px: Floats, **changes: Any) -> Report:
    """Report, where the ball is in each frame -> the same with that ball, and no flight."""
    count = len(centre_px)
    seen = np.isfinite(centre_px[:, 0])
    ball = Track("ball", centre_px, np.where(seen[:, None], [8.0, 8.0], np.nan), np.ones(count), seen)
    return replace(made, shot=replace(made.shot, ball=ball, flight=None, **changes))


def lasting(made: Report, count: int, frame_s: float, kick: int | None) -> Report:
    """Report -> the same of so many frames, with nothing seen in them."""
    clip = replace(made.shot.clip, time_s=np.arange(count) * frame_s, take=(0, count))
    shot = replace(made.shot, clip=clip, kick_frame=kick, players=(), shooter=None, keeper=None, scene=None, pose=None)
    return with_ball(replace(made, shot=shot), np.full((count, 2), np.nan))


def test_the_kick_is_slow_and_the_rest_is_not(goal: Report) -> None:
    made = lasting(goal, 90, 1 / 30, 40)
    line = timeline(made.shot, 2.0, SHORT)
    assert line.slow == pytest.approx(0.4)
    assert line.struck_s is not None
    assert line.frames[np.abs(line.shown_s - line.struck_s).argmin()] in (39, 40)
    assert line.slowed.sum() / 30 == pytest.approx(0.6 / 0.4, abs=0.05)
    assert set(np.diff(line.frames)[~line.slowed[1:] & ~line.slowed[:-1]].tolist()) <= {0, 1}
    assert (np.diff(line.frames) >= 0).all()
    assert line.shown_s[-1] >= line.told_s + SHORT.read_s
    assert timeline(lasting(goal, 400, 1 / 120, 200).shot, 2.0, SHORT).slow == 0.25


def test_without_a_kick_nothing_is_slowed(goal: Report) -> None:
    line = timeline(lasting(goal, 60, 1 / 30, None).shot, 1.5, SHORT)
    assert not line.slowed.any()
    assert line.struck_s is None
    assert line.frames[0] == 0
    assert line.frames[-1] == 59


def test_a_long_film_is_cut_and_a_take_kept_to(goal: Report) -> None:
    made = lasting(goal, 3000, 1 / 30, 900)
    line = timeline(made.shot, 80.0, SHORT)
    assert line.frames[0] == pytest.approx(900 - 30 * SHORT.before_s, abs=1)
    assert line.shown_s[-1] < LONGEST_S + 2 + SHORT.read_s
    assert line.told_s < line.shown_s[-1]  # it is told all the same
    cut = replace(made.shot, clip=replace(made.shot.clip, take=(890, 930)))
    assert set(timeline(cut, 30.5, SHORT).frames.tolist()) <= set(range(890, 930))


LEVEL = np.full(90, 90.0)
NOW_AND_THEN = np.where(np.arange(90) % 7 == 0, np.linspace(20, 300, 90), np.nan)
WAYS = {
    "across": np.column_stack([np.linspace(10, 310, 90), LEVEL]),
    "to and fro": np.column_stack([160 + 140 * np.sin(np.linspace(0, 9, 90)), LEVEL]),
    "a jump": np.column_stack([np.repeat([20.0, 300.0], 45), LEVEL]),
    "at the edge": np.column_stack([np.linspace(5, 315, 90), np.linspace(175, 5, 90)]),
    "seen now and then": np.column_stack([NOW_AND_THEN, NOW_AND_THEN / 2]),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("moves", [False, True])
def test_the_ball_is_in_the_upright_picture_whenever_it_is_seen(goal: Report, way: str, moves: bool) -> None:
    made = with_ball(lasting(goal, 90, 1 / 30, 30), WAYS[way])
    if moves:
        sway = np.tile(np.eye(3), (90, 1, 1))
        sway[:, 0, 2] = 3 * np.sin(np.arange(90) / 5)
        made = replace(made, shot=replace(made.shot, clip=replace(made.shot.clip, steadying=Steadying(sway, 0))))
    line = timeline(made.shot, 2.0, SHORT)
    view = upright(made.shot, line, ASPECT)
    assert view.size_wh_px[0] / view.size_wh_px[1] == pytest.approx(ASPECT)
    assert (view.corner_px >= -1e-6).all()
    assert (view.corner_px + view.size_wh_px <= np.array([320, 180]) + 1e-6).all()
    boxes = ball_boxes(made.shot, line.frames)
    seen = np.isfinite(boxes).all(axis=1)
    middle = ((boxes[:, :2] + boxes[:, 2:]) / 2)[seen]
    assert seen.any()
    assert (middle >= view.corner_px[seen] - 3.1).all()  # the film's own edge may cut what sways out of it
    assert (middle <= view.corner_px[seen] + view.size_wh_px + 3.1).all()


def test_the_view_follows_softly(goal: Report) -> None:
    made = with_ball(lasting(goal, 90, 1 / 30, 30), WAYS["across"])
    line = timeline(made.shot, 2.0, SHORT)
    x = upright(made.shot, line, ASPECT).corner_px[:, 0]
    assert x[-1] - x[0] > 100
    assert np.abs(np.diff(x, 2)).max() < 3.0  # of 320: no jerk
    still = upright(with_ball(made, np.tile((160.0, 90.0), (90, 1))).shot, line, ASPECT)
    assert np.ptp(still.corner_px, axis=0).tolist() == [0, 0]
    assert still.size_wh_px[1] < 180  # nearer, as there is room


def opened(path: Path) -> tuple[Any, list[Image], Floats]:
    """Film -> its stream's codec, its pictures, their times."""
    with av.open(str(path)) as film:
        context = film.streams.video[0].codec_context
        facts = context.name, context.pix_fmt, (context.width, context.height)
    clip = open_clip(path)
    return facts, [image for _, image in frames(clip)], clip.time_s


def test_the_short_film_is_what_a_messenger_takes(tall: Path, goal: Report) -> None:
    facts, images, time_s = opened(tall)
    assert facts == ("h264", "yuv420p", UPRIGHT_WH)
    assert tall.stat().st_size <= sized.MOST_BYTES
    data = tall.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    line = timeline(goal.shot, told_s(goal), SHORT)
    assert len(images) == len(line.frames)
    assert time_s[-1] == pytest.approx(line.shown_s[-1], abs=0.01)
    assert line.slowed.sum() > 24  # of a film of 24 frames


def test_words_stand_beneath_the_picture_and_the_verdict_comes_when_it_is_told(tall: Path, goal: Report) -> None:
    _, images, _ = opened(tall)
    made = scene(goal, ABOUT, tall=True)
    band = slice(made.picture_wh[1], None)
    told = int(np.searchsorted(made.line.shown_s, made.line.told_s + 0.4))
    before, after = images[0][band].astype(int), images[told][band].astype(int)
    empty = Strip(goal, About(" ", "", Unit.KMH), UPRIGHT_WH[0], narrow=True)
    drawn = [made.strip.draw(Now()), made.strip.draw(Now(struck=True, told=1.0)), empty.draw(Now())]
    for image, own in ((before, 0), (after, 1)):
        off = [float(np.abs(image - other).mean()) for other in drawn]
        assert off[own] < 0.7 * min(off[other] for other in range(3) if other != own), off


def test_the_ball_and_its_flight_are_seen_in_the_picture(tall: Path, goal: Report) -> None:
    _, images, _ = opened(tall)
    made = scene(goal, ABOUT, tall=True)
    place = len(images) - 1
    assert made.artist._flight is not None
    scale = made.picture_wh[0] / made.view.size_wh_px[0]
    way = (made.artist._flight.path_px[5:-5] - made.view.corner_px[place]) * scale
    x, y = np.rint(way).astype(int).T
    inside = (x >= 0) & (x < made.picture_wh[0]) & (y >= 0) & (y < made.picture_wh[1])
    assert inside.any()
    assert np.median(images[place][y[inside], x[inside]].min(axis=1)) > 150  # a white line


def test_as_it_was_filmed_nothing_is_cut_away(goal: Report, tmp_path: Path) -> None:
    told: list[float] = []
    path = tmp_path / "short.mp4"
    short(goal, ABOUT, path, lambda stage, share: told.append(share), tall=False)
    facts, images, _ = opened(path)
    made = scene(goal, ABOUT, tall=False)
    assert facts == ("h264", "yuv420p", (320, 180 + made.strip.height))
    assert told == sorted(told)
    assert len(told) == len(images)


def written(monkeypatch: pytest.MonkeyPatch, strip: Strip, moment: Now) -> list[tuple[str, float, float, float]]:
    """Band, moment -> each text with where it begins, ends and stands."""
    found: list[tuple[str, float, float, float]] = []
    real = words.brush.words

    def note(image: Image, text: str, x: float, base: float, size: int, weight: int, ink: Any) -> None:
        if text:
            found.append((text, x, x + words.brush.text_width(text, size, weight), base))
        real(image, text, x, base, size, weight, ink)

    monkeypatch.setattr(words.brush, "words", note)
    strip.draw(moment)
    monkeypatch.undo()
    return found


MOMENTS = (Now(), Now(pace=0.25), Now(struck=True, pace=0.25), Now(struck=True, told=0.5), Now(struck=True, told=1.0))


@pytest.mark.parametrize("narrow", [True, False])
@pytest.mark.parametrize("name", ["Ana", "Bogdan-Alexandru Konstantinopolskij", "W" * 200, "", NASTY])
@pytest.mark.parametrize("how", [How.WIDE_RIGHT, How.UNCLEAR])
def test_no_word_is_cut_and_none_covers_another(
    goal: Report, monkeypatch: pytest.MonkeyPatch, narrow: bool, name: str, how: How
) -> None:
    verdict = Verdict.UNSURE if how is How.UNCLEAR else Verdict.NO_GOAL
    made = replace(goal, outcome=replace(goal.outcome, verdict=verdict, how=how))
    width = 720 if narrow else 1280
    strip = Strip(made, About(name, "Sat 14 Nov 2026 · " + "Far away " * 30), width, narrow)
    for moment in MOMENTS:
        texts = written(monkeypatch, strip, moment)
        assert all(begins > 0 and ends <= width for _, begins, ends, _ in texts)
        for text, begins, ends, base in texts:
            others = [each for each in texts if each[3] == base and each[0] != text]
            assert all(ends < other[1] or other[2] < begins for other in others)
    said = [text for text, *_ in texts]
    assert ("NO GOAL" in said and "wide, right of the goal" in said) or ("UNSURE" in said and words.NOT_TOLD in said)
    assert "about 90 km/h (79–140)" in said
    assert strip.height < width


def test_what_is_not_known_is_not_made_up(goal: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = replace(goal, measures=(), foot=replace(goal.foot, foot=Foot.UNSURE))
    said = [text for text, *_ in written(monkeypatch, Strip(bare, About("", "Sat 7 Nov"), 720, True), MOMENTS[-1])]
    assert said == [words.NO_NAME, words.NO_SPEED, "GOAL", "in the net"]
    miles = Strip(goal, About("Ana", "", Unit.MPH), 720, True)
    assert "about 55 mph (49–87)" in [text for text, *_ in written(monkeypatch, miles, MOMENTS[-1])]


def test_a_shot_of_which_nothing_is_known_has_its_film_all_the_same(goal: Report, tmp_path: Path) -> None:
    clip = goal.shot.clip
    lost = with_ball(lasting(goal, len(clip.time_s), clip.frame_s, None), np.full((len(clip.time_s), 2), np.nan))
    for tall in (True, False):
        made = scene(lost, About("", ""), tall=tall)
        assert not made.line.slowed.any()
        _, image = next(made.pictures())
        assert image.shape[:2] == made.size_wh[::-1]


def noise(count: int) -> Iterator[tuple[float, Image]]:
    rng = np.random.default_rng(0)
    for number in range(count):
        yield number / 30, rng.integers(0, 255, (192, 108, 3), dtype=np.uint8)


def test_a_noisy_film_is_kept_to_its_limit_at_once(tmp_path: Path) -> None:
    with FilmWriter(tmp_path / "free.mp4", (108, 192), np.arange(60) / 30) as free:
        for time_s, image in noise(60):
            free.add(image, time_s)
    with FilmWriter(tmp_path / "kept.mp4", (108, 192), np.arange(60) / 30, most_bytes=200_000) as kept:
        for time_s, image in noise(60):
            kept.add(image, time_s)
    assert (tmp_path / "free.mp4").stat().st_size > 300_000
    assert (tmp_path / "kept.mp4").stat().st_size <= 200_000


def test_a_noisy_film_stays_below_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, asked = tmp_path / "noise.mp4", list[int]()
    real = sized.FilmWriter

    def writer(*args: Any, **given: Any) -> Any:
        asked.append(given["most_bytes"])
        return real(
            *args, **given | {"most_bytes": 3 * given["most_bytes"]}
        )  # an encoder that takes three times as much

    monkeypatch.setattr(sized, "FilmWriter", writer)
    sized.written(path, (108, 192), np.arange(60) / 30, lambda: noise(60), most_bytes=400_000)
    assert path.stat().st_size <= 400_000
    assert len(asked) > 1
    assert asked == sorted(asked, reverse=True)
    with pytest.raises(UnfitClip, match="cut its clip shorter"):
        sized.written(path, (108, 192), np.arange(60) / 30, lambda: noise(60), most_bytes=2_000)
    assert not path.exists()


def test_the_gif_moves_and_is_small(goal: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kick.gif"
    gif(goal, ABOUT, path, lambda stage, share: None)
    whole = path.stat().st_size
    assert whole <= MOST_GIF
    with Pictures.open(path) as moving:
        assert moving.size == (400, 710)
        assert moving.n_frames > 15
        assert moving.info["duration"] % 80 == 0
        assert moving.info["loop"] == 0
    monkeypatch.setattr(GIFS, "MOST_BYTES", whole // 2)
    gif(goal, ABOUT, path, lambda stage, share: None)
    with Pictures.open(path) as moving:
        assert moving.size[0] < 400
    monkeypatch.setattr(GIFS, "MOST_BYTES", 100)
    monkeypatch.setattr(GIFS, "WIDTHS", (60,))
    with pytest.raises(UnfitClip, match="send the film instead"):
        gif(goal, ABOUT, path, lambda stage, share: None)


def test_the_reel_has_a_title_and_then_each_shot(goal: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "reel.mp4"
    monkeypatch.setattr(REELS, "IN_REEL", Span(0.1, 0.1, 0.3))
    monkeypatch.setattr(REELS, "TITLE_S", 0.3)
    seen = [(goal, ABOUT), (goal, About("Bo", ""))]
    reel(Title("Sat 7 Nov 2026", "Parc", "2 shots, 2 goals"), seen, path, lambda stage, share: None)
    facts, images, time_s = opened(path)
    assert facts == ("h264", "yuv420p", UPRIGHT_WH)
    assert path.stat().st_size <= sized.MOST_BYTES
    half = (len(images) + 9) // 2
    bands = [images[place][-150:, :400].astype(int) for place in (5, 15, half + 6)]
    assert np.abs(bands[1] - bands[2]).mean() > 1  # another name
    assert np.abs(bands[0] - bands[1]).mean() > 10
    assert np.diff(time_s) == pytest.approx(1 / 30, abs=0.002)


def worked() -> None:
    jobs.work(0.01, "send")


def test_a_short_film_is_made_by_the_worker_and_kept(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    assert sharing.made(taken[0], FILMED) == sharing.Sent(None, None)
    sharing.make(taken[0], FILMED)
    sharing.make(taken[0], FILMED)
    job = sharing.made(taken[0], FILMED).job
    assert job is not None
    assert job.state == "queued"
    assert [each.kind for each in work.jobs()] == []  # it is nobody's line on the page of clips
    heard: list[float] = []
    real = making.render.short

    def heeded(report: Report, about: About, path: Path, tell: Any, *, tall: bool) -> None:
        def note(stage: str, share: float) -> None:
            heard.append(share)
            tell(stage, share)

        real(report, about, path, note, tall=tall)

    monkeypatch.setattr(making.render, "short", heeded)
    worked()
    assert heard == sorted(heard)
    assert heard[-1] > 0.9
    made = sharing.made(taken[0], FILMED)
    assert made.job is None
    assert made.file is not None
    assert len(open_clip(made.file).time_s) > 24
    sharing.make(taken[0], FILMED)
    assert sharing.made(taken[0], FILMED).file == made.file
    assert [path.name for path in (evaluations() / "sent").iterdir()] == [made.file.name]


def test_what_was_put_right_is_made_anew_and_the_old_goes(taken: list[int]) -> None:
    sharing.make(taken[0], FILMED)
    worked()
    before = sharing.made(taken[0], FILMED).file
    correct(taken[0], "outcome", "no_goal")
    assert sharing.made(taken[0], FILMED).file is None
    sharing.make(taken[0], FILMED)
    worked()
    after = sharing.made(taken[0], FILMED).file
    assert after is not None
    assert list((evaluations() / "sent").iterdir()) == [after]
    assert after != before


def test_deleting_takes_what_was_made_to_be_sent_with_it(taken: list[int]) -> None:
    def make(shot_id: int) -> Path:
        sharing.make(shot_id, FILMED)
        worked()
        file = sharing.made(shot_id, FILMED).file
        assert file is not None
        return file

    film = make(taken[0])
    clips.remove(shots.one(taken[0]).clip_id)
    assert not film.exists()
    film = make(taken[1])
    players.rename("Ana", "Anna")
    assert not film.exists()
    film = make(taken[1])
    players.forget("Anna")
    assert not film.exists()
    film = make(taken[1])
    sessions.remove(shots.one(taken[1]).session_id)
    assert not film.exists()
    with writing() as db:
        assert [row for row in db.exec(select(JobRow)).all() if row.kind == "send"] == []


def test_a_shot_deleted_while_its_film_is_made_leaves_none(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    sharing.make(taken[0], FILMED)
    real = making.render.short

    def slow(*given: Any, **how: Any) -> None:
        real(*given, **how)
        with writing() as db:
            row = db.get(ShotRow, taken[0])
            assert row is not None
            db.delete(row)

    monkeypatch.setattr(making.render, "short", slow)
    worked()
    assert list((evaluations() / "sent").iterdir()) == []
    with pytest.raises(NotFound):
        sharing.made(taken[0], FILMED)


def test_a_film_that_is_gone_is_told_before_and_while(taken: list[int]) -> None:
    sharing.make(taken[0], UPRIGHT)
    (media() / storage.clip(shots.one(taken[0]).clip_id).file).unlink()
    with pytest.raises(NotFound, match=r"The film of clip_1.mp4 is gone from .*: put it back there"):
        sharing.make(taken[0], GIF)
    worked()
    job = sharing.made(taken[0], UPRIGHT).job
    assert job is not None
    assert job.state == "failed"
    assert job.message.startswith("The film of clip_1.mp4 is gone")


def test_a_name_that_only_looks_propose_is_told_as_such(taken: list[int]) -> None:
    shot = shots.one(taken[0])
    assert making._seen(shot)[1].name == "Ana"
    assert making._seen(replace(shot, player_by="look"))[1].name == "looks like Ana"
    assert making._seen(replace(shot, player=None))[1] == About("", "Sat 7 Nov 2026 · Parc")


def test_goals_come_first_and_the_hardest_of_them_before_the_others(taken: list[int]) -> None:
    first, second = shots.one(taken[0]).session_id, shots.one(taken[3]).session_id
    found, what = sharing.best(first)
    assert [shot.outcome for shot in found] == ["goal", "no_goal", "unsure"]
    assert what == "3 shots, 1 goal"
    found, what = sharing.best(second)
    assert [shot.id for shot in found] == [taken[5], taken[3], taken[4]]
    assert what == "3 shots, 2 goals"
    for shot in taken[:3]:
        with writing() as db:
            clip = storage.clip(shots.one(shot).clip_id)
            clip.session_id = second
            db.add(clip)
    found, what = sharing.best(second)
    assert [shot.outcome for shot in found] == ["goal"] * 3 + ["no_goal"] * 2
    assert what == "The best 5 of 6 shots, 3 goals"


def test_a_reel_is_made_by_the_worker(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    session = shots.one(taken[3]).session_id
    given: list[Any] = []

    def drawn(title: Any, seen: Any, path: Path, tell: Any, **_how: Any) -> None:
        given.extend((title, [(made.outcome.verdict, about.name) for made, about in seen]))
        path.write_bytes(b"film")

    monkeypatch.setattr(making.render, "reel", drawn)
    sharing.make_reel(session)
    worked()
    made = sharing.made_reel(session)
    assert made.file is not None
    assert made.file.read_bytes() == b"film"
    assert replace(given[0], board=()) == Title("Sat 14 Nov 2026", "Behind the *school*", "3 shots, 2 goals")
    assert given[0].board[0][0] == "Most goals"
    assert given[1] == [(Verdict.GOAL, "Ana"), (Verdict.GOAL, NASTY), (Verdict.NO_GOAL, NASTY)]
    clips.remove(shots.one(taken[5]).clip_id)
    assert sharing.made_reel(session).file is None
    with pytest.raises(UnfitClip, match="A reel takes 3 shots with their films, and this session has 2"):
        sharing.make_reel(session)
    assert not list(evaluations().rglob("*.mp4"))


def test_a_session_without_shots_has_no_reel(own_home: Path) -> None:
    with pytest.raises(KickyError):
        sharing.made_reel(99)


def test_black_bars_beside_an_upright_film_are_left_out(goal: Report) -> None:
    image = np.full((90, 160, 3), 120, np.uint8)
    assert filled(image, (320, 180)).tolist() == [0, 0, 320, 180]
    image[:, :40] = image[:, 120:] = 3
    assert filled(image, (320, 180)).tolist() == [80, 0, 240, 180]
    image[:, 120:] = 120  # a dark wall on one side is no bar
    assert filled(image, (320, 180)).tolist() == [0, 0, 320, 180]
    assert filled(np.zeros_like(image), (320, 180)).tolist() == [0, 0, 320, 180]
    made = with_ball(lasting(goal, 90, 1 / 30, 30), np.column_stack([np.linspace(90, 230, 90), LEVEL]))
    view = upright(made.shot, timeline(made.shot, 2.0, SHORT), ASPECT, np.array([80.0, 0.0, 240.0, 180.0]))
    assert view.corner_px[:, 0].min() >= 80
    assert (view.corner_px[:, 0] + view.size_wh_px[0]).max() <= 240 + 1e-6
