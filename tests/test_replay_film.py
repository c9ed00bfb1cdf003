"""The replay as a film, drawn without a browser: what stands where, what shines through, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import av
import numpy as np
import pytest

from kicky import jobs, replay
from kicky.body.fit import fitted
from kicky.domain import Report
from kicky.errors import NotFound, UnfitClip
from kicky.home import evaluations
from kicky.jobs import sending
from kicky.jobs.sending import UPRIGHT, refuse_unseen
from kicky.render import About, Title, offered
from kicky.render.space import ground, stands
from kicky.render.space.picture import Player, grey_parts
from kicky.render.space.told import Told
from kicky.service import clips, sharing, shots
from kicky.shown import VIEWS

from .pages.filled import fill
from .test_replay import drawn, report
from .test_sending import worked

SIZE = 320, 180
FILM, REEL = import_module("kicky.render.space.film"), import_module("kicky.render.reel")


def without_goal() -> Report:
    _, shot = drawn("side")
    return report(fitted(replace(shot, scene=None, flight=None, body=None)))


@pytest.mark.parametrize("view", VIEWS)
def test_from_everywhere_ball_and_shooter_are_seen(view: str) -> None:
    made = replay.scene(report(drawn("behind")[1]))
    told = Told(made)
    at = stands.camera(view, told, 0.0, SIZE).project(np.vstack([told.ball(0.0), told.body(0.0)[2:4]]))
    assert ((at > 0) & (at < SIZE)).all()
    picture = Player(told, view, SIZE).draw(0.0)
    nobody = Player(Told(made | {"shooter": made["shooter"] | {"t": [], "joints": [], "seen": []}}), view, SIZE).draw(
        0.0
    )
    hips = tuple(at[1:].mean(axis=0).round().astype(int)[::-1])
    assert np.abs(picture[hips].astype(int) - nobody[hips]).max() > 10


def test_from_the_phone_the_ball_is_where_the_film_has_it() -> None:
    true, shot = drawn("diagonal")
    told = Told(replay.scene(report(shot)))
    size = shot.clip.size_wh_px
    seen = stands.camera("phone", told, 0.0, size).project(told.ball(0.0)[None])[0]
    assert seen == pytest.approx(true.ball_px[true.contact_frame], abs=3)
    picture = Player(told, "phone", size).draw(0.0)
    x, y = seen.round().astype(int)
    assert picture[y - 2 : y + 3, x - 2 : x + 3].max() > 170, "it is white"


def test_what_was_not_seen_shines_through() -> None:
    told = Told(replay.scene(report(drawn("side")[1])))
    sight = stands.camera("side", told, 0.0, SIZE)
    hips = tuple(sight.project(told.body(0.0)[2:4]).mean(axis=0).round().astype(int)[::-1])
    told.body_seen = np.ones_like(told.body_seen)
    sure = Player(told, "side", SIZE).draw(0.0)[hips].astype(int)
    told.body_seen = np.zeros_like(told.body_seen)
    guess = Player(told, "side", SIZE).draw(0.0)[hips].astype(int)
    behind = ground.lay(np.zeros((SIZE[1], SIZE[0], 3), np.uint8), sight, told).image[hips].astype(int)
    assert np.abs(guess - behind).sum() < np.abs(sure - behind).sum()
    assert grey_parts(told, 0.0) == []
    assert grey_parts(told, told.ends[1]) == ["body", "ball"]


def test_the_keeper_stands_in_the_goal_and_looks_at_the_ball() -> None:
    told = Told(replay.scene(report(drawn("behind")[1])))
    eye = stands.camera("keeper", told, 0.0, SIZE)
    assert eye.position_m == pytest.approx([0.0, 0.3, 1.65])
    assert eye.project(told.ball(0.0)[None])[0, 0] == pytest.approx(SIZE[0] / 2, abs=1)


def test_a_view_that_there_is_not_is_refused_in_one_sentence() -> None:
    lying = replay.scene(without_goal())
    assert not {"keeper", "goal", "chase"} & set(offered(lying))
    for view, why in (("keeper", "No goal is marked"), ("chase", "cannot be followed")):
        with pytest.raises(UnfitClip, match=why):
            refuse_unseen(lying, view)
    with pytest.raises(NotFound, match=r"There is no replay of this shot\. No kick was seen\."):
        refuse_unseen({"why_not": "No kick was seen."}, "keeper")
    picture = Player(Told(lying), "side", SIZE).draw(0.0)
    assert picture.std() > 5


class Filmed:
    """Of a reel, what stands for a shot's pictures."""

    def __init__(self, value: int) -> None:
        self.value = value

    def pictures(self) -> Iterator[tuple[int, int]]:
        yield 0, self.value


def test_the_reel_sees_the_kick_once_more_from_the_keepers_eyes() -> None:
    made = report(drawn("behind")[1])
    seen = [(made, About("Ana", ""))] * 3
    again, more = REEL._again(seen, [{"why_not": "No kick was seen."}, replay.scene(made), replay.scene(made)])
    assert again is not None
    place, kick = again
    assert place == 1
    assert next(kick.pictures()).shape == (1280, 720, 3)
    assert more == len(kick.line.shown_s) > 30
    title = Title("Sat", "", "3 shots")
    shown = REEL._pictures(title, [Filmed(1), Filmed(2), Filmed(3)], REEL.TITLE_S, (1, Filmed(9)))
    assert [each if isinstance(each, int) else each[1] for each in list(shown)[1:]] == [1, 2, 9, 3]
    assert REEL._again(seen, [{"why_not": "No kick was seen."}] * 3) == (None, 0)


def test_the_worker_makes_the_keepers_film_and_keeps_it(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own_home / "films").mkdir()
    taken = fill(own_home / "films")
    monkeypatch.setattr(jobs, "ensure_worker", lambda *_: None)
    monkeypatch.setattr(FILM, "WIDE_WH", SIZE)
    monkeypatch.setattr(FILM.Player, "draw", lambda self, t: np.full((self._size[1], self._size[0], 3), 77, np.uint8))
    sharing.make(taken[0], "keeper")
    worked()
    file = sharing.made(taken[0], "keeper").file
    assert file is not None
    with av.open(str(file)) as film:
        assert (film.streams.video[0].width, film.streams.video[0].height) == SIZE
        assert film.streams.video[0].frames > 30
    with pytest.raises(NotFound, match="There is no replay of this shot"):
        sharing.make(taken[2], "keeper")
    assert shots.replay(taken[2])["why_not"]


def test_an_old_film_of_the_replay_goes_when_the_new_one_is_there_and_no_other(own_home: Path) -> None:
    (own_home / "films").mkdir()
    first, second = (shots.one(number) for number in fill(own_home / "films")[:2])
    target = sending.shot_film(first, "keeper")
    target.parent.mkdir(parents=True)
    old, last = target.with_name(f"shot-{first.id}-keeper-0.mp4"), target.with_name(f"shot-{first.id}-keeper-00.mp4")
    others = [
        sending.shot_film(first, "above"), sending.shot_film(second, "keeper"), sending.shot_film(first, UPRIGHT),
        target.with_name(f"shot-{first.id}0-keeper-0.mp4"), target.with_name(f"session-{first.id}-reel-0.mp4"),
    ]  # fmt: skip
    for path in (old, last, *others):
        path.write_bytes(b"a film")

    def breaks_off() -> None:
        with sending._kept(target, [first]) as part:
            part.write_bytes(b"half")
            raise UnfitClip("It breaks off.")

    with pytest.raises(UnfitClip):
        breaks_off()
    assert set(target.parent.iterdir()) == {old, last, *others}, "what broke off leaves nothing, and takes nothing"
    with sending._kept(target, [first]) as part:
        part.write_bytes(b"new")
        assert old.exists()
    assert target.read_bytes() == b"new"
    assert set(target.parent.iterdir()) == {target, *others}
    clips.remove(first.clip_id)
    assert not list(evaluations().rglob("*.mp4")), "whatever deletes a clip deletes all that was made to be sent"
