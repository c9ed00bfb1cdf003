"""The app really started, both ways: whom it answers, what is there before the password, and that nobody is asked."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from kicky.doors.lobby import EACH

from .. import traced
from .served import PASSWORD, WAYS, Kept, Served, served, session, strace

PATHS = (
    "/", "/Shot?shot=1", "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/_stcore/agent/openapi.json",
    "/static/js/x.js", "/favicon.png", "/media/abc.png", "/component/streamlit_drawable_canvas.st_canvas/index.html",
    "/_stcore/bidi-components/kicky.stepper/x.js", "/handed/abc", "/no/such/page",
)  # fmt: skip
NAME = "kicky.example"


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    apps = Kept(tmp_path_factory.mktemp("here"))
    with apps.ends:
        yield apps


@pytest.fixture(scope="module")
def networked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    asked = {"KICKY_PASSWORD": PASSWORD}
    variables = {"kicky.start": asked, "streamlit run": asked | {"KICKY_HOSTS": NAME}}
    apps = Kept(tmp_path_factory.mktemp("wide"), "--server.address", "0.0.0.0", variables=variables)
    with apps.ends:
        yield apps


@pytest.fixture(params=WAYS)
def here(request: pytest.FixtureRequest, local: Kept) -> Served:
    """-> the app as the README starts it."""
    return local(request.param)


@pytest.fixture(params=WAYS)
def wide(request: pytest.FixtureRequest, networked: Kept) -> Served:
    """-> the app as the README opens it to the network; one of the two has a further name."""
    return networked(request.param)


def test_it_says_where_it_is(here: Served) -> None:
    assert f"KICKY is open at http://localhost:{here.port}\n" in here.log.read_text()
    assert "another device" not in here.log.read_text()


def test_it_says_where_others_find_it(wide: Served) -> None:
    assert f"From another device in your network: http://{own_number()}:{wide.port}\n" in wide.log.read_text()


@pytest.mark.parametrize(
    "host", ["localhost:{}", "LOCALHOST:{}", "localhost.:{}", "127.0.0.1:{}", "[::1]:{}", "localhost"]
)
def test_this_computer_is_answered(here: Served, host: str) -> None:
    answer = here.ask(hosts=(host.format(here.port),))
    assert (answer.status, "Streamlit" in answer.text) == (200, True)


FOREIGN = (
    ("evil.example",), ("evil.example:{}",), ("localhost.evil.example:{}",), ("0.0.0.0:{}",), ("192.0.2.77:{}",),
    ("[2001:db8::1]:{}",), (socket.gethostname() + ":{}",), ("evil@localhost:{}",), ("127.1:{}",),
    ("localhost:{}x",), ("",),
)  # fmt: skip


@pytest.mark.parametrize("hosts", FOREIGN, ids=str)
def test_another_name_is_refused_in_a_sentence(here: Served, hosts: tuple[str, ...]) -> None:
    hosts = tuple(host.format(here.port) for host in hosts)
    answer = here.ask(hosts=hosts)
    assert answer.status in (400, 421)
    assert answer.text.startswith("KICKY ")
    assert "address it printed at its start" in answer.text
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("path", PATHS)
def test_another_name_gets_nothing(here: Served, path: str) -> None:
    for method in ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"):
        assert here.ask(path, method, hosts=(f"evil.example:{here.port}",)).status == 421
    assert here.refused(None, "evil.example")[0] == 421
    assert here.refused(f"http://evil.example:{here.port}", f"evil.example:{here.port}")[0] == 421


def test_no_host_and_two_are_refused(here: Served) -> None:
    two = here.ask(hosts=(f"localhost:{here.port}", "evil.example"))
    assert two.status == 400
    with closing(socket.create_connection(("127.0.0.1", here.port))) as line:
        line.sendall(b"GET / HTTP/1.0\r\n\r\n")
        told = line.makefile("rb").read()
    assert told.startswith(b"HTTP/1.1 400 ")
    assert b"KICKY cannot tell which address was asked for." in told


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "http://localhost:3000", "https://localhost", "null", "http://localhost", "x", ""],
)
def test_another_page_opens_no_socket_and_is_answered_nothing(here: Served, origin: str) -> None:
    status, told = here.refused(origin)
    assert status == 403
    assert told.startswith("KICKY answers its own pages only")
    assert here.ask("/_stcore/health", Origin=origin).status == 403


def test_its_own_pages_open_a_socket(here: Served) -> None:
    for name in ("localhost", "127.0.0.1"):
        with here.open(f"http://{name}:{here.port}", f"{name}:{here.port}") as page:
            assert session(page)
    with here.open(None) as program:
        assert session(program)


def test_what_another_page_shows_or_loads_is_refused_and_its_links_are_not(here: Served) -> None:
    loads = here.ask("/_stcore/health", Sec_Fetch_Site="same-site", Sec_Fetch_Mode="no-cors", Sec_Fetch_Dest="image")
    frames = here.ask(Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="iframe")
    link = here.ask(Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="document")
    own = here.ask("/_stcore/health", Sec_Fetch_Site="same-origin", Sec_Fetch_Mode="cors", Sec_Fetch_Dest="empty")
    assert (loads.status, frames.status, link.status, own.status) == (403, 403, 200, 200)


def test_opened_to_the_network_its_own_names_are_answered(wide: Served) -> None:
    key, host = wide.key(), socket.gethostname()
    for name in ("localhost", host, host.upper(), f"{host}.", f"{host.partition('.')[0]}.local"):
        assert wide.ask("/_stcore/health", hosts=(f"{name}:{wide.port}",), Cookie=key).text == "ok"
    for name in ("evil.example", f"{host}.evil.example", "192.0.2.77", "0.0.0.0"):
        assert wide.ask("/_stcore/health", hosts=(f"{name}:{wide.port}",), Cookie=key).status == 421


def test_a_further_name_can_be_given(wide: Served) -> None:
    """By a proxy that speaks TLS, at its own port; the other app has not been told of it."""
    told = "KICKY_HOSTS" in Path(f"/proc/{wide.process}/environ").read_text()
    assert wide.ask(hosts=(NAME,), Accept="text/html").status == (403 if told else 421)
    assert wide.refused(f"https://{NAME}", NAME, wide.key())[0] == (101 if told else 421)


@pytest.mark.parametrize("path", PATHS)
def test_before_the_password_there_is_the_door_and_nothing_else(wide: Served, path: str) -> None:
    door = wide.ask(path, Accept="text/html,*/*", Cookie="kicky_door=guessed")
    assert door.status == 403
    assert 'type="password"' in door.text
    assert len(door.text) < 4096
    assert "streamlit" not in door.text.lower()
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
        bare = wide.ask(path, method)
        assert bare.status == 403
        assert "set-cookie" not in bare.headers
        assert method == "HEAD" or bare.text.startswith("KICKY wants its password first")


def test_before_the_password_there_is_no_socket(wide: Served) -> None:
    status, told = wide.refused(f"http://localhost:{wide.port}")
    assert (status, told.startswith("KICKY wants its password first")) == (403, True)
    assert wide.refused(None)[0] == 403
    with wide.open(f"http://localhost:{wide.port}", cookie=wide.key()) as page:
        assert session(page)


def test_before_the_password_nothing_is_taken_in(wide: Served) -> None:
    """Four uploads of 64 MB at once, to a session of one's own if one could be had: none is even held."""
    app = psutil.Process(wide.process)
    head = b"--x\r\nContent-Disposition: form-data; name=f; filename=a.mp4\r\n\r\n"
    with ExitStack() as stay:
        try:
            place = session(stay.enter_context(wide.open(f"http://localhost:{wide.port}")))
        except InvalidStatus:
            place = "any"
        token = wide.ask("/_stcore/health").headers.get("set-cookie", "=").partition(";")[0]
        before = app.memory_info().rss

        def upload(k: int) -> bytes:
            asked = (
                f"PUT /_stcore/upload_file/{place}/{k} HTTP/1.1", f"Host: localhost:{wide.port}",
                f"Content-Length: {len(head) + (64 << 20) + 9}", "Content-Type: multipart/form-data; boundary=x",
                f"Cookie: {token}", f"X-Xsrftoken: {token.partition('=')[2]}",
            )  # fmt: skip
            with closing(socket.create_connection(("127.0.0.1", wide.port))) as line:
                line.sendall("\r\n".join([*asked, "", ""]).encode() + head)
                for _ in range(64):
                    line.sendall(bytes(1 << 20))
                line.sendall(b"\r\n--x--\r\n")
                return line.recv(65536)

        with ThreadPoolExecutor(4) as four:
            told = list(four.map(upload, range(4)))
        assert app.memory_info().rss - before < 32 << 20  # of 256 sent
    assert all(one.startswith(b"HTTP/1.1 403 ") for one in told)


def test_after_the_password_a_film_can_be_uploaded(wide: Served) -> None:
    key = wide.key()
    ok = wide.ask("/_stcore/health", Cookie=key)
    token = ok.headers["set-cookie"].partition(";")[0]
    with wide.open(f"http://localhost:{wide.port}", cookie=key) as page:
        place = f"/_stcore/upload_file/{session(page)}/1"
        edge = "--x\r\nContent-Disposition: form-data; name=f; filename=a.mp4\r\n\r\n{}\r\n--x--\r\n"
        kind = {"Content_Type": "multipart/form-data; boundary=x", "X_Xsrftoken": token.partition("=")[2]}
        body = edge.format("film").encode()
        assert wide.ask(place, "PUT", body, Cookie=f"{key}; {token}", **kind).status == 204
        assert wide.ask(place, "PUT", body, Cookie=token, **kind).status == 403


def test_who_gives_the_password_comes_where_he_wanted(wide: Served) -> None:
    answer = wide.knock(PASSWORD, "/Shot?shot=1")
    assert (answer.status, answer.headers["location"]) == (303, "/Shot?shot=1")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=strict" in answer.headers["set-cookie"]
    assert "Max-Age=7776000" in answer.headers["set-cookie"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["set-cookie"].partition("=")[2].partition(";")[0] not in wide.log.read_text()
    assert wide.knock(PASSWORD, "//evil.example/").headers["location"] == "/evil.example/"
    assert wide.knock(PASSWORD, Origin="http://evil.example").status == 403


def test_sixty_sockets_guess_no_faster_than_one(wide: Served) -> None:
    since = time.monotonic()
    with ThreadPoolExecutor(60) as sixty:
        told = list(sixty.map(lambda k: wide.knock(f"corner flag {k}", who="192.0.2.60"), range(60)))
    judged = [answer for answer in told if "not the password" in answer.text]
    assert 5 <= len(judged) <= 5 + (time.monotonic() - since) / 5
    assert all(
        answer.status == 429 and 0 < int(answer.headers["retry-after"]) <= 5 for answer in told if answer not in judged
    )
    right = wide.knock(PASSWORD, who="192.0.2.60")
    assert (right.status, "Wait" in right.text) == (429, True), "or a right guess could be told from a wrong one"
    assert wide.knock(PASSWORD, who="192.0.2.61").status == 303, "who guesses makes nobody else wait"
    time.sleep(int(right.headers["retry-after"]))
    assert wide.knock(PASSWORD, who="192.0.2.60").status == 303


def test_many_addresses_together_are_slowed_down_and_this_computer_is_not(tmp_path: Path) -> None:
    """An app of its own: whoever comes next there has to wait."""
    with served(tmp_path, "kicky.start", "--server.address=0.0.0.0", KICKY_PASSWORD=PASSWORD) as wide:
        since = time.monotonic()
        told = [wide.knock("wrong", who=f"198.51.100.{k}") for k in range(60)]
        judged = sum("not the password" in answer.text for answer in told)
        assert 1 <= judged <= 21 + time.monotonic() - since
        assert told[-1].status == 429
        assert wide.knock(PASSWORD, who="127.0.0.1").status == 303
        time.sleep(int(told[-1].headers["retry-after"]) + 0.1)
        assert wide.knock(PASSWORD, who="192.0.2.8").status == 303


def test_a_guess_is_short_and_comes_at_once(wide: Served) -> None:
    long = wide.knock("x" * 100_000, who="203.0.113.1")
    assert long.status == 403
    with slow_ones(wide, 4, "203.0.113.2"):
        assert wide.knock(PASSWORD, who="203.0.113.2").status == 429
        assert wide.knock(PASSWORD, who="203.0.113.3").status == 303
    assert wide.knock(PASSWORD, who="203.0.113.2").status == 303


@contextmanager
def slow_ones(app: Served, count: int, who: str) -> Iterator[None]:
    """So many of one address who say that a password comes, and send none."""
    asked = "POST / HTTP/1.1", f"Host: localhost:{app.port}", f"X-Forwarded-For: {who}", "Content-Length: 9"
    with ExitStack() as lines:
        for _ in range(count):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", app.port)))
            line.sendall("\r\n".join([*asked, "", ""]).encode())
        time.sleep(0.3)
        yield
    time.sleep(0.3)


def test_a_stranger_holds_few_connections_and_nobody_up(wide: Served) -> None:
    """By this machine's number in its network, as a neighbour would: forty that say nothing, and then one that asks."""
    asks = """
import http.client, select, socket, sys, time
where = sys.argv[1], int(sys.argv[2])
lines = [socket.create_connection(where) for _ in range(40)]
time.sleep(1)
ended = len(select.select(lines, [], [], 0)[0])
asking = http.client.HTTPConnection(*where)
asking.request("GET", "/", headers={"Accept": "text/html"})
answer = asking.getresponse()
print(ended, answer.status, b'type="password"' in answer.read())
"""
    asked = [sys.executable, "-c", asks, own_number(), str(wide.port)]
    told = subprocess.run(asked, check=True, capture_output=True, text=True, timeout=60)
    assert told.stdout.split() == [str(40 - EACH), "403", "True"]


def test_a_message_that_is_none_ends_a_socket_and_not_the_app(here: Served) -> None:
    with here.open(f"http://localhost:{here.port}") as page:
        page.send(b"no message")
        with pytest.raises(ConnectionClosed, match="1002"):
            page.recv(10)
    assert here.ask("/_stcore/health").text == "ok"


@pytest.mark.parametrize("password", ["", "short"])
def test_without_a_password_it_stays_shut(password: str, tmp_path: Path) -> None:
    with served(tmp_path, "kicky.start", "--server.address", "0.0.0.0", KICKY_PASSWORD=password) as app:
        told = app.ask(Accept="text/html")
        assert (told.status, "has no password" in told.text) == (403, True)
        assert "<form" not in told.text
        assert app.knock(password).status == 403
        assert app.refused(f"http://localhost:{app.port}")[0] == 403


def test_a_further_name_that_is_none_ends_the_start_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="KICKY_HOSTS takes names like") as told:  # noqa: SIM117 what is started
        with served(tmp_path, "kicky.start", KICKY_HOSTS="https://kicky.example"):
            pass
    assert "Traceback" not in str(told.value)


@pytest.mark.skipif(not strace(), reason="strace is not installed (Debian: apt-get install strace)")
def test_nobody_beyond_this_machine_is_asked(here: Served) -> None:
    """By the system calls: the start, pages of another's, a page of its own, and what other tests have done so far."""
    ask_as_others_do(here)
    with here.open(f"http://localhost:{here.port}") as page:
        session(page)
    assert here.trace
    assert "sendto(" in here.trace.read_text(errors="replace"), "what it answered was not even seen"
    assert traced.asked_of_others(here.trace) == []


@pytest.mark.skipif(not strace(), reason="strace is not installed (Debian: apt-get install strace)")
def test_opened_to_the_network_nobody_is_asked_either(wide: Served) -> None:
    ask_as_others_do(wide, wide.key())
    with wide.open(f"http://localhost:{wide.port}", cookie=wide.key()) as page:
        session(page)
    assert wide.trace
    assert "sendto(" in wide.trace.read_text(errors="replace"), "what it answered was not even seen"
    assert traced.asked_of_others(wide.trace) == []


def ask_as_others_do(app: Served, key: str = "") -> None:
    for origin in ("http://evil.example", "http://localhost:3000", "http://192.0.2.1", "null"):
        app.refused(origin, cookie=key)
        app.ask("/_stcore/health", Origin=origin, Cookie=key)


def own_number() -> str:
    """-> this machine's first number in a network. Skips where it is in none."""
    found = [one.address for all_of_one in psutil.net_if_addrs().values() for one in all_of_one]
    own = [number for number in found if number.count(".") == 3 and not number.startswith(("127.", "169.254."))]
    if not own:
        pytest.skip("this machine is in no network")
    return own[0]
