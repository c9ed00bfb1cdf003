"""What is sent as a page carries the look; all else goes through as it is."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from kicky.doors.look import STYLE, Look

PAGE = "<html><body>Saturday</body></html>"


def page(request: Request) -> Response:
    known = "if-none-match" in request.headers
    return Response(status_code=304) if known else HTMLResponse(PAGE, headers={"etag": "as-it-was"})


@pytest.fixture
def asking() -> TestClient:
    routes = [Route("/", page), Route("/text", lambda _: PlainTextResponse(PAGE))]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Look)]))


def test_a_page_carries_the_look_whatever_the_browser_has_kept(asking: TestClient) -> None:
    answer = asking.get("/", headers={"accept": "text/html", "if-none-match": "as-it-was"})
    assert answer.content == PAGE.encode().replace(b"</body>", STYLE)
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "etag" not in answer.headers


@pytest.mark.parametrize(("path", "accept"), [("/text", "text/html"), ("/", "application/json")])
def test_what_is_no_page_goes_through_as_it_is(asking: TestClient, path: str, accept: str) -> None:
    assert asking.get(path, headers={"accept": accept}).text == PAGE
