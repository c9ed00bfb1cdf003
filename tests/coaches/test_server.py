"""A coach behind an address: every fault is one sentence. The servers here are real ones on this machine."""

import gzip
import json
import os
import socket
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest

from benchmarks.replies import briefs
from kicky.coaches.guard import guard
from kicky.coaches.prompt import prompt
from kicky.coaches.server import Server, _model_names
from kicky.errors import CoachFailed

from .tiny import build

BRIEF = briefs()["goal_bare"]
PICTURE = np.full((80, 120, 3), 90, np.uint8)
LAST = {"choices": [{"delta": {"content": "Well struck."}, "finish_reason": "stop"}]}
Answer = Callable[[BaseHTTPRequestHandler], None]


class Told(BaseHTTPRequestHandler):
    """Answers as the test says, and remembers what it was asked."""

    answer: Answer
    asked: list[dict[str, Any]]
    headers_seen: list[str]

    def do_POST(self) -> None:
        self.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.headers_seen.append(self.headers.get("authorization", ""))
        type(self).answer(self)

    def do_GET(self) -> None:
        send(self, json.dumps({"data": [{"id": "nemotron"}, {"id": "qwen"}]}), "application/json")

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


def send(request: BaseHTTPRequestHandler, body: str | bytes, kind: str, status: int = 200, **more: str) -> None:
    data = body.encode() if isinstance(body, str) else body
    request.send_response(status)
    for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **more}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(data)


def events(*texts: str, end: str = "data: [DONE]\n\n") -> str:
    told = ({"choices": [{"delta": {"content": text}, "finish_reason": None}]} for text in texts)
    return "".join(f"data: {json.dumps(event)}\n\n" for event in told) + end


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], Server]]:
    """-> what starts a server that answers so, and gives the coach that asks it."""
    running = []

    def start(answer: Answer) -> Server:
        handler = type("Handler", (Told,), {"answer": staticmethod(answer), "asked": [], "headers_seen": []})
        http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        running.append(http)
        Thread(target=http.serve_forever, args=(0.05,), daemon=True).start()
        return Server(f"http://127.0.0.1:{http.server_port}/v1", "nemotron", "secret", between_s=1.0)

    yield start
    for http in running:
        http.shutdown()
        http.server_close()


def says(body: str | bytes, kind: str = "text/event-stream", status: int = 200, **more: str) -> Answer:
    return lambda request: send(request, body, kind, status, **more)


def test_it_streams_and_sends_facts_pictures_and_key(serve: Callable[[Answer], Server]) -> None:
    seen: list[Any] = []

    def answer(request: Any) -> None:
        seen.append((request.path, request.asked[-1], request.headers_seen[-1]))
        send(request, ": keep-alive\n\nevent: message\n" + events("**Verdict:**", " Goal!"), "text/event-stream")

    assert [piece for piece in serve(answer)(BRIEF, [PICTURE]) if piece] == ["**Verdict:**", " Goal!"]
    [(path, body, key)] = seen
    system, user = prompt(BRIEF)
    assert (path, key, body["stream"], body["model"]) == ("/v1/chat/completions", "Bearer secret", True, "nemotron")
    assert body["messages"][0]["content"] == f"{system}\n/no_think"
    assert [part["type"] for part in body["messages"][1]["content"]] == ["image_url", "text"]
    assert body["messages"][1]["content"][0]["image_url"]["url"].startswith("data:image/jpeg;base64,")
    assert body["messages"][1]["content"][1]["text"] == user


def test_without_pictures_the_words_go_alone(serve: Callable[[Answer], Server]) -> None:
    seen: list[Any] = []

    def answer(request: Any) -> None:
        seen.append(request.asked[-1]["messages"][1]["content"])
        send(request, events("Goal!"), "text/event-stream")

    list(serve(answer)(BRIEF, []))
    assert seen == [prompt(BRIEF)[1]]


def thoughts(*texts: str, name: str = "reasoning_content", end: str = "data: [DONE]\n\n") -> str:
    told = ({"choices": [{"delta": {"content": None, name: text}, "finish_reason": None}]} for text in texts)
    return "".join(f"data: {json.dumps(event)}\n\n" for event in told) + end


def test_it_asks_for_no_thinking_and_asks_again_where_that_is_not_taken(serve: Callable[[Answer], Server]) -> None:
    seen: list[dict[str, Any]] = []

    def answer(request: Any) -> None:
        seen.append(request.asked[-1])
        if "chat_template_kwargs" in seen[-1]:
            send(request, '{"error": {"message": "unknown parameter"}}', "application/json", 400)
        else:
            send(request, events("Goal!"), "text/event-stream")

    assert "".join(serve(answer)(BRIEF, [])) == "Goal!"
    assert seen[0]["chat_template_kwargs"] == {"enable_thinking": False}
    assert seen[0]["reasoning_effort"] == "none"
    assert seen[0]["messages"] == seen[1]["messages"]
    assert seen[1]["messages"][0]["content"].endswith("\n/no_think")
    assert not {"chat_template_kwargs", "reasoning_effort"} & set(seen[1])


def test_a_server_without_eyes_is_asked_without_pictures(serve: Callable[[Answer], Server]) -> None:
    blind = '{"error": {"message": "image input is not supported - you may need to provide the mmproj"}}'

    def answer(request: Any) -> None:
        if isinstance(request.asked[-1]["messages"][1]["content"], list):
            send(request, blind, "application/json", 500)
        else:
            send(request, events("Goal!"), "text/event-stream")

    assert "".join(serve(answer)(BRIEF, [PICTURE])) == "Goal!"
    with pytest.raises(CoachFailed, match="image input is not supported"):
        list(serve(says(blind, "application/json", 500))(BRIEF, [PICTURE]))


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_thoughts_are_waited_for_and_not_shown(name: str, serve: Callable[[Answer], Server]) -> None:
    pieces = list(serve(says(thoughts("Hm.", "No goal?", name=name, end="") + events("Goal!")))(BRIEF, []))
    assert "".join(pieces) == "Goal!"
    assert "" in pieces


@pytest.mark.parametrize(
    "answer",
    [
        says(thoughts("Hm.", "No goal?")),
        says(json.dumps({"choices": [{"message": {"content": "", "reasoning_content": "Hm."}}]}), "application/json"),
    ],
    ids=["streamed", "at once"],
)
def test_only_thoughts_are_told_as_such(answer: Answer, serve: Callable[[Answer], Server]) -> None:
    with pytest.raises(CoachFailed, match="only thought and gave no advice"):
        list(serve(answer)(BRIEF, []))


def test_a_model_that_is_being_loaded_is_waited_for(
    serve: Callable[[Answer], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kicky.coaches.server.LOOK_AGAIN_S", 0.01)
    tries: list[int] = []

    def refuses(request: Any) -> None:
        tries.append(1)
        if len(tries) < 4:
            send(request, '{"error": {"message": "Loading model"}}', "application/json", 503)
        else:
            send(request, events("Goal!"), "text/event-stream")

    assert "".join(serve(refuses)(BRIEF, [])) == "Goal!"

    def holds(request: Any) -> None:
        time.sleep(0.8)
        send(request, events("Goal!"), "text/event-stream")

    slow = serve(holds)
    pieces = list(Server(slow.address, "nemotron", between_s=0.2)(BRIEF, []))
    assert "".join(pieces) == "Goal!"
    assert "" in pieces


def test_a_server_that_died_while_it_loaded_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kicky.coaches.server.CONNECT_S", 0.2)
    with closing(socket.socket()) as there:
        there.bind(("127.0.0.1", 0))
        there.listen()
        coach = Server(f"http://127.0.0.1:{there.getsockname()[1]}/v1", between_s=0.2)
        with pytest.raises(CoachFailed, match="said nothing"):
            list(coach(BRIEF, []))


@pytest.mark.parametrize(
    "answer",
    [
        says(json.dumps({"choices": [{"message": {"content": "Goal! Well struck."}}]}), "application/json"),
        says(gzip.compress(events("Goal! ", "Well struck.").encode()), Content_Encoding="gzip"),
        says(events("Goal! ", "Well struck.").replace("\n", "\r\n")),
        says(events("Goal! ", end="") + f"data: {json.dumps(LAST)}\n\n"),
        says('data: {"choices":[]}\n\n' + events("Goal! ", "Well struck.")),
    ],
    ids=["at once", "gzip", "crlf", "no done", "no choices"],
)  # fmt: skip
def test_what_servers_differ_in_makes_no_difference(answer: Answer, serve: Callable[[Answer], Server]) -> None:
    assert "".join(serve(answer)(BRIEF, [])) == "Goal! Well struck."


def silent(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "text/event-stream")
    request.end_headers()
    request.wfile.write(events("Goal!", end="").encode())
    request.wfile.flush()
    time.sleep(2)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (says("<html>hello</html>", "text/html; charset=utf-8"), "a web page"),
        (says("<html>no</html>", "text/html", 404), "it has: nemotron|should end in /v1"),
        (says('{"error": {"message": "bad key"}}', "application/json", 401), "check the key"),
        (says("{}", "application/json", 503), "is busy"),
        (says('{"error": {"message": "too many pictures"}}', "application/json", 500), "too many pictures"),
        (says("oops", "text/plain", 500), "gave no reason"),
        (says("oops", "text/plain"), "no advice"),
        (says(b"\x89PNG\r\n" * 99, "image/png"), "no advice"),
        (says("[" * 200_000, "application/json"), "no advice"),
        (says(events("Goal!"), Content_Encoding="zstd"), "packed its answer"),
        (says(gzip.compress(b"data: " + b"a" * 9_000_000), Content_Encoding="gzip"), "a line without an end"),
        (says("", "text/plain", 302, Location="http://192.0.2.1/v1"), "sends on to another address"),
        (says("{}", "application/json", 200, **{f"X_{k}": "a" * 4096 for k in range(64)}), "broke off in the middle"),
        (says("[1, 2]", "application/json"), "no advice"),
        (says("not json", "application/json"), "no advice"),
        (says("data: {broken\n\n"), "cannot be read"),
        (says('data: {"error": {"message": "out of memory"}}\n\n'), "broke off: out of memory"),
        (says(events("Goal!", end="")), "broke off in the middle"),
        (silent, "said nothing for 1 s"),
        (lambda request: request.connection.close(), "broke off in the middle"),
    ],
)
def test_every_fault_is_one_sentence(answer: Answer, sentence: str, serve: Callable[[Answer], Server]) -> None:
    with pytest.raises(CoachFailed, match=sentence) as told:
        list(serve(answer)(BRIEF, []))
    assert str(told.value).endswith(".")
    assert "secret" not in str(told.value)


def test_a_model_it_does_not_have_is_told_with_those_it_has(serve: Callable[[Answer], Server]) -> None:
    coach = serve(says('{"error": "no such model"}', "application/json", 404))
    asked = Server(coach.address, "mistral")
    with pytest.raises(CoachFailed, match="no model 'mistral'; it has: nemotron, qwen"):
        list(asked(BRIEF, []))
    assert asked.models() == ["nemotron", "qwen"]


def test_a_line_kept_open_for_ever_is_given_up(
    serve: Callable[[Answer], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kicky.coaches.server.LONGEST_S", -1.0)
    with pytest.raises(CoachFailed, match="did not come to an end"):
        list(serve(says(": keep-alive\n\n" + events("Goal!")))(BRIEF, []))


def test_nobody_there() -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(CoachFailed, match=f"127.0.0.1:{port} does not answer"):
        list(Server(f"http://127.0.0.1:{port}/v1")(BRIEF, []))


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "No server is set"),
        *((each, "is no address") for each in ("localhost", "http://[::1/v1", "http://]/v1", "http://x:99999/v1",
                                               "http://x:y/v1", "http:///v1", "ftp://x/v1", "http://x\ny/v1")),
    ],
)  # fmt: skip
def test_no_address(address: str, sentence: str) -> None:
    with pytest.raises(CoachFailed, match=sentence) as told:
        list(Server(address)(BRIEF, []))
    assert "\n" not in str(told.value)
    with pytest.raises(CoachFailed, match=sentence):
        Server(address).models()


@pytest.mark.parametrize("key", ["two words", "line\nend", "ключ"])
def test_a_key_that_no_request_can_carry_is_refused(key: str) -> None:
    with pytest.raises(CoachFailed, match="copy it again"):
        list(Server("http://127.0.0.1:9/v1", key=key)(BRIEF, []))


def test_a_redirect_takes_neither_key_nor_facts_elsewhere(serve: Callable[[Answer], Server]) -> None:
    asked: list[str] = []
    elsewhere = serve(lambda request: asked.append(request.path))
    for status in (301, 302, 303, 307, 308):
        there = serve(says("", "text/plain", status, Location=f"{elsewhere.address}/chat/completions"))
        with pytest.raises(CoachFailed, match="sends on to another address"):
            list(there(BRIEF, []))
    assert asked == []


def pours(piece: bytes, kind: str, status: int = 200) -> Answer:
    """Piece, kind -> what answers with it again and again, until whoever asked is gone."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.end_headers()
        with suppress(OSError):
            while True:
                request.wfile.write(piece)

    return answer


@pytest.mark.parametrize(
    ("piece", "kind", "sentence"),
    [
        (b"data: " + b"a" * 65_530, "text/event-stream", "a line without an end"),
        (b": keep-alive\n" * 5_000, "text/event-stream", "did not come to an end"),
        (b" " * 65_536, "application/json", "did not come to an end"),
    ],
)
def test_what_has_no_end_is_not_held(piece: bytes, kind: str, sentence: str, serve: Callable[[Answer], Server]) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(CoachFailed, match=sentence):
            list(serve(pours(piece, kind))(BRIEF, []))
        assert tracemalloc.get_traced_memory()[1] < 64e6
    finally:
        tracemalloc.stop()


def test_a_refusal_and_a_list_of_models_without_an_end_are_not_held(
    serve: Callable[[Answer], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing = serve(pours(b"x" * 65_536, "text/plain", 500))
    with pytest.raises(CoachFailed, match="did not come to an end"):
        list(refusing(BRIEF, []))
    monkeypatch.setattr(Told, "do_GET", pours(b" " * 65_536, "application/json"))
    with pytest.raises(CoachFailed, match="did not come to an end"):
        refusing.models()


@pytest.mark.parametrize("body", ['{"data": null}', '{"data": [null, 3, {"id": null}]}', "[]", '"x"', "[" * 200_000])
def test_a_list_of_models_that_is_none_has_none(body: str) -> None:
    assert all(isinstance(name, str) for name in _model_names(body))


def test_an_answer_cut_short_is_completed_by_the_rules(serve: Callable[[Answer], Server]) -> None:
    cut = serve(says(events("**Verdict:** Goal! Left foot.\n\n**Fix 1:** Keep your", end="")))
    passages = list(guard(cut(BRIEF, []), BRIEF))
    assert [passage.replaced for passage in passages] == [False, True, True, True]
    assert "broke off" in passages[1].why


@pytest.fixture(scope="module")
def transformers_serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """-> address and model of a real `transformers serve` with a checkpoint of random weights."""
    folder = build(tmp_path_factory.mktemp("served"))
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("transformers")), "serve", "--host", "127.0.0.1", "--port", str(port)]
    own = os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    log = (folder / "log.txt").open("wb")
    process = subprocess.Popen([*command, "--device", "cpu"], env=own, stdout=log, stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, (folder / "log.txt").read_text()
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1", str(folder)
    finally:
        process.terminate()
        process.wait(20)
        log.close()


@pytest.mark.slow
def test_a_real_server_streams_with_a_picture(
    transformers_serve: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kicky.coaches.server.MOST_TOKENS", 16)
    address, model = transformers_serve
    pieces = list(Server(address, model)(BRIEF, [PICTURE]))
    assert "".join(pieces)
    passages = list(guard(iter(pieces), BRIEF))
    assert len(passages) == 4
    assert all(passage.replaced for passage in passages)


@pytest.mark.slow
def test_a_real_server_without_that_model_is_told(transformers_serve: tuple[str, str]) -> None:
    with pytest.raises(CoachFailed):
        list(Server(transformers_serve[0], "nobody/nothing")(BRIEF, []))
