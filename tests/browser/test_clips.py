"""A session's film cut in a real browser by keys, undone, exported and rated; boxes drawn over a clip."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from kicky import jobs, storage
from kicky.service import boxes, clips, films, sessions, truth
from kicky.storage.views import FilmView
from kicky.truth import boxes as filled
from kicky.ui.words import clock

from .. import numbered
from ..clipper.test_film import settled
from .running import free_port, running_app, start_app
from .test_label import browser, pictured
from .test_label import settled as shown

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def eventually(page, what) -> None:  # type: ignore[no-untyped-def] # any question that is answered yes in the end
    until = time.monotonic() + 60
    while not what() and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert what()


def sent(page, path: Path) -> FilmView:  # type: ignore[no-untyped-def] # the page of a browser
    """The film sent by the page, which goes on by itself where the connection breaks off."""
    broken: list[str] = []

    def passed(route) -> None:  # type: ignore[no-untyped-def] # a request of the browser's
        if route.request.method == "PUT" and not broken:
            broken.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route("**/sent/**", passed)
    page.locator(".upload input").set_input_files(path)
    page.locator(".stepper[data-shown]").wait_for()
    page.unroute("**/sent/**")
    assert len(broken) == 1
    (film,) = films.listed(1)
    assert film.path.read_bytes() == path.read_bytes()
    return film


def test_a_film_is_sent_cut_by_keys_exported_and_rated(own_home: Path) -> None:
    session = sessions.new(dt.date(2026, 11, 21), "Hackney Marshes")
    path = numbered.film(own_home / "saturday.mp4", 300, numbered.uneven(300))
    with running_app(own_home) as address, browser() as page:
        page.goto(f"{address}/Clips")
        film = sent(page, path)
        found = storage.films.add_cut(film.id, 200, 260, films.PROPOSED, kick=230)
        other = storage.films.add_cut(film.id, 100, 160, films.PROPOSED, kick=130)
        page.reload()
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
        second = films.seconds(film)
        page.get_by_text(f"Cut from {clock(second[30])} to {clock(second[75])}").wait_for()
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
        eventually(page, lambda: len(clips.listed(session)) == 1)
        (clip,) = clips.listed(session)
        assert (clip.frames, storage.clip(clip.id).film) == (56, "saturday.mp4")
        page.get_by_text("Rate", exact=True).click()
        page.locator(".stepper[data-shown='0']").wait_for()
        page.keyboard.press("4")
        eventually(page, lambda: truth.items("me")[0].stars == 4)
    assert "Traceback" not in (own_home / "server.log").read_text()


def test_a_damaged_place_is_told_and_stepped_over(own_home: Path) -> None:
    session = sessions.new(dt.date(2026, 11, 21), "Hackney Marshes")
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


def labels(clip_id: int, frame: int) -> list[str]:
    return [thing.label for thing in boxes.of_clip(clip_id).get(frame, ())]


def dragged(page, x0: int, y0: int, x1: int, y1: int) -> None:  # type: ignore[no-untyped-def] # the page of a browser
    place = page.locator("svg.over").bounding_box()
    page.mouse.move(place["x"] + x0, place["y"] + y0)
    page.mouse.down()
    page.mouse.move(place["x"] + x1, place["y"] + y1, steps=3)
    page.mouse.up()


def players_drawn(page, clip_id: int, scale: float) -> None:  # type: ignore[no-untyped-def] # the page of a browser
    """A player drawn and moved by a key in one frame and drawn in another, and what is dashed between them."""
    page.keyboard.press("2")
    dragged(page, 50, 100, 150, 300)
    page.keyboard.press("ArrowRight")  # a pixel of the film
    moved = [50 * scale + 1, 100 * scale, 150 * scale + 1, 300 * scale]
    eventually(page, lambda: [t.box_px for t in boxes.of_clip(clip_id).get(0, ())] == [pytest.approx(moved, abs=0.7)])
    for _ in range(4):
        page.keyboard.press(">")
    assert shown(page) == 20
    dragged(page, 250, 100, 350, 300)
    eventually(page, lambda: labels(clip_id, 20) == ["player"])
    page.keyboard.press("<")
    assert shown(page) == 15
    x0 = float(page.locator("svg.over rect.player.dashed").get_attribute("x") or "nan")
    (between,) = filled.between(boxes.of_clip(clip_id), 15, boxes.clip_times(clip_id))
    assert x0 == pytest.approx(between.box_px[0], abs=0.1)  # as it is filled in for what is learned from


def test_boxes_are_drawn_over_the_film_and_outlive_the_server(own_home: Path) -> None:
    session = sessions.new(dt.date(2026, 11, 21), "Hackney Marshes")
    path = numbered.film(own_home / "shot.mp4", 40, numbered.uneven(40))
    clip = clips.add(session, path.name, path)
    truth.film_of(clip.id)
    jobs.work(0.01)
    port = free_port()
    server = start_app(own_home, port)
    try:
        with browser() as page:
            page.goto(f"http://localhost:{port}/Label?who=Ada")
            page.locator(".stepper[data-shown]").wait_for()
            page.get_by_text("Boxes", exact=True).click()
            page.locator(".stepper[data-ready][data-shown='0']").wait_for()
            place = page.locator("svg.over").bounding_box()
            assert place is not None
            scale = numbered.SIZE_WH[0] / place["width"]
            players_drawn(page, clip.id, scale)
            page.keyboard.press("1")
            page.mouse.click(place["x"] + 240, place["y"] + 220)
            assert shown(page) == 16  # one click, and on to the next
            eventually(page, lambda: labels(clip.id, 15) == ["ball"])
            x0, _, x1, _ = boxes.of_clip(clip.id)[15][0].box_px
            assert (x0 + x1) / 2 == pytest.approx(240 * scale, abs=2)
            page.keyboard.press("z")
            eventually(page, lambda: labels(clip.id, 15) == [])
            page.keyboard.press("r")
            eventually(page, lambda: labels(clip.id, 15) == ["ball"])
            before = page.locator(".stepper").get_attribute("data-server")
            server.kill()
            server.wait(30)
            page.mouse.click(place["x"] + 300, place["y"] + 220)  # nobody is there to be told: it waits in the page
            page.locator(".stepper[data-waits='1']").wait_for()
            server = start_app(own_home, port)
            page.locator(f".stepper:not([data-server='{before}'])").wait_for()
            eventually(page, lambda: boxes.of_clip(clip.id)[15][0].box_px[0] > 280 * scale)
    finally:
        server.kill()
        server.wait(30)
    assert "Traceback" not in (own_home / "server.log").read_text()
