"""A session's film cut in a real browser by keys, undone, exported and rated; boxes drawn on a canvas."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from kicky import jobs, service, storage
from kicky.service import boxes, films, truth

from .. import numbered
from ..clipper.test_film import settled
from .running import rested, running_app
from .test_label import browser, pictured
from .test_label import settled as shown

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def eventually(page, what) -> None:  # type: ignore[no-untyped-def] # any question that is answered yes in the end
    until = time.monotonic() + 60
    while not what() and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert what()


def test_a_film_is_cut_by_keys_exported_and_rated(own_home: Path) -> None:
    session = service.new_session(dt.date(2026, 11, 21), "Hackney Marshes")
    film = films.open_film(session, settled(numbered.film(own_home / "saturday.mp4", 300, numbered.uneven(300))))
    found = storage.films.add_cut(film.id, 200, 260, films.PROPOSED, kick=230)
    other = storage.films.add_cut(film.id, 100, 160, films.PROPOSED, kick=130)
    with running_app(own_home) as address, browser() as page:
        page.goto(f"{address}/Clips")
        page.locator(".stepper[data-shown]").wait_for()
        for _ in range(6):
            page.keyboard.press(">")
        assert shown(page) == 30
        page.keyboard.press("i")
        for _ in range(9):
            page.keyboard.press(">")
        assert shown(page) == 75
        page.keyboard.press("o")
        eventually(page, lambda: [(c.first, c.last) for c in films.cuts(film.id) if c.by_hand] == [(30, 75)])
        page.get_by_text("Cut from 30 to 75").wait_for()
        page.keyboard.press("z")
        eventually(page, lambda: not any(c.by_hand for c in films.cuts(film.id)))
        page.keyboard.press("n")  # to the first shot that was found: it is none
        page.locator(".stepper[data-shown='130']").wait_for()
        page.keyboard.press("x")
        page.locator(".stepper[data-shown='230']").wait_for()
        eventually(page, lambda: storage.films.cut(other).state == films.DISMISSED)
        assert pictured(page) == 230
        for _ in range(5):
            page.keyboard.press(">")
        assert shown(page) == 255
        page.keyboard.press("o")  # it ends a little earlier
        eventually(page, lambda: (storage.films.cut(found).last, storage.films.cut(found).state) == (255, films.KEPT))
        page.keyboard.press("Escape")  # no shot is at hand: I and O make a new one
        page.keyboard.press("i")
        for _ in range(5):
            page.keyboard.press(">")
        assert shown(page) == 280
        page.keyboard.press("o")
        eventually(page, lambda: [(c.first, c.last) for c in films.cuts(film.id) if c.by_hand] == [(255, 280)])
        page.keyboard.press("z")
        eventually(page, lambda: not any(c.by_hand for c in films.cuts(film.id)))
        page.get_by_role("button", name="Export 1 cut as clips").click()
        eventually(page, lambda: len(service.clips(session)) == 1)
        (clip,) = service.clips(session)
        assert (clip.frames, storage.clip(clip.id).film) == (56, "saturday.mp4")
        page.get_by_text("Rate", exact=True).click()
        page.locator(".stepper[data-shown='0']").wait_for()
        page.keyboard.press("4")
        eventually(page, lambda: truth.items("me")[0].stars == 4)
    assert "Traceback" not in (own_home / "server.log").read_text()


def test_a_damaged_place_is_told_and_stepped_over(own_home: Path) -> None:
    session = service.new_session(dt.date(2026, 11, 21), "Hackney Marshes")
    path = numbered.film(own_home / "saturday.mp4", 400, [k / 30 for k in range(400)])
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + len(data) // 8] = bytes(len(data) // 8)
    path.write_bytes(data)
    films.open_film(session, settled(path))
    with running_app(own_home) as address, browser() as page:
        page.goto(f"{address}/Clips")
        page.locator(".stepper[data-shown='0']").wait_for()
        told = False
        for _ in range(12):
            page.keyboard.press("ArrowUp")
            page.wait_for_timeout(700)
            told = told or page.get_by_text("The film is damaged near frame").is_visible()
        assert told
        assert shown(page) >= 330  # what lies behind the damage is reached
        assert pictured(page) == shown(page)
        for _ in range(12):
            page.keyboard.press("ArrowDown")
            page.wait_for_timeout(700)
        assert shown(page) <= 60
        assert pictured(page) == shown(page)
    assert "Traceback" not in (own_home / "server.log").read_text()


def test_boxes_are_drawn_by_key_and_click(own_home: Path) -> None:
    session = service.new_session(dt.date(2026, 11, 21), "Hackney Marshes")
    path = numbered.film(own_home / "shot.mp4", 40)
    clip = service.add_clip(session, path.name, path)
    truth.film_of(clip.id)
    jobs.work(0.01)
    with running_app(own_home) as address, browser() as page:
        page.goto(f"{address}/Label?who=Ada")
        page.locator(".stepper[data-shown]").wait_for()
        page.get_by_text("Boxes", exact=True).click()
        canvas = page.locator("canvas.upper-canvas").first
        canvas.wait_for()
        page.wait_for_timeout(1500)  # the key goes out, and the canvas comes back
        rested(page)
        page.keyboard.press("2")
        page.wait_for_timeout(1500)  # the key goes out, and the canvas comes back
        rested(page)
        place = canvas.bounding_box()
        assert place is not None
        scale = numbered.SIZE_WH[0] / place["width"]
        page.mouse.move(place["x"] + 50, place["y"] + 200)
        page.mouse.down()
        page.mouse.move(place["x"] + 150, place["y"] + 300, steps=5)
        page.mouse.up()
        eventually(page, lambda: [t.label for t in boxes.boxes_of(clip.id).get(0, ())] == ["player"])
        (player,) = boxes.boxes_of(clip.id)[0]
        assert player.box_px == pytest.approx([v * scale for v in (50, 200, 150, 300)], abs=3)
        page.keyboard.press("1")
        page.wait_for_timeout(1500)  # the key goes out, and the canvas comes back
        rested(page)
        place = page.locator("canvas.upper-canvas").first.bounding_box()
        assert place is not None
        page.mouse.click(place["x"] + 240, place["y"] + 220)
        eventually(page, lambda: [t.label for t in boxes.boxes_of(clip.id)[0]] == ["player", "ball"])
        page.get_by_text("Frame 1", exact=True).wait_for()  # one click, and on to the next
        ball = boxes.boxes_of(clip.id)[0][1].box_px
        assert (ball[0] + ball[2]) / 2 == pytest.approx(240 * scale, abs=2)
    assert "Traceback" not in (own_home / "server.log").read_text()
